"""Which runs are to be compared, and the comparison that is on the bench."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from tui_trainer.experiment.comparison import Comparison
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.origin import Origin
from tui_trainer.runs.store import Store
from tui_trainer.ui.laboratory.bench import Bench
from tui_trainer.ui.laboratory.comparing import Comparing

ComparisonAspect = Literal["marks", "comparison", "comparison-opened"]


class Comparisons:
    """Opens comparisons, one at a time; `changed` is told what there is to draw anew."""

    def __init__(self, bench: Bench, changed: Callable[[ComparisonAspect], None]) -> None:
        self.present: Comparing | None = None
        self.marked: tuple[str, ...] = ()  # ids of runs
        self._bench = bench
        self._changed = changed

    def mark(self, id: str) -> bool:
        """Mark a run, or unmark it; whether it is marked now."""
        marked = id not in self.marked
        self.marked = (*self.marked, id) if marked else tuple(it for it in self.marked if it != id)
        self._changed("marks")
        return marked

    def unmark(self, ids: Sequence[str]) -> None:
        """Mark these no more: they are compared now, or gone."""
        if any(id in self.marked for id in ids):
            self.marked = tuple(id for id in self.marked if id not in ids)
            self._changed("marks")

    # Opening one

    def begin(self, comparison: Comparison, *, start: bool = True) -> None:
        """A new one, none of whose runs is there yet; `start` trains them."""
        comparing = self._open_new()
        comparing.show(comparison)
        if start:
            comparing.toggle()

    def compare(self, folders: Sequence[RunFolder]) -> None:
        """Runs that are there already."""
        self._open_new().put(folders)

    def open(self, id: str, start: Callable[[Comparing], object] | None = None) -> None:
        """One that is in the store; `start` trains what it misses."""
        waiting = self._bench.turns.waiting_for(id)

        def job() -> None:
            store = self._bench.store
            try:
                comparison, folders = store.comparisons.load(id), store.runs_of(id)
            except (OSError, ExperimentError) as error:
                self._bench.tell(f"the comparison cannot be read: {error}", "error")
            else:
                runs = [(folder, folder.origin().within(id)) for folder in folders]
                self._bench.post(lambda: show(comparison, runs))

        def show(comparison: Comparison, runs: Sequence[tuple[RunFolder, Origin]]) -> None:
            if self._bench.turns.waiting_for(id) != waiting:  # one has begun since, and may not be among the runs
                self.open(id, start)
                return
            comparing = self._open_new()
            comparing.show(comparison, id, runs)
            if start is not None:
                start(comparing)

        self._bench.lane.do(job)

    def open_again(self) -> None:
        """The one that was opened last."""
        present = self.present
        if present is not None and present.id:
            self.open(present.id)
        elif present is not None:
            self.compare(present.folders)

    def open_chosen(self, row: RunFolder | None, present: RunFolder | None, before: str) -> None:
        """What is marked; else what `choose` finds."""
        marked, store = self.marked, self._bench.store

        def job() -> None:
            folders = {folder.id: folder for folder in store.folders()}
            gone = [id for id in marked if id not in folders]
            chosen = choose(store, folders, marked, row, present, before)
            self._bench.post(partial(self._take, chosen, gone))

        self._bench.lane.do(job)

    def _take(self, chosen: Chosen, gone: Sequence[str]) -> None:
        self.unmark(gone)
        if chosen.comparison:
            self.open(chosen.comparison)
        elif chosen.folders:
            self.unmark(self.marked)
            self.compare(chosen.folders)
        else:
            self._bench.say(chosen.why, "information")

    def _open_new(self) -> Comparing:
        if self.present is not None:
            self.present.leave()
        self.present = Comparing(self._bench, partial(self._changed, "comparison"))
        self._changed("comparison-opened")
        return self.present


@dataclass(frozen=True)
class Chosen:
    """The id of a comparison, or runs, or why there is nothing to compare."""

    comparison: str = ""
    folders: tuple[RunFolder, ...] = ()
    why: str = ""


def choose(
    store: Store,
    folders: Mapping[str, RunFolder],
    marked: Sequence[str],
    row: RunFolder | None,
    present: RunFolder | None,
    before: str,
) -> Chosen:
    """What is marked, with the run in `row` or the `present` one if that is one alone.

    With nothing marked: the comparison that this run belongs to, or the run that it was forked from; else the present
    run beside the row, or, where that is the same one, beside the run with the id `before`. Only what is among the
    `folders`, by id, can be compared. Reads the disk: for a thread.
    """
    subject = row or present
    if subject is not None and subject.id not in folders:
        subject = None
    there = [folders[id] for id in marked if id in folders]
    if len(there) == 1 and subject is not None and subject.id != there[0].id:
        there.append(subject)
    if len(there) > 1:
        return Chosen(folders=tuple(there))
    if subject is None:
        return Chosen(why="no run to compare: space starts one, or r lists those that are there")
    origin = subject.origin()
    if origin.comparison and any(it.id == origin.comparison and it.comparison for it in store.comparisons.all()):
        return Chosen(comparison=origin.comparison)
    if origin.parent in folders and origin.parent != subject.id:
        return Chosen(folders=(folders[origin.parent], subject))
    listed = row is not None and present is not None and row.id != present.id
    other = folders.get(present.id if listed and present else before)
    if other is None or other.id == subject.id:
        return Chosen(why="nothing to compare this run with: f forks it, v varies a field, m marks runs")
    both = (other, subject)
    return Chosen(folders=tuple(sorted(both, key=lambda folder: folder.id)) if listed else both)
