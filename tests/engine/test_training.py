"""What a run writes, and what two runs have in common."""

from __future__ import annotations

import math

import pytest
import torch

from tests.engine.laboratory import Script, command, events, figures, same, small, train, weights
from tui_trainer.choices.data import Samples
from tui_trainer.choices.data.moons import Moons
from tui_trainer.engine import plan, prepare
from tui_trainer.engine.build import build
from tui_trainer.engine.control import Control
from tui_trainer.engine.loop import Trainer
from tui_trainer.engine.seeds import order
from tui_trainer.engine.split import split
from tui_trainer.experiment.parse import parse
from tui_trainer.modules.signature import Signature
from tui_trainer.runs.view import read

CPU = torch.device("cpu")


def initial(**groups: object) -> dict[str, torch.Tensor]:
    return build(small(**groups), Signature((2,), 2), CPU).model.state_dict()


def test_a_run_says_what_it_is_and_how_it_goes() -> None:
    folder = train(small(regularization={"l2": 0.01}))
    kinds = [event["type"] for event in events(folder)]
    assert kinds[:2] == ["started", "evaluation"]
    assert kinds[-1] == "finished"
    (started,) = events(folder, "started")
    assert started["samples"] == {"train": 100, "validation": 25}
    assert started["parameters"] == 2 * 8 + 8 + 8 * 6 + 6 + 6 * 2 + 2
    assert [(layer["name"], layer["output"]) for layer in started["layers"]] == [
        ("hidden 1", [8]),
        ("hidden 2", [6]),
        ("output", [2]),
    ]
    assert (started["updates_per_epoch"], started["planned_steps"], started["stride"]) == (7, 42, 1)
    assert parse(started["experiment"]) == small(regularization={"l2": 0.01})
    assert started["baseline"]["accuracy"] == pytest.approx(0.5, abs=0.05)

    view = read(folder)
    assert (view.state, view.reason, view.step, view.epoch) == ("finished", "epochs", 42, 6.0)
    assert [it.step for it in view.evaluations] == [0, 7, 14, 21, 28, 35, 42]
    assert view.evaluations[-1].train["loss"] < view.evaluations[0].train["loss"]
    assert all(it.penalty and it.penalty > 0 for it in view.evaluations)
    assert len(view.train_loss) == 42
    assert view.train_loss.epochs[6] == pytest.approx(1.0)
    summary = events(folder)[-1]["summary"]
    assert (summary["epochs"], summary["steps"], summary["device"]) == (6, 42, "cpu")
    assert summary["validation"] == dict(view.evaluations[-1].validation)
    assert view.best
    assert (summary["best"]["step"], summary["best"]["validation"]) == (view.best.step, dict(view.best.validation))


def test_layers_are_measured_on_the_update_before_each_evaluation() -> None:
    folder = train(small(activation="sigmoid"))
    layers = events(folder, "layers")
    assert [event["step"] for event in layers] == [7, 14, 21, 28, 35, 42]
    hidden, _, output = layers[-1]["layers"]
    assert hidden["gradient_norm"] > 0
    assert 0 < hidden["update_ratio"] < 1
    final = weights(folder)
    assert hidden["weight_norm"] == pytest.approx(final["hidden.0.linear.weight"].norm().item(), rel=1e-6)
    assert hidden["dead_share"] == 0
    assert output["dead_share"] is None


def test_units_are_dead_where_the_activation_is_flat_for_every_sample() -> None:
    step = train(small(activation="step", training={"epochs": 1}))
    assert [layer["dead_share"] for layer in events(step, "layers")[-1]["layers"]] == [1, 1, None]
    assert events(step, "layers")[-1]["layers"][0]["gradient_norm"] == 0


def test_equal_experiments_have_equal_figures() -> None:
    experiment = small(regularization={"dropout": 0.3, "batch_norm": True, "l1": 0.001}, optimizer={"kind": "adam"})
    first, second = train(experiment), train(experiment, Control())
    assert figures(first) == figures(second)
    assert same(weights(first), weights(second))
    assert figures(first) != figures(train(small(regularization={"dropout": 0.3}, seed=1)))


