"""The figures of a comparison, arm by arm: plain values, which the screen and the command line make text of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite, nan
from typing import Literal

from tui_trainer.choices.tasks import Metric
from tui_trainer.experiment.diff import flat, shown
from tui_trainer.experiment.text import clean
from tui_trainer.insight.arms import Arm, differing, experiment_of, letter, seed_of, telling_changes
from tui_trainer.insight.bands import Part, deviation, mean
from tui_trainer.insight.basis import LOSS, Basis, Moment, Outcome, Result, basis
from tui_trainer.insight.generalization import lowest_loss
from tui_trainer.insight.sources import about_sources, source_count
from tui_trainer.insight.statistics import holm
from tui_trainer.runs.summary import epochs

Unit = Literal["words", "share", "points", "value", "epochs", "count", "seconds", "per second"]
"""`share`: 0 to 1; `points`: a difference or gap of two shares, as a share too (0.071 is 7.1 percentage points);
`value`: a loss or another metric, in the metric's own unit."""


@dataclass(frozen=True)
class Cell:
    """One figure of one arm: the mean over its seeds, or words; None where it is not known."""

    value: float | str | None = None
    spread: float | None = None  # sample standard deviation over the seeds; None of a single one
    n: int = 0  # seeds
    better: bool | None = None  # True: really the best of the arms; None: cannot be told, or none is better


@dataclass(frozen=True)
class Row:
    """One figure of all arms, in the order of the table's arms."""

    key: str  # such as `validation.accuracy.end`; unique in a table
    label: str  # such as `validation accuracy`
    group: str  # `differs`, `end`, `best` (at the epoch of the best primary metric on validation) or `run`
    unit: Unit
    cells: tuple[Cell, ...]
    higher_is_better: bool | None = None  # None: neither is better by itself
    difference: Cell | None = None  # of two arms: the other one minus the pinned one, over the seeds that both have


@dataclass(frozen=True)
class ArmHead:
    """An arm as a table names it."""

    index: int  # its place in the comparison, which sorting does not change
    letter: str
    name: str
    seeds: tuple[int, ...]  # of the runs whose figures these are
    state: str  # what is to be known of its runs: `training`, `1 of 5 diverged`; empty if all went as planned


@dataclass(frozen=True)
class Table:
    """What differs between the arms, then what came of it. For two arms a row has their difference."""

    arms: tuple[ArmHead, ...]
    rows: tuple[Row, ...]
    pinned: int = 0  # index of the arm that the others are measured against
    epoch: float | None = None  # up to which all are compared; None: each as far as it was trained
    so_far: bool = False  # some run still trains
    notes: tuple[str, ...] = ()  # what must be known to read the figures, in sentences
    sorted_by: str = ""  # the key of the row by whose figures the arms are ordered; empty: as they came

    def row(self, key: str) -> Row:
        """Raises KeyError if there is none."""
        found = next((row for row in self.rows if row.key == key), None)
        if found is None:
            raise KeyError(key)
        return found

    def sort(self, key: str, descending: bool = False) -> Table:
        """The arms ordered by one figure, those that lack it last; an empty key puts them back as they came."""
        if key:
            order = _order(self.row(key), descending)
        else:
            order = sorted(range(len(self.arms)), key=lambda i: self.arms[i].index)
        return replace(
            self,
            arms=tuple(self.arms[i] for i in order),
            rows=tuple(replace(row, cells=tuple(row.cells[i] for i in order)) for row in self.rows),
            sorted_by=key,
        )


def rows(arms: Sequence[Arm], pinned: int = 0) -> Table:
    """The table of a comparison of any number of arms, whatever state their runs are in."""
    made = basis(arms)
    return Table(
        arms=tuple(_head(index, result) for index, result in enumerate(made.results)),
        rows=(*_differences(arms), *_figures(made, pinned), *_run_figures(made, pinned)),
        pinned=pinned,
        epoch=made.epoch,
        so_far=made.so_far,
        notes=tuple(_notes(made, arms)),
    )


def _order(row: Row, descending: bool) -> list[int]:
    known = [i for i, cell in enumerate(row.cells) if cell.value is not None and cell.value == cell.value]
    known.sort(key=lambda i: _sort_key(row.cells[i].value), reverse=descending)
    return [*known, *(i for i in range(len(row.cells)) if i not in known)]


def _sort_key(value: float | str | None) -> tuple[float, str]:
    if not isinstance(value, str):
        return value or 0.0, ""
    try:
        return float(value.replace(",", "")), value
    except ValueError:
        return float("inf"), value


