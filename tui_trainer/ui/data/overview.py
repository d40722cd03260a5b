"""What there is: how many samples, in which parts, what is predicted, what is missing, what was guessed."""

from __future__ import annotations

from itertools import zip_longest

from rich.cells import cell_len

from tui_trainer.plots.spec import Row
from tui_trainer.runs.data_look import DataLook, Member, share
from tui_trainer.ui.data.bars import histogram
from tui_trainer.ui.figures import figure
from tui_trainer.ui.pictures.look import Look, class_role
from tui_trainer.ui.terminal.glyphs import BAR_FULL, SEPARATOR, WARNING
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.rows import STRONG, exact, fit

_BESIDE = 100  # columns from which on facts and balance stand side by side
_GAP = 3
_NAME = 12  # columns for what a fact is about
_RARE = 0.05
"""A class with less than this share of what it would have if all were equally common is called rare."""
_COMMON = 0.8


def overview(seen: DataLook, width: int, look: Look) -> list[Row]:
    """All that can be said in words, and the balance of what is to be predicted."""
    problems = [row for path, why in seen.problems for row in paragraph(f"{WARNING} {path}: {why}", width, "warning")]
    if width < _BESIDE:
        return [*problems, *_facts(seen, width), [], *_balance(seen, width, look), [], *_made(seen, width)]
    left = (width - _GAP) // 2
    right = width - _GAP - left
    facts = [*_facts(seen, left), [], *_made(seen, left)]
    nothing: Row = []
    both = zip_longest(facts, _balance(seen, right, look), fillvalue=nothing)
    return [*problems, *([*exact(a, left), (" " * _GAP, ""), *b] for a, b in both)]


def shape_words(seen: DataLook) -> str:
    """What one sample is."""
    shape = seen.shape
    if seen.form == "text":
        return f"{shape[0]:,} tokens of text each, {seen.vocabulary:,} different ones" if shape else "text"
    if seen.form == "images":
        kind = {1: "grey", 3: "in colour"}.get(shape[0], f"of {shape[0]} channels")
        return f"images of {shape[2]}×{shape[1]} pixels, {kind}"
    if seen.form == "sequences":
        return f"sequences of {shape[0]:,} steps with {_count(shape[1], 'value')} each"
    return _count(shape[0] if shape else 1, "feature")


def _count(number: int, of: str) -> str:
    return f"{number:,} {of}{'' if number == 1 else 's'}"


def _facts(seen: DataLook, width: int) -> list[Row]:
    facts = [
        ("samples", f"{seen.rows:,}{_unused(seen)}", ""),
        ("train", _part(seen, "train") + _shortened(seen), ""),
        ("validation", _part(seen, "validation"), ""),
    ]
    if seen.parts.get("test"):
        facts.append(("test", f"{_part(seen, 'test')}, set aside: not looked at", ""))
    facts += [("inputs", shape_words(seen), ""), ("predicted", _predicted(seen), "")]
    facts.append(("missing", _missing(seen), "warning" if seen.missing else ""))
    if seen.ordered:
        facts.append(("order", "of time: the last samples validate", ""))
    if seen.looked_at < seen.parts.get("train", 0) + seen.parts.get("validation", 0):
        facts.append(("looked at", f"{seen.looked_at:,} of them", ""))
    return [exact(row, width) for fact in facts for row in _fact(*fact, width)]


def _fact(name: str, words: str, role: str, width: int) -> list[Row]:
    """A name, and what there is to say of it beside it, on as many lines as that takes."""
    room = max(1, width - _NAME)
    lines: list[Row] = [[(words, role)]] if cell_len(words) <= room else paragraph(words, room, role)
    return [[(fit("" if number else name, _NAME), "label"), *line] for number, line in enumerate(lines)]


def _part(seen: DataLook, name: str) -> str:
    count = seen.parts.get(name, 0)
    return f"{count:,}  ({100 * share(count, seen.rows):.0f} %)"


def _shortened(seen: DataLook) -> str:
    """How much of the training part is used, where it is not all."""
    return f", the first of {seen.available:,}" if seen.available > seen.parts.get("train", 0) else ""


def _unused(seen: DataLook) -> str:
    """How many windows are of no part, as they would have samples of two."""
    train = max(seen.available, seen.parts.get("train", 0))
    left = seen.rows - train - seen.parts.get("validation", 0) - seen.parts.get("test", 0)
    if not seen.ordered or left <= 0 or not seen.parts.get("validation"):
        return ""
    return f", {left:,} of them left out: they reach over the border of two parts"


