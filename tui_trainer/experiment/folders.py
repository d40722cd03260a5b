"""Where things are kept."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_data_path


def home() -> Path:
    """The folder of runs, drafts and the user's own presets: $TUI_TRAINER_HOME, else the XDG data folder."""
    own = os.environ.get("TUI_TRAINER_HOME")
    return Path(os.path.expanduser(own)).absolute() if own else user_data_path("tui-trainer")  # noqa: PTH111 - leaves an unknown ~user alone
