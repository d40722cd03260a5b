"""Which runs make one arm, and what arms are called."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.insight.arms_made import recording, run
from tui_trainer.insight.arms import Arm, group, letter, seed_of, title
from tui_trainer.runs.origin import Origin
from tui_trainer.runs.records import RunView

L2 = {"regularization": {"l2": 0.1}}


def named(id: str, view: RunView, **fields: Any) -> RunView:
    return replace(view, id=id, **fields)


def names(*views: RunView) -> list[str]:
    return [arm.name for arm in group(views)]


def seeds(*views: RunView) -> list[list[int]]:
    return [[seed_of(run) for run in arm.runs] for arm in group(views)]


def test_runs_that_differ_only_in_their_seed_are_one_arm_by_seed() -> None:
    views = [run(seed=2), run(seed=0, **L2), run(seed=1), run(seed=1, **L2)]
    assert seeds(*views) == [[1, 2], [0, 1]]
    assert names(*views) == ["baseline", "l2 0.1"]


def test_names_descriptions_and_pace_do_not_make_another_arm() -> None:
    other = run(seed=1, name="other", about="words", training={"epochs": 10, "batch_size": 100, "pace": 10.0})
    assert seeds(run(seed=0), other, run(seed=0, **L2)) == [[0, 1], [0]]


def test_a_seed_that_is_there_twice_makes_another_arm() -> None:
    views = [run(seed=0), run(seed=1), run(seed=0, **L2), run(seed=0)]
    assert seeds(*views) == [[0, 1], [0], [0]]
    assert names(*views) == ["baseline", "baseline again", "l2 0.1"]


def test_if_all_were_one_arm_each_run_is_one() -> None:
    assert names(run(seed=3), run(seed=5)) == ["seed 3", "seed 5"]
    assert names(run(seed=3, name="first try"), run(seed=5, name="second try")) == ["first try", "second try"]
    assert names(run(), run()) == ["recorded", "recorded again"]


def test_a_comparison_names_its_arms_and_holds_them_together() -> None:
    def of(arm: str, view: RunView) -> RunView:
        return replace(view, origin=Origin(comparison="c1", arm=arm))

    views = [of("weak", run(seed=0, **L2)), of("none", run(seed=0)), of("weak", run(seed=1, **L2))]
    assert names(*views) == ["weak", "none"]
    assert seeds(*views) == [[0, 1], [0]]


def test_what_differs_is_the_name() -> None:
    sgd = {"optimizer": {"kind": "sgd", "lr": 0.1}}
    assert names(run(**sgd), run(optimizer={"kind": "sgd", "lr": 0.01})) == ["lr 0.1", "lr 0.01"]
    assert names(run(**sgd), run(optimizer="adam")) == ["sgd", "adam"]
    assert names(run(**sgd), run(optimizer={"kind": "adam", "lr": 0.01})) == ["sgd", "adam lr 0.01"]
    assert names(run(), run(regularization={"batch_norm": True})) == ["baseline", "batch norm"]
    assert names(run(), run(data={"train_samples": 100})) == ["all samples", "train samples 100"]
    optimizers = ("sgd", "momentum", "rmsprop", "adam")
    assert names(*(run(optimizer=kind) for kind in optimizers)) == list(optimizers)


def test_of_several_things_only_those_that_most_do_not_share_are_named() -> None:
    model = {"model": {"hidden": [30, 30]}}
    assert names(run(), run(**L2), run(**model), run(regularization={"dropout": 0.2})) == [
        "baseline",
        "l2 0.1",
        "hidden 2 × 30",
        "dropout 0.2",
    ]


def test_a_change_while_training_makes_another_arm_and_names_it() -> None:
    changed = recording(seed=1).train(5)
    changed.change("optimizer.lr", 0.01)
    view = changed.train().end().view()
    same = run(seed=2, optimizer={"kind": "sgd", "lr": 0.01})
    assert len(group([view, same])) == 2
    assert names(view, same) == ["lr 0.01 at epoch 5", "baseline"]


def test_a_fork_from_a_checkpoint_is_not_the_experiment_from_the_start() -> None:
    forked = replace(run(seed=1), origin=Origin(parent="p", from_step=30, from_epoch=10.0))
    assert len(group([run(seed=0), run(seed=2), forked])) == 2


def test_a_name_from_outside_is_harmless_and_short() -> None:
    evil = replace(run(), origin=Origin(comparison="c", arm="\x1b]0;title\x07" + "x" * 500))
    name = names(evil, run(**L2))[0]
    assert "\x1b" not in name
    assert len(name) <= 40


def test_a_run_whose_experiment_cannot_be_read_is_an_arm_of_its_own() -> None:
    broken = RunView("broken", "broken", "failed")
    assert names(broken, run()) == ["broken", "recorded"]


def test_nothing_makes_no_arms() -> None:
    assert group([]) == ()


def test_letters() -> None:
    assert [letter(index) for index in range(3)] == ["A", "B", "C"]
    assert title(1, Arm("l2 0.1", ())) == "B l2 0.1"
    assert title(0, Arm("", ())) == "A"
