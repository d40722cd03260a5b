"""By which metric the arms of a comparison are judged: all of them by one."""

from __future__ import annotations

from collections.abc import Sequence

from tui_trainer.choices.tasks import CLASSIFICATION, Metric
from tui_trainer.choices.tasks.classification import MACRO_F1
from tui_trainer.runs.records import RunView


def deciding(runs: Sequence[RunView]) -> Metric:
    """The primary metric of the runs, as far as they have figures.

    Runs of one task can have different ones: where the commonest class has more than three quarters of what trains in
    some, and less in others. Macro F1, which counts every class alike, then decides for all, if all measure it.
    """
    tasks = [run.task for run in runs if run.evaluations]
    primaries = list(dict.fromkeys(task.primary for task in tasks)) or [CLASSIFICATION.primary]
    shared = [it for it in primaries if all(it in task.metrics for task in tasks)]
    return next((it for it in shared if it.name == MACRO_F1.name), (shared or primaries)[0])


def judged_by_one(runs: Sequence[RunView]) -> bool:
    """Whether their figures can be judged by one metric: they have one task, and all measure what decides."""
    told = [run for run in runs if run.evaluations]
    metric = deciding(told)
    return len({run.task.name for run in told}) <= 1 and all(metric in run.task.metrics for run in told)


def about_metric(runs: Sequence[RunView]) -> str:
    """That some of them are judged by another metric than they would be alone, as a sentence; empty if none is."""
    metric = deciding(runs)
    if not judged_by_one(runs) or all(run.task.primary == metric for run in runs if run.evaluations):
        return ""
    if metric.name == MACRO_F1.name:
        return f"{metric.heading} decides for all: in some arms one class has more than three quarters of what trains."
    return f"{metric.heading} decides for all: it is what all arms measure."
