"""Writes tiny.safetensors from the format's description alone: struct and json, no library."""
import json
import pathlib
import struct

TENSORS = [  # larger alignment first, then names
    ("bn.num_batches_tracked", "I64", [], struct.pack("<q", 469)),
    ("bn.weight", "F32", [2], struct.pack("<2f", 1.0, -0.5)),
    ("conv.weight", "F32", [1, 1, 2, 2], struct.pack("<4f", 0.1, 0.2, 0.3, float("inf"))),
]

header = {"__metadata__": {"format": "pt"}}
data = b""
for name, dtype, shape, content in TENSORS:
    header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(content)]}
    data += content

text = json.dumps(header, separators=(",", ":")).encode()
text += b" " * (-len(text) % 8)
(pathlib.Path(__file__).parent / "tiny.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)
