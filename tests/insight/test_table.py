"""The figures of a comparison, arm by arm."""

from __future__ import annotations

from dataclasses import replace
from math import isnan
from typing import Any

import pytest

from tests.insight.arms_made import FIVE, arm, around, recording, run
from tui_trainer.insight import table
from tui_trainer.insight.arms import Arm, group
from tui_trainer.insight.table import Cell, Table
from tui_trainer.runs.origin import Origin
from tui_trainer.runs.records import DIVERGED, RunView

L2: dict[str, Any] = {"regularization": {"l2": 0.1}}
A = around((1.0, 0.80, 0.02, 0.75), FIVE)
B = around((0.9, 0.74, 0.60, 0.90), [-0.026, -0.006, 0.011, 0.043, -0.022])


def two(pinned: int = 0) -> Table:
    return table.rows([arm("baseline", A), arm("l2 0.1", B, **L2)], pinned)


def values(made: Table, key: str) -> list[float | str | None]:
    return [cell.value for cell in made.row(key).cells]


def test_first_what_differs_and_only_that() -> None:
    made = two()
    assert [(row.key, row.label, values(made, row.key)) for row in made.rows if row.group == "differs"] == [
        ("regularization.l2.strength", "l2 strength", ["–", "0.1"])
    ]
    kinds = table.rows([arm("sgd", optimizer="sgd"), arm("adam", optimizer="adam")])
    assert [(row.label, *values(kinds, row.key)) for row in kinds.rows if row.group == "differs"] == [
        ("optimizer", "sgd", "adam"),
        ("lr", "0.1", "0.001"),
    ]


def test_seeds_are_told_by_mean_and_sample_deviation() -> None:
    cell = two().row("validation.accuracy.end").cells[0]
    assert cell.value == pytest.approx(0.80)
    assert cell.spread == pytest.approx(0.02739, abs=1e-5)
    assert cell.n == 5
    single = table.rows([arm("a"), arm("b", **L2)]).row("validation.accuracy.end").cells[0]
    assert (single.value, single.spread, single.n) == (0.9, None, 1)


def test_the_difference_is_the_other_arms_minus_the_pinned_ones_seed_by_seed() -> None:
    row = two().row("validation.accuracy.end")
    assert row.difference is not None
    assert row.difference.value == pytest.approx(-0.06)
    assert row.difference.spread == pytest.approx(0.00406, abs=1e-5)  # not that of the arms: it is paired
    turned = two(pinned=1).row("validation.accuracy.end").difference
    assert turned is not None
    assert turned.value == pytest.approx(0.06)


def test_only_validation_figures_are_better_and_only_where_the_difference_is_real() -> None:
    made = two()
    assert [cell.better for cell in made.row("validation.accuracy.end").cells] == [True, False]
    assert [cell.better for cell in made.row("validation.loss.end").cells] == [True, False]
    assert [cell.better for cell in made.row("gap.accuracy.end").cells] == [None, None]
    assert [cell.better for cell in made.row("train.accuracy.end").cells] == [None, None]
    assert made.row("validation.accuracy.end").difference.better is False  # type: ignore[union-attr]
    near = table.rows([arm("a"), arm("b", (1.0, 0.899, 0.02, 0.4), **L2)])
    assert [cell.better for cell in near.row("validation.accuracy.end").cells] == [None, None]


def test_gaps_are_how_much_better_it_is_on_the_training_part() -> None:
    made = two()
    assert values(made, "gap.accuracy.end") == [pytest.approx(0.2), pytest.approx(0.16)]
    assert made.row("gap.accuracy.end").unit == "points"
    assert values(made, "gap.loss.end") == [pytest.approx(0.73), pytest.approx(0.3)]


def test_the_best_epoch_and_the_lowest_loss() -> None:
    made = table.rows([arm("a", (1.0, 0.8, 0.02, 0.4), peak=0.1), arm("b", **L2)])
    assert values(made, "epochs-to-best") == [5.0, 10.0]
    assert values(made, "validation.accuracy.best") == [pytest.approx(0.9), pytest.approx(0.9)]
    assert values(made, "lowest-loss") == [pytest.approx(0.4), pytest.approx(0.4)]


def test_more_than_two_arms_can_be_sorted_by_any_figure() -> None:
    rates = (0.1, 0.01, 0.001)
    figures = ((1.0, 0.9, 0.02, 0.4), (0.9, 0.7, 0.3, 0.8), (0.5, 0.5, 1.0, 1.1))
    arms = [arm(f"lr {lr:g}", one, optimizer={"lr": lr}) for lr, one in zip(rates, figures, strict=True)]
    made = table.rows([*arms, Arm("lr 1", ())])
    assert all(row.difference is None for row in made.rows)
    by_loss = made.sort("validation.loss.end", descending=True)
    assert [head.letter for head in by_loss.arms] == ["C", "B", "A", "D"]
    assert values(by_loss, "validation.loss.end") == [pytest.approx(1.1), pytest.approx(0.8), pytest.approx(0.4), None]
    assert by_loss.sorted_by == "validation.loss.end"
    assert [head.letter for head in by_loss.sort("optimizer.lr").arms] == ["C", "B", "A", "D"]
    assert by_loss.sort("").arms == made.arms
    with pytest.raises(KeyError):
        made.sort("height")


