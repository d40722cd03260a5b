"""What is said of arms whose figures are known."""

from __future__ import annotations

from dataclasses import replace
from math import nan
from typing import Any

import pytest

from tests.insight.arms_made import EPOCHS, FIVE, GOOD, arm, around, recording, run
from tui_trainer.choices.tasks import Metric, Task
from tui_trainer.insight.arms import Arm, group
from tui_trainer.insight.table import rows
from tui_trainer.insight.verdict import Proposal, Verdict, verdict
from tui_trainer.runs.origin import Origin
from tui_trainer.runs.records import DIVERGED, RunView

L2: dict[str, Any] = {"regularization": {"l2": 0.1}}
WEAK: dict[str, Any] = {"regularization": {"l2": 0.01}}
BASELINE = around((1.0, 0.80, 0.02, 0.75), FIVE, loss=-2)


def words(made: Verdict) -> str:
    return " ".join([made.headline, *made.sentences, made.sure])


def baseline() -> Arm:
    return arm("baseline", BASELINE)


def too_strong() -> Arm:
    """Both curves are worse, and the gap is smaller."""
    figures = around((0.90, 0.74, 0.6, 0.90), [shift + wobble for shift, wobble in zip(FIVE, WOBBLE, strict=True)])
    return arm("l2 0.1", figures, **L2)


WOBBLE = (0.004, -0.006, 0.001, 0.003, -0.002)


def alike(loss: float = 0.70) -> Arm:
    """The same accuracy within the spread, another validation loss."""
    figures = [
        (1.0, validation + wobble, 0.04, validation_loss + loss - 0.75 + wobble)
        for (_, validation, _, validation_loss), wobble in zip(BASELINE, WOBBLE, strict=True)
    ]
    return arm("l2 0.01", figures, **WEAK)


# Arms that others begin from


def test_an_arm_that_others_begin_from_is_not_measured_against_them() -> None:
    data = {"kind": "digits", "classes": [5, 6]}
    scratch = arm("scratch", around((1.0, 0.7, 0.02, 0.9), FIVE), data=data)
    warm = arm("warm", around((1.0, 0.8, 0.02, 0.7), FIVE), data=data, warm_start={"run": "arm: first"})
    first = arm("first", around((1.0, 1.0, 0.02, 0.01), FIVE), data={"kind": "digits", "classes": [0, 1]})
    made = verdict([scratch, warm, first], pinned=2)
    assert made.winner == 1
    assert made.ranking == (1, 0)
    assert made.sentences[-1] == "C first learns other data, for others to begin from."
    assert rows([scratch, warm, first]).notes == (made.sentences[-1],), "the others compare well"
    same_data = arm("first", GOOD, data=data)
    assert verdict([scratch, warm, same_data]).ranking == (2, 1, 0)
    assert verdict([first]).ranking == (0,)


# Two arms


def test_a_smaller_gap_with_worse_validation_is_worse() -> None:
    made = verdict([baseline(), too_strong()])
    assert made.winner == 0
    assert made.headline == (
        "A baseline generalizes better, although its gap is larger: validation accuracy 0.800 against 0.740."
    )
    assert "B l2 0.1 closes the gap by 4.0 points and loses 6.0 points of validation accuracy." in made.sentences
    assert "Here l2 0.1 is too strong: try l2 0.03." in made.sentences
    assert made.proposals == (Proposal("l2 0.03", "regularization.l2.strength", 0.03),)
    assert "Student's paired t-test over 5 seeds" in made.sure
    assert made.ranking == (0, 1)


def test_the_verdict_is_the_same_from_the_other_side() -> None:
    made = verdict([baseline(), too_strong()], pinned=1)
    assert made.winner == 0
    assert "A baseline widens the gap by 4.0 points, yet gains 6.0 points of validation accuracy." in made.sentences
    swapped = verdict([too_strong(), baseline()])
    assert swapped.winner == 1
    assert swapped.headline.startswith("B baseline generalizes better, although its gap is larger")


def test_where_accuracy_cannot_tell_validation_loss_is_asked() -> None:
    made = verdict([baseline(), alike()])
    assert made.winner == 1
    assert made.headline == "B l2 0.01 is at least as good: validation accuracy is alike, validation loss lower."
    assert "Validation loss of B is lower in 5 of 5 seeds: 0.7 against 0.75." in made.sentences
    assert "within the spread over 5 seeds" in words(made)
    assert "Validation loss of B minus that of A" in made.sure


