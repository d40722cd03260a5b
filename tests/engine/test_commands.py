"""What a person may ask of a run while it trains."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from tests.engine.laboratory import Script, command, events, figures, small, train
from tui_trainer.engine.control import Control
from tui_trainer.engine.loop import Trainer
from tui_trainer.runs.view import read


def types(folder: Any) -> list[str]:
    quiet = ("train", "layers", "checkpoint")
    return [event["type"] for event in events(folder) if event["type"] not in quiet]


def test_a_learning_rate_takes_effect_on_the_next_update() -> None:
    folder = train(small(), Script({10: [command("set", path="optimizer.lr", value=0.5)]}))
    (changed,) = events(folder, "changed")
    assert (changed["step"], changed["path"], changed["old"], changed["new"]) == (10, "optimizer.lr", 0.05, 0.5)
    assert (changed["id"], changed["mailbox"]) == ("set", 1)
    plain, other = read(train(small())).train_loss.mean, read(folder).train_loss.mean
    assert plain[:11] == other[:11]
    assert plain[11] != other[11]
    assert [it.lr for it in read(folder).evaluations][:3] == [0.05, 0.05, 0.5]
    present = read(folder).present
    assert present
    assert present.optimizer.lr == 0.5


@pytest.mark.parametrize("path", ["regularization.l1.strength", "regularization.l2.strength"])
def test_a_penalty_that_was_absent_can_be_turned_up(path: str) -> None:
    folder = train(small(), Script({10: [command("set", path=path, value=0.1)]}))
    (changed,) = events(folder, "changed")
    assert (changed["old"], changed["new"]) == (0, 0.1)
    plain, other = read(train(small())), read(folder)
    assert plain.train_loss.mean[:11] == other.train_loss.mean[:11]
    assert plain.train_loss.mean[11] != other.train_loss.mean[11]
    assert [it.penalty is None for it in other.evaluations] == [True, True, False, False, False, False, False]


def test_dropout_that_was_absent_can_be_turned_up_and_off_again() -> None:
    changes = {10: [command("set", path="regularization.dropout.rate", value=0.5)]}
    folder = train(small(), Script(changes))
    plain, other = read(train(small())).train_loss.mean, read(folder).train_loss.mean
    assert plain[:10] == other[:10]
    assert plain[10] != other[10]
    back = {10: [*changes[10], command("set", path="regularization.dropout.rate", value=0)]}
    assert figures(train(small(), Script(back))) == figures(train(small()))


def test_a_batch_size_goes_on_in_the_order_of_the_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[torch.Tensor] = []
    update = Trainer.update

    def note(self: Trainer, x: torch.Tensor, y: torch.Tensor, watch: object = None) -> torch.Tensor:
        seen.append(x.clone())
        return update(self, x, y, watch)  # type: ignore[arg-type]

    monkeypatch.setattr(Trainer, "update", note)
    train(small())
    plain = torch.cat(seen[:14])
    seen.clear()
    folder = train(small(), Script({10: [command("set", path="training.batch_size", value=30)]}))
    assert [len(x) for x in seen[:16]] == [16] * 6 + [4] + [16] * 3 + [30, 22] + [30, 30, 30, 10]
    assert torch.equal(torch.cat(seen[:12]), plain)
    (changed,) = events(folder, "changed")
    assert changed["planned_steps"] == 12 + 4 * 4
    view = read(folder)
    assert (view.state, view.step, view.planned_steps) == ("finished", 28, 28)
    assert [(it.step, it.epoch) for it in view.evaluations] == [
        (0, 0),
        (7, 1),
        (12, 2),
        (16, 3),
        (20, 4),
        (24, 5),
        (28, 6),
    ]
    epochs = view.train_loss.epochs
    assert epochs[11] == 2
    assert list(epochs) == sorted(epochs)


def test_more_epochs_are_as_if_they_had_been_planned() -> None:
    folder = train(small(), Script({20: [command("extend", epochs=2)]}))
    (changed,) = events(folder, "changed")
    assert (changed["path"], changed["old"], changed["new"]) == ("training.epochs", 6, 8)
    assert (changed["planned_steps"], changed["planned_epochs"]) == (56, 8)
    assert read(folder).planned_steps == 56
    assert figures(folder) == figures(train(small(training={"epochs": 8})))


def test_pause_and_resume_change_nothing() -> None:
    folder = train(small(), Script({5: [command("pause")], 30: [command("resume")]}))
    assert types(folder) == ["started", "evaluation", "paused", "resumed", *["evaluation"] * 6, "finished"]
    (paused,) = events(folder, "paused")
    assert (paused["step"], paused["id"]) == (5, "pause")
    assert figures(folder) == figures(train(small()))
    assert any(event["step"] == 5 for event in events(folder, "checkpoint"))


def test_one_step_is_one_update() -> None:
    script = {5: [command("pause")], 8: [command("step")], 15: [command("step")], 20: [command("resume")]}
    folder = train(small(), Script(script))
    assert [(event["step"], event["id"]) for event in events(folder, "paused")] == [
        (5, "pause"),
        (6, "step"),
        (7, "step"),
    ]
    # Each step's loss is on the curve before the run pauses.
    last_seen = [event["step"] for event in events(folder) if event["type"] in ("train", "paused")]
    assert last_seen[:6] == [5, 5, 6, 6, 7, 7]
    assert figures(folder) == figures(train(small()))


def test_one_epoch_ends_with_its_evaluation() -> None:
    folder = train(small(), Script({3: [command("epoch")], 15: [command("epoch")], 30: [command("resume")]}))
    assert [event["step"] for event in events(folder, "paused")] == [7, 14]
    one = ["resumed", "evaluation", "paused"]
    assert types(folder)[:8] == ["started", "evaluation", *one, *one]


def test_a_person_gets_one_update_a_step_however_fast_they_ask() -> None:
    class Person(Control):
        """Asks for something whenever the run waits, and is heard only then."""

        def __init__(self) -> None:
            super().__init__()
            step = command("step")
            self.asks = [[step], [step, step, step], [command("epoch"), command("pause")], [step], [command("resume")]]
            self.send(command("pause"))

        def wait(self, seconds: float) -> None:
            for asked in self.asks.pop(0):
                self.send(asked)

    folder = train(small(), Person())
    assert [(event["step"], event["id"]) for event in events(folder, "paused")] == [
        (0, "pause"),
        *[(step, "step") for step in (1, 2, 3, 4)],
        (4, "pause"),
        (5, "step"),
    ]
    assert figures(folder) == figures(train(small()))


def test_stop_keeps_what_there_is() -> None:
    folder = train(small(), Script({17: [command("stop")]}))
    view = read(folder)
    assert (view.state, view.reason, view.step) == ("stopped", "stopped by a person", 17)
    last = events(folder)[-1]
    assert (last["type"], last["id"]) == ("stopped", "stop")
    assert view.last
    assert view.last.step == 17
    assert last["summary"]["validation"] == dict(view.last.validation)
    assert (folder.checkpoints / "17" / "manifest.json").exists()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (command("set", path="model.hidden", value=[3]), "model.hidden cannot change while training"),
        (command("set", path="optimizer.lr", value=-1), "optimizer.lr: -1 does not fit (must be a number, above 0"),
        (command("set", path="optimizer.lr", value="quick"), "does not fit"),
        (command("set", path="training.batch_size", value=2.5), "training.batch_size: 2.5 does not fit"),
        (command("set", path="regularization.early_stopping.patience", value=3), "cannot change while training"),
        (command("set", value=3), "set needs a path"),
        (command("set", path="optimizer.lr"), "does not fit"),
        (command("extend", epochs=-3), "must be a whole number"),
        (command("extend", epochs="many"), "must be a whole number"),
        (command("explode"), "there is no command 'explode'"),
    ],
)
def test_what_cannot_be_done_is_refused_and_harms_nothing(asked: Any, words: str) -> None:
    folder = train(small(training={"epochs": 2}), Script({5: [asked]}))
    (refused,) = events(folder, "refused")
    assert words in refused["message"]
    assert refused["id"] == asked.name
    assert figures(folder) == figures(train(small(training={"epochs": 2})))


def test_a_checkpoint_can_be_asked_for() -> None:
    folder = train(small(training={"epochs": 2}), Script({5: [command("checkpoint")]}))
    answer = next(event for event in events(folder, "checkpoint") if event.get("id") == "checkpoint")
    assert answer["step"] == 5
