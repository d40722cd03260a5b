"""Paths as a person writes them."""

from __future__ import annotations

import os
from pathlib import Path

from tui_trainer.choices.data.base import DataError


def expand(path: str, field: str) -> Path:
    """The path with ~ and variables such as $HOME put in. Raises DataError, of that field, at a ~user who is none."""
    try:
        return Path(os.path.expandvars(path)).expanduser()
    except RuntimeError as error:
        raise DataError(f"{path}: there is no such user whose home ~ could stand for", field) from error
