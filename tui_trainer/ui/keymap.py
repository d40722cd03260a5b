"""The user's own keys: a file that gives actions other keys than those they come with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from textual.binding import Binding

from tui_trainer.experiment.load import read_file
from tui_trainer.experiment.problems import ExperimentError, suggestion
from tui_trainer.experiment.text import clean
from tui_trainer.experiment.yaml_text import read

NAME = "keys.yaml"
"""In the home folder. A line an action: its name, a colon, its key or several with commas: `run.stop: X`."""

_KEY = re.compile(r"((ctrl|alt|shift|super)\+)*(\S|[a-z][a-z0-9_]+)")
# An escape sequence that a slow connection cuts arrives as Esc and one of these.
_UNSAFE = frozenset("[OABCDHPF")


def read_keys(file: Path, known: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The keys in `file` by action, and what is wrong with it. `known` are the actions and their present keys."""
    if not file.exists():
        return {}, []
    try:
        mapping, positions, _ = read(read_file(file), str(file))
    except ExperimentError as error:
        return {}, [str(problem) for problem in error.problems]
    keys: dict[str, str] = {}
    problems = []
    for name, value in mapping.items():
        place = f"{file}:{positions.get((name,), (1, 1))[0]}: {clean(name, 100)}: "
        wrong = _wrong(name, str(value), {**known, **keys})
        if wrong:
            problems.append(place + wrong)
        else:
            keys[name] = ",".join(key.strip() for key in str(value).split(","))
    return keys, problems


def _wrong(name: str, value: str, known: Mapping[str, str]) -> str:
    if name not in known:
        return f"there is no such action ({suggestion(name, known)})"
    for key in (part.strip() for part in value.split(",")):
        if not _KEY.fullmatch(key):
            return f"{clean(key, 50)!r} is no key (a character, or a name such as ctrl+x, f5, space)"
        if key in _UNSAFE:
            return f"{key!r} cannot be used (terminals send it inside the sequences of other keys)"
        scope = name.partition(".")[0]
        taken = [other for other, keys in known.items() if other != name and key in keys.split(",")]
        clashing = [other for other in taken if other.partition(".")[0] == scope or scope in ("app", "run")]
        if clashing:
            return f"{key!r} is {clashing[0]}'s already (give that another one first)"
    return ""


def keys_of(bindings: Iterable[object]) -> dict[str, str]:
    """The keys of bindings by their ids."""
    return {it.id: it.key for it in bindings if isinstance(it, Binding) and it.id is not None}
