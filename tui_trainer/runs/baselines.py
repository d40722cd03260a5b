"""What simpler methods get on the data of an experiment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from tui_trainer.runs import parsing
from tui_trainer.runs.records import Figures

MOST = 20


@dataclass(frozen=True)
class Method:
    """One method with its figures on both parts; `errors` are standard errors of those on validation."""

    name: str
    train: Figures
    validation: Figures
    errors: Figures = field(default_factory=dict)
    seconds: float = 0.0


@dataclass(frozen=True)
class Baselines:
    """All methods, the guess that looks at no input first. `rows` were used of each part, `of` so many."""

    methods: tuple[Method, ...]
    rows: Mapping[str, int] = field(default_factory=dict)
    of: Mapping[str, int] = field(default_factory=dict)

    @property
    def learned(self) -> tuple[Method, ...]:
        """The methods that look at the inputs."""
        return self.methods[1:]

    @classmethod
    def read(cls, answer: Mapping[str, Any]) -> Self:
        """Raises ValueError or LookupError if `answer` is none."""
        listed = answer["methods"]
        if not isinstance(listed, list):
            raise ValueError("no list of methods")
        return cls(
            tuple(_method(parsing.mapping(it)) for it in listed[:MOST]),
            parsing.counts(answer.get("rows")),
            parsing.counts(answer.get("of")),
        )


def _method(said: Mapping[str, Any]) -> Method:
    return Method(
        parsing.text(said["name"]),
        parsing.figures(said["train"]),
        parsing.figures(said["validation"]),
        parsing.figures(said.get("errors")),
        parsing.finite(said.get("seconds", 0.0)),
    )
