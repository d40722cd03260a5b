"""A run that goes on from another one's checkpoint."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.engine.laboratory import Script, command, events, figures, same, small, train, weights
from tui_trainer.engine import checkpoints, plan
from tui_trainer.engine.run import train_run
from tui_trainer.experiment.dump import to_yaml
from tui_trainer.experiment.overrides import set_values
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.schema import Experiment, value_at
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.forks import fork_problems
from tui_trainer.runs.records import Checkpoint
from tui_trainer.runs.store import Store
from tui_trainer.runs.summary import summarize
from tui_trainer.runs.view import read

NOISY = small(regularization={"dropout": 0.3, "batch_norm": True}, optimizer={"kind": "adam", "lr": 0.01})


@pytest.fixture(autouse=True)
def coarse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows of five updates, which do not end where epochs do."""
    monkeypatch.setattr(plan, "WINDOWS", 8)


def at_epoch(folder: RunFolder, epoch: float) -> Checkpoint:
    return next(it for it in read(folder).checkpoints if it.epoch == epoch)


def fork(parent: RunFolder, epoch: float, changes: Mapping[str, Any] | None = None) -> RunFolder:
    """A fork at the checkpoint of an epoch, not trained yet."""
    checkpoint = at_epoch(parent, epoch)
    present = read(parent).present_at(checkpoint.step)
    assert present
    return Store().fork(parent, checkpoint, set_values(present, changes or {}))


def test_unchanged_it_goes_on_as_its_parent_did_to_the_last_bit() -> None:
    parent = train(NOISY)
    child = fork(parent, 3)
    assert read(child).state == "starting"
    assert read(child).epoch == 3
    assert [it.epoch for it in read(child).evaluations] == [0, 1, 2, 3]
    assert train_run(child, Script()) == "finished"
    assert figures(child) == figures(parent)
    assert same(weights(child), weights(parent))
    assert events(child, "resumed")[0]["threads"] == events(parent, "started")[0]["threads"]


LIVE = {"optimizer.lr": 0.001, "regularization.dropout.rate": 0.1, "training.batch_size": 50}


@pytest.mark.parametrize(("path", "value"), LIVE.items())
def test_a_value_changed_at_the_fork_is_as_if_changed_live_there(path: str, value: object) -> None:
    parent = train(NOISY)
    child = fork(parent, 3, {path: value})
    train_run(child, Script())
    changed = train(NOISY, Script({21: [command("set", path=path, value=value)]}))
    assert events(changed, "changed")[0]["step"] == 21
    assert figures(child) == figures(changed)
    assert same(weights(child), weights(changed))
    view = read(child)
    assert [(it.step, it.path, it.new) for it in view.changes] == [(21, path, value)]
    assert view.forked_at == 3
    assert view.present == view.experiment
    assert view.present is not None
    assert value_at(view.present, path) == value


@pytest.mark.parametrize(("path", "value"), [*LIVE.items(), ("training.batch_size", 5)])
def test_it_goes_on_in_the_middle_of_an_epoch(path: str, value: object) -> None:
    parent = train(NOISY, Script(interrupt_at=10))
    checkpoint = read(parent).checkpoints[-1]
    assert (checkpoint.step, checkpoint.epoch) == (10, pytest.approx(10 / 7))
    child = Store().fork(parent, checkpoint, set_values(NOISY, {path: value}))
    train_run(child, Script())
    changed = train(NOISY, Script({10: [command("set", path=path, value=value)]}))
    assert figures(child) == figures(changed)
    assert same(weights(child), weights(changed))


def test_a_value_changed_to_and_fro_where_it_was_forked_is_what_it_was_changed_to_last() -> None:
    child = fork(train(NOISY), 3, {"optimizer.lr": 0.001})
    to_and_fro = [command("set", path="optimizer.lr", value=value) for value in (0.01, 0.001)]
    train_run(child, Script({0: to_and_fro}))
    view = read(child)
    assert [it.lr for it in view.evaluations[-2:]] == [0.001, 0.001]
    assert view.present == view.present_at(view.step) == view.experiment


