"""How `run` shows the download of a data set."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.conftest import Call
from tests.mirror import Mirror, serving
from tests.recorded import Recording, finished
from tui_trainer.choices.data import Digits, Missing
from tui_trainer.cli.comparisons.training import Training, Turn
from tui_trainer.cli.downloads import AfterDownload, download_line
from tui_trainer.cli.interruption import Interruption
from tui_trainer.cli.progress import Lines
from tui_trainer.runs.records import Preparing, RunView
from tui_trainer.runs.store import Store

WAITING = RunView(id="a", name="a", state="starting", preparing=Preparing("mnist", 3_000_000, 12_000_000))


class Stream(io.StringIO):
    """What is written to a terminal, or to a file."""

    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


def test_a_bar_says_how_far_it_is() -> None:
    assert WAITING.preparing
    line = download_line(WAITING.preparing, 80)
    assert line.startswith("downloading mnist ")
    assert line.endswith(" 3 MB of 12 MB")
    assert len(download_line(WAITING.preparing, 30)) == 30


def test_a_terminal_shows_a_bar_until_it_trains(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    stream = Stream(terminal=True)
    shown = AfterDownload(Lines(), stream)
    shown.show(WAITING)
    assert "3 MB of 12 MB" in stream.getvalue()
    assert not stream.getvalue().endswith("\n")
    shown.show(Recording().train(1).view())
    shown.end()
    assert stream.getvalue().count("\n") == 1
    assert capsys.readouterr().out.startswith("epoch 1 ")


def test_a_file_gets_no_bar() -> None:
    stream = Stream(terminal=False)
    shown = AfterDownload(Lines(), stream)
    shown.show(WAITING)
    shown.end()
    assert stream.getvalue() == ""


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    monkeypatch.setenv("TUI_TRAINER_CACHE", str(tmp_path))
    with serving() as mirror:
        monkeypatch.setenv("TUI_TRAINER_MIRROR", mirror.address)
        yield mirror


def test_without_the_files_it_says_that_it_did_not_begin_and_where_to_put_them(
    call: Call, tmp_path: Path, mirror: Mirror
) -> None:
    mirror.files.clear()
    result = call("run", "mnist-300-overfit")

    assert result.code == 1
    host = mirror.address.removeprefix("http://")
    assert f"downloading mnist: 12 MB from {host} into {tmp_path / 'mnist'}\n" in result.err
    assert "failed: it did not begin\n" in result.out
    assert "0 epochs" not in result.out
    assert "mnist cannot be downloaded" in result.err
    assert f"into {tmp_path / 'mnist'}" in result.err
    assert "t10k-images-idx3-ubyte.gz" in result.err
    assert "Traceback" not in result.err + result.out


def test_of_a_comparison_only_what_its_runs_still_need_is_announced(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Digits, "missing", lambda self: Missing("digits", Path("there"), (), "example.org"))
    done = finished(Store())
    assert done.folder
    turn = Turn(done.folder.experiment(), done.folder.origin(), done.folder)
    with Interruption() as interruption, Training(Store(), interruption) as training:
        monkeypatch.setattr(Training, "_start", lambda self: None)  # nothing is to train here
        training.run([turn])
        assert "downloading" not in capsys.readouterr().err
        training.run([replace(turn, folder=None)])
        assert "downloading digits: " in capsys.readouterr().err
