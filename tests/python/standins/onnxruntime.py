"""The one class of onnxruntime that a model card uses. Debian 12 has no onnxruntime for Python, so the arrays go to the one for Node:
names, shapes and types of a snippet are judged by the real runtime all the same. NODE_TESTS is the folder of raw_bytes.mjs."""
import json
import os
import subprocess
import tempfile

import numpy


class InferenceSession:
    def __init__(self, path):
        self.path = os.path.abspath(path)

    def run(self, outputs, feeds):
        ((name, images),) = feeds.items()
        assert name == "images" and images.dtype == numpy.uint8 and images.ndim == 3
        with tempfile.NamedTemporaryFile() as file:
            images.tofile(file.name)
            folder = os.environ["NODE_TESTS"]
            answer = json.loads(
                subprocess.run(
                    ["node", "raw_bytes.mjs", "onnxruntime-node", self.path, file.name, *map(str, images.shape)],
                    cwd=folder, check=True, capture_output=True, text=True,
                ).stdout
            )
        labels = numpy.array(answer["labels"])
        results = {"label": labels, "probabilities": numpy.array(answer["probabilities"]).reshape(len(labels), -1)}
        return [results[output] for output in outputs]
