#!/usr/bin/env python3
"""Makes statistics.json with SciPy 1.10.1 and NumPy (Debian 12). Run it in this folder.

Student's quantiles and intervals of means; McNemar's exact test as SciPy's binomial test of the disagreements; Newcombe's
interval of a paired difference (method 10 of "Improved confidence intervals for the difference between binomial proportions
based on paired data", 1998), written out in NumPy from SciPy's Wilson intervals.
"""
import json

import numpy as np
from scipy import optimize, stats

rng = np.random.default_rng(11)


def student_quantile(degrees):
    """From the distribution function, which is exact to the last digits; SciPy's own quantile is only to the eleventh."""
    return optimize.brentq(lambda t: stats.t.cdf(t, degrees) - 0.975, 1.9, 13, xtol=1e-15, rtol=1e-15)


def mean_case(values):
    low, high = stats.t.interval(0.95, len(values) - 1, loc=np.mean(values), scale=stats.sem(values))
    return {"values": list(values), "mean": float(np.mean(values)), "sd": float(np.std(values, ddof=1)), "interval": [low, high]}


def wilson(successes, trials):
    interval = stats.binomtest(int(successes), int(trials)).proportion_ci(0.95, method="wilson")
    return interval.low, interval.high


def paired_interval(both, first, second, neither):
    n = both + first + second + neither
    p1, p2 = (both + first) / n, (both + second) / n
    (low1, high1), (low2, high2) = wilson(both + first, n), wilson(both + second, n)
    product = both * neither - first * second
    corrected = max(product - n / 2, 0) if product > 0 else product
    scale = np.sqrt(float(both + first) * (second + neither) * (both + second) * (first + neither))
    phi = corrected / scale if scale > 0 else 0
    down = np.sqrt((p1 - low1) ** 2 - 2 * phi * (p1 - low1) * (high2 - p2) + (high2 - p2) ** 2)
    up = np.sqrt((high1 - p1) ** 2 - 2 * phi * (high1 - p1) * (p2 - low2) + (p2 - low2) ** 2)
    return [p1 - p2 - down, p1 - p2 + up]


def paired_case(both, first, second, neither):
    disagreements = first + second
    p = stats.binomtest(first, disagreements, 0.5).pvalue if disagreements else 1.0
    return {"counts": [both, first, second, neither], "p_value": float(p), "interval": [float(x) for x in paired_interval(both, first, second, neither)]}


json.dump(
    {
        "quantiles": [{"degrees": n, "t": student_quantile(n)} for n in [*range(1, 31), 100, 999]],
        "means": [mean_case(rng.normal(0.996, 0.001, n)) for n in (2, 3, 5, 40)] + [mean_case([0.5, 0.5, 0.5, 0.75])],
        "paired": [
            paired_case(*counts)
            for counts in [
                (9950, 20, 10, 20), (9960, 12, 9, 19), (9990, 0, 6, 4), (9990, 0, 5, 5), (36, 12, 2, 0), (10, 0, 0, 0),
                (0, 7, 7, 0), (40, 1500, 1400, 60), (0, 5, 0, 5), (3, 0, 0, 4), (9000, 700, 500, 200),
            ]
        ],
    },
    open("statistics.json", "w", encoding="utf-8"),
    indent=1,
)
