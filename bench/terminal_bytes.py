"""Bytes that the dashboard sends to a terminal of 160x48 while it trains, each second after the first.

At most 6 KB/s are asked for, at 4 frames a second.
"""

from __future__ import annotations

import statistics

from bench.dashboard import dashboard, events

EXPERIMENTS = {
    "200 epochs in half a minute": ("digits-mlp", "--set", "training.epochs=200", "--set", "training.pace=300"),
    "at full speed, a long run": ("digits-mlp", "--set", "training.epochs=20000", "--set", "training.pace=full"),
}
SECONDS = 20


def main() -> None:
    for name, experiment in EXPERIMENTS.items():
        with dashboard(*experiment, "--start") as opened:
            opened.terminal.until(lambda home=opened.home: events(home, "train"), "the first updates")
            opened.watch(1.0)
            seconds = [opened.watch(1.0) / 1000 for _ in range(SECONDS)]
        print(f"{name}: {statistics.mean(seconds):.1f} KB/s, the busiest second {max(seconds):.1f} KB (asked: 6 KB/s)")


if __name__ == "__main__":
    main()
