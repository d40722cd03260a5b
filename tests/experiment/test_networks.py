"""What experiments tell of whether the weights of one network can be those of another."""

from __future__ import annotations

from typing import Any

import pytest

from tui_trainer.experiment.networks import unlike
from tui_trainer.experiment.parse import parse

MLP = {"kind": "mlp", "hidden": [100, 64]}


@pytest.mark.parametrize(
    ("there", "here", "said"),
    [
        ({"kind": "cnn"}, MLP, "its model is cnn, this one is mlp"),
        ({"hidden": [100]}, MLP, "it has 1 hidden layer, this one has 2"),
        ({"hidden": [100, 32]}, MLP, "its hidden layers have 100,32 units, here they have 100,64"),
        ({"kind": "cnn", "blocks": [8, 8, 8]}, {"kind": "cnn", "blocks": [8]}, "it has 3 blocks, this one has 1"),
        ({"kind": "rnn", "hidden": 32}, {"kind": "rnn", "hidden": 64}, "its hidden is 32, here it is 64"),
    ],
)
def test_it_says_in_what_they_differ(there: dict[str, Any], here: dict[str, Any], said: str) -> None:
    assert unlike(parse({"model": there}), parse({"model": here})) == said


def test_norms_have_weights() -> None:
    plain, normed = parse({"model": MLP}), parse({"model": MLP, "regularization": {"layer_norm": True}})
    assert unlike(plain, normed) == "it has no norm, this one has layer norm"
    assert unlike(normed, plain) == "it has layer norm, this one has no norm"


def test_what_changes_no_weight_is_no_difference() -> None:
    text = {"kind": "transformer", "heads": 2, "readout": "mean"}
    other = {"kind": "transformer", "heads": 4, "readout": "last"}
    assert unlike(parse({"model": text}), parse({"model": other, "optimizer": "adam", "activation": "tanh"})) == ""
    assert unlike(parse({"model": MLP}), parse({"model": MLP, "regularization": {"dropout": 0.5}})) == ""
