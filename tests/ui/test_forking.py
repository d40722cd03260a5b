"""Forks: a copy of a run, changed and trained beside its parent; and cures of what is wrong."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.recorded import Recording, finished, overfit, overfitting
from tests.ui.dashboards import Bench
from tui_trainer.experiment.parse import parse
from tui_trainer.insight.findings.base import Cure, Finding
from tui_trainer.runs import queue
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.origin import Origin
from tui_trainer.runs.records import RunView
from tui_trainer.runs.view import read
from tui_trainer.ui.laboratory.draft import Edit
from tui_trainer.ui.laboratory.findings import in_their_places


@pytest.fixture
def bench(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr(queue, "_cores", lambda: 2)
    made = Bench(home)
    made.laboratory.begin()
    made.until(lambda: made.laboratory.described, "a description")
    yield made
    made.close()


def folder_of(recording: Recording) -> RunFolder:
    assert recording.folder is not None
    return recording.folder


def forked(bench: Bench, recording: Recording, *, at_checkpoint: bool = False) -> RunView:
    """Fork a run that has ended; its view."""
    view = read(folder_of(recording))
    assert bench.laboratory.forks.begin(folder_of(recording), view, view.checkpoints[0] if at_checkpoint else None)
    return view


def half_way(bench: Bench) -> Recording:
    """A run that has ended, with a checkpoint half way; none is on disk."""
    recording = Recording(bench.store, curves=overfitting).train(15)
    recording.checkpoint("ladder")
    recording.train().end()
    return recording


def test_a_fork_is_trained_beside_its_parent(bench: Bench) -> None:
    laboratory = bench.laboratory
    parent = finished(bench.store, experiment={"name": "parent", "optimizer": {"lr": 0.03}})
    view = forked(bench, parent)
    assert laboratory.experiment == parent.experiment
    assert laboratory.fork_of is not None
    assert laboratory.fork_of.name == "parent"
    assert laboratory.view == view, "the parent is looked at"
    laboratory.change(Edit("optimizer.lr", 0.3))
    assert laboratory.edited_paths == {"optimizer.lr"}
    laboratory.toggle()
    assert laboratory.experiment.name == "parent lr 0.3"
    assert laboratory.fork_of is None
    bench.until(lambda: laboratory.comparing and len(laboratory.comparing.state.sides) == 2, "both side by side")
    comparing = laboratory.comparing
    assert comparing is not None
    assert [side.arm.name for side in comparing.state.sides] == ["lr 0.03", "lr 0.3"]
    assert comparing.state.pinned == 0
    assert bench.recording.folder is not None
    assert bench.recording.folder.origin() == Origin(parent=folder_of(parent).id)
    assert laboratory.ghost is not None
    assert laboratory.ghost.id == folder_of(parent).id


def test_a_fork_is_called_after_what_was_changed_last_or_as_a_person_says(bench: Bench) -> None:
    laboratory = bench.laboratory
    parent = finished(bench.store, experiment={"name": "parent lr 0.1", "optimizer": {"lr": 0.1}})
    forked(bench, parent)
    laboratory.change(Edit("optimizer.lr", 0.3))
    laboratory.change(Edit("regularization.dropout", 0.2))
    assert laboratory.fork_of is not None
    assert laboratory.fork_of.named(laboratory.experiment) == "parent lr 0.3, dropout 0.2"
    laboratory.change(Edit("name", "mine"))
    assert laboratory.fork_of.named(laboratory.experiment) == "mine"


def test_the_ghost_of_a_run_that_is_opened_is_its_parent(bench: Bench) -> None:
    laboratory = bench.laboratory
    parent = finished(bench.store, experiment={"name": "parent"})
    child = finished(bench.store, experiment={"name": "child"})
    bench.store.assign(folder_of(child), Origin(parent=folder_of(parent).id))
    bench.start(epochs=2)
    laboratory.open(folder_of(parent))
    bench.until(lambda: laboratory.view and laboratory.view.name == "parent")
    assert laboratory.ghost is None, "a run that has nothing to do with it"
    laboratory.open(folder_of(child))
    bench.until(lambda: laboratory.ghost, "the parent")
    assert laboratory.ghost is not None
    assert laboratory.ghost.name == "parent"


def test_a_fork_of_a_run_that_was_deleted_meanwhile_trains_alone(bench: Bench) -> None:
    parent = finished(bench.store)
    forked(bench, parent)
    shutil.rmtree(folder_of(parent).path)
    bench.laboratory.start()
    bench.until(lambda: bench.laboratory.view and bench.laboratory.view.state == "running", "the fork")
    bench.until(lambda: bench.laboratory.under_way.being_started == 0)
    assert bench.laboratory.comparing is None


def test_a_run_that_trains_is_forked_and_goes_on_unchanged(bench: Bench) -> None:
    laboratory = bench.laboratory
    parent = bench.start(epochs=3)
    laboratory.forks.begin_present()
    laboratory.change(Edit("optimizer.lr", 0.5))
    assert not laboratory.pending, "the change went to the parent"
    laboratory.toggle()
    bench.until(lambda: len(bench.worker.recordings) == 2, "the fork")
    assert parent.obey() == []
    assert bench.recording.experiment.optimizer.lr == 0.5


def test_a_fork_is_of_what_the_run_trains_now(bench: Bench) -> None:
    recording = bench.start(epochs=2)
    bench.laboratory.change(Edit("optimizer.lr", 0.5))
    bench.until(lambda: recording.obey() == ["set"])
    bench.until(lambda: not bench.laboratory.pending)
    bench.laboratory.forks.begin_present()
    assert bench.laboratory.experiment.optimizer.lr == 0.5


def test_without_a_run_there_is_nothing_to_fork(bench: Bench) -> None:
    bench.laboratory.forks.begin_present()
    assert bench.said == ["no run to fork: space starts one"]


def test_a_fork_is_forgotten_by_esc_and_by_undoing_it_and_by_another_experiment(bench: Bench) -> None:
    laboratory = bench.laboratory
    parent = finished(bench.store, experiment={"name": "parent"})
    forked(bench, parent)
    laboratory.forks.forget()
    assert laboratory.fork_of is None
    assert laboratory.experiment == parent.experiment

    forked(bench, parent)
    laboratory.change(Edit("optimizer.lr", 0.3))
    laboratory.undo()
    assert laboratory.fork_of is not None
    laboratory.undo()
    assert laboratory.fork_of is None

    forked(bench, parent)
    laboratory.load(parse({"name": "other"}))
    assert laboratory.fork_of is None
    laboratory.start()
    bench.until(lambda: bench.worker.recordings)
    assert folder_of(bench.recording).origin() == Origin()


def test_what_a_checkpoint_cannot_do_is_said_before_anything_starts(bench: Bench) -> None:
    laboratory = bench.laboratory
    forked(bench, half_way(bench), at_checkpoint=True)
    assert laboratory.problems == {}
    laboratory.change(Edit("model.hidden", [10]))
    assert laboratory.problems
    assert next(iter(laboratory.problems)).startswith("model")
    laboratory.start()
    assert bench.said[-1].startswith("this cannot be trained: model")
    assert not bench.worker.recordings
    laboratory.undo()
    assert laboratory.problems == {}


def test_a_fork_must_plan_more_epochs_than_it_begins_with(bench: Bench) -> None:
    laboratory = bench.laboratory
    forked(bench, half_way(bench), at_checkpoint=True)
    laboratory.change(Edit("training.epochs", 1))
    assert "must be more than" in laboratory.problems["training.epochs"]
    laboratory.start()
    assert not bench.laboratory.under_way.being_started


def test_a_cure_goes_on_from_the_newest_checkpoint_that_is_left(bench: Bench) -> None:
    laboratory = bench.laboratory
    parent = half_way(bench)
    laboratory.open(folder_of(parent))
    bench.until(lambda: laboratory.view and laboratory.view.ended)
    assert laboratory.view
    first, *_, last = laboratory.view.checkpoints
    cure = Cure("lr / 10", {"optimizer.lr": 0.001}, from_step=last.step)
    laboratory.forks.apply(cure)
    bench.until(lambda: bench.said and "no checkpoint is left" in bench.said[-1])
    assert laboratory.fork_of is None
    left = folder_of(parent).checkpoints / first.folder
    left.mkdir(parents=True)
    for name in ("state.pt", "preprocessing.json", "manifest.json"):
        (left / name).write_text("")
    laboratory.forks.apply(cure)
    bench.until(lambda: bench.worker.recordings, "the run with the cure")
    assert folder_of(bench.recording).origin().from_step == first.step


def test_a_checkpoint_that_is_gone_is_said(bench: Bench) -> None:
    laboratory = bench.laboratory
    forked(bench, half_way(bench), at_checkpoint=True)
    laboratory.start()  # recorded runs have no checkpoints on disk
    bench.until(lambda: laboratory.view and laboratory.view.state == "failed")
    assert "cannot be made" in bench.said[-1]
    bench.until(lambda: laboratory.under_way.being_started == 0)


# Findings


def test_a_run_that_overfits_is_diagnosed_and_cured(bench: Bench) -> None:
    laboratory = bench.laboratory
    laboratory.open(folder_of(overfit(bench.store)))
    bench.until(lambda: laboratory.findings.found, "a finding")
    finding = laboratory.findings.found[0]
    assert finding.kind == "overfitting"
    cure = finding.cures[0]
    laboratory.forks.apply(cure)
    bench.until(lambda: bench.worker.recordings, "the run with the cure")
    bench.until(lambda: laboratory.comparing and len(laboratory.comparing.state.sides) == 2, "both side by side")
    assert laboratory.ghost is not None
    assert bench.recording.experiment != laboratory.ghost.experiment
    assert folder_of(bench.recording).origin().parent


def test_findings_are_those_of_the_run_that_is_looked_at(bench: Bench) -> None:
    laboratory = bench.laboratory
    laboratory.open(folder_of(overfit(bench.store)))
    bench.until(lambda: laboratory.findings.found)
    laboratory.open(folder_of(finished(bench.store)))
    assert laboratory.findings.found == ()


def test_a_cure_that_does_not_fit_starts_nothing(bench: Bench) -> None:
    laboratory = bench.laboratory
    laboratory.open(folder_of(finished(bench.store)))
    bench.until(lambda: laboratory.view)
    laboratory.forks.apply(Cure("nonsense", {"optimizer.lr": -1}))
    assert "nonsense cannot be tried" in bench.said[-1]
    assert not bench.worker.recordings


def test_findings_keep_their_places() -> None:
    a, b, c = (Finding(kind, kind, "", "") for kind in "abc")
    assert in_their_places([b, a], [a, b, c]) == (b, a, c)
    assert in_their_places([b, a], [c, a]) == (a, c)


# A step where there is no run


def test_a_step_without_a_run_starts_one(bench: Bench) -> None:
    laboratory = bench.laboratory
    laboratory.one_step()
    bench.until(lambda: bench.worker.recordings)
    bench.until(lambda: bench.recording.obey() == ["step"], "the step")
    bench.until(lambda: laboratory.view and laboratory.view.state == "paused")
