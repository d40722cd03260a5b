"""A comparison to take along: in full for the clipboard, its curves for a file."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from tui_trainer.experiment.text import clean
from tui_trainer.insight.arms import letter, seed_of
from tui_trainer.ui.compare.text import by_arm, by_figure
from tui_trainer.ui.laboratory.compared import Compared

if TYPE_CHECKING:
    from tui_trainer.insight.table import Table
    from tui_trainer.insight.verdict import Verdict


def verdict_lines(verdict: Verdict) -> list[str]:
    """The verdict, a sentence a line, the headline first."""
    return [clean(line) for line in (verdict.headline, *verdict.sentences, verdict.sure) if line]


def in_full(state: Compared, table: Table, verdict: Verdict | None) -> str:
    """A comparison for the clipboard: its title, its table, its verdict."""
    names = [f"{letter(index)} {clean(side.arm.name)}" for index, side in enumerate(state.sides)]
    figures = by_figure(table) if len(table.arms) <= 2 else by_arm(table)
    told = [*map(clean, table.notes), *(verdict_lines(verdict) if verdict else [])]
    parts = [[clean(state.title), *names], figures.lines(), told]
    return "\n\n".join("\n".join(part) for part in parts if part)


def curves_as_csv(state: Compared) -> str:
    """Every evaluation of every run as comma-separated values, a row each."""
    runs = [(index, side.arm.name, run) for index, side in enumerate(state.sides) for run in side.arm.runs]
    metrics = list(dict.fromkeys(name for _, _, run in runs for it in run.evaluations for name in it.validation))
    written = io.StringIO()
    writer = csv.writer(written)
    columns = [f"{part}_{name}" for part in ("train", "validation") for name in metrics]
    writer.writerow(["side", "name", "run", "seed", "step", "epoch", "seconds", "lr", *columns])
    for index, name, run in runs:
        about = [letter(index), clean(name), run.id, seed_of(run)]
        for it in run.evaluations:
            figures = [part.get(metric, "") for part in (it.train, it.validation) for metric in metrics]
            writer.writerow([*about, it.step, it.epoch, it.seconds, "" if it.lr is None else it.lr, *figures])
    return written.getvalue()