def test_runs_that_still_train_are_taken_where_all_have_been() -> None:
    ahead, behind = recording().train(8).view(), recording(**L2).train(6).view()
    made = table.rows([Arm("a", (ahead,)), Arm("b", (behind,))])
    assert (made.epoch, made.so_far) == (6.0, True)
    assert values(made, "validation.accuracy.end")[0] == pytest.approx(values(made, "validation.accuracy.end")[1])
    assert made.notes == ("So far: all at epoch 6.",)
    assert [head.state for head in made.arms] == ["training", "training"]


def test_while_seeds_are_missing_means_and_difference_are_of_the_same_ones() -> None:
    going = recording(seed=1, **L2).train(1).view()
    made = table.rows([arm("a", A), Arm("b", (run(B[0], **L2), going))])
    row = made.row("validation.accuracy.end")
    assert [cell.n for cell in row.cells] == [1, 1]
    a, b = values(made, row.key)
    assert isinstance(a, float)
    assert isinstance(b, float)
    assert row.difference is not None
    assert row.difference.value == pytest.approx(b - a)
    assert made.notes == ("So far only seed 0 can be compared.",)
    apart = table.rows([arm("a"), Arm("b", (run(B[0], seed=5, **L2), recording(**L2).train(1).view()))])
    assert apart.row("validation.accuracy.end").difference == Cell()
    assert apart.row("time").difference == Cell()
    assert "share no seed so far" in apart.notes[0]


def test_arms_without_figures_have_empty_cells() -> None:
    lost = recording(optimizer={"lr": 10.0}).train(2).end("failed", f"{DIVERGED}NaN").view()
    made = table.rows([arm("a"), Arm("b", (lost,)), Arm("c", ()), Arm("d", (recording(**L2).view(),))])
    assert values(made, "validation.accuracy.end") == [0.9, None, None, None]
    assert [head.state for head in made.arms] == ["", "diverged", "waiting", "training"]
    some = table.rows(
        [Arm("a", (run(), recording(seed=1).train(2).end("failed", f"{DIVERGED}NaN").view())), arm("b", **L2)]
    )
    assert some.arms[0].state == "1 of 2 diverged"
    assert some.arms[0].seeds == (0,)


def test_figures_of_other_data_have_no_difference_and_a_note() -> None:
    made = table.rows([arm("a"), arm("b", (1.0, 0.5, 0.1, 1.0), data="moons")])
    row = made.row("validation.accuracy.end")
    assert row.difference is None
    assert [cell.better for cell in row.cells] == [None, None]
    assert "different data (digits, moons)" in made.notes[0]


def test_other_seeds_are_noted() -> None:
    apart = table.rows([arm("a"), Arm("b", (run(seed=7, **L2),))])
    assert any("share no seed" in note for note in apart.notes)
    some = table.rows([arm("a", A), Arm("b", tuple(run(seed=seed, **L2) for seed in (0, 1, 9)))])
    assert any("only those that all have (0, 1)" in note for note in some.notes)
    assert some.row("validation.accuracy.end").difference.n == 2  # type: ignore[union-attr]


def test_forks_and_changes_are_told() -> None:
    changed = recording(seed=1).train(5)
    changed.change("optimizer.lr", 0.01)
    forked = replace(changed.train().end().view(), origin=Origin("p", 10, 5.0))
    made = table.rows(group([run(seed=1), forked]))
    assert values(made, "forked-at-epoch") == ["–", "5"]
    assert values(made, "changed-while-training") == ["–", "lr 0.01 at epoch 5"]


def test_a_run_without_anything_is_survived() -> None:
    broken = RunView("broken", "broken", "died")
    made = table.rows([Arm("a", (broken,)), Arm("b", (broken,))])
    assert made.row("validation.accuracy.end").cells == (Cell(), Cell())
    assert table.rows([]).arms == ()


def test_a_figure_that_is_not_finite_is_nan_and_sorted_last() -> None:
    whole = run(**L2)
    nothing = tuple(replace(it, validation={"loss": float("inf"), "accuracy": 0.1}) for it in whole.evaluations)
    made = table.rows([Arm("a", (replace(whole, evaluations=nothing),)), arm("b"), arm("c", optimizer="adam")])
    first = made.row("validation.loss.end").cells[0].value
    assert isinstance(first, float)
    assert isnan(first)
    assert [head.letter for head in made.sort("validation.loss.end").arms][-1] == "A"


def test_one_arm_alone_has_a_table_too() -> None:
    made = table.rows([arm("a", A)])
    assert made.row("validation.accuracy.end").cells[0].n == 5
    assert not [row for row in made.rows if row.group == "differs"]