def test_a_gap_in_loss_is_told_where_loss_decides() -> None:
    made = verdict([arm("baseline", (1.0, 0.906, 0.001, 0.542)), arm("l2 0.01", (1.0, 0.917, 0.034, 0.274), **WEAK)])
    assert made.winner == 1
    assert made.headline.startswith("B l2 0.01 is ahead in validation loss; with one seed, validation accuracy cannot")
    assert "B l2 0.01 does not clearly change the gap (−1.1 points)." in made.sentences
    assert "The gap in loss falls from 0.541 to 0.24." in made.sentences
    clear = verdict([baseline(), too_strong()])
    assert "gap in loss" not in words(clear)


def test_a_probable_gap_is_called_so() -> None:
    better = [(t, v + w, tl, vl) for (t, v, tl, vl), w in zip(BASELINE, (0.006, 0.010, 0.016), strict=False)]
    made = verdict([Arm("baseline", baseline().runs[:3]), arm("b", better, **WEAK)])
    assert made.headline.startswith("B b probably generalizes better")
    assert "B b probably closes the gap by 1.1 points and gains 1.1 points of validation accuracy." in made.sentences


def test_what_every_seed_shows_without_a_test_being_sure_is_probable() -> None:
    worse = [(1.0, v + w, 0.1, vl + 0.2) for (_, v, _, vl), w in zip(BASELINE, (-0.05, -0.12, -0.18), strict=False)]
    made = verdict([Arm("baseline", baseline().runs[:3]), arm("b", worse, **WEAK)])
    assert made.winner == 0
    assert made.headline == "A baseline probably generalizes better: validation accuracy 0.793 against 0.677."
    assert "p = 0.09." in made.sure
    assert "B b probably widens the gap by 11.7 points and loses 11.7 points of validation accuracy." in made.sentences
    assert "Validation loss agrees: 0.763 against 0.963, lower in 3 of 3 seeds." in made.sentences
    worse = [(t, v, tl, vl - 0.2 + w) for (t, v, tl, vl), w in zip(worse, (0.05, 0.12, 0.18), strict=True)]
    made = verdict([Arm("baseline", baseline().runs[:3]), arm("b", worse, **WEAK)])
    assert "Validation loss points the same way: 0.763 against 0.88, lower in 3 of 3 seeds." in made.sentences
    assert Proposal("5 seeds", "repeats", 5) in made.proposals


def test_an_accuracy_that_varies_too_much_is_not_called_the_same() -> None:
    wild = (-0.02, -0.31, -0.14, -0.28, -0.01)
    worse = [(1.0, v + w, 0.1, vl + 0.2 + w / 100) for (_, v, _, vl), w in zip(BASELINE, wild, strict=True)]
    made = verdict([baseline(), arm("b", worse[:3], **WEAK)])
    assert made.winner == 0
    assert made.headline == (
        "A baseline is ahead in validation loss; validation accuracy cannot tell them apart, 0.800 against 0.637."
    )


def test_where_loss_cannot_tell_either_neither_wins() -> None:
    made = verdict([baseline(), alike(loss=0.75)])
    assert made.winner is None
    assert "cannot be told apart" in made.headline
    assert "Nor can validation loss" in words(made)


def test_a_loss_that_contradicts_is_told_and_does_not_decide() -> None:
    sure_of_itself = arm(
        "b", [(t, v + 0.03 + w, tl, vl + 0.3) for (t, v, tl, vl), w in zip(BASELINE, WOBBLE, strict=True)], **WEAK
    )
    made = verdict([baseline(), sure_of_itself])
    assert made.winner == 1
    assert "Validation loss says otherwise: A has the lower one in 5 of 5 seeds" in words(made)


def test_lower_loss_is_not_at_least_as_good_where_accuracy_looks_much_worse() -> None:
    wild = (0.05, -0.11, 0.04, -0.08, -0.02)
    worse = [(1.0, v + w, 0.1, vl - 0.2) for (_, v, _, vl), w in zip(BASELINE, wild, strict=True)]
    made = verdict([baseline(), arm("b", worse, **WEAK)])
    assert made.winner is None
    assert "lower in 5 of 5 seeds" in words(made)


