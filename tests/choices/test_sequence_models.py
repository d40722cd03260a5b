"""Recurrent networks, transformers and autoencoders: their shapes, what they may see, and what they write."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from tests.engine.laboratory import Script, events, figures, same, small, train, weights
from tui_trainer.choices.activations import Relu, Tanh
from tui_trainer.choices.models import Autoencoder, Model, ModelError, Rnn, Transformer
from tui_trainer.engine.build import build
from tui_trainer.engine.describe import describe
from tui_trainer.engine.run import train_run
from tui_trainer.experiment.dump import to_mapping
from tui_trainer.experiment.parse import parse
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.modules.attention import Attention
from tui_trainer.modules.signature import Signature

SEQUENCE = Signature((6, 3), 4)
IMAGE = Signature((2, 5, 7), 4)
TOKENS = Signature((6,), 4, vocabulary=9)
LANGUAGE = Signature((6,), 9, vocabulary=9, positions=6)
TRANSLATION = Signature((9,), 9, vocabulary=9, positions=4, source=5)

TINY: dict[str, Any] = {"d_model": 16, "heads": 2, "d_ff": 32}
READERS = [
    *(Rnn(cell=cell, hidden=8, layers=2) for cell in ("vanilla", "lstm", "gru")),
    Rnn(hidden=8, bidirectional=True, layers=2),
    Rnn(hidden=8, readout="mean"),
    *(Transformer(**TINY, positions=positions) for positions in ("sinusoidal", "learned", "none")),
    Transformer(**TINY, readout="last"),
    Transformer(**TINY, readout="first"),
]
WRITERS = [model for model in READERS if not getattr(model, "bidirectional", False)]


def network(model: Model, signature: Signature, device: str = "cpu", **groups: Any) -> nn.Module:
    """The model with its initial weights, in evaluation mode."""
    experiment = small(model=to_mapping(small(model={"kind": "mlp"}).model_copy(update={"model": model}))["model"])
    experiment = experiment.model_copy(update=groups)
    return build(experiment, signature, torch.device(device)).model.eval()


def batch(signature: Signature, size: int = 3) -> Tensor:
    draw = torch.Generator().manual_seed(1)
    if signature.is_text:
        return torch.randint(signature.vocabulary, (size, *signature.inputs), generator=draw)
    return torch.randn(size, *signature.inputs, generator=draw)


@pytest.mark.parametrize("signature", [SEQUENCE, IMAGE, TOKENS], ids=["sequence", "image", "tokens"])
@pytest.mark.parametrize("model", READERS, ids=str)
def test_a_batch_of_sequences_becomes_a_batch_of_scores(model: Model, signature: Signature) -> None:
    scores = network(model, signature)(batch(signature))
    assert scores.shape == (3, 4)
    assert scores.isfinite().all()


@pytest.mark.parametrize(("signature", "positions"), [(LANGUAGE, 6), (TRANSLATION, 4)], ids=["language", "translation"])
@pytest.mark.parametrize("model", WRITERS, ids=str)
def test_scores_are_given_for_every_position_that_is_asked_for(
    model: Model, signature: Signature, positions: int
) -> None:
    assert network(model, signature)(batch(signature)).shape == (3, positions, 9)


@pytest.mark.parametrize("signature", [LANGUAGE, TRANSLATION], ids=["language", "translation"])
@pytest.mark.parametrize("model", WRITERS, ids=str)
def test_a_later_token_never_changes_an_earlier_score(model: Model, signature: Signature) -> None:
    module = network(model, signature)
    x = batch(signature)
    length, positions = x.shape[1], signature.positions
    for place in range(length - positions, length):
        other = x.clone()
        other[:, place:] = (other[:, place:] + 1) % signature.vocabulary
        changed = (module(x) - module(other)).abs().amax(dim=(0, 2)) > 1e-6
        first = place - (length - positions)
        assert not changed[:first].any()
        assert changed[first]


def test_every_token_of_the_source_reaches_the_first_score() -> None:
    for model in (Rnn(hidden=8), Transformer(**TINY)):
        module = network(model, TRANSLATION)
        x = batch(TRANSLATION)
        for place in range(TRANSLATION.source):
            other = x.clone()
            other[:, place] = (other[:, place] + 1) % TRANSLATION.vocabulary
            assert not torch.equal(module(x)[:, 0], module(other)[:, 0])


def test_a_sample_does_not_depend_on_those_beside_it() -> None:
    for model in READERS:
        module = network(model, SEQUENCE)
        x = batch(SEQUENCE, 5)
        assert torch.allclose(module(x)[:1], module(x[:1]), atol=1e-6)


def test_without_positions_an_encoder_sees_no_order() -> None:
    x = batch(TOKENS)
    without, with_them = (network(Transformer(**TINY, positions=it), TOKENS) for it in ("none", "sinusoidal"))
    assert torch.allclose(without(x), without(x.flip(1)), atol=1e-5)
    assert not torch.allclose(with_them(x), with_them(x.flip(1)), atol=1e-3)


def test_a_bidirectional_network_reads_both_ends() -> None:
    one, both = (network(Rnn(hidden=8, bidirectional=both), SEQUENCE) for both in (False, True))
    assert one.get_submodule("output").in_features == 8
    assert both.get_submodule("output").in_features == 16
    width = both.get_submodule("output").weight.shape[1] // 2
    with torch.no_grad():
        both.get_submodule("output").weight[:, :width] = 0  # leaves what was read from the end to the start
    x = batch(SEQUENCE)
    other = x.clone()
    other[:, -1] += 1
    assert not torch.allclose(both(x), both(other), atol=1e-6)


@pytest.mark.parametrize(
    ("model", "signature", "field", "words"),
    [
        (Rnn(), Signature((7,), 2), "", "in no order; pick mlp"),
        (Transformer(), Signature((7,), 2), "", "in no order; pick mlp"),
        (Rnn(bidirectional=True), LANGUAGE, "bidirectional", "cannot read ahead"),
        (Autoencoder(), LANGUAGE, "", "text"),
        (Autoencoder(layers="convolutional"), SEQUENCE, "layers", "pick dense"),
        (Autoencoder(layers="convolutional", hidden=()), IMAGE, "hidden", "filters"),
    ],
    ids=str,
)
def test_what_cannot_be_built_is_said_and_where(model: Model, signature: Signature, field: str, words: str) -> None:
    with pytest.raises(ModelError, match=words) as raised:
        model.check(signature)
    assert raised.value.field == field


def test_heads_that_do_not_share_out_the_model_are_said_at_their_field() -> None:
    with pytest.raises(ExperimentError) as raised:
        parse({"data": "remember_first", "model": {"kind": "transformer", "d_model": 10, "heads": 4}})
    (problem,) = raised.value.problems
    assert problem.path == "model.heads"
    assert "heads 1, 2, 5, 10, or d_model 8 or 12" in problem.message
    parse({"data": "remember_first", "model": {"kind": "transformer", "d_model": 10, "heads": 5}})


@pytest.mark.parametrize("cell", ["vanilla", "lstm", "gru"])
def test_cells_begin_with_closed_biases_but_for_the_forget_gate(cell: str) -> None:
    module = network(Rnn(cell=cell, hidden=5, bidirectional=True), SEQUENCE)
    biases = {name: value for name, value in module.named_parameters() if ".bias" in name}
    for name, value in biases.items():
        opened = cell == "lstm" and "bias_ih" in name
        assert value.sum() == (5 if opened else 0)
        if opened:
            assert value[5:10].eq(1).all()


def test_each_gate_is_initialized_as_a_matrix_of_its_own() -> None:
    orthogonal = parse({"initialization": "orthogonal"}).initialization
    module = network(Rnn(cell="lstm", hidden=5), SEQUENCE, initialization=orthogonal)
    for gate in module.get_parameter("recurrent.0.weight_hh_l0").chunk(4):
        ones = gate @ gate.T
        assert torch.allclose(ones, ones[0, 0] * torch.eye(5), atol=1e-5)


def test_the_cells_own_activation_decides_the_initialization() -> None:
    assert isinstance(Rnn().inner_activation(Relu()), Tanh)
    wide = network(Rnn(cell="vanilla", hidden=200), SEQUENCE)
    # Xavier: sqrt(2 / (200 + 200)), where He would give sqrt(2 / 200).
    assert wide.get_parameter("recurrent.0.weight_hh_l0").std().item() == pytest.approx(0.0707, rel=0.03)


@pytest.mark.parametrize("model", [Rnn(layers=2), Transformer(), Autoencoder(), Autoencoder(layers="convolutional")])
def test_the_names_of_parameters_do_not_depend_on_optional_layers(model: Model) -> None:
    def names(regularization: dict[str, Any]) -> set[str]:
        made = parse({"regularization": regularization}).regularization
        return {name for name, _ in network(model, IMAGE, regularization=made).named_parameters()}

    plain, full = names({}), names({"dropout": 0.5, "batch_norm": True})
    assert plain < full
    assert all("norm" in name or "behind" in name for name in full - plain)


@pytest.mark.parametrize("signature", [SEQUENCE, TOKENS, LANGUAGE, TRANSLATION])
@pytest.mark.parametrize("model", [Rnn(layers=2), Transformer(), Transformer(positions="learned")], ids=str)
def test_every_parameter_belongs_to_one_layer(model: Model, signature: Signature) -> None:
    experiment = small().model_copy(update={"model": model})
    for device in ("cpu", "meta"):
        made = build(experiment, signature, torch.device(device))
        assert sum(layer.parameters for layer in made.layers) == made.parameter_count
        assert len({layer.name for layer in made.layers}) == len(made.layers)
        assert made.activation_floats > 0
        assert 0 < made.work <= made.parameter_count * signature.inputs[0]


def test_attention_is_recorded_only_where_it_is_asked_for() -> None:
    module = network(Transformer(**TINY), TRANSLATION)
    x = batch(TRANSLATION)
    plain = module(x)
    attentions = {name: it for name, it in module.named_modules() if isinstance(it, Attention)}
    assert all(it.weights is None for it in attentions.values())
    for it in attentions.values():
        it.record = True
    assert torch.allclose(module(x), plain, atol=1e-5)
    for name, it in attentions.items():
        assert it.weights is not None
        queries, keys = (4 if "decoder" in name else 5), (5 if "encoder" in name or "cross" in name else 4)
        assert it.weights.shape == (3, 2, queries, keys)
        assert torch.allclose(it.weights.sum(dim=3), torch.ones(3, 2, queries))
        if "decoder" in name and "cross" not in name:
            assert it.weights.triu(1).sum() == 0


@pytest.mark.parametrize("model", [Rnn(hidden=8, layers=2), Rnn(cell="gru", hidden=8), Transformer(**TINY)], ids=str)
def test_what_is_written_greedily_is_what_scores_best_at_each_place(model: Model) -> None:
    module = network(model, LANGUAGE)
    written = module.generate(batch(LANGUAGE)[:, :2], 4)
    assert written.shape == (3, 4)
    whole = torch.cat([batch(LANGUAGE)[:, :2], written], dim=1)
    assert torch.equal(module(whole)[:, 1:-1].argmax(dim=2), written)
    assert module.generate(batch(LANGUAGE), 20).shape == (3, 20)  # longer than what it was made for


@pytest.mark.parametrize("model", [Rnn(hidden=8), Transformer(**TINY)], ids=str)
def test_a_translation_is_written_from_its_source_and_start(model: Model) -> None:
    module = network(model, TRANSLATION)
    x = batch(TRANSLATION)[:, :6]
    written = module.generate(x, 4)
    shown = torch.cat([x, written[:, :-1]], dim=1)
    assert torch.equal(module(shown).argmax(dim=2), written)


def test_a_translation_longer_than_its_places_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 4"):
        network(Transformer(**TINY), TRANSLATION).generate(batch(TRANSLATION)[:, :6], 5)


@pytest.mark.parametrize("model", [Rnn(hidden=8), Transformer(**TINY)], ids=str)
def test_what_is_drawn_depends_on_its_generator_alone(model: Model) -> None:
    module = network(model, LANGUAGE)

    def drawn(seed: int) -> Tensor:
        written: Tensor = module.generate(batch(LANGUAGE), 30, 1.0, torch.Generator().manual_seed(seed))
        return written

    assert torch.equal(drawn(0), drawn(0))
    assert not torch.equal(drawn(0), drawn(1))


@pytest.mark.parametrize(
    ("layers", "inputs"),
    [
        ("dense", (7,)),
        ("dense", (4, 3)),
        ("dense", (1, 8, 8)),
        ("convolutional", (1, 8, 8)),
        ("convolutional", (3, 5, 9)),
    ],
)
@pytest.mark.parametrize("hidden", [(6,), (6, 4), (8, 6, 4, 4)])
def test_an_autoencoder_gives_back_the_shape_of_its_input(
    layers: Any, inputs: tuple[int, ...], hidden: tuple[int, ...]
) -> None:
    signature = Signature(inputs, 3)
    module = network(Autoencoder(layers=layers, hidden=hidden, bottleneck=3), signature)
    x = batch(signature)
    assert module(x).shape == x.shape
    assert module.encode(x).shape == (3, 3)
    assert torch.equal(module.decode(module.encode(x)), module(x))


def test_noise_is_added_in_training_only() -> None:
    signature = Signature((7,), 1)
    module = network(Autoencoder(noise=0.5), signature)
    x = batch(signature)
    assert torch.equal(module(x), module(x))
    module.train()
    assert not torch.equal(module(x), module(x))
    silent = network(Autoencoder(), signature).train()
    assert torch.equal(silent(x), silent(x))


@pytest.mark.parametrize("signature", [SEQUENCE, TOKENS, LANGUAGE, TRANSLATION])
@pytest.mark.parametrize("model", [Rnn(hidden=32), Rnn(cell="gru", hidden=32), Transformer(**TINY)], ids=str)
def test_a_tiny_batch_is_learned_by_heart(model: Model, signature: Signature) -> None:
    module = network(model, signature).train()
    x = batch(signature, 4)
    if signature.is_text:
        x[:, 0] = torch.arange(4)  # what begins alike cannot be told apart at its first position
    shape = (4, signature.positions) if signature.positions else (4,)
    y = torch.randint(signature.outputs, shape, generator=torch.Generator().manual_seed(2))
    optimizer = torch.optim.Adam(module.parameters(), lr=0.02)
    for _ in range(200):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(module(x).flatten(0, -2), y.flatten())
        loss.backward()
        optimizer.step()
        if loss.item() < 0.05:
            return
    pytest.fail(f"after 200 steps the loss is still {loss.item():.3f}")


EXPERIMENTS: dict[str, dict[str, Any]] = {
    "rnn": {"data": {"kind": "remember_first", "samples": 60, "length": 5}, "model": {"kind": "rnn", "hidden": 8}},
    "text": {"data": {"kind": "sentences", "characters": 600, "length": 12}, "model": {"kind": "transformer", **TINY}},
    "reverse": {"data": {"kind": "reverse", "samples": 60, "length": 4}, "model": {"kind": "transformer", **TINY}},
    "autoencoder": {"data": "digits", "model": {"kind": "autoencoder", "noise": 0.3, "layers": "convolutional"}},
}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_equal_runs_are_equal_to_the_last_bit_and_so_is_one_that_was_cut(name: str) -> None:
    groups = EXPERIMENTS[name] | {
        "regularization": {"dropout": 0.1},
        "optimizer": {"kind": "adam", "lr": 0.01},
        "training": {"batch_size": 16, "epochs": 4},
    }
    if name == "autoencoder":
        groups |= {"data": {"kind": "digits", "train_samples": 60}}
    first, second = train(small(**groups)), train(small(**groups))
    assert figures(first) == figures(second)
    assert same(weights(first), weights(second))

    shorter = train(small(**{**groups, "training": {"batch_size": 16, "epochs": 2}}))
    train_run(shorter, Script(), more_epochs=2)
    assert same(weights(first), weights(shorter))
    assert events(shorter, "resumed")


def test_a_description_names_their_layers() -> None:
    said = describe(to_mapping(small(**EXPERIMENTS["reverse"])))
    names = [layer["name"] for layer in said["layers"]]
    assert names[:3] == ["embedding", "encoder 1 attention qkv", "encoder 1 attention out"]
    assert "decoder 2 cross key value" in names
    assert said["task"] == "translation"


def test_layer_figures_of_sequences_are_taken_unit_by_unit() -> None:
    folder = train(small(**EXPERIMENTS["text"]))
    last = events(folder, "layers")[-1]["layers"]
    dense = next(layer for layer in last if layer["name"] == "decoder 1 dense")
    shares = [layer["dead_share"] for layer in last if layer["dead_share"] is not None]
    assert 0 <= dense["dead_share"] <= 1
    assert (dense["dead_share"] * TINY["d_ff"]) % 1 == pytest.approx(0, abs=1e-6)
    assert len(shares) == 2  # one dense layer with an activation in each of the two layers
    assert all(layer["gradient_norm"] > 0 for layer in last)