def _predicted(seen: DataLook) -> str:
    if seen.task == "language":
        return "the next token at each position"
    if seen.task == "translation":
        return "a text for each text"
    if seen.counted == "class":
        return f"{seen.target}: one of {_count(seen.all_members, 'class').replace('classs', 'classes')}"
    return f"{seen.target}: {f'{seen.outputs:,} numbers' if seen.outputs > 1 else 'a number'}"


def _missing(seen: DataLook) -> str:
    if seen.form == "text":
        return "nothing"
    if not seen.missing:
        return "no values"
    fill = {"refuse": "refused", "zero": "filled with 0"}.get(seen.fill, f"filled with the {seen.fill}")
    return f"{_count(seen.missing, 'value')} in {_count(seen.missing_rows, 'row')}, {fill}"


def _made(seen: DataLook, width: int) -> list[Row]:
    """What was guessed or left out, and how inputs were made of what the file holds."""
    rows: list[Row] = []
    for title, lines in (("To know", seen.notes), ("How inputs are made", seen.encoding)):
        if lines:
            rows += [[(title, STRONG)], *(row for line in lines for row in _item(line, width)), []]
    return rows


def _item(text: str, width: int) -> list[Row]:
    lines = paragraph(text, width - 2)
    return [[(f"{SEPARATOR} " if not number else "  ", "label"), *line] for number, line in enumerate(lines)]


# The balance of what is to be predicted


def _balance(seen: DataLook, width: int, look: Look) -> list[Row]:
    if seen.numbers is not None:
        column = seen.numbers
        spread: Row = [
            (figure(column.low), "label"),
            (f" {histogram(column.bars, ascii_only=look.ascii)} ", "validation"),
            (figure(column.high).strip(), "label"),
        ]
        middle = f"mean {figure(column.mean).strip()}, deviation {figure(column.deviation).strip()}"
        return [[(f"How {seen.target} is spread", STRONG)], exact(spread, width), [(middle, "label")]]
    if not seen.members:
        return []
    title = "How many of each class" if seen.counted == "class" else "The commonest tokens"
    more = seen.all_members - len(seen.members)
    rows: list[Row] = [[(title, STRONG)], *_bars(seen, width)]
    if more > 0:
        rows.append([(f"and {more:,} more", "label")])
    return [*rows, *(row for words in _imbalance(seen) for row in paragraph(f"{WARNING} {words}", width, "warning"))]


def _bars(seen: DataLook, width: int) -> list[Row]:
    named = min(20, max(4, max(cell_len(_name(it)) for it in seen.members)))
    most = max(it.train + it.validation for it in seen.members)
    counted = len(f"{most:,}")
    total = sum(it.train + it.validation for it in seen.members)
    room = max(4, width - named - counted - 10)
    rows = []
    for it in seen.members:
        count = it.train + it.validation
        bar = BAR_FULL * max(1 if count else 0, round(room * share(count, most)))
        role = class_role(it.index) if seen.counted == "class" else "train"
        rows.append(
            exact(
                [
                    (f"{fit(_name(it), named)} ", ""),
                    (fit(bar, room), role),
                    (f" {count:>{counted},} ", ""),
                    (f"{100 * share(count, total):5.1f} %", "label"),
                ],
                width,
            )
        )
    return rows


def _name(member: Member) -> str:
    """A blank token would not be seen."""
    return member.name if member.name.strip() else repr(member.name)


def _imbalance(seen: DataLook) -> list[str]:
    """What of the balance makes figures mislead."""
    if seen.counted != "class" or len(seen.members) < 2:
        return []
    counts = {it.name: it.train + it.validation for it in seen.members}
    total = sum(counts.values())
    commonest, rarest = max(counts, key=lambda it: counts[it]), min(counts, key=lambda it: counts[it])
    said = []
    if share(counts[commonest], total) >= _COMMON:
        said.append(f"who always says {commonest} is right in {100 * counts[commonest] / total:.0f} %: see macro F1")
    elif counts[rarest] < _RARE * total / len(counts):
        said.append(f"{rarest} is rare: only {counts[rarest]:,} of {total:,}")
    said += [f"no sample of {it.name} validates" for it in seen.members[:3] if it.train and not it.validation]
    said += [f"no sample of {it.name} trains" for it in seen.members[:3] if it.validation and not it.train]
    return said
