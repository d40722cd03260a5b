"""`choices` and `schema`: read off the classes, so that a new choice needs nothing more."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.cli.conftest import Call
from tui_trainer.choices.base import Choice, families
from tui_trainer.choices.training import Training
from tui_trainer.cli.schema import file_schema
from tui_trainer.experiment.comparison import vary
from tui_trainer.experiment.dump import comparison_to_yaml
from tui_trainer.experiment.presets import presets
from tui_trainer.experiment.schema import Experiment
from tui_trainer.experiment.yaml_text import read

CHOICES = [(family, name, kind) for family, kinds in families().items() for name, kind in kinds.items()]


def _flat(text: str) -> str:
    return " ".join(text.split())


def test_the_overview_names_everything(call: Call) -> None:
    out = call("choices").out
    for family, name, _ in CHOICES:
        (line,) = [line for line in out.splitlines() if line.startswith(f"{family} ")]
        assert name in line


@pytest.mark.parametrize("family", families())
def test_a_family_says_what_each_choice_is(call: Call, family: str) -> None:
    out = _flat(call("choices", family).out)
    assert all(kind.summary() in out for kind in families()[family].values())


@pytest.mark.parametrize(("family", "name", "kind"), CHOICES)
def test_a_choice_explains_itself_and_its_fields(call: Call, family: str, name: str, kind: type[Choice]) -> None:
    result = call("choices", family, name)
    assert result.code == 0
    out = _flat(result.out)
    assert _flat(kind.explanation()) in out
    for field in kind.form():
        assert f"{family}.{name}.{field.name}" in out if family == "regularization" else f"{family}.{field.name}" in out
        for words in (field.help, field.low, field.high, field.bounds(), field.unit):
            assert _flat(words) in out


def test_training_is_explained_too(call: Call) -> None:
    out = _flat(call("choices", "training").out)
    assert all(f"training.{field.name} = " in out and _flat(field.help) in out for field in Training.form())
    assert "seed = 0" in call("choices", "experiment").out


def test_the_file_of_a_comparison_is_explained(call: Call) -> None:
    out = call("choices", "comparison").out
    assert {"base", "changes", "repeats"} <= set(out.splitlines())


@pytest.mark.parametrize(
    ("arguments", "meant"), [(["optimzer"], "optimizer"), (["optimizer", "adm"], "adam"), (["trainin"], "training")]
)
def test_misspelt_choices(call: Call, arguments: list[str], meant: str) -> None:
    result = call("choices", *arguments)
    assert (result.code, result.out) == (2, "")
    assert f"did you mean {meant}?" in result.err


def test_schema_is_a_schema(call: Call) -> None:
    schema = json.loads(call("schema").out)
    Draft202012Validator.check_schema(schema)
    assert schema["$defs"]["Experiment"]["properties"]["training"]


@pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset.name)
def test_schema_accepts_the_presets(preset: Any) -> None:
    mapping, _, _ = read(preset.path.read_text())
    Draft202012Validator(file_schema()).validate(mapping)


@pytest.mark.parametrize(
    "mapping",
    [
        {"optimizer": "adam", "model": "linear", "regularization": {"l2": 0.1, "dropout": True, "l1": False}},
        {"optimizer": {"lr": 0.3}, "training": {"epochs": 3}},
        {"model": {"kind": "mlp", "hidden": [3, 4]}, "data": {"kind": "moons"}, "seed": 7},
        {},
    ],
)
def test_schema_accepts_the_short_forms(mapping: dict[str, Any]) -> None:
    Draft202012Validator(file_schema()).validate(mapping)


@pytest.mark.parametrize(
    "mapping",
    [
        {"optimizer": "adm"},
        {"optimizer": {"kind": "adam", "lr": -1}},
        {"optimizer": {"kind": "sgd", "momentum": 1}},
        {"modle": "mlp"},
        {"model": {"kind": "mlp", "hidden": []}},
        {"regularization": {"l3": 1}},
        {"training": {"epochs": 0}},
        {"device": "gpu"},
    ],
)
def test_schema_refuses_what_the_program_refuses(mapping: dict[str, Any]) -> None:
    assert not Draft202012Validator(file_schema()).is_valid(mapping)


def test_schema_explains_fields_to_an_editor() -> None:
    lr = file_schema()["$defs"]["Sgd"]["properties"]["lr"]
    assert "Learning rate" in lr["description"]
    assert "Too high: " in lr["description"]


@pytest.mark.parametrize(
    "mapping",
    [
        {"base": "digits-mlp", "changes": {"a": {}, "b": None}},
        {
            "base": {"optimizer": "adam"},
            "changes": {"a": {"optimizer.lr": 0.1, "regularization.l2": 0.1}},
            "repeats": 3,
        },
        {"base": {}, "changes": {"a": {"optimizer": {"kind": "adam", "lr": 0.1}, "optimizer.momentum": 0.9}}},
        {"base": {}, "changes": {"a": {"data.folder": "x", "data.noise": 0.1, "training.pace": "full"}}, "name": "x"},
        {"base": {}, "changes": {"a": {"regularization.batch_norm": False, "model.hidden": [1], "device": "cpu"}}},
        {"base": {}, "changes": {"a": {"regularization.l2": None}, "b": {"regularization": {"l2": 0.1}}}},
        {"base": {}, "changes": {"a": {"optimizer.kind": "adam"}, "b": {"optimizer.kind": "sgd"}}},
    ],
)
def test_schema_accepts_comparisons(mapping: dict[str, Any]) -> None:
    Draft202012Validator(file_schema()).validate(mapping)


@pytest.mark.parametrize(
    ("path", "values"),
    [("optimizer.kind", ["sgd", "adam"]), ("regularization.l2", [None, 0.1]), ("model.hidden", [(3,), (3, 4)])],
)
def test_schema_accepts_what_the_program_writes(path: str, values: list[Any]) -> None:
    written = comparison_to_yaml(vary(Experiment(), path, values), full=True)
    Draft202012Validator(file_schema()).validate(read(written)[0])


@pytest.mark.parametrize(
    "mapping",
    [
        {"base": "digits-mlp"},
        {"changes": {"a": {}}},
        {"base": {"optimizer": "adm"}, "changes": {"a": {}}},
        {"base": {}, "changes": {}},
        {"base": {}, "changes": {str(i): {} for i in range(9)}},
        {"base": {}, "changes": {"a": {"optimizer.lrr": 0.1}}},
        {"base": {}, "changes": {"a": {"optimizer.lr": -1}}},
        {"base": {}, "changes": {"a": {"optimizer.kind": "adm"}}},
        {"base": {}, "changes": {"a": {"seed": 1}}},
        {"base": {}, "changes": {"a": {}}, "repeats": 0},
        {"base": {}, "changes": {"a": {}}, "training": {}},
        {"base": {}, "changes": {"": {}}},
    ],
)
def test_schema_refuses_what_is_no_comparison(mapping: dict[str, Any]) -> None:
    assert not Draft202012Validator(file_schema()).is_valid(mapping)
