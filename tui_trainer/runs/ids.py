"""The ids of runs and comparisons: they are the names of folders and files."""

from __future__ import annotations

import re
import secrets
import time

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
"""What the id of a run or a comparison looks like; nothing else becomes part of a path."""


def new_id(name: str) -> str:
    """An id of what is called `name` and begins now: its time, words from the name, and four figures of chance."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower())[:40].strip("-") or "run"
    return f"{time.strftime('%Y%m%d-%H%M%S')}-{slug}-{secrets.token_hex(2)}"
