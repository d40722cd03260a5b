"""YAML in, strictly: plain data only, each value with its line, nothing that surprises.

Numbers are read as in YAML 1.2, so that 1e-3 is one, and `no` is a word. Duplicate keys, aliases, tags and several
documents are refused: an experiment has no use for them, and each can mean something else than what a person reads.
"""

from __future__ import annotations

import re
from typing import Any

import yaml
from yaml.reader import Reader

from tui_trainer.experiment.problems import ExperimentError, Problem

Path = tuple[str | int, ...]
Positions = dict[Path, tuple[int, int]]  # line and column, both from 1

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 20

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_INTEGER = re.compile(r"[-+]?[0-9]+")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", "+.inf"), float("inf")),
    "-.inf": float("-inf"),
}


def read(text: str, file: str = "") -> tuple[dict[str, Any], Positions, list[Problem]]:
    """The mapping that `text` holds, the place of each of its values, and the keys that are none or stand in it twice.

    Raises ExperimentError where it is no mapping, or no YAML, or more than plain data.
    """
    if len(text) > MAX_CHARACTERS:
        raise ExperimentError([Problem("", f"too long ({len(text):,} characters; at most {MAX_CHARACTERS:,})", file)])
    try:
        _refuse_more_than_data(text, file)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        raise ExperimentError([_syntax_problem(error, text, file)]) from None
    except UnicodeEncodeError:  # an argument that was no UTF-8
        raise ExperimentError([Problem("", "not UTF-8 text", file)]) from None
    if node is None:
        return {}, {}, []
    if not isinstance(node, yaml.MappingNode):
        line = node.start_mark.line + 1
        raise ExperimentError([Problem("", "not an experiment (a mapping of names to values, name: …)", file, line, 1)])
    positions: Positions = {}
    wrong_keys: list[Problem] = []
    mapping = _construct(node, (), positions, wrong_keys, file)
    return mapping, positions, wrong_keys


def write(mapping: dict[str, Any]) -> str:
    """`mapping` as YAML in the style of the presets: one line a group, in the mapping's own order."""
    return "".join(f"{_flow(name)}: {_flow(value)}\n" for name, value in mapping.items())


def _flow(value: Any) -> str:
    text: str = yaml.dump(
        value, Dumper=_PlainDumper, sort_keys=False, allow_unicode=True, default_flow_style=True, width=9999
    )
    return text.removesuffix("...\n").strip()


def plain_scalar(text: str) -> Any:
    """What an unquoted word of YAML stands for."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        # Longer ones are out of every field's range, and Python refuses to convert very long ones.
        return int(text) if len(text) <= 40 else float(text)
    return float(text) if _NUMBER.fullmatch(text) else text


class _PlainDumper(_DUMPER):  # type: ignore[misc]
    """Quotes each text that this module would otherwise read back as something else."""


def _represent_text(dumper: Any, text: str) -> Any:
    quoted = None if isinstance(plain_scalar(text), str) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=quoted)


_PlainDumper.add_representer(str, _represent_text)


def _refuse_more_than_data(text: str, file: str) -> None:
    depth = 0
    documents = 0
    for event in yaml.parse(text, Loader=_LOADER):
        wrong = ""
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            wrong = "a second document (one experiment a file)" if documents > 1 else ""
        elif isinstance(event, yaml.AliasEvent):
            wrong = f"*{event.anchor} is an alias (write the value out)"
        elif getattr(event, "tag", None) and not _is_plain_tag(event):
            wrong = f"{getattr(event, 'tag', '')} is a tag (write plain values)"
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            wrong = wrong or ("nested too deeply" if depth > MAX_DEPTH else "")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if wrong:
            mark: Any = event.start_mark
            raise ExperimentError([Problem("", wrong, file, mark.line + 1, mark.column + 1)])


def _is_plain_tag(event: Any) -> bool:
    # A lone "!" says "as it stands": PyYAML reports it for quoted scalars.
    return bool(event.tag == "!")


def _syntax_problem(error: yaml.YAMLError, text: str, file: str) -> Problem:
    if found := Reader.NON_PRINTABLE.search(text):
        line, column = text.count("\n", 0, found.start()) + 1, found.start() - text.rfind("\n", 0, found.start())
        return Problem("", f"a control character, {found[0]!r} (take it out)", file, line, column)
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or "this is no YAML"
    indentation = text[: mark.index + 1].rpartition("\n")[2] if mark else ""
    if mark and "\t" in indentation and not indentation.strip():
        return Problem("", "a tab (indent with spaces)", file, mark.line + 1, mark.column + 1)
    context = getattr(error, "context", None)
    message = f"{what} {context}" if context else str(what)
    return Problem("", message, file, mark.line + 1 if mark else None, mark.column + 1 if mark else None)


def _construct(node: yaml.Node, path: Path, positions: Positions, wrong_keys: list[Problem], file: str) -> Any:
    positions.setdefault(path, (node.start_mark.line + 1, node.start_mark.column + 1))
    if isinstance(node, yaml.SequenceNode):
        return [_construct(item, (*path, i), positions, wrong_keys, file) for i, item in enumerate(node.value)]
    if isinstance(node, yaml.ScalarNode):
        return node.value if node.style in ("'", '"', "|", ">") else plain_scalar(node.value)
    mapping: dict[str, Any] = {}
    for key_node, value_node in node.value:
        place = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
        if not isinstance(key_node, yaml.ScalarNode):
            above = ".".join(map(str, path))
            wrong_keys.append(Problem(above, "a list or a mapping as a name (write a word)", file, *place))
            continue
        key = key_node.value
        inner = (*path, key)
        if key in mapping:
            first = positions[inner][0]
            name = ".".join(map(str, inner))
            wrong_keys.append(Problem(name, f"stands here twice (first in line {first}; keep one)", file, *place))
        else:
            positions[inner] = place
        mapping[key] = _construct(value_node, inner, positions, wrong_keys, file)
    return mapping
