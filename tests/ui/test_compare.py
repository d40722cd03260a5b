from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.geometry import Region
from textual.pilot import Pilot
from textual.widget import Widget

from tests.recorded import diverging, finished, learning
from tests.ui.comparisons import FakeComparing, FakeLaboratory, compared, many, run, side, two
from tests.ui.dashboards import screen_text
from tests.ui.views import HOSTILE, INERT, Stage, until
from tui_trainer.insight.findings.base import Finding
from tui_trainer.insight.verdict import Verdict
from tui_trainer.runs.records import RunView
from tui_trainer.runs.store import Store
from tui_trainer.ui.laboratory.compared import Compared
from tui_trainer.ui.screens.compare import CompareScreen
from tui_trainer.ui.widgets.curve_plot import CurvePlot
from tui_trainer.ui.widgets.rows import Rows


class Bench:
    """The compare screen on a stage, over a comparison that a test makes."""

    def __init__(self, home: Path, state: Compared) -> None:
        self.laboratory = FakeLaboratory(home, state)
        self.comparing: FakeComparing = self.laboratory.comparing
        self.screen = CompareScreen(self.laboratory)  # type: ignore[arg-type]
        self.comparing.changed = self.screen.draw
        self.app = Stage(screen=self.screen)
        self.pilot: Pilot[Any]

    @property
    def plots(self) -> list[CurvePlot]:
        """Those that are seen."""
        return [plot for plot in self.app.screen.query(CurvePlot) if plot.display and plot.region.width]

    @property
    def titles(self) -> list[str]:
        return [str(plot.border_title) for plot in self.plots]

    def text(self) -> str:
        return screen_text(self.app)

    def below(self) -> str:
        """What stands beside the keys: hints, but also whatever was said last."""
        return "\n".join(notice.message for notice in self.app._notifications)

    async def become(self, state: Compared) -> None:
        """Another state, drawn in full."""
        self.comparing.state = state
        self.comparing.judge()
        self.screen.draw()
        await self.still()

    async def still(self) -> None:
        view = self.screen.view
        await until(lambda: not self.screen._waiting and not view._waiting and not view.plots._stale)
        await until(lambda: not any(rows._waiting for rows in self.app.screen.query(Rows)))
        await self.pilot.pause()


@contextlib.asynccontextmanager
async def bench(home: Path, state: Compared, size: tuple[int, int] = (160, 48)) -> AsyncIterator[Bench]:
    made = Bench(home, state)
    async with made.app.run_test(size=size) as made.pilot:
        await made.still()
        yield made


# What is shown


async def test_two_sides_stand_beside_one_another_with_their_table_and_verdict(tmp_path: Path) -> None:
    async with bench(tmp_path, two()) as it:
        assert it.titles == ["Loss  A baseline", "Loss  B l2 0.01", "Accuracy  A baseline", "Accuracy  B l2 0.01"]
        first, second, *_ = it.plots
        assert first.view.y == second.view.y
        assert it.comparing.verdict.headline[:30] in it.text()
        assert "l2 strength" in it.text()
        assert it.text().splitlines()[1].split()[:4] == ["A", "baseline", "✓", "finished"]


async def test_o_puts_them_over_one_another_and_back(tmp_path: Path) -> None:
    async with bench(tmp_path, two()) as it:
        await it.pilot.press("o")
        assert "Accuracy  a b train, A B validation" in it.titles
        assert any(title.startswith("Gap") for title in it.titles)
        await it.pilot.press("o")
        assert it.titles[0] == "Loss  A baseline"


async def test_many_sides_are_in_one_plot_with_a_row_each(tmp_path: Path) -> None:
    async with bench(tmp_path, many()) as it:
        assert it.titles[0] == "Validation loss"
        rows = it.screen.view.table.items
        assert [item.cells[0][0][0] for item in rows] == list("ABCDEFGH")
        await it.pilot.press("o")
        assert "only two sides stand" in it.below()


