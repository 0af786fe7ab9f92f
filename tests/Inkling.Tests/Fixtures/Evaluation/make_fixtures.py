#!/usr/bin/env python3
"""Makes metrics.json with scikit-learn 1.2.1, SciPy and NumPy (Debian 12). Run it in this folder.

Two classifiers: one of five classes that never answers class 4, one of ten classes that is nearly always right and is
asked about nine of them. Expected calibration error has no function in these libraries: it is written out in NumPy.
"""
import json

import numpy as np
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
        "probabilities": [float(f"{value:.9g}") for value in probabilities.ravel()],
        "confusion": confusion.tolist(),
        "accuracy": metrics.accuracy_score(labels, answers),
        "accuracy_interval": wilson(right.sum(), len(labels)),
        "top_two": metrics.top_k_accuracy_score(labels, p, k=2, labels=classes),
        "precision": precision.tolist(), "recall": recall.tolist(), "f1": f1.tolist(), "support": support.tolist(),
        "precision_intervals": [wilson(confusion[k, k], confusion[:, k].sum()) for k in classes],
        "recall_intervals": [wilson(confusion[k, k], confusion[k].sum()) for k in classes],
        "macro": [precision.mean(), recall.mean(), f1.mean()],
        "log_loss": -np.log(p[np.arange(len(labels)), labels]).mean(),
        "log_loss_sklearn": metrics.log_loss(labels, p / p.sum(1, keepdims=True), labels=classes),
        "brier": sum(metrics.brier_score_loss(labels == k, p[:, k]) for k in classes),
        "calibration_error": calibration_error(p.max(1), right),
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
