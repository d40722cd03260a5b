"""From a column to targets: classes or numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tui_trainer.choices.data.base import DataError
from tui_trainer.choices.data.tables.checks import check_numbers, numbers_of, rows_in_words, text_at
from tui_trainer.choices.data.tables.reading import Column, Table
from tui_trainer.choices.data.tables.wishes import Predict, Wishes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEW_NUMBERS = 20
"""Whole numbers of at most so many different values are taken for classes."""

MOST_CLASSES = 1000


def with_targets(table: Table, wishes: Wishes, notes: list[str]) -> Table:
    """The rows that say what is to be predicted."""
    column = table.column(wishes.roles.target)
    missing = column.missing
    if column.stray or not missing.any():
        return table
    if missing.all():
        raise DataError(f"{table.path}: target {column.name!r} is empty in every row", "target")
    if wishes.fill == "refuse" or wishes.in_series:
        place = table.place(int(missing.argmax()))
        mend = "delete the row" if wishes.in_series else "delete the row, or fill what is missing (then it is left out)"
        raise DataError(f"{place}: target {column.name!r} is missing; {mend}", "target" if wishes.in_series else "fill")
    notes.append(f"{rows_in_words(int(missing.sum()))} without {column.name} left out")
    return table.taken(~missing)


def make_targets(parts: Sequence[Table], wishes: Wishes, notes: list[str]) -> tuple[NDArray[Any], tuple[str, ...]]:
    """The targets of all parts (rows,), and the names of the classes; none where numbers are predicted."""
    import numpy as np

    columns = [part.column(wishes.roles.target) for part in parts]
    first, name = columns[0], wishes.roles.target
    if wishes.roles.guessed:
        notes.append(f"predicts {name} ({wishes.roles.guessed})")
    if first.are_dates:
        raise DataError(f"{parts[0].path}: target {name!r} holds dates, which cannot be predicted", "target")
    if _are_classes(first, wishes.predict):
        return _labels(parts, columns, wishes, notes)
    if first.texts is not None:
        place = parts[0].place(0)
        raise DataError(f"{place}: target {name!r} is {text_at(first, 0)!r}, no number; predict: class", "predict")
    if wishes.predict == "auto":
        notes.append(f"{name} is a number: regression")
    for part, column in zip(parts, columns, strict=True):
        check_numbers(part, column, "target")
    return np.concatenate([numbers_of(column) for column in columns]).astype(np.float32), ()


def _are_classes(column: Column, predict: Predict) -> bool:
    import numpy as np

    if predict != "auto" or column.texts is not None:
        return predict == "class" or (predict == "auto" and column.texts is not None)
    if column.stray:
        return False
    numbers = numbers_of(column)
    if not np.isfinite(numbers).all() or (numbers != np.round(numbers)).any():
        return False
    distinct = len(np.unique(numbers))
    return distinct <= FEW_NUMBERS and 2 * distinct <= len(numbers)


def _labels(
    parts: Sequence[Table], columns: Sequence[Column], wishes: Wishes, notes: list[str]
) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """The index of each row's class, and the classes by name: those of the first part."""
    import numpy as np

    name, texts = wishes.roles.target, []
    for part, column in zip(parts, columns, strict=True):
        if column.texts is None:
            check_numbers(part, column, "target")
        texts.append(_label_texts(column))
    known, labels = np.unique(texts[0], return_inverse=True)
    order = _sorted_as_numbers(known) if columns[0].texts is None else np.arange(len(known))
    place_of = np.argsort(order)
    classes = tuple(str(known[label]) for label in order)
    if len(classes) < 2:
        raise DataError(
            f"{parts[0].path}: every row has {classes[0]!r} as {name!r}; two classes at least are needed", "target"
        )
    if len(classes) > MOST_CLASSES:
        raise DataError(
            f"{parts[0].path}: target {name!r} has {len(classes):,} different values, too many for classes "
            f"(at most {MOST_CLASSES:,}); name another target, or predict: number",
            "target",
        )
    if wishes.stratify and len(parts) == 1 and not wishes.ordered:
        _check_counts(parts[0], name, known, labels)
    if wishes.predict == "auto":
        notes.append(f"{name} has {len(classes)} values: classification")
    found = [place_of[labels]]
    for part, words in zip(parts[1:], texts[1:], strict=True):
        index = {label: place for place, label in enumerate(classes)}
        strange = next((row for row, word in enumerate(words) if word not in index), None)
        if strange is not None:
            raise DataError(
                f"{part.place(strange)}: {name!r} is {str(words[strange])!r}, a class that {parts[0].path.name} does "
                "not have; no network can learn it from other classes",
                part.field,
            )
        found.append(np.array([index[word] for word in words], dtype=np.int64))
    return np.concatenate(found).astype(np.int64), classes


def _check_counts(table: Table, name: str, known: NDArray[Any], labels: NDArray[np.int64]) -> None:
    """Raises DataError at a class of a single row: it cannot both train and validate."""
    import numpy as np

    lonely = np.flatnonzero(np.bincount(labels) == 1)
    if len(lonely):
        place = table.place(int(np.flatnonzero(labels == lonely[0])[0]))
        raise DataError(
            f"{place}: {name!r} is {str(known[lonely[0]])!r} in this row alone, and each class must train and "
            "validate; add another row of it, or draw from all rows (split: ratio)",
            "split",
        )


def _label_texts(column: Column) -> NDArray[Any]:
    import numpy as np

    if column.texts is not None:
        return np.array(column.values, dtype=object)[column.texts].astype(str)
    numbers = numbers_of(column)
    return np.array([str(int(number)) if number == int(number) else f"{number:g}" for number in numbers])


def _sorted_as_numbers(words: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    return np.argsort(words.astype(float), kind="stable")