@pytest.mark.parametrize(("other", "winner"), [(0.895, None), (0.84, 0)])
def test_one_seed_counts_beyond_the_sampling_error_of_the_validation_part(other: float, winner: int | None) -> None:
    made = verdict([arm("a"), arm("b", (1.0, other, 0.02, 0.4), **L2)])
    assert made.winner == winner
    assert "One seed" in made.sure
    assert "899 validation samples" in words(made)
    assert Proposal("5 seeds", "repeats", 5) in made.proposals


def test_two_seeds_claim_no_more_than_one() -> None:
    a = arm("a", [(1.0, 0.90, 0.02, 0.4), (1.0, 0.88, 0.02, 0.4)])
    b = arm("b", [(1.0, 0.901, 0.02, 0.4), (1.0, 0.881, 0.02, 0.4)], **L2)
    made = verdict([a, b])
    assert made.winner is None
    assert made.sure.startswith("Two seeds")
    assert made.sure.endswith("if both seeds show it.")


def test_two_seeds_that_disagree_are_not_said_to_differ_by_chance_alone() -> None:
    a = arm("a", [(1.0, 0.80, 0.02, 0.4), (1.0, 0.80, 0.02, 0.4)])
    b = arm("b", [(1.0, 0.95, 0.02, 0.4), (1.0, 0.79, 0.02, 0.4)], **L2)
    made = verdict([a, b])
    assert made.winner is None
    assert "The difference in validation accuracy, +7.0 points, is seen with only 1 of 2 seeds." in made.sentences


def test_a_single_other_seed_wins_nothing_that_chance_may_give() -> None:
    """Two runs of one experiment differ by as much, if their seeds do."""
    b = Arm("b", (run((1.0, 0.85, 0.02, 0.4), seed=1, **L2),))
    made = verdict([arm("a"), b])
    assert made.winner is None
    assert (
        "The difference in validation accuracy, −5.0 points, is no more than what other seeds may change."
        in made.sentences
    )
    assert made.sure.startswith("No seed is shared, and there are too few for a test")
    assert "3 times the sampling error of 899 validation samples" in made.sure
    assert verdict([arm("a"), Arm("b", (run((0.6, 0.5, 1.0, 1.0), seed=1, **L2),))]).winner == 0


def test_seeds_that_draw_their_data_are_said_to() -> None:
    moons = {"data": "moons"}
    made = verdict([arm("a", BASELINE, **moons), arm("b", around((1.0, 0.7, 0.1, 0.9), WOBBLE), **moons, **L2)])
    assert made.sure.endswith("it speaks of other seeds, each with samples of its own.")
    assert verdict([baseline(), too_strong()]).sure.endswith("it speaks of other seeds on the same data.")
    made = verdict([arm("a", GOOD, **moons), Arm("b", (run((1.0, 0.8, 0.1, 0.9), seed=7, **moons),))])
    assert "due to samples, initial weights and order alone" in words(made)


def test_the_best_epochs_are_told_where_they_say_something_else() -> None:
    rising, falling = arm("a", (1.0, 0.90, 0.02, 0.4)), arm("b", (1.0, 0.80, 0.02, 0.6), peak=0.18, **L2)
    made = verdict([rising, falling])
    assert made.winner == 0
    assert "At its best epoch B is ahead" in words(made)


def test_early_stopping_is_judged_by_the_weights_that_it_puts_back() -> None:
    stopping = {"regularization": {"early_stopping": {"patience": 3, "restore_best": True}}}
    falling = (1.0, 0.70, 0.02, 0.6)
    made = verdict([arm("a", falling, peak=0.2), arm("b", falling, peak=0.2, **stopping)])
    assert made.winner is None  # the curves are equal, and so is what the first says of them
    restored, plain = (arm("b", (1.0, 0.7 + 0.001, 0.02, 0.6), peak=0.2, **groups) for groups in (stopping, L2))
    assert verdict([arm("a", falling, peak=0.2), restored]).winner == 1
    assert verdict([arm("a", falling, peak=0.2), plain]).winner is None


def test_arms_that_both_underfit() -> None:
    made = verdict([arm("a", (0.45, 0.44, 1.6, 1.6)), arm("b", (0.55, 0.54, 1.4, 1.4), **L2)])
    assert "Both underfit: even on the samples that they train on, accuracy is only 0.450 and 0.550." in made.sentences


