"""What may follow a path that is being typed. No widgets here; listing a folder blocks."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from pathlib import Path
from typing import Literal

from tui_trainer.experiment.text import clean

MOST_ENTRIES = 20_000
"""Entries of a folder that are looked at."""


@dataclass(frozen=True)
class Match:
    """A file or folder that begins as the typed path does: its name, and what would be typed for it."""

    name: str
    path: str
    is_folder: bool


@dataclass(frozen=True)
class Sought:
    """A path as far as it is typed, and what it is to name: files with one of the suffixes (or any), or a folder."""

    typed: str
    kind: Literal["file", "folder"] = "file"
    suffixes: tuple[str, ...] = ()


def matches(sought: Sought) -> tuple[Match, ...]:
    """What may follow, folders first; folders on the way to files are among them. What cannot be read has nothing."""
    above, _, start = sought.typed.rpartition("/")
    above += "/" * ("/" in sought.typed)
    try:
        folder = Path(os.path.expandvars(above)).expanduser()
        with os.scandir(folder) as entries:
            found = [Match(entry.name, above + entry.name, is_folder(entry)) for entry in _named(entries)]
    except (OSError, ValueError, RuntimeError):  # the last where there is no such user
        return ()
    fitting = [match for match in found if _may_be(match, sought) and (start.startswith(".") or match.name[0] != ".")]
    exact = [match for match in fitting if match.name.startswith(start)]
    loose = [match for match in fitting if match.name.lower().startswith(start.lower())]
    ordered = sorted(exact or loose, key=lambda match: (not match.is_folder, match.name.lower()))
    return tuple(Match(it.name + "/", it.path + "/", True) if it.is_folder else it for it in ordered)


def completed(typed: str, found: Sequence[Match]) -> str:
    """The typed path as far as all matches agree; as it is if that is no further."""
    common = "".join(each[0] for each in takewhile(_agree, zip(*(match.path for match in found), strict=False)))
    return common if len(common) > len(typed) or (len(found) == 1 and common) else typed


def is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder, or a link to one."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def _named(entries: Iterator[os.DirEntry[str]]) -> list[os.DirEntry[str]]:
    """Those whose names can be typed, without anything that a terminal would obey."""
    return [entry for entry in islice(entries, MOST_ENTRIES) if clean(entry.name) == entry.name]


def _agree(characters: tuple[str, ...]) -> bool:
    return len(set(characters)) == 1


def _may_be(match: Match, sought: Sought) -> bool:
    if match.is_folder:
        return True
    name = match.name.lower()
    return sought.kind == "file" and (not sought.suffixes or name.endswith(sought.suffixes))
