"""What is wrong with an experiment: all of it at once, each problem with its place."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tui_trainer.experiment.text import clean


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where in the file, at which path, what, and what would be right."""

    path: str
    message: str
    file: str = ""
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        place = self.file + (f":{self.line}" if self.line else "")
        return clean(": ".join(part for part in (place, self.path, self.message) if part))


class ExperimentError(Exception):
    """An experiment that cannot be read; `problems` says why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems)
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


def meant_elsewhere(paths: Sequence[str]) -> str:
    """What would be right in place of a name that stands in the wrong place."""
    *others, last = paths
    return f"did you mean {', '.join(others)} or {last}?" if others else f"did you mean {last}?"


def suggestion(word: object, known: Iterable[str]) -> str:
    """What would be right in place of a misspelt name."""
    names = list(known)
    close = difflib.get_close_matches(str(word), names, n=1)
    listed = ", ".join(names)
    return f"did you mean {close[0]}? known: {listed}" if close else f"known: {listed}"
