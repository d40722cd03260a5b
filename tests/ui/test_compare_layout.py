from __future__ import annotations

from itertools import product

import pytest

from tui_trainer.ui.compare.layout import CompareLayout, compare_layout

SIZES = list(product(range(40, 240, 7), range(10, 80, 3)))


def made(width: int, height: int, sides: int = 2, *, together: bool = False) -> CompareLayout:
    return compare_layout(width, height, sides, min(2, sides), together=together)


@pytest.mark.parametrize(("width", "height"), [(39, 30), (100, 9), (1, 1)])
def test_too_small_is_said(width: int, height: int) -> None:
    assert made(width, height).tiny


def test_a_small_terminal_shows_one_plot_or_the_table() -> None:
    small = made(80, 24)
    assert (small.paged, small.apart, small.columns, small.rows) == (True, False, 1, 1)


def test_two_sides_stand_beside_one_another_where_there_is_room() -> None:
    assert (made(120, 30).apart, made(120, 30).columns, made(120, 30).rows) == (True, 2, 1)
    assert (made(160, 48).apart, made(160, 48).columns, made(160, 48).rows) == (True, 2, 2)
    assert (made(200, 60).gaps, made(200, 60).columns, made(200, 60).rows) == (True, 3, 2)
    assert not made(160, 48, together=True).apart
    assert not made(160, 48, sides=3).apart


@pytest.mark.parametrize("size", [(120, 36), (140, 42), (160, 48), (90, 44)])
def test_the_accuracy_of_two_sides_is_seen_beside_their_loss(size: tuple[int, int]) -> None:
    layout = made(*size)
    assert (layout.apart, layout.columns, layout.rows) == (True, 2, 2)
    assert (size[1] - 4 - layout.below) // 2 >= 12, "7 rows of curves, with frame, legend and axis around them"
    assert layout.below >= 8, "table and verdict, which scroll"


@pytest.mark.parametrize("sides", [0, 1, 2, 8])
@pytest.mark.parametrize("together", [False, True])
def test_every_plot_and_the_table_have_room_at_any_size(sides: int, together: bool) -> None:
    for width, height in SIZES:
        layout = made(width, height, sides, together=together)
        above = height - 2 - min(2, sides)
        assert width // layout.columns >= 40
        assert (above - layout.below) // layout.rows >= min(8, above - 3)
        assert layout.paged or layout.below >= (8 if layout.apart else 11)