async def test_where_there_is_room_for_one_plot_tab_goes_through_all_and_the_table(tmp_path: Path) -> None:
    async with bench(tmp_path, two(), (80, 24)) as it:
        assert len(it.titles) == 1
        assert it.comparing.verdict.headline[:30] in it.text()
        seen = []
        for _ in range(4):
            seen += it.titles or ["table"]
            await it.pilot.press("tab")
        assert [title.partition(" ")[0] for title in seen] == ["Loss", "Accuracy", "Gap", "table"]
        await it.pilot.press("shift+tab")
        assert "validation accuracy" in it.text()


async def test_the_cursor_reads_every_plot_at_the_same_epoch(tmp_path: Path) -> None:
    async with bench(tmp_path, two()) as it:
        await it.pilot.press("left", "left", "z", "S")
        views = [plot.view for plot in it.plots]
        assert len({(view.cursor, view.window, view.smoothing) for view in views}) == 1
        assert views[0].cursor is not None
        assert views[0].cursor < 60


async def test_a_plot_that_comes_to_be_seen_has_the_cursor_of_the_others(tmp_path: Path) -> None:
    async with bench(tmp_path, many(4), (120, 36)) as it:
        assert not any(title.startswith("Gap") for title in it.titles)
        await it.pilot.press("left", "left")
        await it.pilot.resize_terminal(160, 48)
        await it.still()
        assert any(title.startswith("Gap") for title in it.titles)
        assert len({plot.view.cursor for plot in it.plots}) == 1
        assert it.plots[0].view.cursor is not None


@pytest.mark.parametrize(("sides", "keys"), [(2, "1 2 one side"), (4, "1-4 one side"), (8, "1-8 one side")])
async def test_the_hints_say_which_keys_select_a_side(tmp_path: Path, sides: int, keys: str) -> None:
    async with bench(tmp_path, many(sides)) as it:
        assert keys in it.text().splitlines()[-1]


async def test_a_click_on_a_hint_presses_its_key(tmp_path: Path) -> None:
    async with bench(tmp_path, many(4)) as it:
        line = it.text().splitlines()[-1]
        await it.pilot.click(offset=(line.index("one side"), it.app.size.height - 1))
        assert it.comparing.state.selected == 0


async def test_of_two_sides_the_table_says_at_100_columns_which_is_better(tmp_path: Path) -> None:
    async with bench(tmp_path, two(), (100, 30)) as it:
        row = next(row for row in it.text().splitlines() if "val acc" in row)
        assert row.split("│")[1].split()[-2:-1] == ["pts"]


async def test_of_many_sides_the_table_reads_what_is_under_the_cursor(tmp_path: Path) -> None:
    async with bench(tmp_path, many(4)) as it:
        await it.pilot.press("left")
        assert "acc at 60" in it.text()
        last = it.comparing.state.sides[3].arm.runs[0].evaluations[-1]
        read = [text for text, _ in it.screen.view.table.items[3].cells[3:5]]
        assert read == [f"{last.validation[name]:.4f}" for name in ("loss", "accuracy")]
        await it.pilot.press("escape")
        assert "acc at 60" not in it.text()


async def test_nothing_begun_says_what_to_press(tmp_path: Path) -> None:
    async with bench(tmp_path, compared(side("a"), side("b"))) as it:
        assert "Nothing has begun: Space trains both." in it.text()
        assert "not begun" in it.text()


async def test_one_side_and_none_say_what_to_do(tmp_path: Path) -> None:
    async with bench(tmp_path, compared(side("alone", run(20)))) as it:
        assert it.titles == ["Loss", "Gap in loss", "Accuracy", "Gap in accuracy"]
        await it.become(Compared("empty"))
        assert "No side yet" in it.text()
        await it.pilot.press("1", "b", "w", "d", "f", "i", "y", "tab", "o", "left")


async def test_what_waits_and_how_many_seeds_are_done_is_told(tmp_path: Path) -> None:
    sides = side("a", run(seed=0), run(30, seed=1), planned=5, waiting=3), side("b", planned=5, waiting=5)
    async with bench(tmp_path, compared(*sides, repeats=5)) as it:
        lines = it.text().splitlines()
        assert "waiting 8" in lines[0]
        assert "seeds 1/5" in lines[1]
        assert "training" in lines[1]
        assert "epoch 30/60" in lines[1]
        assert "waiting" in lines[2]
        assert "seeds 0/5" in lines[2]


