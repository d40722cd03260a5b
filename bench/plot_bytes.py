"""Bytes that two live plots send to a terminal, and the time that a drawing takes.

An app with two plots, fed with made-up curves that grow, runs in a pseudo-terminal of 160x48; what it writes in each
second is counted. Run it with `python bench/plot_bytes.py`; the last line is the mean after the first second.
"""

from __future__ import annotations

import math
import os
import pty
import random
import select
import statistics
import struct
import termios
import time
from fcntl import ioctl

from tui_trainer.plots.frame import draw
from tui_trainer.plots.spec import Curve

WIDTH, HEIGHT = 160, 48
FRAMES = 4
"""Frames a second."""

SECONDS = 40
EPOCHS = 200.0
STEPS = 4000
"""Points of the training curves at the end."""


def main() -> None:
    print(f"one drawing, 100x25, two curves of 4,000 points: {drawing_time():.1f} ms")
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
        show()
        os._exit(0)
    ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
    seconds = count(terminal)
    os.waitpid(pid, 0)
    for second, sent in enumerate(seconds):
        print(f"{second:3d} s {sent:7d} bytes")
    later = seconds[1:-1]
    mean, most = sum(later) / len(later) / 1000, max(later) / 1000
    print(f"two plots, {WIDTH}x{HEIGHT}, {FRAMES} frames/s: {mean:.1f} KB/s, at most {most:.1f} KB in a second")


def drawing_time() -> float:
    """Milliseconds for one drawing, decimation included: 100x25, two curves of 4,000 points; the median of 21."""
    from tui_trainer.ui.widgets.plot_view import Data, Look, View, settle, specify

    noise = random.Random(0)
    xs = [EPOCHS * i / STEPS for i in range(STEPS)]
    falling = [[math.exp(-x / 40) + 0.05 * noise.random() for x in xs] for _ in range(2)]
    data = Data([Curve("train", "train", xs, falling[0]), Curve("validation", "validation", xs, falling[1], "thick")])
    times = []
    for _ in range(21):
        begin = time.perf_counter()
        draw(specify(settle(View(), data, Look()), data, Look(), 100, 25), 100, 25)
        times.append(time.perf_counter() - begin)
    return statistics.median(times) * 1000


def count(terminal: int) -> list[int]:
    """Bytes in each second since the first, until the other end closes."""
    begin = time.monotonic()
    seconds: list[int] = []
    while True:
        ready, _, _ = select.select([terminal], [], [], 0.5)
        try:
            data = os.read(terminal, 65536) if ready else b""
        except OSError:
            return seconds
        if ready and not data:
            return seconds
        second = int(time.monotonic() - begin)
        seconds += [0] * (second + 1 - len(seconds))
        seconds[second] += len(data)


def show() -> None:
    from textual.app import App, ComposeResult
    from textual.containers import Horizontal

    from tui_trainer.ui.terminal.updates import SparingDisplay
    from tui_trainer.ui.widgets.curve_plot import CurvePlot

    noise = random.Random(0)
    xs = [EPOCHS * i / STEPS for i in range(STEPS + 1)]
    train = [2.3 * math.exp(-x / 30) + 0.05 * noise.random() + 0.02 for x in xs]
    right = [1 - 0.9 * math.exp(-x / 20) - 0.03 * noise.random() for x in xs]
    epochs = [float(epoch) for epoch in range(int(EPOCHS) + 1)]
    validation = [1.8 * math.exp(-x / 25) + 0.5 + 0.002 * x + 0.02 * noise.random() for x in epochs]
    right_too = [0.93 - 0.83 * math.exp(-x / 18) - 0.01 * noise.random() for x in epochs]

    def curves(xs: list[float], ys: list[float], epochs: list[float], zs: list[float], now: float) -> list[Curve]:
        points, evaluations = int(now / EPOCHS * STEPS) + 1, int(now) + 1
        return [
            Curve("train", "train", xs[:points], ys[:points]),
            Curve("validation", "validation", epochs[:evaluations], zs[:evaluations], "thick"),
        ]

    class Plots(SparingDisplay, App[None]):
        CSS = "CurvePlot { width: 1fr; height: 1fr; }"

        def compose(self) -> ComposeResult:
            with Horizontal():
                yield CurvePlot("Loss", id="loss")
                yield CurvePlot("Accuracy", y_range=(0, 1), id="accuracy")

        def on_mount(self) -> None:
            self.begin = time.monotonic()
            self.set_interval(1 / FRAMES, self.grow)

        def grow(self) -> None:
            now = min(1.0, (time.monotonic() - self.begin) / SECONDS) * EPOCHS
            loss, accuracy = self.query_one("#loss", CurvePlot), self.query_one("#accuracy", CurvePlot)
            loss.update_curves(curves(xs, train, epochs, validation, now), EPOCHS, ended=now >= EPOCHS)
            accuracy.update_curves(curves(xs, right, epochs, right_too, now), EPOCHS, ended=now >= EPOCHS)
            if now >= EPOCHS:
                self.exit()

    Plots().run()


if __name__ == "__main__":
    main()
