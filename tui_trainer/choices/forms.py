"""The form of a choice, read off its fields: what panels, help texts and the reference page show."""

from __future__ import annotations

import types
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

FieldType = Literal["integer", "number", "toggle", "text", "option", "integers", "path"]


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

    def bounds(self) -> str:
        """The allowed values in words, such as "above 0, at most 1"; empty if all are."""
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


def _figure(bound: float) -> str:
    return f"{int(bound):,}" if bound == int(bound) else f"{bound:g}"


def read_field(name: str, info: FieldInfo) -> FormField:
    """Reads a form field off pydantic's description of it."""
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    field_type, options, optional, marks = _read_type(info.annotation)
    bounds = _read_bounds([*info.metadata, *marks])
    return FormField(
        name=name,
        type="path" if extra.get("path") else field_type,
        default=info.get_default(call_default_factory=True),
        help=info.description or "",
        low=str(extra.get("low", "")),
        high=str(extra.get("high", "")),
        unit=str(extra.get("unit", "")),
        live=bool(extra.get("live", False)),
        optional=optional,
        options=options,
        ladder=tuple(extra.get("ladder", ())),  # type: ignore[arg-type]
        **bounds,
    )


_BOUNDS = {"gt": "above", "lt": "below", "ge": "minimum", "le": "maximum"}


def _read_bounds(marks: list[Any]) -> dict[str, Any]:
    """The bounds among pydantic's marks, by the name of the form field's attribute."""
    flat = [inner for mark in marks for inner in (mark.metadata if isinstance(mark, FieldInfo) else [mark])]
    found = {
        ours: getattr(mark, theirs, None) for mark in flat for theirs, ours in _BOUNDS.items() if hasattr(mark, theirs)
    }
    return {name: bound for name, bound in found.items() if bound is not None}


def _read_type(annotation: Any) -> tuple[FieldType, tuple[str, ...], bool, list[Any]]:
    """The field's type, the words it allows, whether it may be None, and the marks on the type inside."""
    members = get_args(annotation) if get_origin(annotation) in (Union, types.UnionType) else (annotation,)
    options = tuple(word for member in members if get_origin(member) is Literal for word in get_args(member))
    plain = [member for member in members if get_origin(member) is not Literal and member is not type(None)]
    optional = type(None) in members
    if not plain:
        return "option", options, optional, []
    inner, marks = _bare(plain[0])
    if get_origin(inner) is tuple:
        return "integers", options, optional, _bare(get_args(inner)[0])[1]
    names: dict[Any, FieldType] = {int: "integer", float: "number", bool: "toggle"}
    return names.get(inner, "text"), options, optional, marks


def _bare(annotation: Any) -> tuple[Any, list[Any]]:
    """The type inside an Annotated, and its marks."""
    if get_origin(annotation) is Annotated:
        inner, *marks = get_args(annotation)
        return inner, marks
    return annotation, []
