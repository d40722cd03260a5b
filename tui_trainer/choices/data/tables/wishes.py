"""What a person said about how a table becomes samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tui_trainer.choices.data.base import Fill
from tui_trainer.choices.data.tables.roles import Roles

Predict = Literal["auto", "class", "number"]
TASKS: dict[Predict, str] = {"auto": "", "class": "classification", "number": "regression"}
"""What each makes of the target; only the table itself tells what auto does."""

FillText = Literal["refuse", "most_common", "category"]


@dataclass(frozen=True)
class Wishes:
    """How the columns are used, what is predicted, and what becomes of gaps."""

    roles: Roles
    predict: Predict
    categories: tuple[str, ...]  # columns whose every value is a category, numbers too, however many there are
    fill: Fill
    fill_text: FillText
    stratify: bool
    ordered: bool
    in_series: bool  # rows that follow each other make a sample
