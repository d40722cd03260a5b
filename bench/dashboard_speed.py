"""What an open, drawing dashboard costs the training: updates a second with it, against without it.

Both train the same experiment in the same worker; the two are measured in turns. At least 0.95 is asked for.
"""

from __future__ import annotations

import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from bench.dashboard import COMMAND, dashboard, environment, events, speed

EXPERIMENT = ("digits-mlp", "--set", "model.hidden=[100,100,100,100,100,100]", "--set", "training.epochs=100000")
WARM_UP = 4.0
SECONDS = 8.0
ROUNDS = 4


def main() -> None:
    ratios = []
    for turn in range(1, ROUNDS + 1):
        alone, watched = _alone(), _watched()
        ratios.append(watched / alone)
        print(f"round {turn}: {alone:,.0f} updates/s alone, {watched:,.0f} with the dashboard: {ratios[-1]:.3f}")
    print(f"dashboard open / without it, median of {ROUNDS}: {statistics.median(ratios):.3f} (asked: 0.95)")


def _watched() -> float:
    with dashboard(*EXPERIMENT, "--set", "training.pace=full", "--start") as opened:
        opened.terminal.until(lambda: events(opened.home, "train"), "the first updates")
        opened.watch(WARM_UP)
        since = time.time()
        opened.watch(SECONDS)
        return speed(opened.home, since, time.time())


def _alone() -> float:
    with tempfile.TemporaryDirectory(prefix="tui-trainer-bench-") as folder:
        home = Path(folder)
        process = subprocess.Popen([*COMMAND, "run", *EXPERIMENT], env=environment(folder), stdout=subprocess.DEVNULL)
        try:
            while not events(home, "train"):
                time.sleep(0.05)
            time.sleep(WARM_UP)
            since = time.time()
            time.sleep(SECONDS)
            return speed(home, since, time.time())
        finally:
            process.terminate()
            process.wait(timeout=30)


if __name__ == "__main__":
    main()
