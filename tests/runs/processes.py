"""Real processes for tests: one that holds a lock, and waiting for what they bring about."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_HOLD = """
import sys
from pathlib import Path
from tui_trainer.runs.lock import Lock
lock = Lock(Path(sys.argv[1]))
lock.take()
print("taken", flush=True)
sys.stdin.read()
"""


@contextmanager
def lock_holder(path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that holds the lock at `path` until it ends."""
    process = subprocess.Popen([sys.executable, "-c", _HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with process:
        try:
            assert process.stdout
            assert process.stdout.readline() == b"taken\n"
            yield process
        finally:
            process.kill()


def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Waits until `condition` holds; fails if it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
