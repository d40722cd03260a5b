from __future__ import annotations

from typing import Any

import pyte
import pytest
from rich.console import Console, RenderableType
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen

from tui_trainer.ui.terminal.updates import SpansUpdate, SparingDisplay, terse
from tui_trainer.ui.widgets.curve_plot import Curve, CurvePlot

WIDTH, HEIGHT = 100, 30
TRUECOLOR = Console(color_system="truecolor", force_terminal=True, width=WIDTH, height=HEIGHT)


class Recorder:
    """Stands for Textual's App below `SparingDisplay` and remembers what would be sent."""

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if isinstance(renderable, CompositorUpdate):
            self.sent.append((type(renderable), renderable.render_segments(TRUECOLOR)))
        super()._display(screen, renderable)  # type: ignore[misc]


class Plots(SparingDisplay, Recorder, App[None]):  # type: ignore[misc]
    CSS = "CurvePlot { width: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[type, str]] = []

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield CurvePlot("Loss", id="loss")
            yield CurvePlot("Accuracy", id="accuracy", y_range=(0, 1))


def screen_of(*texts: str) -> list[list[Any]]:
    screen = pyte.Screen(WIDTH, HEIGHT)
    stream = pyte.Stream(screen)
    for text in texts:
        stream.feed(text)
    cells = [[screen.buffer[y][x] for x in range(WIDTH)] for y in range(HEIGHT)]
    return [[(cell.data, cell.bg, cell.data == " " or cell.fg) for cell in row] for row in cells]


async def test_small_updates_leave_the_same_screen_as_a_full_one() -> None:
    app = Plots()
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        for points in range(2, 60, 3):
            xs = [float(i) for i in range(points)]
            for plot in app.query(CurvePlot):
                plot.update_curves([Curve("train", "train", xs, [1 / (1 + x / 9) for x in xs])], 60)
            await pilot.pause()
        full = app.screen._compositor.render_update(full=True)
        assert isinstance(full, CompositorUpdate)
        assert screen_of(*(text for _, text in app.sent)) == screen_of(full.render_segments(TRUECOLOR))


async def test_an_update_sends_little_more_than_what_changed() -> None:
    app = Plots()
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        xs = [float(i) for i in range(150)]
        ys = [1 / (1 + x / 9) for x in xs]
        plot = app.query_one("#accuracy", CurvePlot)
        plot.update_curves([Curve("train", "train", xs[:130], ys[:130])], 200)
        await pilot.pause()
        app.sent.clear()
        plot.update_curves([Curve("train", "train", xs[:132], ys[:132])], 200)
        await pilot.pause()
        kinds = [kind for kind, _ in app.sent]
        assert kinds == [SpansUpdate]
        assert len(app.sent[0][1].encode()) < 150


def test_a_style_that_holds_is_not_sent_again() -> None:
    blue, red = Style(color="#0000ff", bgcolor="#000000"), Style(color="#ff0000", bgcolor="#000000")
    blank = Style(bgcolor="#000000")
    segments = [Segment("ab", blue), Segment("  ", blank), Segment("cd", blue), Segment("e", red)]
    text = terse(segments, TRUECOLOR)
    assert text == "\x1b[0;38;2;0;0;255;48;2;0;0;0mab  cd\x1b[0;38;2;255;0;0;48;2;0;0;0me\x1b[0m"


@pytest.mark.parametrize("line", [Style(underline=True), Style(reverse=True), Style(bgcolor="#101010")])
def test_blank_cells_keep_what_can_be_seen_of_their_style(line: Style) -> None:
    plain = Style(color="#0000ff", bgcolor="#000000")
    seen = Style(bgcolor="#000000") + line
    assert terse([Segment("a", plain), Segment(" ", seen)], TRUECOLOR).count("\x1b[0;") == 2
    assert terse([Segment("a", plain + line), Segment(" ", Style(bgcolor="#000000"))], TRUECOLOR).count("\x1b[0;") == 2


def test_textual_still_makes_the_updates_that_are_cut() -> None:
    assert issubclass(SpansUpdate, ChopsUpdate)
    assert "_display" in vars(App)
