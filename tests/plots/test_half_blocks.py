"""Pictures in character cells, their colours, and samples below curves."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tui_trainer.plots.class_colours import LEVELS, class_colour, class_letter, level, shade
from tui_trainer.plots.frame import draw
from tui_trainer.plots.half_blocks import colours_of, grey_cells, half_blocks, on
from tui_trainer.plots.spec import Curve, PlotSpec, Samples

A, B = "#AA0000", "#0000BB"


def test_two_pixels_make_a_cell() -> None:
    assert half_blocks([[A, A], [B, A]]) == [[("▀", on(A, B)), (" ", on("", A))]]
    assert half_blocks([[A], [B], [B]]) == [[("▀", on(A, B))], [(" ", on("", B))]]


def test_the_colours_of_a_role_are_read_back() -> None:
    assert colours_of(on(A, B)) == (A, B)
    assert colours_of(on("", B)) == ("", B)
    assert colours_of("train") is None


def test_an_image_is_as_large_as_its_scale() -> None:
    image = [0, 255, 255, 0]
    assert [len(row) for row in grey_cells(image, 2, 2)] == [2]
    assert [len(row) for row in grey_cells(image, 2, 2, 3)] == [6, 6, 6]
    assert grey_cells(image, 2, 2)[0] == [("▀", on("#000000", "#FFFFFF")), ("▀", on("#FFFFFF", "#000000"))]
    assert grey_cells([], 0, 0) == []


def test_without_colours_brighter_pixels_fill_more_of_their_cell() -> None:
    image = [*range(0, 256, 32)] * 2
    (row,) = grey_cells(image, 2, 8, colours=False, ascii_only=True)
    characters = [character for character, _ in row]
    assert len(set(characters)) == 8
    assert characters == sorted(characters, key=" .:-=+*#%@".index)
    assert grey_cells([0, 255], 1, 2, colours=False) == [[(" ", ""), ("█", "")]]


def test_ten_classes_differ_in_colour_and_letter() -> None:
    for dark in (True, False):
        assert len({class_colour(index, dark) for index in range(10)}) == 10
    assert [class_letter(index) for index in range(3)] == ["a", "b", "c"]


@pytest.mark.parametrize("classes", [2, 5, 10])
def test_shades_go_from_chance_to_certainty(classes: int) -> None:
    levels = [level(1 / classes + (1 - 1 / classes) * step / 100, classes) for step in range(101)]
    assert (levels[0], levels[-1]) == (0, LEVELS - 1)
    assert all(a <= b for a, b in pairwise(levels))
    assert level(0.0, classes) == 0
    assert len({shade(0, at) for at in range(LEVELS)}) == LEVELS


def test_a_shade_stays_until_another_one_fits_better() -> None:
    assert level(0.82, 2) == 3
    assert level(0.82, 2, before=2) == 2
    assert level(0.99, 2, before=2) == LEVELS - 1


def test_samples_stand_below_curves() -> None:
    line = Curve("line", "train", [0, 1], [0.5, 0.5])
    samples = [Samples("validation", "o", [0.25, 0.5, 5.0], [1.0, 0.5, 0.5]), Samples("train", ".", [0.25], [1.0])]
    text = ["".join(part for part, _ in row) for row in draw(PlotSpec([line], samples=samples), 40, 11)]
    assert sum(row.count("o") for row in text) == 1, "one is on the line, one beyond the axis"
    assert "o" in text[0]
    assert not any("." in row[6:] for row in text[:-2]), "what comes first is on top"
