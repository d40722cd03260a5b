"""Every key that does something on a screen, read off the bindings, and what the signs mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any, ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.dom import DOMNode
from textual.screen import ModalScreen, Screen

from tui_trainer.plots.spec import Row, Span
from tui_trainer.ui.terminal.glyphs import LIVE, STATES, UP, WARNING
from tui_trainer.ui.terminal.keys import key_name
from tui_trainer.ui.widgets.explanation import Explanation, paragraph, wrap
from tui_trainer.ui.widgets.hints import Hints
from tui_trainer.ui.widgets.rows import STRONG, exact, fit
from tui_trainer.ui.widgets.status_line import state_span

TITLES = {
    "run": "The run",
    "area": "Areas",
    "compare": "The comparison",
    "inspect": "What the model sees",
    "table": "In the table",
    "cells": "In a table",
    "path": "While typing a path",
    "draft": "The experiment",
    "fork": "A fork",
    "form": "In a panel",
    "plot": "On a plot",
    "findings": "On a finding",
    "open": "Screens",
    "list": "In a list",
    "filter": "In a filter",
    "explanation": "In a text",
    "text": "While typing",
    "app": "Everywhere",
}
"""The group of an id of a binding, which is the part before its dot, in words; other groups go by their own name."""

WORDS = {
    "train": "on the samples trained on",
    "validation": "on samples never trained on",
    "gap": "train less validation: large is overfitting",
    "guessing": "a network that knows nothing",
    "commonest": "always saying the commonest class",
    "mae": "mean absolute error: how far off predictions are",
    "R²": "share of the target's variance that is explained",
    "macro F1": "precision and recall, every class counting alike",
    "perplexity": "among how many tokens it is unsure",
    "gradient": "how strongly a layer is told to change",
    "update": "size of a step relative to the weights",
    "dead units": "no sample activates them any more",
    "weight norm": "how large a layer's weights are",
    "zeros": "share of its weights that are 0",
    "finding": "what is wrong with a run; Enter tries a cure",
    "fork": "a changed copy of a run, trained beside it",
    "comparison": "runs that differ in one thing, side by side",
    "seed": "another seed tells luck from a difference",
    "loss": "what training makes small",
    "epoch": "every sample once",
    "step": "one update of the weights",
}
"""A line each, for what no panel has room to explain."""

_COLUMN = 50
_KEYS = 16

Group = tuple[str, list[tuple[Span, str]]]
"""A title, and for each key or sign what it does or means."""


About = tuple[str, Sequence[tuple[str, str]]]
"""A heading, and texts with the word before each."""


class HelpScreen(ModalScreen[None]):
    """The keys of `below` and of all that is on it; above them `about`, a heading and the texts below it, in full."""

    CSS_PATH = "help.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,question_mark,f1,q", "dismiss", "Back", id="help.back")]

    def __init__(self, below: Screen[Any], about: About | None = None) -> None:
        super().__init__()
        self._about = about
        self._groups = [*groups(below), signs(), *([] if below.is_modal else [words()])]
        self._text = Explanation(id="keys")

    def compose(self) -> ComposeResult:
        with Vertical(id="window") as window:
            window.border_title = "Help"
            yield self._text
            yield Hints()

    def on_mount(self) -> None:
        self._text.show(lambda width: [*_told(self._about, width), *laid_out(self._groups, width)])
        self.call_after_refresh(self._text.focus)


def title(id: str) -> str:
    """The group of an id of a binding, in words."""
    name = id.partition(".")[0]
    return TITLES.get(name, name.capitalize())


def groups(below: Screen[Any]) -> list[Group]:
    """The bindings of a screen, what is on it, and its program, in groups by the first part of their ids."""
    keymap = below.app._keymap
    found: dict[str, dict[str, tuple[Span, str]]] = {}
    for binding in _bindings(below):
        if binding.id and binding.description:
            keys = (key.strip() for key in keymap.get(binding.id, binding.key).split(","))
            names = " ".join(dict.fromkeys(map(key_name, keys)))
            group = found.setdefault(binding.id.partition(".")[0], {})
            group.setdefault(binding.id, ((names, STRONG), binding.description))
    return [(title(name), list(group.values())) for name, group in found.items()]


def words() -> Group:
    """What the panels and lines of the main screen mean."""
    return "What the words mean", [((word, STRONG), meaning) for word, meaning in WORDS.items()]


def signs() -> Group:
    """What the signs mean that stand for something."""
    meanings: dict[Span, list[str]] = {}
    for state in STATES:
        shown, role = state_span(state)
        sign, word = shown.split()
        meanings.setdefault((sign, role), []).append(word)
    meanings.setdefault((WARNING, "warning"), []).append("a figure that is clearly ill")
    meanings[LIVE, ""] = ["can change while training"]
    meanings[UP, STRONG] = ["clearly the best of several"]
    return "Signs", [(sign, ", ".join(words)) for sign, words in meanings.items()]


def _told(about: About | None, width: int) -> list[Row]:
    """What is explained above the keys."""
    if about is None:
        return []
    heading, texts = about
    rows: list[Row] = [[(heading, STRONG)]]
    for word, text in texts:
        rows += paragraph(f"{word}: {text}" if word else text, width)
    return [*rows, []]


def laid_out(groups: Sequence[Group], width: int) -> list[Row]:
    """The groups below one another, in as many columns as there is room for."""
    count = max(1, width // _COLUMN)
    each = width // count
    blocks = [_block(group, each) for group in groups]
    columns: list[list[Row]] = [[] for _ in range(count)]
    least = -(-sum(map(len, blocks)) // count)
    at = 0
    for block in blocks:
        if columns[at] and len(columns[at]) + len(block) / 2 > least and at < count - 1:
            at += 1
        columns[at] += block
    return [[span for row in rows for span in exact(row, each)] for rows in zip_longest(*columns, fillvalue=[])]


def _block(group: Group, width: int) -> list[Row]:
    title, entries = group
    rows: list[Row] = [[(title, "label")]]
    for (name, role), words in entries:
        first, *more = wrap(words, width - _KEYS - 5) or [""]
        rows.append([("  ", ""), (fit(name, _KEYS), role), ("  " + first, "")])
        rows += [[(" " * (_KEYS + 4) + line, "")] for line in more]
    return [*rows, []]


def _bindings(below: Screen[Any]) -> Iterator[Binding]:
    """Those that this program's own classes declare, each class once, and that work on this screen."""
    nodes: list[DOMNode] = [below, *below.walk_children(), below.app]
    for cls in dict.fromkeys(cls for node in nodes for cls in type(node).__mro__):
        if cls.__module__.startswith("tui_trainer."):
            declared = [each for each in cls.__dict__.get("BINDINGS", ()) if isinstance(each, Binding)]
            # On a modal screen the keys of the program itself do nothing, but for those that come before all others.
            only_first = below.is_modal and issubclass(cls, App)
            yield from (binding for binding in declared if binding.priority or not only_first)
