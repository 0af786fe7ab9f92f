#!/usr/bin/env python3
"""Makes metrics.json with scikit-learn 1.2.1, SciPy and NumPy (Debian 12). Run it in this folder.

Two classifiers: one of five classes that never answers class 4, one of ten classes that is nearly always right and is
asked about nine of them. Expected calibration error, risk and coverage have no function in these libraries: they are written out in
NumPy. The temperature is SciPy's, by Brent's method on the likelihood; intervals of macro averages are a bootstrap of 20,000 draws.
"""
import json

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from scipy.stats import binomtest
from sklearn import metrics

rng = np.random.default_rng(7)


def wilson(successes, trials):
    if trials == 0:
        return [0.0, 1.0]
    interval = binomtest(int(successes), int(trials)).proportion_ci(0.95, method="wilson")
    return [interval.low, interval.high]


def calibration_error(confidence, right):
    edges = np.linspace(0, 1, 16)
    total = 0.0
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (confidence > low) & (confidence <= high)
        if inside.any():
            total += abs(confidence[inside].mean() - right[inside].mean()) * inside.mean()
    return total


def calibration_error_of_equal_mass(confidence, right):
    order = np.argsort(confidence, kind="stable")
    return sum(abs(confidence[part].sum() - right[part].sum()) for part in np.array_split(order, 15)) / len(order)


def risks(confidence, right):
    order = np.argsort(-confidence, kind="stable")
    return np.cumsum(~right[order]) / np.arange(1, len(order) + 1)


def threshold(confidence, right, target):
    """The lowest confidence whose answers keep the target, looked for among all confidences."""
    kept = [c for c in np.unique(confidence) if (~right[confidence >= c]).mean() <= target]
    return float(f"{min(kept):.9g}") if kept else None


def temperature(labels, logits):
    def loss(log_temperature):
        return -log_softmax(logits / np.exp(log_temperature), axis=1)[np.arange(len(labels)), labels].mean()
    return float(np.exp(minimize_scalar(loss, bracket=(-1, 1), tol=1e-12).x))


def macro_intervals(labels, answers, classes):
    draws = np.random.default_rng(11).integers(0, len(labels), (20000, len(labels)))
    macro = []
    for draw in draws:
        confusion = np.zeros((len(classes), len(classes)))
        np.add.at(confusion, (labels[draw], answers[draw]), 1)
        correct, support, predicted = np.diag(confusion), confusion.sum(1), confusion.sum(0)
        macro.append([(correct / np.maximum(predicted, 1)).mean(), (correct / np.maximum(support, 1)).mean(),
                      (2 * correct / np.maximum(support + predicted, 1)).mean()])
    return np.percentile(macro, [2.5, 97.5], axis=0).T.tolist()


def overlap_interval(confusion, k):
    """F1 = 2 J / (1 + J), and J, which scikit-learn calls the Jaccard index, is a proportion."""
    low, high = wilson(confusion[k, k], confusion[:, k].sum() + confusion[k].sum() - confusion[k, k])
    return [2 * low / (1 + low), 2 * high / (1 + high)]


def right_target(right):
    return (~right).mean() / 4


def case(name, labels, logits):
    exponentials = np.exp(logits - logits.max(1, keepdims=True))
    probabilities = (exponentials / exponentials.sum(1, keepdims=True)).astype(np.float32)
    p = probabilities.astype(np.float64)
    classes = np.arange(p.shape[1])
    answers = p.argmax(1)
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        labels, answers, labels=classes, zero_division=0)
    confusion = metrics.confusion_matrix(labels, answers, labels=classes)
    right = answers == labels
    return {
        "name": name,
        "labels": labels.tolist(),
        "logits": [float(f"{value:.9g}") for value in logits.astype(np.float32).ravel()],
        "probabilities": [float(f"{value:.9g}") for value in probabilities.ravel()],
        "confusion": confusion.tolist(),
        "accuracy": metrics.accuracy_score(labels, answers),
        "accuracy_interval": wilson(right.sum(), len(labels)),
        "top_two": metrics.top_k_accuracy_score(labels, p, k=2, labels=classes),
        "precision": precision.tolist(), "recall": recall.tolist(), "f1": f1.tolist(), "support": support.tolist(),
        "precision_intervals": [wilson(confusion[k, k], confusion[:, k].sum()) for k in classes],
        "recall_intervals": [wilson(confusion[k, k], confusion[k].sum()) for k in classes],
        "f1_intervals": [overlap_interval(confusion, k) for k in classes],
        "macro": [precision.mean(), recall.mean(), f1.mean()],
        "macro_intervals": macro_intervals(labels, answers, classes),
        "log_loss": -np.log(p[np.arange(len(labels)), labels]).mean(),
        "log_loss_sklearn": metrics.log_loss(labels, p / p.sum(1, keepdims=True), labels=classes),
        "brier": sum(metrics.brier_score_loss(labels == k, p[:, k]) for k in classes),
        "calibration_error": calibration_error(p.max(1), right),
        "calibration_error_equal_mass": calibration_error_of_equal_mass(p.max(1), right),
        "risks": risks(p.max(1), right).tolist(),
        "threshold": threshold(p.max(1), right, right_target(right)),
        "temperature": temperature(labels, logits.astype(np.float32).astype(np.float64)),
    }


labels = rng.integers(0, 5, 160)
logits = rng.normal(0, 1, (160, 5))
logits[np.arange(160), labels] += 1.5
logits[:, 4] -= 20
never = case("never answers class 4", labels, logits)

labels = rng.integers(0, 9, 150)
logits = rng.normal(0, 1, (150, 10))
logits[np.arange(150), labels] += 3
good = case("nearly always right", labels, logits)

with open("metrics.json", "w", newline="\n") as file:
    json.dump([never, good], file, indent=1)
    file.write("\n")
