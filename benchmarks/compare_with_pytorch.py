"""Inkling against PyTorch on this machine, in alternating pairs, as a Markdown table.

Usage: compare_with_pytorch.py [NETWORK ...] [--pairs N] [--batch N] [--threads T] [--seconds S]
Machines are noisy and drift, so that only the ratio within a pair means anything; the table gives medians.
Needs PyTorch in the Python that runs this, e.g. Debian's python3-torch. `basic` depends on PyTorch's BLAS: say which one it was.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
FIGURES = {"train_images_per_second": 1, "infer_images_per_second": 1, "infer_latency_ms_p50": -1}


def run(command):
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("networks", nargs="*", default=["resnet", "bn", "basic"])
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=int, default=3)
    options = parser.parse_args()
    shared = ["--batch", str(options.batch), "--threads", str(options.threads), "--seconds", str(options.seconds)]

    print(f"Batch {options.batch}, {options.threads} threads, medians of {options.pairs} alternating pairs.\n")
    print("| network | figure | Inkling | PyTorch | times as fast | (lowest to highest pair) |")
    print("|---|---|---:|---:|---:|---|")
    for network in options.networks:
        pairs = []
        for _ in range(options.pairs):
            ours = run([str(HERE.parent / "inkling"), "bench", "--network", network, *shared, "--json"])
            theirs = run([sys.executable, str(HERE / "pytorch_baseline.py"), network, *shared])
            pairs.append((ours, theirs))
        for figure, direction in FIGURES.items():
            ratios = [(ours[figure] / theirs[figure]) ** direction for ours, theirs in pairs]
            medians = [statistics.median(side[figure] for side in sides) for sides in zip(*pairs)]
            print(
                f"| {network} | {figure} | {medians[0]:g} | {medians[1]:g} | **{statistics.median(ratios):.2f}** "
                f"| {min(ratios):.2f} to {max(ratios):.2f} |", flush=True)
    print(f"\nPyTorch {pairs[0][1]['version']}.")


if __name__ == "__main__":
    main()