def test_arms_that_only_guess() -> None:
    guessing = (0.11, 0.105, 2.3, 2.3)
    made = verdict([arm("a", guessing), arm("b", (0.1, 0.11, 2.3, 2.3), **L2)])
    assert made.winner is None
    assert made.headline == "Neither A a nor B b is clearly better than always guessing the commonest class."
    made = verdict([arm("a"), arm("b", guessing, **L2)])
    assert made.winner == 0
    guessing = "always guessing the commonest class (0.102)"
    assert made.sentences[0] == f"B is not clearly better than {guessing}, so its gap says nothing."
    assert "gap is larger" not in made.headline


def test_a_metric_that_should_be_low() -> None:
    task = Task("regression", "mean squared error", (Metric("mae", higher_is_better=False),), guess="the mean")

    def regression(view: RunView, figures: tuple[float, float]) -> RunView:
        evaluations = tuple(
            replace(it, train={"loss": 1.0, "mae": figures[0]}, validation={"loss": 1.0, "mae": figures[1]})
            for it in view.evaluations
        )
        return replace(view, task=task, evaluations=evaluations, best=evaluations[-1], baseline={"mae": 9.0})

    shifts = (0.0, 0.1, 0.3, -0.2)
    a = Arm("a", tuple(regression(run(seed=i), (1.0, 3.0 + shift)) for i, shift in enumerate(shifts)))
    b = Arm("b", tuple(regression(run(seed=i, **L2), (2.0, 4.0 + 1.1 * shift)) for i, shift in enumerate(shifts)))
    made = verdict([a, b])
    assert made.winner == 0
    assert made.headline == "A a generalizes better: validation mae 3.05 against 4.05."
    assert "worsens validation mae by 1" in words(made)


@pytest.mark.parametrize(("one", "other"), [("mse", "mae"), ({"kind": "huber"}, {"kind": "huber", "delta": 3.0})])
def test_arms_that_are_trained_on_different_losses_are_compared_by_their_metrics_alone(one: Any, other: Any) -> None:
    def regression(loss: Any, figures: tuple[float, float], seed: int) -> RunView:
        view = run(seed=seed, loss=loss)
        assert view.experiment
        title = view.experiment.loss.title
        task = Task("regression", title, (Metric("mae", higher_is_better=False),), guess="the mean")
        evaluations = tuple(
            replace(it, train={"loss": 0.1, "mae": figures[0]}, validation={"loss": figures[1], "mae": figures[0]})
            for it in view.evaluations
        )
        return replace(view, task=task, evaluations=evaluations, best=evaluations[-1], baseline={"mae": 9.0})

    seeds = range(5)
    a = Arm("a", tuple(regression(one, (3.0 + i / 100, 0.5), i) for i in seeds))
    b = Arm("b", tuple(regression(other, (4.0 + i / 90, 0.1), i) for i in seeds))
    made = verdict([a, b])
    assert made.headline.startswith("A a generalizes better: validation mae")
    assert "alidation loss" not in words(made)
    assert "different losses" in words(made)


# What is missing


def test_a_run_that_diverged_is_no_match() -> None:
    lost = recording(seed=0, optimizer={"kind": "sgd", "lr": 10.0}).train(3)
    lost.end("failed", f"{DIVERGED}the loss became NaN at step 9")
    made = verdict([arm("lr 0.1"), Arm("lr 10", (lost.view(),))])
    assert made.winner == 0
    assert made.headline == "A lr 0.1 is better: B lr 10 diverged."
    assert "B diverged at epoch 3: its loss was not finite any more." in made.sentences
    both = verdict([Arm("x", (lost.view(),)), Arm("lr 10", (lost.view(),))])
    assert (both.headline, both.winner) == ("Both diverged.", None)


def test_an_arm_of_which_some_runs_diverged_cannot_win() -> None:
    lost = recording(seed=5, **WEAK).train(3).end("failed", f"{DIVERGED}NaN").view()
    better = arm("b", [(t, v + 0.1 + w, tl, vl) for (t, v, tl, vl), w in zip(BASELINE, WOBBLE, strict=True)], **WEAK)
    made = verdict([baseline(), Arm("b", (*better.runs, lost))])
    assert made.winner is None
    assert "but 1 of its 6 runs diverged" in made.headline
    safe = verdict([baseline(), Arm("l2 0.01", (*alike(loss=0.75).runs, lost))])
    assert safe.winner == 0
    assert "safer choice" in safe.headline


