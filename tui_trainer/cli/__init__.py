"""The command line: one small file a command, each imported when it is called."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs the program and ends the process with its exit code (0 done, 1 failed, 2 bad input, 130 interrupted)."""
    try:
        from tui_trainer.cli.failures import exit_code
        from tui_trainer.cli.group import program
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(exit_code(program, arguments))
