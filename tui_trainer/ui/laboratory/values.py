"""What arrow keys and typed text make of the value of a field."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from typing import Any

from tui_trainer.choices.forms import FormField
from tui_trainer.experiment.yaml_text import plain_scalar


def next_value(field: FormField, value: Any, direction: int, most: float | None = None) -> Any:
    """The value that follows on the field's ladder, or `value` at its end.

    Words that stand beside numbers (auto, full), and nothing (all), come after the highest number.
    """
    if field.type == "toggle":
        return not value
    if field.type == "option":
        options = field.options
        return options[(options.index(value) + direction) % len(options)]
    if field.type not in ("integer", "number"):
        return value
    rungs = [rung for rung in field.ladder if most is None or rung <= most]
    top = [*field.options, *([None] if field.optional else [])]
    if value in top and (value is None or isinstance(value, str)):
        at = top.index(value) + direction
        if at >= 0:
            return top[min(at, len(top) - 1)]
        return rungs[-1] if rungs else value
    if not field.ladder and field.type == "integer":
        return max(value + direction, int(field.minimum if field.minimum is not None else value + direction))
    following = field.neighbour(value, direction)
    if following == value or (direction > 0 and most is not None and following > most):
        return top[0] if direction > 0 and top else value
    return int(following) if field.type == "integer" else following


def read_typed(field: FormField, text: str) -> Any:
    """What a person typed, as the plain value it stands for."""
    text = text.strip()
    if field.type == "integers":
        return read_numbers(text)
    if field.type not in ("integer", "number"):
        return text
    if not text:
        return None if field.optional else text
    return plain_scalar(text)


def read_numbers(text: str) -> list[int] | str:
    """`256,128` as numbers; as it stands if it is no list of them."""
    parts = re.split(r"[\s,]+", text.strip().strip("[](),"))
    return [int(part) for part in parts] if all(part.isdecimal() and len(part) < 16 for part in parts) else text


def read_texts(text: str) -> list[str]:
    """`age, "last, first"` as texts: commas part them, and those between quotation marks do not."""
    parts = next(csv.reader([text.strip().strip("[]")], skipinitialspace=True), [])
    return [part.strip() for part in parts if part.strip()]


def written_texts(texts: Sequence[str]) -> str:
    """Texts as `read_texts` reads them."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(texts)
    return re.sub(r',(?=(?:[^"]*"[^"]*")*[^"]*$)', ", ", line.getvalue())
