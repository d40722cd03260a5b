"""`runs`, `show` and `stop`, on recorded runs."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from tests import recorded
from tests.cli.conftest import Call
from tui_trainer.cli.output import in_ascii
from tui_trainer.cli.results import as_lines
from tui_trainer.insight.findings.diagnosis import diagnose
from tui_trainer.runs.origin import Origin
from tui_trainer.runs.store import Store


def test_no_runs_yet(call: Call) -> None:
    result = call("runs")
    assert result.code == 0
    assert "tui-trainer run" in result.out
    assert call("runs", "--json").out == "[]\n"


def test_runs_are_listed(call: Call, store: Store) -> None:
    made = [recorded.finished(store), recorded.failed(store), recorded.died(store), recorded.running(store)]
    lines = call("runs").out.splitlines()
    assert len(lines) == 5
    for recording, state in zip(made, ("finished", "failed", "died", "running"), strict=True):
        assert recording.folder
        (line,) = [line for line in lines if line.startswith(recording.folder.id)]
        assert state in line
    columns = [line.index(word) for line, word in zip(lines[:1], ["what"], strict=True)]
    assert all(line[columns[0] :].startswith("digits") for line in lines[1:])


def test_runs_as_json(call: Call, store: Store) -> None:
    recording = recorded.finished(store)
    recorded.failed(store)
    failed, finished = sorted(json.loads(call("runs", "--json").out), key=lambda run: run["state"] == "finished")
    assert recording.folder
    assert finished["run"] == recording.folder.id
    assert finished["state"] == "finished"
    assert finished["best"]["accuracy"] == pytest.approx(finished["validation"]["accuracy"])
    assert failed["train"]["loss"] is None


def test_a_name_from_outside_is_cleaned(call: Call, store: Store) -> None:
    recording = recorded.finished(store)
    assert recording.folder
    recording.folder.name_file.write_text("evil \x1b]0;title\x07")
    for arguments in (["runs"], ["show", recording.folder.id]):
        assert not {"\x1b", "\x07"} & {*call(*arguments).out}


def test_show_has_curves_and_figures(call: Call, store: Store) -> None:
    recording = recorded.overfit(store)
    assert recording.folder
    result = call("show", recording.folder.id)
    assert result.code == 0
    assert result.out.isascii()
    for words in ("finished", "loss", "accuracy", "train", "validation", "best", "epoch", "always the commonest class"):
        assert words in result.out
    assert "training.epochs = 60" in result.out
    assert result.out.count("layer ") >= 7
    plots = [line for line in result.out.splitlines() if "|" in line]
    assert len(plots) >= 15
    assert sum("o" in line for line in plots) >= 8  # the validation curve
    assert sum("*" in line for line in plots) >= 8  # the train curve


def test_show_says_why_a_run_failed_and_what_left_the_plot(call: Call, store: Store) -> None:
    recording = recorded.failed(store)
    assert recording.folder
    out = call("show", recording.folder.id).out
    assert "the loss is not finite since step 150" in out
    assert "layer 1: gradient" in out
    assert "^" in out


def test_show_marks_changes(call: Call, store: Store) -> None:
    recording = recorded.running(store, 5)
    recording.change("optimizer.lr", 0.01)
    recording.train(3)
    assert recording.folder
    out = call("show", recording.folder.id).out
    assert "optimizer.lr 0.1 -> 0.01 at epoch 5" in out
    assert "running" in out


def test_a_fork_and_an_arm_say_where_they_come_from(call: Call, store: Store) -> None:
    recording = recorded.finished(store)
    assert recording.folder
    origin = Origin("20250101-000000-parent-abcd", 300, 30.0, "20250102-000000-cures-abcd", "l2 0.01", 2)
    recording.folder.origin_file.write_text(origin.to_text())
    whence = "l2 0.01 of 20250102-000000-cures-abcd, fork of 20250101-000000-parent-abcd at epoch 30"
    assert whence in call("runs").out
    assert f"from        {whence}" in call("show", "latest").out
    (told,) = json.loads(call("runs", "--json").out)
    assert (told["parent"], told["forked_at_step"], told["forked_at_epoch"]) == (origin.parent, 300, 30.0)
    assert (told["comparison"], told["arm"]) == (origin.comparison, "l2 0.01")


def test_show_says_what_is_found_and_what_would_mend_it(call: Call, store: Store) -> None:
    recording = recorded.overfit(store)
    out = call("show", "latest").out
    (finding, *_) = diagnose(recording.view())
    assert _flat(finding.title) in _flat(out)
    assert in_ascii(_flat(finding.evidence)) in _flat(out)
    assert "--set regularization." in out


def _flat(text: str) -> str:
    return " ".join(text.split())


def test_show_of_a_run_that_has_no_log(call: Call, store: Store) -> None:
    recording = recorded.finished(store)
    assert recording.folder
    recording.folder.events_file.unlink()
    result = call("show", recording.folder.id)
    assert result.code == 0
    assert "accuracy" not in result.out


@pytest.mark.parametrize("command", ["show", "stop", "resume"])
def test_a_run_that_is_not_there(call: Call, store: Store, command: str) -> None:
    result = call(command, "2020")
    assert (result.code, result.out) == (2, "")
    assert "there is no run '2020'" in result.err


def test_a_run_goes_by_its_name_the_latest_of_several(call: Call, store: Store) -> None:
    recorded.finished(store)
    recorded.finished(store)
    last, first = (run.folder for run in store.list())
    result = call("show", "recorded")
    assert result.out.startswith(last.id)
    assert result.err == f"2 runs are called recorded; this is the latest: {last.id}\n"
    store.rename(first, "my best")
    result = call("show", "my best")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(first.id)
    assert "is not running" in call("stop", "my best").err
    assert "has finished" in call("resume", "my best").err
    assert call("compare", "my best", "recorded", "--json").code == 0
    assert f"{first.id} is one run" in call("compare", "my best").err


def test_an_ambiguous_run(call: Call, store: Store) -> None:
    made = [recorded.finished(store), recorded.finished(store)]
    result = call("show", "2")
    assert result.code == 2
    assert all(recording.folder and recording.folder.id in result.err for recording in made)


def test_a_newer_log_is_refused_with_a_word(call: Call, store: Store) -> None:
    recording = recorded.finished(store)
    assert recording.folder
    events: Path = recording.folder.events_file
    events.write_text(events.read_text().replace('"v":1', '"v":99'))
    assert "upgrade tui-trainer" in call("show", recording.folder.id).out


def test_stop_waits_until_the_run_has_stopped(call: Call, store: Store) -> None:
    recording = recorded.running(store)
    assert recording.folder
    worker = threading.Thread(target=_obey_one, args=(recording,))
    worker.start()
    result = call("stop", recording.folder.id)
    worker.join()
    assert result.code == 0
    assert "stopped" in result.out


def _obey_one(recording: recorded.Recording) -> None:
    while not recording.obey():
        pass


def test_stop_of_a_run_that_is_over(call: Call, store: Store) -> None:
    recording = recorded.finished(store)
    assert recording.folder
    result = call("stop", recording.folder.id)
    assert result.code == 2
    assert "finished" in result.err


def test_resume_of_a_run_that_is_running_or_finished(call: Call, store: Store) -> None:
    running, finished = recorded.running(store), recorded.finished(store)
    assert running.folder
    assert finished.folder
    result = call("resume", running.folder.id)
    assert (result.code, "running already" in result.err) == (2, True)
    result = call("resume", finished.folder.id)
    assert (result.code, "--epochs" in result.err) == (2, True)


@pytest.mark.parametrize("command", ["show", "stop", "resume", "test"])
def test_without_a_run_there_is_no_latest_one(call: Call, store: Store, command: str) -> None:
    result = call(command, "latest")
    assert (result.code, result.out) == (2, "")
    assert "there is no run yet" in result.err


@pytest.mark.parametrize(("epochs", "words"), [(1, "1 epoch, "), (3, "3 epochs, ")])
def test_one_epoch_is_no_epochs(call: Call, store: Store, epochs: int, words: str) -> None:
    recording = recorded.Recording(store, {"training": {"epochs": epochs}}).train(epochs).end()
    assert recording.folder
    assert f"{epochs} of {words}" in call("show", recording.folder.id).out
    assert f"after {words}" in as_lines(store.list()[0])[0]


def test_the_latest_run_has_a_name(call: Call, store: Store) -> None:
    made = sorted(str(recorded.finished(store).folder.path.name) for _ in range(2))  # type: ignore[union-attr]
    assert call("show", "latest").out.startswith(made[-1])
