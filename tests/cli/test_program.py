"""The program as a whole: its default command, its help, its exit codes, and what never reaches a terminal."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import click
import pexpect
import pytest

from tests.cli.conftest import TUI_TRAINER, Call
from tui_trainer import __version__
from tui_trainer.cli import failures
from tui_trainer.cli.failures import exit_code
from tui_trainer.cli.group import COMMANDS
from tui_trainer.runs.store import Store


def test_version(call: Call) -> None:
    result = call("--version")
    assert (result.code, result.out) == (0, f"tui-trainer {__version__}\n")


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_lists_every_command(call: Call, flag: str) -> None:
    result = call(flag)
    assert result.code == 0
    assert not [name for name in COMMANDS if f"\n  {name} " not in result.out]


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help(call: Call, name: str) -> None:
    result = call(name, "-h")
    assert result.code == 0
    assert result.out.startswith("Usage: ")
    assert max(map(len, result.out.splitlines())) <= 80


def test_without_a_terminal_the_dashboard_points_to_run(call_program: Call) -> None:
    for arguments in ([], ["digits-mlp"], ["--start"], ["open", "digits-mlp"]):
        result = call_program(*arguments)
        assert result.code == 2
        assert "tui-trainer run" in result.err
        assert result.out == ""


def test_what_is_no_command_is_an_experiment(call: Call) -> None:
    result = call("digits-mpl", "--set", "optimizer.lr=fast")
    assert result.code == 2
    assert "did you mean digits-mlp" in result.err


def test_a_misspelt_command_is_recognized(call: Call) -> None:
    result = call("rnus")
    assert result.code == 2
    assert "the command `runs`" in result.err


def test_values_are_set_in_what_was_there_last(call: Call) -> None:
    Store().save_draft({"optimizer": "adam"})
    result = call("--set", "optimizer.momentum=0.9")
    assert result.code == 2
    assert "--set: optimizer.momentum: unknown name" in result.err
    assert "beta1" in result.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--set", "optimizer.lr=fast", "run", "digits-mlp"), "--set: optimizer.lr: 'fast' does not fit"),
        (("--allow-code", "run"), "Missing argument 'EXPERIMENT'"),
        (("--set=model=mlp", "show", "2020"), "--set is no option of the command show"),
        (("--start", "run", "digits-mlp"), "--start is no option of the command run, which has --set"),
        (("--epochs", "5", "resume", "2020"), "there is no run '2020'"),
        (("--target", "run", "sales.csv"), "sales.csv: no such file"),
        (("--allow-code", "--set", "optimizer.lr=fast"), "--set: optimizer.lr: 'fast' does not fit"),
    ],
)
def test_options_may_stand_before_a_command(call: Call, words: tuple[str, ...], said: str) -> None:
    result = call(*words)
    assert (result.code, result.out) == (2, "")
    assert said in " ".join(result.err.split())


def test_the_program_has_one_name(call_program: Call) -> None:
    assert call_program("run", "--bogus").err.startswith("Usage: tui-trainer run ")


def test_an_unknown_option_is_bad_input(call: Call) -> None:
    result = call("runs", "--jsn")
    assert result.code == 2
    assert "--json" in result.err


def test_escape_sequences_of_a_name_do_not_reach_the_terminal(call: Call) -> None:
    for arguments in (["\x1b]0;title\x07"], ["show", "\x1b[2J"], ["run", "\x9b31m"], ["presets", "\x1b[2J"]):
        result = call(*arguments)
        assert result.code == 2
        assert not {"\x1b", "\x07", "\x9b"} & {*result.out, *result.err}


def test_a_bug_is_written_to_a_crash_log(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @click.command()
    def broken() -> NoReturn:
        raise RuntimeError("boom \x1b[2J")

    assert exit_code(broken, []) == 1
    err = capsys.readouterr().err
    (log,) = home.glob("crash-*.log")
    assert str(log) in err
    assert "Traceback" not in err
    assert "\x1b" not in err
    assert "Traceback" in log.read_text()
    assert log.stat().st_mode & 0o077 == 0


def test_a_file_that_cannot_be_used_is_no_bug(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    @click.command()
    def unlucky() -> NoReturn:
        raise PermissionError(13, "Permission denied", "/some/file")

    assert exit_code(unlucky, []) == 1
    assert capsys.readouterr().err == "Error: /some/file: Permission denied\n"
    assert not list(home.glob("crash-*"))


def test_a_home_that_is_a_file_gets_a_sentence(call_program: Call, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    result = call_program("run", "digits-mlp", TUI_TRAINER_HOME=str(file))
    assert result.code == 1
    assert str(file) in result.err
    assert "Traceback" not in result.err


def test_ctrl_c_is_130(capsys: pytest.CaptureFixture[str]) -> None:
    @click.command()
    def interrupted() -> NoReturn:
        raise KeyboardInterrupt

    assert exit_code(interrupted, []) == failures.INTERRUPTED


def test_a_closed_pipe_is_quiet() -> None:
    listing = subprocess.Popen([*TUI_TRAINER, "schema"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert listing.stdout
    assert listing.stderr
    listing.stdout.close()
    assert listing.stderr.read() == b""
    listing.stderr.close()
    assert listing.wait(timeout=60) == failures.FAILED


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
def test_closed_streams_are_no_bug(home: Path, closed: str) -> None:
    command = f"exec {sys.executable} -m tui_trainer choices optimizer {closed}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert not list(home.glob("crash-*"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_said() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*TUI_TRAINER, "schema"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (1, "Error: No space left on device\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--version"],
        ["--help"],
        ["presets"],
        ["presets", "digits-mlp"],
        ["check", "digits-mlp"],
        ["choices", "optimizer", "adam"],
        ["schema"],
        ["runs"],
        ["run", "there-is-no-such-preset"],
    ],
)
def test_what_needs_little_imports_little(arguments: list[str]) -> None:
    heavy = ("torch", "textual", "sklearn", "plotext", "numpy")
    script = (
        "import sys; from tui_trainer.cli.failures import exit_code; from tui_trainer.cli.group import program\n"
        f"exit_code(program, {arguments!r})\n"
        f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr.splitlines()[-1] == "[]"


def _completions(line: str) -> set[str]:
    """What bash is offered after `line`."""
    environment = os.environ | {
        "_TUI_TRAINER_COMPLETE": "bash_complete",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(line.split(" ")) - 1),
    }
    script = "import sys; sys.argv = ['tui-trainer']; from tui_trainer.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, timeout=60)
    return {line.partition(",")[2] for line in done.stdout.splitlines()}


def test_the_shell_completes_commands_presets_and_options() -> None:
    assert {"run", "runs"} <= _completions("tui-trainer ru")
    assert _completions("tui-trainer digits-m") >= {"digits-mlp"}
    assert {"--set", "--start", "--no-mouse"} <= _completions("tui-trainer --")
    assert {"--set", "--json", "--detach"} <= _completions("tui-trainer run digits-mlp --")
    assert "digits-mlp" in _completions("tui-trainer run dig")
    assert {"learning-rates", "latest"} <= _completions("tui-trainer compare l")
    assert {"--repeats", "--plain", "--json"} <= _completions("tui-trainer compare learning-rates --")


def test_the_shell_completes_paths_and_choices() -> None:
    assert {"optimizer=", "optimizer.lr="} <= _completions("tui-trainer run digits-mlp --set optim")
    assert "regularization.l2.strength=" in _completions("tui-trainer --set regul")
    assert _completions("tui-trainer choices optimizer ad") == {"adagrad", "adam", "adamw"}


def test_the_shell_completes_runs(store: object) -> None:
    from tests.recorded import finished
    from tui_trainer.runs.store import Store

    recording = finished(Store())
    assert recording.folder
    assert _completions(f"tui-trainer show {recording.folder.id[:8]}") == {recording.folder.id}


def test_the_dashboard_opens_and_closes() -> None:
    arguments = ["-m", "tui_trainer", "digits-l2", "--set", "seed=7", "--no-mouse"]
    environment = os.environ | {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
    terminal = pexpect.spawn(sys.executable, arguments, env=environment, dimensions=(36, 120), encoding="utf-8")
    terminal.logfile_read = screen = io.StringIO()
    terminal.expect("Optimizer", timeout=60)
    terminal.send("q")
    terminal.expect(pexpect.EOF, timeout=60)
    terminal.close()
    assert terminal.exitstatus == 0
    assert screen.getvalue().count("\x1b[?1049h") == screen.getvalue().count("\x1b[?1049l") > 0
    assert "\x1b[?1000h" not in screen.getvalue()
