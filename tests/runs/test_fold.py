"""What a run is, from its events."""

from __future__ import annotations

import dataclasses
import functools
import math
from typing import Any

import pytest

from tests.recorded import Recording, diverging, overfitting
from tui_trainer.runs.fold import RunFold
from tui_trainer.runs.lock import LockState
from tui_trainer.runs.records import Preparing
from tui_trainer.runs.view import Evaluation, RunView, fold

ALIVE = LockState(7, 0.0, 1.0)
DEEP: list[Any] = functools.reduce(lambda inner, _: [inner], range(2000), [])


def event(type: str, step: int = 0, **fields: Any) -> dict[str, Any]:
    return {"v": 1, "time": 100.0 + step, "type": type, "step": step, "epoch": step / 10, **fields}


def started(**fields: Any) -> dict[str, Any]:
    plan = {"experiment": {}, "updates_per_epoch": 10, "planned_steps": 300, "planned_epochs": 30}
    return event("started", **plan | fields)


def train(first: int, losses: list[float], stride: int = 1, **fields: Any) -> dict[str, Any]:
    end = first + stride * (len(losses) - 1) + fields.get("last", stride)
    loss = {"mean": losses} if stride == 1 else {"mean": losses, "min": losses, "max": losses}
    epochs = [first / 10, end / 10]
    return event("train", end, first=first, stride=stride, train={"loss": loss}, epochs=epochs, **fields)


def evaluation(step: int, accuracy: float | None = 0.5, loss: float | None = 1.0, **fields: Any) -> dict[str, Any]:
    figures = {"loss": loss, "accuracy": accuracy}
    return event("evaluation", step, train=figures, validation=figures, **fields)


def run(*events: dict[str, Any]) -> RunView:
    return fold(events, ALIVE)


def best_step(*events: dict[str, Any]) -> int | None:
    best = run(started(), *events).best
    return best.step if best else None


def test_a_run_from_its_first_event_to_its_last() -> None:
    recording = Recording(experiment={"training": {"epochs": 3}, "name": "three"})
    view = recording.view()
    assert (view.state, view.step, view.progress, view.last) == ("running", 0, 0.0, None)
    assert view.name == "three"
    assert view.samples == {"train": 300, "validation": 899}
    assert view.classes == tuple("0123456789")
    assert view.parameters == 64 * 100 + 100 + 100 * 10 + 10
    assert [(layer.name, layer.output) for layer in view.layers_shape] == [("layer 1", (100,)), ("layer 2", (10,))]
    assert view.baseline["accuracy"] == pytest.approx(0.102)
    assert view.started_time == recording.time
    recording.train(2)
    view = recording.view()
    assert (view.step, view.epoch, view.planned_steps) == (20, 2.0, 30)
    assert view.progress == pytest.approx(2 / 3)
    assert len(view.train_loss) == 20
    assert view.train_loss.epochs[-1] == 2.0
    assert [it.epoch for it in view.evaluations] == [1.0, 2.0]
    assert view.last == view.evaluations[-1]
    assert view.layers[-1].layers[0].gradient_norm > 0
    assert view.layers[-1].layers[-1].dead_share is None
    assert view.steps_per_second == pytest.approx(1000)
    assert view.seconds_left == pytest.approx(10 / 1000 + 0.004)
    view = recording.train().end().view()
    assert (view.state, view.reason, view.progress, view.seconds_left) == ("finished", "epochs", 1.0, None)
    assert view.ended
    assert not view.alive
    assert view.damaged_lines == 0


def test_a_run_that_waits_for_its_data() -> None:
    said = event("preparing", what="mnist", done=3, total=12)
    view = run(said)
    assert view.state == "starting"
    assert view.preparing == Preparing("mnist", 3, 12)
    assert view.preparing.share == 0.25

    assert run(said, started()).preparing is None
    assert run(said, event("failed", reason="no connection")).preparing is None
    again = run(event("interrupted", reason="interrupted"), said)  # taken up again
    assert (again.state, again.reason) == ("starting", "")
    assert run(said, {**said, "done": "many"}).preparing == Preparing("mnist", 3, 12)


