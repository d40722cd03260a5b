"""What the pictures of each kind of network say, checked against the network itself."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.engine.laboratory import Script, create, same, small, train, weights
from tests.images import draw_images
from tui_trainer.engine.pictures import attention, drawing, filters, maps
from tui_trainer.engine.pictures.tokens import _thinned
from tui_trainer.engine.run import train_run
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.picture import Picture, picture_file, read_picture
from tui_trainer.runs.view import read

ADAM = {"kind": "adam", "lr": 0.01}
DIGITS = {"kind": "digits", "train_samples": 100}
CNN = {"kind": "cnn", "blocks": [{"filters": 4}, {"filters": 6}], "hidden": [8]}
TRANSFORMER = {"kind": "transformer", "d_model": 16, "heads": 2, "encoder_layers": 1, "decoder_layers": 2, "d_ff": 16}
SENTENCES = {"kind": "sentences", "characters": 2000, "length": 24}
FEW = {"batch_size": 32, "epochs": 2}


def trained(**groups: Any) -> RunFolder:
    return train(small(optimizer=ADAM, **{"training": FEW, **groups}))


def picture_of(folder: RunFolder) -> Picture:
    picture = read_picture(folder)
    assert picture, picture_file(folder).exists()
    assert picture_file(folder).stat().st_size < 1_000_000
    return picture


# Filters and maps


def test_filters_are_the_weights_of_the_convolutions() -> None:
    folder = trained(data=DIGITS, model=CNN)
    found = picture_of(folder).filters
    assert found
    assert [(layer.name, layer.units, layer.inputs) for layer in found.layers] == [
        ("blocks 1", 4, 1),
        ("blocks 2", 6, 4),
    ]
    for number, layer in enumerate(found.layers):
        weight = weights(folder)[f"blocks.{number}.linear.weight"]
        assert layer.scale == pytest.approx(float(weight.abs().max()), rel=1e-3)
        shown = torch.tensor(layer.kernels).reshape(weight.shape) * layer.scale / 100
        assert torch.allclose(shown, weight, atol=layer.scale / 100)


def test_a_first_layer_that_sees_the_whole_image_has_filters_too() -> None:
    folder = trained(data=DIGITS, model="linear")
    found = picture_of(folder).filters
    assert found
    (layer,) = found.layers
    assert (layer.height, layer.width, layer.names) == (8, 8, tuple("0123456789"))
    weight = weights(folder)["output.weight"]
    assert torch.allclose(
        torch.tensor(layer.kernels).reshape(10, 64) * layer.scale / 100, weight, atol=layer.scale / 100
    )


def test_wide_layers_are_cut() -> None:
    made = filters._layer("blocks 2", torch.randn(500, 200, 5, 5), ())
    count, channels = len(made["kernels"]), len(made["kernels"][0])
    assert count * channels * 25 <= filters.NUMBERS
    assert (made["units"], made["inputs"]) == (500, 200)
    assert count <= filters.UNITS
    large = maps._layer("blocks 1", torch.randn(300, 200, 100))
    assert large["shape"] == [28, 28]
    assert len(large["maps"]) * 28 * 28 <= maps.NUMBERS


def test_maps_are_what_the_activation_hands_on() -> None:
    folder = trained(data=DIGITS, model=CNN)
    picture = picture_of(folder)
    assert picture.maps
    assert picture.mistakes
    first, second = picture.maps.layers
    assert (first.channels, first.height, first.width) == (4, 8, 8)
    assert (second.channels, second.height, second.width) == (6, 4, 4)
    assert min(min(channel) for channel in first.maps) == 0, "relu lets nothing below zero pass"
    assert max(max(channel) for channel in first.maps) == 100
    sample = picture.maps.sample
    assert sample.input.image.height == 8
    assert 0.1 <= sample.share <= 1


# Attention


def test_attention_of_an_encoder_adds_up_to_one() -> None:
    found = picture_of(
        trained(data={"kind": "remember_first", "samples": 100, "length": 6}, model=TRANSFORMER)
    ).attention
    assert found
    assert len(found.samples) == attention.SAMPLES
    (layer,) = found.samples[0].layers
    assert len(layer.heads) == 2
    assert layer.queries == layer.keys
    for head in layer.heads:
        assert np.reshape(head, (len(layer.queries), -1)).sum(axis=1) == pytest.approx(1, abs=0.05)


def test_attention_of_a_decoder_looks_back_only_and_is_labelled() -> None:
    picture = picture_of(trained(data=SENTENCES, model=TRANSFORMER, training={"epochs": 1}))
    assert picture.attention
    first, second = picture.attention.samples[0].layers
    assert first.name != second.name
    matrix = np.reshape(first.heads[0], (len(first.queries), -1))
    assert matrix.shape[0] == matrix.shape[1]
    assert np.triu(matrix, 1).max() == 0
    assert matrix[0, 0] == 1
    assert picture.text
    assert "".join(first.queries).replace("\n", " ").startswith(picture.text.prompt)


def test_attention_between_source_and_answer_has_the_tokens_of_both() -> None:
    picture = picture_of(trained(data={"kind": "reverse", "samples": 100, "length": 5}, model=TRANSFORMER))
    assert picture.attention
    named = {layer.name: layer for layer in picture.attention.samples[0].layers}
    cross = next(layer for name, layer in named.items() if "cross" in name)
    encoder = next(layer for name, layer in named.items() if "encoder" in name)
    decoder = next(layer for name, layer in named.items() if "decoder" in name and "cross" not in name)
    assert cross.keys == encoder.keys == encoder.queries
    assert cross.queries == decoder.queries == decoder.keys
    assert cross.queries[1:] == tuple(reversed(cross.keys))[: len(cross.queries) - 1], "what is told backwards"


def test_long_texts_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention, "POSITIONS", 10)
    found = picture_of(trained(data=SENTENCES, model=TRANSFORMER, training={"epochs": 1}))
    assert found.attention
    (sample, *_) = found.attention.samples
    assert all(len(layer.keys) == len(layer.queries) == 10 for layer in sample.layers)
    assert sample.words.startswith("the first 10 of ")


@pytest.mark.parametrize(
    "kinds",
    [
        {"data": SENTENCES, "model": {**TRANSFORMER, "decoder_layers": 1}, "regularization": {"dropout": 0.1}},
        {"data": DIGITS, "model": CNN},
        {"data": DIGITS, "model": {"kind": "autoencoder", "hidden": [8], "noise": 0.1}},
    ],
    ids=["transformer", "cnn", "autoencoder"],
)
def test_looking_changes_nothing(kinds: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    unseen = trained(**kinds)
    monkeypatch.setattr(drawing, "SECONDS", 0.0)
    monkeypatch.setattr(drawing, "REST", 0)
    monkeypatch.setattr(drawing, "is_looked_at", lambda folder: True)
    assert same(weights(trained(**kinds)), weights(unseen))


# Reconstructions


def test_reconstructions_have_the_error_that_the_evaluation_says() -> None:
    folder = trained(data=DIGITS, model={"kind": "autoencoder", "hidden": [16], "bottleneck": 2})
    picture, last = picture_of(folder), read(folder).last
    assert last
    assert picture.reconstruction
    assert picture.reconstruction.error == pytest.approx(last.validation["mse"], rel=1e-3)
    assert (picture.reconstruction.bottleneck, picture.reconstruction.inputs) == (2, 64)
    sample = picture.reconstruction.samples[0]
    assert sample.input.image.height == sample.output.image.height == 8
    assert sample.label in picture.classes
    assert picture.confusion is None
    assert picture.mistakes is None


def test_the_oddest_samples_come_first_and_all_errors_are_counted() -> None:
    anomaly = picture_of(trained(data=DIGITS, model={"kind": "autoencoder", "hidden": [16], "bottleneck": 2})).anomaly
    assert anomaly
    errors = [sample.error for sample in anomaly.worst]
    assert errors == sorted(errors, reverse=True)
    assert sum(anomaly.histogram.validation) == anomaly.samples == 359
    assert sum(anomaly.histogram.train) == 100
    assert errors[anomaly.above] <= anomaly.threshold or anomaly.above >= len(errors)
    assert sum(error > anomaly.threshold for error in errors) == min(len(errors), anomaly.above)


@pytest.mark.parametrize("bottleneck", [1, 2, 5])
def test_the_bottleneck_is_drawn_in_two_dimensions(bottleneck: int) -> None:
    latent = picture_of(
        trained(data=DIGITS, model={"kind": "autoencoder", "hidden": [8], "bottleneck": bottleneck})
    ).latent
    assert latent
    assert (latent.bottleneck, latent.samples) == (bottleneck, 359)
    assert len(latent.x) == len(latent.y) == len(latent.classes) == 359
    assert len(latent.kept) == (2 if bottleneck > 2 else 0)
    if latent.kept:
        assert np.mean(latent.x) == pytest.approx(0, abs=1e-3)
        assert abs(np.corrcoef(latent.x, latent.y)[0, 1]) < 0.01, "components are not correlated"
        assert 1 >= latent.kept[0] >= latent.kept[1] > 0


def test_rows_and_sequences_are_reconstructed_in_their_own_units() -> None:
    rows = picture_of(
        trained(data="wine", model={"kind": "autoencoder", "hidden": [8], "bottleneck": 3})
    ).reconstruction
    assert rows
    proline = rows.samples[0].input.values[12]
    assert proline > 200, "it is not scaled"
    curves = picture_of(
        trained(data={"kind": "sine_continuation", "samples": 100}, model={"kind": "autoencoder", "hidden": [8]})
    ).reconstruction
    assert curves
    assert len(curves.samples[0].input.curves) == len(curves.samples[0].output.curves) == 1


# Texts


def test_the_same_network_writes_the_same_text() -> None:
    kinds = {
        "data": SENTENCES,
        "model": {"kind": "rnn", "hidden": 8},
        "training": {"epochs": 1},
    }
    one, other = picture_of(trained(**kinds)).text, picture_of(trained(**kinds)).text
    assert one
    assert one == other
    assert len("\n".join(one.samples[-1].lines)) > 50


def test_texts_of_earlier_epochs_are_kept_at_growing_distances() -> None:
    kept: list[dict[str, Any]] = []
    for epoch in range(100):
        kept = [*_thinned(kept), {"epoch": float(epoch)}]
    epochs = [each["epoch"] for each in kept]
    assert len(epochs) == 8
    assert (epochs[0], epochs[-1]) == (0, 99)
    assert epochs[3] < 30


def test_answers_are_counted_as_a_whole() -> None:
    folder = trained(data={"kind": "reverse", "samples": 200, "length": 4}, model=TRANSFORMER, training={"epochs": 1})
    found, last = picture_of(folder).sequences, read(folder).last
    assert found
    assert last
    assert found.asked == 40
    assert all(answer.right.split() == answer.source.split()[::-1] for answer in found.answers)
    assert all(answer.is_right == (answer.said == answer.right) for answer in found.answers)
    if len(found.answers) == found.asked:
        assert found.right == sum(answer.is_right for answer in found.answers)


# Numbers


def test_forecasts_are_in_the_targets_own_unit() -> None:
    folder = trained(data={"kind": "sine_continuation", "samples": 100}, model={"kind": "rnn", "hidden": 8})
    picture = picture_of(folder)
    assert picture.forecasts
    assert picture.predictions
    low, high = min(picture.predictions.validation.targets), max(picture.predictions.validation.targets)
    for forecast in picture.forecasts.samples:
        assert all(low <= value <= high for value in forecast.target)
        errors = np.abs(np.subtract(forecast.target, forecast.predicted))
        assert forecast.error == pytest.approx(errors.mean(), rel=1e-2)
        assert abs(forecast.history[-1] - forecast.target[0]) < 1, "a sine goes on from where it is"


def test_a_sequence_of_something_else_is_no_forecast() -> None:
    picture = picture_of(trained(data={"kind": "adding", "samples": 100}, model={"kind": "rnn", "hidden": 8}))
    assert picture.predictions
    assert picture.forecasts is None


def test_a_surface_is_what_is_predicted_at_its_points() -> None:
    folder = trained(data={"kind": "plane", "samples": 200, "noise": 0.0}, model="linear", training={"epochs": 80})
    picture = picture_of(folder)
    surface = picture.surface
    assert surface
    assert picture.boundary is None
    off = []
    for x, y, target in zip(surface.validation.x, surface.validation.y, surface.validation.targets, strict=True):
        column = int((x - surface.x[0]) / (surface.x[1] - surface.x[0]) * surface.columns)
        row = int((surface.y[1] - y) / (surface.y[1] - surface.y[0]) * surface.rows)
        off.append(abs(surface.values[row * surface.columns + column] - target))
    assert np.mean(off) < 6, "a plane fits a plane"


# Classes


@pytest.mark.parametrize("loss", ["cross_entropy", "binary_cross_entropy"])
def test_two_classes_are_drawn_alike_whether_there_are_two_scores_or_one(loss: str) -> None:
    folder = trained(data={"kind": "moons", "samples": 300}, loss=loss, training={"epochs": 20})
    picture, last = picture_of(folder), read(folder).last
    assert last
    assert picture.confusion
    assert picture.boundary
    assert picture.mistakes
    assert picture.confusion.right / picture.confusion.samples == pytest.approx(last.validation["accuracy"])
    assert min(picture.boundary.confidence) >= 0.5
    for mistake in picture.mistakes.worst:
        assert -math.log(dict(mistake.top)[mistake.true]) == pytest.approx(mistake.loss, rel=1e-2)


def test_mistaken_sequences_are_curves() -> None:
    picture = picture_of(
        trained(data={"kind": "parity", "samples": 100, "length": 6}, model={"kind": "rnn", "hidden": 4})
    )
    assert picture.mistakes
    assert all(len(mistake.input.curves[0]) == 6 for mistake in picture.mistakes.worst)


# Images that are read from their files


@pytest.mark.parametrize("model", [CNN, {"kind": "autoencoder", "hidden": [8]}], ids=["cnn", "autoencoder"])
def test_images_that_are_not_in_memory_are_drawn_alike(model: dict[str, Any], tmp_path: Path) -> None:
    folder = str(draw_images(tmp_path, each=12))
    of_files, in_memory = (
        picture_of(trained(data={"kind": "images", "folder": folder, "pixels": 8, "memory": memory}, model=model))
        for memory in (0.0, 1.0)
    )
    assert of_files == in_memory


# What may go wrong


def test_a_part_that_cannot_be_drawn_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        raise RuntimeError("no filters today")

    monkeypatch.setattr(filters, "_layer", fail)
    picture = picture_of(trained(data=DIGITS, model=CNN))
    assert picture.filters is None
    assert picture.maps
    assert picture.confusion


def test_an_autoencoder_that_diverged_draws_nothing() -> None:
    folder = create(
        small(data=DIGITS, model={"kind": "autoencoder", "hidden": [8]}, optimizer={"kind": "sgd", "lr": 1000.0})
    )
    train_run(folder, Script())
    assert read(folder).state == "failed"
    picture = read_picture(folder)
    assert picture is None or picture.step == 0
