"""How long a person waits: for the first frame, and from the key to the first point on the curve.

The first frame, the frames of panels and plots, is measured against `python -c "import textual.app"`, in turns; at
most 2 times that is asked for. How long it takes until they are filled is told as well. The program is opened on a
preset of its own, which takes the same way as opening it without an argument; an experiment of a person's own, or
--set, is read before the first frame, since what is wrong with it is said before the screen opens.
From the key to the first point, at most 0.5 s are asked for, with the warm worker ready.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from bench.dashboard import dashboard, events

ROUNDS = 7


def main() -> None:
    ratios, filled, waits = [], [], []
    for _ in range(ROUNDS):
        begin = time.monotonic()
        subprocess.run([sys.executable, "-c", "import textual.app"], check=True)
        imported = time.monotonic() - begin
        begin = time.monotonic()
        with dashboard("digits-mlp", columns=120, rows=36) as opened:
            opened.until_seen("1 Data")
            painted = time.monotonic() - begin
            opened.until_seen("6 Training")
            filled.append(time.monotonic() - begin)
            opened.until_seen("parameters")  # what the worker says of the model: it is warm
            opened.watch(1.0)
            waits.append(_key_to_point(opened))
        ratios.append(painted / imported)
        first = f"first frame {painted:.2f} s: {ratios[-1]:.2f}, filled {filled[-1]:.2f} s"
        print(f"import {imported:.2f} s, {first}; key to point {waits[-1]:.2f} s")
    print(f"first frame / import of textual.app, median of {ROUNDS}: {statistics.median(ratios):.2f} (asked: 2)")
    print(f"until the frames are filled, median of {ROUNDS}: {statistics.median(filled):.2f} s")
    print(f"key to the first point on the curve, median of {ROUNDS}: {statistics.median(waits):.2f} s (asked: 0.5)")


def _key_to_point(opened: object) -> float:
    from bench.dashboard import Dashboard

    assert isinstance(opened, Dashboard)
    begin = time.monotonic()
    opened.terminal.type(b" ")
    opened.terminal.until(lambda: _braille(opened.terminal.screen.display), "a point on the curve")
    waited = time.monotonic() - begin
    assert events(opened.home, "started")
    return waited


def _braille(lines: list[str]) -> bool:
    return any("\u2801" <= character <= "\u28ff" for line in lines for character in line)


if __name__ == "__main__":
    main()
