"""A run that was cut off goes on as if it had not been."""

from __future__ import annotations

import shutil

import pytest

from tests.engine.laboratory import Script, command, create, events, figures, same, small, train, weights
from tui_trainer.engine import plan
from tui_trainer.engine.run import train_run
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.view import read

NOISY = small(regularization={"dropout": 0.3, "batch_norm": True}, optimizer={"kind": "adam", "lr": 0.01})


@pytest.fixture
def coarse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows of five updates, which do not end where epochs do."""
    monkeypatch.setattr(plan, "WINDOWS", 8)


def forget_checkpoints(folder: RunFolder, above: int) -> None:
    for path in folder.checkpoints.iterdir():
        if int(path.name) > above:
            shutil.rmtree(path)


@pytest.mark.parametrize("step", [0, 1, 7, 12, 28, 41])
@pytest.mark.usefixtures("coarse")
def test_interrupted_and_resumed_is_as_never_interrupted(step: int) -> None:
    whole = train(NOISY)
    folder = create(NOISY)
    assert train_run(folder, Script(interrupt_at=step)) == "interrupted"
    assert (read(folder).state, read(folder).step) == ("interrupted", step)
    assert train_run(folder, Script()) == "finished"
    (resumed,) = events(folder, "resumed")
    assert (resumed["from_step"], resumed["planned_steps"]) == (step, 42)
    assert figures(folder) == figures(whole)
    assert same(weights(folder), weights(whole))


@pytest.mark.usefixtures("coarse")
def test_all_that_draws_noise_or_changes_while_it_trains_goes_on_to_the_last_bit() -> None:
    experiment = small(
        data={"kind": "digits", "train_samples": 100},
        model={"kind": "cnn", "blocks": [{"filters": 4}], "hidden": [8]},
        optimizer={"kind": "adamw", "lr": 0.01, "amsgrad": True},
        schedule={"kind": "reduce_on_plateau", "patience": 1, "warmup": 5},
        training={"epochs": 3},
        regularization={
            "augmentation": {"shift": 0.1, "rotate": 10.0, "flip": 0.2},
            "input_noise": 0.1,
            "label_smoothing": 0.1,
            "dropout": 0.2,
            "weight_decay": 0.1,
            "gradient_clipping": 1.0,
            "batch_norm": True,
        },
    )
    changes = [
        command("set", path="regularization.label_smoothing.share", value=0.3),
        command("set", path="regularization.augmentation.rotate", value=0.0),
        command("set", path="training.batch_size", value=20),
    ]
    whole, folder = train(experiment, Script({9: changes})), create(experiment)
    assert train_run(folder, Script({9: changes}, interrupt_at=11)) == "interrupted"
    assert train_run(folder, Script()) == "finished"
    assert figures(folder) == figures(whole)
    assert same(weights(folder), weights(whole))


@pytest.mark.usefixtures("coarse")
def test_a_run_whose_worker_died_goes_on_from_its_last_checkpoint() -> None:
    whole, folder = train(NOISY), create(NOISY)
    train_run(folder, Script(interrupt_at=33))
    forget_checkpoints(folder, 14)  # what was done behind them is lost, though the log tells of it
    assert train_run(folder, Script()) == "finished"
    assert events(folder, "resumed")[0]["from_step"] == 14
    assert figures(folder) == figures(whole)


def test_without_a_checkpoint_it_begins_again() -> None:
    folder = create(NOISY)
    train_run(folder, Script(interrupt_at=20))
    forget_checkpoints(folder, -1)
    assert train_run(folder, Script()) == "finished"
    assert events(folder, "resumed")[0]["from_step"] == 0
    assert figures(folder) == figures(train(NOISY))


def test_a_stop_is_undone_by_resuming() -> None:
    whole, folder = train(NOISY), create(NOISY)
    train_run(folder, Script({10: [command("stop")]}))
    train_run(folder, Script())
    # Only the evaluation at the stop has come on top.
    extra = [it for it in figures(folder)["evaluations"] if it[0] != 10]
    assert extra == figures(whole)["evaluations"]
    assert figures(folder)["train"] == figures(whole)["train"]


def test_changes_behind_the_checkpoint_are_made_again_at_their_steps() -> None:
    script = {
        9: [command("set", path="optimizer.lr", value=0.002)],
        14: [command("set", path="regularization.dropout.rate", value=0.6)],
        20: [command("set", path="regularization.l2.strength", value=0.1)],
        25: [command("extend", epochs=1)],
    }
    whole, folder = train(NOISY, Script(script)), create(NOISY)
    train_run(folder, Script(script, interrupt_at=33))
    forget_checkpoints(folder, 14)
    train_run(folder, Script())
    assert read(folder).step == 49
    assert figures(folder) == figures(whole)
    mine, other = read(folder).changes, read(whole).changes
    assert sorted((it.step, it.path, it.new) for it in mine) == sorted((it.step, it.path, it.new) for it in other)
    assert read(folder).present == read(whole).present


def test_an_old_batch_size_is_in_effect_after_a_resume() -> None:
    script = {10: [command("set", path="training.batch_size", value=30)]}
    whole, folder = train(NOISY, Script(script)), create(NOISY)
    train_run(folder, Script(script, interrupt_at=13))
    train_run(folder, Script())
    assert figures(folder) == figures(whole)


def test_a_finished_run_is_extended_as_if_it_had_been_planned_so() -> None:
    folder = train(NOISY)
    assert train_run(folder, Script(), 2) == "finished"
    view = read(folder)
    assert (view.step, view.planned_epochs, view.state) == (56, 8, "finished")
    longer = NOISY.model_copy(update={"training": NOISY.training.model_copy(update={"epochs": 8})})
    assert figures(folder) == figures(train(longer))
    assert train_run(folder, Script(), 1) == "finished"
    assert read(folder).step == 63


def test_extending_counts_from_the_end_of_a_run_whose_last_checkpoint_is_lost() -> None:
    folder = train(NOISY)
    forget_checkpoints(folder, 28)
    train_run(folder, Script(), 2)
    assert events(folder, "resumed")[0]["from_step"] == 28
    assert (read(folder).step, read(folder).planned_epochs) == (56, 8)


def test_a_run_whose_log_is_lost_goes_on_from_its_checkpoint() -> None:
    folder = create(NOISY)
    train_run(folder, Script(interrupt_at=33))
    folder.events_file.unlink()
    assert train_run(folder, Script()) == "finished"
    assert [event["type"] for event in events(folder)][:2] == ["started", "resumed"]
    assert events(folder, "resumed")[0]["from_step"] == 33
    assert same(weights(folder), weights(train(NOISY)))


def test_extending_after_early_stopping_begins_the_wait_anew() -> None:
    experiment = small(
        optimizer={"kind": "sgd", "lr": 1e-6},
        training={"epochs": 50},
        regularization={"early_stopping": {"patience": 3, "min_delta": 0.1}},
    )
    folder = train(experiment)
    assert read(folder).epoch == 3
    train_run(folder, Script(), 10)
    view = read(folder)
    assert view.planned_epochs == 13
    assert view.epoch > 4
    assert view.reason.startswith("early stopping")


def test_a_torn_checkpoint_is_refused_and_an_older_one_used() -> None:
    whole, folder = train(NOISY), create(NOISY)
    train_run(folder, Script(interrupt_at=33))
    state = folder.checkpoints / "33" / "state.pt"
    content = bytearray(state.read_bytes())
    content[len(content) // 2] ^= 1
    state.write_bytes(bytes(content))
    (folder.checkpoints / "28" / "manifest.json").unlink()
    train_run(folder, Script())
    (resumed,) = events(folder, "resumed")
    assert resumed["from_step"] == 21
    assert resumed["warnings"] == [
        "checkpoint 33 is damaged: state.pt is not what was written",
        "checkpoint 28 is not whole: its manifest is missing",
    ]
    assert figures(folder) == figures(whole)
    assert not state.exists()
