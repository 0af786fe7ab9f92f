"""resnet_logits.py PACKAGE PIXELS LOGITS

transformers' ResNetForImageClassification with basic layers, written anew in plain PyTorch after its published definition
(modeling_resnet.py: the modules, their names and their order), so that nothing of transformers is needed. Loads a package's
model.safetensors strictly (every name, shape and dtype), feeds it PIXELS (raw float32, [N, 3, H, W]) and writes LOGITS (raw float32).
"""
import json
import struct
import sys
from pathlib import Path

import numpy
import torch
from torch import nn

DTYPES = {"F32": torch.float32, "I64": torch.int64}


class ConvLayer(nn.Module):
    def __init__(self, inputs, outputs, kernel_size=3, stride=1, activation=True):
        super().__init__()
        self.convolution = nn.Conv2d(inputs, outputs, kernel_size, stride, kernel_size // 2, bias=False)
        self.normalization = nn.BatchNorm2d(outputs)
        self.activation = nn.ReLU() if activation else nn.Identity()

    def forward(self, x):
        return self.activation(self.normalization(self.convolution(x)))


class ShortCut(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.convolution = nn.Conv2d(inputs, outputs, 1, stride, bias=False)
        self.normalization = nn.BatchNorm2d(outputs)

    def forward(self, x):
        return self.normalization(self.convolution(x))


class BasicLayer(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        has_shortcut = inputs != outputs or stride != 1
        self.shortcut = ShortCut(inputs, outputs, stride) if has_shortcut else nn.Identity()
        self.layer = nn.Sequential(ConvLayer(inputs, outputs, stride=stride), ConvLayer(outputs, outputs, activation=False))
        self.activation = nn.ReLU()

    def forward(self, x):
        return self.activation(self.layer(x) + self.shortcut(x))


class Stage(nn.Module):
    def __init__(self, inputs, outputs, stride, depth):
        super().__init__()
        self.layers = nn.Sequential(BasicLayer(inputs, outputs, stride), *[BasicLayer(outputs, outputs) for _ in range(depth - 1)])


class Embeddings(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.embedder = ConvLayer(config["num_channels"], config["embedding_size"], kernel_size=7, stride=2)
        self.pooler = nn.MaxPool2d(3, 2, 1)


class Encoder(nn.Module):
    def __init__(self, config):
        super().__init__()
        sizes = config["hidden_sizes"]
        first = 2 if config["downsample_in_first_stage"] else 1
        strides = [first] + [2] * (len(sizes) - 1)
        inputs = [config["embedding_size"]] + sizes[:-1]
        self.stages = nn.ModuleList(map(Stage, inputs, sizes, strides, config["depths"]))


class Model(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.embedder = Embeddings(config)
        self.encoder = Encoder(config)
        self.pooler = nn.AdaptiveAvgPool2d((1, 1))


class ResNetForImageClassification(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.resnet = Model(config)
        self.classifier = nn.Sequential(nn.Flatten(), nn.Linear(config["hidden_sizes"][-1], config["num_labels"]))

    def forward(self, pixel_values):
        x = self.resnet.embedder.pooler(self.resnet.embedder.embedder(pixel_values))
        for stage in self.resnet.encoder.stages:
            x = stage.layers(x)
        return self.classifier(self.resnet.pooler(x))


def load_safetensors(path):
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    assert header.pop("__metadata__") == {"format": "pt"}
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = torch.frombuffer(bytearray(data[8 + length + begin : 8 + length + end]), dtype=DTYPES[entry["dtype"]])
        tensors[name] = values.reshape(entry["shape"])
    return tensors


package, pixels, logits = map(Path, sys.argv[1:])
config = json.loads((package / "config.json").read_text())
assert config["architectures"] == ["ResNetForImageClassification"] and config["model_type"] == "resnet"
assert config["layer_type"] == "basic" and config["hidden_act"] == "relu"

model = ResNetForImageClassification(config)
tensors = load_safetensors(package / "model.safetensors")
published = {name: (tuple(tensor.shape), tensor.dtype) for name, tensor in model.state_dict().items()}
assert {name: (tuple(tensor.shape), tensor.dtype) for name, tensor in tensors.items()} == published
model.load_state_dict(tensors, strict=True)
model.eval()

preprocessor = json.loads((package / "preprocessor_config.json").read_text())
shape = (-1, config["num_channels"], preprocessor["size"]["height"], preprocessor["size"]["width"])
images = torch.from_numpy(numpy.fromfile(pixels, dtype="<f4").reshape(shape))
with torch.no_grad():
    model(images).numpy().astype("<f4").tofile(logits)
