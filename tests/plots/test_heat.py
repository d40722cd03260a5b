"""Signed values in cells."""

from __future__ import annotations

import pytest

from tui_trainer.plots.half_blocks import UPPER_HALF, colours_of
from tui_trainer.plots.heat import heat_cells, heat_colour, heat_sign


def luminance(colour: str) -> int:
    return sum(int(colour[i : i + 2], 16) for i in (1, 3, 5))


@pytest.mark.parametrize("dark", [True, False])
def test_what_is_further_from_zero_is_further_from_the_background(dark: bool) -> None:
    background = luminance(heat_colour(0, dark))
    for sign in (1, -1):
        away = [abs(luminance(heat_colour(sign * value, dark)) - background) for value in (0, 25, 50, 100)]
        assert away == sorted(away)
        assert len(set(away)) == 4
    assert heat_colour(60, dark) != heat_colour(-60, dark)


def test_zero_has_no_hue() -> None:
    for dark in (True, False):
        red, green, blue = (int(heat_colour(0, dark)[i : i + 2], 16) for i in (1, 3, 5))
        assert red == green == blue


def test_signs_say_which_side_of_zero() -> None:
    assert [heat_sign(value) for value in (-100, -30, -5, 0, 5, 30, 100)] == ["=", "-", ".", ".", ".", "+", "#"]


def test_two_pixels_share_a_cell() -> None:
    cells = heat_cells([100, 0, -100, 0], 2, 2)
    assert [[character for character, _ in row] for row in cells] == [[UPPER_HALF, " "]]
    assert colours_of(cells[0][0][1]) == (heat_colour(100), heat_colour(-100))
    assert [len(row) for row in heat_cells([100, 0, -100, 0], 2, 2, 3)] == [6, 6, 6]


def test_without_colours_the_stronger_of_two_pixels_is_seen() -> None:
    cells = heat_cells([20, -20, -90, 10], 2, 2, colours=False)
    assert [[character for character, _ in row] for row in cells] == [["=", "-"]]
    assert heat_cells([], 0, 3) == []
