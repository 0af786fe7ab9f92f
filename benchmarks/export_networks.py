"""The networks of `inkling bench` as ONNX files, with their weights as plain numbers beside them.

Usage: export_networks.py FOLDER
Writes NAME.onnx (input [N, 1, H, W], output [N, 10]) and NAME.weights: single-precision values of all parameters in the
order of the layers, then of all running means and variances. Needs PyTorch.
"""
import pathlib
import sys

import torch
from torch import nn

from pytorch_baseline import NETWORKS


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, (size, layers) in NETWORKS.items():
        torch.manual_seed(0)
        network = nn.Sequential(*layers())
        for module in network.modules():
            if isinstance(module, nn.BatchNorm2d):
                nn.init.uniform_(module.running_mean, -0.5, 0.5)
                nn.init.uniform_(module.running_var, 0.5, 1.5)
        network.eval()
        torch.onnx.export(
            network, torch.zeros(1, 1, size, size), folder / f"{name}.onnx", opset_version=13,
            input_names=["image"], output_names=["logits"], dynamic_axes={"image": {0: "N"}, "logits": {0: "N"}})
        statistics = [value for key, value in network.state_dict().items() if "running_" in key]
        values = torch.cat([value.detach().flatten() for value in [*network.parameters(), *statistics]])
        (folder / f"{name}.weights").write_bytes(values.numpy().astype("<f4").tobytes())


if __name__ == "__main__":
    main()
