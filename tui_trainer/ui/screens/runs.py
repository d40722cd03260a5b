"""The runs: what each was and how it went; to open, rename, delete, or train again."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from textual import work
from textual.binding import Binding, BindingType

from tui_trainer.plots.spec import Row, Span
from tui_trainer.runs.differing import Differing
from tui_trainer.runs.folder import MAX_NAME, RunFolder
from tui_trainer.runs.records import Figures
from tui_trainer.runs.store import RunAlive, RunNotFound, Store
from tui_trainer.runs.summary import RunSummary
from tui_trainer.ui.figures import figure, moment, took
from tui_trainer.ui.laboratory.runs_watch import Runs, RunsWatch, WhatDiffers
from tui_trainer.ui.screens.ask import AskText, yes_or_no
from tui_trainer.ui.screens.list_screen import ListScreen
from tui_trainer.ui.screens.run_explained import explain
from tui_trainer.ui.terminal.glyphs import DOWN, MARKED, UP
from tui_trainer.ui.widgets.row_list import Column, Item
from tui_trainer.ui.widgets.rows import STRONG
from tui_trainer.ui.widgets.status_line import state_span

if TYPE_CHECKING:
    from tui_trainer.ui.laboratory.laboratory import Laboratory

Action = Literal["open", "again", "compare", "fork", "checkpoints"]


@dataclass(frozen=True)
class RunsResult:
    """What to do with which run."""

    action: Action
    folder: RunFolder


@dataclass(frozen=True)
class _Order:
    """By what runs are sorted: the column that shows it, the figure or word, and whether the largest comes first."""

    column: int
    by: Callable[[RunSummary], Any]
    largest_first: bool


_ORDERS = (
    _Order(6, lambda run: run.id[:15], True),
    _Order(2, lambda run: run.name.lower(), False),
    _Order(1, lambda run: run.state, False),
    _Order(3, lambda run: _rank(run.best.validation if run.best else {}, run), True),
    _Order(4, lambda run: _rank(run.validation, run), True),
    _Order(5, lambda run: run.seconds, True),
)


class RunsScreen(ListScreen[RunsResult | None]):
    """Returns what to do with a run, or None. `current_id` is the run that the main screen shows.

    Without a laboratory, one of the runs is to be chosen, and nothing else.
    """

    heading = "Runs"
    columns = (
        Column("", 1),
        Column("state", 13),
        Column("name", least=14),
        Column("best", 6, right=True),
        Column("last", 6, right=True),
        Column("time", 7, right=True, rank=1),
        Column("started", 12, right=True, rank=2),
        Column("differs in", least=30, rank=3),
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", id="runs.open"),
        Binding("m", "mark", "Mark", id="runs.mark"),
        Binding("c", "compare", "Compare", id="runs.compare"),
        Binding("f", "fork", "Fork", id="runs.fork"),
        Binding("K", "checkpoints", "Fork from a checkpoint", id="runs.checkpoints", show=False),
        Binding("R", "again", "Train again", id="runs.again"),
        Binding("s", "sort", "Sort", id="runs.sort"),
        Binding("S", "reverse", "Reverse", id="runs.reverse"),
        Binding("n", "rename", "Rename", id="runs.rename"),
        Binding("d", "delete", "Delete", id="runs.delete"),
    ]

    def __init__(self, store: Store, current_id: str | None = None, laboratory: Laboratory | None = None) -> None:
        super().__init__()
        self._store = store
        self._laboratory = laboratory
        self._comparisons: Mapping[str, str] = {}  # names by id
        self._current_id = current_id
        self._runs: Runs = {}
        self._differing: WhatDiffers = {}
        self._seeded: frozenset[str] = frozenset()  # names that runs with several seeds share
        self._items: dict[str, tuple[RunSummary, Differing | None, Item]] = {}
        self._order = 0
        self._reversed = False
        self._watch: RunsWatch | None = None

    def on_mount(self) -> None:
        super().on_mount()
        self.show_items([], empty="Reading the runs.")
        self._watch = RunsWatch(self._store, self._show_soon)
        self.in_background(self._names_of_comparisons, self._take_names)

    def _names_of_comparisons(self) -> dict[str, str]:
        return {it.id: it.name for it in self._store.comparisons.all()}

    def _take_names(self, names: Mapping[str, str]) -> None:
        self._comparisons = names
        self._explanation.update()

    def on_unmount(self) -> None:
        if self._watch:
            self._watch.stop()

    def _show_soon(self, runs: Runs, differing: WhatDiffers) -> None:
        with suppress(RuntimeError):  # the dashboard is gone
            self.call_later(self._show, runs, differing)

    def _show(self, runs: Runs, differing: WhatDiffers) -> None:
        first = not self._runs
        self._runs, self._differing = runs, differing
        seeds: dict[str, set[int]] = {}
        for run in runs.values():
            seeds.setdefault(run.name, set()).add(run.experiment.seed if run.experiment else 0)
        self._seeded = frozenset(name for name, found in seeds.items() if len(found) > 1)
        self._list_runs(highlight=self._current_id if first else None)

    def _list_runs(self, highlight: str | None = None) -> None:
        order = _ORDERS[self._order]
        descending = order.largest_first != self._reversed
        runs = sorted(self._runs.values(), key=lambda run: run.id, reverse=True)
        runs.sort(key=order.by, reverse=descending)
        columns = list(self.columns)
        sign = DOWN if descending else UP
        columns[order.column] = replace(columns[order.column], heading=f"{columns[order.column].heading} {sign}")
        empty = "No runs yet. Esc goes back; there Space trains one."
        self.show_items(list(map(self._item, runs)), columns=columns, highlight=highlight, empty=empty)

    def _item(self, run: RunSummary) -> Item:
        differs = self._differing.get(run.id)
        known, told, item = self._items.get(run.id, (None, None, None))
        if item is None or known is not run or told is not differs:
            item = _item(run, differs, run.id == self._current_id)
            self._items[run.id] = run, differs, item
        mark: Span = (MARKED, "mark") if run.id in self._marked else ("", "")
        state, (name, role), *rest = item.cells
        if run.name in self._seeded and run.experiment is not None:
            name = f"{name}, seed {run.experiment.seed}"
        return replace(item, cells=(mark, state, (name, role), *rest))

    @property
    def _marked(self) -> tuple[str, ...]:
        return self._laboratory.comparisons.marked if self._laboratory is not None else ()

    def explain(self, item: Item | None, width: int) -> Sequence[Row]:
        run = self._runs.get(item.key) if item else None
        if run is None:
            return []
        parent = self._runs.get(run.origin.parent)
        comparison = self._comparisons.get(run.origin.comparison, "")
        return explain(run, width, self._differing.get(run.id), parent.name if parent else "", comparison)

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self._laboratory is not None or action not in ("mark", "compare", "fork", "checkpoints")

    def action_mark(self) -> None:
        """Mark the highlighted run for a comparison, and go on to the next."""
        if self.highlighted and self._laboratory is not None:
            self._laboratory.comparisons.mark(self.highlighted.key)
            self._list_runs()
            self.action_move(1)

    def action_compare(self) -> None:
        """Those that are marked; or the highlighted one with what it belongs to, or with the current one."""
        self._leave_with("compare")

    def action_fork(self) -> None:
        self._leave_with("fork")

    def action_checkpoints(self) -> None:
        self._leave_with("checkpoints")

    def action_again(self) -> None:
        self._leave_with("again")

    def _leave_with(self, action: Action) -> None:
        if self.highlighted:
            self.dismiss(RunsResult(action, self._runs[self.highlighted.key].folder))

    def open(self, item: Item) -> None:
        self.dismiss(RunsResult("open", self._runs[item.key].folder))

    def action_sort(self) -> None:
        """By the next column."""
        self._order = (self._order + 1) % len(_ORDERS)
        self._reversed = False
        self._list_runs()

    def action_reverse(self) -> None:
        self._reversed = not self._reversed
        self._list_runs()

    @work
    async def action_rename(self) -> None:
        if self.highlighted is None:
            return
        run = self._runs[self.highlighted.key]
        question = AskText("The name of this run:", run.name, _name_problem, "Empty, it has its experiment's name.")
        name = await self.app.push_screen_wait(question)
        if name is not None and name != run.name:
            self._do(partial(self._store.rename, run.folder, name), run)

    @work
    async def action_delete(self) -> None:
        """Asks first; a run that is alive stays."""
        if self.highlighted is None:
            return
        run = self._runs[self.highlighted.key]
        if run.alive:
            self.notify("This run is still alive: open it and stop it first.", severity="warning")
            return
        detail = f"{run.id}: its curves and checkpoints go with it."
        question = yes_or_no(f"Delete the run {run.name}?", "delete it", "keep it", detail)
        if await self.app.push_screen_wait(question) == "yes":
            self._do(partial(self._store.delete, run.folder), run, forget=True)

    def _do(self, act: Callable[[], None], run: RunSummary, *, forget: bool = False) -> None:
        """Changes a run's folder, says what went wrong if anything did, and looks at it again.

        `forget`: it is gone then.
        """

        def attempt() -> str:
            try:
                act()
            except (OSError, RunAlive, RunNotFound) as error:
                return str(error)
            return ""

        def finish(wrong: str) -> None:
            if wrong:
                self.notify(wrong, severity="error", markup=False)
            elif forget and self._laboratory is not None:
                self._laboratory.comparisons.unmark([run.id])
            if self._watch:
                self._watch.look_again(run.id)

        self.in_background(attempt, finish)


def _name_problem(name: str) -> str:
    return f"too long (at most {MAX_NAME} characters)" if len(name) > MAX_NAME else ""


def _rank(figures: Figures, run: RunSummary) -> float:
    value = figures.get(run.metric, math.nan)
    return value if math.isfinite(value) else -math.inf


def _item(run: RunSummary, differs: Differing | None, current: bool) -> Item:
    best = run.best.validation.get(run.metric) if run.best else None
    return Item(
        run.id,
        (
            state_span(run.state),
            (run.name, STRONG if current else ""),
            (figure(best), ""),
            (figure(run.validation.get(run.metric)), ""),
            (took(run.seconds), "label"),
            (moment(run.started_time), "label"),
            (differs.in_short if differs else "", "label"),
        ),
        run.name,
    )
