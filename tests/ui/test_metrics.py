"""What is plotted beside the loss: the task's metrics, the learning rate."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.recorded import Recording
from tests.ui.dashboards import FakeApp, ready, screen_text, until
from tui_trainer.choices.tasks import TASKS
from tui_trainer.experiment.parse import parse
from tui_trainer.runs.records import RunView
from tui_trainer.ui import curves

EXPERIMENT = {"model": "linear", "schedule": {"kind": "exponential", "final": 0.01}, "training": {"epochs": 10}}


def of(task: str) -> RunView:
    """A run of that task, all of whose metrics are told."""
    view = Recording(experiment=parse(EXPERIMENT)).train(10).end().view()
    figures = {metric.name: 0.5 for metric in TASKS[task].metrics} | {"loss": 0.1}
    told = tuple(
        replace(it, train=figures, validation=figures, lr=0.1 * 0.01 ** (it.epoch / 10)) for it in view.evaluations
    )
    return replace(view, task=TASKS[task], evaluations=told)


@pytest.mark.parametrize(
    ("task", "titles"),
    [
        ("classification", ["Accuracy", "Macro F1", "Learning rate"]),
        ("regression", ["Mean absolute error", "R²", "Learning rate"]),
        ("language", ["Accuracy", "Perplexity", "Learning rate"]),
        ("translation", ["Accuracy", "Perplexity", "Learning rate"]),
        ("reconstruction", ["Mean absolute error", "Mean squared error", "Learning rate"]),
    ],
)
def test_every_task_offers_its_metrics_and_the_rate(task: str, titles: list[str]) -> None:
    assert sorted(metric.heading for metric in curves.offered(of(task), None)) == sorted(titles)
    assert curves.offered(of(task), None)[0] == TASKS[task].primary
    assert curves.offered(None, None, task)[0] == TASKS[task].primary, "the draft's task, before there is a run"


def test_what_a_log_does_not_tell_is_not_offered() -> None:
    view = of("classification")
    old = tuple(replace(it, validation={"loss": 0.1, "accuracy": 0.5}, lr=None) for it in view.evaluations)
    assert [it.name for it in curves.offered(replace(view, evaluations=old), None)] == ["accuracy"]


def test_axes_end_where_the_metric_does() -> None:
    ends = {metric.name: curves.ends(metric) for task in TASKS.values() for metric in task.metrics}
    assert ends["accuracy"] == ends["macro_f1"] == (0.0, 1.0)
    assert ends["r2"] == (None, 1.0), "it may be negative"
    assert ends["mae"] == ends["mse"] == ends["perplexity"] == curves.ends(curves.LEARNING_RATE) == (0.0, None)


def test_a_rate_that_falls_far_is_drawn_on_a_log_scale() -> None:
    view = of("classification")
    assert curves.helped_by_log(curves.LEARNING_RATE, view)
    assert not curves.helped_by_log(view.task.primary, view)
    to_nothing = parse(EXPERIMENT | {"schedule": "cosine"})
    assert not curves.helped_by_log(curves.LEARNING_RATE, replace(view, experiment=to_nothing))
    constant = parse(EXPERIMENT | {"schedule": "constant"})
    assert not curves.helped_by_log(curves.LEARNING_RATE, replace(view, experiment=constant))


def test_the_rate_is_one_curve_and_the_earlier_runs_lies_behind() -> None:
    now, before = curves.metric_curves(of("classification"), of("classification"), curves.LEARNING_RATE)
    assert list(now.xs) == [float(epoch) for epoch in range(1, 11)]
    assert math.isclose(now.ys[4], 0.01)
    assert math.isclose(now.ys[-1], 0.001)
    assert (now.ghost, before.ghost) == (False, True)


def test_runs_of_another_task_or_loss_are_not_laid_behind() -> None:
    view = of("classification")
    assert curves.behind(view, of("reconstruction")) is None
    other = replace(view, task=replace(view.task, loss="binary cross entropy"))
    assert curves.behind(other, view) is other
    assert not any(curve.ghost for curve in curves.loss_curves(view, other))
    assert any(curve.ghost for curve in curves.metric_curves(view, other, view.task.primary))


@asynccontextmanager
async def dashboard(home: Path, size: tuple[int, int]) -> AsyncIterator[Pilot[Any]]:
    app = FakeApp(home, EXPERIMENT)
    async with app.run_test(size=size) as pilot:
        await ready(pilot)
        await pilot.press("space")
        await until(pilot, lambda: app.worker.recordings, "a run")
        app.recording.train(4)
        await until(pilot, lambda: app.laboratory.view and app.laboratory.view.epoch >= 4, "epoch 4")
        yield pilot


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_key_goes_through_the_metrics(home: Path, size: tuple[int, int]) -> None:
    async with dashboard(home, size) as pilot:
        seen = []
        for _ in range(6):
            await pilot.press("M")
            text = screen_text(pilot.app)
            seen += [title for title in ("Accuracy", "Macro F1", "Learning rate") if f"─ {title} ─" in text]
        assert "Learning rate" in seen
        assert "Accuracy" in seen
        assert seen.index("Accuracy") != seen.index("Learning rate")
