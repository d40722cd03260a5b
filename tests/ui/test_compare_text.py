from __future__ import annotations

import csv
import io
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from rich.cells import cell_len

from tests.recorded import learning
from tests.ui.comparisons import compared, many, run, side, two
from tests.ui.views import HOSTILE, INERT
from tui_trainer.insight import table, verdict
from tui_trainer.insight.table import ArmHead, Cell, Row, Table
from tui_trainer.ui.compare.sharing import curves_as_csv, in_full
from tui_trainer.ui.compare.text import BEST, by_arm, by_figure
from tui_trainer.ui.laboratory.compared import Compared

HEADS = tuple(
    ArmHead(index, letter, name, (0,), "") for index, (letter, name) in enumerate([("A", "base"), ("B", "l2")])
)


def told(state: Compared, pinned: int = 0) -> Table:
    return table.rows([each.arm for each in state.sides], pinned)


def line(made: Table, label: str) -> list[str]:
    """The cells of a figure of two arms."""
    return next([cell.text for cell in row[2:]] for row in by_figure(made).rows if row[1].text == label)


def one(unit: Any, *cells: Cell, difference: Cell | None = None, pinned: int = 0) -> list[str]:
    row = Row("key.of.it", "it", "end", unit, cells, None, difference)
    return line(Table(HEADS, (row,), pinned), "it")


@pytest.mark.parametrize(
    ("unit", "value", "spread", "text"),
    [
        ("share", 0.91834, None, "0.9183"),
        ("share", 0.91834, 0.0113, "0.9183 ± 0.0113"),
        ("points", 0.095, None, "9.5 points"),
        ("points", 0.095, 0.004, "9.5 ± 0.4 points"),
        ("points", -0.012, None, "−1.2 points"),
        ("points", -0.0003, None, "0.0 points"),
        ("value", 1.11, 0.02, "1.1100 ± 0.0200"),
        ("value", float("nan"), None, "NaN"),
        ("epochs", 31.0, None, "31"),
        ("epochs", 31.4, 2.5, "31.4 ± 2.5"),
        ("count", 58010.0, None, "58,010"),
        ("seconds", 75.0, None, "1:15"),
        ("seconds", 3.2, 0.4, "3.2 ± 0.4 s"),
        ("count", 58010.0, 0.0, "58,010"),
        ("per second", 1900.0, None, "1.9k"),
        ("words", "adam", None, "adam"),
        ("words", None, None, "–"),
        ("share", None, None, "–"),
    ],
)
def test_a_figure_is_told_as_its_unit_wants_it(unit: Any, value: Any, spread: float | None, text: str) -> None:
    assert one(unit, Cell(value, spread, 3), Cell())[0] == text


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        ("share", 0.0664, "+6.6 points"),
        ("share", -0.0103, "−1.0 points"),
        ("points", -0.077, "−7.7 points"),
        ("value", 0.03, "+0.0300"),
        ("value", -0.9993, "−0.9993"),
        ("epochs", 36.0, "+36"),
        ("count", -1200.0, "−1,200"),
        ("seconds", -2.5, "−2.5 s"),
        ("per second", 120.0, "+120"),
    ],
)
def test_a_difference_has_a_sign_and_shares_differ_by_points(unit: Any, value: float, text: str) -> None:
    assert one(unit, Cell(1.0), Cell(2.0), difference=Cell(value))[2] == text


@pytest.mark.parametrize(
    ("better", "pinned", "words"), [(True, 0, "B better"), (False, 0, "A better"), (True, 1, "A better"), (None, 0, "")]
)
def test_it_says_which_side_is_better(better: bool | None, pinned: int, words: str) -> None:
    difference = Cell(0.1, better=better)
    assert one("share", Cell(0.8), Cell(0.9), difference=difference, pinned=pinned)[3] == words


def test_two_runs_line_by_line() -> None:
    state = two()
    lines = by_figure(told(state)).lines()
    assert lines[0].split() == ["A", "baseline", "B", "l2", "0.01", "B", "−", "A"]
    assert lines[1].split()[:4] == ["differs", "l2", "strength", "–"]
    last = [side.arm.runs[0].evaluations[-1].validation["accuracy"] for side in state.sides]
    found = line(told(state), "validation accuracy")
    assert found[:2] == [f"{value:.4f}" for value in last]
    assert found[2] == f"{100 * (last[1] - last[0]):+.1f} points"
    assert by_figure(told(state, pinned=1)).columns[4].heading == "A − B"


def test_columns_are_as_wide_as_their_longest_cell_and_the_last_ones_go_first() -> None:
    made = by_arm(told(many(4)))
    full = made.lines()
    assert len({len(row) for row in full if row.endswith(tuple("0123456789"))}) <= 2
    narrow = made.lines(40)
    assert all(cell_len(row) <= 40 for row in narrow)
    assert full[0].startswith(narrow[0])


