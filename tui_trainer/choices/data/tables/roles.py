"""Which column of a table is predicted, and from which others."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial

from tui_trainer.choices.data.base import DataError

TARGET_NAMES = (
    *("target", "label", "labels", "y", "outcome", "churn", "churned", "attrition", "exited", "survived", "fraud"),
    *("default", "defaulted", "diagnosis", "species", "spam", "approved", "class", "output", "response"),
    *("result", "quality", "price"),
)
"""What columns are called that are to be predicted, the plainest first."""

_TARGET_FORMS = re.compile(r"target|label|outcome|churn|surviv|fraud|default|diagnos|attrition|spam")
"""How a word in the name of such a column begins: `is_fraud`, `CustomerChurn`, `default payment`."""

_NO_OUTCOME = re.compile(
    r"zip(code)?|post(al|code|leitzahl)?|plz|phone|telephone|tel|mobile|fax|e?mail|address|url|name"
    r"|date|datetime|timestamp|year|month|day|ssn|iban|우편번호|전화번호|날짜|일자|이름|주소"
)
"""Words in the name of a column that says who, where or when, and is hardly what a person wants predicted."""

_FEATURE_FLAGS = re.compile(
    r"(is|has|had|with|was)|(gender|sex|male|female|married|single|partner|smoker|holiday|weekend|workingday|성별)"
)
"""The first word, or any word, in the name of a column of two values that is an input, as nearly always."""

_ID_NAME = re.compile(r"(.*[_\s.-])?(id|index|idx|uuid|row|no|nr)|.*번호|", re.IGNORECASE)
_ID_ENDING = re.compile(r".*[a-z](Id|ID)")
FEWEST_COUNTED = 20
"""Whole numbers that go in steps of 1 are taken for the numbers of rows from so many rows on."""
MOST_TEXTS = 50
"""A column of more different texts names its rows, as an id does, instead of saying what they have in common."""

_LISTED = 20


@dataclass(frozen=True)
class Roles:
    """What each column is for, by name."""

    target: str
    inputs: tuple[str, ...]
    time: str = ""  # by which rows are put in order
    guessed: str = ""  # why that target, where nobody named one
    excluded: tuple[str, ...] = ()  # by a person, or by what opened the table for them


def are_row_numbers(name: str, count: int, distinct: int, low: float, high: float) -> bool:
    """Whether a column of `count` whole numbers from `low` to `high` tells rows apart instead of saying what they have
    in common: they are all different, and go in steps of 1 in whatever order, or the column is named as ids are."""
    if distinct < count or name.casefold().strip() in TARGET_NAMES:
        return False
    return (count > 2 and _is_id(name)) or (count >= FEWEST_COUNTED and high - low == count - 1)


def _is_id(name: str) -> bool:
    name = name.strip()
    return bool(_ID_NAME.fullmatch(name) or _ID_ENDING.fullmatch(name))


def find_column(word: str, names: Sequence[str], field: str) -> str:
    """The column of a name or position (from 1; from -1 at the end). Raises DataError, with all names, if none is."""
    if word in names:
        return word
    same = [name for name in names if name.casefold() == word.strip().casefold()]
    if len(same) == 1:
        return same[0]
    digits = word.removeprefix("-")
    if digits.isascii() and digits.isdigit() and 1 <= int(digits) <= len(names):
        return names[int(word) - 1 if word == digits else int(word)]
    close = difflib.get_close_matches(word, names, n=1)
    meant = f"did you mean {close[0]!r}? " if close else ""
    more = f" and {len(names) - _LISTED:,} more" if len(names) > _LISTED else ""
    raise DataError(f"there is no column {word!r} ({meant}columns: {', '.join(names[:_LISTED])}{more})", field)


def guess_target(names: Sequence[str], useless: Collection[str] = (), flags: Collection[str] = ()) -> tuple[str, str]:
    """The column that is most likely to be predicted, and why: by its name, or as the only one of the `flags` (columns
    of two values) that is not named as inputs are, or as the last one that is any use."""
    left = [name for name in names if name not in useless] or list(names)
    if named := _named_as_targets(left):
        return named, "by its name"
    outcomes = [name for name in left if not _says_whereabouts(name)] or left
    likely = [name for name in outcomes if name in flags and not _is_feature_flag(name)]
    if len(likely) == 1 and likely[0] != outcomes[-1]:
        return likely[0], "the likeliest column of two values"
    passed_over = names[list(names).index(outcomes[-1]) + 1 :]
    if len(passed_over) == 1:
        return outcomes[-1], f"the last column but {passed_over[0]}"
    return outcomes[-1], f"the last column{' that is likely' if passed_over else ''}"


def _named_as_targets(names: Sequence[str]) -> str:
    plain = {name.casefold().strip(): name for name in reversed(names)}
    for word in TARGET_NAMES:
        if word in plain and not (word == "y" and "x" in plain):  # which are coordinates
            return plain[word]
    formed = [name for name in names if any(map(_TARGET_FORMS.match, _words(name))) and not _says_whereabouts(name)]
    return formed[0] if len(formed) == 1 else ""


def _says_whereabouts(name: str) -> bool:
    """Whether a name is that of an id, a postcode, a date or the like."""
    return _is_id(name) or any(map(_NO_OUTCOME.fullmatch, _words(name)))


def _is_feature_flag(name: str) -> bool:
    words = _words(name)
    found = [_FEATURE_FLAGS.fullmatch(word) for word in words]
    return any(match and (match.group(2) or place == 0) for place, match in enumerate(found))


def _words(name: str) -> list[str]:
    """`SalePrice`, `sale_price` and `sale price` are sale and price."""
    return (
        re.sub(r"([a-z])([A-Z])", r"\1 \2", name).replace("_", " ").replace("-", " ").replace(".", " ").lower().split()
    )


def assign_roles(
    names: Sequence[str],
    target: str,
    exclude: Sequence[str],
    time: str,
    unlikely: Collection[str] = (),
    flags: Collection[str] = (),
) -> Roles:
    """Says what each column is for; one of the `unlikely` is predicted only if a person says so, the only one of the
    `flags`, which have two values, rather than others.

    Raises DataError if a column that is named does not exist, or is to be two things.
    """
    left_out = {find_column(name, names, "exclude") for name in exclude}
    order = find_column(time, names, "time") if time else ""
    useless = left_out | ({order} if order else set())
    guess = partial(guess_target, names, useless | set(unlikely), () if order else flags)
    chosen, why = (find_column(target, names, "target"), "") if target else guess()
    if chosen in left_out:
        raise DataError(f"column {chosen!r} is to be predicted, and excluded as well; take it from one", "exclude")
    if chosen == order:
        raise DataError(f"column {chosen!r} is to be predicted, and says when as well; take it from one", "time")
    inputs = tuple(name for name in names if name != chosen and name not in useless)
    return Roles(chosen, inputs, order, why, tuple(name for name in names if name in left_out))
