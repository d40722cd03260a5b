"""Tables and lists: read, written, changed by path, set side by side, varied."""

from __future__ import annotations

from typing import Any

import pytest

from tui_trainer.choices.models import Cnn
from tui_trainer.choices.models.cnn import Block
from tui_trainer.experiment.comparison import vary
from tui_trainer.experiment.diff import change_in_words, diff, from_defaults, summary
from tui_trainer.experiment.dump import comparison_to_yaml, to_mapping, to_yaml
from tui_trainer.experiment.fields import columns_at, field_at, paths
from tui_trainer.experiment.load import load_comparison_text, load_text
from tui_trainer.experiment.overrides import assignment, parse_assignment, set_value, set_values
from tui_trainer.experiment.parse import parse
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.schema import Experiment, value_at

EXPERIMENT = parse({"model": {"kind": "cnn", "blocks": [16, {"filters": 8, "kernel": 5}], "hidden": [64, 32]}})
IN_LINES = """
model:
  kind: cnn
  blocks:
    - 8
    - filters: 3
      {line}
"""


def blocks_of(experiment: Experiment) -> tuple[Block, ...]:
    assert isinstance(experiment.model, Cnn)
    return experiment.model.blocks


def changed(text: str, experiment: Experiment = EXPERIMENT) -> Experiment:
    return set_values(experiment, dict([parse_assignment(text)]))


def test_a_bare_value_stands_for_the_first_column() -> None:
    assert blocks_of(EXPERIMENT) == (Block(filters=16), Block(filters=8, kernel=5))


@pytest.mark.parametrize("full", [False, True])
def test_what_is_written_reads_back_equal(full: bool) -> None:
    assert load_text(to_yaml(EXPERIMENT, full=full)) == EXPERIMENT


def test_rows_are_written_as_short_as_they_can_be() -> None:
    assert "blocks: [16, {filters: 8, kernel: 5}], hidden: [64, 32]" in to_yaml(EXPERIMENT)
    assert to_mapping(parse({"model": {"kind": "cnn", "blocks": [{}, {"kernel": 5}]}}))["model"] == {
        "kind": "cnn",
        "blocks": [16, {"kernel": 5}],
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("kernel: 0", "f:7: model.blocks.1.kernel: 0 does not fit (must be a whole number, at least 1, at most 64)"),
        ("kernl: 3", "f:7: model.blocks.1.kernl: unknown name (did you mean kernel?"),
        ("pooling: mx", "f:7: model.blocks.1.pooling: 'mx' does not fit (must be one of none, max, average)"),
        (
            "padding: 1.5",
            "f:7: model.blocks.1.padding: 1.5 does not fit (must be a whole number, at least 0, at most 64 or",
        ),
    ],
)
def test_what_is_wrong_in_a_row_is_said_with_its_line(line: str, said: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        load_text(IN_LINES.format(line=line), "f")
    (problem,) = caught.value.problems
    assert str(problem).startswith(said)
    assert problem.column == 7


@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        ("16", "model.blocks: 16 does not fit (must be a list of 1 to 50 blocks, such as [16, {"),
        ("[]", "model.blocks: [] does not fit (must be a list of 1 to 50 blocks"),
        ("[8, abc]", "model.blocks.1.filters: 'abc' does not fit (must be a whole number"),
        ("[8, null]", "model.blocks.1.filters: None does not fit (must be a whole number"),
        ("[[8]]", "model.blocks.0.filters: [8] does not fit (must be a whole number"),
        (f"[{', '.join(['8'] * 51)}]", "does not fit (must be a list of 1 to 50 blocks"),
    ],
)
def test_what_is_no_table(blocks: str, said: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        load_text(f"model: {{kind: cnn, blocks: {blocks}}}")
    (problem,) = caught.value.problems
    assert said in str(problem)


def test_a_member_of_a_list_is_told_by_its_place() -> None:
    with pytest.raises(ExperimentError, match=r"model\.hidden\.1: 'x' does not fit \(must be a whole number"):
        load_text("model: {kind: cnn, hidden: [3, x]}")
    with pytest.raises(ExperimentError, match=r"data\.exclude\.0: 3 does not fit \(must be a text"):
        load_text("data: {kind: csv, file: a.csv, exclude: [3]}")


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("model.blocks.0.filters=8", [8, {"filters": 8, "kernel": 5}]),
        ("model.blocks.0.kernel=5", [{"filters": 16, "kernel": 5}, {"filters": 8, "kernel": 5}]),
        ("model.blocks.1=32", [16, 32]),
        ("model.blocks.2=32", [16, {"filters": 8, "kernel": 5}, 32]),
        ("model.blocks.2.kernel=3", [16, {"filters": 8, "kernel": 5}, {"kernel": 3}]),
        ("model.blocks=[{filters: 8}, 16]", [8, 16]),
    ],
)
def test_assignments_reach_into_rows(text: str, blocks: list[Any]) -> None:
    assert blocks_of(changed(text)) == tuple(Block.model_validate(block) for block in blocks)