def test_many_arms_have_a_row_each_with_the_most_telling_figure_first() -> None:
    state = many(4)
    made = by_arm(told(state))
    assert made.columns[0].heading == "val acc"
    assert made.columns[0].key == "validation.accuracy.end"
    assert len(made.rows) == 4
    accuracies = [side.arm.runs[0].evaluations[-1].validation["accuracy"] for side in state.sides]
    assert [row[0].text.split()[0] for row in made.rows] == [f"{value:.4f}" for value in accuracies]


def test_the_best_of_many_has_a_sign_and_not_only_a_colour() -> None:
    cells = (Cell(0.9, better=True), Cell(0.8, better=False))
    made = Table(HEADS, (Row("validation.accuracy.end", "validation accuracy", "end", "share", cells, True),))
    assert [row[0].text for row in by_arm(made).rows] == [f"0.9000 {BEST}", "0.8000  "]


def test_the_clipboard_has_names_table_and_verdict() -> None:
    state = two()
    made, judged = told(state), verdict.verdict([side.arm for side in state.sides])
    text = in_full(state, made, judged)
    assert text.startswith("overfitting-cures\nA baseline\nB l2 0.01\n")
    assert judged.headline in text
    assert "validation accuracy" in text
    assert in_full(many(4), told(many(4)), None).count("l2 0.0001") == 1


def test_every_evaluation_of_every_run_is_in_the_file() -> None:
    state = compared(side("a", run(seed=0), run(seed=1)), side("b, quoted", run(30, learning)))
    rows = list(csv.DictReader(io.StringIO(curves_as_csv(state))))
    assert [(row["side"], row["seed"]) for row in rows[::60]] == [("A", "0"), ("A", "1"), ("B", "0")]
    assert len(rows) == 150
    last = state.sides[1].arm.runs[0].evaluations[-1]
    assert float(rows[-1]["validation_accuracy"]) == last.validation["accuracy"]
    assert rows[-1]["name"] == "b, quoted"
    assert float(rows[-1]["epoch"]) == 30


def test_hostile_names_are_inert() -> None:
    state = compared(side(HOSTILE, run()), side("b", run(60, learning)))
    text = in_full(replace(state, title=HOSTILE), told(state), None)
    assert INERT in text
    assert "\x1b" not in text + curves_as_csv(state)


def test_the_command_line_can_have_it_without_textual() -> None:
    code = "import sys, tui_trainer.ui.compare.sharing; sys.exit('textual' in sys.modules or 'torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("unit", "difference", "text"),
    [
        ("seconds", -0.03, "0.0 s"),
        ("seconds", 0.03, "0.0 s"),
        ("seconds", -2.0, "−2.0 s"),
        ("seconds", 75.0, "+1:15"),
        ("per second", -0.001, "0.00"),
        ("per second", 0.1, "+0.10"),
    ],
)
def test_a_difference_that_is_rounded_to_nothing_has_no_sign(unit: Any, difference: float, text: str) -> None:
    assert one(unit, Cell(1.0), Cell(1.0), difference=Cell(difference))[2] == text


def test_long_names_leave_room_for_both_sides() -> None:
    state = two()
    long = [side(f"{each.arm.name} and what else was changed", each.arm.runs[0]) for each in state.sides]
    made = by_figure(told(compared(*long)), 53)
    assert sum(made.widths()) + 2 * (len(made.columns) - 1) <= 53
    assert [column.heading[-1:] for column in made.columns[1:3]] == ["…", "…"]


def test_figures_of_runs_that_train_are_not_those_of_the_end() -> None:
    ended, training = told(two()), told(two(30))
    groups = [{row[0].text for row in by_figure(made).rows} for made in (ended, training)]
    assert groups == [{"", "differs", "end", "at best", "run"}, {"", "differs", "so far", "at best", "run"}]


@pytest.mark.parametrize("width", [42, 54, 66, 78, 90, 120])
def test_a_table_is_laid_out_alike_before_and_after_its_figures_spread(width: int) -> None:
    alone, seeds = (by_figure(told(many(2, seeds=count)), width) for count in (1, 3))
    begun = by_figure(told(many(2, epochs=2)), width)
    for made in (alone, begun):
        assert made.columns == seeds.columns
        assert made.widths() == seeds.widths()
        assert {row[-4 - 1].text for row in made.rows} <= {row[-4 - 1].text for row in seeds.rows}


def test_where_there_is_room_for_spreads_they_are_told() -> None:
    made = by_figure(told(many(2, seeds=3)), 90)
    assert any("±" in cell.text for row in made.rows for cell in row[2:4])
    assert not any("±" in cell.text for row in by_figure(told(many(2, seeds=3)), 48).rows for cell in row[2:4])
