"""Writes the PyTorch numbers that the engine is compared with (PyTorch 1.13.1, one thread, single precision).

layers.json     outputs and all gradients of each layer kind, for the gradient given as grad_output
network.json    ten steps of SGD (Nesterov, decoupled decay) of a small network, gradients of step 0, final statistics
optimizers.json OneCycleLR's rates for 20 steps, five steps of AdamW, four of Muon (written out here, in double precision)
"""

import json
import pathlib

import torch
from torch import nn
from torch.nn import functional as F

HERE = pathlib.Path(__file__).parent
STEPS = 10
RATE, MOMENTUM, DECAY, SMOOTHING = 0.05, 0.9, 0.01, 0.1


def flat(tensor):
    """Shortest decimals that give back the same single-precision numbers."""
    return [float(f"{value:.9g}") for value in tensor.detach().reshape(-1).tolist()]


def tensors(named):
    return [{"name": name, "values": flat(value)} for name, value in named]


def layer(name, module, shape, images=2):
    x = torch.randn(images, *shape, requires_grad=True)
    module.train()
    for _, parameter in module.named_parameters():
        nn.init.uniform_(parameter, -0.5, 0.5)
    y = module(x)
    grad_output = torch.randn_like(y)
    y.backward(grad_output)
    return {
        "name": name,
        "input_shape": list(shape),
        "images": images,
        "input": flat(x),
        "output": flat(y),
        "grad_output": flat(grad_output),
        "grad_input": flat(x.grad),
        "parameters": tensors(module.named_parameters()),
        "gradients": tensors((n, p.grad) for n, p in module.named_parameters()),
    }


def cross_entropy():
    logits = (3 * torch.randn(4, 5)).requires_grad_()
    labels = torch.tensor([0, 4, 2, 2])
    loss = F.cross_entropy(logits, labels, label_smoothing=SMOOTHING)
    loss.backward()
    return {
        "logits": flat(logits), "labels": labels.tolist(), "label_smoothing": SMOOTHING,
        "loss": loss.item(), "gradient": flat(logits.grad), "probabilities": flat(torch.softmax(logits, 1)),
    }


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(6, 8, 3, 2, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(8)
        self.conv2 = nn.Conv2d(8, 8, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(8)
        self.shortcut = nn.Conv2d(6, 8, 1, 2, bias=False)

    def forward(self, x):
        body = self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x)))))
        return F.relu(body + self.shortcut(x))


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, 6, 3, 1, 1, bias=False)
        self.norm = nn.BatchNorm2d(6)
        self.block = Residual()
        self.head = nn.Linear(8 * 3 * 3, 4)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.norm(self.stem(x))), 2, 2)
        return self.head(self.block(x).flatten(1))


def network():
    model = Network().train()
    images, labels = torch.randn(8, 1, 12, 12), torch.randint(0, 4, (8,))
    result = {
        "images": flat(images), "labels": labels.tolist(), "learning_rate": RATE, "momentum": MOMENTUM,
        "weight_decay": DECAY, "label_smoothing": SMOOTHING, "initial": tensors(model.named_parameters()), "losses": [],
    }
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE, momentum=MOMENTUM, nesterov=True)
    for step in range(STEPS):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images), labels, label_smoothing=SMOOTHING)
        loss.backward()
        result["losses"].append(loss.item())
        if step == 0:
            result["gradients"] = tensors((n, p.grad) for n, p in model.named_parameters())
        with torch.no_grad():  # decoupled decay by hand: torch's SGD would send it through the momentum
            for parameter in model.parameters():
                if parameter.dim() > 1:
                    parameter.mul_(1 - RATE * DECAY)
        optimizer.step()
    result["statistics"] = tensors((n, b) for n, b in model.named_buffers() if b.dtype == torch.float32)
    return result


def one_cycle():
    settings = {"peak": 0.4, "warmup": 0.3, "initial_divisor": 25.0, "final_divisor": 100.0}
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=1.0)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=settings["peak"], total_steps=20, pct_start=settings["warmup"],
        div_factor=settings["initial_divisor"], final_div_factor=settings["final_divisor"], cycle_momentum=False)
    rates = []
    for step in range(20):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if step < 19:
            schedule.step()
    return settings | {"rates": rates}


