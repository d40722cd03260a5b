"""What is found in a run, as commands write it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from tui_trainer.cli.output import wrapped
from tui_trainer.experiment.overrides import assignment
from tui_trainer.insight.findings.base import Cure
from tui_trainer.insight.findings.diagnosis import diagnose
from tui_trainer.runs.records import RunView


def in_full(view: RunView) -> Iterator[str]:
    """What is wrong with the run, what says so, why, and what would mend it."""
    for finding in diagnose(view):
        yield ""
        yield from wrapped(f"{finding.title}: {finding.evidence}").splitlines()
        yield from wrapped(finding.why, "  ").splitlines()
        for cure in finding.cures:
            yield from wrapped(_mends(cure), "  ").splitlines()


def in_short(view: RunView) -> Iterator[str]:
    """What is wrong with the run, a line each, with what mends it best."""
    for finding in diagnose(view):
        yield f"found       {finding.title}"
        if finding.cures:
            yield f"            {_mends(finding.cures[0])}"


def _mends(cure: Cure) -> str:
    assignments = " ".join(f"--set {shlex.quote(assignment(*it))}" for it in cure.changes.items())
    words = cure.words if cure.certain else f"try {cure.words}"
    return f"{words}{f': {assignments}' if assignments else ''}"
