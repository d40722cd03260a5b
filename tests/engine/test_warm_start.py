"""A run that begins from the weights of another one."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.engine.laboratory import SMALL, Script, create, events, figures, same, small, train, weights
from tui_trainer.engine.checkpoints import Checkpoints, load
from tui_trainer.engine.describe import describe
from tui_trainer.engine.run import train_run
from tui_trainer.experiment.overrides import set_values
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.origin import Origin
from tui_trainer.runs.store import Store
from tui_trainer.runs.view import read

FIRST, SECOND, OUTPUT = "hidden.0.linear.weight", "hidden.1.linear.weight", "output.weight"


def warm(source: RunFolder | str, base: Experiment | None = None, **fields: Any) -> Experiment:
    """The small experiment, begun from a run."""
    run = source if isinstance(source, str) else source.id
    changes = {"run": run, **fields}
    return set_values(base or small(), {f"warm_start.{name}": value for name, value in changes.items()})


def initial(folder: RunFolder) -> Mapping[str, torch.Tensor]:
    """The weights before the first update."""
    return weights(folder, 0)


def begun(experiment: Experiment) -> RunFolder:
    """A run that was interrupted before its first update: it has a checkpoint of step 0."""
    folder = create(experiment)
    assert train_run(folder, Script(interrupt_at=0)) == "interrupted", read(folder).reason
    return folder


def problem(experiment: Experiment) -> tuple[str, str]:
    """The only one of a run of the experiment, as it is said before it and by it."""
    from tui_trainer.experiment.dump import to_mapping

    with pytest.raises(ExperimentError) as raised:
        describe(to_mapping(experiment))
    (said,) = raised.value.problems
    folder = train(experiment)
    assert read(folder).state == "failed"
    assert said.message in read(folder).reason
    return said.path, said.message


def test_it_begins_with_the_weights_of_the_best_or_the_last_checkpoint() -> None:
    source = train(small(optimizer={"kind": "adam", "lr": 0.3}))
    best = read(source).best
    assert best is not None
    assert best.step < read(source).step, "else the test shows nothing"
    assert same(initial(begun(warm(source))), weights(source, best.step))
    assert same(initial(begun(warm(source, checkpoint="last"))), weights(source))
    assert not same(initial(begun(small())), weights(source))


def test_the_log_says_where_the_weights_are_from() -> None:
    source = train(small())
    folder = begun(warm(source, checkpoint="last"))
    assert events(folder, "started")[0]["warm_start"] == {"run": source.id, "step": 42, "epoch": 6, "new": []}


def test_the_first_letters_of_an_id_will_do() -> None:
    source = train(small())
    assert same(initial(begun(warm(source.id[:-2], checkpoint="last"))), weights(source))


@pytest.mark.parametrize("regularization", [{}, {"batch_norm": True, "l2": 0.1, "weight_decay": 0.1}], ids=str)
def test_frozen_layers_keep_their_weights_and_the_others_learn(regularization: dict[str, Any]) -> None:
    source = train(small(regularization=regularization))
    folder = train(warm(source, small(regularization=regularization), freeze=1))
    before, after = initial_of(folder), weights(folder)
    kept = {name for name in before if torch.equal(before[name], after[name])}
    expected = {name for name in before if name.startswith("hidden.0.")}
    assert kept == expected | {name for name in kept if name.endswith("num_batches_tracked")}
    figures_of_first = [it.layers[0] for it in read(folder).layers]
    assert all(layer.gradient_norm != layer.gradient_norm for layer in figures_of_first), "a frozen layer has none"
    assert all(layer.frozen for layer in figures_of_first)
    assert all(layer.update_ratio == layer.update_ratio for it in read(folder).layers for layer in it.layers[1:])


def initial_of(folder: RunFolder) -> Mapping[str, torch.Tensor]:
    """The weights that the run began with: those of its source, with a new last layer where that began anew."""
    again = Store().create(folder.experiment())
    train_run(again, Script(interrupt_at=0))
    return weights(again, 0)


def test_the_last_layer_begins_anew_where_there_are_other_classes() -> None:
    source = train(small(data={"kind": "spirals", "samples": 125, "arms": 3}))
    folder = begun(warm(source, checkpoint="last"))
    now, then, fresh = initial(folder), weights(source), initial(begun(small()))
    assert torch.equal(now[FIRST], then[FIRST])
    assert torch.equal(now[SECOND], then[SECOND])
    assert torch.equal(now[OUTPUT], fresh[OUTPUT])
    assert events(folder, "started")[0]["warm_start"]["new"] == ["output"]
    assert train_run(folder, Script()) == "finished"


def test_the_last_layer_begins_anew_where_as_many_classes_have_other_names() -> None:
    base = small(data={"kind": "digits", "train_samples": 50})
    low, high = ({"data.classes": classes} for classes in ([0, 1, 2], [5, 6, 7]))
    source = train(set_values(base, low))
    same_task, other = (begun(warm(source, set_values(base, it), checkpoint="last")) for it in (low, high))
    assert same(initial(same_task), weights(source))
    assert torch.equal(initial(other)[FIRST], weights(source)[FIRST])
    assert not torch.equal(initial(other)[OUTPUT], weights(source)[OUTPUT])


def test_equal_warm_starts_train_equally_and_resume_without_their_source() -> None:
    source = train(small(seed=1))
    experiment = warm(source, small(regularization={"dropout": 0.3}), freeze=1)
    one, two, cut = train(experiment), train(experiment), create(experiment)
    assert figures(one) == figures(two)
    assert train_run(cut, Script(interrupt_at=20)) == "interrupted"
    shutil.rmtree(source.path)
    assert train_run(cut, Script()) == "finished"
    assert figures(cut) == figures(one)
    assert same(weights(cut), weights(one))


def test_without_its_source_and_its_checkpoints_it_fails_and_does_not_begin_from_random_weights() -> None:
    source = train(small())
    folder = train(warm(source))
    shutil.rmtree(source.path)
    for checkpoint in folder.checkpoints.iterdir():
        (checkpoint / "state.pt").write_bytes(b"")
    assert train_run(folder, Script(), 1) == "failed"
    assert source.id in read(folder).reason


def test_all_else_is_as_without_it() -> None:
    """Split, order and noise: only the weights differ."""
    source = train(small(seed=1))
    cold, warmed = read(train(small())), read(train(warm(source)))
    assert cold.samples == warmed.samples
    assert cold.evaluations[0].train != warmed.evaluations[0].train
    assert warmed.evaluations[0].train["loss"] < cold.evaluations[0].train["loss"]


def test_a_fork_may_thaw_what_was_frozen() -> None:
    source = train(small(seed=1))
    parent = train(warm(source, freeze=1))
    checkpoint = next(it for it in read(parent).checkpoints if it.epoch == 3)
    child = Store().fork(parent, checkpoint, set_values(parent.experiment(), {"warm_start.freeze": 0}))
    assert train_run(child, Script()) == "finished", read(child).reason
    assert not torch.equal(weights(child)[FIRST], weights(parent)[FIRST])
    assert [it.step for it in read(child).evaluations[:4]] == [0, 7, 14, 21]
    with pytest.raises(ExperimentError, match="already"):
        Store().fork(parent, checkpoint, set_values(parent.experiment(), {"warm_start.run": ""}))


def test_an_arm_is_the_run_of_the_same_repeat() -> None:
    store = Store()
    comparison = "20260101-000000-c-aaaa"
    for repeat in (0, 1):
        folder = store.create(small(seed=repeat), Origin(comparison=comparison, arm="a b", repeat=repeat))
        train_run(folder, Script())
        warmed = store.create(
            warm("arm: a b", small(seed=repeat), checkpoint="last"),
            Origin(comparison=comparison, arm="w", repeat=repeat),
        )
        train_run(warmed, Script(interrupt_at=0))
        assert same(initial(warmed), weights(folder))


class TestProblems:
    def test_no_such_run(self) -> None:
        path, message = problem(warm("20200101"))
        assert path == "warm_start.run"
        assert message == "there is no run '20200101' (write the id of a run)"

    def test_several_runs(self) -> None:
        train(small())
        train(small())
        assert "could be any of 2 runs" in problem(warm("2"))[1]  # it is none of them itself

    def test_a_run_without_a_checkpoint(self) -> None:
        assert "has no checkpoint yet" in problem(warm(create(small())))[1]

    def test_a_best_checkpoint_that_is_gone(self) -> None:
        source = train(small())
        best = read(source).best
        assert best is not None
        shutil.rmtree(source.checkpoints / str(best.step))
        if best.step != read(source).step:
            assert "of its best epoch any more" in problem(warm(source))[1]

    def test_other_layers(self) -> None:
        source = train(small())
        path, message = problem(warm(source, small(model={"hidden": [8, 7]})))
        assert path == "warm_start.run"
        assert message.endswith("is another: its hidden layers have 8,6 units, here they have 8,7")
        assert "has 2 hidden layers, this one has 3" in problem(warm(source, small(model={"hidden": [8, 6, 5]})))[1]
        assert "has 2 hidden layers, this one has 1" in problem(warm(source, small(model={"hidden": [8]})))[1]

    def test_norms_that_the_source_lacks(self) -> None:
        source = train(small())
        _, message = problem(warm(source, small(regularization={"layer_norm": True})))
        assert "it has no norm, this one has layer norm" in message

    def test_inputs_of_another_shape(self) -> None:
        source = train(small(data={"kind": "digits", "train_samples": 50}))
        assert "hidden.0.linear.weight is 8 × 64 there and 8 × 2 here" in problem(warm(source))[1]

    @pytest.mark.parametrize("layers", [3, 4])
    def test_all_layers_frozen(self, layers: int) -> None:
        path, message = problem(warm(train(small()), freeze=layers))
        assert path == "warm_start.freeze"
        assert message == f"with {layers} of 3 layers frozen nothing is left to learn (at most 2)"

    def test_an_arm_outside_of_a_comparison(self) -> None:
        describe({**SMALL, "warm_start": {"run": "arm: a"}})  # it cannot be known yet
        folder = train(warm("arm: a"))
        assert "'a' is an arm, and this run belongs to no comparison" in read(folder).reason

    def test_an_arm_that_was_not_trained(self) -> None:
        folder = Store().create(warm("arm: a"), Origin(comparison="20260101-000000-c-aaaa", arm="w"))
        train_run(folder, Script())
        assert "there is no run of the arm 'a'" in read(folder).reason

    def test_a_damaged_checkpoint(self) -> None:
        source = train(small())
        file = source.checkpoints / "42" / "state.pt"
        file.write_bytes(file.read_bytes()[:-10])
        folder = train(warm(source, checkpoint="last"))
        assert "its weights cannot be read: checkpoint 42 is damaged" in read(folder).reason

    @pytest.mark.parametrize("model", [None, [1], {"output.weight": 1}], ids=str)
    def test_a_checkpoint_that_holds_no_weights(self, model: Any) -> None:
        source = train(small())
        state = load(source.checkpoints / "42") | {"model": model}
        Checkpoints(source.checkpoints, {}).write(state, ["last"], 6)
        folder = train(warm(source, checkpoint="last"))
        assert "its weights cannot be read: checkpoint 42 holds something else" in read(folder).reason


class TestTexts:
    """Networks that write: a token means what the vocabulary of their text says."""

    @staticmethod
    def experiment(folder: Path, text: str, **model: Any) -> Experiment:
        file = folder / f"{abs(hash(text))}.txt"
        file.write_text(text * 60, encoding="utf-8")
        data = {"kind": "text", "file": str(file), "length": 8}
        rnn = {"kind": "rnn", "cell": "vanilla", "hidden": 4}
        return small(data=data, model=rnn | model, training={"batch_size": 16, "epochs": 1})

    def test_a_text_with_the_same_characters_goes_on(self, tmp_path: Path) -> None:
        source = train(self.experiment(tmp_path, "abcabd "))
        other = warm(source, self.experiment(tmp_path, "dabc ca "), checkpoint="last")
        assert same(initial(begun(other)), weights(source))

    @pytest.mark.parametrize(("text", "said"), [("abcabe ", "'d' only there and 'e' only here"), ("abc ", "'d' only")])
    def test_a_text_with_other_characters_is_refused(self, tmp_path: Path, text: str, said: str) -> None:
        source = train(self.experiment(tmp_path, "abcabd "))
        path, message = problem(warm(source, self.experiment(tmp_path, text), checkpoint="last"))
        assert path == "warm_start.run"
        assert message.startswith(f"{source.id} knows other characters: {said}")

    def test_many_characters_are_not_all_named(self, tmp_path: Path) -> None:
        source = train(self.experiment(tmp_path, "abc "))
        message = problem(warm(source, self.experiment(tmp_path, "defghijkl "), checkpoint="last"))[1]
        assert "'a', 'b', 'c' only there and 'd', 'e', 'f', 'g', 'h' and 4 more only here" in message

    def test_a_checkpoint_that_does_not_say_its_characters_is_taken(self, tmp_path: Path) -> None:
        source = train(self.experiment(tmp_path, "abcabd "))
        state = load(source.checkpoints / str(read(source).step))
        Checkpoints(source.checkpoints, {"version": 1}).write(state, ["last"], 1)
        other = warm(source, self.experiment(tmp_path, "abcabe "), checkpoint="last")
        assert same(initial(begun(other)), weights(source))


def test_nothing_of_the_source_but_its_weights_comes_along() -> None:
    source = train(small(optimizer={"kind": "adam", "lr": 0.01}))
    folder = begun(warm(source, small(optimizer={"kind": "adam", "lr": 0.01})))
    assert load(folder.checkpoints / "0")["optimizer"]["state"] == {}
