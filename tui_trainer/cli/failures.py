"""Whatever goes wrong becomes a sentence on stderr and an exit code; a traceback goes to a file."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

import click

from tui_trainer.cli.output import complain
from tui_trainer.experiment.folders import home
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.text import clean
from tui_trainer.runs.problems import WorkerError

FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130


class Failure(click.ClickException):
    """Something that went wrong and is not the input's fault: exit code 1."""

    exit_code = FAILED

    def format_message(self) -> str:
        return clean(self.message)


class BadInput(Failure):
    """Something that was asked for and cannot be: exit code 2."""

    exit_code = BAD_INPUT


def exit_code(program: click.Command, arguments: Sequence[str] | None) -> int:
    """Runs `program` and returns its exit code. No exception leaves it."""
    _mend_streams()
    try:
        code = _run(program, arguments)
        sys.stdout.flush()
    except OSError:
        # stdout takes no more: its reader has gone, or its disk is full. Python would try once more at its end.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        return _crashed(error)
    return code


def _mend_streams() -> None:
    """Streams that were closed by whoever started the program lead nowhere; the others take every character."""
    for name in ("stdin", "stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("r" if name == "stdin" else "w"))  # noqa: SIM115
        elif name != "stdin" and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _run(program: click.Command, arguments: Sequence[str] | None) -> int:
    try:
        code = program.main(arguments, prog_name="tui-trainer", standalone_mode=False)
    except ExperimentError as error:
        for problem in error.problems:
            complain(str(problem))
        return BAD_INPUT
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except WorkerError as error:
        complain(f"Error: {error}")
        return FAILED
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except SystemExit as ended:
        # click ends like this where it has completed a word for the shell, and where the reader of stdout has gone.
        return ended.code if isinstance(ended.code, int) else FAILED
    except BrokenPipeError:
        raise
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        complain(f"Error: {place}{error.strerror or error}")
        return FAILED
    return code if isinstance(code, int) else 0


def _crashed(error: Exception) -> int:
    place = _write_crash_log(error)
    where = f"; what happened stands in {place}" if place else ""
    complain(f"Error: {type(error).__name__}: this is a bug in tui-trainer{where}")
    return FAILED


def _write_crash_log(error: Exception) -> Path | None:
    text = "".join([f"{' '.join(sys.argv)}\n\n", *traceback.format_exception(error)])
    name = f"crash-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.log"
    for folder in (home(), Path(tempfile.gettempdir())):
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = folder / name
            path.touch(mode=0o600, exist_ok=False)
            path.write_text(text, encoding="utf-8", errors="replace")
            return path
    return None
