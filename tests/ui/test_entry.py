"""The line that is typed into a row: its keys are its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.dashboards import FakeApp, ready
from tui_trainer.ui.forms.entry import Entry


@pytest.mark.parametrize("arrow", ["up", "down"])
async def test_what_is_typed_goes_to_the_field_that_it_was_typed_into(home: Path, arrow: str) -> None:
    app = FakeApp(home)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        before = app.laboratory.experiment
        await pilot.press("6", "down", "enter", "7", arrow, "enter")
        assert not app.query(Entry)
        after = app.laboratory.experiment
        assert after.training.epochs == 7
        assert after.training.batch_size == before.training.batch_size
        assert after.training.evaluate_every == before.training.evaluate_every
