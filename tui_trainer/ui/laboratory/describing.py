"""What only a worker knows about the draft: sizes, warnings, what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from tui_trainer.experiment.schema import Experiment
from tui_trainer.ui.laboratory.background import Failed, Newest, Post
from tui_trainer.ui.laboratory.sizes import Described, Sizes, sizes

SETTLE = 0.15
"""Seconds that the draft must stay as it is before a worker is asked about it."""


class Describing:
    """Asks about drafts on a thread; `changed` is called, on the event loop, when there is an answer to the newest."""

    def __init__(
        self,
        describe: Callable[[Experiment, Mapping[str, Any]], Described],
        post: Post,
        changed: Callable[[], None],
        failed: Failed,
    ) -> None:
        self.last: Described | None = None
        self._known: Described | None = None  # the last one with a description
        self._asked: Experiment | None = None
        self._describe = describe
        self._post = post
        self._changed = changed
        self._questions = Newest("describe", self._answer, failed, settle=SETTLE)

    def ask(self, experiment: Experiment, mapping: Mapping[str, Any]) -> None:
        """Ask about a draft: soon, for it may change again."""
        self._asked = experiment
        self._questions.give((experiment, mapping))

    def problems(self, experiment: Experiment) -> dict[str, str]:
        """What a worker found wrong, by path."""
        said = self._about(experiment)
        return dict(said.problems) if said else {}

    def warnings(self, experiment: Experiment) -> Sequence[str]:
        """What there is to say apart from its fields."""
        said = self._about(experiment)
        if said is None:
            return ()
        cannot = "cannot be trained: " if said.refused else ""
        general = [f"{cannot}{it}" for path, it in said.problems if not path]
        return [*general, *(said.description.warnings if said.description else ())]

    def impossible(self, experiment: Experiment) -> str:
        """Why it cannot be trained, if a worker has said so."""
        said = self._about(experiment)
        if said is None or not said.refused:
            return ""
        return "; ".join(f"{path}: {message}" if path else message for path, message in said.problems)

    def sizes(self, experiment: Experiment) -> Sizes:
        """What its settings add up to."""
        return sizes(experiment, self._known.experiment, self._known.description) if self._known else Sizes()

    def _about(self, experiment: Experiment) -> Described | None:
        return self.last if self.last is not None and self.last.experiment == experiment else None

    def _answer(self, question: tuple[Experiment, Mapping[str, Any]]) -> None:
        self._post(partial(self._take, self._describe(*question)))

    def _take(self, answer: Described) -> None:
        if answer.experiment == self._asked:  # else it answers an older question
            self.last = answer
            self._known = answer if answer.description is not None else self._known
            self._changed()