async def test_a_side_whose_next_seed_waits_is_not_told_as_if_it_had_not_begun(tmp_path: Path) -> None:
    sides = side("a", run(), planned=3, waiting=2), side("b", planned=3, waiting=3)
    async with bench(tmp_path, compared(*sides, repeats=3)) as it:
        lines = it.text().splitlines()
        assert lines[1].split()[:7] == ["A", "a", "…", "next", "waits", "seeds", "1/3"]
        assert "… waiting" in lines[2]


async def test_of_many_sides_the_strip_says_what_its_numbers_are(tmp_path: Path) -> None:
    async with bench(tmp_path, many(3, epochs=12)) as it:
        assert "A ● training epoch 12" in it.text()
        await it.pilot.resize_terminal(60, 30)
        await it.still()
        assert "A ● epoch 12" in it.text()


async def test_runs_that_are_there_but_not_judged_yet_are_being_read(tmp_path: Path) -> None:
    async with bench(tmp_path, two()) as it:
        it.comparing.verdict = None
        it.screen.draw()
        await it.still()
        await until(lambda: "Reading the runs" in it.text())


async def test_the_title_keeps_what_keys_are_for_where_states_have_no_room_for_words(tmp_path: Path) -> None:
    states = ["finished", "stopped", "interrupted", "failed"]
    sides = [side(state, run(20, end=state)) for state in states]
    async with bench(tmp_path, compared(*sides, side("on", run(30)), repeats=2), (120, 36)) as it:
        first = it.text().splitlines()[0]
        assert "keys: all" in first
        assert "● training 1" in first, "what a sign means is worth more than what the table says too"
        await it.pilot.resize_terminal(160, 36)
        await it.still()
        assert "keys act on all   measured against A" in it.text().splitlines()[0]
        await it.pilot.resize_terminal(60, 36)
        await it.still()
        assert "keys: all" in it.text().splitlines()[0]


async def test_a_side_that_starts_does_not_look_like_one_that_waits(tmp_path: Path) -> None:
    begun = [side("a", run(20)), side("b", replace(run(5), state="starting"))]
    state = compared(*begun, *(side(name, waiting=1) for name in "cdef"))
    async with bench(tmp_path, state, (80, 24)) as it:
        assert "● training 1   ○ starting 1   … waiting 4" in it.text().splitlines()[0]
        assert "B ○ epoch" in it.text().splitlines()[1]
        assert "C …" in it.text().splitlines()[1]


async def test_of_two_sides_curves_have_room_at_36_rows_and_the_table_scrolls(tmp_path: Path) -> None:
    async with bench(tmp_path, two(), (120, 36)) as it:
        assert len(it.plots) == 4
        assert min(plot.size.height for plot in it.plots) >= 10, "7 rows of curves, the legend, the axis"
        table = it.screen.view.table
        assert len(table.items) > table.size.height
        await it.pilot.press("shift+tab", "shift+tab", "end")
        await it.still()
        assert "updates a second" in it.text() or "parameters" in it.text()


# What is shown beside the loss


def _scheduled(state: Compared) -> Compared:
    """The same sides, each with a learning rate of its own that falls, and one more metric."""

    def told(of: RunView, at: int) -> RunView:
        evaluations = tuple(
            replace(
                it,
                lr=0.1 / (1 + at) / (1 + it.epoch),
                train=it.train | {"macro_f1": 0.7},
                validation=it.validation | {"macro_f1": 0.6},
            )
            for it in of.evaluations
        )
        return replace(of, evaluations=evaluations)

    sides = (
        replace(side, arm=replace(side.arm, runs=tuple(told(of, at) for of in side.arm.runs)))
        for at, side in enumerate(state.sides)
    )
    return replace(state, sides=tuple(sides))


