"""`compare`: what its words mean, what it trains, what it writes."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests.cli.conftest import TUI_TRAINER, Call
from tests.recorded import Recording, finished, learning, overfit, overfitting, running
from tui_trainer.cli.comparisons.progress import progress_line
from tui_trainer.experiment.comparison import vary
from tui_trainer.experiment.load import load_comparison_text
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs import view as views
from tui_trainer.runs.origin import Origin
from tui_trainer.runs.store import Store
from tui_trainer.runs.warm_worker import WarmWorker

SMALL = """
name: small
base:
  data: {kind: xor, samples: 200}
  optimizer: {kind: sgd, lr: 0.5}
  training: {epochs: 3, pace: 1}
changes:
  baseline: {}
  wide: {model.hidden: [200]}
"""


@pytest.fixture
def small(tmp_path: Path) -> str:
    """A comparison that is trained in no time, as a file."""
    file = tmp_path / "small.yaml"
    file.write_text(SMALL)
    return str(file)


def _until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def test_a_comparison_is_trained_judged_and_gone_on_with(call_program: Call, store: Store, small: str) -> None:
    result = call_program("compare", small, "--set", "seed=7", "--json")
    assert (result.code, result.err) == (0, "")
    told: dict[str, Any] = json.loads(result.out.splitlines()[-1])
    (stored,) = store.comparisons.all()
    assert stored.comparison
    assert (told["comparison"], told["name"], told["repeats"], told["metric"]) == (stored.id, "small", 1, "accuracy")
    assert [(arm["letter"], arm["name"], arm["changes"]) for arm in told["arms"]] == [
        ("A", "baseline", {}),
        ("B", "wide", {"model.hidden": [200]}),
    ]
    folders = {folder.id: folder for folder in store.runs_of(stored.id)}
    runs = [run for arm in told["arms"] for run in arm["runs"]]
    assert {run["run"] for run in runs} == set(folders)
    assert {(run["state"], run["comparison"]) for run in runs} == {("finished", stored.id)}
    assert {folder.experiment().training.pace for folder in folders.values()} == {"full"}
    assert {folder.experiment().seed for folder in folders.values()} == {7}
    keys = [row["key"] for row in told["table"]]
    assert keys[0] == "model.hidden"
    assert {"train.loss.end", "validation.accuracy.end", "validation.accuracy.best", "epochs-to-best"} <= set(keys)
    assert told["verdict"]["headline"]
    assert told["verdict"]["winner"] in (None, 0, 1)

    # The same command with `latest` trains only what more repeats call for.
    again = call_program("compare", "latest", "--repeats", "2", "--plain")
    assert again.code == 0
    lines = again.out.splitlines()
    assert [line.split("  ")[0] for line in lines[:3]] == [f"comparison {stored.id}", "3/4", "4/4"]
    assert {line.split("  ")[1].split(":")[0] for line in lines[1:3]} == {"baseline, seed 8", "wide, seed 8"}
    assert any(line.startswith("end") and " ± " in line for line in lines)
    assert len(store.runs_of(stored.id)) == 4
    assert set(folders) < {folder.id for folder in store.runs_of(stored.id)}


def test_run_trains_a_comparison_too(call_program: Call, store: Store, small: str) -> None:
    result = call_program("run", small)
    assert result.code == 0
    assert "A baseline" in result.out
    assert "validation accuracy" in result.out
    assert call_program("run", small, "--detach").code == 2


def test_workers_stand_by_for_all_runs_that_begin_together(
    call: Call, store: Store, small: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[int] = []
    keep = WarmWorker.keep

    def watched(worker: WarmWorker, count: int) -> None:
        kept.append(count)
        keep(worker, count)

    monkeypatch.setattr(WarmWorker, "keep", watched)
    assert call("compare", small, "--json").code == 0
    assert kept[0] == 2  # before anything is asked of one
    assert max(kept) == 2
    kept.clear()
    assert call("compare", "latest", "--json").code == 0
    assert kept == []  # nothing is missing


def test_ctrl_c_stops_all_runs_and_keeps_them(store: Store, small: str) -> None:
    command = [*TUI_TRAINER, "compare", small, "--plain", "--set", "training.epochs=1000000"]
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        _until(lambda: len([f for f in store.folders() if views.read(f).step > 0]) == 2)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    assert {views.read(folder).state for folder in store.folders()} == {"interrupted"}
    assert "stopping" in err
    assert "validation accuracy" in out


def test_what_a_worker_finds_wrong_is_said_where_it_stands(call_program: Call, store: Store, tmp_path: Path) -> None:
    file = tmp_path / "more.yaml"
    file.write_text("base: {}\nchanges:\n  few: {}\n  too many:\n    data.train_samples: 1000000\n")
    result = call_program("compare", str(file))
    assert result.code == 2
    assert result.err.startswith(f"{file}:5: changes.too many.data.train_samples: ")
    assert (store.folders(), store.comparisons.all()) == ([], [])


def test_runs_are_compared_as_they_are(call: Call, store: Store) -> None:
    one, two = finished(store).folder, overfit(store).folder
    result = call("compare", one.id, two.id)
    assert result.code == 0
    assert "A " in result.out.splitlines()[0]
    assert "validation accuracy" in result.out
    told = json.loads(call("compare", one.id, two.id, "--json").out)
    assert [arm["runs"][0]["run"] for arm in told["arms"]] == [one.id, two.id]
    assert (told["comparison"], told["arms"][0]["changes"]) == (None, None)


def test_findings_and_what_to_try_next_stand_below_the_verdict(call: Call, store: Store) -> None:
    comparison = vary(Experiment(), "optimizer.lr", [0.1, 0.3, 1.0])
    id = store.comparisons.save(comparison)
    for arm, curves in zip(comparison.arms, (overfitting, learning, learning), strict=True):
        run = Recording(store, arm.experiment, curves).train().end()
        run.folder.origin_file.write_text(Origin(comparison=id, arm=arm.name).to_text())
    told = json.loads(call("compare", id, "--json").out.splitlines()[-1])
    (found,) = told["arms"][0]["findings"]
    assert found["kind"] == "overfitting"
    assert found["cures"][0]["changes"]
    assert told["arms"][1]["findings"] == []
    lines = call("compare", id).out.splitlines()
    below = lines[lines.index(told["verdict"]["headline"]) :]
    assert f"A {found['title']}" in below
    assert "Next: 5 seeds (--repeats 5)" in below
    assert [line.split(" (")[0] for line in below if line.startswith("Next: ")] == [
        f"Next: {proposal['words']}" for proposal in told["verdict"]["proposals"]
    ]


def test_a_run_that_was_taken_in_stands_where_it_was_put(call: Call, store: Store) -> None:
    comparison = load_comparison_text(SMALL)
    first, later = store.comparisons.save(comparison), store.comparisons.save(comparison)
    for arm, place in zip(comparison.arms, ("wide", "baseline"), strict=True):
        folder = finished(store, experiment=arm.experiment).folder
        origin = Origin(comparison=first, arm=arm.name).taken_in(later, place, 0)
        folder.origin_file.write_text(origin.to_text())
    arms = json.loads(call("compare", later, "--json").out.splitlines()[-1])["arms"]
    assert [arm["name"] for arm in arms] == ["baseline", "wide"]
    assert [arm["runs"][0]["name"] for arm in arms] == ["small wide", "small baseline"]


def test_runs_that_have_no_figures(call: Call, store: Store) -> None:
    one, two = (store.create(load_comparison_text(SMALL).arms[at].experiment) for at in (0, 1))
    result = call("compare", one.id, two.id)
    assert result.code == 0
    assert "not been evaluated" in result.out


def test_any_run_of_a_comparison_stands_for_all(call: Call, store: Store) -> None:
    comparison = load_comparison_text(SMALL)
    id = store.comparisons.save(comparison)
    for arm in comparison.arms:
        recorded = finished(store, experiment=arm.experiment)
        recorded.folder.origin_file.write_text(Origin(comparison=id, arm=arm.name).to_text())
    for word in (recorded.folder.id, id, id[:17], "latest"):
        told = json.loads(call("compare", word, "--json").out.splitlines()[-1])
        assert [arm["name"] for arm in told["arms"]] == ["baseline", "wide"]


def test_a_fork_is_compared_with_its_parent(call: Call, store: Store) -> None:
    parent, child = finished(store).folder, overfit(store).folder
    child.origin_file.write_text(Origin(parent=parent.id).to_text())
    told = json.loads(call("compare", child.id, "--json").out)
    assert [arm["runs"][0]["run"] for arm in told["arms"]] == [parent.id, child.id]
    child.origin_file.write_text(Origin(parent="20000101-000000-gone").to_text())
    assert "is gone" in call("compare", child.id).err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["latest"], "no comparison yet"),
        (["digits-mlp"], "a single experiment"),
        (["learning-ratse"], "did you mean learning-rates?"),
        (["nowhere.yaml"], "cannot be read"),
        (["none-1", "none-2"], "there is no run 'none-1'"),
        (["digits-mlp", "latest"], "is no run"),
        (["learning-rates", "--repeats", "0"], "0 is not in the range"),
        (["learning-rates", "--set", "optimizer.lrr=1"], "did you mean lr?"),
        (["learning-rates", "--set", "optimizer"], "sets nothing"),
        ([], "Missing argument"),
    ],
)
def test_words_that_mean_nothing(call: Call, words: list[str], said: str) -> None:
    result = call("compare", *words)
    assert (result.code, result.out) == (2, "")
    assert said in result.err


def test_runs_that_cannot_be_meant(call: Call, store: Store) -> None:
    one, two = finished(store).folder, finished(store).folder
    for words, said in (
        ([one.id], "is one run"),
        ([one.id, one.id], "named twice"),
        ([one.id, two.id[:4]], "could be any of 2 runs"),
        ([one.id, two.id, "--repeats", "2"], "runs are compared as they are"),
        ([one.id, two.id, "--set", "seed=2"], "--set changes the base"),
    ):
        result = call("compare", *words)
        assert (result.code, result.out) == (2, "")
        assert said in result.err


@pytest.mark.parametrize("width", [20, 39, 60, 119])
def test_the_line_of_progress_fits_and_says_how_much_is_done(store: Store, width: int) -> None:
    done, going = views.read(finished(store).folder), views.read(running(store, epochs=12).folder)
    line = progress_line({"baseline, seed 0": done, "l2, seed 0": going}, 4, 0, 10.0, width)
    assert len(line) <= width
    assert "1/4 runs" in line
    assert "%" in line.split("  l2")[0]
    assert ("━" in line) == (width > 30)
    assert ("l2, seed 0" in line) == (width > 100)


def test_a_stored_comparison_that_cannot_be_gone_on_with(call: Call, store: Store) -> None:
    id = store.comparisons.save(load_comparison_text(SMALL).repeated(3))
    assert "has 3 repeats already" in call("compare", id, "--repeats", "2").err
    (store.root / "comparisons" / f"{id}.yaml").write_text("base: [")
    assert "cannot be read" in call("compare", id).err


def test_latest_passes_over_what_cannot_be_read(call: Call, store: Store) -> None:
    comparison = load_comparison_text(SMALL)
    id = store.comparisons.save(comparison)
    for arm in comparison.arms:
        finished(store, experiment=arm.experiment).folder.origin_file.write_text(
            Origin(comparison=id, arm=arm.name).to_text()
        )
    later = store.root / "comparisons" / "99990101-000000-later.yaml"
    later.write_text("")
    result = call("compare", "latest", "--json")
    assert result.code == 0
    assert json.loads(result.out.splitlines()[-1])["comparison"] == id
    (warning,) = result.err.splitlines()
    assert warning.startswith("warning: comparison 99990101-000000-later cannot be read: ")
    (store.root / "comparisons" / f"{id}.yaml").unlink()
    assert "no comparison that can be read" in call("compare", "latest").err


def test_a_terminal_shows_the_dashboard_unless_it_is_to_be_plain(store: Store, small: str) -> None:
    child = pexpect.spawn(
        TUI_TRAINER[0], [*TUI_TRAINER[1:], "compare", small, "--plain"], dimensions=(30, 100), timeout=60
    )
    child.expect(r"\d/2 runs .*%")
    child.expect("validation accuracy")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    child = pexpect.spawn(TUI_TRAINER[0], [*TUI_TRAINER[1:], "compare", "latest"], dimensions=(30, 100), timeout=60)
    child.expect("told apart|generalizes")
    child.send("q")
    child.expect(pexpect.EOF)