def test_a_view_stays_as_it_is_while_the_run_goes_on() -> None:
    whole = RunFold()
    for it in (started(), train(0, [1.0, 2.0]), evaluation(2)):
        whole.apply(it)
    before = whole.view(ALIVE)
    for it in (train(2, [3.0]), evaluation(3), event("checkpoint", 3, folder="3")):
        whole.apply(it)
    assert len(before.train_loss) == 2
    assert len(before.evaluations) == 1
    assert before.checkpoints == ()
    assert len(whole.view(ALIVE).train_loss) == 3


@pytest.mark.parametrize(
    ("evaluations", "best"),
    [
        ([(10, 0.5, 1.0), (20, 0.7, 2.0), (30, 0.6, 0.5)], 20),  # the primary metric decides
        ([(10, 0.7, 1.0), (20, 0.7, 0.9), (30, 0.7, 0.95)], 20),  # ties by loss
        ([(10, 0.7, 0.9), (20, 0.7, 0.9)], 10),  # then the earliest
        ([(10, None, 0.9), (20, 0.1, None), (30, None, None)], 20),  # what is not finite is never best
        ([(10, None, None)], None),
    ],
)
def test_best(evaluations: list[tuple[int, float | None, float | None]], best: int | None) -> None:
    assert best_step(*[evaluation(*it) for it in evaluations]) == best


def test_best_of_a_task_whose_metric_is_better_when_lower() -> None:
    task = {"name": "regression", "loss": "mse", "metrics": [{"name": "rmse", "higher_is_better": False}]}
    events = [
        event("evaluation", step, validation={"rmse": rmse, "loss": 1}) for step, rmse in ((1, 3), (2, 1), (3, 2))
    ]
    view = run(started(task=task), *events)
    assert view.best
    assert view.best.step == 2
    assert view.task.primary.name == "rmse"


def test_best_of_an_overfitting_run_is_before_its_end() -> None:
    view = Recording(experiment={"training": {"epochs": 60}}, curves=overfitting).train().end().view()
    assert view.best
    assert view.last
    assert view.best.epoch < 30
    assert view.best.validation["accuracy"] > view.last.validation["accuracy"]


def test_windows_with_their_extremes_and_a_short_last_one() -> None:
    loss = {"mean": [2.0, 1.0], "min": [1.5, 0.5], "max": [9.0, 1.5]}
    view = run(started(), event("train", 7, first=0, stride=4, last=3, train={"loss": loss}, epochs=[0.0, 0.7]))
    assert view.train_loss.mean == (2.0, 1.0)
    assert view.train_loss.low == (1.5, 0.5)
    assert view.train_loss.high == (9.0, 1.5)
    assert view.train_loss.epochs == pytest.approx((0.4, 0.7))


def test_pause_and_resume() -> None:
    recording = Recording().train(1).pause(id="a", mailbox=40)
    assert recording.view().state == "paused"
    assert recording.view().acknowledged == {"a"}
    recording.resume(id="b", mailbox=80)
    assert recording.view().state == "running"
    assert recording.view().acknowledged == {"a", "b"}
    assert recording.view(LockState()).state == "died"


def test_live_changes_make_the_present_experiment() -> None:
    recording = Recording().train(2)
    recording.change("optimizer.lr", 0.01, id="a", mailbox=10)
    recording.change("regularization.l2.strength", 0.1)
    view = recording.view()
    assert view.experiment
    assert view.present
    assert view.experiment.optimizer.lr == 0.1
    assert view.present.optimizer.lr == 0.01
    assert view.present.regularization["l2"].strength == 0.1  # type: ignore[attr-defined]
    assert view.experiment.regularization == {}
    assert [(it.step, it.path, it.old, it.new) for it in view.changes] == [
        (20, "optimizer.lr", 0.1, 0.01),
        (20, "regularization.l2.strength", None, 0.1),
    ]


def test_a_change_that_cannot_be_is_left_out() -> None:
    view = run(
        started(),
        event("changed", 1, path="optimizer.lr", old=0.1, new=-5),
        event("changed", 2, path="no.such", old=1, new=2),
        event("changed", 3, path="optimizer.lr", old=0.1, new=0.5),
    )
    assert view.present
    assert view.present.optimizer.lr == 0.5
    assert [it.step for it in view.changes] == [3]
    assert view.damaged_lines == 2


def test_a_refused_command_is_answered() -> None:
    view = run(started(), event("refused", 1, id="x", mailbox=12, message="too large"))
    assert view.acknowledged == {"x"}
    assert view.refusals == {"x": "too large"}


