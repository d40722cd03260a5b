"""The values that a field of a form can be varied over. No widgets here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tui_trainer.choices.forms import FormField
from tui_trainer.experiment.diff import shown
from tui_trainer.ui.forms.lists import LengthRow, ListRow, NumbersRow
from tui_trainer.ui.forms.regularizers import RegularizerRow
from tui_trainer.ui.forms.row import FieldRow, PickRow, Row
from tui_trainer.ui.forms.tables import CountRow, MemberRow, another
from tui_trainer.ui.laboratory.draft import DEFAULT
from tui_trainer.ui.terminal.glyphs import NONE

MOST_LAYERS = 8
"""Layers that are offered; more can be typed."""
_FEW = 4  # choices of which all are taken to begin with


@dataclass(frozen=True)
class Variation:
    """What is offered for the field at `path`, in its order, and which of it is taken to begin with."""

    path: str
    present: Any
    values: tuple[Any, ...]
    taken: tuple[Any, ...]


def variation(row: Row) -> Variation:
    """What is offered for a row of a form: names, or a ladder around the present value."""
    match row:
        case PickRow():
            kinds = tuple(row.family.kinds())
            at = kinds.index(row.kind)
            following = tuple(kinds[(at + i) % len(kinds)] for i in range(min(_FEW, len(kinds))))
            return Variation(row.path, row.kind, kinds, following)
        case RegularizerRow():
            return _of_regularizer(row)
        case LengthRow():
            sizes = range(1, max(MOST_LAYERS, len(row.values)) + 1)
            values = tuple(tuple(_resized(row.values, size)) for size in sizes)
            return Variation(row.path, row.values, values, _around(values, row.values))
        case NumbersRow():
            alike = tuple((int(rung),) * len(row.values) for rung in row.field.ladder)
            values = alike if row.values in alike else (row.values, *alike)
            nearest = min(alike, key=lambda units: abs(units[0] - row.values[0]))
            return Variation(row.path, row.values, values, tuple(dict.fromkeys((row.values, *_around(alike, nearest)))))
        case CountRow():
            most = min(row.field.most or MOST_LAYERS, max(MOST_LAYERS, len(row.members)))
            tables = tuple(_lengthened(row, count) for count in range(max(1, row.field.fewest), most + 1))
            return Variation(row.path, row.members, tables, _around(tables, row.members))
        case MemberRow():
            return _of_field(row.first)
        case ListRow():
            return Variation(row.path, row.values, (row.values,), (row.values,))
        case FieldRow():
            return _of_field(row)
    return Variation(row.path, None, (), ())


def typed(row: Row, text: str) -> Any:
    """The value that a typed text stands for; whether it is right is found when it is tried."""
    if isinstance(row, CountRow) and text.strip().isdecimal() and len(text.strip()) <= 3:
        return _lengthened(row, int(text))
    value = row.typed(text).value
    value = False if value is DEFAULT else value
    return tuple(value) if isinstance(value, list) else value


def in_words(value: Any) -> str:
    """A value as it stands in the list."""
    if isinstance(value, tuple) and len(value) > 1 and len(set(value)) == 1:
        return f"{len(value)} × {shown(value[:1])}"
    return shown(value) or NONE


def _of_field(row: FieldRow) -> Variation:
    field = row.field
    if field.type == "toggle":
        return Variation(row.path, row.value, (False, True), (False, True))
    if field.type == "option":
        options = tuple(field.options)
        return Variation(row.path, row.value, options, options[:_FEW])
    rungs = _rungs(field, row.value, row.most)
    values = (*rungs, *field.options, *((None,) if field.optional else ()))
    if row.value not in values:
        values = (row.value, *values)
    return Variation(row.path, row.value, values, _around(values, row.value))


def _of_regularizer(row: RegularizerRow) -> Variation:
    """Without it, and a ladder of its main field; its other fields are kept by varying that field alone."""
    field = row.field
    if field is None:
        return Variation(row.path, row.member is not None, (False, True), (False, True))
    off = row.kind.off()
    rungs = [rung for rung in _rungs(field, row.value, None) if off is None or rung != getattr(off, field.name)]
    if row.member is not None and row.member.model_fields_set - {field.name, "kind"}:
        return Variation(f"{row.path}.{field.name}", row.value, tuple(rungs), _around(rungs, row.value))
    start = row.value if row.member is not None else field.default
    taken = tuple(dict.fromkeys((False, *_around(rungs, start))))
    return Variation(row.path, row.value if row.member is not None else False, (False, *rungs), taken)


def _rungs(field: FormField, value: Any, most: float | None) -> list[Any]:
    """The ladder, with the present value on it."""
    rungs = {rung for rung in field.ladder if most is None or rung <= most}
    if isinstance(value, int | float) and not any(abs(rung - value) <= 1e-9 * abs(value) for rung in rungs):
        rungs.add(value)
    return [int(rung) if field.type == "integer" else float(rung) for rung in sorted(rungs)]


def _around(values: Sequence[Any], present: Any) -> tuple[Any, ...]:
    """The present value and those beside it; at an end, two on one side."""
    if present not in values:
        return tuple(values[:3])
    first = max(0, min(values.index(present) - 1, len(values) - 3))
    return tuple(values[first : first + 3])


def _resized(values: tuple[int, ...], size: int) -> list[int]:
    kept = list(values[:size])
    return kept + [values[-1] if values else 1] * (size - len(kept))


def _lengthened(row: CountRow, count: int) -> tuple[Any, ...]:
    """The table with so many rows."""
    kept = row.members[:count]
    return (*kept, *([another(row.field, row.members)] * (count - len(kept))))
