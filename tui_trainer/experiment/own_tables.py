"""A first experiment for a table of the user's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tui_trainer.choices.data.base import DataError
from tui_trainer.choices.data.tables.checks import rows_in_words
from tui_trainer.choices.data.tables.columns_seen import MOSTLY_MISSING, Seen, columns_seen
from tui_trainer.choices.data.tables.roles import MOST_TEXTS, find_column, guess_target
from tui_trainer.choices.data.tables.source import Source, find_head
from tui_trainer.experiment.sizes import sequence_model, table_model, training

MOST_WINDOW = 16
FEWEST_DATES = 10
"""Dates of at least so many rows that never go back are taken for the order of time."""

FEWEST_ROWS = 10
"""In fewer rows a column may never vary by chance."""

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
    columns = columns_seen(source.layout)
    if next(seen.are_dates for seen in columns if seen.name == chosen):
        raise DataError(f"{path}: target {chosen!r} holds dates, which cannot be predicted; name another column")
    inputs = {seen.name: seen for seen in columns if seen.name != chosen}
    time = next((seen.name for seen in inputs.values() if _says_when(seen, source)), "")
    if time:
        del inputs[time]
        data |= {"time": time, "split": "time"}
        notes.append(f"in the order of {time}: the last rows validate")
    excluded = _excluded(inputs, has_past=bool(time))
    if excluded:
        data["exclude"] = list(excluded)
        notes.append(f"left out: {_some([f'{name} ({why})' for name, why in excluded.items()])}")
    used = [seen for seen in columns if seen.name == chosen or (seen.name in inputs and seen.name not in excluded)]
    model = table_model(source.rows)
    if time and len(used) == 1:
        data["window"] = max(1, min(MOST_WINDOW, source.rows // 10))
        notes.append(f"the last {data['window']} rows predict the next one")
        model = sequence_model()
    elif time:
        notes.append("a window (data.window) predicts from the rows before instead")
    without = next((seen.missing for seen in columns if seen.name == chosen), 0)
    if without and "window" not in data:
        about = "" if source.layout.whole else " at least"
        notes.append(f"{rows_in_words(without)} without {chosen}{about} left out")
    gaps = [seen.name for seen in used if seen.missing and seen.name != chosen]
    if gaps or without or not source.layout.whole:
        data["fill"] = "median"
        notes += [f"missing values are filled: {_some(gaps)}"] if gaps else []
    notes += _hardly_of_use([seen for seen in used if seen.name != chosen], source)
    if not time and _has_lonely_class(source, chosen):
        data["split"] = "ratio"
        notes.append("a class has a single row: split at random")
    return {"data": data, **model, "training": training(source.rows, updates=3000)}, notes


def _guess(source: Source) -> tuple[str, str]:
    return guess_target(source.names, source.unlikely, source.flags)


def _says_when(seen: Seen, source: Source) -> bool:
    rows = len(source.layout.head) - seen.missing
    return seen.are_dates and seen.in_order and seen.distinct > 1 and rows >= FEWEST_DATES


def _excluded(inputs: Mapping[str, Seen], *, has_past: bool) -> dict[str, str]:
    """The columns that are no inputs, and why. Where nothing else is left, numbers of rows are."""
    found = {name: why for name, seen in inputs.items() if (why := _why_excluded(seen))}
    if has_past or len(found) < len(inputs):
        return found
    return {name: why for name, why in found.items() if not inputs[name].are_numbers or not inputs[name].distinct}


def _why_excluded(seen: Seen) -> str:
    if seen.are_dates:
        return "dates"
    if not seen.distinct:
        return "empty"
    if seen.names_its_rows:
        return "numbers its rows" if seen.are_numbers else f"more than {MOST_TEXTS} different texts"
    return ""


def _hardly_of_use(inputs: Sequence[Seen], source: Source) -> list[str]:
    """That columns never vary, or are nearly all missing, as far as the first rows show; they stay until excluded."""
    rows = len(source.layout.head)
    if rows < FEWEST_ROWS:
        return []
    where = "" if source.layout.whole else f" in the first {rows:,} rows"
    constant = [seen.name for seen in inputs if seen.distinct == 1 and not seen.missing]
    gaps = [seen.name for seen in inputs if seen.missing > MOSTLY_MISSING * rows]
    found = [f"never {'varies' if len(constant) == 1 else 'vary'}{where}: {_some(constant)}"] if constant else []
    found += [f"nearly all missing{where}: {_some(gaps)}"] if gaps else []
    return [f"{words} (data.exclude leaves out)" for words in found]


def _has_lonely_class(source: Source, target: str) -> bool:
    """Whether the target is a text of which some value stands in a single row of the file."""
    layout = source.layout
    cells = layout.cells(layout.names.index(target))
    if not layout.whole or all(map(layout.is_number, cells)):
        return False
    return 1 in Counter(cells).values()


def _some(words: Sequence[str]) -> str:
    more = f" and {len(words) - _LISTED} more" if len(words) > _LISTED else ""
    return ", ".join(words[:_LISTED]) + more