def test_runs_that_still_train_are_compared_where_both_are() -> None:
    ahead, behind = recording().train(8).view(), recording((1.0, 0.8, 0.02, 0.6), **L2).train(6).view()
    made = verdict([Arm("a", (ahead,)), Arm("b", (behind,))])
    assert made.so_far
    assert made.headline.startswith("So far, at epoch 6: ")
    assert "0.58" in made.headline  # of 0.9 at epoch 6 of 10, not at 8
    assert made.proposals == ()


def test_a_run_that_ended_early_is_compared_as_far_as_it_got() -> None:
    died = recording().train(4).end("interrupted", "SIGTERM").view()
    made = verdict([Arm("a", (died,)), arm("b", **L2)])
    assert made.headline.startswith("At epoch 4, as far as all were trained: ")
    assert "A was interrupted at epoch 4." in made.sentences
    assert not made.so_far


def test_seeds_that_still_train_are_left_out_once_every_arm_has_one_that_is_done() -> None:
    going = recording(seed=5, **L2).train(1).view()
    made = verdict([baseline(), Arm("l2 0.1", (*too_strong().runs, going))])
    assert made.winner == 0
    assert made.headline.startswith("So far: A baseline generalizes better, although its gap is larger: ")


def test_while_seeds_are_missing_only_those_that_all_have_are_judged() -> None:
    going = recording(seed=1, **L2).train(1).view()
    made = verdict([baseline(), Arm("l2 0.1", (too_strong().runs[0], going))])
    assert f"{BASELINE[0][1]:.3f}" in made.headline  # not the mean of five
    assert "So far only seed 0 can be compared." in made.sentences
    assert "still trains" not in words(made)


def test_before_the_first_evaluation_there_is_nothing_to_say() -> None:
    starting = recording().view()
    for arms in ([], [Arm("a", ())], [Arm("a", ()), Arm("b", ())], [Arm("a", (starting,)), Arm("b", (starting,))]):
        made = verdict(arms)
        assert made.winner is None
        assert made.headline
    broken = RunView("broken", "broken", "died", reason="it was killed")
    made = verdict([Arm("a", (broken,)), Arm("b", (broken,))])
    assert made.headline == "No figures: no run got as far as its first evaluation."
    assert "A died at epoch 0: it was killed." in made.sentences
    assert "B has not begun." in verdict([arm("a"), Arm("b", ())]).sentences
    begun = recording()
    begun.evaluate()
    assert "only begun" in verdict([Arm("a", (begun.view(),)), arm("b", **L2)]).headline


def test_one_arm_alone_tells_its_mean_and_spread() -> None:
    assert verdict([baseline()]).headline == "A baseline: validation accuracy 0.800 ± 2.7 points over 5 seeds."


# What does not compare


def test_equal_experiments_with_equal_curves() -> None:
    made = verdict(group([run(), run()]))
    assert made.winner is None
    assert "equal to the last bit" in made.headline


def test_equal_experiments_with_other_curves_say_why() -> None:
    other = replace(run((1.0, 0.89, 0.02, 0.4)), threads=2)
    made = verdict([arm("a"), Arm("b", (other,))])
    assert made.winner is None
    assert "same experiment, but their curves differ" in made.headline
    assert "1 and 2 threads" in words(made)


def test_equal_experiments_with_other_seeds_are_chance() -> None:
    made = verdict(group([run(seed=0), run((1.0, 0.7, 0.02, 0.9), seed=1)]))
    assert made.winner is None
    assert "chance" in made.headline


def test_a_fork_that_has_only_begun_says_so() -> None:
    child = replace(recording(**L2).train(5).view(), origin=Origin("parent", 15, 5.0))
    made = verdict([arm("a"), Arm("b", (child,))])
    assert made.headline == "The fork has only begun: up to epoch 5 both are the same run."


def test_a_change_without_effect() -> None:
    made = verdict([arm("a"), arm("dropout 0", regularization={"dropout": 0.0})])
    assert made.winner is None
    assert "no effect" in made.headline