@pytest.mark.parametrize(
    ("make", "keys", "titles"),
    [
        (two, [], ["Accuracy  A baseline", "Macro F1  A baseline", "Learning rate  A baseline"]),
        (two, ["o"], ["Accuracy  a b", "Macro F1  a b", "Learning rate"]),
        (many, [], ["Validation accuracy", "Validation macro F1", "Learning rate"]),
        (lambda: many(3, seeds=2), [], ["Validation accuracy", "Validation macro F1", "Learning rate"]),
    ],
    ids=["two beside one another", "two over one another", "many", "several seeds"],
)
async def test_m_goes_through_the_metrics_and_the_learning_rate(
    tmp_path: Path, make: Any, keys: list[str], titles: list[str]
) -> None:
    async with bench(tmp_path, _scheduled(make()), (160, 60)) as it:
        await it.pilot.press(*keys)
        await it.still()
        table = [item.cells for item in it.screen.view.table.items]
        for title in titles:
            (plot,) = [plot for plot in it.plots if str(plot.border_title).startswith(title)]
            await it.pilot.press("M")
            await it.still()
        assert [curve for curve in plot._data.curves if len(curve.xs)]
        assert [item.cells for item in it.screen.view.table.items] == table
        assert titles[0] in "\n".join(it.titles), "and around again"


async def test_every_side_has_its_own_learning_rate(tmp_path: Path) -> None:
    async with bench(tmp_path, _scheduled(many(3)), (160, 48)) as it:
        await it.pilot.press("M", "M", "left")
        await it.still()
        (plot,) = [plot for plot in it.plots if plot.border_title == "Learning rate"]
        assert [curve.ys[0] for curve in plot._data.curves] == pytest.approx([0.05, 0.025, 0.05 / 3])
        assert any(title.startswith("Gap in accuracy") for title in it.titles), "a rate leaves no gap"
        assert "lr at" in it.text()


async def test_m_first_shows_the_metric_where_only_the_loss_or_the_table_is_seen(tmp_path: Path) -> None:
    async with bench(tmp_path, _scheduled(two()), (80, 24)) as it:
        for title in ("Accuracy", "Macro F1", "Learning rate"):
            await it.pilot.press("M")
            await it.still()
            assert it.titles[0].startswith(title)
        await it.pilot.press("shift+tab", "shift+tab", "shift+tab")
        await it.pilot.press("M")
        await it.still()
        assert len(it.titles) == 1


async def test_without_another_metric_m_does_no_harm(tmp_path: Path) -> None:
    for state in (compared(), compared(side("a"), side("b")), two()):
        async with bench(tmp_path, state) as it:
            await it.pilot.press("M", "M")
            await it.still()
            assert "metric" in it.text().splitlines()[-1]


async def test_columns_that_there_is_no_room_for_are_counted(tmp_path: Path) -> None:
    async with bench(tmp_path, many(4), (120, 36)) as it:
        table = it.screen.view.table
        hidden = table._widths().count(0)
        assert hidden
        assert str(table.border_title).endswith(f"+{hidden} columns with >")
        await it.pilot.resize_terminal(400, 60)
        await it.still()
        assert not table._widths().count(0)
        assert "columns with" not in str(table.border_title)


async def test_failed_and_short_sides_are_told_with_their_reason(tmp_path: Path) -> None:
    bad = run(40, diverging, end="failed", why="diverged: the loss is not finite since step 90")
    async with bench(tmp_path, compared(side("good", run(60, learning)), side("bad", bad))) as it:
        line = it.text().splitlines()[2]
        assert "✗ failed" in line
        assert "not finite since step 90" in line
        assert it.plots[0].view.y == it.plots[1].view.y


async def test_sides_of_other_tasks_do_no_harm(tmp_path: Path) -> None:
    whole = run(60, learning)
    other = tuple(
        replace(it, train={"loss": 0.1, "mae": 0.2}, validation={"loss": 0.1, "mae": 0.3}) for it in whole.evaluations
    )
    async with bench(
        tmp_path, compared(side("classes", run()), side("numbers", replace(whole, evaluations=other)))
    ) as it:
        assert len(it.plots) == 4
        await it.pilot.press("left", "o", "left", "L")


