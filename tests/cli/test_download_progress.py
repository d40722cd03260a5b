"""How `run` shows the download of a data set."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Call
from tests.mirror import serving
from tui_trainer.cli.progress import Lines, bar_line
from tui_trainer.runs.records import Preparing, RunView

WAITING = RunView(id="a", name="a", state="starting", preparing=Preparing("mnist", 3_000_000, 12_000_000))


def test_a_terminal_shows_a_bar() -> None:
    line = bar_line(WAITING, 80)
    assert line.startswith("downloading mnist ")
    assert line.endswith(" 3 MB of 12 MB")
    assert len(bar_line(WAITING, 30)) == 30


def test_a_file_gets_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines()
    for _ in range(3):
        lines.show(WAITING)
    assert capsys.readouterr().out == "downloading mnist, 12 MB\n"


def test_without_the_files_it_says_where_to_put_them(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUI_TRAINER_CACHE", str(tmp_path))
    with serving() as mirror:
        mirror.files.clear()
        monkeypatch.setenv("TUI_TRAINER_MIRROR", mirror.address)
        result = call("run", "mnist-300-overfit")

    assert result.code == 1
    assert "mnist cannot be downloaded" in result.err
    assert f"into {tmp_path / 'mnist'}" in result.err
    assert "t10k-images-idx3-ubyte.gz" in result.err
    assert "Traceback" not in result.err + result.out
