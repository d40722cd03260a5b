"""The form of a choice, read off its fields: what panels, help texts and the reference page show."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

FieldType = Literal["integer", "number", "toggle", "text", "option", "integers", "texts", "table", "path"]
_MEMBERS: dict[FieldType, FieldType] = {"integers": "integer", "texts": "text"}


@dataclass(frozen=True)
class FormField:
    """One field: how it is named, what it holds, which values are allowed, what they do."""

    name: str
    type: FieldType
    default: Any
    help: str
    low: str = ""
    high: str = ""
    unit: str = ""
    live: bool = False
    optional: bool = False  # None is allowed
    options: tuple[str, ...] = ()  # words that are allowed: all of them for an option, besides numbers otherwise
    ladder: tuple[float, ...] = ()
    above: float | None = None  # exclusive lower bound
    below: float | None = None  # exclusive upper bound
    minimum: float | None = None
    maximum: float | None = None
    fewest: int = 0  # members of a list, rows of a table
    most: int | None = None
    columns: tuple[FormField, ...] = ()  # of a table
    row: str = ""  # what a row of a table is called, such as "block"
    path: Literal["", "file", "folder"] = ""  # what a path names
    suffixes: tuple[str, ...] = ()  # of the files that a path may name, such as ".csv"; empty: all

    @property
    def is_list(self) -> bool:
        """Whether it holds several values: numbers, texts or rows."""
        return self.type in ("integers", "texts", "table")

    def member(self) -> FormField | None:
        """The field of one member of a list of numbers or texts; None for what is no such list."""
        inner = _MEMBERS.get(self.type)
        help = self.help if inner == "integer" else ""
        return (
            replace(self, type=inner, default=None, help=help, optional=False, fewest=0, most=None) if inner else None
        )

    def rows(self, value: Sequence[Any]) -> list[dict[str, Any]]:
        """The rows of a table with a value in every column, whichever form they are written in."""
        plain = {column.name: column.default for column in self.columns}
        return [plain | self._given(row) for row in value]

    def short_rows(self, rows: Sequence[Any]) -> list[Any]:
        """Rows of a table as a person writes them: what is not the default, a bare value for the first column alone."""
        return [self._short(row) for row in rows]

    def _given(self, row: Any) -> dict[str, Any]:
        if isinstance(row, BaseModel):
            return dict(row)
        return dict(row) if isinstance(row, Mapping) else {self.columns[0].name: row}

    def _short(self, row: Any) -> Any:
        given, first = self._given(row), self.columns[0]
        defaults = {column.name: column.default for column in self.columns}
        kept = {name: value for name, value in given.items() if name not in defaults or value != defaults[name]}
        return given.get(first.name, first.default) if set(kept) <= {first.name} else kept

    def bounds(self) -> str:
        """The allowed values in words, such as "above 0, at most 1"; empty if all are."""
        if self.type == "table":
            return _count(self.fewest, self.most, self.row)
        parts = []
        if self.above is not None:
            parts.append(f"above {_figure(self.above)}")
        if self.minimum is not None:
            parts.append(f"at least {_figure(self.minimum)}")
        if self.below is not None:
            parts.append(f"below {_figure(self.below)}")
        if self.maximum is not None:
            parts.append(f"at most {_figure(self.maximum)}")
        words = ", ".join(parts)
        if self.type == "option":
            return "one of " + ", ".join(self.options)
        return " or ".join(part for part in (words, *self.options) if part)

    def neighbour(self, value: float, direction: int) -> float:
        """The next value on the ladder above (direction 1) or below (-1), or `value` itself at the ladder's end."""
        tolerance = 1e-9 * max(1.0, abs(value))
        if direction > 0:
            return min((rung for rung in self.ladder if rung > value + tolerance), default=value)
        return max((rung for rung in self.ladder if rung < value - tolerance), default=value)