async def test_findings_stand_below_the_verdict_with_their_side(tmp_path: Path) -> None:
    async with bench(tmp_path, two()) as it:
        found = Finding("overfitting", "overfitting since epoch 12", "", "")
        it.comparing.findings = ((), (found,))
        await it.become(it.comparing.state)
        assert any(line.rstrip(" │").endswith("B  overfitting since epoch 12") for line in it.text().splitlines())


async def test_where_the_verdict_has_little_room_a_key_shows_all_of_it(tmp_path: Path) -> None:
    async with bench(tmp_path, two(), (80, 24)) as it:

        async def tell(sentences: int) -> None:
            it.comparing.verdict = Verdict("A is better.", (*["It is so."] * sentences, "The end."))
            it.screen.draw()
            await it.still()

        def hints() -> str:
            return it.text().splitlines()[-1]

        await tell(8)
        await until(lambda: "t whole verdict" in hints())
        assert "The end." not in it.text()
        await it.pilot.press("t")
        await until(lambda: "t plots" in hints() and "read on" not in hints())
        assert "The end." in it.text()
        await it.pilot.press("t")
        await until(lambda: "t whole verdict" in hints())
        assert len(it.plots) == 1
        await tell(60)
        await it.pilot.press("t")
        await until(lambda: "↑ ↓ read on" in hints())
        await it.pilot.press("end")
        await until(lambda: "The end." in it.text())


async def test_a_verdict_that_is_seen_in_full_has_no_key(tmp_path: Path) -> None:
    async with bench(tmp_path, replace(two(), about="", teaches=""), (80, 24)) as it:
        it.comparing.verdict, it.comparing.findings = Verdict("A is better."), ((), ())
        it.screen.draw()
        await it.still()
        await until(lambda: "whole verdict" not in it.text().splitlines()[-1])
        await it.pilot.press("t")
        assert "seen in full" in it.below()


async def test_hostile_and_very_long_names_are_inert_and_cut(tmp_path: Path) -> None:
    state = replace(compared(side(HOSTILE, run()), side("very " * 50, run(60, learning))), title=HOSTILE, about=HOSTILE)
    async with bench(tmp_path, state) as it:
        assert INERT[:20] in it.text()
        for line in range(48):
            assert "\x1b" not in "".join(segment.text for segment in it.app.screen._compositor.render_strips()[line])
        await it.become(replace(many(3), title=HOSTILE))
        await it.pilot.press("tab", "tab", "tab")


async def test_what_has_not_changed_is_not_sent_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with bench(tmp_path, two(30)) as it:
        asked: list[tuple[Region, ...]] = []
        real = Widget.refresh

        def refresh(self: Widget, *regions: Region, **options: Any) -> Any:
            asked.append(regions)
            return real(self, *regions, **options)

        monkeypatch.setattr(Widget, "refresh", refresh)
        it.screen._draw()
        await it.still()
        assert asked == []
        grown = side("l2 0.01", run(31, learning, regularization={"l2": 0.01}))
        it.comparing.state = replace(it.comparing.state, sides=(it.comparing.state.sides[0], grown))
        it.screen._draw()
        await it.still()
        assert asked
        assert not any(regions == () for regions in asked)


@pytest.mark.parametrize("size", [(1, 1), (66, 50), (200, 60)])
@pytest.mark.parametrize("state", [two, lambda: many(8, 2), Compared], ids=["two", "many", "none"])
async def test_any_size_will_do_and_any_other_after_it(tmp_path: Path, state: Any, size: tuple[int, int]) -> None:
    async with bench(tmp_path, state(), size) as it:
        await it.pilot.press("tab", "tab", "left", "tab")
        for other in ((30, 8), (130, 40), (80, 24)):
            await it.pilot.resize_terminal(*other)
            await it.pilot.pause()
        await it.pilot.press("tab", "tab")


# Keys


