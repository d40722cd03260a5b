from __future__ import annotations

import subprocess
import sys
import unicodedata
from dataclasses import replace
from itertools import pairwise
from math import exp, inf, nan, sin

import pytest

from tui_trainer.plots.cells import spans
from tui_trainer.plots.frame import draw
from tui_trainer.plots.heading import Entry, heading
from tui_trainer.plots.sketch import sketch
from tui_trainer.plots.spec import Beyond, Curve, Mark, PlotSpec, Row

XS = [float(i) for i in range(101)]
TRAIN = Curve("train", "train", XS, [2.3 * exp(-x / 20) for x in XS])
VALIDATION = Curve("validation", "validation", XS, [0.5 + 1.8 * exp(-x / 20) + 0.1 * sin(x) for x in XS], "thick")
GHOST = Curve("before", "train", XS, [2.3 * exp(-x / 60) for x in XS], ghost=True)
BROKEN = Curve("broken", "run-0", XS, [nan if i % 7 == 0 else inf if i % 11 == 0 else 1e300 for i in range(101)])
FULL = PlotSpec(
    curves=[TRAIN, VALIDATION, GHOST, BROKEN],
    x=(0, 100),
    y=(0, 2.5),
    x_ticks=[(0.0, "0"), (50.0, "50"), (100.0, "100")],
    y_ticks=[(0.0, "0.0"), (1.0, "1.0"), (2.0, "2.0")],
    x_unit="epoch",
    marks=[Mark(40, "lr 0.01")],
    baseline=2.3,
    cursor=70,
    beyond=[Beyond("broken", "3e12")],
)
SIZES = [(100, 25), (45, 14), (30, 8), (20, 5), (14, 3), (7, 7), (3, 2), (1, 1), (200, 60)]


def text(row: Row) -> str:
    return "".join(part for part, _ in row)


def cell_count(row: Row) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text(row))


def cells_of(rows: list[Row], role: str) -> list[tuple[int, int]]:
    found = []
    for y, row in enumerate(rows):
        x = 0
        for part, its_role in row:
            found += [(x + i, y) for i in range(len(part)) if its_role == role]
            x += len(part)
    return found


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_drawing_has_exactly_its_size(width: int, height: int, log: bool, ascii_only: bool) -> None:
    spec = replace(FULL, log=log, y=(0.01, 2.5) if log else (0, 2.5), ascii=ascii_only)
    rows = draw(spec, width, height)
    assert len(rows) == height
    assert [cell_count(row) for row in rows] == [width] * height
    if ascii_only:
        assert all(text(row).isascii() for row in rows)


@pytest.mark.parametrize(("width", "height"), [(0, 0), (0, 5), (5, 0)])
def test_no_room_is_no_error(width: int, height: int) -> None:
    assert len(draw(FULL, width, height)) == height


def test_no_data_is_an_empty_frame_with_axes() -> None:
    rows = draw(replace(FULL, curves=[], marks=[], baseline=None, cursor=None, beyond=[]), 40, 10)
    assert text(rows[0]).strip() == "│"
    assert "".join(map(text, rows)).count("┤") == 3
    assert text(rows[-1]).split() == ["epoch", "0", "50", "100"]


def test_spans_are_merged_and_blank_cells_have_no_role() -> None:
    for row in draw(FULL, 80, 20):
        assert all(one[1] != other[1] for one, other in pairwise(row))
        assert all(role == "" for part, role in row if not part.strip())


def test_labels_stand_at_their_values() -> None:
    rows = draw(replace(FULL, y=(0, 2), y_ticks=[(0.0, "0.0"), (2.0, "2.0")]), 60, 20)
    assert text(rows[0]).startswith("  2.0┤")
    assert text(rows[17]).startswith("  0.0┤")
    flat = Curve("flat", "run-1", [0.0, 100.0], [2.0, 2.0])
    assert {y for _, y in cells_of(draw(replace(FULL, curves=[flat], y=(0, 2)), 60, 20), "run-1")} == {0}


