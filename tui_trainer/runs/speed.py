"""How fast a run goes, and how long it still takes."""

from __future__ import annotations

from collections import deque

RECENT = 5.0
"""Seconds of training over which the speed is measured: long enough to be steady, short enough to follow the pace."""


class Speed:
    """Updates a second, measured over the last seconds of training; evaluations and pauses do not count."""

    def __init__(self, step: int = 0, seconds: float = 0.0) -> None:
        """Measures from `step` on, which was reached after `seconds` of training."""
        self._points = deque([(step, seconds)])
        self._evaluation_seconds = 0.0
        self._evaluations = 0

    def add(self, step: int, seconds: float) -> None:
        if step <= self._points[-1][0] or seconds < self._points[-1][1]:
            return
        self._points.append((step, seconds))
        while len(self._points) > 2 and self._points[1][1] < seconds - RECENT:
            self._points.popleft()

    def add_evaluation(self, seconds: float) -> None:
        self._evaluation_seconds += seconds
        self._evaluations += 1

    def steps_per_second(self) -> float | None:
        (first, begin), (last, end) = self._points[0], self._points[-1]
        return (last - first) / (end - begin) if end > begin else None

    def seconds_for(self, steps: int, evaluations: float) -> float | None:
        """How long so many more updates and evaluations take; None while the speed is unknown."""
        speed = self.steps_per_second()
        if not speed:
            return None
        each = self._evaluation_seconds / self._evaluations if self._evaluations else 0.0
        return max(0, steps) / speed + max(0.0, evaluations) * each