@pytest.mark.parametrize("alive", [False, True])
def test_the_parent_may_be_deleted(alive: bool) -> None:
    """While the parent trains, too: its log is half written then."""
    store = Store()
    parent = store.create(NOISY)
    children: list[RunFolder] = []
    if alive:

        class Watching(Script):
            def take(self) -> list[Any]:
                if self.looks == 30:
                    children.append(fork(parent, 3))
                return super().take()

        train_run(parent, Watching())
    else:
        train_run(parent, Script())
        children.append(fork(parent, 3))
    expected = figures(parent)
    shutil.rmtree(parent.path)
    assert train_run(children[0], Script()) == "finished"
    assert figures(children[0]) == expected


def test_a_fork_that_was_cut_off_goes_on_from_its_own_checkpoint() -> None:
    parent = train(NOISY)
    whole = fork(parent, 3, {"optimizer.lr": 0.002})
    train_run(whole, Script())
    child = fork(parent, 3, {"optimizer.lr": 0.002})
    assert train_run(child, Script(interrupt_at=5)) == "interrupted"
    assert train_run(child, Script()) == "finished"
    assert figures(child) == figures(whole)
    assert same(weights(child), weights(whole))


def test_a_fork_can_be_extended() -> None:
    parent = train(NOISY)
    child = fork(parent, 3, {"optimizer.lr": 0.002})
    train_run(child, Script())
    assert train_run(child, Script(), more_epochs=2) == "finished"
    assert read(child).epoch == 8
    longer = fork(parent, 3, {"optimizer.lr": 0.002, "training.epochs": 8})
    train_run(longer, Script())
    assert figures(longer)["evaluations"] == figures(child)["evaluations"]


def test_a_fork_of_a_fork_has_the_changes_of_both() -> None:
    first = fork(train(NOISY), 2, {"optimizer.lr": 0.002})
    train_run(first, Script())
    second = fork(first, 4, {"optimizer.lr": 0.003})
    train_run(second, Script())
    view = read(second)
    assert [(it.epoch, it.new) for it in view.changes] == [(2, 0.002), (4, 0.003)]
    assert [it.lr for it in view.evaluations] == [0.01, 0.01, 0.01, 0.002, 0.002, 0.003, 0.003]
    assert view.present_at(0) == NOISY
    at_three = view.present_at(3 * 7)
    assert at_three is not None
    assert at_three.optimizer.lr == 0.002


def test_of_a_parent_that_was_changed_resumed_and_extended() -> None:
    parent = Store().create(NOISY)
    train_run(parent, Script({10: [command("set", path="optimizer.lr", value=0.02)]}, interrupt_at=25))
    train_run(parent, Script())
    train_run(parent, Script(), more_epochs=2)
    child = fork(parent, 4)
    assert read(child).present == read(parent).present_at(28)
    train_run(child, Script())
    wanted = [it for it in figures(parent)["evaluations"] if it[1] <= read(child).epoch]
    assert figures(child)["evaluations"] == wanted
    assert summarize(child).experiment == read(child).experiment
    assert summarize(child).present == read(child).present


@pytest.mark.parametrize(
    "changes",
    [
        {"activation": "tanh"},
        {"optimizer": "sgd"},
        {"optimizer": "sgd", "optimizer.lr": 0.3},
        {"regularization.l2": 0.1},
        {"regularization.dropout": False},
        {"optimizer.beta1": 0.5},
        {"regularization.batch_norm.momentum": 0.5},
        {"training.epochs": 4},
        {"regularization.early_stopping": True},
    ],
    ids=str,
)
def test_what_need_not_be_the_parents(changes: dict[str, Any]) -> None:
    parent = train(NOISY)
    child = fork(parent, 3, changes)
    assert train_run(child, Script()) == "finished"
    view = read(child)
    assert [it.step for it in view.evaluations[:4]] == [0, 7, 14, 21]
    assert view.evaluations[:4] == read(parent).evaluations[:4]
    if "training.epochs" not in changes and "regularization.early_stopping" not in changes:
        assert view.evaluations[4] != read(parent).evaluations[4]
    if "optimizer.beta1" in changes:
        assert view.present is not None
        assert value_at(view.present, "optimizer.beta1") == 0.5