def test_a_spike_of_one_point_is_drawn() -> None:
    spiky = Curve("spiky", "run-1", XS, [2.4 if x == 63 else 0.1 for x in XS])
    rows = draw(PlotSpec(curves=[spiky], x=(0, 100), y=(0, 2.5)), 60, 20)
    assert min(y for _, y in cells_of(rows, "run-1")) == 1


def test_a_gap_stays_open() -> None:
    gap = Curve("gap", "run-1", XS, [nan if 40 <= x <= 60 else 1.0 for x in XS])
    columns = {x for x, _ in cells_of(draw(PlotSpec(curves=[gap], x=(0, 100), y=(0, 2)), 107, 12), "run-1")}
    assert columns == {6 + x for x in range(101) if not 40 <= x <= 60}


def test_a_curve_is_cut_off_at_the_edges_and_not_bent_to_them() -> None:
    steep = Curve("steep", "run-1", [0.0, 100.0], [0.0, 1e9])
    rows = draw(PlotSpec(curves=[steep], x=(0, 100), y=(0, 2)), 107, 22)
    assert {x for x, _ in cells_of(rows, "run-1")} == {6}
    assert {y for _, y in cells_of(rows, "run-1")} == set(range(20))


def test_a_zoomed_window_shows_lines_that_come_from_outside() -> None:
    line = Curve("line", "run-1", [0.0, 100.0], [0.0, 2.0])
    columns = {x for x, _ in cells_of(draw(PlotSpec(curves=[line], x=(40, 60), y=(0, 2)), 56, 12), "run-1")}
    assert columns == set(range(6, 56))


def test_curves_differ_without_colour() -> None:
    def glyphs(curve: Curve, ascii_only: bool) -> list[str]:
        return [text(row) for row in draw(PlotSpec(curves=[curve], y=(0, 2), x=(0, 100), ascii=ascii_only), 60, 12)]

    strokes = [replace(VALIDATION, stroke=stroke) for stroke in ("thin", "thick", "points")]
    curves = [*strokes, replace(VALIDATION, ghost=True)]
    for ascii_only in (False, True):
        assert len({"".join(glyphs(curve, ascii_only)) for curve in curves}) == len(curves)


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("count", [2, 3])
def test_curves_that_run_through_the_same_cells_take_turns(ascii_only: bool, count: int) -> None:
    curves = [replace(TRAIN, role=f"run-{at}", tag="ABC"[at]) for at in range(count)]
    curves[0] = replace(curves[0], stroke="thick")
    rows = draw(PlotSpec(curves=curves, x=(0, 100), y=(0, 2.5), ascii=ascii_only), 107, 22)
    shares = [len({x for x, _ in cells_of(rows, f"run-{at}")}) for at in range(count)]
    assert min(shares) >= 100 / count - 15
    if ascii_only:
        assert all(curve.tag in "".join(map(text, rows)) for curve in curves)


def test_a_curve_keeps_the_cells_that_are_its_own() -> None:
    apart = replace(TRAIN, role="run-1", ys=[y + 0.5 for y in TRAIN.ys])
    alone = cells_of(draw(PlotSpec(curves=[TRAIN], x=(0, 100), y=(0, 3)), 107, 32), "train")
    both = cells_of(draw(PlotSpec(curves=[TRAIN, apart], x=(0, 100), y=(0, 3)), 107, 32), "train")
    assert both == alone


def test_ghosts_lie_below() -> None:
    same = replace(TRAIN, role="run-1", ghost=True)
    rows = draw(PlotSpec(curves=[TRAIN, same], x=(0, 100), y=(0, 2.5)), 60, 20)
    assert cells_of(rows, "train")
    assert cells_of(rows, "run-1:faint") == []