def test_other_data_is_not_compared() -> None:
    made = verdict([arm("a"), arm("b", (1.0, 0.5, 0.1, 1.0), data="moons")])
    assert made.winner is None
    assert (
        made.headline
        == "Not comparable. The arms learn different data (digits, moons), so their figures do not compare."
    )
    assert "A a has validation accuracy 0.900, where always guessing gets 0.102." in made.sentences


def test_other_validation_samples_are_not_compared_but_more_training_data_is() -> None:
    made = verdict([arm("a"), arm("b", (1.0, 0.5, 0.1, 1.0), data={"train_share": 0.5})])
    assert "train_share" in made.headline
    assert made.winner is None
    more = verdict([arm("a", (1.0, 0.7, 0.1, 1.0), data={"train_samples": 100}), arm("b")])
    assert more.winner == 1


def test_arms_without_a_common_seed_are_not_paired() -> None:
    shifted = Arm("l2 0.1", tuple(run(one, seed + 10, **L2) for seed, one in enumerate(BASELINE)))
    made = verdict([baseline(), shifted])
    assert made.winner is None
    assert "The arms share no seed" in words(made)
    assert "paired" not in made.sure


# What is not quite fair


def test_learning_rates_that_were_not_tuned() -> None:
    made = verdict([arm("sgd", optimizer="sgd"), arm("adam", (1.0, 0.7, 0.1, 0.9), optimizer="adam")])
    assert "The learning rates were not tuned" in words(made)
    tuned = arm("adam", (1.0, 0.7, 0.1, 0.9), optimizer={"kind": "adam", "lr": 0.003})
    assert "not tuned" not in words(verdict([arm("sgd", optimizer="sgd"), tuned]))


def test_arms_that_were_not_trained_equally_long() -> None:
    longer = arm("b", (1.0, 0.7, 0.1, 0.9), training={"epochs": 2 * EPOCHS, "batch_size": 100})
    assert "not trained equally long: A made 30 updates with 3,000 samples, B 60 with 6,000" in words(
        verdict([arm("a"), longer])
    )
    batches = arm("b", (1.0, 0.7, 0.1, 0.9), training={"epochs": EPOCHS, "batch_size": 50})
    assert "Both saw as many samples, A in 30 updates and B in 60." in verdict([arm("a"), batches]).sentences


def test_updates_are_those_that_were_made() -> None:
    stopping = {"early_stopping": {"patience": 2, "restore_best": True}}
    early = recording((1.0, 0.7, 0.1, 0.9), regularization=stopping).train(4)
    stopped = Arm("b", (early.end("finished", "early stopping").view(),))
    longer = arm("c", (1.0, 0.7, 0.1, 0.9), training={"epochs": 2 * EPOCHS, "batch_size": 100})
    assert "not trained equally long: 12 to 60 updates and 1,200 to 6,000 samples seen" in words(
        verdict([arm("a"), stopped, longer])
    )
    assert "B stopped early, at epoch 4 of 10." in verdict([arm("a"), stopped]).sentences


def test_weights_that_were_put_back_are_told() -> None:
    stopping = {"early_stopping": {"patience": 2, "restore_best": True}}
    early = recording((1.0, 0.6, 0.1, 0.9), peak=0.4, regularization=stopping).train(7)
    stopped = Arm("b", (early.end("finished", "early stopping").view(),))
    best = stopped.runs[0].best
    assert best is not None
    assert best.epoch < 7
    told = f"B stopped early, at epoch 7 of 10, and put back its best weights, of epoch {best.epoch:g}."
    assert told in verdict([arm("a"), stopped]).sentences


def test_a_run_that_was_changed_in_the_middle_is_told() -> None:
    changed = recording(BASELINE[0], 0)
    changed.train(5)
    changed.change("optimizer.lr", 0.01)
    mixed = Arm("a", (changed.train().end().view(), *baseline().runs[1:]))
    assert "The runs of A are not all the same experiment" in words(verdict([mixed, too_strong()]))


# More than two


def lr(value: float, *figures: float) -> Arm:
    train, validation, train_loss, validation_loss = figures
    return arm(
        f"lr {value:g}", (train, validation, train_loss, validation_loss), optimizer={"kind": "sgd", "lr": value}
    )