def test_a_change_of_dropout_leaves_order_and_initial_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[torch.Tensor] = []
    update = Trainer.update

    def note(self: Trainer, x: torch.Tensor, y: torch.Tensor, watch: object = None) -> torch.Tensor:
        seen.append(x.clone())
        return update(self, x, y, watch)  # type: ignore[arg-type]

    monkeypatch.setattr(Trainer, "update", note)
    losses = [train(small(regularization={"dropout": rate})) for rate in (0.1, 0.6)]
    assert len(seen) == 2 * 42
    assert all(torch.equal(a, b) for a, b in zip(seen[:42], seen[42:], strict=True))
    assert figures(losses[0])["train"] != figures(losses[1])["train"]
    assert same(initial(regularization={"dropout": 0.1}), initial(regularization={"dropout": 0.6}))
    assert same(initial(regularization={"dropout": 0.1}), initial())


def test_other_layers_keep_their_initial_weights() -> None:
    before, after = initial(model={"hidden": [10, 6, 4]}), initial(model={"hidden": [5, 6, 4]})
    assert torch.equal(before["output.weight"], after["output.weight"])
    assert torch.equal(before["hidden.2.linear.weight"], after["hidden.2.linear.weight"])
    normed = initial(model={"hidden": [10, 6, 4]}, regularization={"batch_norm": True})
    assert all(torch.equal(before[name], normed[name]) for name in before)
    assert not torch.equal(before["output.weight"], initial(model={"hidden": [10, 6, 4]}, seed=1)["output.weight"])


def test_biases_start_at_zero_and_weights_as_the_initialization_says() -> None:
    state = initial(model={"hidden": [400, 400]}, initialization={"kind": "normal", "std": 0.05})
    assert not state["hidden.1.linear.bias"].any()
    assert state["hidden.1.linear.weight"].std().item() == pytest.approx(0.05, rel=0.02)


