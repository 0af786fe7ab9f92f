"""Trains recipes with several seeds and prints what they are worth: last epoch, nothing chosen on the test images.

python3 benchmarks/recipes.py [--seeds 5] [--out FOLDER] [RECIPE[@DATA] ...]

One package a run is left in FOLDER/RECIPE-SEED; a run whose package is there is not repeated, so that an interrupted
table can be taken up again. Mean and standard deviation are over seeds; the interval is Student's, 95 %, of the mean.
"""
import argparse
import json
import pathlib
import statistics
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Two-sided 95 % quantiles of Student's t for n - 1 degrees of freedom, n from 2 to 10.
STUDENT = {2: 12.706, 3: 4.303, 4: 3.182, 5: 2.776, 6: 2.571, 7: 2.447, 8: 2.365, 9: 2.306, 10: 2.262}


def train(recipe, data, seed, folder):
    package = folder / f"{recipe}-{seed}"
    if not (package / "metrics.json").exists():
        subprocess.run(
            [ROOT / "inkling", "train", "--recipe", recipe, "--data", data, "--seed", str(seed), "--out", package], check=True)
    metrics = json.loads((package / "metrics.json").read_text())
    return 100 * metrics["test"]["accuracy"], metrics["train"]["seconds"], metrics["model"]["parameters"]


def row(name, runs):
    accuracies, seconds, parameters = zip(*runs)
    mean = statistics.mean(accuracies)
    cells = [f"`{name}`", f"{parameters[0]:,}", f"{mean:.3f} %", "", "", str(len(runs)), f"{statistics.median(seconds):.1f} s"]
    if len(runs) in STUDENT:
        deviation = statistics.stdev(accuracies)
        half = STUDENT[len(runs)] * deviation / len(runs) ** 0.5
        cells[3:5] = [f"{deviation:.3f}", f"{mean - half:.3f} to {mean + half:.3f} %"]
    return "| " + " | ".join(cells) + " |"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipes", nargs="*", default=["sprint", "quick", "standard"], metavar="RECIPE[@DATA]")
    parser.add_argument("--seeds", type=int, default=5, choices=range(1, 11), metavar="N")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "runs" / "recipes")
    arguments = parser.parse_args()

    rows = []
    for entry in arguments.recipes:
        recipe, _, data = entry.partition("@")
        runs = [train(recipe, data or "mnist", seed, arguments.out) for seed in range(1, arguments.seeds + 1)]
        rows.append(row(recipe, runs))
    print("| recipe | parameters | test accuracy, mean | sd | 95 % interval of the mean | seeds | training, median |")
    print("|---|---:|---:|---:|---|---:|---:|")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
