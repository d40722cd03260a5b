"""The same on a GPU."""

from __future__ import annotations

import pytest
import torch

from tests.engine.laboratory import Script, create, events, figures, same, small, train, weights
from tui_trainer.engine.device import choose
from tui_trainer.engine.run import train_run
from tui_trainer.runs.store import Store
from tui_trainer.runs.view import read

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="torch sees no CUDA device"),
]

NOISY = small(device="cuda:0", regularization={"dropout": 0.3, "batch_norm": True}, optimizer={"kind": "adam"})


def test_auto_takes_the_gpu() -> None:
    assert choose("auto").torch.type == "cuda"
    assert choose("auto").free_bytes()


def test_it_learns_what_the_cpu_learns() -> None:
    there, here = read(train(small(device="cuda:0"))), read(train(small()))
    assert there.device == "cuda:0"
    assert there.last
    assert here.last
    assert there.last.train["loss"] == pytest.approx(here.last.train["loss"], rel=1e-3)


def test_equal_experiments_have_equal_figures_and_a_resume_changes_nothing() -> None:
    whole, folder = train(NOISY), create(NOISY)
    train_run(folder, Script(interrupt_at=12))
    train_run(folder, Script())
    assert events(folder, "resumed")[0]["from_step"] == 12
    assert figures(folder) == figures(whole) == figures(train(NOISY))
    assert same(weights(folder), weights(whole))


def test_too_large_a_batch_is_said_clearly() -> None:
    view = read(train(small(device="cuda:0", model={"hidden": [65_536] * 20})))
    assert view.state == "failed"
    assert "make it smaller" in view.reason or "the GPU has not enough memory" in view.reason


def test_an_unchanged_fork_goes_on_as_its_parent() -> None:
    parent = train(NOISY)
    view = read(parent)
    checkpoint = next(it for it in view.checkpoints if it.epoch == 3)
    child = Store().fork(parent, checkpoint, NOISY)
    train_run(child, Script())
    assert figures(child) == figures(parent)
    assert same(weights(child), weights(parent))
