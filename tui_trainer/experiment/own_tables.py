"""A first experiment for a table of the user's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tui_trainer.choices.data.base import DataError
from tui_trainer.choices.data.tables.columns_seen import Seen, columns_seen
from tui_trainer.choices.data.tables.layout import Layout
from tui_trainer.choices.data.tables.roles import MOST_TEXTS, find_column, guess_target
from tui_trainer.choices.data.tables.source import Source, find_head
from tui_trainer.experiment.sizes import table_model, training

MOST_IN_ORDER = 10
"""Dates of at least so many rows that never go back are taken for the order of time."""

_LISTED = 4


def about_table(path: Path, target: str) -> tuple[dict[str, Any], list[str]]:
    """The mapping of an experiment, and what was guessed for it. Raises DataError at what is no table."""
    source = find_head(str(path))
    try:
        chosen, why = (find_column(target, source.names, "target"), "") if target else _guess(source)
    except DataError as error:
        raise DataError(f"{path}: {error}") from None
    data: dict[str, Any] = {"kind": "csv", "file": str(path), "target": chosen}
    notes = [f"predicts {chosen} ({why})" if why else f"predicts {chosen}"]
    if source.layout is not None:
        fields, more = _fields(source.layout, chosen)
        data |= fields
        notes += more
    rows = source.rows
    return {"data": data, **table_model(rows), "training": training(rows, updates=3000)}, notes


def _guess(source: Source) -> tuple[str, str]:
    return guess_target(source.names, source.unlikely)


def _fields(layout: Layout, target: str) -> tuple[dict[str, Any], list[str]]:
    """What is left out, put in order and filled."""
    columns = columns_seen(layout)
    inputs = [seen for seen in columns if seen.name != target]
    data: dict[str, Any] = {}
    notes = []
    time = next((seen for seen in inputs if _says_when(seen, len(layout.head))), None)
    if time is not None:
        data |= {"time": time.name, "split": "time"}
        notes.append(f"in the order of {time.name}: the last rows validate")
    excluded = {
        seen.name: why for seen in inputs if (time is None or seen.name != time.name) and (why := _why_excluded(seen))
    }
    if excluded:
        data["exclude"] = list(excluded)
        notes.append(f"left out: {_some([f'{name} ({why})' for name, why in excluded.items()])}")
    kept = [seen for seen in inputs if seen.name not in excluded and not (time and seen.name == time.name)]
    gaps = [seen.name for seen in columns if seen.missing]
    if gaps or not layout.whole:
        data |= {"missing_numbers": "median"} if any(seen.are_numbers for seen in kept) or gaps else {}
        notes += [f"missing values are filled: {_some(gaps)}"] if gaps else []
    seen = next(seen for seen in columns if seen.name == target)
    if layout.whole and time is None and not seen.are_numbers and _has_single(layout, target):
        data["split"] = "ratio"
        notes.append("a class has a single row: split at random")
    return data, notes


def _says_when(seen: Seen, rows: int) -> bool:
    return seen.are_dates and seen.in_order and seen.distinct > 1 and rows - seen.missing >= MOST_IN_ORDER


def _why_excluded(seen: Seen) -> str:
    if seen.are_dates:
        return "dates"
    if not seen.distinct:
        return "empty"
    if seen.names_its_rows:
        return "numbers its rows" if seen.are_numbers else f"more than {MOST_TEXTS} different texts"
    return ""


def _has_single(layout: Layout, column: str) -> bool:
    cells = layout.cells(layout.names.index(column))
    return len(cells) > len(set(cells)) and any(cells.count(cell) == 1 for cell in set(cells))


def _some(words: Sequence[str]) -> str:
    more = f" and {len(words) - _LISTED} more" if len(words) > _LISTED else ""
    return ", ".join(words[:_LISTED]) + more