def test_many_arms_are_ranked_and_the_clearly_worse_ones_named() -> None:
    made = verdict([baseline(), too_strong(), alike()])
    assert made.winner == 2
    assert made.ranking[-1] == 1
    assert made.headline.startswith("C l2 0.01 is at least as good as the best")
    assert "Clearly worse than A: B by 6.0 points." in made.sentences
    assert "Not to be told from A: C." in made.sentences
    assert "Of these, C has the lowest validation loss: 0.7 against 0.75." in made.sentences
    assert (
        "B l2 0.1 closes the gap by 4.0 points and loses 6.0 points of validation accuracy: "
        "A generalizes better, although its gap is larger."
    ) in made.sentences


def test_many_arms_against_a_pinned_one_that_is_not_the_best() -> None:
    rates = [lr(0.001, 0.5, 0.5, 1.5, 1.5), lr(0.01, 0.8, 0.7, 0.5, 0.9), lr(0.1, 1.0, 0.9, 0.02, 0.4)]
    made = verdict(rates, pinned=1)
    assert made.winner == 2
    assert "Against B lr 0.01, C is better." in made.sentences
    assert any(sentence.startswith("A lr 0.001 closes the gap by 10.0 points and loses") for sentence in made.sentences)
    unpinned = verdict(rates).sentences
    no_merit = "but that alone is no merit: its validation accuracy is worse."
    assert f"A has the smallest gap, 0 points, {no_merit}" in unpinned
    assert "Worse than C: B by 20.0 points and A by 40.0 points." in unpinned
    better_on_validation = verdict([lr(0.001, 0.5, 0.52, 1.5, 1.5), *rates[1:]]).sentences
    assert f"A has the smallest gap, −2.0 points, {no_merit}" in better_on_validation
    clearly_larger = verdict([lr(0.001, 0.79, 0.7, 1.5, 1.5), *rates[1:]]).sentences
    assert not any(no_merit in sentence for sentence in clearly_larger)  # 9 points against 10


def test_a_best_value_on_the_border_proposes_the_next_rung() -> None:
    rates = [lr(0.001, 0.5, 0.5, 1.5, 1.5), lr(0.01, 0.8, 0.7, 0.5, 0.9), lr(0.1, 1.0, 0.9, 0.02, 0.4)]
    made = verdict(rates)
    assert made.winner == 2
    assert Proposal("lr 0.3", "optimizer.lr", 0.3) in made.proposals
    assert "lr 0.1 is the highest: the best may lie beyond it. Try lr 0.3." in words(made)
    inside = verdict([*rates, lr(1.0, 0.3, 0.3, 2.0, 2.0)])
    assert inside.winner == 2
    assert not any(it.path == "optimizer.lr" for it in inside.proposals)


def several_against_a_baseline() -> list[Arm]:
    """B and C have as good an accuracy as A and a lower loss, D is like A; E is worse, F better."""
    shifts = ((0.0, -0.2), (0.0, -0.1), (0.0, 0.0), (-0.1, 0.3), (0.08, -0.3))
    arms = [baseline()]
    for index, (accuracy, loss) in enumerate(shifts):
        figures = [
            (t, v + accuracy + w, tl, vl + loss + w / 2) for (t, v, tl, vl), w in zip(BASELINE, WOBBLE, strict=True)
        ]
        arms.append(arm(f"lr {index}", figures, optimizer={"lr": 0.2 + index / 10}))
    return arms


def test_of_those_that_accuracy_cannot_tell_from_the_pinned_arm_loss_is_told() -> None:
    assert (
        "Against A baseline, F is better, E is worse; B, C and D cannot be told from it; "
        "by validation loss B and C are better."
    ) in verdict(several_against_a_baseline()).sentences


def test_where_no_arm_is_best_loss_is_told_against_the_pinned_one() -> None:
    several = several_against_a_baseline()[:4]
    several[2] = replace(several[1], name="twin of b")
    made = verdict(several)
    assert made.headline == "No arm is clearly the best in validation accuracy."
    assert "Against A baseline, by validation loss B and C are better." in made.sentences


def test_a_border_is_only_where_one_number_was_varied() -> None:
    made = verdict([arm("a", (1.0, 0.7, 0.1, 1.0)), arm("b", **L2), arm("c", (1.0, 0.6, 0.1, 1.0), optimizer="adam")])
    assert all(it.path == "repeats" for it in made.proposals)


