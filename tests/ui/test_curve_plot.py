from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import exp
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region

from tui_trainer.insight.axes import Limits
from tui_trainer.ui.widgets.curve_plot import Band, Curve, CurvePlot, Mark, link

EPOCHS = [float(i) for i in range(201)]
LOSSES = [2.3 * exp(-x / 30) for x in EPOCHS]


class Spy(CurvePlot):
    """Remembers which regions it asked to have repainted; None stands for all of it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.repainted: list[Region | None] = []
        super().__init__(*args, **options)

    def refresh(self, *regions: Region, **options: Any) -> Spy:
        self.repainted += regions or [None]
        return super().refresh(*regions, **options)


class Plot(App[None]):
    CSS = "CurvePlot { height: 1fr; }"

    def __init__(self, **options: Any) -> None:
        super().__init__()
        self.plot = Spy(**options)

    def compose(self) -> ComposeResult:
        yield self.plot

    def show(self, points: int, ended: bool = False, marks: Sequence[Mark] = ()) -> None:
        train = Curve("train", "train", EPOCHS[:points], LOSSES[:points])
        thick = Curve("validation", "validation", EPOCHS[:points], [y + 0.2 for y in LOSSES[:points]], "thick")
        self.plot.update_curves([train, thick], 200, ended, marks)

    def rows(self) -> list[str]:
        width, height = self.plot.size
        return [self.plot.render_line(y).crop(0, width).text for y in range(height)]


async def test_a_new_point_repaints_a_few_cells_and_the_same_data_none() -> None:
    app = Plot(title="Loss")
    async with app.run_test(size=(100, 30)) as pilot:
        app.show(150)
        await pilot.pause()
        app.plot.repainted.clear()
        app.show(152)
        assert app.plot.repainted
        end = 6 + 152 / 200 * 90
        for region in app.plot.repainted:
            assert region is not None
            assert abs(region.right - end) < 6
            assert region.width <= 6
            assert region.height == 1

        app.plot.repainted.clear()
        app.show(152)
        assert app.plot.repainted == []


async def test_what_is_repainted_is_all_that_changed() -> None:
    app = Plot()
    async with app.run_test(size=(100, 30)) as pilot:
        app.show(150)
        await pilot.pause()
        before = app.rows()
        app.plot.repainted.clear()
        app.show(160)
        after = app.rows()
        repainted = {
            (x, region.y) for region in app.plot.repainted if region is not None for x in range(region.x, region.right)
        }
        changed = {
            (x, y)
            for y, (old, new) in enumerate(zip(before, after, strict=True))
            for x, (a, b) in enumerate(zip(old, new, strict=True))
            if a != b
        }
        assert changed
        assert changed <= repainted
        assert all(len(row) == app.plot.size.width for row in after)


async def test_the_cursor_reads_values_and_escape_hides_it() -> None:
    app = Plot()
    async with app.run_test(size=(130, 30)) as pilot:
        app.show(101)
        app.plot.focus()
        await pilot.press("left", "left")
        assert app.plot.view.cursor == 99
        assert app.rows()[0].startswith(f"epoch  99.0  train ─ {LOSSES[99]:.4f}  validation ━ {LOSSES[99] + 0.2:.4f}")
        await pilot.press("l")
        assert app.plot.view.cursor == 100
        await pilot.press("escape")
        assert app.plot.view.cursor is None
        assert app.rows()[0].startswith("train ─  validation ━")


async def test_keys_change_how_it_is_looked_at() -> None:
    app = Plot()
    async with app.run_test(size=(100, 30)) as pilot:
        app.show(201, ended=True)
        app.plot.focus()
        await pilot.press("L", "S", "z", "z", "shift+left")
        assert app.rows()[0].endswith("log  smooth 0.6  zoom 4x")
        assert app.plot.view.window is not None
        assert app.plot.view.window.upper < 200
        await pilot.press("Z", "Z", "L", "S", "S", "S")
        assert app.rows()[0].strip() == "train ─  validation ━"


async def test_escape_is_left_to_the_holder_while_there_is_no_cursor() -> None:
    class Holder(Plot):
        BINDINGS = [("escape", "leave", "Leave")]
        left = False

        def action_leave(self) -> None:
            self.left = True

    app = Holder()
    async with app.run_test() as pilot:
        app.show(50)
        app.plot.focus()
        await pilot.press("left", "escape")
        assert not app.left
        await pilot.press("escape")
        assert app.left


async def test_a_run_that_starts_anew_gets_a_fresh_view() -> None:
    app = Plot()
    async with app.run_test(size=(100, 30)) as pilot:
        huge = Curve("train", "train", EPOCHS, [40.0 for _ in EPOCHS])
        app.plot.update_curves([huge], 200, ended=True)
        app.plot.focus()
        await pilot.press("z", "left")
        app.show(2)
        view = app.plot.view
        assert (view.window, view.cursor) == (None, None)
        assert view.y is not None
        assert view.y.upper < 4


async def test_another_run_and_a_first_evaluation_get_axes_that_fit() -> None:
    app = Plot()
    async with app.run_test(size=(100, 30)):
        huge = Curve("train", "train", EPOCHS, [40.0 for _ in EPOCHS])
        app.plot.update_curves([huge], 200, subject="a")
        small = Curve("train", "train", EPOCHS, LOSSES)
        ghost = replace(huge, ghost=True)
        app.plot.update_curves([small, ghost], 200, subject="b")
        assert app.plot.view.y == Limits(0, 2.5)
        app.plot.update_curves([ghost], 200, subject="c")
        assert app.plot.view.y == Limits(0, 40)
        app.plot.update_curves([replace(small, xs=[0.0], ys=[2.3]), ghost], 200, subject="c")
        assert app.plot.view.y == Limits(0, 2.5)


async def test_the_mark_of_a_divergence_names_the_key_that_is_in_use() -> None:
    app = Plot()
    app.set_keymap({"plot.log": "w"})
    async with app.run_test(size=(100, 30)):
        app.plot.update_curves([Curve("train", "train", EPOCHS, [2.3] * 150 + [99.0] * 51)], 200)
        assert app.rows()[1].endswith("train ▲ 99  w log")


async def test_a_hidden_plot_shows_the_newest_data_when_it_comes_back() -> None:
    app = Plot()
    async with app.run_test(size=(100, 30)) as pilot:
        app.show(10)
        app.plot.display = False
        await pilot.pause()
        before = app.plot._rows
        app.show(201, ended=True)
        assert app.plot._rows is before
        app.plot.display = True
        await pilot.pause()
        assert app.plot._rows is not before
        assert app.rows()[-1].split()[-1] == "200"


async def test_an_empty_plot_has_axes_and_says_what_to_press() -> None:
    app = Plot(hint="space starts training")
    async with app.run_test(size=(80, 24)) as pilot:
        app.plot.focus()
        await pilot.press("left", "L", "z", "S")
        assert app.rows()[0].startswith("space starts training")
        assert app.rows()[-1].lstrip().startswith("epoch")
        app.show(20)
        assert app.rows()[0].startswith("train")


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (20, 5), (80, 24), (200, 60)])
async def test_any_size_will_do(size: tuple[int, int]) -> None:
    app = Plot(title="Loss")
    async with app.run_test(size=size) as pilot:
        app.show(120, marks=[Mark(40, "lr 0.01")])
        app.plot.focus()
        await pilot.press("left", "z")
        await pilot.resize_terminal(30, 10)
        await pilot.pause()
        assert all(len(row) == 26 for row in app.rows())


@pytest.mark.parametrize("name", ["[/foo]", "[@click=app.quit]x", "\x1b]0;X\x07", "a\nb", "평가"])
async def test_hostile_names_are_inert(name: str) -> None:
    app = Plot(title=name, baseline_label=name, x_unit=name)
    async with app.run_test(size=(80, 24)) as pilot:
        curves = [Curve(name, "train", EPOCHS, LOSSES), Curve("b", name, EPOCHS, LOSSES, ghost=True)]
        app.plot.update_curves(curves, 200, marks=[Mark(50, name)], baseline=1.0)
        app.plot.focus()
        await pilot.press("left")
        drawn = "".join(app.rows())
        assert "\x1b" not in drawn
        assert "\n" not in drawn
        assert app.plot._border_title is not None
        assert "\x1b" not in app.plot._border_title.plain


async def test_without_utf8_all_is_ascii(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    app = Plot()
    async with app.run_test(size=(80, 24)) as pilot:
        app.show(120, marks=[Mark(40, "λ 0.01")])
        app.plot.focus()
        await pilot.press("left")
        assert "".join(app.rows()).isascii()


async def test_without_colour_nothing_has_a_hue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = Plot()
    async with app.run_test(size=(80, 24)):
        app.show(120)
        styles = [segment.style for y in range(20) for segment in app.plot.render_line(y)]
        assert all(
            style is not None
            and (style.color is None or style.color.is_default or len(set(style.color.get_truecolor())) == 1)
            for style in styles
        )


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
async def test_roles_have_the_colours_of_the_theme(theme: str) -> None:
    app = Plot()
    async with app.run_test(size=(80, 24)) as pilot:
        app.theme = theme
        app.show(120)
        await pilot.pause()
        styles = {segment.text.strip(): segment.style for segment in app.plot.render_line(0)}
        sample = styles["─"]
        assert sample is not None
        assert sample.color is not None
        assert sample.color.name == {"textual-dark": "#56b4e9", "textual-light": "#0072b2"}[theme]


class Linked(App[None]):
    """Two plots with one y range, and one with another, all looked at together."""

    def __init__(self) -> None:
        super().__init__()
        self.plots = [Spy("a"), Spy("b"), Spy("c", y_range=(0.0, 1.0))]
        link(self.plots)

    def compose(self) -> ComposeResult:
        yield from self.plots

    def show(self, points: int = 101) -> None:
        small = Curve("train", "train", EPOCHS[:points], LOSSES[:points])
        large = Curve("train", "train", EPOCHS[: points + 20], [3 * y for y in LOSSES[: points + 20]])
        self.plots[0].update_curves([small], 200, beside=[large])
        self.plots[1].update_curves([large], 200, beside=[small])
        self.plots[2].update_curves([small], 200, reached=float(points + 19))


async def test_linked_plots_share_zoom_smoothing_and_cursor_and_the_scale_where_y_is_the_same() -> None:
    app = Linked()
    async with app.run_test(size=(120, 40)) as pilot:
        app.show()
        first, second, other = app.plots
        second.focus()
        await pilot.press("left", "left", "S", "z", "L")
        assert second.view.cursor == 118
        assert second.view.log
        assert first.view == second.view
        assert (other.view.cursor, other.view.smoothing, other.view.window, other.view.log) == (
            second.view.cursor,
            second.view.smoothing,
            second.view.window,
            False,
        )
        await pilot.press("escape", "home")
        assert (first.view.cursor, first.view.window) == (None, None)


async def test_curves_beside_have_room_on_the_axes() -> None:
    app = Linked()
    async with app.run_test(size=(120, 40)):
        app.show()
        first, second, _ = app.plots
        assert first.view.y == second.view.y == Limits(0, 8)


async def test_a_new_point_of_a_band_repaints_a_few_cells_and_the_same_band_none() -> None:
    app = Plot()
    async with app.run_test(size=(100, 30)) as pilot:

        def show(points: int) -> None:
            low = Curve("train", "train", EPOCHS[:points], LOSSES[:points])
            high = Curve("validation", "validation", EPOCHS[:points], [y + 0.7 for y in LOSSES[:points]], "thick")
            app.plot.update_curves([low, high], 200, bands=[Band("gap", low.xs, low.ys, high.ys)])

        show(150)
        await pilot.pause()
        app.plot.repainted.clear()
        show(152)
        assert app.plot.repainted
        assert all(region is not None and region.width <= 6 for region in app.plot.repainted)
        app.plot.repainted.clear()
        show(152)
        assert app.plot.repainted == []
