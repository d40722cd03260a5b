"""The presets: what each of them shows, and saving the present experiment as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from tui_trainer.experiment.comparison import Comparison
from tui_trainer.experiment.diff import Difference, change_in_words, from_defaults, shown
from tui_trainer.experiment.presets import Preset, delete_own, presets
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.schema import Experiment
from tui_trainer.plots.spec import Row
from tui_trainer.ui.screens.ask import yes_or_no
from tui_trainer.ui.screens.list_screen import ListScreen
from tui_trainer.ui.screens.saving import save_as_preset
from tui_trainer.ui.terminal.glyphs import WARNING
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.row_list import Column, Item
from tui_trainer.ui.widgets.rows import STRONG


@dataclass(frozen=True)
class Loaded:
    """A preset as its file was read: its experiment or comparison, or what is wrong with it."""

    preset: Preset
    what: Experiment | Comparison | None
    problems: tuple[str, ...] = ()


class PresetsScreen(ListScreen[Preset | None]):
    """Returns the preset to load, or None."""

    heading = "Presets"
    columns = (Column("name", 26), Column("", 10, rank=1), Column("about"))

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Load", id="presets.load"),
        Binding("s", "save", "Save the present experiment", id="presets.save"),
        Binding("d", "delete", "Delete", id="presets.delete"),
    ]

    def __init__(self, current: Experiment) -> None:
        super().__init__()
        self._current = current
        self._loaded: dict[str, Loaded] = {}

    def on_mount(self) -> None:
        super().on_mount()
        self._reload()

    def explain(self, item: Item | None, width: int) -> Sequence[Row]:
        loaded = self._loaded.get(item.key) if item else None
        return explain(loaded, width) if loaded else []

    def open(self, item: Item) -> None:
        loaded = self._loaded[item.key]
        if loaded.what:
            self.dismiss(loaded.preset)
        else:
            self.notify("This preset cannot be loaded: below stands what is wrong with it.", severity="warning")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "delete":
            return self.highlighted is not None and self._loaded[self.highlighted.key].preset.own
        return True

    @work
    async def action_save(self) -> None:
        """Asks for a name first."""
        saved = await save_as_preset(self.app, self._current)
        if saved:
            self._reload(saved.name)

    @work
    async def action_delete(self) -> None:
        """Asks first."""
        if self.highlighted is None:
            return
        preset = self._loaded[self.highlighted.key].preset
        question = yes_or_no(f"Delete the preset {preset.name}?", "delete it", "keep it", str(preset.path))
        if await self.app.push_screen_wait(question) == "yes":
            self._do(partial(delete_own, preset))

    def _do(self, act: Callable[[], object]) -> None:
        """Changes a file, says what went wrong if anything did, and lists the presets anew."""

        def attempt() -> str:
            try:
                act()
            except (OSError, ValueError, ExperimentError) as error:
                return str(error)
            return ""

        def finish(wrong: str) -> None:
            if wrong:
                self.notify(wrong, severity="error", markup=False)
            self._reload()

        self.in_background(attempt, finish)

    def _reload(self, highlight: str | None = None) -> None:
        def show(loaded: list[Loaded]) -> None:
            self._loaded = {each.preset.name: each for each in loaded}
            self.show_items(list(map(_item, loaded)), highlight=highlight, empty="There are no presets.")

        self.in_background(load_all, show)


def load_all() -> list[Loaded]:
    """Every preset, also those whose file is wrong."""
    return list(map(_load, presets()))


def _load(preset: Preset) -> Loaded:
    try:
        return Loaded(preset, preset.load())
    except ExperimentError as error:
        return Loaded(preset, None, tuple(map(str, error.problems)))


def _item(loaded: Loaded) -> Item:
    name, own = loaded.preset.name, "own" if loaded.preset.own else ""
    if loaded.what is None:
        return Item(name, ((name, "warning"), (own, "label"), (f"{WARNING} cannot be read", "warning")))
    if isinstance(loaded.what, Comparison):
        own = f"{len(loaded.what.arms)} arms {own}".rstrip()
    return Item(name, ((name, ""), (own, "label"), (loaded.what.about, "label")))


def explain(loaded: Loaded, width: int) -> list[Row]:
    """What a preset is, what it teaches, and what it sets; or what is wrong with its file."""
    rows: list[Row] = [[(loaded.preset.name, STRONG)]]
    if loaded.what is None:
        return [*rows, *(row for problem in loaded.problems for row in paragraph(problem, width, "warning"))]
    rows += paragraph(loaded.what.about, width)
    rows += paragraph(loaded.what.teaches, width, "label")
    if isinstance(loaded.what, Comparison):
        rows += [[], *_arms(loaded.what, width)]
    else:
        differences = from_defaults(loaded.what)
        rows += [[], *(_settings(differences) or [[("All settings are the defaults.", "label")]])]
    return [
        *rows,
        [],
        [
            ("saved by you: " if loaded.preset.own else "comes with the program: ", "label"),
            (str(loaded.preset.path), "label"),
        ],
    ]


def _arms(comparison: Comparison, width: int) -> list[Row]:
    """What is compared, and with what."""
    seeds = f", each with {comparison.repeats} seeds" if comparison.repeats > 1 else ""
    rows = paragraph(f"A comparison: Enter opens it, space then trains {len(comparison.arms)} arms{seeds}.", width)
    widest = max(len(arm.name) for arm in comparison.arms)
    for arm in comparison.arms:
        changes = ", ".join(change_in_words(path, value) for path, value in arm.changes.items())
        words = "" if changes == arm.name else changes or "the base as it is"
        rows.append([("  ", ""), (arm.name.ljust(widest + 2), STRONG), (words, "label")])
    base = [[("of this base:", "label")], *_settings(from_defaults(comparison.base))]
    return [*rows, [], *base]


def _settings(differences: Sequence[Difference]) -> list[Row]:
    paths = max((len(each.path) for each in differences), default=0)
    values = max((len(shown(each.b)) for each in differences), default=0)
    return [
        [
            (each.path.ljust(paths + 2), "label"),
            (shown(each.b).ljust(values + 2), ""),
            ("" if each.a is None else f"instead of {shown(each.a)}", "label"),
        ]
        for each in differences
    ]
