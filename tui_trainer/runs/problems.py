"""What can go wrong with a worker."""

from __future__ import annotations


class WorkerError(Exception):
    """A worker did not do what was asked of it."""


class WorkerGone(WorkerError):
    """It had ended, or had a run already, before it was asked."""
