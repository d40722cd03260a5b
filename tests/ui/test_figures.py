"""Figures of constant width, and rows of which only what changed is sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf, nan
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.geometry import Region, Size

from tests.ui.views import HOSTILE, INERT, Stage
from tui_trainer.plots.spec import Row
from tui_trainer.ui import figures
from tui_trainer.ui.export import short_path
from tui_trainer.ui.widgets.explanation import wrap
from tui_trainer.ui.widgets.rows import Rows, changed_regions, exact, fit

SIZES = (
    0.0,
    1e-300,
    1e-9,
    0.004,
    0.0996,
    0.52,
    0.99996,
    1.0,
    9.96,
    42.0,
    99.99,
    999.6,
    1912.0,
    1e5,
    3.7e8,
    1e15,
    1e300,
)


@pytest.mark.parametrize(
    ("shown", "width"),
    [(figures.figure, 6), (figures.magnitude, 7), (figures.clock, 7), (figures.took, 7)],
)
def test_figures_are_as_wide_whatever_their_size(shown: Callable[[float | None], str], width: int) -> None:
    for value in (None, nan, inf, *SIZES[:-1]):
        assert len(shown(value)) == width, value
    assert all(len(figures.compact(value)) == 4 for value in (None, nan, inf, *SIZES[:-2]))
    assert all(len(figures.percent(value)) == 5 for value in (None, nan, 0.0, 0.001, 0.5, 0.999, 1.0))


def test_figures_read_as_expected() -> None:
    assert [figures.compact(value).strip() for value in (0.52, 5.2, 520, 999.6, 1912, 19_400_000)] == [
        "0.52", "5.2", "520", "1.0k", "1.9k", "19M",
    ]  # fmt: skip
    assert [
        figures.figure(value).strip() for value in (0.4131, 12.3456, 1234.5, 15230.4, 396_710, 3_967_100, 3e10, nan)
    ] == [
        "0.4131",
        "12.346",
        "1,234",
        "15,230",
        "396.7k",
        "3.967M",
        "3.0e10",
        "NaN",
    ]
    assert [figures.figure(value).strip() for value in (0.0, 0.00006, 0.000045, -0.000045, 3.4e-12)] == [
        "0.0000",
        "0.0001",
        "4.5e-5",
        "−4.5e-5",
        "3e-12",
    ]
    assert [figures.clock(value).strip() for value in (7, 3723, 43_500, 400_000)] == [
        "0:07",
        "1:02:03",
        "12h 05m",
        "4 days",
    ]
    assert figures.took(0.42).strip() == "0.4 s"
    assert figures.points(0.095) == " +9.5 points"


def test_a_share_that_is_not_quite_none_or_all_does_not_look_so() -> None:
    assert [figures.percent(share).strip() for share in (0.0, 0.0001, 0.9999, 1.0)] == ["0 %", "1 %", "99 %", "100 %"]


def test_rows_are_cut_and_filled_to_the_cell_and_inert() -> None:
    (text, role), *rest = exact([(f"{HOSTILE}한국어", "label")], len(INERT) + 5)
    assert (text, role) == (f"{INERT}한국 ", "label")
    assert rest == []
    assert exact([("ab", "")], 4) == [("ab", ""), ("  ", "")]
    assert fit("한국어 설명", 8) == "한국어 …"


def test_changes_are_found_cell_by_cell_also_among_wide_characters() -> None:
    before = [exact([("epoch  9/30  한국어  0.9", "")], 30)]
    after = [exact([("epoch 10/30  한글어  0.9", "")], 30)]
    assert changed_regions(before, after) == [Region(6, 0, 2, 1), Region(15, 0, 2, 1)]
    assert changed_regions(before, before) == []
    assert changed_regions([[("ab", "label")]], [[("ab", "warning")]]) == [Region(0, 0, 2, 1)]


@pytest.mark.parametrize("cluster", ["❤️", "1️⃣", "👍🏽", "e\u0301"])
def test_changes_behind_clusters_of_characters_are_where_they_are_seen(cluster: str) -> None:
    before, after = [exact([(f"{cluster} a", ""), (" 1", "")], 20)], [exact([(f"{cluster} a", ""), (" 2", "")], 20)]
    assert changed_regions(before, after) == [Region(cell_len(cluster) + 3, 0, 1, 1)]
    assert changed_regions(before, [exact([("ab", "")], 20)])[0].x == 0


async def test_rows_that_are_late_do_not_mind_that_there_is_other_room_for_them_now(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Line(Rows):
        def rows(self, width: int, height: int) -> Sequence[Row]:
            return [[("x" * width, "")]]

    line = Line()
    async with Stage(line).run_test(size=(40, 10)) as pilot:
        assert line.text() == "x" * 40
        # A terminal that becomes narrower leaves it so before the widget is told.
        monkeypatch.setattr(Line, "size", Size(30, 1))
        line.update()
        assert line.text() == "x" * 30
        await pilot.pause()


def test_text_is_wrapped_by_cells() -> None:
    lines = wrap("단어 " * 10 + "x" * 30 + " end", 12)
    assert all(cell_len(line) <= 12 for line in lines)
    assert "".join(lines).replace(" ", "") == "단어" * 10 + "x" * 30 + "end"
    assert wrap("", 12) == []


def test_what_is_easy_to_read_has_no_exponent_and_nothing_has_no_sign() -> None:
    said = [figures.magnitude(value).strip() for value in (0.0, 1.2e-6, 0.00099, 0.0013, 0.48, 8.1, 123.4, 4e6)]
    assert said == ["0", "1.2e-06", "0.0010", "0.0013", "0.48", "8.1", "123", "4.0e+06"]
    assert [figures.points(value).strip() for value in (-0.0001, 0.0001, 0.05)] == [
        "0.0 points", "0.0 points", "+5.0 points",
    ]  # fmt: skip


def test_a_long_path_is_shortened_between_its_ends() -> None:
    deep = Path.home() / "some" / "where" / "deep" / "down" / "in" / "a" / "folder" / "20251120-224712-digits-mlp"
    assert short_path(deep) == "~/…/down/in/a/folder/20251120-224712-digits-mlp"
    assert short_path(Path.home() / "near") == "~/near"
    assert short_path(Path("/" + "x" * 80)) == "/" + "x" * 80