def test_resuming_from_a_step_undoes_what_was_behind_it() -> None:
    view = run(
        started(pid=1),
        train(0, [1.0] * 10),
        evaluation(10, 0.5),
        event("layers", 10, layers=[{"name": "a"}]),
        event("checkpoint", 10, folder="10", bytes=5),
        train(10, [0.5] * 10),
        evaluation(20, 0.9),
        event("layers", 20, layers=[{"name": "a"}]),
        event("checkpoint", 20, folder="20", bytes=5),
        event("interrupted", 20, reason="SIGTERM"),
        event("resumed", 10, from_step=10, pid=2, planned_steps=300, planned_epochs=30, seconds=1.5, device="cuda:0"),
    )
    assert view.state == "running"
    assert (view.step, view.epoch, view.seconds, view.pid, view.device) == (10, 1.0, 1.5, 2, "cuda:0")
    assert len(view.train_loss) == 10
    assert [it.step for it in view.evaluations] == [10]
    assert [it.step for it in view.layers] == [10]
    assert [it.folder for it in view.checkpoints] == ["10"]
    assert view.best == view.last
    assert view.reason == ""


def lr(view: RunView) -> float:
    assert view.present
    return view.present.optimizer.lr


def test_changes_behind_the_resumed_step_come_back_at_their_steps() -> None:
    events = [
        started(),
        event("changed", 5, path="optimizer.lr", old=0.1, new=0.2),
        event("changed", 15, path="optimizer.lr", old=0.2, new=0.3),
        event("changed", 18, path="optimizer.lr", old=0.3, new=0.4),
        train(0, [1.0] * 20),
        event("resumed", 10, from_step=10),
    ]
    view = run(*events)
    assert lr(view) == 0.2
    assert [it.step for it in view.changes] == [5]
    events.append(train(10, [1.0] * 4))
    assert lr(run(*events)) == 0.2
    events.append(train(14, [1.0]))
    assert lr(run(*events)) == 0.3
    assert [it.step for it in run(*events).changes] == [5, 15]
    # A worker may also say it again: it is the same change.
    events.append(event("changed", 18, path="optimizer.lr", old=0.3, new=0.4))
    assert lr(run(*events)) == 0.4
    assert [it.step for it in run(*events).changes] == [5, 15, 18]


def test_a_change_that_a_worker_makes_again_at_its_step_is_the_same() -> None:
    view = run(
        started(),
        event("changed", 15, path="training.batch_size", old=32, new=100, updates_per_epoch=3, planned_steps=90),
        event("resumed", 10, from_step=10, updates_per_epoch=10, planned_steps=300),
        train(10, [1.0] * 5),
        event("changed", 15, path="training.batch_size", old=32, new=100, updates_per_epoch=3, planned_steps=90),
    )
    assert [(it.step, it.new) for it in view.changes] == [(15, 100)]
    assert (view.updates_per_epoch, view.planned_steps) == (3, 90)


def test_two_changes_at_one_step_are_two() -> None:
    view = run(
        started(),
        event("changed", 5, path="optimizer.lr", old=0.1, new=0.2),
        event("changed", 5, path="optimizer.lr", old=0.2, new=0.3),
    )
    assert lr(view) == 0.3
    assert [it.new for it in view.changes] == [0.2, 0.3]


def test_warnings_of_a_resumed_worker_join_those_of_the_first() -> None:
    view = run(started(warnings=["a"]), event("resumed", 0, from_step=0, warnings=["checkpoint 30 is damaged"]))
    assert view.warnings == ("a", "checkpoint 30 is damaged")


def test_a_window_that_was_written_in_part_is_replaced_by_the_whole_one() -> None:
    view = run(started(), train(0, [1.0, 2.0], stride=4, last=2), train(4, [3.0], stride=4))
    assert view.train_loss.mean == (1.0, 3.0)
    assert view.train_loss.epochs == pytest.approx((0.4, 0.8))


def test_resuming_twice_before_the_changes_came_back_loses_none() -> None:
    view = run(
        started(),
        event("changed", 15, path="optimizer.lr", old=0.1, new=0.3),
        event("resumed", 10, from_step=10),
        event("resumed", 5, from_step=5),
        train(5, [1.0] * 10),
    )
    assert lr(view) == 0.3
    assert [it.step for it in view.changes] == [15]


