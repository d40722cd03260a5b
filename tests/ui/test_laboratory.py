"""The laboratory: a draft, runs and their commands, without a screen and with make-believe workers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.recorded import finished, running
from tests.ui.dashboards import MAPPING, Bench
from tui_trainer.experiment.parse import parse
from tui_trainer.experiment.problems import Problem
from tui_trainer.runs.store import Store
from tui_trainer.ui.laboratory.draft import DEFAULT, Edit


@pytest.fixture
def bench(home: Path) -> Iterator[Bench]:
    made = Bench(home)
    made.laboratory.begin()
    made.until(lambda: made.laboratory.described, "a description")
    yield made
    made.close()


# The draft


def test_a_change_is_described_saved_and_can_be_undone(bench: Bench) -> None:
    laboratory = bench.laboratory
    assert laboratory.change(Edit("model.hidden", [50])) == ""
    assert laboratory.sizes.parameters is None  # not known for this network yet
    bench.until(lambda: laboratory.sizes.parameters == 65 * 50 + 51 * 10, "the parameters")
    bench.until(lambda: bench.store.load_draft().experiment == laboratory.experiment, "the draft on disk")
    laboratory.undo()
    assert laboratory.experiment == parse(MAPPING)
    laboratory.undo()
    assert bench.said == ["nothing to undo"]


def test_what_is_wrong_is_said_and_changes_nothing(bench: Bench) -> None:
    laboratory = bench.laboratory
    said = laboratory.change(Edit("optimizer.lr", -1.0))
    assert "above 0" in said
    assert laboratory.experiment == parse(MAPPING)


def test_updates_are_counted_at_once(bench: Bench) -> None:
    laboratory = bench.laboratory
    laboratory.change(Edit("training.batch_size", 100))
    assert (laboratory.sizes.updates_per_epoch, laboratory.sizes.updates) == (3, 90)


def test_an_answer_to_an_older_question_is_dropped(bench: Bench) -> None:
    laboratory = bench.laboratory
    for units in (10, 20, 30, 40):
        laboratory.change(Edit("model.hidden", [units]))
    bench.until(lambda: laboratory.described and laboratory.described.experiment == laboratory.experiment)
    assert laboratory.sizes.parameters == 65 * 40 + 41 * 10
    assert len(bench.worker.described) < 5  # not every value on the way was asked about


def test_problems_that_only_the_worker_finds_have_their_place(bench: Bench) -> None:
    laboratory = bench.laboratory
    bench.worker.problems = [Problem("data.folder", "no such folder")]
    laboratory.change(Edit("data", "mnist"))
    bench.until(lambda: laboratory.problems == {"data.folder": "no such folder"})
    laboratory.change(Edit("data", "digits"))
    assert laboratory.problems == {}


def test_what_belongs_to_no_field_is_a_warning(bench: Bench) -> None:
    laboratory = bench.laboratory
    bench.worker.problems = [Problem("", "torch cannot be imported")]
    laboratory.change(Edit("seed", 1))
    bench.until(lambda: laboratory.warnings == ["cannot be trained: torch cannot be imported"])
    bench.worker.problems = []
    laboratory.change(Edit("seed", 2))
    assert laboratory.warnings == []


def test_a_default_comes_back(bench: Bench) -> None:
    laboratory = bench.laboratory
    laboratory.change(Edit("optimizer", "adam"))
    assert laboratory.experiment.optimizer.lr == 0.001
    laboratory.change(Edit("optimizer.lr", 0.5))
    laboratory.change(Edit("optimizer.lr", DEFAULT))
    assert laboratory.experiment.optimizer.lr == 0.001
    assert laboratory.experiment.optimizer.kind == "adam"


# Runs


def test_space_starts_pauses_and_resumes(bench: Bench) -> None:
    laboratory = bench.laboratory
    laboratory.toggle()
    assert laboratory.view is not None
    assert laboratory.view.state == "starting"
    bench.until(lambda: bench.worker.recordings and laboratory.view.state == "running", "running")
    laboratory.toggle()
    bench.until(bench.recording.obey, "the command to pause")
    bench.until(lambda: laboratory.view.state == "paused")
    laboratory.toggle()
    bench.until(bench.recording.obey, "the command to resume")
    bench.until(lambda: laboratory.view.state == "running")


def test_a_live_change_goes_to_the_run_and_is_pending_until_it_answers(bench: Bench) -> None:
    laboratory = bench.laboratory
    recording = bench.start(epochs=2)
    laboratory.change(Edit("optimizer.lr", 0.01))
    assert set(laboratory.pending) == {"optimizer.lr"}
    bench.until(lambda: recording.obey() == ["set"], "the command")
    bench.until(lambda: not laboratory.pending, "the answer")
    assert laboratory.view is not None
    assert [(change.path, change.new) for change in laboratory.view.changes] == [("optimizer.lr", 0.01)]
    assert not laboratory.edited


def test_a_regularizer_is_turned_up_and_off_while_training(bench: Bench) -> None:
    laboratory = bench.laboratory
    recording = bench.start(epochs=1)
    laboratory.change(Edit("regularization.dropout", True))
    bench.until(lambda: recording.obey() == ["set"])
    assert recording.present.regularization["dropout"].rate == 0.2  # type: ignore[attr-defined]
    laboratory.change(Edit("regularization.dropout", DEFAULT))
    bench.until(lambda: recording.obey() == ["set"])
    assert recording.present.regularization["dropout"].rate == 0.0  # type: ignore[attr-defined]
    bench.until(lambda: not laboratory.pending)
    assert not laboratory.edited


def test_undo_takes_a_live_change_back_in_the_run(bench: Bench) -> None:
    laboratory = bench.laboratory
    recording = bench.start(epochs=1)
    laboratory.change(Edit("optimizer.lr", 0.01))
    laboratory.undo()
    bench.until(lambda: not (recording.obey() or laboratory.pending))
    assert recording.present.optimizer.lr == 0.1


def test_other_changes_make_the_experiment_edited(bench: Bench) -> None:
    laboratory = bench.laboratory
    recording = bench.start(epochs=1)
    laboratory.change(Edit("activation", "tanh"))
    assert laboratory.edited
    assert not laboratory.pending
    laboratory.change(Edit("optimizer", "adam"))
    laboratory.change(Edit("optimizer.lr", 0.01))  # adam's, not that of the run
    assert not laboratory.pending
    assert recording.obey() == []


def test_a_refusal_is_said_and_stays_at_its_field(bench: Bench) -> None:
    laboratory = bench.laboratory
    recording = bench.start(epochs=1)
    laboratory.change(Edit("optimizer.lr", 0.01))

    def refuse() -> bool:
        found = recording._mailbox.read_new() if recording._mailbox else []
        for command, offset in found:
            recording.write("refused", id=command["id"], mailbox=offset, message="not now")
        return bool(found)

    bench.until(refuse)
    bench.until(lambda: laboratory.problems == {"optimizer.lr": "not now"})
    assert "set: not now" in bench.said


def test_restart_keeps_the_old_run_and_makes_it_the_ghost(bench: Bench) -> None:
    laboratory = bench.laboratory
    first = bench.start(epochs=3)
    laboratory.change(Edit("activation", "tanh"))
    laboratory.restart()
    bench.until(lambda: first.obey() == ["stop"], "the command to stop")
    bench.until(lambda: len(bench.worker.recordings) == 2, "a second run")
    second = bench.recording
    assert second.experiment.activation.kind == "tanh"
    assert laboratory.ghost is not None
    assert first.folder is not None
    assert laboratory.ghost.id == first.folder.id
    assert len(laboratory.ghost.evaluations) == 3
    assert {summary.state for summary in bench.store.list()} >= {"stopped"}


def test_what_is_told_to_a_run_before_it_has_a_folder_reaches_it(bench: Bench) -> None:
    laboratory = bench.laboratory
    laboratory.start()
    laboratory.change(Edit("optimizer.lr", 0.05))
    laboratory.restart()
    bench.until(lambda: len(bench.worker.recordings) == 2, "two runs")
    first, _ = bench.worker.recordings
    assert first.obey() == ["set", "stop"]
    assert bench.said == []


def test_more_epochs_than_there_can_be_are_refused(bench: Bench) -> None:
    laboratory = bench.laboratory
    run = bench.start(epochs=1)
    laboratory.extend(9_999_999)
    assert laboratory.experiment == parse(MAPPING)
    assert len(bench.said) == 1
    assert "training.epochs" in bench.said[0]
    assert run.obey() == []


def test_a_run_on_other_data_has_no_ghost(bench: Bench) -> None:
    laboratory = bench.laboratory
    first = bench.start(epochs=3)
    first.end()
    first.release_lock()
    bench.until(lambda: laboratory.view and laboratory.view.ended)
    laboratory.load(parse({**MAPPING, "data": {"kind": "digits", "train_samples": 100}}))
    second = bench.start(epochs=1)
    assert laboratory.ghost is not None, "fewer of the same samples"
    second.end()
    second.release_lock()
    bench.until(lambda: laboratory.view and laboratory.view.ended)
    laboratory.load(parse({**MAPPING, "data": "wine"}))
    bench.start(epochs=1)
    assert laboratory.ghost is None


def test_a_run_that_has_ended_is_put_away_when_other_data_is_loaded(bench: Bench) -> None:
    laboratory = bench.laboratory
    run = bench.start(epochs=1)
    laboratory.load(parse({**MAPPING, "data": "wine"}))
    assert laboratory.view is not None, "it trains"
    run.end()
    run.release_lock()
    bench.until(lambda: laboratory.view and laboratory.view.ended)
    laboratory.load(parse({**MAPPING, "optimizer": {"lr": 0.7}}))
    assert laboratory.view is not None, "the same data"
    laboratory.load(parse({**MAPPING, "data": "wine"}))
    assert laboratory.view is None
    assert laboratory.ghost is None
    assert not laboratory.edited
    assert bench.said[-1].endswith("; the run before is kept: r lists it")
    assert len(bench.store.list()) == 1


def test_a_run_that_never_trained_is_no_ghost(bench: Bench) -> None:
    bench.start(epochs=2)
    ghost_of_first = bench.laboratory.view
    bench.start()
    bench.start()
    assert bench.laboratory.ghost is not None
    assert ghost_of_first is not None
    assert bench.laboratory.ghost.id == ghost_of_first.id


def test_a_finished_run_is_extended(bench: Bench) -> None:
    laboratory = bench.laboratory
    recording = bench.start(epochs=30)
    recording.end()
    recording.release_lock()
    bench.until(lambda: laboratory.view and laboratory.view.ended)
    laboratory.extend(20)
    bench.until(lambda: bench.worker.extended == [0, 20])
    assert laboratory.experiment.training.epochs == 50


def test_a_run_that_was_cut_off_is_taken_up_again(bench: Bench) -> None:
    laboratory = bench.laboratory
    recording = bench.start(epochs=3)
    recording.checkpoint("last")
    recording.end("interrupted", "SIGTERM")
    recording.release_lock()
    bench.until(lambda: laboratory.view and laboratory.view.state == "interrupted")
    assert laboratory.resumable
    laboratory.toggle()
    bench.until(lambda: len(bench.worker.recordings) == 2)
    assert bench.worker.recordings[0].folder == bench.worker.recordings[1].folder
    laboratory.change(Edit("activation", "tanh"))
    assert not laboratory.resumable


def test_a_start_that_fails_says_why(bench: Bench) -> None:
    bench.worker.start_problem = "out of memory"
    bench.laboratory.start()
    bench.until(lambda: bench.laboratory.view and bench.laboratory.view.state == "failed")
    assert bench.said == ["out of memory"]


def test_pace_walks_along_its_ladder(bench: Bench) -> None:
    laboratory = bench.laboratory
    assert laboratory.experiment.training.pace == "full"
    laboratory.pace(-1)
    assert laboratory.experiment.training.pace == 100
    laboratory.pace(1)
    assert laboratory.experiment.training.pace == "full"


# Runs of others, and of earlier


def test_opening_a_run_takes_its_experiment_as_the_draft(bench: Bench) -> None:
    recording = finished(bench.store, experiment={"activation": "tanh"})
    assert recording.folder is not None
    laboratory = bench.laboratory
    laboratory.open(recording.folder)
    bench.until(lambda: laboratory.view and laboratory.view.state == "finished")
    assert laboratory.experiment.activation.kind == "tanh"
    assert not laboratory.edited
    laboratory.undo()
    assert laboratory.experiment == parse(MAPPING)


def test_a_run_is_trained_again(bench: Bench) -> None:
    recording = finished(bench.store, experiment={"activation": "tanh"})
    assert recording.folder is not None
    bench.laboratory.again(recording.folder, bench.laboratory.start)
    bench.until(lambda: bench.worker.recordings)
    assert bench.recording.experiment.activation.kind == "tanh"
    assert bench.recording.folder != recording.folder


def test_news_of_what_ended_and_what_still_runs(home: Path) -> None:
    store = Store(home)
    ended, alive = running(store, name="first"), running(store, experiment={"name": "second"})
    store.mark_seen()
    ended.train().end()
    ended.release_lock()
    bench = Bench(home)
    bench.laboratory.begin()
    bench.until(lambda: bench.laboratory.news.running, "news")
    assert [run.id for run in bench.laboratory.news.running] == [alive.folder.id if alive.folder else ""]
    assert [run.state for run in bench.laboratory.news.ended] == ["finished"]
    alive.release_lock()


# The end


def test_only_runs_of_its_own_hold_up_the_end(bench: Bench) -> None:
    other = running(bench.store)
    assert other.folder is not None
    bench.laboratory.open(other.folder)
    bench.until(lambda: bench.laboratory.alive)
    assert bench.laboratory.under_way.alive() == []
    recording = bench.start(epochs=1)
    assert bench.laboratory.under_way.alive() == [recording.folder]
    bench.laboratory.under_way.keep_running()
    bench.until(lambda: recording.obey() == ["detach"])
    bench.laboratory.under_way.stop_all()
    bench.until(lambda: recording.obey() == ["stop"])
    assert bench.laboratory.under_way.alive() == []
    other.release_lock()


def test_closing_saves_the_draft_at_once(bench: Bench) -> None:
    bench.laboratory.change(Edit("seed", 7))
    bench.laboratory.close()
    saved = bench.store.load_draft().experiment
    assert saved is not None
    assert saved.seed == 7
    assert bench.worker.closed


# What people stumbled over


def test_what_the_worker_has_refused_is_not_started(bench: Bench) -> None:
    laboratory = bench.laboratory
    bench.worker.problems = [Problem("data.folder", "no such folder")]
    laboratory.change(Edit("data", "mnist"))
    bench.until(lambda: laboratory.problems)
    asked = len(bench.worker.described)
    laboratory.toggle()
    laboratory.restart()
    assert laboratory.view is None
    assert bench.store.folders() == []
    assert bench.said == ["this cannot be trained: data.folder: no such folder"] * 2
    bench.until(lambda: len(bench.worker.described) > asked, "another look, for somebody may have mended it")
    bench.worker.problems = []
    laboratory.toggle()
    bench.until(lambda: not laboratory.problems)
    laboratory.toggle()
    bench.until(lambda: bench.worker.recordings, "a run")


def test_a_stopped_run_goes_on_unless_it_was_edited(bench: Bench) -> None:
    laboratory = bench.laboratory
    recording = bench.start(epochs=3)
    recording.checkpoint("last")
    recording.end("stopped", "by a person")
    recording.release_lock()
    bench.until(lambda: laboratory.view and laboratory.view.state == "stopped")
    assert laboratory.resumable
    laboratory.toggle()
    bench.until(lambda: len(bench.worker.recordings) == 2)
    assert bench.worker.recordings[0].folder == bench.worker.recordings[1].folder


def test_a_change_made_elsewhere_arrives_in_the_draft(bench: Bench) -> None:
    laboratory = bench.laboratory
    recording = bench.start(epochs=1)
    recording.change("optimizer.lr", 0.03)
    recording.write("changed", path="regularization.dropout.rate", old=0.0, new=0.2)
    recording.extend(12)
    bench.until(lambda: laboratory.experiment.training.epochs == 42)
    assert laboratory.experiment.optimizer.lr == 0.03
    assert laboratory.experiment.regularization["dropout"].rate == 0.2  # type: ignore[attr-defined]
    assert not laboratory.edited


def test_a_change_made_elsewhere_leaves_alone_what_was_edited_here(bench: Bench) -> None:
    laboratory = bench.laboratory
    recording = bench.start(epochs=1)
    laboratory.change(Edit("optimizer.lr", 0.5))
    bench.until(recording.obey, "the command")
    recording.change("optimizer.lr", 0.03)
    recording.change("training.batch_size", 64)
    bench.until(lambda: laboratory.experiment.training.batch_size == 64)
    bench.until(lambda: not laboratory.pending)
    assert laboratory.experiment.optimizer.lr in (0.5, 0.03)  # its value here had arrived, or not yet
    laboratory.change(Edit("activation", "tanh"))
    assert "activation" in laboratory.edited_paths


def test_a_change_on_its_way_is_not_taken_back_by_an_earlier_one(bench: Bench) -> None:
    laboratory = bench.laboratory
    recording = bench.start(epochs=1)
    laboratory.change(Edit("optimizer.lr", 0.03))
    bench.until(lambda: laboratory.pending["optimizer.lr"].id, "the command")
    bench.until(recording.obey)
    laboratory.change(Edit("optimizer.lr", 0.1))  # back, before the first has been answered
    bench.until(recording.obey)
    bench.until(lambda: not laboratory.pending)
    assert laboratory.experiment.optimizer.lr == 0.1


def test_loading_is_said(bench: Bench) -> None:
    laboratory = bench.laboratory
    laboratory.load(parse({"name": "one"}))
    bench.start(epochs=1)
    laboratory.load(parse({"name": "two", "activation": "tanh"}))
    assert bench.said == ["loaded one", "loaded two; R trains it and stops the present run, which is kept"]


def test_the_pace_is_said(bench: Bench) -> None:
    bench.laboratory.pace(-1)
    bench.laboratory.pace(1)
    assert bench.said == ["pace 100 updates/s", "pace full: no waiting"]


def test_other_runs_that_train_are_told(bench: Bench) -> None:
    laboratory = bench.laboratory
    first = bench.start(epochs=1)
    laboratory.load(parse({"name": "second"}))
    bench.start(epochs=1)
    laboratory.look_for_others()
    bench.until(lambda: "1 more run is training: digits-mlp" in laboratory.warnings)
    first.release_lock()
    laboratory.look_for_others()
    bench.until(lambda: not laboratory.others)
