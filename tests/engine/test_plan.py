"""Updates, epochs and points of the curve."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from tui_trainer.engine.plan import Plan, stride
from tui_trainer.engine.recorder import Recorder
from tui_trainer.engine.seeds import derive, generator, order
from tui_trainer.runs.events import EventReader, EventWriter
from tui_trainer.runs.fold import fold


def test_positions_of_updates() -> None:
    plan = Plan(samples=100, batch_size=32, epochs=3)
    assert (plan.updates_per_epoch, plan.steps) == (4, 12)
    assert [plan.place(step) for step in (0, 3, 4, 9)] == [(0, 0), (0, 96), (1, 0), (2, 32)]
    assert [plan.position_at(step) for step in (0, 1, 4, 12)] == [0, 0.25, 1, 3]
    assert [plan.step_at(epoch) for epoch in (0, 1, 3)] == [0, 4, 12]


def test_another_batch_size_goes_on_where_the_epoch_is() -> None:
    plan = Plan(samples=100, batch_size=32, epochs=3).changed(6, batch_size=10)
    assert plan.place(6) == (1, 64)
    assert plan.position_at(6) == 1.5
    assert [plan.place(6 + n) for n in (1, 3, 4)] == [(1, 74), (1, 94), (2, 0)]
    assert plan.position_at(8) == pytest.approx(1.75)
    assert (plan.position_at(10), plan.steps) == (2, 20)
    longer = plan.changed(20, epochs=5)
    assert (longer.steps, longer.position_at(20)) == (40, 3)


def test_a_change_at_an_epochs_end_begins_with_the_next_one() -> None:
    plan = Plan(samples=10, batch_size=5, epochs=2).changed(2, batch_size=10)
    assert (plan.place(2), plan.place(3), plan.steps) == ((1, 0), (2, 0), 3)


@pytest.mark.parametrize(("steps", "expected"), [(1, 1), (8191, 1), (8192, 2), (100_000, 24), (10**9, 244_140)])
def test_points_of_the_curve(steps: int, expected: int) -> None:
    assert stride(steps) == expected
    assert steps // stride(steps) < 2 * 4096


def test_a_longer_plan_doubles_the_stride() -> None:
    assert [stride(steps, 3) for steps in (100, 24_575, 24_576, 100_000)] == [3, 3, 6, 24]


def test_seeds_are_their_own_for_every_use() -> None:
    assert derive(0, "order", 1) == derive(0, "order", 1)
    others = [
        derive(1, "order", 1),
        derive(0, "order", 2),
        derive(0, "noise"),
        derive(0, "order1"),
        derive(0, "o", "r"),
    ]
    assert len({derive(0, "order", 1), *others}) == 6
    assert all(0 <= seed < 2**63 for seed in others)
    assert generator(3, "weights", "a").initial_seed() == derive(3, "weights", "a")


def test_an_epochs_order_is_a_permutation_of_its_own() -> None:
    first, second = order(0, 0, 1000), order(0, 1, 1000)
    assert sorted(first.tolist()) == list(range(1000))
    assert first.tolist() != second.tolist()
    assert first.tolist() == order(0, 0, 1000).tolist()


@pytest.mark.parametrize("steps", [3, 4])  # a window ends with the epoch, or goes on in the next one
@pytest.mark.parametrize("at_once", [1, 20, 60])
def test_where_a_window_lies_does_not_depend_on_when_it_was_written(tmp_path: Path, steps: int, at_once: int) -> None:
    """Another batch size in the middle of an epoch: the rest of it takes updates of another length."""
    plan = Plan(100, 16, 6).changed(10, batch_size=5)
    recorder = Recorder(EventWriter(tmp_path / "log"), plan, steps, 10)
    for _ in range(60 // at_once):
        recorder.losses += [torch.tensor(1.0)] * at_once
        recorder.write(0.0)
    epochs = fold(EventReader(tmp_path / "log").read_new()).train_loss.epochs
    assert epochs == pytest.approx([plan.position_at(end) for end in range(12, 71) if end % steps == 0], abs=1e-9)
