"""What is wrong with runs, worked out off the event loop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from tui_trainer.insight.arms import Arm
from tui_trainer.insight.findings.base import Finding
from tui_trainer.runs.records import RunView
from tui_trainer.ui.laboratory.background import Failed, Newest, Post

REST = 0.5
"""Seconds between two diagnoses."""


class Diagnoses:
    """Findings of runs, worked out once for each view."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[RunView, tuple[Finding, ...]]] = {}

    def of(self, view: RunView) -> tuple[Finding, ...]:
        """What is wrong with a run."""
        from tui_trainer.insight.findings.diagnosis import diagnose  # after the first paint

        known = self._known.get(view.id)
        if known is None or known[0] is not view:
            known = view, diagnose(view)
            self._known[view.id] = known
        return known[1]

    def of_arms(self, arms: Sequence[Arm]) -> tuple[tuple[Finding, ...], ...]:
        """What is wrong with the first run of each."""
        return tuple(self.of(arm.runs[0]) if arm.runs else () for arm in arms)


class FindingsWatch:
    """The findings of the run that is looked at, by the newest of its views. Each keeps its place while it trains.

    `changed` is called on the event loop.
    """

    def __init__(self, post: Post, changed: Callable[[], None], failed: Failed) -> None:
        self.found: tuple[Finding, ...] = ()
        self._post = post
        self._changed = changed
        self._subject = ""
        self._newest: Newest[RunView] = Newest("findings", self._diagnose, failed, rest=REST)
        self._diagnoses = Diagnoses()

    def look(self, view: RunView | None) -> None:
        """Diagnose a run, soon; None: there is none."""
        subject = view.id if view is not None else ""
        if subject != self._subject:
            self._subject = subject
            self._show(())
        if view is not None and (view.evaluations or view.ended):
            self._newest.give(view)

    def stop(self) -> None:
        self._newest.stop()

    def _diagnose(self, view: RunView) -> None:
        found = self._diagnoses.of(view)
        self._post(partial(self._take, view, found))

    def _take(self, view: RunView, found: tuple[Finding, ...]) -> None:
        if view.id == self._subject:
            self._show(found if view.ended else in_their_places(self.found, found))

    def _show(self, found: tuple[Finding, ...]) -> None:
        if found != self.found:
            self.found = found
            self._changed()


def in_their_places(before: Sequence[Finding], now: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings of now, those that were there before in their order, new ones behind them."""
    order = [finding.kind for finding in before]
    return tuple(sorted(now, key=lambda finding: order.index(finding.kind) if finding.kind in order else len(order)))
