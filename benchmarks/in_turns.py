"""Two benchmarks, half a second each by turns, so that the machine's drift meets both.

Usage: in_turns.py FIRST SECOND [--seconds S] [--slice S]
AVX-512 off: in_turns.py "resnet --threads 2" "DOTNET_EnableAVX512=0 resnet --threads 2"

FIRST and SECOND are environment variables, a network, and options of `inkling bench`. Both processes live all the time and one of
them is stopped, so that they warm up and measure side by side, each for half of the seconds. A figure is a median over steps, of
which the few that were interrupted don't matter. For numbers of threads `threads` of Inkling.Benchmarks is better: it compares each
turn with its neighbour.
"""
import argparse
import itertools
import json
import os
import pathlib
import signal
import subprocess
import time

INKLING = pathlib.Path(__file__).resolve().parent.parent / "inkling"
FIGURES = ["train_images_per_second", "infer_images_per_second", "infer_latency_ms_p50"]


def start(side, seconds):
    words = side.split()
    variables = list(itertools.takewhile(lambda word: "=" in word, words))
    command = [str(INKLING), "bench", "--seconds", str(seconds), "--json", "--network", *words[len(variables):]]
    environment = {**os.environ, **dict(variable.split("=", 1) for variable in variables)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, start_new_session=True)


def run_by_turns(processes, seconds):
    for process in processes:
        os.killpg(process.pid, signal.SIGSTOP)
    while running := [process for process in processes if process.poll() is None]:
        for process in running:
            os.killpg(process.pid, signal.SIGCONT)
            time.sleep(seconds)
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGSTOP)


def main():
    parser = argparse.ArgumentParser(formatter_class=argparse.RawDescriptionHelpFormatter, description=__doc__)
    parser.add_argument("first")
    parser.add_argument("second")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--slice", type=float, default=0.5)
    options = parser.parse_args()

    subprocess.run([str(INKLING), "--version"], check=True, stdout=subprocess.DEVNULL)  # builds what has changed, once
    processes = [start(options.first, options.seconds), start(options.second, options.seconds)]
    run_by_turns(processes, options.slice)
    first, second = (json.loads(process.stdout.read()) for process in processes)
    print(f"| figure | {options.first} | {options.second} | second / first |\n|---|---:|---:|---:|")
    for figure in FIGURES:
        print(f"| {figure} | {first[figure]:g} | {second[figure]:g} | {second[figure] / first[figure]:.3f} |")


if __name__ == "__main__":
    main()
