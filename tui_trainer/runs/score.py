"""How a run did on the test part, which was set aside: looked at on request, and remembered that it was."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import isfinite
from pathlib import Path
from typing import Any, Self

from tui_trainer.runs import files, parsing
from tui_trainer.runs.folder import RunFolder

VERSION = 1
_MOST_BYTES = 100_000


@dataclass(frozen=True)
class TestScore:
    """The figures of one network on the test part."""

    __test__ = False  # no test of its own, whatever its name says to pytest

    step: int  # of the checkpoint that was scored
    epoch: float
    figures: Mapping[str, float]  # `loss` and every metric
    samples: int
    looks: int  # how many networks of this run were scored so far; more than one, and the figures flatter
    time: float  # unix seconds

    def to_mapping(self) -> dict[str, Any]:
        """Plain data."""
        figures = {name: value if isfinite(value) else None for name, value in self.figures.items()}
        return {"v": VERSION, **asdict(self), "figures": figures}

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Self:
        """Raises ValueError or LookupError if that is no score."""
        if said["v"] != VERSION:
            raise ValueError("another version")
        return cls(
            parsing.whole(said["step"]),
            parsing.finite(said["epoch"]),
            parsing.figures(said["figures"]),
            parsing.whole(said["samples"]),
            parsing.whole(said["looks"]),
            parsing.moment(said["time"]),
        )


def score_file(folder: RunFolder) -> Path:
    return folder.path / "test.json"


def read_score(folder: RunFolder) -> TestScore | None:
    """The last score of a run; None if it has none that can be read."""
    try:
        content = files.read_plain(score_file(folder), _MOST_BYTES)
        return TestScore.read(parsing.mapping(json.loads(content)))
    except (OSError, ValueError, LookupError, RecursionError):
        return None


def keep_score(folder: RunFolder, step: int, epoch: float, figures: Mapping[str, float], samples: int) -> TestScore:
    """Remembers a score. Raises OSError."""
    before = read_score(folder)
    score = TestScore(step, epoch, dict(figures), samples, before.looks + 1 if before else 1, time.time())
    files.replace(score_file(folder), json.dumps(score.to_mapping()))
    return score
