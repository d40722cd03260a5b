"""Bytes that the compare screen sends to a terminal of 160x48 while all its sides train, each second.

Two sides beside one another with the gap between their curves shaded, then eight over one another. The runs are
made up, so that nothing but drawing is measured. Run it with `python -m bench.compare_bytes`.
"""

from __future__ import annotations

import math
import os
import pty
import random
import struct
import termios
import time
from dataclasses import replace
from fcntl import ioctl
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bench.plot_bytes import HEIGHT, WIDTH, count
from tui_trainer.experiment.schema import Experiment
from tui_trainer.insight.arms import Arm
from tui_trainer.runs.records import Evaluation, RunView
from tui_trainer.ui.laboratory.compared import Compared, Side

SECONDS = 30
EPOCHS = 200
FRAMES = 5
"""Times a second that the runs have news."""


def main() -> None:
    for sides in (2, 8):
        pid, terminal = pty.fork()
        if pid == 0:
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
            show(sides)
            os._exit(0)
        ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
        seconds = [sent / 1000 for sent in count(terminal)]
        os.waitpid(pid, 0)
        later = seconds[2:-1]
        mean, most = sum(later) / len(later), max(later)
        print(f"{sides} sides, {WIDTH}x{HEIGHT}: {mean:.1f} KB/s, at most {most:.1f} KB in a second")


def side(index: int) -> list[Evaluation]:
    """The evaluations of a run that overfits, the more the higher its index."""
    noise = random.Random(index)
    made = []
    for epoch in range(EPOCHS + 1):
        left = math.exp(-epoch / 25)
        wrong = 0.01 * noise.random() + 0.0004 * index * epoch
        train = {"loss": 2.3 * left + 0.002, "accuracy": 1 - 0.9 * left}
        validation = {"loss": 2 * left + 0.3 + wrong, "accuracy": 0.92 - 0.82 * left - 0.05 * wrong}
        made.append(Evaluation(3 * epoch, float(epoch), train, validation, seconds=epoch / 50))
    return made


def compared(sides: list[list[Evaluation]], epoch: int) -> Compared:
    """All sides at an epoch."""
    experiment = Experiment()
    plain = RunView(id="", name="", state="running", experiment=experiment, present=experiment, planned_epochs=EPOCHS)
    made = []
    for index, evaluations in enumerate(sides):
        told = tuple(evaluations[: epoch + 1])
        run = replace(plain, id=str(index), evaluations=told, best=told[-1], step=3 * epoch, epoch=float(epoch))
        run = replace(run, seconds=epoch / 50, steps_per_second=150.0, seconds_left=(EPOCHS - epoch) / 50)
        made.append(Side(Arm(f"l2 {10.0 ** (index - 6):g}", (run,)), experiment))
    return Compared("eight learning rates", sides=tuple(made))


def show(count_of_sides: int) -> None:
    from textual.app import App

    from tui_trainer.insight import table, verdict
    from tui_trainer.ui.screens.compare import CompareScreen
    from tui_trainer.ui.terminal.updates import SparingDisplay
    from tui_trainer.ui.theme import DARK

    sides = [side(index) for index in range(count_of_sides)]
    comparing: Any = SimpleNamespace(state=compared(sides, 0), table=None, verdict=None, findings=())

    class Bench(SparingDisplay, App[None]):
        def on_mount(self) -> None:
            self.register_theme(DARK)
            self.theme = DARK.name
            self.compare = CompareScreen(SimpleNamespace(comparing=comparing, store=Path()))  # type: ignore[arg-type]
            self.push_screen(self.compare)
            self.begin = time.monotonic()
            self.set_interval(1 / FRAMES, self.grow)
            self.set_interval(0.5, self.judge)

        def grow(self) -> None:
            epoch = int(min(1.0, (time.monotonic() - self.begin) / SECONDS) * EPOCHS)
            comparing.state = compared(sides, epoch)
            self.compare.draw()
            if epoch >= EPOCHS:
                self.exit()

        def judge(self) -> None:
            arms = [side.arm for side in comparing.state.sides]
            comparing.table, comparing.verdict = table.rows(arms), verdict.verdict(arms)

    Bench().run()


if __name__ == "__main__":
    main()
