"""Checkpoints: a folder a step, written so that a crash at any moment leaves whole ones only."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch

from tui_trainer.runs.files import open_plain, read_plain

VERSION = 1
MOST_BYTES = 1_000_000_000
"""All checkpoints of a run together; the last two and the best are kept whatever their size."""
RUNGS = 10
"""Checkpoints that are kept over the whole run, so that a fork from the middle has something to start from."""

STATE, PREPROCESSING, MANIFEST = "state.pt", "preprocessing.json", "manifest.json"

State = dict[str, Any]

_NONSENSE = (ValueError, TypeError, LookupError, ArithmeticError, RecursionError)
"""What reading a manifest that was not written here raises."""


class CheckpointError(Exception):
    """A checkpoint that this program cannot read."""


class CheckpointDamaged(CheckpointError):
    """A checkpoint that is not whole, or not what was written."""


@dataclass(frozen=True)
class Saved:
    """A checkpoint that is whole."""

    path: Path
    step: int
    epoch: float
    bytes: int


class Checkpoints:
    """The checkpoints of one run: the last two, the best, and a ladder over the run."""

    def __init__(self, folder: Path, preprocessing: Mapping[str, Any]) -> None:
        self.folder = folder
        self.best_step: int | None = None
        self._preprocessing = json.dumps(preprocessing).encode()
        folder.mkdir(mode=0o700, exist_ok=True)
        for leftover in folder.glob(".*"):
            if leftover.name[1:].isdecimal():
                _finish(leftover)
        self._saved = {saved.step: saved for saved in _complete(folder)}

    def write(self, state: State, reasons: Iterable[str], epochs: int) -> Saved:
        """Writes `state`, and removes what need not be kept any longer in a run of so many epochs.

        Raises OSError if the disk takes no more.
        """
        step, epoch = int(state["step"]), float(state["epoch"])
        manifest = {"version": VERSION, "step": step, "epoch": epoch, "reasons": list(reasons)}
        path = self.folder / str(step)
        size = _write(path, manifest, {STATE: _to_bytes(state), PREPROCESSING: self._preprocessing})
        self._saved[step] = Saved(path, step, epoch, size)
        self._thin(epochs)
        return self._saved[step]

    @property
    def any(self) -> bool:
        return bool(self._saved)

    def has(self, step: int) -> bool:
        return step in self._saved

    def at(self, step: int) -> State:
        """The state that was saved at a step. Raises CheckpointError."""
        return load(self.folder / str(step))

    def newest(self) -> tuple[State | None, list[str]]:
        """The state of the newest checkpoint that is whole, and why newer ones are not. Those are removed.

        Raises CheckpointError, or OSError, at one that is nearest but cannot be read here and now: it stays.
        """
        problems: list[str] = []
        paths = sorted(
            (path for path in self.folder.iterdir() if path.name.isdecimal()), key=lambda path: int(path.name)
        )
        for path in reversed(paths):
            try:
                return load(path), problems
            except CheckpointDamaged as error:
                problems.append(str(error))
                shutil.rmtree(path, ignore_errors=True)
                self._saved.pop(int(path.name), None)
        return None, problems

    def _thin(self, epochs: int) -> None:
        steps = sorted(self._saved)
        needed = {*steps[-2:], self.best_step}
        ladder = [step for step in steps if step not in needed and is_rung(self._saved[step].epoch, epochs)]
        total = sum(self._saved[step].bytes for step in steps if step in needed or step in ladder)
        while ladder and total > MOST_BYTES:
            # The one that comes closest behind another is missed least.
            _, close = min((step - before, step) for before, step in pairwise([0, *ladder]))
            ladder.remove(close)
            total -= self._saved[close].bytes
        for step in steps:
            if step not in needed and step not in ladder:
                shutil.rmtree(self._saved.pop(step).path, ignore_errors=True)


def _finish(leftover: Path) -> None:
    """Puts a checkpoint in its place whose writer died just before it could; what is not whole is removed."""
    place = leftover.with_name(leftover.name[1:])
    try:
        _verified(leftover)
        shutil.rmtree(place, ignore_errors=True)  # what is left of the one that it was to replace
        leftover.rename(place)
    except (CheckpointError, OSError):
        shutil.rmtree(leftover, ignore_errors=True)


def is_rung(epoch: float, epochs: int) -> bool:
    """Whether the ladder of a run of so many epochs has a rung at `epoch`: it depends on the plan only."""
    return epoch > 0 and epoch % -(-epochs // RUNGS) == 0


def load(path: Path) -> State:
    """The state in a checkpoint's folder, once its files are what its manifest says. Runs no code from it.

    Raises CheckpointError, OSError.
    """
    files = _verified(path)
    try:
        state: State = torch.load(io.BytesIO(files[STATE]), map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises nearly anything at a damaged file
        raise CheckpointError(f"checkpoint {path.name} cannot be read: {_first_line(error)}") from None
    return state


def fits_data(path: Path, preprocessing: Mapping[str, Any]) -> bool:
    """Whether a checkpoint's network was trained on data that is prepared in this way.

    Raises CheckpointError, OSError.
    """
    return bool(_preprocessing(path) == json.loads(json.dumps(preprocessing)))


def vocabulary(path: Path) -> tuple[str, ...]:
    """The tokens of the text that a checkpoint's network was trained on, in their order; empty where it does not say.

    Raises CheckpointError, OSError.
    """
    kept = _preprocessing(path)
    tokens = kept.get("vocabulary") if isinstance(kept, Mapping) else None
    return tuple(map(str, tokens)) if isinstance(tokens, list) else ()


def _preprocessing(path: Path) -> Any:
    try:
        return json.loads(_verified(path)[PREPROCESSING])
    except (ValueError, RecursionError):
        raise CheckpointError(f"checkpoint {path.name} cannot be read: {PREPROCESSING} is no JSON") from None


def _complete(folder: Path) -> list[Saved]:
    """The checkpoints that have a manifest; whether they are whole is found when they are loaded."""
    found = []
    for path in folder.iterdir():
        try:
            manifest = _manifest(path)
            size = sum(int(entry["bytes"]) for entry in manifest["files"].values())
            found.append(Saved(path, int(path.name), float(manifest["epoch"]), size))
        except (CheckpointError, OSError, AttributeError, *_NONSENSE):
            continue
    return found


def _verified(path: Path) -> dict[str, bytes]:
    """The files of a checkpoint. Raises CheckpointDamaged unless they are those of its manifest."""
    manifest = _manifest(path)
    files = {}
    for name in (STATE, PREPROCESSING):
        try:
            entry = manifest["files"][name]
            content = _read(path / name, int(entry["bytes"]) + 1)
            expected = str(entry["sha256"])
        except _NONSENSE:
            raise CheckpointDamaged(f"checkpoint {path.name} is not whole: {name} is missing") from None
        if hashlib.sha256(content).hexdigest() != expected:
            raise CheckpointDamaged(f"checkpoint {path.name} is damaged: {name} is not what was written")
        files[name] = content
    return files


def _manifest(path: Path) -> dict[str, Any]:
    try:
        manifest = json.loads(_read(path / MANIFEST, 100_000))
        version = manifest["version"]
        if not isinstance(version, int):
            raise ValueError
    except _NONSENSE:
        raise CheckpointDamaged(f"checkpoint {path.name} is not whole: its manifest is missing") from None
    if version > VERSION:
        raise CheckpointError(
            f"checkpoint {path.name} has version {version}, newer than this program knows ({VERSION})"
        )
    return dict(manifest)


def _read(path: Path, limit: int) -> bytes:
    """Raises LookupError where no plain file lies there, and OSError for what may be different the next time."""
    try:
        return read_plain(path, limit)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EINVAL):
            raise LookupError(path.name) from None
        raise


def _to_bytes(state: State) -> bytes:
    buffer = io.BytesIO()
    torch.save(state, buffer)
    return buffer.getvalue()


def _write(path: Path, manifest: dict[str, Any], files: Mapping[str, bytes]) -> int:
    """Writes a folder beside `path`, the manifest last, and puts it there in one move. Returns its bytes."""
    entries = {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)} for name, content in files.items()
    }
    beside = path.with_name(f".{path.name}")
    try:
        beside.mkdir(mode=0o700)
        for name, content in files.items():
            _write_file(beside / name, content)
        _write_file(beside / MANIFEST, json.dumps({**manifest, "files": entries}, indent=1).encode())
        _sync(beside)
        if path.exists():
            shutil.rmtree(path)
        beside.rename(path)
        _sync(path.parent)
    except OSError:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return sum(map(len, files.values()))


def _write_file(path: Path, content: bytes) -> None:
    with os.fdopen(open_plain(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Makes the names in a folder last, where the file system can."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(descriptor)


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
