from __future__ import annotations

from dataclasses import replace

import pytest

from tests.recorded import Recording
from tui_trainer.runs.records import Change
from tui_trainer.ui import curves
from tui_trainer.ui.widgets.results import Results


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("optimizer.lr", "lr"),
        ("optimizer.momentum", "momentum"),
        ("regularization.dropout.rate", "dropout"),
        ("regularization.l2.strength", "l2"),
        ("regularization.l2.unheard_of", "l2 unheard_of"),
        ("training.batch_size", "batch"),
        ("training.epochs", "epochs"),
    ],
)
def test_a_change_is_named_so_that_it_cannot_be_mistaken(path: str, name: str) -> None:
    assert curves.changed_name(path) == name


def test_marks_tell_live_changes_but_not_the_pace() -> None:
    recording = Recording(experiment={"regularization": {"dropout": 0.1}}).train(2)
    recording.change("optimizer.lr", 0.03)
    recording.change("training.pace", 50)
    recording.change("regularization.dropout.rate", 0.2)
    recording.extend(60)
    labels = [mark.label for mark in curves.marks(recording.view())]
    assert labels[:2] == ["lr 0.03", "dropout 0.2"]
    assert labels[2].startswith("epochs ")


def test_another_kind_has_one_mark_without_what_it_brings_with_it() -> None:
    changes = {"": "adam", ".lr": 0.003, ".momentum": None, ".beta1": 0.9, ".beta2": 0.95, ".eps": 1e-8}
    made = [Change(40, 2.0, f"optimizer{path}", None, new) for path, new in changes.items()]
    later = Change(60, 3.0, "optimizer.beta1", 0.9, 0.9)
    labels = [mark.label for mark in curves.marks(replace(Recording().train(4).view(), changes=(*made, later)))]
    assert labels == ["optimizer adam", "lr 0.003", "beta2 0.95", "beta1 0.9"]


def test_a_run_on_other_data_is_not_shown_behind() -> None:
    digits, more, xor = (Recording(experiment={"data": {"kind": kind}}).view() for kind in ("digits", "digits", "xor"))
    assert curves.behind(more, digits) is more
    assert curves.behind(xor, digits) is None
    assert curves.behind(digits, None) is None
    assert curves.behind(replace(more, experiment=None), digits) is None


def test_batches_differ_from_the_earlier_run() -> None:
    view = Recording().train(3).view()
    train, validation, batch, *ghosts = curves.loss_curves(view, view)
    assert [curve.leads for curve in (train, validation, batch, *ghosts)] == [True, True, False, False, False]
    assert batch.stroke == "points"
    assert batch.role not in {curve.role for curve in ghosts}


async def test_both_plots_have_the_same_x_axis_early_in_a_run() -> None:
    from tests.ui.views import Stage

    results = Results()
    early = replace(Recording().train(1).view(), epoch=1.4)
    app = Stage(results)
    async with app.run_test(size=(120, 36)):
        from tui_trainer.ui.layout import layout

        results.place(layout(120, 36))
        xor = Recording(experiment={"data": {"kind": "xor"}}).train().view()
        results.show(early, xor)
        axes = [row for plot in results.plots for row in [plot.rows(60, 12)[-1]]]
        assert axes[0] == axes[1]
        assert "before" not in str(results.loss.rows(60, 12)[0])


def test_macro_f1_has_no_line_for_guessing_unless_it_decides() -> None:
    view = replace(Recording().train(2).view(), baseline={"accuracy": 0.52, "macro_f1": 0.34})
    assert curves.baseline(view, "accuracy") == 0.52
    assert curves.baseline(view, "macro_f1") is None
    accuracy, macro_f1 = view.task.metrics
    decides = replace(view, task=replace(view.task, metrics=(macro_f1, accuracy)))
    assert curves.baseline(decides, "macro_f1") == 0.34
