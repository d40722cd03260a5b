"""The learning rate over a run, drawn before there is one."""

from __future__ import annotations

import pytest

from tui_trainer.choices.schedules import Progress, Schedule
from tui_trainer.experiment.parse import parse
from tui_trainer.insight.planned_rates import planned_rates
from tui_trainer.ui.forms.schedule import schedule_rows, spark
from tui_trainer.ui.laboratory.sizes import Sizes


def text(rows: object) -> str:
    return "\n".join("".join(piece for piece, _ in row) for row in rows)  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", Schedule.kinds())
def test_every_schedule_is_drawn_as_it_is_followed(kind: str) -> None:
    experiment = parse({"schedule": {"kind": kind, "warmup": 10}, "optimizer": {"kind": "sgd", "lr": 0.5}})
    epochs, rates = planned_rates(experiment, 3000, points=31)
    assert epochs[0] == 0
    assert 29 < epochs[-1] < 30
    assert rates[0] == pytest.approx(0.05 * experiment.schedule.course(Progress(0, 3000, 0.0, 30)))
    assert max(rates) <= 0.5
    assert text(schedule_rows(experiment, Sizes(updates=3000), 50, 9)).count("\n") == 8


def test_a_line_falls_with_the_rate() -> None:
    experiment = parse({"schedule": "cosine"})
    line = spark(experiment, Sizes(updates=3000), 20)
    assert len(line) == 20
    assert (line[0], line[-1]) == ("█", "▁")
    assert list(line) == sorted(line, reverse=True)


def test_where_there_is_no_room_for_a_plot_a_line_is_drawn() -> None:
    experiment = parse({"schedule": "exponential"})
    assert len(schedule_rows(experiment, Sizes(), 40, 3)) == 1
    assert schedule_rows(experiment, Sizes(), 40, 0) == []
