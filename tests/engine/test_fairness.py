"""Two runs that differ in one thing share all the rest: for each kind of change, what stays equal and what does not."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
import torch
from torch import Tensor

from tests.engine.laboratory import Script, figures, same, small, train, weights
from tui_trainer.engine.loop import Trainer
from tui_trainer.experiment.overrides import set_values
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs.follow import Follower
from tui_trainer.runs.store import Store
from tui_trainer.runs.view import RunView
from tui_trainer.runs.workers import Worker

BASE = small(optimizer={"kind": "sgd", "lr": 0.05}, regularization={"dropout": 0.3}, training={"epochs": 3})
DETERMINED = set_values(BASE, {"regularization.dropout": False})
"""Without noise, so that what does not change shows in the losses."""


@dataclass
class Footprint:
    """What a run was made of."""

    initial: Mapping[str, Tensor]  # weights before the first update
    validation: tuple[Tensor, Tensor]
    samples: list[Tensor] = field(default_factory=list)  # inputs of each update
    losses: list[float] = field(default_factory=list)  # of each update

    @property
    def first_epoch(self) -> Tensor:
        return torch.cat(self.samples)[: len(torch.cat(self.samples)) // 3]


@pytest.fixture
def footprint(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Trains an experiment and notes what it was made of."""

    def make(experiment: Experiment) -> Footprint:
        found: list[Footprint] = []
        update = Trainer.update

        def noted(self: Trainer, x: Tensor, y: Tensor, watch: Any = None) -> Tensor:
            if not found:
                state = {name: value.clone() for name, value in self.network.model.state_dict().items()}
                found.append(Footprint(state, (self.validation_part.x.clone(), self.validation_part.y.clone())))
            loss = update(self, x, y, watch)
            found[0].samples.append(x.clone())
            found[0].losses.append(float(loss))
            return loss

        with monkeypatch.context() as patch:
            patch.setattr(Trainer, "update", noted)
            train(experiment, Script())
        return found[0]

    return make


def changed(base: Experiment, **values: Any) -> Experiment:
    return set_values(base, {path.replace("__", "."): value for path, value in values.items()})


def equal_validation(a: Footprint, b: Footprint) -> bool:
    return all(torch.equal(x, y) for x, y in zip(a.validation, b.validation, strict=True))


def equal_order(a: Footprint, b: Footprint) -> bool:
    """The same samples in the same order, however they were cut into batches."""
    return torch.equal(torch.cat(a.samples), torch.cat(b.samples))


def differing_weights(a: Footprint, b: Footprint) -> set[str]:
    """The names of the initial weights that are not the same, or that only one of them has."""
    common = {name for name in a.initial if name in b.initial and torch.equal(a.initial[name], b.initial[name])}
    return (a.initial.keys() | b.initial.keys()) - common


def test_equal_experiments_are_equal_to_the_last_bit(footprint: Any) -> None:
    a, b = footprint(BASE), footprint(BASE)
    assert equal_validation(a, b)
    assert equal_order(a, b)
    assert differing_weights(a, b) == set()
    assert a.losses == b.losses
    one, two = train(BASE), train(BASE)
    assert figures(one) == figures(two)
    assert same(weights(one), weights(two))


def test_equal_experiments_that_train_at_the_same_time_are_equal_to_the_last_bit() -> None:
    """Each in its own worker, as a pair does."""
    store = Store()
    with Worker() as first, Worker() as second:
        folders = [store.create(BASE), store.create(BASE)]
        ended = [threading.Event(), threading.Event()]
        followers = []
        for worker, folder, done in zip((first, second), folders, ended, strict=True):
            worker.run(folder)

            def look(view: RunView, done: threading.Event = done) -> None:
                if view.ended:
                    done.set()

            followers.append(Follower(folder, look))
        assert all(done.wait(60) for done in ended)
        for follower in followers:
            follower.stop()
    assert figures(folders[0]) == figures(folders[1]) == figures(train(BASE))
    assert same(weights(folders[0]), weights(folders[1]))


