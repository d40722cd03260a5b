"""`presets` and `check`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Call
from tui_trainer.experiment.load import load_text
from tui_trainer.experiment.presets import presets, save_own
from tui_trainer.experiment.schema import Experiment


def test_presets_are_listed_with_what_they_are(call: Call) -> None:
    result = call("presets")
    assert result.code == 0
    listed = {line.split()[0]: line for line in result.out.splitlines()}
    assert set(listed) == {preset.name for preset in presets()}
    assert "learn" in listed["digits-mlp"]


def test_comparisons_are_listed_with_their_arms_and_checked(call: Call, tmp_path: Path) -> None:
    listed = {line.split()[0]: line for line in call("presets").out.splitlines()}
    assert listed["learning-rates"].endswith("(4 arms)")
    assert "base:" in call("presets", "learning-rates").out
    file = tmp_path / "mine.yaml"
    file.write_text("base: digits-mlp\nchanges:\n  a: {optimizer.lr: -1}\n")
    result = call("check", "learning-rates", str(file))
    assert (result.code, result.out) == (2, "learning-rates: ok\n")
    assert result.err.startswith(f"{file}:3: changes.a.optimizer.lr: -1 does not fit")


def test_own_presets_are_marked(call: Call) -> None:
    save_own("mine", Experiment(about="Something else"))
    assert "Something else (your own)" in call("presets").out


def test_a_broken_own_preset_does_not_hide_the_others(call: Call) -> None:
    save_own("mine", Experiment()).path.write_text("modle: mlp\n")
    result = call("presets")
    assert result.code == 0
    assert "tui-trainer check" in result.out
    assert "digits-mlp" in result.out


def test_a_preset_is_printed_as_yaml_that_reads_back(call: Call) -> None:
    result = call("presets", "digits-mlp")
    (preset,) = [preset for preset in presets() if preset.name == "digits-mlp"]
    assert load_text(result.out) == preset.experiment()


def test_a_misspelt_preset(call: Call) -> None:
    result = call("presets", "digits-mpl")
    assert (result.code, result.out) == (2, "")
    assert "did you mean digits-mlp" in result.err


def test_check_says_ok(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("optimizer: {kind: adam, lr: 1e-3}\n")
    result = call("check", "digits-mlp", str(file))
    assert result.code == 0
    assert result.out == f"digits-mlp: ok\n{file}: ok\n"


def test_check_says_all_that_is_wrong_in_all_files(call: Call, tmp_path: Path) -> None:
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    one.write_text("modle: mlp\noptimizer:\n  kind: sgd\n  lr: -1\n")
    two.write_text("activation: rellu\n")
    result = call("check", str(one), "digits-mlp", str(two))
    assert result.code == 2
    assert result.out == "digits-mlp: ok\n"
    lines = result.err.splitlines()
    assert [line.rpartition("(")[0].strip() for line in lines] == [
        f"{one}:1: modle: unknown name",
        f"{one}:4: optimizer.lr: -1 does not fit",
        f"{two}:1: activation: there is no activation 'rellu'",
    ]
    assert "did you mean model" in lines[0]
    assert "above 0" in lines[1]
    assert "did you mean relu" in lines[2]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"- a list", b"a: [", b"a: &x 1\nb: *x\n"])
def test_check_survives_what_is_no_experiment(call: Call, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "mine.yaml"
    file.write_bytes(content)
    result = call("check", str(file))
    assert result.code == 2
    assert result.err.startswith(str(file))


def test_check_of_a_missing_file(call: Call) -> None:
    result = call("check", "nowhere.yaml")
    assert result.code == 2
    assert "nowhere.yaml" in result.err


def test_check_needs_a_file(call: Call) -> None:
    assert call("check").code == 2


def test_check_finds_what_only_the_data_of_an_arm_shows(call: Call, tmp_path: Path) -> None:
    table = tmp_path / "houses.csv"
    rows = [f"{area},{'' if area == 7 else 1990 + area},{3 * area}" for area in range(60)]
    table.write_text("\n".join(["area,built,price", *rows, ""]))
    base = f"base: {{data: {{kind: csv, file: {table}, target: price, fill: mean}}}}\n"
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(base + "changes: {plain: {}, zero: {data.fill: zero}}\n")
    bad.write_text(base + "changes:\n  plain: {}\n  strict: {data.fill: refuse}\n  odd: {data.target: prize}\n")
    result = call("check", str(good), str(bad))
    assert (result.code, result.out) == (2, f"{good}: ok\n")
    strict, odd = result.err.splitlines()
    assert strict.startswith(f"{bad}:4: changes.strict.data.fill: {table}:9: 'built' is missing")
    assert odd.startswith(f"{bad}:5: changes.odd.data.target: there is no column 'prize'")


def test_check_finds_that_a_network_cannot_be_built(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("data: wine\nmodel: cnn\n")
    result = call("check", str(file))
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"{file}:2: model")


def test_what_is_misspelt_is_said_without_a_worker(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_trainer.runs.workers.COMMAND", ("/nowhere",))
    file = tmp_path / "mine.yaml"
    file.write_text("modle: mlp\n")
    assert call("check", str(file)).err.startswith(f"{file}:1: modle")
