"""The row that names the run to begin from: chosen from the list of runs."""

from __future__ import annotations

from typing import Any

from tui_trainer.choices.warm_start import WarmStart
from tui_trainer.ui.forms.fields import group_rows
from tui_trainer.ui.forms.row import FieldRow
from tui_trainer.ui.forms.runs import RunRow


def row(mapping: dict[str, Any]) -> RunRow:
    first = group_rows({"warm_start": mapping}, "warm_start", WarmStart(**mapping))[0]
    assert isinstance(first, FieldRow)
    return RunRow.of(first, "warm start")


def test_enter_chooses_a_run_and_digits_stay_the_keys_of_the_panels() -> None:
    empty = row({})
    assert (empty.path, empty.label, empty.on_enter) == ("warm_start.run", "warm start", "pick")
    assert not any(map(empty.starts_typing, "0123456789v"))


def test_it_shows_the_id_and_can_be_emptied() -> None:
    named = row({"run": "arm: first"})
    assert named.text == "arm: first"
    assert named.reset().path == "warm_start.run"
