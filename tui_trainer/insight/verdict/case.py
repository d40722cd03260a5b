"""What is judged: the arms, brought to where they compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf, isfinite, nan

from tui_trainer.choices.tasks import Metric
from tui_trainer.experiment.schema import Experiment
from tui_trainer.experiment.text import clean
from tui_trainer.insight.arms import Arm, differing, experiment_of, letter
from tui_trainer.insight.basis import Basis, Moment, Result, basis
from tui_trainer.runs.summary import epochs

TWO_ERRORS = 1.96
"""How many standard errors a figure must lie off before it is told from another one."""


@dataclass(frozen=True)
class Case:
    """The arms of a comparison and the index of the one that the others are measured against."""

    arms: Sequence[Arm]
    pinned: int = 0

    @cached_property
    def basis(self) -> Basis:
        return basis(self.arms)

    @property
    def metric(self) -> Metric:
        return self.basis.metric

    @cached_property
    def experiments(self) -> list[Experiment | None]:
        return [experiment_of(arm) for arm in self.arms]

    @cached_property
    def present(self) -> list[int]:
        """The arms that have figures."""
        return [i for i, result in enumerate(self.basis.results) if result.outcomes]

    @cached_property
    def ranking(self) -> tuple[int, ...]:
        """The arms that have figures by their primary metric on validation, the best first."""
        sign = -1 if self.metric.higher_is_better else 1
        figures = {i: sign * self.validation(i) for i in self.present}
        return tuple(sorted(figures, key=lambda i: figures[i] if isfinite(figures[i]) else inf))

    @cached_property
    def differing(self) -> list[str]:
        """The paths at which the experiments of the arms with figures differ."""
        return self.differing_of(self.present)

    @cached_property
    def draws_data(self) -> bool:
        """Whether each seed draws samples of its own."""
        return any(experiment.data.generated for experiment in self.experiments if experiment)

    @property
    def luck(self) -> str:
        """What follows the seed."""
        return f"{'samples' if self.draws_data else 'split'}, initial weights and order"

    def differing_of(self, indices: Sequence[int]) -> list[str]:
        experiments = [experiment for i in indices if (experiment := self.experiments[i])]
        return differing(experiments) if len(experiments) == len(indices) else []

    def title(self, index: int) -> str:
        """`B l2 0.1`."""
        return f"{letter(index)} {clean(self.arms[index].name)}".strip()

    def result(self, index: int) -> Result:
        return self.basis.results[index]

    def validation(self, index: int, metric: Metric | None = None, moment: Moment = "end") -> float:
        """The mean of a metric, the primary one if none is named, on validation."""
        return self.result(index).mean("validation", (metric or self.metric).name, moment)

    def train(self, index: int, metric: Metric | None = None, moment: Moment = "end") -> float:
        return self.result(index).mean("train", (metric or self.metric).name, moment)

    def guessing(self, index: int) -> float:
        """The primary metric of always guessing the commonest class, or the mean; NaN if it is not known."""
        figures = [it.run.baseline.get(self.metric.name, nan) for it in self.result(index).outcomes]
        known = [figure for figure in figures if isfinite(figure)]
        return sum(known) / len(known) if known else nan

    @property
    def guess(self) -> str:
        """`always guessing the commonest class`."""
        runs = [it.run for i in self.present for it in self.result(i).outcomes]
        return f"always guessing {clean(runs[0].task.guess)}" if runs else "always guessing"

    def only_guesses(self, index: int) -> bool:
        """Whether it is no better on validation than always guessing; beyond the sampling error, if that is a share."""
        return self.is_a_guess(self.validation(index), index)

    def is_a_guess(self, reached: float, index: int = 0) -> bool:
        """Whether a primary metric on the validation part of an arm is no better than always guessing."""
        guessing = self.guessing(index)
        margin = TWO_ERRORS * self.basis.sampling_error(self.metric)(guessing)
        if self.metric.higher_is_better:
            return reached <= guessing + margin
        return reached >= guessing

    def when(self) -> str:
        """What a headline begins with while not all is done: `So far, at epoch 30: `."""
        if self.basis.epoch is None:
            return "So far: " if self.basis.so_far else ""
        at = f"at epoch {epochs(self.basis.epoch)}"
        return f"So far, {at}: " if self.basis.so_far else f"A{at[1:]}, as far as all were trained: "
