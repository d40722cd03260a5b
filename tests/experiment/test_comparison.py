"""Comparisons in and out: every problem at once with its line, and arms that differ in what they say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tui_trainer.experiment.comparison import MOST_ARMS, Comparison, untuned_learning_rates, vary
from tui_trainer.experiment.dump import comparison_to_yaml
from tui_trainer.experiment.load import load_any_text, load_comparison_text, load_text
from tui_trainer.experiment.parse import parse
from tui_trainer.experiment.presets import own_folder, presets, save_own, save_own_comparison
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.schema import Experiment

CURES = """
name: cures
about: "two: colons"
base: {name: small, data: {kind: digits, train_samples: 300}, optimizer: {kind: adam, lr: 0.01}, seed: 5}
changes:
  baseline:
  l2 0.01: {regularization.l2: 0.01}
  "a: b, [c]": {data.train_samples: 1000, optimizer: sgd}
repeats: 3
"""


def problems_of(text: str) -> list[str]:
    with pytest.raises(ExperimentError) as caught:
        load_comparison_text(text, "f.yaml")
    return str(caught.value).splitlines()


def test_arms_are_the_base_with_their_changes() -> None:
    cures = load_comparison_text(CURES)
    baseline, l2, more = cures.arms
    assert [arm.name for arm in cures.arms] == ["baseline", "l2 0.01", "a: b, [c]"]
    assert baseline.experiment.model_copy(update={"name": "small"}) == cures.base
    assert l2.experiment.regularization["l2"] == parse({"regularization": {"l2": 0.01}}).regularization["l2"]
    assert more.experiment.data.train_samples == 1000
    assert (more.experiment.optimizer.kind, more.experiment.optimizer.lr) == ("sgd", 0.1)
    assert more.experiment.name == "cures a: b, [c]"
    assert cures.repeats == 3
    assert [l2.seeded(repeat).seed for repeat in range(3)] == [5, 6, 7]


TRANSFER = """
base: {data: digits}
changes:
  first: {}
  tuned: {warm_start.run: "arm: first", warm_start.freeze: 1}
  again: {warm_start: {run: "arm: tuned"}}
"""


def test_arms_may_begin_from_each_other_in_turn() -> None:
    arms = load_comparison_text(TRANSFER).arms
    assert [arm.experiment.warm_start.arm for arm in arms] == ["", "first", "tuned"]


def test_an_arm_cannot_begin_from_one_that_is_not_there_or_from_itself() -> None:
    (problem,) = problems_of(TRANSFER.replace("arm: first", "arm: frist"))
    assert (
        "changes.tuned.warm_start.run: there is no arm 'frist' to begin from (there are first, tuned, again)" in problem
    )
    round_about = problems_of(TRANSFER.replace("arm: first", "arm: again"))
    assert len(round_about) == 2
    assert all("arms begin from each other's weights" in problem for problem in round_about)
    assert "its own weights" in problems_of(TRANSFER.replace("arm: first", "arm: tuned"))[0]


def test_seeds_go_on_at_the_beginning_behind_the_last_one() -> None:
    arm = load_comparison_text("base: {seed: 4294967295}\nchanges: {a: {}}").arms[0]
    assert arm.seeded(1).seed == 0


@pytest.mark.parametrize("full", [False, True])
def test_what_is_written_reads_back_equal(full: bool) -> None:
    cures = load_comparison_text(CURES)
    again = load_comparison_text(comparison_to_yaml(cures, full=full))
    assert again == cures


def test_a_base_may_be_the_name_of_a_preset_and_is_written_out() -> None:
    cures = load_comparison_text("base: digits-overfit\nchanges: {x: {}, y: {seed: 1}}".replace(", y: {seed: 1}", ""))
    assert cures.base.data.train_samples == 300
    assert (cures.base.name, cures.base.about, cures.base.teaches) == ("digits-overfit", "", "")
    assert "base: {name: digits-overfit, data:" in comparison_to_yaml(cures)
    assert load_comparison_text(comparison_to_yaml(cures)) == cures


def test_all_problems_at_once_with_their_lines() -> None:
    lines = problems_of(
        """name: 5
