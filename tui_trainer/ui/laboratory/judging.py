"""What runs amount to, worked out off the event loop: table, verdict, findings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui_trainer.insight.arms import Arm
from tui_trainer.insight.findings.base import Finding
from tui_trainer.ui.laboratory.background import Failed, Newest
from tui_trainer.ui.laboratory.findings import Diagnoses

if TYPE_CHECKING:
    from tui_trainer.insight.table import Table
    from tui_trainer.insight.verdict import Verdict

REST = 0.5
"""Seconds between two times that the same is judged."""


@dataclass(frozen=True)
class Judged:
    """What a comparison amounts to. `findings` are those of the first run of each arm."""

    table: Table | None = None
    verdict: Verdict | None = None
    findings: tuple[tuple[Finding, ...], ...] = ()


class Judge:
    """Works out what arms amount to on a thread, at most twice a second, and hands it to `take` there."""

    def __init__(self, take: Callable[[Judged], None], failed: Failed) -> None:
        self._take = take
        self._findings = Diagnoses()
        self._newest: Newest[tuple[Sequence[Arm], int]] = Newest("judge", self._judge, failed, rest=REST)

    def give(self, arms: Sequence[Arm], pinned: int) -> None:
        """Judge these; `pinned` is the index of the one that the others are measured against."""
        self._newest.give((arms, pinned))

    def stop(self) -> None:
        self._newest.stop()

    def _judge(self, given: tuple[Sequence[Arm], int]) -> None:
        from tui_trainer.insight import table, verdict  # after the first paint

        arms, pinned = given
        if any(run.evaluations for arm in arms for run in arm.runs):
            self._take(Judged(table.rows(arms, pinned), verdict.verdict(arms, pinned), self._findings.of_arms(arms)))
        else:
            self._take(Judged(findings=self._findings.of_arms(arms)))
