"""The reference page: everything that can be chosen, read off the classes, as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tui_trainer.choices.base import Choice, Settings, families
from tui_trainer.choices.forms import FormField
from tui_trainer.choices.regularizers import Regularizer
from tui_trainer.experiment.diff import shown
from tui_trainer.experiment.fields import GROUPS, PICKS
from tui_trainer.experiment.schema import Experiment

_TITLES = {"data": "Data", "warm_start": "Warm start"}

_INTRODUCTION = """\
# Choices

Everything that can be picked, with every field. This page is written by `tui-trainer choices --markdown` from the
classes in `tui_trainer/choices/`; `make docs` writes it anew.

In an experiment a bare name stands for a choice with its defaults: `optimizer: adam` is
`optimizer: {kind: adam}`. A field marked **live** can change while training. Low and High say what too low and too high
look like."""

_HEADINGS = ("Field", "Default", "Allowed", "What it does")


def reference() -> str:
    """The whole page."""
    names = [*PICKS, "regularization"]
    parts = [_INTRODUCTION, _contents(names)]
    for name in names:
        parts += _family(name)
    for name, group in GROUPS.items():
        parts += _group(name, group)
    parts += ["## Experiment", _text("What stands beside the choices."), _table(_experiment_fields())]
    return "\n\n".join(part for part in parts if part) + "\n"


def _contents(names: Iterable[str]) -> str:
    lines = [f"- [{_title(name)}](#{_anchor(name)}): {_links(name)}" for name in names]
    lines += [f"- [{_title(name)}](#{_anchor(name)})" for name in [*GROUPS, "experiment"]]
    return "\n".join(lines)


def _links(name: str) -> str:
    return ", ".join(f"[{kind}](#{_kind_anchor(name, kind)})" for kind in _kinds(name))


def _family(name: str) -> Iterator[str]:
    family = Regularizer if name == "regularization" else PICKS[name][0]
    yield f"## {_title(name)}"
    yield _text(family.explanation())
    if name == "regularization":
        yield "Regularizers combine freely. A number alone is a regularizer's main field: `regularization: {l2: 0.01}`."
    else:
        yield f"The default is `{PICKS[name][1]}`."
    shared = family.form()
    if shared:
        yield "All of them have these fields; where one has another default, it says so."
        yield _table(shared)
    for kind, choice in _kinds(name).items():
        yield f'### <a id="{_kind_anchor(name, kind)}"></a>{kind}'
        yield from _paragraphs(choice)
        yield from _fields([field for field in choice.form() if field not in shared])


def _group(name: str, group: type[Settings]) -> Iterator[str]:
    yield f"## {_title(name)}"
    yield from _paragraphs(group)
    yield from _fields(group.form())


def _fields(fields: Iterable[FormField]) -> Iterator[str]:
    """A table of fields, and below it one for each of them that is a table itself."""
    listed = list(fields)
    if listed:
        yield _table(listed)
    for field in listed:
        if field.columns:
            yield f"A {field.row} of `{field.name}` has these columns; a bare value is its `{field.columns[0].name}`."
            yield _table(field.columns)


def _table(fields: Iterable[FormField]) -> str:
    rows = [_HEADINGS, ("---",) * len(_HEADINGS), *map(_row, fields)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(field: FormField) -> tuple[str, ...]:
    name = f"`{field.name}`" + (" **live**" if field.live else "")
    default = shown(field.default) if field.default not in ("", (), None) else "empty"
    unit = f" {field.unit}" if field.unit and not isinstance(field.default, str | None) else ""
    return name, _cell(f"{default}{unit}"), _cell(_allowed(field)), _cell(_does(field))


def _allowed(field: FormField) -> str:
    words = {"toggle": "on or off", "texts": "texts", "integers": "whole numbers", "path": field.path, "text": "text"}
    words |= {"integer": "whole number", "number": "number"}
    bounds = field.bounds()
    kind = "" if field.type in ("option", "table") else words.get(field.type, "")
    parts = [kind, bounds, ", ".join(field.suffixes), "may be empty" if field.optional else ""]
    return ", ".join(part for part in parts if part)


def _does(field: FormField) -> str:
    parts = (field.help, f"Low: {field.low}" if field.low else "", f"High: {field.high}" if field.high else "")
    return " ".join(part for part in parts if part)


def _paragraphs(settings: type[Settings]) -> Iterator[str]:
    for paragraph in settings.explanation().split("\n\n"):
        yield _text(paragraph)


def _text(text: str) -> str:
    """A docstring's text with nothing in it that Markdown would read, but for what stands between backticks."""
    pieces = re.split(r"(`[^`]*`)", " ".join(text.split()))
    return "".join(piece if piece.startswith("`") else re.sub(r"([\\*_<>\[\]])", r"\\\1", piece) for piece in pieces)


def _cell(text: str) -> str:
    return _text(text).replace("|", "\\|")


def _experiment_fields() -> list[FormField]:
    inner = {*PICKS, *GROUPS, "regularization", "version"}
    return [field for field in Experiment.form() if field.name not in inner]


def _kinds(name: str) -> dict[str, type[Choice]]:
    return families()[name]


def _title(name: str) -> str:
    return _TITLES.get(name, name.replace("_", " ").capitalize())


def _anchor(name: str) -> str:
    return _title(name).lower().replace(" ", "-")


def _kind_anchor(name: str, kind: str) -> str:
    return f"{name}-{kind}".replace("_", "-")