@pytest.mark.parametrize("windows", [4, 5])
def test_the_train_curve_has_as_many_points_as_it_should(windows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    fine = train(small())
    monkeypatch.setattr(plan, "WINDOWS", windows)
    coarse = train(small())
    stride = 42 // windows
    loss, points = read(fine).train_loss.mean, read(coarse).train_loss
    assert events(coarse, "started")[0]["stride"] == stride
    assert len(points) == math.ceil(42 / stride)
    for i, (mean, low, high) in enumerate(zip(points.mean, points.low, points.high, strict=True)):
        steps = loss[i * stride : (i + 1) * stride]
        assert (mean, low, high) == pytest.approx((sum(steps) / len(steps), min(steps), max(steps)))


def test_train_figures_are_taken_on_all_samples_in_evaluation_mode() -> None:
    # Without dropout, and with all samples in one batch, the first train loss is the one that was evaluated before.
    whole = train(small(training={"batch_size": 100, "epochs": 1}))
    view = read(whole)
    assert view.train_loss.mean[0] == pytest.approx(view.evaluations[0].train["loss"], rel=1e-5)


def test_early_stopping_ends_a_run_with_the_best_weights() -> None:
    experiment = small(
        optimizer={"kind": "sgd", "lr": 1e-6},
        training={"epochs": 50},
        regularization={"early_stopping": {"patience": 3, "min_delta": 0.1}},
    )
    folder = train(experiment)
    view = read(folder)
    assert view.state == "finished"
    assert view.reason.startswith("early stopping")
    assert view.epoch == 3
    assert view.best
    assert same(weights(folder), weights(folder, view.best.step))
    assert events(folder)[-1]["summary"]["validation"] == dict(view.best.validation)


def test_a_loss_that_is_not_finite_ends_the_run_and_says_where() -> None:
    folder = train(small(optimizer={"kind": "sgd", "lr": 1000}, activation="identity", training={"epochs": 50}))
    view = read(folder)
    assert view.state == "failed"
    first_bad = len(view.train_loss)
    assert view.reason.startswith("diverged: the loss became ")
    assert view.reason.endswith(f" at step {first_bad}")
    assert view.diverged
    assert all(math.isfinite(loss) for loss in view.train_loss.mean)
    assert "layer" in view.where
    assert f"(first in {view.where})" in view.why
    assert "NaN" not in folder.events_file.read_text().replace(view.reason, "")
    assert events(folder)[-1]["summary"]["validation"]["loss"] is not None


def test_a_step_that_ends_in_weights_that_are_not_finite_is_found_at_the_evaluation() -> None:
    folder = train(small(optimizer={"kind": "sgd", "lr": 1e3}, training={"epochs": 1, "batch_size": 100}))
    assert read(folder).state == "finished"  # one update cannot overflow
    broken = small(
        optimizer={"kind": "sgd", "lr": 1e3},
        initialization={"kind": "normal", "std": 100.0},
        model={"hidden": [50] * 20},
        training={"epochs": 1, "batch_size": 100},
    )
    view = read(train(broken))
    assert view.state == "failed"
    assert view.reason.startswith("diverged")


def test_what_cannot_be_trained_ends_in_one_clear_sentence() -> None:
    experiment = small(data={"train_samples": 1000})
    folder = train(experiment)
    view = read(folder)
    assert view.state == "failed"
    assert "1,000 of 100 training samples" in view.reason


def test_a_network_for_which_there_is_no_room_is_not_begun() -> None:
    view = read(train(small(model={"hidden": [65_536] * 200})))  # 17 GB a layer
    assert view.state == "failed"
    assert "854," in view.reason
    assert "parameters take" in view.reason


def test_running_out_of_memory_is_said_clearly(monkeypatch: pytest.MonkeyPatch) -> None:
    def greedy(self: Trainer, x: torch.Tensor, y: torch.Tensor, watch: object = None) -> torch.Tensor:
        return torch.empty(2**50)

    monkeypatch.setattr(Trainer, "update", greedy)
    view = read(train(small()))
    assert view.state == "failed"
    assert view.reason.startswith("not enough memory")


def test_a_full_disk_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    from tui_trainer.engine import checkpoints

    def full(path: object, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoints, "_write_file", full)
    folder = train(small())
    view = read(folder)
    assert view.state == "failed"
    assert view.reason.startswith("the disk is full")
    assert not list(folder.checkpoints.iterdir())


def test_pace_waits_between_updates_and_never_changes_the_results() -> None:
    waits: list[float] = []

    class Paced(Script):
        def wait(self, seconds: float) -> None:
            waits.append(seconds)
            super().wait(seconds)

        # Nobody waits here, so the time goes by no faster than the work takes; a new pace makes an end of it.
        def take(self) -> list:  # type: ignore[type-arg]
            return [command("set", path="training.pace", value="full")] if len(waits) > 5 else super().take()

    paced = train(small(training={"pace": 1}), Paced())
    assert len(waits) > 5
    assert all(0 < wait <= 1 for wait in waits)
    assert figures(paced) == figures(train(small()))


@pytest.mark.parametrize(
    ("part", "where"),
    [("train", "the output for training sample 42"), ("validation", "the output for validation sample 7")],
)
def test_the_sample_that_breaks_a_network_is_named(part: str, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    load = Moons.load

    def with_a_monster(self: Moons, seed: int) -> Samples:
        samples = load(self, seed)
        parts = split(samples, self, 0)
        samples.x[parts.train[41] if part == "train" else parts.validation[6]] = 3e38
        return samples

    monkeypatch.setattr(Moons, "load", with_a_monster)
    prepare.forget()
    view = read(train(small(data={"scaling": "none"}, model={"hidden": [50]})))
    prepare.forget()
    assert (view.state, view.where) == ("failed", where)
    assert view.reason.startswith("diverged: the loss of an evaluation became ")
    assert view.reason.endswith(" at step 0")


def test_the_sample_that_breaks_an_update_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    update = Trainer.update

    def with_a_monster(self: Trainer, x: torch.Tensor, y: torch.Tensor, watch: object = None) -> torch.Tensor:
        if self.step == 9:
            x[3] = torch.inf
        return update(self, x, y, watch)  # type: ignore[arg-type]

    monkeypatch.setattr(Trainer, "update", with_a_monster)
    view = read(train(small()))
    monkeypatch.undo()
    number = int(order(0, 1, 100)[2 * 16 + 3]) + 1
    assert view.where == f"layer hidden 1 for training sample {number}"
    assert view.reason.endswith(" at step 9")
