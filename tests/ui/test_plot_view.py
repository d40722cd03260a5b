from __future__ import annotations

from dataclasses import replace
from math import exp, inf, nan

import pytest

from tui_trainer.insight.axes import Limits
from tui_trainer.plots.spec import Curve
from tui_trainer.ui.widgets import plot_moves, plot_view
from tui_trainer.ui.widgets.plot_view import Data, Look, View

EPOCHS = [float(i) for i in range(101)]
TRAIN = Curve("train", "train", EPOCHS, [2.3 * exp(-x / 20) for x in EPOCHS])
VALIDATION = Curve("validation", "validation", EPOCHS, [0.5 + 1.8 * exp(-x / 20) for x in EPOCHS], "thick")
DATA = Data([TRAIN, VALIDATION], plan_end=200)
LOSS, ACCURACY = Look(), Look(y_range=(0, 1))
WIDTH = 107  # 101 columns


def part(curve: Curve, points: int) -> Curve:
    return replace(curve, xs=curve.xs[:points], ys=curve.ys[:points])


def test_x_holds_the_data_and_the_curves_of_the_earlier_run_as_far_as_the_plan_goes() -> None:
    young = part(TRAIN, 11)
    ghost = replace(TRAIN, ghost=True)
    assert Data([young], 200).full == Limits(0, 12.5)
    assert Data([young, ghost], 200).full == Limits(0, 100)
    assert Data([young, ghost], 20).full == Limits(0, 20)
    assert Data([young], 200, ended=True).full == Limits(0, 10)
    assert Data([], 0).full == Limits(0, 1)


def test_x_holds_how_far_the_run_is_so_that_plots_of_one_run_agree() -> None:
    batch = Curve("batch", "batch", [0.1, 0.7], [2.3, 2.2], "points")
    start = part(TRAIN, 1)
    assert Data([start, batch], 20, 0.7).full == Data([start], 20, 0.7).full == Limits(0, 1.25)


def test_y_is_settled_once_and_then_stands_still() -> None:
    view = plot_view.settle(View(), DATA, LOSS)
    assert view.y == Limits(0, 2.5)
    assert plot_view.settle(view, replace(DATA, curves=[VALIDATION]), LOSS).y is view.y


def test_a_divergence_stops_the_axis_and_is_told() -> None:
    diverged = replace(TRAIN, ys=[2.3 * 1.2**i for i in range(101)])
    data = Data([diverged, VALIDATION], 200)
    view = plot_view.settle(View(), data, LOSS)
    assert view.y == Limits(0, 25)
    (beyond,) = plot_view.specify(view, data, LOSS, WIDTH, 25).beyond
    assert (beyond.label, beyond.value) == ("train", "1.9e8")


def test_what_starts_far_below_its_end_above_does_not_press_the_rest_flat() -> None:
    look = Look(y_range=(None, 1.0))
    start = Data([replace(TRAIN, xs=[0.0], ys=[-250.0])], 200)
    view = plot_view.settle(View(), start, look)
    assert view.y is not None
    assert view.y.lower <= -250, "nothing else is there to see"
    rising = Data([replace(TRAIN, ys=[-250.0, *(1 - exp(-i / 20) for i in range(100))])], 200)
    view = plot_view.settle(view, rising, look)
    assert view.y == Limits(-1, 1)
    assert plot_view.specify(view, rising, look, WIDTH, 25).beyond == [], "that it comes from below is seen"


def test_what_ends_below_the_axis_is_told() -> None:
    look = Look(y_range=(None, 1.0))
    data = Data([replace(TRAIN, ys=[*(0.5 for _ in EPOCHS[:-1]), -1234567.0])], 200)
    spec = plot_view.specify(plot_view.settle(View(), data, look), data, look, WIDTH, 25)
    assert [(it.label, it.value, it.below) for it in spec.beyond] == [("train", "-1.23e6", True)]
    assert spec.y == (-1, 1)


@pytest.mark.parametrize(("last", "told"), [(nan, "nan"), (inf, "inf"), (-inf, "-inf")])
def test_a_loss_that_is_no_number_is_told(last: float, told: str) -> None:
    data = Data([replace(TRAIN, ys=[*TRAIN.ys[:-1], last])], 200)
    spec = plot_view.specify(plot_view.settle(View(), data, LOSS), data, LOSS, WIDTH, 25)
    assert [beyond.value for beyond in spec.beyond] == [told]


