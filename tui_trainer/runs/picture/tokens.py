"""Pictures of texts: what a network writes, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tui_trainer.experiment.text import clean_lines
from tui_trainer.runs.parsing import finite, text, whole
from tui_trainer.runs.picture.checks import some

MOST_WRITTEN = 2000


@dataclass(frozen=True)
class TextSample:
    """What was written behind the prompt at one time."""

    epoch: float
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Text:
    """What a network writes behind the same prompt, drawn with the same seed each time; the latest text last."""

    prompt: str
    temperature: float
    samples: tuple[TextSample, ...]


@dataclass(frozen=True)
class Answer:
    """A sample of the validation part, what follows from it, and what the network answers."""

    source: str
    right: str
    said: str
    is_right: bool


@dataclass(frozen=True)
class Sequences:
    """Some answers, each made token by token from its own, and how many of all `asked` are right as a whole."""

    answers: tuple[Answer, ...]
    right: int
    asked: int


def read_text(said: Mapping[str, Any]) -> Text:
    samples = some(said["samples"], lambda each: TextSample(finite(each["epoch"]), _lines(each["text"])))
    return Text(text(said["prompt"]), finite(said["temperature"]), samples)


def _lines(said: Any) -> tuple[str, ...]:
    if not isinstance(said, str):
        raise ValueError("no text")
    return tuple(clean_lines(said, MOST_WRITTEN).splitlines()) or ("",)


def read_sequences(said: Mapping[str, Any]) -> Sequences:
    right, asked = whole(said["right"]), whole(said["asked"])
    if right > asked:
        raise ValueError("more right answers than answers")
    return Sequences(some(said["answers"], _answer), right, asked)


def _answer(said: Mapping[str, Any]) -> Answer:
    return Answer(text(said["source"]), text(said["right"]), text(said["said"]), said["is_right"] is True)