def _head(index: int, result: Result) -> ArmHead:
    seeds = tuple(seed_of(outcome.run) for outcome in result.outcomes)
    return ArmHead(index, letter(index), clean(result.arm.name), seeds, _state(result))


def _state(result: Result) -> str:
    runs = result.arm.runs
    if not runs:
        return "waiting"
    words = []
    for some, word in ((result.diverged, "diverged"), (result.failed, ""), (result.unfinished, "")):
        for state in dict.fromkeys(run.state for run in some):
            count = sum(run.state == state for run in some)
            said = word or ("training" if state == "running" else state)
            words.append(said if len(runs) == 1 else f"{count} of {len(runs)} {said}")
    return ", ".join(words)


# What differs in the experiments


def _differences(arms: Sequence[Arm]) -> list[Row]:
    experiments = [experiment_of(arm) for arm in arms]
    known = [experiment for experiment in experiments if experiment]
    made = []
    for path in differing(known):
        values = [flat(experiment) if experiment else {} for experiment in experiments]
        cells = tuple(Cell(clean(shown(it.get(path)), 40)) if it else Cell() for it in values)
        made.append(Row(path, _label(path), "differs", "words", cells))
    made += _told_of_runs("forked at epoch", arms, _forked_at)
    made += _told_of_runs("changed while training", arms, _changed)
    return made


def _label(path: str) -> str:
    """`l2 strength`, `lr`, `hidden`."""
    family, *rest = path.split(".")
    return (" ".join(rest) if rest else family).replace("_", " ")


def _told_of_runs(label: str, arms: Sequence[Arm], words: Callable[[Arm], str]) -> list[Row]:
    told = [words(arm) for arm in arms]
    cells = tuple(Cell(it or "–") for it in told)
    return [Row(label.replace(" ", "-"), label, "differs", "words", cells)] if len(set(told)) > 1 else []


def _forked_at(arm: Arm) -> str:
    found = dict.fromkeys(run.origin.from_epoch for run in arm.runs)
    return ", ".join(epochs(epoch) for epoch in found if epoch is not None)


def _changed(arm: Arm) -> str:
    changes = [change for run in arm.runs for change in telling_changes(run)]
    said = dict.fromkeys(f"{_label(it.path)} {shown(it.new)} at epoch {epochs(it.epoch)}" for it in changes)
    return clean(", ".join(said), 60)


# What came of it


def _figures(made: Basis, pinned: int) -> list[Row]:
    metric = made.metric
    found = []
    for moment in ("end", "best"):
        for one in (LOSS, metric):
            for part in ("train", "validation"):
                found.append(_metric_row(made, pinned, part, one, moment))
        found.append(_gap_row(made, pinned, metric, moment))
        if moment == "end":
            found.append(_gap_row(made, pinned, LOSS, moment))
    found.append(
        _plain_row(made, pinned, "epochs-to-best", "epochs to best", "run", "epochs", lambda it: it.best.epoch)
    )
    lowest = _plain_row(made, pinned, "lowest-loss", "lowest validation loss", "run", "value", _lowest_loss)
    found.append(replace(lowest, higher_is_better=False, difference=lowest.difference if made.compares(LOSS) else None))
    return found


def _metric_row(made: Basis, pinned: int, part: Part, metric: Metric, moment: Moment) -> Row:
    """Only validation figures can be better: what is better on the training part may have been learned by heart."""
    values = [result.figures(part, metric.name, moment) for result in made.results]
    cells, better = _cells(values), None
    if part == "validation":
        better = metric.higher_is_better
        cells = _with_best(made, cells, metric, moment)
    label = f"{part} {metric.word}"
    unit: Unit = "share" if metric.is_share else "value"
    difference = _difference(values, pinned, made) if made.compares(metric) else None
    if difference and difference.value is not None and part == "validation":
        difference = _judged(difference, made, pinned, metric, moment)
    return Row(f"{part}.{metric.name}.{moment}", label, moment, unit, cells, better, difference)


def _gap_row(made: Basis, pinned: int, metric: Metric, moment: Moment) -> Row:
    """A gap is never better by itself: both curves may be worse."""
    values = [result.gaps(metric, moment) for result in made.results]
    unit: Unit = "points" if metric.is_share else "value"
    label = f"gap in {metric.word}"
    difference = _difference(values, pinned, made) if made.compares(metric) else None
    return Row(f"gap.{metric.name}.{moment}", label, moment, unit, _cells(values), None, difference)