def test_none_is_best_where_chance_explains_it_all() -> None:
    several = [arm(f"lr {i}", (1.0, 0.9 + i / 1000, 0.02, 0.4), optimizer={"lr": 0.1 + i / 10}) for i in range(4)]
    made = verdict(several)
    assert made.winner is None
    assert made.headline == "With one seed, no arm is clearly the best in validation accuracy."


def test_what_alone_is_a_difference_may_be_none_among_several() -> None:
    """Of four arms that are each worse with p = 0.03, chance alone would find one every tenth time (Holm)."""
    shifts = [-0.02 - 0.0136 * deviation for deviation in (-1.265, -0.632, 0.0, 0.632, 1.265)]

    def worse(name: str, value: float) -> Arm:
        figures = [(t, v + shift, tl, vl) for (t, v, tl, vl), shift in zip(BASELINE, shifts, strict=True)]
        return arm(name, figures, optimizer={"lr": value})

    assert verdict([baseline(), worse("b", 0.2)]).winner == 0
    among = verdict([baseline(), *(worse(str(i), 0.2 + i / 10) for i in range(4))])
    assert among.winner is None
    assert "p = 0.12" in among.sure
    assert "p corrected for 4 comparisons (Holm)" in among.sure


def test_of_many_arms_some_are_only_probably_worse() -> None:
    shifts = (-0.05, -0.12, -0.18)
    worse = [(t, v + w, tl, vl) for (t, v, tl, vl), w in zip(BASELINE, shifts, strict=False)]
    much_worse = [(t, v - 0.4 + w, tl, vl) for (t, v, tl, vl), w in zip(BASELINE, WOBBLE[:3], strict=False)]
    best = Arm("baseline", baseline().runs[:3])
    made = verdict([best, arm("b", worse, **WEAK), arm("c", much_worse, **L2)])
    assert made.winner == 0
    assert made.headline == "A baseline probably generalizes best: validation accuracy 0.793."
    assert "Clearly worse than A: C by 40.0 points." in made.sentences
    assert "Probably worse than A: B by 11.7 points." in made.sentences


def test_arms_of_many_that_are_missing_are_named() -> None:
    lost = recording(optimizer={"lr": 10.0}).train(2).end("failed", f"{DIVERGED}NaN").view()
    made = verdict([arm("a"), arm("b", (1.0, 0.5, 0.1, 1.0), **L2), Arm("c", (lost,)), Arm("d", ())])
    assert made.winner == 0
    assert "C diverged at epoch 2: its loss was not finite any more." in made.sentences
    assert "D has not begun." in made.sentences


def test_what_arms_of_many_wait_for_is_told_once() -> None:
    begun = recording().view()
    arms = [arm("a"), arm("b", (1.0, 0.5, 0.1, 1.0), **L2), *(Arm(name, ()) for name in "cde"), Arm("f", (begun,))]
    told = [
        sentence
        for sentence in verdict(arms).sentences
        if ("not" in sentence and "been" in sentence) or "begun" in sentence
    ]
    assert told == ["C, D and E have not begun.", "F has not been evaluated yet."]


def test_many_arms_of_which_two_are_equal() -> None:
    made = verdict([arm("a"), arm("b", regularization={"dropout": 0.0}), arm("c", (1.0, 0.5, 0.1, 1.0), **L2)])
    assert "A and B are equal to the last bit: what differs between them had no effect." in made.sentences


def test_every_state_and_figure_is_survived() -> None:
    """No verdict on any pair or triple may fail, and every sentence ends like one."""
    whole = run()
    nothing = {"loss": nan, "accuracy": nan}
    nan_figures = replace(
        whole, evaluations=tuple(replace(it, train=nothing, validation=nothing) for it in whole.evaluations)
    )
    views: list[RunView] = [
        run(),
        run(seed=3, **L2),
        nan_figures,
        recording(seed=1).view(),
        recording(seed=1, **L2).train(3).view(),
        recording().train(2).end("stopped", "by a person").view(),
        recording().train(2).end("failed", f"{DIVERGED}NaN").view(),
        RunView("broken", "broken", "died"),
        run(data="moons"),
    ]
    for a in views:
        for b in views:
            for arms in (group([a, b]), group([a, b, views[0]]), group([views[1], a, b, views[4]])):
                made = verdict(arms)
                assert all(sentence.endswith(".") for sentence in (made.headline, *made.sentences)), made
                assert "nan" not in words(made).lower().split(), made
