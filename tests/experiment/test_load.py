"""Experiments in: every problem at once, each with its line, its path and what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_trainer.choices.regularizers import L2
from tui_trainer.experiment.load import load_file, load_text
from tui_trainer.experiment.parse import parse
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.schema import Experiment, value_at


def problems_of(text: str) -> list[str]:
    with pytest.raises(ExperimentError) as caught:
        load_text(text, "f.yaml")
    return str(caught.value).splitlines()


def test_nothing_is_the_default_experiment() -> None:
    assert load_text("") == Experiment()
    assert parse({}) == Experiment()


def test_short_forms() -> None:
    experiment = load_text(
        "optimizer: {lr: 1e-3}\nregularization: {l2: 0.1, dropout: true, l1: false}\nactivation: tanh\n"
    )
    assert (experiment.optimizer.kind, experiment.optimizer.lr) == ("sgd", 0.001)
    assert experiment.regularization["l2"] == L2(strength=0.1)
    assert list(experiment.regularization) == ["l2", "dropout"]
    assert experiment.activation.kind == "tanh"


def test_all_problems_at_once_with_their_lines() -> None:
    lines = problems_of(
        "optimizer: sdg\nmodel: {kind: mlp, hidden: [5, 0]}\nfoo: 1\ntraining:\n  batch_size: 0\n  epochs: abc\n"
    )
    assert [line.split(": ")[0] for line in lines] == ["f.yaml:1", "f.yaml:2", "f.yaml:3", "f.yaml:5", "f.yaml:6"]
    assert [line.split(": ")[1] for line in lines] == [
        "optimizer",
        "model.hidden.1",
        "foo",
        "training.batch_size",
        "training.epochs",
    ]
    assert "did you mean sgd?" in lines[0]
    assert "at least 1" in lines[3]
    assert "a whole number" in lines[4]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nseed: &x 1\ndata: *x", "alias"),
        ("seed: 1\n---\nseed: 2", "second document"),
        ("\tseed: 1", "f.yaml:1"),
        ("seed: 1\nname: b\x07ell", "f.yaml:2: a control character, '\\x07'"),
        ("- 1", "not an experiment"),
        ("seed: [1,", "f.yaml"),
        ("seed: !!python/object:os.system {}", "is a tag"),
        ("[" * 5000, "nested too deeply"),
        ("version: 2", "newer than this program knows"),
        ("version: one", "version: 'one' does not fit (must be one of 1)"),
        ("optimizer: {lr: .nan}", "must be a number"),
        ("optimizer: {lr: .inf}", "must be a number"),
        ("optimizer: {lr: }", "must be a number"),
        ("optimizer: {lr: '0.1'}", "must be a number"),
        ("optimizer: {lrr: 1}", "did you mean lr?"),
        ("epochs: 3", "epochs: unknown name (did you mean training.epochs?)"),
        ("lr: 0.1", "did you mean optimizer.lr?"),
        ("hidden: [8]", "did you mean model.hidden?"),
        ("dropout: 0.2", "did you mean regularization.dropout?"),
        ("training: {lr: 0.1}", "training.lr: unknown name (did you mean optimizer.lr?)"),
        (
            "training: {strength: 1}",
            "l1.strength, regularization.l2.strength or regularization.weight_decay.strength?",
        ),
        ("optimizer: {kind: sgd, beta1: 0.9}", "optimizer.beta1: unknown name (known: kind, lr)"),
        ("optimizer: {kind: sgd, momentum: 0.9}", "optimizer.momentum: unknown name (known: kind, lr)"),
        ("optimizer.lr: 3", "nest it: optimizer: {lr: …}"),
        ("regularization: {l22: 1}", "did you mean l2?"),
        ("regularization: {l2: high}", "{strength: …}"),
        ("regularization: {l2: {strength: -1}}", "at least 0"),
        ("regularization: 3", "mapping"),
        ("training: 3", "mapping"),
        ("data: 3", "such as digits"),
        ("device: gpu", "cuda:0"),
        ("seed: 1\nseed: 2", "twice (first in line 1"),
        ("seed: yes", "a whole number"),
        ("training: {pace: 0}", "above 0 or full"),
        ("training: {evaluate_every: 0.5}", "a whole number"),
        ("seed: 9" + "9" * 5000, "at most"),
        ("name: " + "x" * 200, "name"),
        ('"": 1', "f.yaml:1: unknown name"),
        ("training: {? [1]: 2}", "f.yaml:1: training: a list or a mapping as a name"),
    ],
)
def test_bad_input_is_said_clearly(text: str, said: str) -> None:
    assert said in "\n".join(problems_of(text))


def test_an_anchor_bomb_is_refused_before_it_expands() -> None:
    bomb = "a: &a [x,x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)},*{chr(97 + i)}]\n" for i in range(20)
    )
    assert "alias" in problems_of(bomb)[0]


def test_a_problem_never_carries_what_a_terminal_obeys() -> None:
    assert "\x1b" not in problems_of('optimizer: "\\e[31mred"')[0]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ExperimentError, match="No such file"):
        load_file(tmp_path / "none.yaml")
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"seed: 1\nname: caf\xe9\n")
    with pytest.raises(ExperimentError, match=r"latin\.yaml:2: not UTF-8"):
        load_file(latin)


def test_a_byte_order_mark_is_no_problem(tmp_path: Path) -> None:
    path = tmp_path / "bom.yaml"
    path.write_bytes(b"\xef\xbb\xbfseed: 3\n")
    assert load_file(path).seed == 3


def test_value_at() -> None:
    experiment = parse({"regularization": {"l2": 0.1}})
    assert value_at(experiment, "optimizer.lr") == experiment.optimizer.lr
    assert value_at(experiment, "regularization.l2.strength") == 0.1
    assert value_at(experiment, "regularization.l1.strength") is None
    with pytest.raises(KeyError):
        value_at(experiment, "optimizer.none")


@pytest.mark.parametrize("key", ["²", "5"])
def test_a_key_that_is_a_number_is_only_an_unknown_name(key: str) -> None:
    (line,) = problems_of(f'optimizer:\n  "{key}": 1\n')
    assert "unknown name" in line


def test_a_field_whose_name_ends_in_a_digit_is_explained_like_any_other() -> None:
    (line,) = problems_of("optimizer: {kind: adam, beta1: 2}\n")
    assert line == "f.yaml:1: optimizer.beta1: 2 does not fit (must be a number, at least 0, below 1)"


def test_text_that_was_no_utf8_is_refused() -> None:
    assert problems_of("name: \udcff") == ["f.yaml: not UTF-8 text"]
