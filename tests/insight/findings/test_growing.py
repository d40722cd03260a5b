"""The cures that give a network more to work with: which of its sizes grow, and in which order they are offered."""

from __future__ import annotations

from typing import Any

import pytest

from tui_trainer.experiment.overrides import set_values
from tui_trainer.experiment.parse import parse
from tui_trainer.experiment.schema import Experiment
from tui_trainer.insight.findings import cures
from tui_trainer.insight.findings.base import Cure


def experiment(**model: Any) -> Experiment:
    return parse({"data": "digits", "model": model})


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ({"kind": "linear"}, ["model linear → mlp"]),
        ({"kind": "mlp", "hidden": [8, 4]}, ["hidden 8,4 → 32,16"]),
        ({"kind": "mlp", "hidden": [100]}, ["hidden 100 → 200"]),
        ({"kind": "rnn", "hidden": 2}, ["hidden 2 → 8"]),
        ({"kind": "rnn", "hidden": 64}, ["hidden 64 → 128"]),
        ({"kind": "rnn", "hidden": 1024}, []),
        ({"kind": "transformer", "d_model": 64, "d_ff": 128}, ["d_model 64 → 128, d_ff 128 → 256"]),
        ({"kind": "transformer", "d_model": 8, "heads": 2, "d_ff": 32}, ["d_model 8 → 32, d_ff 32 → 128"]),
        ({"kind": "transformer", "d_model": 64, "d_ff": 2048}, ["d_model 64 → 128"]),
        ({"kind": "transformer", "d_model": 512, "d_ff": 2048}, []),
        ({"kind": "autoencoder", "bottleneck": 2}, ["bottleneck 2 → 8"]),
        ({"kind": "cnn", "blocks": [4, 8], "hidden": []}, ["filters 4,8 → 16,32"]),
        ({"kind": "cnn", "blocks": [16, 32], "hidden": [64]}, ["filters 16,32 → 32,64", "hidden 64 → 128"]),
        ({"kind": "cnn", "blocks": [16, 32], "hidden": [4]}, ["hidden 4 → 16", "filters 16,32 → 32,64"]),
        ({"kind": "cnn", "blocks": [512], "hidden": [64]}, ["hidden 64 → 128"]),
    ],
    ids=str,
)
def test_what_is_narrow_is_widened(model: dict[str, Any], words: list[str]) -> None:
    made = cures.widen(experiment(**model))
    assert [cure.words for cure in made] == words
    assert not any(cure.certain for cure in made)
    for cure in made:
        _differs_as_it_says(experiment(**model), cure)


@pytest.mark.parametrize(
    ("model", "task", "words"),
    [
        ({"kind": "mlp"}, "classification", []),
        ({"kind": "cnn"}, "classification", []),
        ({"kind": "autoencoder"}, "reconstruction", []),
        ({"kind": "rnn"}, "classification", ["layers 1 → 2"]),
        ({"kind": "rnn", "layers": 8}, "classification", []),
        ({"kind": "transformer"}, "classification", ["encoder_layers 2 → 3"]),
        ({"kind": "transformer", "decoder_layers": 1}, "language", ["decoder_layers 1 → 2"]),
        ({"kind": "transformer"}, "translation", ["encoder_layers 2 → 3, decoder_layers 2 → 3"]),
        ({"kind": "transformer", "encoder_layers": 12}, "translation", ["decoder_layers 2 → 3"]),
    ],
    ids=str,
)
def test_layers_that_the_task_uses_are_added(model: dict[str, Any], task: str, words: list[str]) -> None:
    made = cures.deepen(experiment(**model), task)
    assert [cure.words for cure in made] == words
    assert not any(cure.certain for cure in made)
    for cure in made:
        _differs_as_it_says(experiment(**model), cure)


def _differs_as_it_says(before: Experiment, cure: Cure) -> None:
    """The changes can be made, and make the experiment another one."""
    assert set_values(before, dict(cure.changes)) != before
    assert len(cure.changes) >= cure.words.count(" → ")
