"""Comparisons for tests: sides made of recorded runs, and a bench that remembers what it is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.recorded import Curves, Recording, learning, overfitting
from tui_trainer.experiment.comparison import Comparison
from tui_trainer.experiment.parse import parse
from tui_trainer.insight.arms import Arm
from tui_trainer.insight.findings.base import Finding
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.lock import LockState
from tui_trainer.runs.records import RunView
from tui_trainer.runs.store import Store
from tui_trainer.ui.laboratory.compared import Compared, Side

BASE: dict[str, Any] = {
    "name": "digits-overfit",
    "data": {"kind": "digits", "train_samples": 300},
    "model": {"kind": "mlp", "hidden": [100, 100]},
    "optimizer": {"kind": "sgd", "lr": 0.01},
    "training": {"epochs": 60, "batch_size": 100},
}
GONE = LockState(None, 1e9)


def run(epochs: int = 60, curves: Curves = overfitting, *, end: str = "", why: str = "", **changes: Any) -> RunView:
    """A run of the base with these top-level changes; it has ended if it is told how, or at its last epoch."""
    recording = Recording(experiment=parse({**BASE, **changes}), curves=curves).train(epochs)
    if end or epochs >= recording.planned_epochs:
        recording.end(end or "finished", why or "epochs")
    return replace(recording.view(), id=f"run-{abs(hash(repr(sorted(changes.items())))) % 10**8}-{curves.__name__}")


def worse(by: float, curves: Curves = overfitting) -> Curves:
    """The same curves, the validation part so much worse (better, if negative)."""

    def made(done: float) -> dict[str, dict[str, float]]:
        parts = curves(done)
        figures = parts["validation"]
        return {**parts, "validation": {"loss": figures["loss"] + 5 * by, "accuracy": figures["accuracy"] - by}}

    made.__name__ = f"worse-{by}"
    return made


def side(name: str, *runs: RunView, planned: int = 0, waiting: int = 0) -> Side:
    experiment = runs[0].experiment if runs else None
    wanted = planned or max(1, len(runs))
    missing = max(0, wanted - len(runs) - waiting)
    return Side(Arm(name, runs), experiment or parse(BASE), wanted, waiting, missing)


def two(epochs: int = 60) -> Compared:
    """A baseline that overfits, and one that does not."""
    mended = run(epochs, learning, regularization={"l2": 0.01})
    return compared(side("baseline", run(epochs)), side("l2 0.01", mended))


def many(count: int = 8, seeds: int = 1, epochs: int = 60) -> Compared:
    """So many sides, each a little worse than the one before."""

    def runs(index: int) -> list[RunView]:
        return [run(epochs, worse(0.01 * index + 0.002 * seed), seed=seed) for seed in range(seeds)]

    return compared(*(side(f"l2 {10 ** (index - 6):g}", *runs(index)) for index in range(count)))


def compared(*sides: Side, **fields: Any) -> Compared:
    return Compared("overfitting-cures", "what mends overfitting", "Watch validation.", sides, **fields)


class FakeComparing:
    """A bench: it holds what a test puts there, does what only concerns the screen, and remembers the rest."""

    def __init__(self, state: Compared) -> None:
        self.state = state
        self.told: list[tuple[Any, ...]] = []
        self.table: Any = None
        self.verdict: Any = None
        self.findings: tuple[tuple[Finding, ...], ...] = ()
        self.comparison: Comparison | None = None
        self.folders: dict[int, RunFolder] = {}
        self.alive = any(run.alive for run in self.views)
        self.changed = lambda: None
        self.judge()

    def judge(self) -> None:
        from tui_trainer.insight import table, verdict

        arms = [side.arm for side in self.state.sides]
        self.table = self.verdict = None
        if any(run.evaluations for arm in arms for run in arm.runs):
            self.table = table.rows(arms, self.state.pinned)
            self.verdict = verdict.verdict(arms, self.state.pinned)

    @property
    def views(self) -> tuple[RunView, ...]:
        return tuple(run for side in self.state.sides for run in side.arm.runs)

    def folder(self, index: int | None = None) -> RunFolder | None:
        return self.folders.get(index if index is not None else self.state.selected or 0)

    def become(self, **changes: Any) -> None:
        self.state = replace(self.state, **changes)
        self.changed()

    def select(self, index: int | None) -> None:
        self.become(selected=index)

    def pin(self, index: int) -> None:
        self.become(pinned=index)

    def swap(self) -> None:
        self.become(sides=(self.state.sides[1], self.state.sides[0], *self.state.sides[2:]))

    def drop(self, index: int) -> None:
        sides = [side for at, side in enumerate(self.state.sides) if at != index]
        self.become(sides=tuple(sides), selected=None, pinned=0)

    def __getattr__(self, name: str) -> Any:
        if name not in _COMMANDS:
            raise AttributeError(name)
        return lambda *arguments: self.told.append((name, *arguments))


_COMMANDS = ("toggle", "one_step", "one_epoch", "stop", "extend", "pace", "add", "replace", "add_repeats", "leave")


class FakeForks:
    """Remembers what was to be forked."""

    def __init__(self) -> None:
        self.begun: list[tuple[Any, ...]] = []

    def begin(self, *arguments: Any) -> None:
        self.begun.append(arguments)


class FakeLaboratory:
    """What the compare screen needs of a laboratory."""

    def __init__(self, home: Path, state: Compared) -> None:
        self.store = Store(home)
        self.comparing = FakeComparing(state)
        self.forks = FakeForks()
        self.saved: list[Sequence[Path]] = []

    def save_files(self, job: Any) -> None:
        self.saved.append(job())
