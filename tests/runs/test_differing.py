"""What a run differs in, and from what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.recorded import Recording
from tui_trainer.experiment.parse import parse
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs.differing import Differing, differing
from tui_trainer.runs.origin import Origin
from tui_trainer.runs.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


MINE: dict[str, Any] = {"name": "mine", "model": {"kind": "mlp", "hidden": [50, 50]}, "optimizer": {"lr": 20}}


def told(store: Store, id: str, presets: dict[str, Experiment] | None = None) -> Differing:
    runs = {run.id: run for run in store.list()}
    found = differing(runs[id], runs.get(runs[id].origin.parent), (presets or {}).get)
    assert found
    return found


def test_a_fork_differs_from_its_parent_as_that_was_in_the_end(store: Store) -> None:
    parent = Recording(store, experiment=MINE).train(2)
    parent.change("optimizer.lr", 10)
    parent.train(2).end("stopped")
    assert parent.folder
    cured = parse({**MINE, "name": "mine lr 0.1", "optimizer": {"lr": 0.1}})
    fork = store.create(cured, Origin(parent=parent.folder.id))
    assert told(store, fork.id).in_short == "fork: lr 0.1"
    assert told(store, fork.id).in_full == "optimizer.lr 10 → 0.1 (against its parent, mine)"
    store.delete(parent.folder)
    assert told(store, fork.id).in_full.endswith("(against the defaults)")


def test_a_run_of_a_preset_is_told_by_it(store: Store) -> None:
    presets = {"mine": parse(MINE)}
    same, edited = store.create(parse(MINE)), store.create(parse({**MINE, "optimizer": {"lr": 3}}))
    assert told(store, same.id, presets).in_short == "preset as it is"
    assert told(store, same.id, presets).in_full == "the preset mine as it is"
    assert told(store, edited.id, presets).in_full == "optimizer.lr 20 → 3 (against the preset mine)"


def test_what_was_changed_while_training_is_named(store: Store) -> None:
    run = Recording(store, experiment=MINE).train(1)
    for rate in (10, 5, 1):
        run.change("optimizer.lr", rate)
        run.train(1)
    run.end("stopped")
    assert run.folder
    assert "lr 20, then 10 … 1" in told(store, run.folder.id).in_short