def _count(fewest: int, most: int | None, row: str) -> str:
    if most is None:
        return f"at least {fewest} {row}s" if fewest else f"any number of {row}s"
    return f"{fewest} to {most} {row}s"


def _figure(bound: float) -> str:
    return f"{int(bound):,}" if bound == int(bound) else f"{bound:g}"


def read_field(name: str, info: FieldInfo) -> FormField:
    """Reads a form field off pydantic's description of it."""
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    field_type, options, optional, marks = _read_type(info.annotation)
    bounds = _read_bounds([*info.metadata, *marks])
    path: Any = extra.get("path", "")
    row = _row(info.annotation) if field_type == "table" else None
    return FormField(
        name=name,
        type="path" if path else field_type,
        default=info.get_default(call_default_factory=True),
        help=info.description or "",
        low=str(extra.get("low", "")),
        high=str(extra.get("high", "")),
        unit=str(extra.get("unit", "")),
        live=bool(extra.get("live", False)),
        optional=optional,
        options=options,
        ladder=tuple(extra.get("ladder", ())),  # type: ignore[arg-type]
        columns=tuple(read_field(column, inner) for column, inner in row.model_fields.items()) if row else (),
        row=row.__name__.lower() if row else "",
        path=path,
        suffixes=tuple(extra.get("suffixes", ())),  # type: ignore[arg-type]
        **bounds,
        **(_read_lengths(info.metadata) if field_type in ("integers", "texts", "table") else {}),
    )


_BOUNDS = {"gt": "above", "lt": "below", "ge": "minimum", "le": "maximum"}


def _read_bounds(marks: list[Any]) -> dict[str, Any]:
    """The bounds among pydantic's marks, by the name of the form field's attribute."""
    flat = [inner for mark in marks for inner in (mark.metadata if isinstance(mark, FieldInfo) else [mark])]
    found = {
        ours: getattr(mark, theirs, None) for mark in flat for theirs, ours in _BOUNDS.items() if hasattr(mark, theirs)
    }
    return {name: bound for name, bound in found.items() if bound is not None}


def _read_lengths(marks: list[Any]) -> dict[str, Any]:
    """How few and how many members a list may have, by the name of the form field's attribute."""
    names = {"min_length": "fewest", "max_length": "most"}
    return {ours: getattr(mark, theirs) for mark in marks for theirs, ours in names.items() if hasattr(mark, theirs)}


def _read_type(annotation: Any) -> tuple[FieldType, tuple[str, ...], bool, list[Any]]:
    """The field's type, the words it allows, whether it may be None, and the marks on the type inside."""
    members = get_args(annotation) if get_origin(annotation) in (Union, types.UnionType) else (annotation,)
    options = tuple(str(word) for member in members if get_origin(member) is Literal for word in get_args(member))
    plain = [member for member in members if get_origin(member) is not Literal and member is not type(None)]
    optional = type(None) in members
    if not plain:
        return "option", options, optional, []
    inner, marks = _bare(plain[0])
    if get_origin(inner) is tuple:
        member, member_marks = _bare(get_args(inner)[0])
        if _is_row(member):
            return "table", options, optional, []
        return "texts" if member is str else "integers", options, optional, member_marks
    names: dict[Any, FieldType] = {int: "integer", float: "number", bool: "toggle"}
    return names.get(inner, "text"), options, optional, marks


def _bare(annotation: Any) -> tuple[Any, list[Any]]:
    """The type inside an Annotated, and its marks."""
    if get_origin(annotation) is Annotated:
        inner, *marks = get_args(annotation)
        return inner, marks
    return annotation, []


def _is_row(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _row(annotation: Any) -> type[BaseModel]:
    """The class of a table's rows."""
    members = get_args(annotation) if get_origin(annotation) in (Union, types.UnionType) else (annotation,)
    inner = next(_bare(member)[0] for member in members if get_origin(_bare(member)[0]) is tuple)
    row: type[BaseModel] = _bare(get_args(inner)[0])[0]
    return row
