"""The reference page of everything that can be chosen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Call
from tui_trainer.choices.base import families
from tui_trainer.cli.reference import reference

PAGE = Path(__file__).parents[2] / "docs" / "choices.md"


def test_the_page_says_what_the_classes_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference(), "choices changed: make docs writes the page anew"


@pytest.mark.parametrize("family", families())
def test_every_choice_and_field_is_on_it(family: str) -> None:
    page = reference()
    for kind, choice in families()[family].items():
        assert f"</a>{kind}\n" in page
        for field in choice.form():
            assert f"| `{field.name}`" in page
            for column in field.columns:
                assert f"| `{column.name}`" in page


def test_a_table_has_as_many_cells_in_every_row() -> None:
    for line in reference().splitlines():
        if line.startswith("|"):
            assert line.replace("\\|", "").count("|") == 5, line


def test_the_command_writes_it(call: Call) -> None:
    result = call("choices", "--markdown")
    assert (result.code, result.out) == (0, reference())


def test_it_is_all_or_nothing(call: Call) -> None:
    result = call("choices", "optimizer", "--markdown")
    assert result.code == 2
    assert "leave out the kind" in result.err