NOT_BEHIND_A_CHECKPOINT = {
    "data.samples": 200,
    "model.hidden": [4],
    "initialization": "he",
    "loss": "binary_cross_entropy",
    "seed": 1,
    "training.epochs": 3,
    "regularization.batch_norm": False,
}


@pytest.mark.parametrize(("path", "value"), NOT_BEHIND_A_CHECKPOINT.items())
def test_what_must_be_the_parents_is_said_before_anything_is_made(path: str, value: object) -> None:
    parent = train(NOISY)
    before = Store().folders()
    with pytest.raises(ExperimentError) as error:
        fork(parent, 3, {path: value})
    assert path in [problem.path for problem in error.value.problems]
    assert Store().folders() == before


def test_weights_that_do_not_fit_fail_in_a_sentence() -> None:
    child = fork(train(NOISY), 3)
    child.experiment_file.write_text(to_yaml(set_values(NOISY, {"regularization.batch_norm": False})))
    assert train_run(child, Script()) == "failed"
    assert "weights are those of another network" in read(child).reason


def damage(folder: RunFolder) -> None:
    """A flipped byte in the checkpoint, in a file of its own: the parent's stays whole."""
    file = folder.checkpoints / "21" / "state.pt"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.unlink()
    file.write_bytes(content)


def remove(folder: RunFolder) -> None:
    shutil.rmtree(folder.checkpoints)


@pytest.mark.parametrize("harm", [damage, remove])
def test_without_its_checkpoint_it_fails_and_does_not_begin_anew(harm: Callable[[RunFolder], None]) -> None:
    parent = train(NOISY)
    child = fork(parent, 3)
    harm(child)
    assert train_run(child, Script()) == "failed"
    assert "damaged or gone" in read(child).reason
    assert checkpoints.load(parent.checkpoints / "21")["step"] == 21  # what befell the child's files is not its own


def test_a_checkpoint_that_is_gone_is_said() -> None:
    parent = train(NOISY)
    checkpoint = at_epoch(parent, 3)
    shutil.rmtree(parent.checkpoints / checkpoint.folder)
    with pytest.raises(ExperimentError, match="gone"):
        Store().fork(parent, checkpoint, NOISY)
    with pytest.raises(ExperimentError, match="no checkpoint"):
        Store().fork(parent, Checkpoint(1, 1.0, "../../x", (), 0), NOISY)
    assert Store().folders() == [parent]


def test_the_best_weights_of_the_parent_can_be_given_back() -> None:
    """Early stopping takes the best weights at the end, also where those were the parent's."""
    parent = train(small(optimizer={"kind": "adam", "lr": 0.05}))
    child = fork(parent, 3, {"optimizer.lr": 10.0, "regularization.early_stopping": {"patience": 1}})
    train_run(child, Script())
    best = read(child).best
    assert best is not None
    assert best.step <= 21
    assert "lost" not in (child.log_file.read_text() if child.log_file.exists() else "")


def test_where_the_best_weights_are_lost_those_it_began_with_are_given_back() -> None:
    """A parent keeps but the best of all its checkpoints, which may lie behind the fork."""
    parent = train(small(optimizer={"kind": "adam", "lr": 0.2}))
    child = fork(parent, 3, {"optimizer.lr": 10.0, "regularization.early_stopping": {"patience": 1}})
    best = read(child).best
    assert best is not None
    assert best.step == 7
    shutil.rmtree(child.checkpoints / "7")
    assert train_run(child, Script()) == "finished"
    assert read(child).step > 21
    assert same(weights(child), weights(parent, 21))


def test_nothing_in_common_but_words_is_no_problem() -> None:
    assert fork_problems(Experiment(name="a"), Experiment(name="b", about="c")) == []
