"""Who looks at a run: a file that is touched while somebody does."""

from __future__ import annotations

import os
import time
from pathlib import Path

from tui_trainer.runs import files
from tui_trainer.runs.folder import RunFolder

LOOKED_SECONDS = 3.0
"""Somebody who has looked at a run is taken to look on for so long."""


def looked_file(folder: RunFolder) -> Path:
    return folder.path / "looked"


def look_at(folder: RunFolder) -> None:
    """Says that somebody looks at the run now, about once a second. Never raises: a run that is gone has no look."""
    try:
        descriptor = files.open_plain(looked_file(folder), os.O_WRONLY | os.O_CREAT)
        try:
            os.utime(descriptor)
        finally:
            os.close(descriptor)
    except OSError:
        pass


def is_looked_at(folder: RunFolder) -> bool:
    """Whether somebody looks at the run; costs a system call."""
    try:
        looked = looked_file(folder).stat(follow_symlinks=False).st_mtime
    except OSError:
        return False
    return abs(time.time() - looked) < LOOKED_SECONDS