def test_a_curve_that_leaps_up_and_stays_there_is_followed() -> None:
    leapt = replace(TRAIN, ys=[2.3, *(50 + x % 20 for x in EPOCHS[1:])])
    data = Data([leapt], 200)
    view = plot_view.settle(View(), data, LOSS)
    assert view.y == Limits(0, 80)
    assert not plot_view.specify(view, data, LOSS, WIDTH, 25).beyond


def test_batches_and_the_earlier_run_do_not_set_the_scale() -> None:
    batch = Curve("batch", "batch", EPOCHS, [19.0] * 101, "points")
    ghost = replace(TRAIN, ys=[60.0] * 101, ghost=True)
    alone = plot_view.settle(View(), Data([ghost], 200), LOSS)
    assert alone.y == Limits(0, 60)
    data = Data([TRAIN, VALIDATION, batch, ghost], 200)
    view = plot_view.settle(View(), data, LOSS)
    assert view.y == Limits(0, 2.5)
    assert not plot_view.specify(view, data, LOSS, WIDTH, 25).beyond


def test_what_left_the_axis_says_once_which_key_helps() -> None:
    diverged = [replace(curve, ys=[2.3] * 60 + [99.0] * 41) for curve in (TRAIN, VALIDATION)]
    look, data = Look(log_key="L"), Data(diverged, 200)
    found = plot_view.specify(plot_view.settle(View(), data, look), data, look, WIDTH, 25).beyond
    assert [(beyond.value, beyond.help) for beyond in found] == [("99", ""), ("99", "L log")]
    logarithmic = plot_view.settle(View(log=True), data, look)
    assert not plot_view.specify(logarithmic, data, look, WIDTH, 25).beyond
    lost = Data([replace(TRAIN, ys=[*TRAIN.ys[:-1], nan])], 200)
    (beyond,) = plot_view.specify(plot_view.settle(View(), lost, look), lost, look, WIDTH, 25).beyond
    assert beyond.help == ""


def test_an_accuracy_is_not_taken_for_a_divergence() -> None:
    data = Data([replace(TRAIN, ys=[0.05 + 0.0094 * x for x in EPOCHS])], 200)
    view = plot_view.settle(View(), data, ACCURACY)
    assert view.y == Limits(0, 1)
    assert not plot_view.specify(view, data, ACCURACY, WIDTH, 25).beyond


def test_zoom_fits_y_to_the_window() -> None:
    high = replace(TRAIN, ys=[0.1, *(0.95 + x / 5000 for x in EPOCHS[1:])])
    data = Data([high], 100)
    whole = plot_view.settle(View(), data, ACCURACY)
    zoomed = plot_view.settle(plot_moves.zoom(whole, data, 0.5), data, ACCURACY)
    assert whole.y == Limits(0, 1)
    assert zoomed.window == Limits(50, 100)
    assert zoomed.y is not None
    assert zoomed.y.lower >= 0.9
    assert plot_moves.zoom(zoomed, data, 2).window is None


def test_a_window_is_given_up_when_the_axis_ends_before_it() -> None:
    view = View(window=Limits(150, 200))
    assert plot_view.settle(view, Data([part(TRAIN, 11)], 200), LOSS).window is None


def test_a_log_axis_ignores_what_is_not_positive() -> None:
    data = Data([replace(TRAIN, ys=[0.0, -1.0, *TRAIN.ys[2:]])], 200)
    view = plot_view.settle(View(log=True), data, LOSS)
    assert view.y is not None
    assert 0 < view.y.lower < min(TRAIN.ys)
    assert plot_view.settle(View(log=True), Data([replace(TRAIN, ys=[0.0] * 101)], 200), LOSS).y is not None


def test_smoothing_shows_the_average_over_the_dots() -> None:
    spec = plot_view.specify(View(smoothing=2), replace(DATA, curves=[TRAIN]), LOSS, WIDTH, 25)
    points, average = spec.curves
    assert (points.stroke, points.role) == ("points", "train:faint")
    assert (average.stroke, average.role) == ("thin", "train")
    assert average.ys[50] > TRAIN.ys[50]


def test_drawn_curves_have_at_most_two_points_a_column() -> None:
    many = [i / 100 for i in range(10_000)]
    data = Data([Curve("train", "train", many, [x % 1 for x in many])], 100)
    (curve,) = plot_view.specify(View(), data, LOSS, 56, 25).curves
    assert len(curve.xs) <= 100