def test_a_row_that_is_only_a_default_can_be_changed() -> None:
    experiment = set_values(Experiment(), {"model": "cnn", "model.blocks.1.filters": 5, "model.hidden.0": 7})
    assert [block.filters for block in blocks_of(experiment)] == [16, 5]
    assert value_at(experiment, "model.hidden") == (7,)
    assert set_value({}, "model.hidden.0", 7) == {"model": {"hidden": [7]}}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("model.blocks.5=3", "has no such member (it has 2, and the first one is 0)"),
        ("model.blocks.9.filters=3", "has no such member"),
        ("model.hidden.3=3", "has no such member"),
        ("model.blocks.0.kernl=5", "did you mean kernel?"),
        ("model.blocks.1.filters=0", "model.blocks.1.filters: 0 does not fit"),
        ("model.blocks.x.filters=3", "model.blocks: "),
        ("model.hidden.0.filters=3", "model.hidden.0: "),
    ],
)
def test_assignments_that_reach_nothing(text: str, said: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        changed(text)
    assert said in str(caught.value)


def test_fields_are_found_in_rows_and_lists() -> None:
    mapping = to_mapping(EXPERIMENT)
    kernel = field_at("model.blocks.1.kernel", mapping)
    unit = field_at("model.hidden.0", mapping)
    assert kernel is not None
    assert (kernel.type, kernel.minimum, kernel.maximum) == ("integer", 1, 64)
    assert unit is not None
    assert (unit.type, unit.minimum) == ("integer", 1)
    assert field_at("model.blocks.0", mapping) is None
    assert [column.name for column in columns_at("model.blocks.0", mapping)][:2] == ["filters", "kernel"]
    assert field_at("model.blocks.0.none", mapping) is None
    assert {"model.blocks", "model.blocks.0.filters"} <= set(paths())


def test_values_are_found_in_rows_and_lists() -> None:
    assert value_at(EXPERIMENT, "model.blocks.1.kernel") == 5
    assert value_at(EXPERIMENT, "model.hidden.1") == 32
    assert value_at(EXPERIMENT, "model.blocks.7.kernel") is None
    with pytest.raises(KeyError):
        value_at(EXPERIMENT, "model.blocks.0.none")


def test_tables_that_differ_in_little_are_told_cell_by_cell() -> None:
    def told(text: str) -> list[str]:
        return [str(difference) for difference in diff(EXPERIMENT, changed(text))]

    assert told("model.blocks.1.kernel=3") == ["model.blocks.1.kernel 5 → 3"]
    assert told("model.blocks.1=32") == ["model.blocks.1.filters 8 → 32, model.blocks.1.kernel 5 → 3"]
    assert told("model.blocks=[16]") == ["model.blocks 16, 8 kernel 5 → 16"]
    assert told("model.blocks.0.kernel=3") == []
    assert [str(it) for it in from_defaults(EXPERIMENT)] == [
        "model mlp → cnn",
        "model.blocks.1.filters 32 → 8, model.blocks.1.kernel 3 → 5",
        "model.hidden 64 → 64,32",
    ]


def test_a_table_in_a_few_words() -> None:
    assert summary(EXPERIMENT) == "digits · cnn 16-8 · 64-32 · relu · sgd lr 0.1"
    assert change_in_words("model.blocks.2.kernel", 5) == "block 3 kernel 5"
    assert change_in_words("model.blocks", [16, 16]) == "blocks 2 × 16"
    assert change_in_words("model.blocks", [16, {"filters": 8, "kernel": 5}]) == "blocks 16, filters 8 kernel 5"
    assert change_in_words("model.hidden.1", 50) == "hidden 2 50"


def test_a_cell_is_varied_and_the_comparison_reads_back() -> None:
    comparison = vary(EXPERIMENT, "model.blocks.0.filters", [4, 8])
    assert [arm.name for arm in comparison.arms] == ["block 1 filters 4", "block 1 filters 8"]
    assert [blocks_of(arm.experiment)[0].filters for arm in comparison.arms] == [4, 8]
    read = load_comparison_text(comparison_to_yaml(comparison))
    assert [arm.experiment.model for arm in read.arms] == [arm.experiment.model for arm in comparison.arms]


def test_whole_tables_are_varied_and_the_comparison_reads_back() -> None:
    comparison = vary(EXPERIMENT, "model.blocks", [blocks_of(EXPERIMENT), [8]])
    assert [arm.name for arm in comparison.arms] == ["blocks 16, 8 kernel 5", "blocks 8"]
    read = load_comparison_text(comparison_to_yaml(comparison))
    assert [arm.experiment.model for arm in read.arms] == [arm.experiment.model for arm in comparison.arms]


def test_an_assignment_says_a_table_in_its_short_form() -> None:
    text = assignment("model.blocks", blocks_of(EXPERIMENT))
    assert text == "model.blocks=[16, {filters: 8, kernel: 5}]"
    assert blocks_of(changed(text, parse({"model": "cnn"}))) == blocks_of(EXPERIMENT)
