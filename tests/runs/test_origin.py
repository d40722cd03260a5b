"""Where runs come from, and the comparisons that are kept."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tui_trainer.experiment.comparison import vary
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.origin import NOWHERE, Origin, read_origin
from tui_trainer.runs.store import RunNotFound, Store
from tui_trainer.runs.summary import summarize
from tui_trainer.runs.view import RunReader, read

LEARNING_RATES = vary(Experiment(name="digits"), "optimizer.lr", [0.01, 0.1])


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def test_a_run_knows_where_it_comes_from(store: Store) -> None:
    origin = Origin(parent="20260101-000000-a-0000", comparison="20260101-000000-c-0000", arm="lr 0.1", repeat=2)
    folder = store.create(Experiment(), origin)
    assert folder.origin() == read(folder).origin == summarize(folder).origin == origin
    assert store.create(Experiment()).origin() == NOWHERE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        "[1]",
        "null",
        "[" * 100_000,
        '{"parent": "../../etc"}',
        '{"parent": 3}',
        '{"comparison": "a/b"}',
        '{"from_step": -1}',
        '{"from_step": true}',
        '{"from_epoch": NaN}',
        '{"from_epoch": "x"}',
        '{"repeat": 1e9}',
        b"\xff\xfe",
    ],
    ids=lambda text: repr(text)[:20],
)
def test_nonsense_is_nowhere(text: str | bytes) -> None:
    assert read_origin(text) == NOWHERE


def test_a_name_from_outside_says_nothing_to_a_terminal() -> None:
    assert read_origin('{"arm": "l2\\u001b]0;x\\u0007 0.1"}').arm == "l2]0;x 0.1"


def test_a_link_is_no_origin(store: Store, tmp_path: Path) -> None:
    folder = store.create(Experiment())
    (tmp_path / "elsewhere.json").write_text('{"arm": "x"}')
    folder.origin_file.symlink_to(tmp_path / "elsewhere.json")
    assert folder.origin() == NOWHERE


def test_a_comparison_is_kept_with_its_runs(store: Store) -> None:
    id = store.comparisons.save(LEARNING_RATES)
    other = store.comparisons.save(LEARNING_RATES)
    assert id != other
    runs = [store.create(arm.experiment, Origin(comparison=id, arm=arm.name)) for arm in LEARNING_RATES.arms]
    store.create(Experiment(), Origin(comparison=other))
    assert store.comparisons.load(id) == LEARNING_RATES
    assert store.runs_of(id) == sorted(runs, key=lambda folder: folder.id)
    assert {stored.id for stored in store.comparisons.all()} == {id, other}
    store.comparisons.replace(id, LEARNING_RATES.repeated(5))
    assert store.comparisons.load(id).repeats == 5


def test_only_its_owner_reads_it(store: Store) -> None:
    id = store.comparisons.save(LEARNING_RATES)
    file = store.root / "comparisons" / f"{id}.yaml"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_what_cannot_be_read_is_listed_with_the_reason(store: Store) -> None:
    id = store.comparisons.save(LEARNING_RATES)
    file = store.root / "comparisons" / f"{id}.yaml"
    file.write_text("base: {optimizer: {lr: -1}}\nchanges: {a: {}}\n")
    (stored,) = store.comparisons.all()
    assert stored.comparison is None
    assert "optimizer.lr" in stored.problem
    with pytest.raises(ExperimentError):
        store.comparisons.load(id)
    file.write_bytes(b"\xff")
    assert "UTF-8" in store.comparisons.all()[0].problem


@pytest.mark.parametrize("id", ["", "..", "../runs/x", "a/b", ".hidden", "missing", "x" * 300])
def test_what_is_no_id_becomes_no_path(store: Store, id: str) -> None:
    store.comparisons.save(LEARNING_RATES)
    with pytest.raises(OSError):
        store.comparisons.load(id)


def test_there_are_none_at_first(store: Store) -> None:
    assert store.comparisons.all() == []
    assert store.runs_of("x") == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_said(store: Store) -> None:
    store.root.chmod(0o500)
    with pytest.raises(OSError):
        store.comparisons.save(LEARNING_RATES)


def test_a_run_may_come_to_belong_to_a_comparison_while_it_is_watched(store: Store) -> None:
    folder = store.create(Experiment(), Origin(parent="20260101-000000-a-0000"))
    watched = RunReader(folder)
    watched.read_new()
    assert watched.view().origin.comparison == ""
    origin = Origin(parent="20260101-000000-a-0000", comparison=store.comparisons.save(LEARNING_RATES), arm="lr 0.1")
    store.assign(folder, origin)
    assert watched.view().origin == origin
    assert store.runs_of(origin.comparison) == [folder]
    with pytest.raises(RunNotFound):
        store.assign(RunFolder(store.root), origin)
    assert not (store.root / "origin.json").exists()


def test_a_run_belongs_to_comparisons_that_took_it_in_as_well(store: Store) -> None:
    first, second = (store.comparisons.save(LEARNING_RATES) for _ in range(2))
    alone = Origin().taken_in(first, "lr 0.1", 1)
    assert alone == Origin(comparison=first, arm="lr 0.1", repeat=1)
    folder = store.create(Experiment())
    store.assign(folder, alone.taken_in(second, "B", 0))
    assert store.runs_of(first) == store.runs_of(second) == [folder]
    assert folder.origin().within(first).arm == "lr 0.1"
    assert (folder.origin().within(second).arm, folder.origin().within(second).repeat) == ("B", 0)
    assert read_origin('{"also": [{"arm": "x"}]}') == read_origin('{"also": 1}') == NOWHERE