async def test_keys_are_passed_on(tmp_path: Path) -> None:
    async with bench(tmp_path, two(30)) as it:
        await it.pilot.press("space", "n", "N", "minus", "plus", "a")
        told = [("toggle",), ("one_step",), ("one_epoch",), ("pace", -1), ("pace", 1), ("add_repeats", 1)]
        assert it.comparing.told == told


async def test_digits_select_a_side_and_0_all(tmp_path: Path) -> None:
    async with bench(tmp_path, two()) as it:
        assert "keys act on both" in it.text()
        await it.pilot.press("2")
        await it.still()
        assert it.comparing.state.selected == 1
        assert "keys act on B" in it.text()
        await it.pilot.press("3", "8")
        assert it.comparing.state.selected == 1
        await it.pilot.press("0")
        assert it.comparing.state.selected is None


async def test_swap_pin_and_drop(tmp_path: Path) -> None:
    async with bench(tmp_path, many(4)) as it:
        await it.pilot.press("w")
        await it.still()
        assert [each.arm.name for each in it.comparing.state.sides][:2] == ["l2 1e-05", "l2 1e-06"]
        await it.pilot.press("b", "b")
        assert it.comparing.state.pinned == 2
        await it.pilot.press("4", "b")
        assert it.comparing.state.pinned == 3
        await it.pilot.press("1", "d")
        await it.still()
        assert [each.arm.name for each in it.comparing.state.sides] == ["l2 1e-06", "l2 0.0001", "l2 0.001"]


@pytest.mark.parametrize("key", ["d", "f"])
async def test_what_is_for_one_side_asks_for_a_selection(tmp_path: Path, key: str) -> None:
    async with bench(tmp_path, two()) as it:
        await it.pilot.press(key)
        assert it.app.screen is it.screen
        assert "which side" in it.below()
        assert len(it.comparing.state.sides) == 2


async def test_rows_of_many_are_chosen_and_sorted(tmp_path: Path) -> None:
    async with bench(tmp_path, many(4)) as it:
        table = it.screen.view.table
        it.screen.view.go_to(table)
        await it.pilot.press("down", "enter")
        assert it.comparing.state.selected == 1
        await it.pilot.press("enter")
        assert it.comparing.state.selected is None
        await it.pilot.press("greater_than_sign")
        assert [item.key for item in table.items] == ["0", "1", "2", "3"]
        await it.pilot.press("r")
        assert [item.key for item in table.items] == ["3", "2", "1", "0"]
        await it.pilot.press("less_than_sign")
        assert [item.key for item in table.items] == ["0", "1", "2", "3"]


async def test_stopping_asks_and_names_whom(tmp_path: Path) -> None:
    async with bench(tmp_path, two(30)) as it:
        await it.pilot.press("2", "x")
        assert "Stop B l2 0.01?" in it.text()
        await it.pilot.press("enter")
        assert it.comparing.told == []
        await it.pilot.press("x", "y")
        assert it.comparing.told == [("stop",)]


async def test_extending_asks_how_far(tmp_path: Path) -> None:
    async with bench(tmp_path, two()) as it:
        await it.pilot.press("E")
        await it.pilot.press("enter")
        assert it.comparing.told == [("extend", 60)]


@pytest.mark.parametrize(("key", "done"), [("2", ("replace", 1)), ("0", ("add",))])
async def test_a_run_is_chosen_for_the_selected_side_or_as_one_more(tmp_path: Path, key: str, done: Any) -> None:
    other = finished(Store(tmp_path))
    async with bench(tmp_path, two()) as it:
        await it.pilot.press(key, "c")
        await until(lambda: "recorded" in it.text())
        await it.pilot.press("enter")
        await until(lambda: it.app.screen is it.screen)
        (told,) = it.comparing.told
        assert told[:-1] == done
        assert other.folder is not None
        assert told[-1].id == other.folder.id


async def test_a_fork_leaves_the_screen(tmp_path: Path) -> None:
    folder = finished(Store(tmp_path)).folder
    assert folder is not None
    async with bench(tmp_path, two()) as it:
        it.comparing.folders = {1: folder}
        await it.pilot.press("2", "f")
        await until(lambda: it.app.screen is not it.screen)
        assert it.laboratory.forks.begun == [(folder, it.comparing.state.sides[1].arm.runs[0], None)]
        assert it.comparing.told == [("leave",)]