def test_marks_baseline_cursor_and_what_left_the_axis() -> None:
    rows = draw(replace(FULL, curves=[]), 107, 22)
    assert text(rows[0])[46:54] == "┊lr 0.01"
    assert text(rows[0]).endswith("broken ▲ 3e12")
    assert all(text(row)[76] == "│" for row in rows[:20])
    assert text(rows[20])[76] == "▲"
    baseline = cells_of(rows, "label")
    assert [x for x, y in baseline if y == 2 and x > 6][:3] == [7, 8, 9]


def test_what_left_the_axis_below_is_told_at_the_bottom() -> None:
    rows = draw(replace(FULL, curves=[], beyond=[Beyond("broken", "-9", below=True)]), 107, 22)
    assert text(rows[19]).endswith("broken ▼ -9")
    assert not any("broken" in text(row) for row in rows[:19])


def test_marks_of_one_value_that_crowd_have_one_label() -> None:
    marks = [Mark(10, "lr 1"), Mark(40, "lr 0.1"), Mark(42, "lr 0.01"), Mark(44, "lr 0.001")]
    rows = [text(row) for row in draw(PlotSpec(x=(0, 100), marks=marks), 107, 12)]
    assert "┊ ┊ ┊lr 0.1 … 0.001" in rows[0]
    assert "┊lr 1 " in rows[0]
    ascii_rows = [text(row) for row in draw(PlotSpec(x=(0, 100), marks=marks, ascii=True), 107, 12)]
    assert ": : :lr 0.1 .. 0.001" in ascii_rows[0]


def test_the_latest_mark_keeps_its_label() -> None:
    marks = [Mark(40, "lr 0.1"), Mark(42, "batch 64"), Mark(44, "lr 0.001")]
    rows = [text(row) for row in draw(PlotSpec(x=(0, 100), marks=marks), 107, 12)]
    assert "┊lr 0.001" in rows[0]
    assert "lr 0.1┊ ┊ ┊" in rows[0]  # between the others there is no room
    crowded = Curve("wild", "run-1", XS, [x % 2 for x in XS])
    rows = [text(row) for row in draw(PlotSpec([crowded], x=(0, 100), marks=marks), 107, 12)]
    assert [row.count("lr 0.001") for row in rows[:2]] == [1, 0]
    assert not any("lr 0.1" in row for row in rows)


def test_marks_outside_the_window_are_not_drawn() -> None:
    rows = draw(replace(FULL, curves=[], x=(50, 60), cursor=None), 80, 20)
    assert not any("lr" in text(row) for row in rows)


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize(
    "label", ["[/foo]", "\x1b]0;X\x07", "a\nb", "\x9b31m", "학습률 0.1", "e\u0301\u202egnp", "x" * 500]
)
def test_hostile_labels_are_inert(label: str, ascii_only: bool) -> None:
    spec = replace(
        FULL, curves=[replace(TRAIN, label=label)], marks=[Mark(40, label)], beyond=[Beyond(label, label)], x_unit=label
    )
    rows = draw(replace(spec, ascii=ascii_only), 80, 20)
    rows.append(heading([Entry(label, "train", "thin", label)], 80, position=label, state=label, ascii_only=ascii_only))
    assert [cell_count(row) for row in rows] == [80] * 21
    for row in rows:
        assert not any(unicodedata.category(character) in ("Cc", "Cf", "Zl") for character in text(row))
        assert text(row).isascii() or not ascii_only


LEGEND = [
    Entry("train", "train", "thin", leads=True),
    Entry("validation", "validation", "thick", leads=True),
    Entry("before", "x", "dashes"),
    Entry("guessing", "label", "baseline"),
]