def test_extending_changes_the_plan_and_stays_when_resumed_from_before() -> None:
    recording = Recording(experiment={"training": {"epochs": 2}}).train().end()
    assert recording.view().state == "finished"
    recording.take_up(20)
    recording.extend(3, id="e", mailbox=9)
    view = recording.view()
    assert (view.state, view.planned_epochs, view.planned_steps, view.progress) == ("running", 5, 50, 0.4)
    assert view.present
    assert view.present.training.epochs == 5
    assert view.experiment
    assert view.experiment.training.epochs == 2
    recording.train(1)
    view = recording.take_up(10).view()
    assert view.present
    assert (view.planned_epochs, view.present.training.epochs) == (5, 5)


def test_a_coarser_stride_after_extending_merges_earlier_windows() -> None:
    view = run(
        started(),
        train(0, [1.0, 3.0, 5.0, 7.0, 9.0]),
        event("changed", 5, path="training.epochs", old=30, new=60, planned_steps=600, planned_epochs=60, stride=2),
        train(5, [11.0], last=1, stride=2),
        train(6, [4.0, 2.0], stride=2),
    )
    assert view.train_loss.mean == (2.0, 6.0, 10.0, 4.0, 2.0)
    assert view.train_loss.low == (1.0, 5.0, 9.0, 4.0, 2.0)
    assert view.train_loss.high == (3.0, 7.0, 11.0, 4.0, 2.0)
    assert view.train_loss.epochs == pytest.approx((0.2, 0.4, 0.6, 0.8, 1.0))


def test_the_number_of_windows_stays_bounded() -> None:
    whole = RunFold()
    whole.apply(started(planned_steps=100_000))
    for first in range(0, 100_000, 1000):
        whole.apply(train(first, [float(first)] * 999 + [5e5]))
    loss = whole.view(ALIVE).train_loss
    assert 4000 < len(loss) <= 8192
    assert loss.epochs[-1] == pytest.approx(10_000.0)
    assert max(loss.high) == 5e5  # a spike never vanishes
    assert whole.damaged_lines == 0


def test_losses_that_are_not_finite() -> None:
    view = Recording(curves=diverging).train(16).end("failed", "the loss is not finite", where="layer 1").view()
    assert (view.state, view.reason, view.where) == ("failed", "the loss is not finite", "layer 1")
    assert math.isnan(view.train_loss.mean[-1])
    assert view.last
    assert math.isnan(view.last.validation["loss"])
    assert view.best
    assert view.best.epoch == 1.0
    assert view.damaged_lines == 0


def test_an_evaluation_repeated_at_its_step_replaces_the_first() -> None:
    view = run(started(), evaluation(10, 0.9), evaluation(10, 0.4))
    assert [it.validation["accuracy"] for it in view.evaluations] == [0.4]
    assert view.best
    assert view.best.validation["accuracy"] == 0.4


def test_speed_follows_the_last_seconds_and_counts_no_evaluation() -> None:
    events = [started()]
    for second in range(1, 31):
        steps = 100 * second if second <= 20 else 2000 + 10 * (second - 20)
        events.append({**train(steps - 1, [1.0]), "seconds": float(second)})
        events.append(evaluation(steps, seconds=float(second), evaluation_seconds=2.0))
    view = run(*events)
    assert view.steps_per_second == pytest.approx(10, rel=0.2)


def test_time_left_counts_the_evaluations_to_come() -> None:
    view = run(
        started(planned_steps=200, planned_epochs=20),
        {**train(0, [1.0] * 100), "seconds": 1.0},
        evaluation(100, seconds=1.0, evaluation_seconds=3.0),
    )
    assert view.seconds_left == pytest.approx(1.0 + 10 * 3.0)
    assert run(started()).seconds_left is None


def test_a_run_on_another_host_says_so() -> None:
    view = run(started(host="another-host.example"))
    assert view.elsewhere
    assert view.host == "another-host.example"


