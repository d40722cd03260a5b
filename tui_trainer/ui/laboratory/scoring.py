"""Scores the run that is looked at on its test part, on request."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.records import RunView
from tui_trainer.runs.score import TestScore
from tui_trainer.ui.figures import figure
from tui_trainer.ui.laboratory.aside import Aside, Problems
from tui_trainer.ui.laboratory.background import Post
from tui_trainer.ui.laboratory.own_runs import OwnRuns
from tui_trainer.ui.laboratory.watched import Say


class Scoring:
    """Asks a worker of its own; `scored` is called, on the event loop, with the id of a run and its score."""

    def __init__(self, own: OwnRuns, post: Post, scored: Callable[[str, TestScore], None], say: Say) -> None:
        self._scored = scored
        self._say = say
        self._aside: Aside[TestScore] = Aside("test part", own.make_another, post, lambda: None)

    def is_open(self, view: RunView | None) -> bool:
        """Whether a run can be scored and has not been; if not, why, or its score, is said."""
        if why := obstacle(view):
            self._say(why, "information")
        elif view is not None and view.score is not None and is_known(view):
            self._say(in_words(view, view.score), "information")
        return view is not None and not why and not is_known(view)

    def score(self, view: RunView, folder: RunFolder) -> None:
        """Score the network that a run left behind, and say what came of it."""
        self._say("scoring the test part …", "information")
        self._aside.start(lambda worker, told: worker.score(folder), partial(self._take, view, folder.id), self._refuse)

    def close(self) -> None:
        """Call off what is under way: the program ends."""
        self._aside.cancel()

    def _take(self, view: RunView, id: str, score: TestScore) -> None:
        self._scored(id, score)
        self._say(in_words(view, score), "information" if score.looks == 1 else "warning")

    def _refuse(self, problems: Problems) -> None:
        self._say("; ".join(message for _, message in problems), "warning")


def obstacle(view: RunView | None) -> str:
    """Why a run cannot be scored now; empty if it can."""
    if view is None:
        return "no run to score: space starts one"
    if view.alive:
        return "the test part is for the network that a run leaves behind: wait for its end, or x stops it"
    if not view.samples.get("test"):
        return "this run set no samples aside: give test share in panel 1 a value, such as 0.1, and train anew"
    return "" if view.best else "this run ended before its first evaluation"


def is_known(view: RunView) -> bool:
    """Whether its best network has been scored before."""
    return view.score is not None and view.best is not None and view.score.step == view.best.step


def in_words(view: RunView, score: TestScore) -> str:
    """What came of it, in a sentence or two."""
    metric, word = view.task.primary.name, view.task.primary.word
    validation = view.best.validation.get(metric) if view.best else None
    beside = "" if validation is None else f", on validation {figure(validation).strip()}"
    said = f"test part: {word} {figure(score.figures.get(metric)).strip()} on {score.samples:,} samples{beside}"
    if score.looks == 1:
        return said
    return f"{said}. Look number {score.looks}: who chooses by the test part has no test part any more."