@pytest.mark.parametrize(
    ("width", "state", "shown"),
    [
        (44, "", "train ─  validation ━  before ╌  guessing ┈ "),
        (40, "", "train ─ validation ━ before ╌ guessing ┈"),
        (38, "", "train─ validation━ before╌ guessing┈  "),
        (30, "log", "train ─  validation ━      log"),
        (24, "log", "train─ validation━   log"),
        (22, "log  zoom 4x", "train ─  validation ━ "),
        (8, "log", "train ─ "),
        (4, "", "trai"),
    ],
)
def test_the_heading_leaves_out_what_does_not_fit(width: int, state: str, shown: str) -> None:
    assert text(heading(LEGEND, width, state=state)) == shown


def test_a_heading_of_no_width_is_empty() -> None:
    assert heading(LEGEND, 0) == []


def test_the_heading_reads_values() -> None:
    row = heading([Entry("train", "train", "thin", "0.1234")], 40, position="epoch  4.0")
    assert text(row).rstrip() == "epoch  4.0  train ─ 0.1234"


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (80, "epoch 4.0  train ─ 0.1234  validation ━ 0.5678  before ╌ 0.9999  log  smooth 0.6"),
        (56, "epoch 4.0  ─ 0.1234  ━ 0.5678  ╌ 0.9999  log  smooth 0.6"),
        (46, "epoch 4.0  ─ 0.1234  ━ 0.5678  log  smooth 0.6"),
        (38, "epoch 4.0  ─ 0.1234  ━ 0.5678      log"),
        (29, "epoch 4.0  ─ 0.1234  ━ 0.5678"),
        (20, "─ 0.1234  ━ 0.5678"),
        (9, "─ 0.1234"),
    ],
)
def test_the_values_of_the_leading_curves_are_the_last_to_go(width: int, shown: str) -> None:
    values = ["0.1234", "0.5678", "0.9999"]
    entries = [replace(entry, value=value) for entry, value in zip(LEGEND, values, strict=False)]
    assert text(heading(entries, width, position="epoch 4.0", state="log  smooth 0.6")).rstrip() == shown


def test_in_ascii_a_legend_has_the_letters_that_curves_are_drawn_with() -> None:
    tagged = Entry("A baseline", "run-0", "thin", tags="aA")
    assert text(heading([tagged], 20, ascii_only=True)).rstrip() == "A baseline aA"
    assert text(heading([tagged], 20)).rstrip() == "A baseline ─"


def test_signs_of_a_legend_differ() -> None:
    for ascii_only in (False, True):
        signs = [
            text(heading([Entry("", "x", stroke)], 3, ascii_only=ascii_only))
            for stroke in ("thin", "thick", "points", "dashes", "baseline")
        ]
        assert len(set(signs)) == len(signs)


def test_a_sketch_shows_a_function_and_its_derivative() -> None:
    xs = [-4 + i * 0.1 for i in range(81)]
    relu = Curve("f", "train", xs, [max(0.0, x) for x in xs])
    slope = Curve("f'", "validation", xs, [float(x > 0) for x in xs], "thick")
    for width, height in [(30, 8), (20, 5), (5, 2), (1, 1)]:
        rows = sketch([relu, slope], width, height)
        assert [cell_count(row) for row in rows] == [width] * height
    assert cells_of(sketch([relu, slope], 30, 8), "train")
    assert len(sketch([], 30, 8)) == 8


@pytest.mark.parametrize("width", range(12))
def test_a_wide_character_is_not_cut_in_two(width: int) -> None:
    assert cell_count(heading([Entry("학습률", "train", "thin")], width)) == width
    rows = draw(PlotSpec(beyond=[Beyond("학습률", "1")], marks=[Mark(0.5, "학습률")]), width, 4)
    assert [cell_count(row) for row in rows] == [width] * 4


def test_neighbours_of_one_role_become_one_span() -> None:
    assert spans([("a", "x"), ("b", "x"), (" ", ""), ("c", "y")]) == [("ab", "x"), (" ", ""), ("c", "y")]


def test_plotext_is_imported_by_the_first_drawing_only() -> None:
    code = "import sys, tui_trainer.plots, tui_trainer.ui.widgets.curve_plot; sys.exit('plotext' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
