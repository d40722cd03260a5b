"""What every choice has in common: a form, an explanation, a place in its family.

A choice is a class. Its fields are its form, its docstring is its explanation, and `build()` (or the
method its family names) makes the torch object. Defining the class is all it takes to register it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Literal, Self, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, model_validator
from pydantic_core import PydanticUndefined, core_schema

from tui_trainer.choices.forms import FormField, read_field
from tui_trainer.choices.given import Given


def setting(
    default: Any = PydanticUndefined,
    *,
    help: str,
    low: str = "",
    high: str = "",
    unit: str = "",
    live: bool = False,
    ladder: tuple[float, ...] = (),
    path: bool = False,
    folder: bool = False,
    suffixes: tuple[str, ...] = (),
    **bounds: Any,
) -> Any:
    """Declares one field of a form.

    `help` says what it does, `low` and `high` what too low and too high look like, `unit` what it counts, `live`
    that it may change while training, `ladder` the values that the arrow keys walk along, and `path` that it names a
    file with one of the `suffixes` (or any), or with `folder` a folder.
    `bounds` are pydantic's: gt, ge, lt, le, min_length, max_length, pattern, strict.
    """
    extra: dict[str, Any] = {"low": low, "high": high, "unit": unit, "live": live, "ladder": list(ladder)}
    extra |= {
        "path": ("folder" if folder else "file") if path or folder or suffixes else "",
        "suffixes": list(suffixes),
    }
    return Field(default, description=help, json_schema_extra={k: v for k, v in extra.items() if v}, **bounds)


class Settings(BaseModel):
    """A group of fields that can be filled in: strict types, no unknown keys, no NaN."""

    # Validators are built at their first use: the start of the dashboard needs the experiment's alone.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False, defer_build=True)

    @classmethod
    def form(cls) -> tuple[FormField, ...]:
        """The fields in the order of their declaration, without `kind`."""
        return tuple(read_field(name, info) for name, info in cls.model_fields.items() if name != "kind")

    @classmethod
    def explanation(cls) -> str:
        """The docstring, as plain text."""
        return inspect.cleandoc(cls.__doc__ or "")

    def unused(self, given: Given) -> Mapping[str, str]:
        """The names of those of its fields that change nothing, as the others stand and with that data; each with the
        reason, in a few words."""
        return {}


class Row(Settings):
    """One row of a table, such as `blocks: tuple[Block, ...]`: a bare value stands for its first column."""

    @classmethod
    def first(cls) -> str:
        """The name of the first column."""
        return next(iter(cls.model_fields))

    @model_validator(mode="before")
    @classmethod
    def _expand(cls, value: Any) -> Any:
        return value if isinstance(value, Mapping | cls) else {cls.first(): value}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        made = handler(schema)
        return {"anyOf": [made["properties"][cls.first()], made]}


class Choice(Settings):
    """One thing that can be picked. A family is a direct subclass; a class with a literal `kind` is a choice in it."""

    family: ClassVar[str]
    group: ClassVar[str] = ""  # what it belongs to in a list of many
    kind: str

    _kinds: ClassVar[dict[str, dict[str, type[Choice]]]] = {}

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        annotation = cls.model_fields["kind"].annotation
        if get_origin(annotation) is Literal:
            (kind,) = get_args(annotation)
            Choice._kinds.setdefault(cls.family, {})[kind] = cls

    @classmethod
    def kinds(cls) -> dict[str, type[Self]]:
        """The choices of this family by name, in the order of their definition."""
        return dict(Choice._kinds.get(cls.family, {}))  # type: ignore[arg-type]

    @classmethod
    def pick(cls, kind: str, **fields: Any) -> Self:
        """The choice of that kind, with its defaults where `fields` says nothing.

        Raises KeyError for an unknown kind and pydantic's ValidationError for bad fields.
        """
        return cls.kinds()[kind].model_validate(fields)

    def misses(self, given: Given) -> str:
        """What it needs and that data has not, such as "images"; empty if nothing, or if nobody knows yet."""
        return ""

    @classmethod
    def upgraded(cls, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        """What a file says of a choice of this family, in the names that hold now."""
        return fields

    @classmethod
    def summary(cls) -> str:
        """The first sentence of the explanation."""
        return cls.explanation().split("\n\n")[0].replace("\n", " ")


def families() -> dict[str, dict[str, type[Choice]]]:
    """Every family with its choices."""
    return {family: dict(kinds) for family, kinds in Choice._kinds.items()}


class Pick:
    """Annotates a field that holds one choice of a family: `Annotated[Optimizer, Pick("sgd")]`.

    A bare name stands for `{kind: name}`; a mapping without a kind takes the default's.
    """

    def __init__(self, default: str) -> None:
        self.default = default

    def expand(self, value: object) -> object:
        if isinstance(value, str):
            return {"kind": value}
        if isinstance(value, Mapping) and "kind" not in value:
            return {"kind": self.default, **value}
        return value

    def __get_pydantic_core_schema__(
        self, source: type[Choice], handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        kinds = {name: handler.generate_schema(cls) for name, cls in source.kinds().items()}
        union = core_schema.tagged_union_schema(
            kinds, discriminator="kind", metadata={"pydantic_js_functions": [self._no_discriminator]}
        )

        def read(value: object) -> object:
            expanded = self.expand(value)
            return source.upgraded(expanded) if isinstance(expanded, Mapping) else expanded

        return core_schema.no_info_before_validator_function(read, union)

    def _no_discriminator(self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        # Editors must accept the short forms too: a bare name, and a mapping that leaves the kind to the default.
        made = handler(schema)
        objects = made.get("oneOf", [made])
        names = list(schema.get("choices", {}))
        return {"anyOf": [{"type": "string", "enum": names}, *objects]}


class ByName:
    """Annotates a mapping of choices of one family, each at most once: `Annotated[dict[str, Regularizer], ByName()]`.

    A number stands for `{main field: number}`, true for all defaults, false for absence.
    """

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        member: type[Choice] = get_args(source)[1]
        fields = {
            name: core_schema.typed_dict_field(self._member(cls, handler), required=False)
            for name, cls in member.kinds().items()
        }
        mapping = core_schema.typed_dict_schema(fields, extra_behavior="forbid", total=False)
        return core_schema.no_info_before_validator_function(_drop_absent, mapping)

    @staticmethod
    def _member(cls: type[Choice], handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        expand = _expander(getattr(cls, "main_field", None))
        schema = core_schema.no_info_before_validator_function(expand, handler.generate_schema(cls))
        short = [{"type": "boolean"}] if expand(True) == {} else []
        if getattr(cls, "main_field", None):
            short.append({"type": "number"})

        def with_short_form(schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
            return {"anyOf": [*short, handler(schema)]}

        schema["metadata"] = {"pydantic_js_functions": [with_short_form]}
        return schema


def _drop_absent(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: member for name, member in value.items() if member is not False and member is not None}
    return value


def _expander(main_field: str | None) -> Callable[[object], object]:
    def expand(value: object) -> object:
        if value is True:
            return {}
        if main_field and isinstance(value, int | float):
            return {main_field: value}
        return value

    return expand
