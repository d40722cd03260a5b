from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from tests.recorded import diverging, learning
from tests.ui.comparisons import compared, many, run, side, two
from tui_trainer.insight.bands import mean_band
from tui_trainer.plots.spec import Curve
from tui_trainer.runs.records import RunView
from tui_trainer.ui.compare.curves import LOSS, CompareCurves, Series, extent, metric_of
from tui_trainer.ui.laboratory.compared import Compared

ACCURACY = metric_of(Compared())


def named(curves: Sequence[Curve], label: str) -> Curve:
    return next(curve for curve in curves if curve.label == label)


def test_a_side_has_both_parts_and_what_lies_between_them() -> None:
    state = two()
    drawing = CompareCurves().side(state, 0, LOSS)
    of = state.sides[0].arm.runs[0].evaluations
    train, validation = drawing.curves
    assert list(train.ys) == [it.train["loss"] for it in of]
    assert list(validation.ys) == [it.validation["loss"] for it in of]
    (band,) = drawing.bands
    assert (band.low, band.high) == (train.ys, validation.ys)


def test_over_one_another_two_sides_have_four_curves_that_letters_tell_apart() -> None:
    drawing = CompareCurves().together(two(), ACCURACY)
    assert [(curve.tag, curve.stroke, curve.role) for curve in drawing.curves] == [
        ("a", "thin", "run-0"),
        ("A", "thick", "run-0"),
        ("b", "thin", "run-1"),
        ("B", "thick", "run-1"),
    ]
    assert [band.role for band in drawing.bands] == ["run-0", "run-1"]


def test_of_many_sides_validation_is_shown_each_in_its_own_colour_with_its_own_letter() -> None:
    drawing = CompareCurves().together(replace(many(8), selected=2), LOSS)
    assert [curve.tag for curve in drawing.curves] == list("ABCDEFGH")
    assert len({curve.role for curve in drawing.curves}) == 8
    assert [curve.tag for curve in drawing.curves if curve.stroke == "thick"] == ["C"]
    assert drawing.bands == []


def test_a_side_keeps_its_colour_and_letter_as_long_as_it_keeps_its_place() -> None:
    before, after = many(3), many(5)
    makers = CompareCurves(), CompareCurves()
    drawn = [maker.together(state, LOSS).curves for maker, state in zip(makers, (before, after), strict=True)]
    assert [(it.role, it.tag) for it in drawn[0]] == [(it.role, it.tag) for it in drawn[1][:3]]


def test_several_seeds_are_their_mean_and_its_spread() -> None:
    state = many(2, seeds=3)
    drawing = CompareCurves().side(state, 1, ACCURACY)
    runs = state.sides[1].arm.runs
    xs, mean, low, high = mean_band(runs, "validation", "accuracy")
    validation = named(drawing.curves, "validation")
    assert (validation.xs, validation.ys) == (xs, mean)
    assert [band.role for band in drawing.bands] == ["train", "validation"]
    assert (drawing.bands[1].low, drawing.bands[1].high) == (low, high)


def test_of_many_sides_only_the_selected_and_the_pinned_one_show_their_spread() -> None:
    state = replace(many(5, seeds=2), selected=3)
    assert [band.role for band in CompareCurves().together(state, LOSS).bands] == ["run-0", "run-3"]
    assert len(CompareCurves().together(many(3, seeds=2), LOSS).bands) == 3


def test_a_seed_under_way_is_dim_and_leaves_the_mean_alone() -> None:
    done = [run(seed=seed) for seed in range(2)]
    under_way = run(10, seed=2)
    before = CompareCurves().side(compared(side("a", *done)), 0, LOSS)
    after = CompareCurves().side(compared(side("a", *done, under_way, planned=3)), 0, LOSS)
    assert list(after.curves[1].ys) == list(before.curves[1].ys)
    ghosts = [curve for curve in after.curves if curve.ghost]
    assert [(curve.label, curve.role, len(curve.xs)) for curve in ghosts] == [
        ("seed 2", "train", 10),
        ("seed 2", "validation", 10),
    ]


