"""What screens with a list have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from rich.console import RenderableType
from textual.binding import Binding, BindingType
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

from tests.ui.views import Stage, until
from tui_trainer.plots.spec import Row
from tui_trainer.ui.screens.list_screen import ListScreen
from tui_trainer.ui.terminal.updates import SparingDisplay
from tui_trainer.ui.widgets.explanation import Explanation, paragraph
from tui_trainer.ui.widgets.row_list import Column, Item, RowList


class Numbers(ListScreen[str]):
    """A hundred numbers, each with a long explanation."""

    heading = "Numbers"
    columns = (Column("number", 8), Column("word", least=10), Column("wide", 30, rank=1))

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "open", "Pick", id="numbers.pick")]

    def on_mount(self) -> None:
        super().on_mount()
        self.put(1)

    def put(self, factor: int) -> None:
        self.show_items([Item(str(n), ((str(n), ""), (f"word {n * factor}", ""), ("far", ""))) for n in range(100)])

    def explain(self, item: Item | None, width: int) -> Sequence[Row]:
        return paragraph(f"about {item.key} " * 200, width) if item else []

    def open(self, item: Item) -> None:
        self.dismiss(item.key)


class Counting(SparingDisplay, Stage):
    """Counts what is sent to the terminal."""

    sent = 0

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        self.sent += renderable is not None
        super()._display(screen, renderable)


def drawn(app: Stage) -> list[str]:
    listed = app.screen.query_one(RowList)
    return [listed.render_line(y).text.rstrip() for y in range(listed.size.height)]


async def test_the_highlighted_row_stays_in_sight() -> None:
    app = Stage(screen=Numbers())
    async with app.run_test(size=(80, 24)) as pilot:
        for keys in (["end"], ["home"], ["pagedown"] * 3, ["pageup"], ["down"] * 20, ["k"] * 25):
            await pilot.press(*keys)
            assert sum(line.startswith("▸") for line in drawn(app)) == 1
            assert drawn(app)[0].split() == ["number", "word", "wide"]


async def test_columns_are_left_out_by_rank() -> None:
    app = Stage(screen=Numbers())
    async with app.run_test(size=(44, 24)):
        assert drawn(app)[0].split() == ["number", "word"]


async def test_the_mouse_highlights_and_opens() -> None:
    app = Stage(screen=Numbers())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.click(RowList, offset=(5, 3))
        assert drawn(app)[3].startswith("▸ 2")
        await pilot.click(RowList, offset=(5, 3))
        assert app.result == "2"


async def test_a_long_explanation_scrolls_and_keeps_its_place_while_rows_change() -> None:
    screen = Numbers()
    app = Stage(screen=screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("tab", "j", "j")
        explanation = app.screen.query_one(Explanation)
        await until(lambda: explanation.scroll_offset.y == 2)
        screen.put(2)
        await pilot.pause()
        assert explanation.scroll_offset.y == 2
        await pilot.press("tab", "down")
        await until(lambda: explanation.scroll_offset.y == 0)


async def quiet(app: Counting, pilot: Pilot[Any]) -> int:
    """What was sent, once nothing more has been for some turns of the loop: the first paint comes in several."""
    same, last = 0, app.sent
    while same < 5:
        await pilot.pause(0.02)
        same, last = (same + 1, last) if app.sent == last else (0, app.sent)
    return last


async def test_equal_rows_send_nothing_and_a_changed_one_little() -> None:
    screen = Numbers()
    app = Counting(screen=screen)
    async with app.run_test(size=(80, 24)) as pilot:
        before = await quiet(app, pilot)
        screen.put(1)
        assert await quiet(app, pilot) == before
        screen.put(2)
        await pilot.pause()
        assert app.sent > before


async def test_what_changes_on_a_screen_that_is_covered_sends_nothing() -> None:
    app = Counting(Static("below"))
    async with app.run_test(size=(80, 24)) as pilot:
        below: Any = app.query_one(Static)
        below.update("changed")
        await pilot.pause()
        app.push_screen(Numbers())
        before = await quiet(app, pilot)
        below.update("changed again")
        assert await quiet(app, pilot) == before
        await pilot.press("escape")
        assert "changed again" in app.export_screenshot().replace("&#160;", " ")
