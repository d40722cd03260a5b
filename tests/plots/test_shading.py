from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from math import nan

import pytest

from tui_trainer.plots.frame import draw
from tui_trainer.plots.palette import FAINT
from tui_trainer.plots.spec import Band, Curve, Mark, PlotSpec, Row

XS = [float(i) for i in range(101)]
LOW, HIGH = [0.5] * 101, [1.5] * 101
BAND = Band("gap", XS, LOW, HIGH)
SPEC = PlotSpec(bands=[BAND], x=(0, 100), y=(0, 2))
WIDTH, HEIGHT = 107, 22  # 101 columns and 20 rows for the curves


def cells_of(rows: list[Row], role: str) -> set[tuple[int, int]]:
    found = set()
    for y, row in enumerate(rows):
        x = 0
        for part, its_role in row:
            found |= {(x + i, y) for i in range(len(part)) if its_role == role}
            x += len(part)
    return found


@pytest.mark.parametrize("ascii_only", [False, True])
def test_what_lies_between_is_shaded_and_nothing_else(ascii_only: bool) -> None:
    shaded = cells_of(draw(replace(SPEC, ascii=ascii_only), WIDTH, HEIGHT), "gap" + FAINT)
    rows = {y for _, y in shaded}
    assert {x for x, _ in shaded} == set(range(6, 107))
    assert rows == set(range(5, 15))


def test_either_curve_may_be_the_upper_one() -> None:
    turned = replace(SPEC, bands=[Band("gap", XS, HIGH, LOW)])
    assert draw(turned, WIDTH, HEIGHT) == draw(SPEC, WIDTH, HEIGHT)


def test_an_edge_is_finer_than_a_cell() -> None:
    def drawn(upper: float) -> str:
        band = Band("gap", XS, LOW, [upper] * 101)
        return str(draw(replace(SPEC, bands=[band]), WIDTH, HEIGHT))

    assert len({drawn(1.5), drawn(1.5 + 0.06)}) == 2


def test_nothing_is_shaded_where_a_curve_has_a_gap_or_ends() -> None:
    broken = [nan if 40 <= x <= 60 else 1.5 for x in XS[:81]]
    band = Band("gap", XS[:81], LOW[:81], broken)
    columns = {x for x, _ in cells_of(draw(replace(SPEC, bands=[band]), WIDTH, HEIGHT), "gap" + FAINT)}
    assert columns == {6 + x for x in range(81) if not 40 <= x <= 60}


def test_on_a_log_axis_it_reaches_down_to_the_bottom() -> None:
    band = Band("gap", XS, [0.0] * 101, [1.0] * 101)
    rows = draw(replace(SPEC, bands=[band], y=(0.01, 10), log=True), WIDTH, HEIGHT)
    assert {y for _, y in cells_of(rows, "gap" + FAINT)} == set(range(6, 20))


def test_curves_marks_and_the_cursor_stand_before_it() -> None:
    line = Curve("line", "run-0", XS, [1.0] * 101)
    spec = replace(SPEC, curves=[line], marks=[Mark(30)], cursor=70, baseline=0.8)
    plain, shaded = draw(replace(spec, bands=[]), WIDTH, HEIGHT), draw(spec, WIDTH, HEIGHT)
    for role in ("run-0", "mark" + FAINT, "cursor" + FAINT, "label"):
        assert cells_of(plain, role)
        assert cells_of(plain, role) == cells_of(shaded, role)


def test_where_bands_overlap_both_are_seen_and_a_row_has_one_of_them() -> None:
    other = Band("run-1", XS, [1.0] * 101, [2.0] * 101)
    rows = draw(replace(SPEC, bands=[BAND, other]), WIDTH, HEIGHT)
    overlapping = rows[6:9]
    assert {role for row in overlapping for _, role in row} >= {"gap" + FAINT, "run-1" + FAINT}
    assert all(len([role for _, role in row if role.endswith(FAINT)]) == 1 for row in overlapping)


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (20, 5), (200, 60)])
@pytest.mark.parametrize("band", [Band("gap", [], [], []), Band("gap", [5.0], [1.0], [1.2]), BAND])
def test_any_size_will_do(size: tuple[int, int], band: Band) -> None:
    width, height = size
    rows = draw(replace(SPEC, bands=[band]), width, height)
    assert [sum(len(text) for text, _ in row) for row in rows] == [width] * height


# Letters on curves


def tagged(points: int, count: int = 8, ascii_only: bool = False) -> list[Row]:
    curves = [
        Curve(f"{letter}", f"run-{at}", XS[:points], [0.1 + 0.2 * at] * points, tag=letter)
        for at, letter in enumerate("ABCDEFGH"[:count])
    ]
    return draw(PlotSpec(curves=curves, x=(0, 100), y=(0, 2), ascii=ascii_only), WIDTH, HEIGHT)


def letters(rows: list[Row]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for row in rows:
        for x, character in enumerate("".join(text for text, _ in row)):
            if character in "ABCDEFGH":
                found.setdefault(character, set()).add(x)
    return found


def test_every_curve_has_its_letter_in_columns_of_its_own() -> None:
    found = letters(tagged(101))
    assert set(found) == set("ABCDEFGH")
    columns = [column for its in found.values() for column in its]
    assert len(set(columns)) == len(columns)


def test_half_an_axis_is_enough_for_all_letters() -> None:
    assert set(letters(tagged(51))) == set("ABCDEFGH")


def test_letters_stand_still_while_curves_grow() -> None:
    before, after = letters(tagged(60)), letters(tagged(90))
    assert all(before[letter] <= after[letter] for letter in before)


@pytest.mark.parametrize("value", [0.1 + 0.013 * step for step in range(30)])
def test_a_letter_stands_on_its_curve(value: float) -> None:
    line = Curve("line", "run-0", XS, [value] * 101, tag="A")
    rows = draw(PlotSpec(curves=[line], x=(0, 100), y=(0, 2)), WIDTH, HEIGHT)
    assert len({y for _, y in cells_of(rows, "run-0")}) == 1


def test_in_ascii_a_curve_is_drawn_with_its_letter() -> None:
    rows = ["".join(text for text, _ in row) for row in tagged(101, count=2, ascii_only=True)]
    drawn = [next(character for character, _ in groupby(row[6:])) for row in rows if "A" in row or "B" in row]
    assert drawn == ["B", "A"]