def test_the_cursor_starts_at_the_newest_point_and_goes_from_point_to_point() -> None:
    view = plot_moves.move_cursor(View(), DATA, -1, WIDTH)
    assert view.cursor == 100
    view = plot_moves.move_cursor(view, DATA, -1, WIDTH)
    assert view.cursor == 99
    assert plot_moves.move_cursor(replace(view, cursor=0.0), DATA, -1, WIDTH).cursor == 0


def test_the_cursor_moves_a_column_where_points_are_closer() -> None:
    many = [i / 100 for i in range(10_000)]
    data = Data([Curve("train", "train", many, many)], 100)
    assert plot_moves.move_cursor(View(cursor=50.0), data, 1, 106).cursor == pytest.approx(51)


def test_the_window_follows_the_cursor() -> None:
    view = plot_moves.move_cursor(View(cursor=50.0, window=Limits(50, 100)), DATA, -1, WIDTH)
    assert view.cursor == 49
    assert view.window is not None
    assert view.window.hold(49, 49)


def test_a_cursor_needs_points() -> None:
    assert plot_moves.move_cursor(View(), Data(), 1, WIDTH) == View()
    assert plot_moves.place_cursor(View(), Data(), 50, WIDTH) == View()


def test_a_click_finds_the_nearest_point_and_left_of_the_axis_none() -> None:
    assert plot_moves.place_cursor(View(), DATA, 6 + 42, WIDTH).cursor == 42
    assert plot_moves.place_cursor(View(cursor=3.0), DATA, 2, WIDTH).cursor is None


def test_the_values_of_all_curves_are_read_at_the_cursor() -> None:
    ghosts = [replace(part(TRAIN, 11), label="before", ghost=True), replace(VALIDATION, label="before", ghost=True)]
    data = replace(DATA, curves=[TRAIN, VALIDATION, *ghosts])
    view = plot_view.settle(View(cursor=20.0), data, LOSS)
    found = {entry.label: entry.value for entry in plot_view.entries(view, data, LOSS, WIDTH)}
    assert found == {"train": "0.8461", "validation": "1.1622", "before": "     -/1.1622"}
    assert plot_view.position(view, data, LOSS, WIDTH) == "epoch  20.0"


def test_a_legend_knows_the_letters_of_its_curves() -> None:
    one, other = replace(TRAIN, label="A base", tag="a"), replace(VALIDATION, label="A base", tag="A")
    (entry,) = plot_view.entries(View(), replace(DATA, curves=[one, other]), LOSS, WIDTH)
    assert entry.tags == "aA"


def test_the_baseline_is_in_the_legend_where_it_is_on_the_axis() -> None:
    def labels(baseline: float) -> list[str]:
        data = replace(DATA, baseline=baseline)
        view = plot_view.settle(View(), data, LOSS)
        return [entry.label for entry in plot_view.entries(view, data, LOSS, WIDTH)]

    assert labels(2.3) == ["train", "validation", "baseline"]
    assert labels(99.0) == ["train", "validation"]


def test_the_state_is_told_in_words() -> None:
    assert plot_view.state(View(), DATA) == ""
    assert plot_view.state(View(log=True, smoothing=1, window=Limits(0, 25)), DATA) == "log  smooth 0.6  zoom 4x"


def test_of_several_runs_the_axis_follows_those_that_stay_and_names_the_others() -> None:
    well = Curve("A", "run-0", [0.0, 1.0, 2.0], [2.3, 1.0, 0.5], tag="A")
    lost = Curve("B", "run-1", [0.0, 1.0, 2.0], [2.3, 40.0, 31.0], tag="B")
    look = Look(y_range=(0.0, None))
    data = Data([well, replace(well, label="C", tag="C"), lost], plan_end=2.0)
    view = plot_view.settle(View(), data, look)
    assert view.y is not None
    assert view.y.upper < 4
    assert [it.label for it in plot_view.specify(view, data, look, 60, 12).beyond] == ["B"]
    for few in ([lost], [well, lost]):
        two = plot_view.settle(View(), Data(few, plan_end=2.0), look)
        assert two.y is not None
        assert two.y.upper > 20


def test_before_anything_has_begun_the_axis_shows_an_epoch() -> None:
    assert Data(plan_end=30.0).full.upper == 1.0
    assert Data(plan_end=0.5).full.upper == 0.5
    assert Data().full.upper == 1.0