@pytest.mark.parametrize(
    "broken",
    [
        {"type": "train"},
        {"v": 1, "type": "train", "time": "now", "step": 1},
        event("train", -1),
        event("train", 1, first=0, stride=0, train={"loss": {"mean": [1.0]}}, epochs=[0, 1]),
        event("train", 1, first=0, stride=1, train={"loss": {"mean": 1.0}}, epochs=[0, 1]),
        event("train", 1, first=0, stride=1, train={"loss": {"mean": ["1"]}}, epochs=[0, 1]),
        event("train", 2, first=0, stride=1, train={"loss": {"mean": [1.0, 2.0], "min": [1.0]}}, epochs=[0, 1]),
        event("train", 1, first=0, stride=1, train={"loss": {"mean": [1.0]}}, epochs=[0, None]),
        event("train", 1, first=0, stride=1, last=5, train={"loss": {"mean": [1.0]}}, epochs=[0, 1]),
        event("train", 1, first=0, stride=1, train=[1], epochs=[0, 1]),
        event("evaluation", 1, train={"loss": "x"}),
        event("evaluation", 1, train={"loss": True}),
        event("evaluation", 1, train=[], validation=3),
        event("evaluation", 1, train={"loss": 10**400}),
        event("layers", 1, layers=[3]),
        event("layers", 1, layers={"a": 1}),
        event("changed", 1, path="optimizer.lr"),
        event("checkpoint", 1, bytes=-4, folder="1"),
        event("resumed", 1, from_step=None),
        event("refused", 1),
        event("started", 1, samples={"train": "many"}),
        event("started", 1, layers=[{"output": [-1]}]),
        event("finished", 1, summary=[]),
        event("finished", 1, summary={"steps_per_second": 10**400}),
        {**event("train", 1), "time": 1e300},
        event("changed", 1, path="a" + ".a" * 999, old=0, new=1),
        event("changed", 1, path="optimizer.lr", old=0, new=DEEP),
    ],
)
def test_events_that_make_no_sense_are_counted_and_change_nothing(broken: dict[str, Any]) -> None:
    good = [started(), train(0, [1.0]), evaluation(1, 0.5)]
    view = run(*good, broken)
    assert view.damaged_lines == 1
    assert view.evaluations == run(*good).evaluations
    assert view.train_loss == run(*good).train_loss
    assert view.state == "running"


def test_a_checkpoint_of_an_earlier_step_does_not_take_the_run_back() -> None:
    view = run(started(), train(0, [1.0] * 20), event("checkpoint", 10, folder="10", reasons=["best"]))
    assert (view.step, view.epoch) == (20, 2.0)
    assert view.checkpoints[-1].step == 10


def test_an_unknown_event_is_passed_over() -> None:
    view = run(started(), event("celebrated", 5))
    assert view.damaged_lines == 0
    assert view.step == 5


def test_text_from_a_log_reaches_no_terminal_as_it_is() -> None:
    evil = "\x1b]0;owned\x07\u202e\x9b31m"
    facts = dict.fromkeys(("device", "device_name", "host"), evil)
    lists = {"classes": [evil], "warnings": [evil], "features": [evil], "layers": [{"name": evil}]}
    task = {"name": evil, "metrics": [{"name": evil}]}
    view = run(
        started(experiment={"name": evil}, task=task, **facts, **lists),
        event("evaluation", 1, train={evil: 1.0}),
        event("changed", 1, path="device", old=evil, new="cpu"),
        event("refused", 1, id=evil, message=evil),
        event("failed", 1, reason=evil, where=evil),
    )
    assert (view.state, len(view.changes), len(view.refusals), view.damaged_lines) == ("failed", 1, 1, 0)
    shown = dataclasses.replace(view, experiment=None, present=None)  # those are cleaned where they are shown
    assert not any(escape in repr(shown) for escape in ("\\x1b", "\\x07", "\\u202e", "\\x9b"))


def test_an_experiment_that_cannot_be_read_leaves_the_curves() -> None:
    view = run(started(experiment={"optimizer": "gone"}), train(0, [1.0]), evaluation(1))
    assert view.experiment is None
    assert view.present is None
    assert len(view.train_loss) == 1
    assert isinstance(view.last, Evaluation)


def test_a_second_started_begins_anew() -> None:
    view = run(started(), train(0, [1.0] * 10), evaluation(10), started(), train(0, [2.0]))
    assert view.train_loss.mean == (2.0,)
    assert view.evaluations == ()


def test_progress_goes_by_epochs_which_other_batches_do_not_change() -> None:
    recording = Recording(experiment={"training": {"epochs": 4}}).train(1)
    recording.write("changed", path="training.batch_size", old=32, new=320, planned_steps=13, updates_per_epoch=1)
    assert recording.view().progress == pytest.approx(1 / 4)
