"""A learning rate that follows its schedule: in the updates, in the log, over resumes, forks and live changes."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from tests.engine.laboratory import Script, command, create, events, figures, same, small, train, weights
from tui_trainer.choices.schedules import Schedule
from tui_trainer.engine import plan
from tui_trainer.engine.loop import Trainer
from tui_trainer.engine.run import train_run
from tui_trainer.experiment.overrides import set_values
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs.store import Store
from tui_trainer.runs.view import read

COSINE = small(schedule="cosine")
SCHEDULES = {
    **{kind: {"kind": kind} for kind in Schedule.kinds()},
    "plateau": {"kind": "reduce_on_plateau", "patience": 1, "min_delta": 10.0, "gamma": 0.5},
    "warm-up": {"warmup": 10},
}


@pytest.fixture
def rates(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The learning rate that the optimizer has at each update."""
    found: list[float] = []
    update = Trainer.update

    def note(self: Trainer, x: torch.Tensor, y: torch.Tensor, watch: Any = None) -> torch.Tensor:
        loss = update(self, x, y, watch)
        (lr,) = {float(group["lr"]) for group in self.optimizer.param_groups}
        found.append(lr)
        return loss

    monkeypatch.setattr(Trainer, "update", note)
    return found


def test_the_optimizer_follows_the_schedule(rates: list[float]) -> None:
    train(COSINE)
    at = [(step // 7) + (step % 7) / 7 for step in range(42)]
    assert rates == pytest.approx(
        [0.05 * (1 + torch.tensor(epoch / 6 * torch.pi).cos().item()) / 2 for epoch in at], rel=1e-4
    )


def test_a_warm_up_rises_in_updates(rates: list[float]) -> None:
    train(small(schedule={"warmup": 10}))
    assert rates == pytest.approx([0.005 * min(10, step + 1) for step in range(42)])


def test_a_constant_rate_without_a_warm_up_is_left_alone(rates: list[float]) -> None:
    plain = train(small())
    assert rates == pytest.approx([0.05] * 42)
    assert not any("lr" in event for event in events(plain, "train"))


def test_the_rate_is_a_series_of_the_run(rates: list[float]) -> None:
    folder = train(COSINE)
    view = read(folder)
    epochs, values = view.rates
    assert len(epochs) == 42 + 7
    assert list(epochs) == sorted(epochs)
    windows = list(view.train_loss.rate)
    assert windows == pytest.approx(rates, rel=1e-5)
    assert [it.lr for it in view.evaluations] == pytest.approx([*rates[::7], 0.0], rel=1e-5, abs=1e-9)
    assert values[0] == pytest.approx(0.05)
    assert values[-1] == 0


def test_the_rate_of_a_constant_run_is_told_by_its_evaluations() -> None:
    view = read(train(small(), Script({10: [command("set", path="optimizer.lr", value=0.5)]})))
    assert view.rates == ((0, 1, 2, 3, 4, 5, 6), (0.05, 0.05, 0.5, 0.5, 0.5, 0.5, 0.5))


@pytest.mark.parametrize("name", SCHEDULES)
def test_equal_runs_are_equal_and_resume_as_if_never_interrupted(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "WINDOWS", 8)
    experiment = small(schedule=SCHEDULES[name], regularization={"dropout": 0.3})
    whole = train(experiment)
    for step in (0, 8, 21):
        folder = create(experiment)
        assert train_run(folder, Script(interrupt_at=step)) == "interrupted"
        assert train_run(folder, Script()) == "finished"
        assert figures(folder) == figures(whole)
        assert same(weights(folder), weights(whole))
        assert repr(read(folder).train_loss.rate) == repr(read(whole).train_loss.rate)
        assert repr(read(folder).rates[1]) == repr(read(whole).rates[1])


def test_a_plateau_lowers_the_rate_for_the_updates_that_follow(rates: list[float]) -> None:
    folder = train(small(schedule=SCHEDULES["plateau"]))
    # With a patience of one epoch, each evaluation behind the first lowers it.
    assert rates == pytest.approx([0.05 * 0.5 ** (step // 7) for step in range(42)])
    # As elsewhere, an evaluation tells the rate of the update that follows it.
    assert [it.lr for it in read(folder).evaluations] == pytest.approx([*rates[::7], rates[-1] / 2])


def test_a_plateau_is_remembered_by_a_run_that_goes_on_after_early_stopping() -> None:
    experiment = small(
        schedule=SCHEDULES["plateau"],
        regularization={"early_stopping": {"patience": 2, "min_delta": 10.0, "restore_best": False}},
    )
    folder = train(experiment)
    lowered = read(folder).rates[1][-1]
    assert lowered < 0.05
    assert read(folder).reason.startswith("early stopping")
    train_run(folder, Script(), 1)
    assert read(folder).evaluations[-1].epoch > read(folder).evaluations[2].epoch
    assert read(folder).rates[1][-1] <= lowered


@pytest.mark.parametrize("name", ["cosine", "plateau", "warm-up"])
def test_a_live_learning_rate_sets_the_base(name: str) -> None:
    experiment = small(schedule=SCHEDULES[name])
    plain = read(train(experiment))
    folder = train(experiment, Script({10: [command("set", path="optimizer.lr", value=0.1)]}))
    changed = read(folder)
    assert (events(folder, "changed")[0]["old"], events(folder, "changed")[0]["new"]) == (0.05, 0.1)
    assert changed.train_loss.rate[:10] == plain.train_loss.rate[:10]
    if name != "plateau":  # which depends on what is learned
        assert changed.train_loss.rate[10:] == pytest.approx([2 * rate for rate in plain.train_loss.rate[10:]])
    assert changed.train_loss.rate[10] == pytest.approx(2 * plain.train_loss.rate[10])
    assert changed.present is not None
    assert changed.present.optimizer.lr == 0.1


def test_another_batch_size_and_more_epochs_bend_the_schedule_without_a_leap(rates: list[float]) -> None:
    folder = train(
        COSINE, Script({14: [command("set", path="training.batch_size", value=50)], 16: [command("extend", epochs=6)]})
    )
    assert read(folder).epoch == 12
    assert rates[14] == pytest.approx(0.05 * 0.75)  # a third of 6 epochs, however many updates they have
    assert rates[16] == pytest.approx(0.05 * (1 + torch.tensor(3 / 12 * torch.pi).cos().item()) / 2)
    assert rates[-1] < 0.001


def fork(parent: Any, changes: dict[str, Any]) -> Any:
    checkpoint = next(it for it in read(parent).checkpoints if it.epoch == 3)
    return Store().fork(parent, checkpoint, set_values(parent.experiment(), changes))


@pytest.mark.parametrize("name", ["cosine", "plateau"])
def test_an_unchanged_fork_goes_on_as_its_parent_did(name: str) -> None:
    parent = train(small(schedule=SCHEDULES[name]))
    child = fork(parent, {})
    assert train_run(child, Script()) == "finished"
    assert figures(child) == figures(parent)
    assert same(weights(child), weights(parent))


def test_a_fork_may_follow_another_schedule() -> None:
    child = fork(train(small()), {"schedule": "cosine"})
    assert train_run(child, Script()) == "finished"
    view = read(child)
    assert [it.lr for it in view.evaluations] == pytest.approx([0.05, 0.05, 0.05, 0.05, 0.0125, 0.0033, 0], abs=1e-4)
    assert [it.lr for it in view.evaluations[:3]] == [0.05] * 3
    epochs, values = view.rates
    assert list(epochs) == sorted(epochs)
    assert values[-1] == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"optimizer": "nesterov"},
        {"optimizer": {"kind": "adamw", "decay_biases": True}},
        {"optimizer": {"kind": "rmsprop", "momentum": 0.9, "centered": True}},
        {"optimizer": {"kind": "adam", "amsgrad": True}},
        {"optimizer": "adagrad"},
        {"regularization.weight_decay": 0.1, "regularization.gradient_clipping": 0.5},
        {"regularization.label_smoothing": 0.2, "regularization.input_noise": 0.1},
    ],
    ids=str,
)
@pytest.mark.parametrize("before", ["momentum", "adam", "adamw", "rmsprop"])
def test_a_fork_may_have_other_options(before: str, changes: dict[str, Any]) -> None:
    child = fork(train(small(optimizer={"kind": before, "lr": 0.01})), changes)
    assert train_run(child, Script()) == "finished", read(child).reason


def experiment_with(**regularization: Any) -> Experiment:
    return small(data={"kind": "digits", "train_samples": 100}, regularization=regularization)


@pytest.mark.parametrize(
    "regularization",
    [
        {"weight_decay": 0.5},
        {"label_smoothing": 0.2},
        {"input_noise": 0.3},
        {"gradient_clipping": 0.2},
        {"augmentation": {"shift": 0.2, "rotate": 20.0, "flip": 0.5}},
        {"layer_norm": True},
        {"l2": {"strength": 0.1, "biases": True}},
    ],
    ids=str,
)
def test_noise_and_pulls_repeat_and_resume_to_the_last_bit(regularization: dict[str, Any]) -> None:
    experiment = experiment_with(**regularization)
    plain, whole, folder = train(experiment_with()), train(experiment), create(experiment)
    assert figures(whole) != figures(plain)
    train_run(folder, Script(interrupt_at=20))
    train_run(folder, Script())
    assert figures(folder) == figures(whole) == figures(train(experiment))
    assert same(weights(folder), weights(whole))


LIVE = {
    "regularization.weight_decay.strength": 5.0,
    "regularization.label_smoothing.share": 0.3,
    "regularization.input_noise.std": 0.5,
    "regularization.gradient_clipping.norm": 0.05,
    "regularization.augmentation.shift": 0.2,
    "regularization.augmentation.rotate": 30.0,
    "regularization.augmentation.flip": 1.0,
}


@pytest.mark.parametrize(("path", "value"), LIVE.items())
def test_what_was_absent_can_be_turned_up_and_off_again(path: str, value: float) -> None:
    experiment = experiment_with()
    plain = read(train(experiment))
    up = [command("set", path=path, value=value)]
    other = read(train(experiment, Script({10: up})))
    assert other.train_loss.mean[:10] == plain.train_loss.mean[:10]
    assert other.train_loss.mean[12:] != plain.train_loss.mean[12:]
    to_and_fro = train(experiment, Script({10: [*up, command("set", path=path, value=0)]}))
    assert figures(to_and_fro) == figures(train(experiment))


def test_a_smoothed_label_leaves_the_plotted_loss_as_it_is() -> None:
    """Before any update has moved a weight, the loss that is shown is the plain one."""
    plain, smoothed = (read(train(it)) for it in (experiment_with(), experiment_with(label_smoothing=0.3)))
    assert plain.train_loss.mean[0] == smoothed.train_loss.mean[0]
    assert plain.evaluations[0].train == smoothed.evaluations[0].train
    assert plain.train_loss.mean[1] != smoothed.train_loss.mean[1]