def test_a_gap_is_positive_where_the_training_part_is_better() -> None:
    for metric in (LOSS, ACCURACY):
        gaps = CompareCurves().gaps(two(), metric).curves
        assert [curve.tag for curve in gaps] == ["A", "B"]
        assert all(curve.ys[-1] > 0 for curve in gaps)
    last = two().sides[0].arm.runs[0].evaluations[-1]
    assert (
        CompareCurves().gaps(two(), ACCURACY).curves[0].ys[-1] == last.train["accuracy"] - last.validation["accuracy"]
    )


def test_the_gap_of_a_divergence_does_not_ruin_the_axis() -> None:
    def twice(done: float) -> dict[str, dict[str, float]]:
        figures = diverging(done)["train"]
        return {"train": figures, "validation": {**figures, "loss": 2 * figures["loss"]}}

    state = compared(side("a", run()), side("b", run(40, twice, end="failed", why="diverged")))
    assert max(it.validation["loss"] for it in state.sides[1].arm.runs[0].evaluations[:25]) > 1e4
    curve = CompareCurves().gaps(state, LOSS).curves[1]
    assert any(y > 0 for y in curve.ys)
    assert not any(abs(y) > 10 * 2 * 2.3 * 1.5 for y in curve.ys)


def test_nothing_begun_is_nothing_drawn() -> None:
    state = compared(side("a"), side("b", waiting=1))
    maker = CompareCurves()
    for drawing in (maker.side(state, 0, LOSS), maker.together(state, LOSS), maker.gaps(state, LOSS)):
        assert all(not curve.xs for curve in drawing.curves)
    assert extent(state) == (60, 0, False)


def test_x_ends_with_the_longest_plan_until_all_have_ended() -> None:
    short, long = run(60), run(20, training={"epochs": 90, "batch_size": 100})
    assert extent(compared(side("a", short), side("b", long))) == (90, 60, False)
    assert extent(compared(side("a", short), side("b", run(60, learning)))) == (60, 60, True)
    assert extent(compared(side("a", short), side("b", run(60, learning), planned=2))) == (60, 60, False)


def test_what_was_changed_while_training_is_marked_with_its_side() -> None:
    from tests.recorded import Recording
    from tests.ui.comparisons import BASE
    from tui_trainer.experiment.parse import parse

    recording = Recording(experiment=parse(BASE)).train(20)
    recording.change("optimizer.lr", 0.001)
    state = compared(side("a", run()), side("b", recording.train(10).view()))
    maker = CompareCurves()
    assert [(mark.x, mark.label) for mark in maker.side(state, 1, LOSS).marks] == [(20, "lr 0.001")]
    assert [(mark.x, mark.label) for mark in maker.together(state, LOSS).marks] == [(20, "B lr 0.001")]


def test_where_a_side_was_forked_is_marked_unless_a_change_there_says_it() -> None:
    forked = replace(run(), forked_at=20.0)
    assert [(mark.x, mark.label) for mark in CompareCurves().side(compared(side("a", forked)), 0, LOSS).marks] == [
        (20, "fork")
    ]


@pytest.mark.parametrize(("epoch", "known"), [(0.0, True), (30.4, True), (61.0, True), (75.0, False)])
def test_a_side_is_read_at_the_evaluation_nearest_to_the_cursor(epoch: float, known: bool) -> None:
    read = CompareCurves().validation_at(two().sides[0], LOSS, epoch)
    evaluations = two().sides[0].arm.runs[0].evaluations
    nearest = min(evaluations, key=lambda it: abs(it.epoch - epoch))
    assert read == (nearest.validation["loss"] if known else None)


def test_a_series_is_worked_out_again_only_where_its_runs_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    from tui_trainer.ui.compare import curves

    asked: list[str] = []
    real = curves.series

    def series(runs: Sequence[RunView], *rest: Any) -> Series:
        asked.append(runs[0].name)
        return real(runs, *rest)

    monkeypatch.setattr(curves, "series", series)
    maker, state = CompareCurves(), two(30)
    maker.together(state, LOSS)
    assert len(asked) == 4
    maker.together(state, LOSS)
    assert len(asked) == 4
    moved = replace(state.sides[1], arm=replace(state.sides[1].arm, runs=(run(31, learning),)))
    maker.together(replace(state, sides=(state.sides[0], moved)), LOSS)
    assert len(asked) == 6
