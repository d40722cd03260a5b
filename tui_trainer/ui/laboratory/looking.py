"""What the data of an experiment holds, before anything is trained on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from tui_trainer.choices.data import DataError
from tui_trainer.experiment.dump import to_mapping
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs.problems import WorkerError
from tui_trainer.ui.laboratory.aside import Aside, Problems
from tui_trainer.ui.laboratory.background import Failed, Newest, Post
from tui_trainer.ui.laboratory.own_runs import OwnRuns

if TYPE_CHECKING:
    from tui_trainer.choices.data.base import Missing
    from tui_trainer.runs.data_look import DataLook
    from tui_trainer.runs.progress import Progress


@dataclass(frozen=True)
class Looked:
    """What is known of an experiment's data: a look at it, or why there is none."""

    experiment: Experiment
    look: DataLook | None = None
    problems: Problems = ()
    missing: Missing | None = None  # what must be downloaded first

    def is_of(self, experiment: Experiment) -> bool:
        """Whether that experiment has the same data, in the same parts."""
        return _data_of(experiment) == _data_of(self.experiment)


class Looking:
    """Looks at data on a thread; `changed` is called, on the event loop, when more is known.

    What must be downloaded is fetched by a worker of its own.
    """

    def __init__(self, own: OwnRuns, post: Post, changed: Callable[[], None], failed: Failed) -> None:
        self._own = own
        self._post = post
        self._changed = changed
        self._last: Looked | None = None
        self._asked: Experiment | None = None
        self._questions: Newest[tuple[Experiment, int]] = Newest("look", self._answer, failed)
        self._fetching: Aside[None] = Aside("fetch", own.make_another, post, changed)

    def of(self, experiment: Experiment) -> Looked | None:
        """What is known of its data; None while nobody has looked."""
        return self._last if self._last is not None and self._last.is_of(experiment) else None

    def ask(self, experiment: Experiment, page: int = 0) -> None:
        """Look at its data, which may be another by now, and at one page of its samples."""
        self._asked = experiment
        self._questions.give((experiment, page))

    def follow(self, experiment: Experiment) -> None:
        """Look at its data, unless that was asked for already."""
        if self._asked is None or _data_of(self._asked) != _data_of(experiment):
            self.ask(experiment)

    @property
    def fetched(self) -> Progress | None:
        """How far the download is; None if none is under way, or it has said nothing yet."""
        return self._fetching.progress

    @property
    def fetching(self) -> bool:
        return self._fetching.under_way

    def fetch(self, experiment: Experiment) -> None:
        """Download its data, or call that off if it is under way."""
        if self._fetching.cancel():
            return
        self._fetching.start(
            lambda worker, told: worker.fetch(to_mapping(experiment), told),
            lambda nothing: self.ask(experiment),
            lambda problems: self._take(Looked(experiment, problems=problems, missing=self._lacks(experiment))),
        )

    def close(self) -> None:
        """End a download: the program ends."""
        self._fetching.cancel()

    def _lacks(self, experiment: Experiment) -> Missing | None:
        known = self.of(experiment)
        return known.missing if known else None

    def _answer(self, question: tuple[Experiment, int]) -> None:
        """On a thread."""
        experiment, page = question
        try:
            if missing := experiment.data.missing():
                looked = Looked(experiment, missing=missing)
            else:
                looked = Looked(experiment, self._own.look(to_mapping(experiment), page))
        except ExperimentError as error:
            looked = Looked(experiment, problems=tuple((it.path, it.message) for it in error.problems))
        except (DataError, WorkerError) as error:
            looked = Looked(experiment, problems=(("", str(error)),))
        self._post(partial(self._take, looked))

    def _take(self, looked: Looked) -> None:
        self._last = looked
        self._changed()


def _data_of(experiment: Experiment) -> tuple[object, int]:
    return experiment.data, experiment.seed
