"""On what arms are compared: which of their runs count, at which epoch, and whether their figures compare at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf, isfinite, isnan, nan, sqrt
from typing import Literal

from tui_trainer.choices.tasks import Metric
from tui_trainer.experiment.diff import flat
from tui_trainer.insight.arms import Arm, experiment_of, seed_of, telling_changes
from tui_trainer.insight.bands import Part, mean
from tui_trainer.insight.deciding import about_metric, deciding, judged_by_one
from tui_trainer.insight.statistics import NO_EFFECT, Effect, effect, standard_error
from tui_trainer.runs.records import Evaluation, RunView

Moment = Literal["end", "best"]
"""`end`: the network that training leaves behind. `best`: the evaluation with the best primary metric on validation,
which is picked by the very figures that are compared, and so flatters an arm the more the noisier its curve is."""

LOSS = Metric("loss", higher_is_better=False)
_SAME_SAMPLES = ("data.train_samples", "data.scaling")
"""What may differ between two data sets whose validation samples are the same."""


@dataclass(frozen=True)
class Outcome:
    """What one run came to where it is compared."""

    run: RunView
    end: Evaluation
    best: Evaluation
    restored: bool = False  # its end is its best evaluation, as it put those weights back and had gone on since

    def at(self, moment: Moment) -> Evaluation:
        return self.end if moment == "end" else self.best


@dataclass(frozen=True)
class Result:
    """What an arm came to."""

    arm: Arm
    outcomes: tuple[Outcome, ...]  # of the runs that count, by seed
    diverged: tuple[RunView, ...]  # their loss was not finite any more
    failed: tuple[RunView, ...]  # they ended before their plan was done for another reason, or died
    unfinished: tuple[RunView, ...]  # still training, or about to

    def figures(self, part: Part, metric: str, moment: Moment = "end") -> dict[int, float]:
        """A metric by seed; NaN where it was not reported."""
        return {seed_of(it.run): value_of(it.at(moment), part, metric) for it in self.outcomes}

    def gaps(self, metric: Metric, moment: Moment = "end") -> dict[int, float]:
        """How much better it is on the training part, by seed."""
        train = self.figures("train", metric.name, moment)
        validation = self.figures("validation", metric.name, moment)
        sign = 1 if metric.higher_is_better else -1
        return {seed: sign * (train[seed] - validation[seed]) for seed in train}

    def mean(self, part: Part, metric: str, moment: Moment = "end") -> float:
        """Over the seeds that have it; NaN if none has."""
        return average(self.figures(part, metric, moment))


@dataclass(frozen=True)
class Basis:
    """The arms of a comparison, brought to where they compare."""

    results: tuple[Result, ...]  # one an arm
    epoch: float | None  # up to which all are compared; None: each as far as it was trained
    obstacle: str  # why the validation figures of the arms do not compare, as a sentence; empty if they do
    one_loss: bool = True  # whether all are trained on the same loss; other losses do not compare, metrics do

    @cached_property
    def metric(self) -> Metric:
        """By which all arms are judged."""
        return deciding([run for result in self.results for run in result.arm.runs])

    @cached_property
    def about_metric(self) -> str:
        """That some arms are judged by another metric than alone, as a sentence; empty where none is."""
        return about_metric([run for result in self.results for run in result.arm.runs])

    @property
    def so_far(self) -> bool:
        """Whether some run still trains."""
        return any(result.unfinished for result in self.results)

    @cached_property
    def seeds(self) -> tuple[int, ...]:
        """Those that every arm with an outcome has."""
        sets = [{seed_of(it.run) for it in result.outcomes} for result in self.results if result.outcomes]
        return tuple(sorted(set.intersection(*sets))) if sets else ()

    @cached_property
    def shares_no_seed(self) -> bool:
        """Whether arms with outcomes have none in common."""
        return not self.seeds and sum(bool(result.outcomes) for result in self.results) > 1

    @property
    def about_seeds(self) -> str:
        """Which seeds are compared, as a sentence; empty where all arms have the same ones, or none in common."""
        sets = {tuple(seed_of(it.run) for it in result.outcomes) for result in self.results if result.outcomes}
        shared = ", ".join(map(str, self.seeds))
        if self.seeds and len(sets) > 1:
            return f"The arms have different seeds: only those that all have ({shared}) are compared in pairs."
        if self.so_far and len(sets) == 1 and any(len(result.arm.runs) > len(self.seeds) for result in self.results):
            return f"So far only seed{'s' if len(self.seeds) > 1 else ''} {shared} can be compared."
        return ""

    @cached_property
    def validation_samples(self) -> int:
        counts = [it.run.samples.get("validation", 0) for result in self.results for it in result.outcomes]
        return min(counts, default=0)

    @cached_property
    def validation_classes(self) -> tuple[float, ...]:
        """About how many of the validation samples are of each class; empty where that is not known."""
        run = next((it.run for result in self.results for it in result.outcomes if it.run.facts), None)
        counts = run.facts.class_counts if run is not None and run.facts else ()
        return tuple(count * self.validation_samples / sum(counts) for count in counts) if sum(counts) else ()

    def compares(self, metric: Metric) -> bool:
        """Whether figures of the arms can be set against each other."""
        return not self.obstacle and (self.one_loss or metric.name != LOSS.name)

    def compare(self, a: int, b: int, metric: Metric, moment: Moment = "end") -> Effect:
        """How much higher the metric is on validation in arm `b` than in arm `a`."""
        if not self.compares(metric):
            return NO_EFFECT
        left, right = (self.results[i].figures("validation", metric.name, moment) for i in (a, b))
        return effect(left, right, self._error(metric, a, b, moment))

    def compare_gaps(self, a: int, b: int, metric: Metric, moment: Moment = "end") -> Effect:
        """How much larger the gap is in arm `b` than in arm `a`."""
        if not self.compares(metric):
            return NO_EFFECT
        left, right = (self.results[i].gaps(metric, moment) for i in (a, b))
        error_of = self._error(metric, a, b, moment)
        errors = [error_of(self.results[i].mean("validation", metric.name, moment)) for i in (a, b)]
        error = sqrt(mean([error**2 for error in errors]))
        return effect(left, right, lambda gap: error)

    def _error(self, metric: Metric, a: int, b: int, moment: Moment) -> Callable[[float], float]:
        """The sampling error of a metric on validation."""
        right = None
        if self.metric.is_share and metric.name == LOSS.name:
            right = mean([self.results[i].mean("validation", self.metric.name, moment) for i in (a, b)])
        return self.sampling_error(metric, right)

    def sampling_error(
        self, metric: Metric, right: float | None = None, samples: int | None = None
    ) -> Callable[[float], float]:
        """From a value of a metric to its standard error on validation, or on so many of its samples.

        `right` is the share of right answers.
        """
        count = self.validation_samples if samples is None else samples
        share = count / max(1, self.validation_samples)
        return standard_error(metric, count, right, [share * it for it in self.validation_classes])


def basis(arms: Sequence[Arm]) -> Basis:
    """Where the arms compare.

    Each is taken at its end if every arm has a run whose plan is done; until then all are taken at the epoch that the
    furthest run of every arm has reached, and runs that are not there yet are left out. While some run still trains,
    only the seeds count that all arms have so far, if there are any: means over other seeds would not compare.
    """
    reaches = [max(map(_reach, arm.runs), default=-inf) for arm in arms]
    reached = min((reach for reach in reaches if reach >= 0), default=inf)
    metric = deciding([run for arm in arms for run in arm.runs])
    results = tuple(_result(arm, reached, metric) for arm in arms)
    if any(result.unfinished for result in results):
        results = _of_shared_seeds(results)
    return Basis(results, reached if isfinite(reached) else None, _obstacle(arms), _share_loss(arms))


def _of_shared_seeds(results: tuple[Result, ...]) -> tuple[Result, ...]:
    """The results without the seeds that some arm with outcomes lacks; as they are where none is shared."""
    sets = [{seed_of(it.run) for it in result.outcomes} for result in results if result.outcomes]
    shared = set.intersection(*sets) if sets else set()
    if not shared:
        return results
    return tuple(
        replace(result, outcomes=tuple(it for it in result.outcomes if seed_of(it.run) in shared)) for result in results
    )


def value_of(evaluation: Evaluation, part: Part, metric: str) -> float:
    return (evaluation.train if part == "train" else evaluation.validation).get(metric, nan)


def average(values: Mapping[int, float]) -> float:
    """The mean of those that are finite; NaN if none is."""
    return mean([value for value in values.values() if isfinite(value)])


def _reach(run: RunView) -> float:
    """The last epoch at which it can be compared: no bound once its plan is done, below 0 if it cannot be at all."""
    if run.diverged or not run.last:
        return -inf
    return inf if run.state == "finished" else run.last.epoch


def _result(arm: Arm, reached: float, metric: Metric) -> Result:
    runs = arm.runs
    outcomes = [outcome for run in runs if _reach(run) >= reached and (outcome := _outcome(run, reached, metric))]
    return Result(
        arm,
        tuple(sorted(outcomes, key=lambda it: seed_of(it.run))),
        diverged=tuple(run for run in runs if run.diverged),
        failed=tuple(run for run in runs if run.ended and run.state != "finished" and not run.diverged),
        unfinished=tuple(run for run in runs if run.alive),
    )


def _outcome(run: RunView, reached: float, metric: Metric) -> Outcome | None:
    """What it came to up to an epoch; what is best is what the metric says, by whatever the run itself went."""
    if not run.last:
        return None
    evaluations = [it for it in run.evaluations if it.epoch <= reached]
    if not evaluations:
        return None
    done = run.state == "finished" and run.last.epoch <= reached
    its_own = (run.best or run.last) if done else run.best
    known = run.task.primary == metric and its_own is not None and its_own.epoch <= reached
    best = its_own if known and its_own else _best(evaluations, metric)
    end = its_own if done and its_own and _restores_best(run) else evaluations[-1]
    return Outcome(run, end, best, restored=end.epoch < evaluations[-1].epoch)


def _restores_best(run: RunView) -> bool:
    """Whether it put the weights of its best evaluation back at its end."""
    experiment = run.present or run.experiment
    return experiment is not None and any(it.restores_best() for it in experiment.regularization.values())


def _best(evaluations: Sequence[Evaluation], metric: Metric) -> Evaluation:
    sign = -1 if metric.higher_is_better else 1

    def rank(evaluation: Evaluation) -> tuple[float, float]:
        value, loss = (value_of(evaluation, "validation", name) for name in (metric.name, "loss"))
        return inf if isnan(value) else sign * value, inf if isnan(loss) else loss

    return min(evaluations, key=rank)


# Whether figures compare


def _obstacle(arms: Sequence[Arm]) -> str:
    """Why the validation figures of the arms say nothing about each other."""
    told = [run for arm in arms for run in arm.runs if run.evaluations]
    if not judged_by_one(told):
        return "The arms have different tasks, so their figures do not compare."
    experiments = [experiment for arm in arms if arm.runs and (experiment := experiment_of(arm))]
    kinds = list(dict.fromkeys(experiment.data.kind for experiment in experiments))
    if len(kinds) > 1:
        return f"The arms learn different data ({', '.join(kinds)}), so their figures do not compare."
    different = sorted({path for it in experiments for path in _differing_data(experiments[0], it)})
    if different:
        return f"The arms validate on different samples ({', '.join(different)}), so their figures do not compare."
    counts = _validation_counts(told)
    if any(len(it) > 1 for it in counts.values()):
        return "The validation parts differ in size: the data has changed, so the figures do not compare."
    return ""


def _share_loss(arms: Sequence[Arm]) -> bool:
    """Whether all arms are trained on the same loss, with the same fields."""
    told = [(arm, run) for arm in arms for run in arm.runs if run.evaluations]
    names = {run.task.loss for _, run in told}
    made = {experiment.loss.for_task(run.task.name) for arm, run in told if (experiment := experiment_of(arm))}
    return len(names) <= 1 and len(made) <= 1


def _differing_data(a: object, b: object) -> list[str]:
    left, right = (flat(it) for it in (a, b))  # type: ignore[arg-type]
    paths = [path for path in left | right if path.startswith("data.") and path not in _SAME_SAMPLES]
    return [path.removeprefix("data.") for path in paths if left.get(path) != right.get(path)]


def _validation_counts(runs: Sequence[RunView]) -> dict[int, set[int]]:
    """How many samples validate, by seed."""
    counts: dict[int, set[int]] = {}
    for run in runs:
        if count := run.samples.get("validation"):
            counts.setdefault(seed_of(run), set()).add(count)
    return counts


def mixed(arm: Arm) -> bool:
    """Whether the runs of an arm are not all the same experiment, because some were changed while they trained."""
    changes = {repr([(it.path, it.new, it.epoch) for it in telling_changes(run)]) for run in arm.runs if run.last}
    return len(changes) > 1
