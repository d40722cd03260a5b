"""What training keeps in memory for the backward pass, told without training, against what torch keeps indeed."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor
from torch.autograd.graph import saved_tensors_hooks

from tui_trainer.engine.describe import lay_foundation, measure
from tui_trainer.experiment.parse import parse
from tui_trainer.experiment.schema import Experiment

DIGITS = {"kind": "digits", "train_samples": 64}
SEQUENCES = {"kind": "parity", "length": 30, "samples": 100}
DROPOUT = {"dropout": 0.2}

EXPERIMENTS: dict[str, dict[str, Any]] = {
    "linear": {"data": DIGITS, "model": "linear"},
    "mlp": {"data": DIGITS, "model": {"hidden": [100] * 4}},
    "mlp with dropout": {"data": DIGITS, "model": {"hidden": [100] * 4}, "regularization": DROPOUT},
    "mlp with batch norm": {"data": DIGITS, "model": {"hidden": [100] * 4}, "regularization": {"batch_norm": True}},
    "mlp with layer norm": {
        "data": DIGITS,
        "activation": "gelu",
        "model": {"hidden": [100] * 4},
        "regularization": {"layer_norm": True},
    },
    "cnn": {"data": DIGITS, "model": "cnn"},
    "cnn with norm and dropout": {
        "data": DIGITS,
        "model": "cnn",
        "regularization": {**DROPOUT, "batch_norm": True},
    },
    "vanilla": {"data": SEQUENCES, "model": {"kind": "rnn", "cell": "vanilla"}},
    "gru": {"data": SEQUENCES, "model": {"kind": "rnn", "cell": "gru", "layers": 2, "bidirectional": True}},
    "lstm": {"data": SEQUENCES, "model": {"kind": "rnn", "cell": "lstm"}},
    "small lstm": {"data": DIGITS, "model": {"kind": "rnn", "cell": "lstm", "hidden": 8}},
    "lstm, two layers, both ways": {
        "data": SEQUENCES,
        "model": {"kind": "rnn", "cell": "lstm", "layers": 2, "bidirectional": True},
    },
    "lstm that writes": {"data": {"kind": "sentences", "characters": 5000}, "model": "rnn"},
    "encoder": {"data": SEQUENCES, "model": "transformer"},
    "decoder": {
        "data": {"kind": "sentences", "characters": 5000},
        "model": "transformer",
        "regularization": DROPOUT,
    },
    "encoder and decoder": {"data": {"kind": "reverse", "samples": 200}, "model": "transformer"},
    "autoencoder": {"data": DIGITS, "model": "autoencoder"},
    "convolutional autoencoder": {
        "data": DIGITS,
        "model": {"kind": "autoencoder", "layers": "convolutional", "hidden": [8, 16]},
    },
}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_activations_are_what_torch_keeps(name: str) -> None:
    if "lstm" in name and not torch.backends.mkldnn.is_available():
        pytest.skip("LSTMs are made by another library here")
    experiment = parse({**EXPERIMENTS[name], "training": {"batch_size": 32}, "device": "cpu"})
    _, told = measure(experiment, lay_foundation(experiment))
    assert told["activations"] == pytest.approx(_kept(experiment), rel=0.3 if "lstm" in name else 0.1)


def test_it_is_told_without_drawing_or_changing_anything() -> None:
    experiment = parse({"data": DIGITS, "model": "cnn", "regularization": {**DROPOUT, "batch_norm": True}})
    foundation = lay_foundation(experiment)
    network = foundation.build(experiment, torch.device("cpu"))
    assert network.model.training
    assert all(module.training for module in network.model.modules())
    assert network.model.get_buffer("blocks.0.norm.num_batches_tracked") == 0
    torch.manual_seed(0)
    measure(experiment, foundation)
    drawn = torch.rand(1)
    torch.manual_seed(0)
    assert torch.equal(drawn, torch.rand(1))


def _kept(experiment: Experiment) -> int:
    """Bytes that are kept while a batch is trained on, its inputs among them."""
    foundation = lay_foundation(experiment)
    data, cpu = foundation.data, torch.device("cpu")
    network = foundation.build(experiment, cpu)
    rows = data.split.train[: experiment.training.batch_size]
    part = data.part(rows, data.preprocessing(experiment.data), cpu)
    parameters = {tensor.untyped_storage().data_ptr() for tensor in network.parameters}
    found = {part.x.untyped_storage().data_ptr(): part.x.untyped_storage()}

    def pack(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in parameters:
            found[storage.data_ptr()] = storage
        return tensor

    with saved_tensors_hooks(pack, lambda tensor: tensor):
        loss = data.task.loss_function()(network.model(part.x), part.y)
    assert loss.requires_grad
    return sum(storage.nbytes() for storage in found.values())
