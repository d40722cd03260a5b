"""The user's own keys: a file that gives actions other keys than those they come with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import _character_to_key

from tui_trainer.experiment.load import read_file
from tui_trainer.experiment.problems import ExperimentError, suggestion
from tui_trainer.experiment.text import clean
from tui_trainer.experiment.yaml_text import read

NAME = "keys.yaml"
"""In the home folder. A line an action: its name, a colon, its key or several with commas: `run.stop: X`."""

_KEY = re.compile(r"((ctrl|alt|shift|super)\+)*(\S|[a-z][a-z0-9_]+)")
# An escape sequence that a slow connection cuts arrives as Esc and one of these.
_UNSAFE = frozenset("[OABCDHPF")

# These leave their key to others where there is nothing for them to do.
_YIELDING = frozenset({"plot.hide-cursor", "news.dismiss", "fork.forget"})

# The first parts of the names of actions that are there at the same time.
_MAIN = frozenset({"app", "area", "run", "open", "draft"})
_TOGETHER = (
    _MAIN | {"form"},
    _MAIN | {"plot"},
    _MAIN | {"news"},
    _MAIN | {"findings"},
    frozenset({"app", "compare", "run", "plot"}),
    frozenset({"app", "compare", "run", "list", "table"}),
    frozenset({"app", "inspect", "run"}),
    frozenset({"app", "list", "runs"}),
    frozenset({"app", "list", "presets"}),
    frozenset({"list", "picker"}),
    frozenset({"list", "vary"}),
    frozenset({"list", "columns"}),
    frozenset({"list", "checkpoints"}),
)


def read_keys(file: Path) -> tuple[dict[str, str], list[str]]:
    """The keys in `file` by action, without those that are wrong, and what is wrong. No file is an empty one."""
    if not file.exists():
        return {}, []
    try:
        mapping, positions, _ = read(read_file(file), str(file))
    except ExperimentError as error:
        return {}, [str(problem) for problem in error.problems]
    known = actions()
    wrong: dict[str, str] = {}
    keys: dict[str, str] = {}
    for name, value in mapping.items():
        listed = [_named(key.strip()) for key in str(value).split(",")]
        wrong[name] = _unknown(name, known) or next(filter(None, map(_unusable, listed)), "")
        if not wrong[name]:
            keys[name] = ",".join(listed)
    for name in list(keys):
        wrong[name] = _taken(name, {**known, **keys})
        if wrong[name]:
            del keys[name]
    return keys, [
        f"{file}:{positions.get((name,), (1, 1))[0]}: {clean(name, 100)}: {why}" for name, why in wrong.items() if why
    ]


def actions() -> dict[str, str]:
    """Every action that has a name, with its keys."""
    from tui_trainer.ui.app import TrainerApp
    from tui_trainer.ui.compare import table
    from tui_trainer.ui.forms import form, grid
    from tui_trainer.ui.panels import findings
    from tui_trainer.ui.screens import checkpoints, compare, inspect, main, picker, presets, runs, vary
    from tui_trainer.ui.screens.columns import Columns
    from tui_trainer.ui.screens.table import TableScreen
    from tui_trainer.ui.widgets import curve_plot, dashboard, news_line

    found: dict[str, str] = {}
    screens = (
        main.MainScreen,
        compare.CompareScreen,
        presets.PresetsScreen,
        runs.RunsScreen,
        inspect.InspectScreen,
        picker.Picker,
        vary.VaryScreen,
        Columns,
        TableScreen,
        checkpoints.CheckpointsScreen,
    )
    areas = (
        form.FormPanel,
        grid.Grid,
        dashboard.Dashboard,
        curve_plot.CurvePlot,
        findings.FindingsPanel,
        news_line.NewsLine,
        table.CompareTable,
    )
    for shown in (TrainerApp, *screens, *areas):
        for above in shown.__mro__:
            if issubclass(above, DOMNode):
                named = [it for it in vars(above).get("BINDINGS", ()) if isinstance(it, Binding) and it.id]
                found = {**{it.id: it.key for it in named if it.id}, **found}
    return found


def _named(key: str) -> str:
    """A key as Textual calls it: `question_mark` for `?`."""
    return _character_to_key(key) if len(key) == 1 else key


def _unknown(name: str, known: Mapping[str, str]) -> str:
    return "" if name in known else f"there is no such action ({suggestion(name, known)})"


def _unusable(key: str) -> str:
    if not _KEY.fullmatch(key):
        return f"{clean(key, 50)!r} is no key (a character, or a name such as ctrl+x, f5, space)"
    if key in _UNSAFE or key == _named("["):
        return f"{key!r} cannot be used (terminals send it inside the sequences of other keys)"
    return ""


def _taken(name: str, keys: Mapping[str, str]) -> str:
    """Which other action that is there at the same time has one of its keys."""
    if name in _YIELDING:
        return ""
    mine = set(keys[name].split(","))
    scope, _, what = name.partition(".")
    for other, theirs in keys.items():
        beside, _, same = other.partition(".")
        together = scope == beside or any({scope, beside} <= scopes for scopes in _TOGETHER)
        if other not in {name, *_YIELDING} and what != same and together and (both := mine & set(theirs.split(","))):
            return f"{min(both)!r} is {other}'s too (give one of them another key)"
    return ""
