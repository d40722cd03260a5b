"""`doctor` looks at all that the program needs and says what is wrong with it."""

from __future__ import annotations

import json
import os
import platform
import pwd
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from tui_trainer import __version__
from tui_trainer.cli.failures import FAILED
from tui_trainer.cli.figures import size
from tui_trainer.cli.output import say, unicode_locale
from tui_trainer.experiment.folders import home
from tui_trainer.experiment.presets import folder, own_folder
from tui_trainer.runs.store import Store

_LIBRARIES = ("textual", "plotext", "pydantic", "PyYAML", "numpy", "scikit-learn", "psutil", "nvidia-ml-py")
_PROBE_SECONDS = 60
_LITTLE_SPACE = 1e9
_LINGER = Path("/var/lib/systemd/linger")


@dataclass(frozen=True)
class Fact:
    """One thing that was looked at: what to do about it, if anything, and whether the program is broken without."""

    name: str
    value: str
    advice: str = ""
    broken: bool = False


@click.command("doctor")
@click.pass_context
def doctor_command(ctx: click.Context) -> None:
    """Check versions, devices, the terminal, folders and runs.

    What to look at is marked with !. Exit code 1 if something does not work.
    """
    broken = False
    sections = {"versions": _versions, "devices": _devices, "terminal": _terminal, "folders": _folders, "runs": _runs}
    for title, look in sections.items():
        say(title)
        for fact in look():
            say(f"{'!' if fact.advice else ' '} {fact.name.ljust(14)} {fact.value}".rstrip())
            if fact.advice:
                say(f"  {' ' * 14} {fact.advice}")
            broken |= fact.broken
    ctx.exit(FAILED if broken else 0)


def _versions() -> Iterator[Fact]:
    yield Fact("tui-trainer", __version__)
    yield Fact("python", f"{platform.python_version()} ({sys.executable})")
    yield Fact("system", platform.platform())
    for library in _LIBRARIES:
        try:
            yield Fact(library, version(library))
        except PackageNotFoundError:
            yield Fact(library, "missing", "install it again: pip install tui-trainer", broken=True)


def _devices() -> Iterator[Fact]:
    command = [sys.executable, "-m", "tui_trainer.cli.probe"]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=_PROBE_SECONDS, stdin=subprocess.DEVNULL
        )
        found = json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else None
    except subprocess.TimeoutExpired:
        yield Fact("torch", "does not answer", f"`{' '.join(command)}` took over {_PROBE_SECONDS} s", broken=True)
        return
    except (OSError, ValueError, IndexError) as error:
        yield Fact("torch", "does not answer", f"`{' '.join(command)}`: {error}", broken=True)
        return
    if found is None:
        said = (done.stderr.strip() or f"it ended with code {done.returncode}").splitlines()[-1]
        yield Fact("torch", "cannot be used", said, broken=True)
        return
    yield Fact("torch", f"{found['torch']} ({'CUDA ' + found['cuda'] if found['cuda'] else 'without CUDA'})")
    yield Fact("devices", ", ".join(found["devices"]))
    yield Fact("auto takes", found["auto"], " ".join(found["warnings"]))
    yield Fact("threads", f"{found['threads']} of {os.cpu_count()} cores at most")


def _terminal() -> Iterator[Fact]:
    for name, stream in (("stdin", sys.stdin), ("stdout", sys.stdout)):
        there = stream is not None and stream.isatty()
        advice = "" if there else "the dashboard needs a terminal; `tui-trainer run` does not"
        yield Fact(name, "a terminal" if there else "not a terminal", advice)
    term = os.environ.get("TERM", "")
    dumb = term in ("", "dumb")
    yield Fact("TERM", term or "not set", "the dashboard needs a terminal that can place its cursor" if dumb else "")
    colours = os.environ.get("COLORTERM", "")
    approximate = "" if colours in ("truecolor", "24bit") else "colours may be approximate"
    yield Fact("COLORTERM", colours or "not set", approximate)
    yield Fact("NO_COLOR", "set" if os.environ.get("NO_COLOR") else "not set")
    width, height = shutil.get_terminal_size()
    yield Fact("size", f"{width}x{height}", "" if width >= 80 and height >= 24 else "the dashboard wants 80x24 or more")
    named = os.environ.get("LC_ALL") or os.environ.get("LC_CTYPE") or os.environ.get("LANG") or "not set"
    yield Fact(
        "locale", named, "" if unicode_locale() else "curves are drawn in ASCII; a UTF-8 locale draws them finer"
    )
    around = {"TMUX": "tmux", "STY": "screen", "SSH_CONNECTION": "ssh"}
    yield Fact("inside", ", ".join(name for variable, name in around.items() if os.environ.get(variable)) or "-")


def _folders() -> Iterator[Fact]:
    shipped = folder()
    count = len(list(shipped.glob("*.yaml")))
    yield Fact("presets", f"{shipped} ({count})", "" if count else "install tui-trainer again", broken=not count)
    yield Fact("own presets", f"{own_folder()} ({len(list(own_folder().glob('*.yaml')))})")
    yield _home(home())
    free = shutil.disk_usage(_existing(home())).free
    yield Fact("disk space", f"{size(free)} free", "little room for runs" if free < _LITTLE_SPACE else "")


def _home(path: Path) -> Fact:
    other = "or set TUI_TRAINER_HOME"
    if not path.exists():
        above = _existing(path)
        if above.is_dir() and os.access(above, os.W_OK | os.X_OK):
            return Fact("home", f"{path} (made when first needed)")
        return Fact("home", f"{path} (cannot be made)", f"make {above} a writable folder, {other}", broken=True)
    if not path.is_dir():
        return Fact("home", f"{path} (not a folder)", f"move it away, {other}", broken=True)
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        return Fact("home", f"{path} (not writable)", f"make it writable, {other}", broken=True)
    mode = path.stat().st_mode & 0o777
    return Fact("home", f"{path} (mode {mode:o})", f"others can read it: chmod 700 {path}" if mode & 0o077 else "")


def _existing(path: Path) -> Path:
    """`path`, or the nearest folder above it that is there."""
    return next(place for place in (path, *path.parents) if place.exists())


def _runs() -> Iterator[Fact]:
    listed = Store().list()
    states = Counter(run.state for run in listed)
    yield Fact("runs", ", ".join(f"{count} {state}" for state, count in states.items()) or "none")
    for run in listed:
        if run.alive:
            stalled = f"end it with: tui-trainer stop --kill {run.id}" if run.state == "stalled" else ""
            yield Fact(run.state, run.id, stalled)
    if Path("/run/systemd/system").is_dir() and not _lingers():
        yield Fact("lingering", "off", "a detached run may end when you log out, unless: loginctl enable-linger")


def _lingers() -> bool:
    """Whether systemd leaves this user's processes alone after the last logout."""
    try:
        return (_LINGER / pwd.getpwuid(os.getuid()).pw_name).exists()
    except (KeyError, OSError):
        return False
