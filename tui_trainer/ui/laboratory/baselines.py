"""What simpler methods get on the data of experiments: measured on request, and kept while the program runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from tui_trainer.experiment.dump import to_mapping
from tui_trainer.experiment.schema import Experiment
from tui_trainer.insight.worth import in_short, worth
from tui_trainer.ui.laboratory.aside import Aside, Problems
from tui_trainer.ui.laboratory.background import Post
from tui_trainer.ui.laboratory.own_runs import OwnRuns
from tui_trainer.ui.laboratory.watched import Say, Severity

if TYPE_CHECKING:
    from tui_trainer.runs.baselines import Baselines
    from tui_trainer.runs.progress import Progress
    from tui_trainer.runs.records import RunView

KEPT = 32

Key = tuple[object, ...]


class BaselinesWatch:
    """Measures in a worker of its own; `changed` is called, on the event loop, when more is known."""

    def __init__(
        self, own: OwnRuns, post: Post, changed: Callable[[], None], say: Say, view: Callable[[], RunView | None]
    ) -> None:
        self.shown = False  # whether a person has them before their eyes: then what comes of them is not said as well
        self._say = say
        self._view = view
        self._known: dict[Key, Baselines] = {}
        self._why_not: dict[Key, str] = {}
        self._of: Experiment | None = None  # whose are being measured
        self._aside: Aside[Baselines] = Aside("baselines", own.make_another, post, changed)

    def of(self, experiment: Experiment | None) -> Baselines | None:
        """Those of its data, if they have been measured."""
        return self._known.get(_key(experiment)) if experiment is not None else None

    def why_not(self, experiment: Experiment) -> str:
        """Why there are none; empty if nobody has tried, or there are."""
        return self._why_not.get(_key(experiment), "")

    def progress(self, experiment: Experiment) -> Progress | None:
        """How far those of its data are; None if they are not being measured."""
        from tui_trainer.runs.progress import Progress

        if not self._aside.under_way or self._of is None or _key(self._of) != _key(experiment):
            return None
        return self._aside.progress or Progress("starting", 0.0, 1.0)

    @property
    def told(self) -> str:
        """What is being done, in words, if anything is."""
        if not self._aside.under_way:
            return ""
        return f"baselines: {self._aside.progress.what if self._aside.progress else 'starting'} (b calls it off)"

    def toggle(self, experiment: Experiment) -> None:
        """Measure those of its data, unless they are known; call it off if it is under way."""
        if self._aside.cancel():
            self._say("baselines called off", "information")
        elif (known := self.of(experiment)) is not None:
            self._tell(self._sentence(experiment, known), "information")
        else:
            self._of = experiment
            self._why_not.pop(_key(experiment), None)
            self._aside.start(
                lambda worker, told: worker.baselines(to_mapping(experiment), told),
                partial(self._take, experiment),
                partial(self._refuse, experiment),
            )

    def run_of(self, experiment: Experiment) -> RunView | None:
        """The run that is looked at, if it is on the same data."""
        view = self._view()
        same = view is not None and view.experiment is not None and _key(view.experiment) == _key(experiment)
        return view if same else None

    def sentence(self, experiment: Experiment) -> str:
        """Whether a network is worth it, as far as that is known; empty if nothing is."""
        known = self.of(experiment)
        return self._sentence(experiment, known) if known is not None else ""

    def close(self) -> None:
        """Call off what is under way: the program ends."""
        self._aside.cancel()

    def _sentence(self, experiment: Experiment, known: Baselines) -> str:
        view = self.run_of(experiment)
        return (worth(view, known) if view is not None else "") or in_short(known, view)

    def _take(self, experiment: Experiment, found: Baselines) -> None:
        self._known[_key(experiment)] = found
        for key in list(self._known)[:-KEPT]:
            del self._known[key]
        self._tell(self._sentence(experiment, found), "information")

    def _refuse(self, experiment: Experiment, problems: Problems) -> None:
        why = "; ".join(f"{path}: {message}" if path else message for path, message in problems)
        self._why_not[_key(experiment)] = why
        self._tell(why, "warning")

    def _tell(self, text: str, severity: Severity) -> None:
        if not self.shown:
            self._say(text, severity)


def _key(experiment: Experiment) -> Key:
    """What the figures depend on: the samples and their parts, and how predictions of them are judged."""
    return experiment.data.model_dump_json(), experiment.seed, experiment.loss.model_dump_json(), experiment.model.task
