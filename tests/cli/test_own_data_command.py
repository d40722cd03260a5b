"""Data of one's own on the command line: trained, checked, refused."""

from __future__ import annotations

import contextlib
import json
import math
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pexpect
import pytest

from tests.cli.conftest import Call
from tui_trainer.runs import view as views
from tui_trainer.runs.store import Store


@pytest.fixture
def houses(tmp_path: Path) -> Path:
    draw = random.Random(0)
    path = tmp_path / "houses.csv"
    rows = [(f"H{i}", draw.choice("ab"), draw.uniform(20, 120)) for i in range(200)]
    path.write_text(
        "id,city,area,price\n" + "".join(f"{i},{c},{a:.1f},{a * (2 if c == 'a' else 1):.1f}\n" for i, c, a in rows)
    )
    return path


def test_a_table_trains(call_program: Call, store: Store, houses: Path) -> None:
    result = call_program("run", str(houses), "--set", "training.epochs=60", "--json")

    assert (result.code, result.err) == (0, "")
    assert result.out.splitlines()[:2] == [
        "predicts price (by its name)",
        "left out: id (more than 50 different texts)",
    ]
    results = json.loads(result.out.splitlines()[-1])
    assert results["validation"]["r2"] > 0.9
    (folder,) = store.folders()
    assert folder.experiment().name == "houses"


def test_a_series_a_text_and_arrays_train(call_program: Call, tmp_path: Path) -> None:
    import numpy as np

    series = tmp_path / "series.csv"
    series.write_text(
        "day,y\n" + "".join(f"2024-{i // 28 + 1:02d}-{i % 28 + 1:02d},{math.sin(i / 3):.4f}\n" for i in range(200))
    )
    text = tmp_path / "text.txt"
    text.write_text("the quick brown fox. " * 100)
    np.savez(tmp_path / "arrays.npz", x=np.random.default_rng(0).normal(size=(100, 3)), y=np.arange(100) % 2)
    for path in (series, text, tmp_path / "arrays.npz"):
        short = ("--set", "training.epochs=2", "--set", "schedule.warmup=0")
        result = call_program("run", str(path), *short, "--json")
        assert (result.code, result.err) == (0, ""), path
        results = json.loads(result.out.splitlines()[-1])
        assert results["state"] == "finished"


def test_an_unknown_target_names_the_columns(call: Call, houses: Path, store: Store) -> None:
    result = call("run", str(houses), "--target", "prise")
    assert result.code == 2
    assert result.err == (
        f"{houses}: there is no column 'prise' (did you mean 'price'? columns: id, city, area, price)\n"
    )
    assert not store.folders()


def test_what_only_a_worker_finds_names_the_line_of_the_data(call_program: Call, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,y\n" + "1,1.5\n2,2.5\n" * 10 + "inf,3.5\n")
    result = call_program("run", str(path))
    assert result.code == 2
    assert result.err == f"data.file: {path}:22: 'a' is inf; every number must be finite, and at most 3e+38\n"


def test_a_target_is_for_tables_only(call: Call) -> None:
    result = call("run", "digits-mlp", "--target", "price")
    assert result.code == 2
    assert "digits-mlp is an experiment, which says itself what is predicted" in result.err


def test_values_can_be_set(call: Call, houses: Path) -> None:
    result = call("run", str(houses), "--set", "data.exclude=[nothing]", "--set", "model.hidden=[0]")
    assert result.code == 2
    assert "--set: model.hidden" in result.err


def test_check_reads_the_data(call: Call, houses: Path, tmp_path: Path) -> None:
    result = call("check", str(houses))
    assert (result.code, result.err) == (0, "")
    assert result.out == (f"{houses}: ok; predicts price (by its name); left out: id (more than 50 different texts)\n")

    with houses.open("a") as file:
        file.write("200,a,inf,7\n")
    result = call("check", str(houses))
    assert (result.code, result.out) == (2, "")
    assert f"{houses}:202: 'area' is inf" in result.err

    (tmp_path / "empty.csv").write_text("")
    result = call("check", str(tmp_path / "empty.csv"), str(tmp_path / "none.csv"))
    assert result.code == 2
    assert result.err == f"{tmp_path}/empty.csv: empty\n{tmp_path}/none.csv: no such file\n"


def test_bad_data_is_said_before_the_dashboard_opens(call: Call, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n")
    result = call(str(tmp_path / "t.csv"))
    assert result.code == 2
    assert result.err == f"{tmp_path}/t.csv: a header alone; a header and a row for each sample are needed\n"


def test_a_preset_is_named_without_importing_what_data_needs() -> None:
    code = "import sys; from tui_trainer.cli.own import suggested; suggested('digits-l2', '', ()); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert not {"pydantic", "tui_trainer.choices"} & set(done.stdout.split())


def test_the_dashboard_opens_on_a_table_and_space_trains(houses: Path, store: Store) -> None:
    terminal = pexpect.spawn(
        sys.executable,
        ["-m", "tui_trainer", str(houses), "--set", "training.epochs=3"],
        env=os.environ | {"TERM": "xterm-256color"},
        dimensions=(36, 120),
        encoding="utf-8",
    )
    terminal.expect("houses", timeout=60)
    terminal.expect("csv", timeout=60)
    terminal.send(" ")
    deadline = time.monotonic() + 120
    while not any(views.read(folder).state == "finished" for folder in store.folders()):
        assert time.monotonic() < deadline
        with contextlib.suppress(pexpect.TIMEOUT):
            terminal.expect("nothing that is ever written", timeout=0.2)
    terminal.close(force=True)
    (folder,) = store.folders()
    assert folder.experiment().data.kind == "csv"
