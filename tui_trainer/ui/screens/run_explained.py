"""What the list of runs says about the one that is highlighted."""

from __future__ import annotations

from tui_trainer.experiment.diff import shown
from tui_trainer.plots.spec import Row
from tui_trainer.runs.differing import Differing
from tui_trainer.runs.records import Figures
from tui_trainer.runs.summary import RunSummary, epochs
from tui_trainer.ui.figures import compact, figure, took
from tui_trainer.ui.terminal.glyphs import SEPARATOR
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.rows import STRONG
from tui_trainer.ui.widgets.status_line import state_span


def explain(
    run: RunSummary, width: int, differs: Differing | None = None, parent: str = "", comparison: str = ""
) -> list[Row]:
    """What a run was, how it ended, its figures, and where it is kept.

    `parent` and `comparison` are the names of the run that it was forked from, and of what it is compared in.
    """
    sign, role = state_span(run.state)
    told = (run.reason if run.reason != "epochs" else "", run.problem)
    rows: list[Row] = [[(run.name, STRONG), (f"  {run.id}", "label")]]
    rows += paragraph(": ".join([sign, *filter(None, told)]), width, role)
    rows += paragraph(_where_from(run, parent, comparison), width, "mark")
    rows += paragraph(differs.in_full if differs else "", width)
    for change in run.changes:
        words = f"{change.path} {shown(change.old)} → {shown(change.new)} at epoch {epochs(change.epoch)}"
        rows += paragraph(f"changed while training: {words}", width)
    rows += [[], [(" " * 6, ""), (f"{'train':>8}", "train"), (f"{'validation':>12}", "validation")]]
    if run.best:
        rows.append(_figures("best", run.best.train, run.best.validation, run, f"at epoch {epochs(run.best.epoch)}"))
    at = f"at epoch {epochs(run.epoch)} of {run.planned_epochs}"
    rows.append(_figures("last", run.train, run.validation, run, at))
    parameters = f"{run.parameters:,} parameters" if run.parameters is not None else ""
    speed = f"{compact(run.steps_per_second).strip()} updates/s" if run.steps_per_second else ""
    facts = [parameters, f"{run.step:,} updates in {took(run.seconds).strip()}", speed, run.device, run.host]
    rows += [[], *paragraph(f" {SEPARATOR} ".join(fact for fact in facts if fact), width, "label")]
    return [*rows, *paragraph(str(run.folder.path), width, "label")]


def _where_from(run: RunSummary, parent: str, comparison: str) -> str:
    """Of what it is a fork, and in which comparison it stands."""
    origin, words = run.origin, []
    if origin.parent:
        at = f" at epoch {epochs(origin.from_epoch)}" if origin.from_epoch is not None else ""
        words.append(f"fork of {parent or f'{origin.parent} (deleted)'}{at}")
    if origin.comparison:
        seed = f", seed {run.experiment.seed}" if origin.repeat and run.experiment else ""
        words.append(f"{origin.arm}{seed} of the comparison {comparison or origin.comparison}")
    return f"{'; '.join(words)}: c compares" if words else ""


def _figures(name: str, train: Figures, validation: Figures, run: RunSummary, words: str) -> Row:
    row: Row = [(name.ljust(6), "label")]
    row += [(figure(train.get(run.metric)).rjust(8), ""), (figure(validation.get(run.metric)).rjust(12), "")]
    loss = validation.get("loss")
    return [
        *row,
        (f"  {run.metric} {words}", "label"),
        (f", loss {figure(loss).strip()}" if loss is not None else "", "label"),
    ]
