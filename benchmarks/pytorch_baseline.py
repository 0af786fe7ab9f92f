"""Speed of PyTorch on the CPU, for the networks that `inkling bench` measures too.

Usage: pytorch_baseline.py NETWORK [--batch N] [--threads T] [--seconds S]
Prints one JSON object. Synthetic images, single precision, SGD with Nesterov momentum; the figure is the median step.
Needs PyTorch, e.g. Debian's python3-torch.
"""
import argparse
import json
import statistics
import time

import torch
from torch import nn


def conv_norm(inputs, outputs, kernel=3, stride=1, relu=True):
    layers = [nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(outputs)]
    return nn.Sequential(*layers, *([nn.ReLU()] if relu else []))


class Residual(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.body = nn.Sequential(conv_norm(inputs, outputs, stride=stride), conv_norm(outputs, outputs, relu=False))
        identity = inputs == outputs and stride == 1
        self.shortcut = nn.Identity() if identity else conv_norm(inputs, outputs, 1, stride, relu=False)

    def forward(self, x):
        return torch.relu(self.body(x) + self.shortcut(x))


NETWORKS = {
    "basic": (28, lambda: [
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25),
        nn.Flatten(), nn.Linear(9216, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, 10)]),
    "bn": (28, lambda: [
        conv_norm(1, 32), conv_norm(32, 32), nn.MaxPool2d(2), conv_norm(32, 64), conv_norm(64, 64), nn.MaxPool2d(2),
        conv_norm(64, 128), conv_norm(128, 128), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(128, 10)]),
    "resnet": (56, lambda: [
        conv_norm(1, 32, 7, 2), nn.MaxPool2d(3, 2, 1), Residual(32, 32, 1), Residual(32, 64, 2),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10)]),
}


def median_seconds(action, seconds):
    times = []
    for measured in (False, True):
        times.clear()
        end = time.perf_counter() + seconds * (1 if measured else 0.5)
        while time.perf_counter() < end:
            start = time.perf_counter()
            action()
            times.append(time.perf_counter() - start)
    return statistics.median(times)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("network", choices=NETWORKS)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=3)
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    size, layers = NETWORKS[options.network]
    network = nn.Sequential(*layers())
    images = torch.rand(options.batch, 1, size, size) - 0.5
    labels = torch.arange(options.batch) % 10
    optimizer = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9, nesterov=True)
    loss = nn.CrossEntropyLoss()

    def step():
        optimizer.zero_grad()
        loss(network(images), labels).backward()
        optimizer.step()

    train = options.batch / median_seconds(step, options.seconds)
    network.eval()
    with torch.no_grad():
        infer = options.batch / median_seconds(lambda: network(images), options.seconds)
        latency = median_seconds(lambda: network(images[:1]), options.seconds) * 1000
    print(json.dumps({
        "version": torch.__version__,
        "train_images_per_second": round(train, 1),
        "infer_images_per_second": round(infer, 1),
        "infer_latency_ms_p50": round(latency, 4),
    }))


if __name__ == "__main__":
    main()