def adamw():
    model = nn.Linear(5, 3, bias=False)
    images, labels = torch.randn(6, 5), torch.tensor([0, 1, 2, 0, 1, 2])
    result = {"images": flat(images), "labels": labels.tolist(), "initial": flat(model.weight), "learning_rate": 0.02,
              "beta1": 0.9, "beta2": 0.98, "epsilon": 1e-7, "weight_decay": 0.1, "steps": []}
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.02, betas=(0.9, 0.98), eps=1e-7, weight_decay=0.1)
    for _ in range(5):
        optimizer.zero_grad()
        F.cross_entropy(model(images), labels).backward()
        optimizer.step()
        result["steps"].append(flat(model.weight))
    return result


def orthogonalized(matrix):
    """Newton-Schulz as published with Muon (Jordan et al. 2024)."""
    x = matrix / matrix.norm()
    for _ in range(5):
        gram = x @ x.T
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    return x


def muon():
    model = nn.Sequential(
        nn.Conv2d(1, 5, 3), nn.ReLU(), nn.Conv2d(5, 20, 3), nn.ReLU(), nn.Conv2d(20, 40, 1), nn.ReLU(), nn.Flatten(), nn.Linear(160, 3))
    images, labels = torch.randn(6, 1, 6, 6), torch.tensor([0, 1, 2, 0, 1, 2])
    rate, momentum, decay, filter_rate = 0.1, 0.9, 0.1, 0.2
    result = {"images": flat(images), "labels": labels.tolist(), "learning_rate": rate, "momentum": momentum, "weight_decay": decay,
              "filter_rate": filter_rate, "initial": tensors(model.named_parameters()), "losses": []}
    model, images = model.double(), images.double()
    velocities = {name: torch.zeros_like(p) for name, p in model.named_parameters()}
    for _ in range(4):
        model.zero_grad()
        loss = F.cross_entropy(model(images), labels)
        loss.backward()
        result["losses"].append(loss.item())
        with torch.no_grad():
            for name, p in model.named_parameters():
                velocities[name].mul_(momentum).add_(p.grad)
                step = rate * (p.grad + momentum * velocities[name])
                if p.dim() == 4 and name != "0.weight":
                    matrix = p.grad.add(velocities[name], alpha=momentum).reshape(len(p), -1)
                    scale = max(1, matrix.shape[0] / matrix.shape[1]) ** 0.5
                    step = rate * filter_rate * scale * orthogonalized(matrix).reshape(p.shape)
                if p.dim() > 1:
                    p.mul_(1 - rate * decay)
                p.sub_(step)
    return result | {"final": tensors(model.named_parameters())}


def write(name, value):
    (HERE / name).write_text(json.dumps(value, indent=None, separators=(",", ":")) + "\n")


def main():
    torch.manual_seed(20261122)
    torch.set_num_threads(1)
    write("layers.json", {
        "layers": [
            layer("convolution 3x3", nn.Conv2d(3, 5, 3, 1, 1), (3, 6, 7)),
            layer("convolution 5x5 stride 2 without bias", nn.Conv2d(2, 17, 5, 2, 2, bias=False), (2, 7, 8)),
            layer("convolution 1x1 stride 2", nn.Conv2d(17, 4, 1, 2), (17, 4, 3)),
            layer("linear", nn.Linear(19, 6), (19,)),
            layer("batch norm", nn.BatchNorm2d(5), (5, 4, 3), images=4),
            layer("relu", nn.ReLU(), (3, 4, 5)),
            layer("max pool 3x3 stride 2", nn.MaxPool2d(3, 2, 1), (3, 7, 6)),
            layer("average pool 3x3 stride 2", nn.AvgPool2d(3, 2, 1), (3, 7, 6)),
            layer("global average pool", nn.AdaptiveAvgPool2d(1), (3, 4, 5)),
            layer("global max pool", nn.AdaptiveMaxPool2d(1), (3, 4, 5)),
            layer("flatten", nn.Flatten(), (3, 2, 4)),
        ],
        "cross_entropy": cross_entropy(),
    })
    write("network.json", network())
    write("optimizers.json", {"one_cycle": one_cycle(), "adam_w": adamw(), "muon": muon()})


if __name__ == "__main__":
    main()