def _with_best(made: Basis, cells: tuple[Cell, ...], metric: Metric, moment: Moment) -> tuple[Cell, ...]:
    """The best cell marked, if it really is better than every other."""
    present = [i for i, cell in enumerate(cells) if isinstance(cell.value, float)]
    if len(present) < 2 or not made.compares(metric):
        return cells
    sign = 1 if metric.higher_is_better else -1
    top = max(present, key=lambda i: sign * float(cells[i].value or 0.0))
    if any(it.sign != sign for it in holm([made.compare(i, top, metric, moment) for i in present if i != top])):
        return cells
    return tuple(replace(cell, better=i == top) if i in present else cell for i, cell in enumerate(cells))


def _run_figures(made: Basis, pinned: int) -> list[Row]:
    def add(key: str, label: str, unit: Unit, value: Callable[[Outcome], float | None]) -> Row:
        return _plain_row(made, pinned, key, label, "run", unit, value)

    return [
        add("parameters", "parameters", "count", lambda it: it.run.parameters),
        add("epochs", "epochs trained", "epochs", lambda it: it.run.epoch),
        add("updates", "updates", "count", lambda it: it.run.step),
        add("time", "training time", "seconds", lambda it: it.run.seconds),
        add("speed", "updates a second", "per second", lambda it: it.run.steps_per_second),
    ]


def _plain_row(
    made: Basis, pinned: int, key: str, label: str, group: str, unit: Unit, value: Callable[[Outcome], float | None]
) -> Row:
    values = []
    for result in made.results:
        told = {seed_of(it.run): value(it) for it in result.outcomes}
        values.append({seed: nan if figure is None else float(figure) for seed, figure in told.items()})
    cells = tuple(replace(cell, spread=cell.spread or None) for cell in _cells(values))  # equal counts do not spread
    return Row(key, label, group, unit, cells, None, _difference(values, pinned, made, data=False))


def _lowest_loss(outcome: Outcome) -> float:
    reached = max(outcome.end.epoch, outcome.best.epoch)
    evaluations = [it for it in outcome.run.evaluations if it.epoch <= reached] or [outcome.end]
    return lowest_loss(evaluations).validation.get("loss", nan)


def _cells(values: Sequence[Mapping[int, float]]) -> tuple[Cell, ...]:
    return tuple(_cell(list(by_seed.values())) for by_seed in values)


def _cell(values: Sequence[float]) -> Cell:
    finite = [value for value in values if isfinite(value)]
    if not finite:
        return Cell(nan if values else None)
    return Cell(mean(finite), deviation(finite) if len(finite) > 1 else None, len(finite))


def _difference(values: Sequence[Mapping[int, float]], pinned: int, made: Basis, *, data: bool = True) -> Cell | None:
    """Of two arms: over the seeds that both have, else of their means once no run trains any more; None where the
    figures do not compare, if they depend on the data."""
    if len(values) != 2 or (data and made.obstacle):
        return None
    a, b = values[pinned % 2], values[1 - pinned % 2]
    shared = [b[seed] - a[seed] for seed in sorted(a.keys() & b.keys())]
    if any(map(isfinite, shared)):
        return _cell(shared)
    if made.so_far:
        return Cell()
    left, right = _cell(list(a.values())).value, _cell(list(b.values())).value
    if isinstance(left, float) and isinstance(right, float) and isfinite(right - left):
        return Cell(right - left, None, 0)
    return Cell()


def _judged(difference: Cell, made: Basis, pinned: int, metric: Metric, moment: Moment) -> Cell:
    found = made.compare(pinned % 2, 1 - pinned % 2, metric, moment)
    better = found.sign == (1 if metric.higher_is_better else -1) if found.sign else None
    return replace(difference, better=better)


def _notes(made: Basis, arms: Sequence[Arm]) -> list[str]:
    sources = about_sources(arms)
    obstacle = basis(arms[: len(arms) - source_count(arms)]).obstacle if sources else made.obstacle
    notes = [note for note in (obstacle, made.about_metric, sources) if note]
    if made.so_far and made.epoch is not None:
        notes.append(f"So far: all at epoch {epochs(made.epoch)}.")
    elif made.epoch is not None:
        notes.append(f"Compared at epoch {epochs(made.epoch)}, as far as all of them were trained.")
    if made.shares_no_seed and made.so_far:
        notes.append("The arms share no seed so far: their difference is still to come.")
    elif made.shares_no_seed:
        notes.append("The arms share no seed, so they are not compared in pairs: part of what differs is luck.")
    elif made.about_seeds:
        notes.append(made.about_seeds)
    return notes
