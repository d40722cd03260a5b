"""What went wrong, in one clear sentence; the traceback is for worker.log."""

from __future__ import annotations

import errno

import torch

from tui_trainer.choices.data import DataError
from tui_trainer.engine.checkpoints import CheckpointError
from tui_trainer.engine.commands import Refused
from tui_trainer.engine.ending import Diverged
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.text import clean


def explain(error: BaseException) -> str:
    """The reason that a failed run gives."""
    words = clean((str(error).splitlines() or [""])[0], 500)
    if isinstance(error, Diverged | CheckpointError | Refused | DataError):
        return words
    if isinstance(error, ExperimentError):
        return "; ".join(str(problem) for problem in error.problems)
    if isinstance(error, torch.cuda.OutOfMemoryError):
        return f"the GPU has not enough memory (a smaller batch or a smaller network needs less): {words}"
    if isinstance(error, MemoryError) or (isinstance(error, RuntimeError) and "allocate memory" in str(error)):
        return f"not enough memory (a smaller batch or a smaller network needs less): {words}"
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"the disk is full: {words}"
    if isinstance(error, OSError):
        return f"a file could not be read or written: {words}"
    return f"{type(error).__name__}: {words} (worker.log tells more)"