async def test_escape_hides_the_cursor_first_and_then_leaves(tmp_path: Path) -> None:
    async with bench(tmp_path, two()) as it:
        await it.pilot.press("left", "escape")
        assert it.app.screen is it.screen
        await it.pilot.press("escape")
        assert it.app.screen is not it.screen
        assert it.comparing.told == [("leave",)]


async def test_copy_and_export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with bench(tmp_path, two()) as it:
        await it.pilot.press("y")
        assert it.comparing.verdict.headline in it.app.clipboard
        await it.pilot.press("e")
        ((picture, figures),) = it.laboratory.saved
        assert "<svg" in picture.read_text()
        assert len(figures.read_text().splitlines()) == 1 + 2 * 60
        await it.become(compared(side("a"), side("b")))
        it.comparing.table = None
        await it.pilot.press("y")
        assert "nothing to copy yet" in it.below()


def test_every_key_has_a_name_and_says_what_it_does() -> None:
    from tui_trainer.ui.screens.compare_keys import BINDINGS

    assert all(binding.id and binding.description for binding in BINDINGS)
    assert len({binding.id for binding in BINDINGS}) == len(BINDINGS)


def test_what_the_main_screen_has_too_has_the_same_key_there() -> None:
    from tui_trainer.ui.screens import compare_keys, main_keys

    there = {binding.id: binding.key for binding in main_keys.BINDINGS}
    shared = [binding for binding in compare_keys.BINDINGS if binding.id in there]
    assert len(shared) >= 8
    assert all(there[binding.id] == binding.key for binding in shared)


async def test_hints_say_what_space_does(tmp_path: Path) -> None:
    for state, word in [(two(30), "pause"), (compared(side("a"), side("b")), "start"), (two(), "extend")]:
        async with bench(tmp_path, state) as it:
            assert it.text().splitlines()[-1].split()[1] == word


async def test_space_starts_what_is_missing_where_an_ended_run_waits_to_go_on(tmp_path: Path) -> None:
    goes_on = side("a", run(20, end="stopped"), planned=2, waiting=1)
    state = compared(replace(goes_on, missing=1), side("b", run(60, learning)))
    async with bench(tmp_path, state) as it:
        assert it.text().splitlines()[-1].split()[:2] == ["Space", "start"]
        await it.pilot.press("2")
        await it.still()
        assert "start" not in it.text().splitlines()[-1]


async def test_news_before_and_after_it_is_there_do_no_harm(tmp_path: Path) -> None:
    made = Bench(tmp_path, two())
    made.screen.draw()
    async with made.app.run_test(size=(120, 36)) as made.pilot:
        made.screen.draw()
        await made.still()
        assert "B l2 0.01" in made.text()
        await made.pilot.press("escape")
        made.screen.draw()
        await made.pilot.pause()


# How it looks


@pytest.mark.parametrize(
    ("state", "size"),
    [
        (two, (160, 48)),
        (lambda: replace(many(6, seeds=3), selected=1, repeats=3), (160, 48)),
        (lambda: compared(side("baseline", run(25)), side("l2 0.01", waiting=1)), (80, 24)),
    ],
    ids=["two", "many", "small"],
)
def test_picture(snap_compare: Any, tmp_path: Path, state: Any, size: tuple[int, int]) -> None:
    made = Bench(tmp_path, state())
    made.comparing.verdict = Verdict(
        "B generalizes better: validation accuracy 0.965 against 0.898.",
        ("B closes the gap by 7.7 points and gains 6.6 points of validation accuracy.",),
        winner=1,
        sure="One seed, so there is no spread to test against.",
    )

    async def before(pilot: Pilot[Any]) -> None:
        made.pilot = pilot
        await made.still()
        await pilot.press("left", "left")
        await made.still()

    assert snap_compare(made.app, terminal_size=size, run_before=before)