def test_units_in_one_layer_leave_the_other_layers_weights_the_split_and_the_order(footprint: Any) -> None:
    base = small(model={"hidden": [8, 6, 5]}, training={"epochs": 3})
    a, b = footprint(base), footprint(changed(base, model__hidden=[12, 6, 5]))
    assert equal_validation(a, b)
    assert equal_order(a, b)
    untouched = {name for name in a.initial if name.startswith(("hidden.2.", "output."))}
    assert untouched
    assert not differing_weights(a, b) & untouched
    assert a.losses != b.losses


@pytest.mark.parametrize(
    ("change", "new_weights"),
    [
        ({"optimizer": "adam"}, False),
        ({"optimizer.lr": 0.5}, False),
        ({"regularization.l2": 0.1}, False),
        ({"regularization.l1": 0.1}, False),
        ({"regularization.dropout": 0.5}, False),
        ({"regularization.batch_norm": True}, True),
        ({"training.epochs": 5}, False),
        ({"training.pace": 100_000.0}, False),
    ],
    ids=str,
)
def test_other_changes_leave_weights_split_and_order(footprint: Any, change: dict[str, Any], new_weights: bool) -> None:
    a, b = footprint(DETERMINED), footprint(set_values(DETERMINED, change))
    assert equal_validation(a, b)
    assert torch.equal(torch.cat(a.samples), torch.cat(b.samples)[: len(torch.cat(a.samples))])
    new = differing_weights(a, b)
    # A norm adds its own scale, shift and running figures; what both have is the same.
    assert bool(new) is new_weights
    assert not any(name in a.initial and name in b.initial for name in new)
    first_is_equal = not {"regularization.batch_norm", "regularization.dropout"} & change.keys()
    assert (a.losses[0] == b.losses[0]) is first_is_equal


def test_epochs_and_pace_change_nothing_of_what_both_have() -> None:
    a = train(BASE)
    longer, slower = train(changed(BASE, training__epochs=5)), train(changed(BASE, training__pace=100_000.0))
    assert figures(slower) == figures(a)
    assert figures(longer)["evaluations"][:4] == figures(a)["evaluations"]


def test_a_layers_activation_leaves_weights_split_and_order(footprint: Any) -> None:
    """With an initialization of its own choice, relu and tanh begin alike, up to that choice's scale."""
    base = changed(DETERMINED, initialization="xavier")
    a, b = footprint(base), footprint(changed(base, activation="tanh"))
    assert equal_validation(a, b)
    assert equal_order(a, b)
    assert differing_weights(a, b) == set()
    assert a.losses[0] != b.losses[0]


def test_a_regularizer_leaves_the_noise_of_dropout(footprint: Any) -> None:
    """The first loss is that of the same units dropped, before any penalty has moved a weight."""
    a, b = footprint(BASE), footprint(changed(BASE, regularization__l2=0.1))
    assert a.losses[0] == b.losses[0]
    assert a.losses[1] != b.losses[1]


def test_the_batch_size_leaves_weights_and_the_order_of_the_samples(footprint: Any) -> None:
    a, b = footprint(DETERMINED), footprint(changed(DETERMINED, training__batch_size=25))
    assert equal_validation(a, b)
    assert equal_order(a, b)
    assert differing_weights(a, b) == set()


def test_fewer_training_samples_are_some_of_the_same_and_the_validation_part_stays(footprint: Any) -> None:
    """Unscaled: else inputs are scaled by what is trained on, and those of equal samples differ."""
    unscaled = changed(DETERMINED, data__scaling="none")
    a, b = footprint(unscaled), footprint(changed(unscaled, data__train_samples=40))
    assert equal_validation(a, b)
    assert differing_weights(a, b) == set()
    more, fewer = ({tuple(row.tolist()) for row in torch.cat(it.samples)} for it in (a, b))
    assert len(fewer) == 40
    assert fewer < more


def test_another_seed_changes_all_of_it(footprint: Any) -> None:
    a, b = footprint(DETERMINED), footprint(changed(DETERMINED, seed=1))
    assert not equal_validation(a, b)
    assert not equal_order(a, b)
    assert any(name.endswith("weight") for name in differing_weights(a, b))