bas: 3
epochs: 7
base: {optimizer: {lr: 0.1}}
changes:
  baseline: 3
  l2 0.01: {regularization.l2: -1, seed: 3}
  other:
    optimizer.lrr: 3
  "": {}
repeats: 0
"""
    )
    assert [":".join(line.split(": ")[:2]) for line in lines] == [
        "f.yaml:1:name",
        "f.yaml:2:bas",
        "f.yaml:3:epochs",
        "f.yaml:6:changes.baseline",
        "f.yaml:7:changes.l2 0.01.seed",
        "f.yaml:7:changes.l2 0.01.regularization.l2.strength",
        "f.yaml:9:changes.other.optimizer.lrr",
        "f.yaml:10:changes.",
        "f.yaml:11:repeats",
    ]
    assert "did you mean base?" in lines[1]
    assert "repeats: N" in lines[4]
    assert "at least 0" in lines[5]
    assert "did you mean lr?" in lines[6]
    assert "at least 1, at most 100" in lines[8]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("base: digits-mlp", "changes: is missing"),
        ("changes: {a: {}}", "base: is missing"),
        ("base: digits-mpl\nchanges: {a: {}}", "did you mean digits-mlp?"),
        ("base: [1]\nchanges: {a: {}}", "the name of a preset"),
        ("base: ../../etc/passwd.yaml\nchanges: {a: {}}", "there is no preset"),
        ("base: {optimizer: adm}\nchanges: {a: {}}", "f.yaml:1: base.optimizer: there is no optimizer"),
        ("base: {base: digits-mlp}\nchanges: {a: {}}", "is a comparison itself"),
        ("base: overfitting-cures\nchanges: {a: {}}", "is a comparison itself"),
        ("base: digits-mlp\nchanges: {}", "from 1 to 8"),
        ("base: digits-mlp\nchanges: [a]", "mapping of arms"),
        (
            "base: digits-mlp\nchanges: {" + ", ".join(f"a{i}: {{optimizer.lr: {i + 1}}}" for i in range(9)) + "}",
            "9 arms",
        ),
        ("base: digits-mlp\nchanges: {a: {}, b: {}}", "same experiment as a"),
        ("base: digits-mlp\nchanges: {a: {name: x}}", "cannot be changed by an arm"),
        ("base: digits-mlp\nchanges: {a: {optimizer: {kind: adam, lr: -1}}}", "changes.a.optimizer.lr: -1"),
        ("base: digits-mlp\nchanges: {a: {}, a: {optimizer: adam}}", "twice (first in line 2"),
        ("base: digits-mlp\nchanges: {a: {optimizer.lr: 1, optimizer.lr: 2}}", "twice (first in line 2"),
        ("base: digits-mlp\nchanges:\n\ta: {}", "a tab (indent with spaces)"),
        ('base: digits-mlp\nchanges: {"\\e[31mred": {}}', "cannot name an arm"),
        ("base: digits-mlp\nchanges: {a: {}}\nversion: 2", "newer than this program knows"),
        ("base: digits-mlp\nchanges: {a: {}}\nversion: 0", "version"),
        ("base: digits-mlp\nchanges: {a: {}}\nrepeats: 101", "at most 100"),
        ("base: digits-mlp\nchanges: {a: {}}\nrepeats: true", "whole number"),
        ("base: digits-mlp\nchanges: {a: {}}\nname: " + "x" * 200, "at most 100 characters"),
        ("base: digits-mlp\nchanges: {a: {}}\nseed: 3", "write it below base"),
        ("base: {epochs: 3}\nchanges: {a: {}}", "base.epochs: unknown name (did you mean training.epochs?)"),
        ("base: digits-mlp\nchanges: {a: {lr: 3}}", "changes.a.lr: unknown name (did you mean optimizer.lr?)"),
        ("base: digits-mlp\nchanges: {a: {}}\nepochs: 3", "did you mean base.training.epochs?"),
        ('base: digits-mlp\nchanges: {a: {"": 1}, b: {}}', "changes.a.: unknown name"),
        ("base: digits-mlp\nchanges: {? [1, 2]: {}}", "changes: a list or a mapping as a name"),
    ],
)
def test_bad_input_is_said_clearly(text: str, said: str) -> None:
    lines = problems_of(text)
    assert said in "\n".join(lines)
    assert all(line.startswith("f.yaml:") for line in lines)
    assert "\x1b" not in "".join(lines)


def test_a_preset_that_names_itself_is_no_endless_loop() -> None:
    own_folder().mkdir(parents=True)
    for name, base in (("a", "b"), ("b", "a")):
        (own_folder() / f"{name}.yaml").write_text(f"base: {base}\nchanges: {{x: {{}}}}\n")
    with pytest.raises(ExperimentError, match="b is a comparison itself"):
        next(preset for preset in presets() if preset.name == "a").comparison()


def test_an_experiment_is_no_comparison_and_the_other_way_round() -> None:
    assert isinstance(load_any_text("seed: 3"), Experiment)
    assert isinstance(load_any_text(CURES), Comparison)
    with pytest.raises(ExperimentError, match="is a comparison"):
        load_text(CURES)
    with pytest.raises(ExperimentError, match="base: is missing"):
        load_comparison_text("seed: 3")


def test_presets_tell_what_they_are() -> None:
    known = {preset.name: preset for preset in presets()}
    assert known["overfitting-cures"].is_comparison
    assert not known["digits-mlp"].is_comparison
    with pytest.raises(ExperimentError, match="tui-trainer compare overfitting-cures"):
        known["overfitting-cures"].experiment()
    with pytest.raises(ExperimentError, match="not a comparison"):
        known["digits-mlp"].comparison()
    broken = save_own("broken", Experiment())
    broken.path.write_text("base: [")
    assert not broken.is_comparison


def test_an_own_comparison_is_saved_and_read_back() -> None:
    cures = load_comparison_text(CURES)
    saved = save_own_comparison("mine", cures)
    assert saved.is_comparison
    assert saved.comparison() == cures.renamed("mine")
    with pytest.raises(FileExistsError):
        save_own_comparison("mine", cures)


def test_the_words_of_a_preset_are_kept_only_while_they_are_true() -> None:
    shipped = next(preset for preset in presets() if preset.name == "overfitting-cures").comparison()
    assert save_own_comparison("same", shipped).comparison().teaches == shipped.teaches
    fewer = save_own_comparison("fewer", replace(shipped, arms=shipped.arms[:2])).comparison()
    assert (fewer.about, fewer.teaches) == ("", "")
    assert shipped.with_base({"seed": 7, "training.pace": "full"}).teaches == shipped.teaches
    assert shipped.with_base({"training.epochs": 7}).teaches == ""


def test_a_comparison_without_a_name_is_called_like_its_file(tmp_path: Path) -> None:
    from tui_trainer.experiment.presets import find

    (tmp_path / "mine.yaml").write_text("base: {}\nchanges: {a: {}, b: {optimizer: adam}}")
    comparison = find(str(tmp_path / "mine.yaml")).comparison()
    assert (comparison.name, comparison.arms[1].experiment.name) == ("mine", "mine b")


def test_with_base_leaves_what_an_arm_changes_itself() -> None:
    cures = load_comparison_text(CURES).with_base({"data.train_samples": 50, "seed": 1})
    assert [arm.experiment.data.train_samples for arm in cures.arms] == [50, 50, 1000]
    assert {arm.experiment.seed for arm in cures.arms} == {1}
    with pytest.raises(ExperimentError, match="same experiment as baseline"):
        cures.with_base({"regularization.l2": 0.01})


def test_vary_starts_each_optimizer_with_its_own_default_rate() -> None:
    base = parse({"name": "mine", "about": "words", "optimizer": {"kind": "sgd", "lr": 0.7}})
    varied = vary(base, "optimizer", ["sgd", "momentum", "adam"])
    assert [arm.name for arm in varied.arms] == ["sgd", "momentum", "adam"]
    assert [arm.experiment.optimizer.lr for arm in varied.arms] == [0.7, 0.01, 0.001]
    assert Comparison("", base, varied.arms).base.about == ""
    assert (varied.name, varied.base.about, varied.repeats) == ("mine optimizer", "", 1)
    assert load_comparison_text(comparison_to_yaml(varied)) == varied


@pytest.mark.parametrize(
    ("path", "values", "names"),
    [
        ("optimizer.lr", [0.1, 1e-3], ["lr 0.1", "lr 0.001"]),
        ("activation", ["relu", "tanh"], ["relu", "tanh"]),
        ("optimizer.kind", ["sgd", "adam"], ["sgd", "adam"]),
        ("regularization.l2", [False, 0.01], ["l2 off", "l2 0.01"]),
        ("regularization.dropout.rate", [0.1, 0.2], ["dropout 0.1", "dropout 0.2"]),
        (
            "regularization.early_stopping.min_delta",
            [0.1, 0.2],
            ["early_stopping min_delta 0.1", "early_stopping min_delta 0.2"],
        ),
        ("regularization.batch_norm", [False, True], ["batch_norm off", "batch_norm on"]),
        ("model.hidden", [(8,), [8, 8], [8, 4]], ["hidden 8", "hidden 2 × 8", "hidden 8,4"]),
        ("data.train_samples", [None, 300], ["all samples", "train_samples 300"]),
    ],
)
def test_varied_arms_are_named_by_what_differs(path: str, values: list[Any], names: list[str]) -> None:
    varied = vary(Experiment(), path, values)
    assert [arm.name for arm in varied.arms] == names
    assert load_comparison_text(comparison_to_yaml(varied)) == varied


def test_the_experiment_of_a_varied_arm_names_the_field_once() -> None:
    base = Experiment(name="mine")
    rates, kinds = (vary(base, path, values) for path, values in VARIED.items())
    assert [arm.experiment.name for arm in rates.arms] == ["mine lr 0.1", "mine lr 0.2"]
    assert [arm.experiment.name for arm in kinds.arms] == ["mine optimizer sgd", "mine optimizer adam"]
    assert load_comparison_text(comparison_to_yaml(rates)) == rates


VARIED: dict[str, list[Any]] = {"optimizer.lr": [0.1, 0.2], "optimizer": ["sgd", "adam"]}


@pytest.mark.parametrize(
    ("path", "values", "said"),
    [
        ("optimizer.lr", [0.1], "from 2 to 8"),
        ("optimizer.lr", [0.1 * i for i in range(1, MOST_ARMS + 2)], "from 2 to 8"),
        ("optimizer.lr", [0.1, 0.1], "twice"),
        ("optimizer.lr", [0.1, -1], "lr -1.optimizer.lr: -1 does not fit"),
        ("optimizer.nothing", [1, 2], "unknown name"),
        ("seed", [1, 2], "repeats: N"),
    ],
)
def test_what_cannot_be_varied_is_said(path: str, values: list[Any], said: str) -> None:
    with pytest.raises(ExperimentError, match=said):
        vary(Experiment(), path, values)


def test_learning_rates_are_untuned_while_all_are_defaults() -> None:
    kinds = [parse({"optimizer": kind}) for kind in ("sgd", "adam")]
    assert untuned_learning_rates(kinds)
    assert not untuned_learning_rates(kinds[:1])
    assert not untuned_learning_rates([kinds[0], parse({"optimizer": {"kind": "adam", "lr": 0.01}})])
