"""Runs as a panel gets them, and an app to put a widget or a screen into."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from tests.recorded import Recording, overfitting
from tui_trainer.experiment.parse import parse
from tui_trainer.runs.view import LayerFigures, LayersAt, RunView
from tui_trainer.ui.theme import DARK

EXPERIMENT = parse(
    {
        "name": "digits-overfit",
        "model": {"kind": "mlp", "hidden": [100] * 6},
        "data": {"kind": "digits", "train_samples": 300},
        "optimizer": {"kind": "sgd", "lr": 0.01},
        "training": {"epochs": 201, "batch_size": 100},
    }
)
HOSTILE = "\x1b]0;owned\x07[/nope][@click=app.quit]x[/]\u202eevil\x9b31m"
"""A text that retitles the terminal, breaks markup, quits at a click and writes from right to left, if it is let."""
INERT = "]0;owned[/nope][@click=app.quit]x[/]evil31m"
"""What may be seen of it."""


def run(epochs: int = 42, **changes: Any) -> RunView:
    """A run that overfits, `epochs` of its 201 epochs done."""
    return replace(Recording(experiment=EXPERIMENT, curves=overfitting).train(epochs).view(), **changes)


def layers(count: int = 7, **ill: Any) -> tuple[LayersAt, ...]:
    """`count` layers, healthy but for the figures of the first that are in `ill`."""
    healthy = LayerFigures("hidden1", 0.12, update_ratio=1.3e-3, weight_norm=8.1, zero_share=0.0, dead_share=0.04)
    made = [replace(healthy, name=f"hidden{number}") for number in range(1, count)]
    made.append(replace(healthy, name="output", dead_share=None))
    made[0] = replace(made[0], **ill)
    return (LayersAt(step=126, epoch=42.0, layers=tuple(made)),)


class Stage(App[None]):
    """Shows one widget, or one screen over a nearly empty one; `result` is what the screen returned."""

    CSS = "Screen > Static { height: 1; }"

    def __init__(self, *widgets: Widget, screen: Screen[Any] | None = None, css: str = "") -> None:
        super().__init__()
        self._widgets = widgets
        self._first = screen
        self.result: Any = "nothing yet"
        self.stylesheet.add_source(css)
        self.register_theme(DARK)
        self.theme = DARK.name

    def compose(self) -> ComposeResult:
        yield from self._widgets or [Static("below")]

    def on_mount(self) -> None:
        if self._first is not None:
            self.push_screen(self._first, self._on_result)

    def _on_result(self, result: Any) -> None:
        self.result = result


async def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    """Waits for something that a thread or the event loop is about to do."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.01)
