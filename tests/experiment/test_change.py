"""Experiments out, changed by path, and set side by side."""

from __future__ import annotations

from typing import Any

import pytest

from tui_trainer.experiment.diff import diff, from_defaults, summary
from tui_trainer.experiment.dump import to_mapping, to_yaml
from tui_trainer.experiment.fields import PICKS, field_at, live_paths
from tui_trainer.experiment.load import load_text
from tui_trainer.experiment.overrides import parse_assignment, set_value, set_values
from tui_trainer.experiment.parse import parse
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.schema import Experiment
from tui_trainer.experiment.yaml_text import plain_scalar, read, write

RICH = """
name: "1e-3"
about: "two: colons, a # and 'quotes'"
data: {kind: moons, noise: 0.3}
model: {kind: mlp, hidden: [30, 20]}
activation: {kind: leaky_relu, slope: 0.2}
optimizer: {kind: adam, lr: 3e-4}
regularization: {l2: 1e-5, dropout: 0.2, early_stopping: {patience: 3}, batch_norm: true}
training: {epochs: 7, pace: 10}
seed: 5
"""


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("text", ["", RICH])
def test_what_is_written_reads_back_equal(text: str, full: bool) -> None:
    experiment = load_text(text)
    assert load_text(to_yaml(experiment, full=full)) == experiment


def test_only_what_was_set_is_written() -> None:
    assert to_mapping(parse({"optimizer": {"lr": 0.5}, "regularization": {"l2": 0.1}})) == {
        "optimizer": {"kind": "sgd", "lr": 0.5},
        "regularization": {"l2": 0.1},
    }


@pytest.mark.parametrize(
    "word", ["1e-3", "null", "true", "~", "", "0x1F", "1_000", "no", "2020-01-01", "a: b", "é", ".5"]
)
def test_words_stay_words(word: str) -> None:
    assert read(write({"name": word}))[0] == {"name": word}


@pytest.mark.parametrize(
    ("text", "value"), [("1e-3", 0.001), ("-.5", -0.5), ("010", 10), ("no", "no"), ("1:30", "1:30")]
)
def test_plain_scalars(text: str, value: Any) -> None:
    assert plain_scalar(text) == value
    assert type(plain_scalar(text)) is type(value)


def test_another_kind_drops_the_fields_of_the_old_one() -> None:
    mapping = {"optimizer": {"kind": "sgd", "lr": 5.0}, "data": {"kind": "digits", "train_samples": 300}}
    mapping = set_value(mapping, "optimizer.kind", "adam")
    mapping = set_value(mapping, "data", "xor")
    experiment = parse(mapping)
    assert experiment.optimizer.lr == type(experiment.optimizer)().lr
    assert (experiment.data.kind, experiment.data.train_samples) == ("xor", 300)


def test_short_forms_are_written_out_on_the_way() -> None:
    mapping = set_value({"optimizer": "adam", "regularization": {"l2": 0.1}}, "optimizer.lr", 0.5)
    mapping = set_value(mapping, "regularization.l2.strength", 0.2)
    mapping = set_value(mapping, "regularization.dropout", 0.3)
    assert mapping == {
        "optimizer": {"kind": "adam", "lr": 0.5},
        "regularization": {"l2": {"strength": 0.2}, "dropout": 0.3},
    }
    assert set_value(mapping, "regularization.l2", False)["regularization"] == {"dropout": 0.3}


def test_set_value_leaves_the_original_alone() -> None:
    mapping = {"regularization": {"l2": {"strength": 0.1}}}
    set_value(mapping, "regularization.l2.strength", 9)
    assert mapping == {"regularization": {"l2": {"strength": 0.1}}}


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("optimizer.lr=1e-3", "optimizer.lr", 0.001),
        ("model.hidden=[8, 8]", "model.hidden", [8, 8]),
        ("name=a=b", "name", "a=b"),
    ],
)
def test_assignments(text: str, path: str, value: Any) -> None:
    assert parse_assignment(text) == (path, value)


@pytest.mark.parametrize("text", ["optimizer.lr", "=3", "a=[1", "a=&x 1\nb: *x", "a=1\nb: 2"])
def test_what_is_no_assignment_is_refused(text: str) -> None:
    with pytest.raises(ExperimentError):
        parse_assignment(text)


def test_set_values_names_the_wrong_path() -> None:
    with pytest.raises(ExperimentError, match=r"optimizer.lrr: unknown name \(did you mean lr"):
        set_values(Experiment(), {"optimizer.lrr": 1})


def test_diff_names_only_what_differs() -> None:
    a = parse({"name": "a", "optimizer": {"lr": 0.1}})
    b = parse({"name": "b", "optimizer": {"lr": 0.2}, "regularization": {"l2": 0.1}})
    assert [(d.path, d.a, d.b) for d in diff(a, b)] == [
        ("optimizer.lr", 0.1, 0.2),
        ("regularization.l2.strength", None, 0.1),
    ]
    assert from_defaults(Experiment()) == []


def test_the_defaults_of_another_kind_go_without_saying() -> None:
    differences = from_defaults(
        parse({"optimizer": "adam", "data": {"kind": "xor", "noise": 0.5}, "regularization": {"l2": 1}})
    )
    assert [str(it) for it in differences] == [
        "data digits → xor",
        "data.noise 0.05 → 0.5",
        "optimizer sgd → adam",
        "regularization.l2.strength – → 1",
    ]


def test_what_equals_the_default_of_the_usual_kind_is_told_where_another_kind_has_another_default() -> None:
    assert [str(it) for it in from_defaults(parse({"optimizer": {"kind": "adam", "lr": 0.1}}))] == [
        "optimizer sgd → adam",
        "optimizer.lr 0.001 → 0.1",
    ]


def test_own_data_differs_from_its_own_kind_and_in_nothing_from_the_usual_data() -> None:
    data = {"kind": "csv", "file": "sales.csv", "target": "price", "exclude": ["id"], "fill": "median"}
    assert [str(it) for it in from_defaults(parse({"data": data}))] == [
        "data digits → csv",
        "data.file – → sales.csv",
        "data.target – → price",
        "data.exclude – → id",
        "data.fill refuse → median",
    ]


def test_summary_of_a_model_without_activations() -> None:
    assert summary(parse({"model": "linear"})) == "digits · linear no hidden layer · sgd lr 0.1"


def test_summary() -> None:
    experiment = parse({"model": {"hidden": [100, 100]}, "optimizer": {"lr": 0.01}, "regularization": {"l2": 0.1}})
    assert summary(experiment) == "digits · mlp 2 × 100 · relu · sgd lr 0.01 · l2 0.1"


def test_fields_are_found_by_their_path() -> None:
    found = field_at("optimizer.lr", {"optimizer": "adam"})
    assert found is not None
    assert found.live
    assert field_at("optimizer.momentum", {"optimizer": "adam"}) is None
    assert field_at("seed", {}) is not None
    assert set(PICKS) == {"data", "model", "activation", "initialization", "loss", "optimizer", "schedule"}


def test_live_paths() -> None:
    assert set(live_paths()) == {
        "optimizer.lr",
        "regularization.l1.strength",
        "regularization.l2.strength",
        "regularization.augmentation.flip",
        "regularization.augmentation.rotate",
        "regularization.augmentation.shift",
        "regularization.dropout.rate",
        "regularization.gradient_clipping.norm",
        "regularization.input_noise.std",
        "regularization.label_smoothing.share",
        "regularization.weight_decay.strength",
        "training.batch_size",
        "training.pace",
    }
