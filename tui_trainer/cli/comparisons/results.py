"""What a comparison came to, for a person and for a program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from tui_trainer.cli.figures import finite
from tui_trainer.cli.output import wrapped
from tui_trainer.cli.results import as_mapping as run_as_mapping
from tui_trainer.experiment.comparison import Comparison
from tui_trainer.experiment.overrides import assignment
from tui_trainer.experiment.text import clean
from tui_trainer.insight.arms import Arm, group, letter
from tui_trainer.insight.basis import basis
from tui_trainer.insight.findings.base import Finding
from tui_trainer.insight.findings.diagnosis import diagnose
from tui_trainer.insight.table import Cell, Row, Table, rows
from tui_trainer.insight.verdict import Proposal, Verdict, verdict
from tui_trainer.runs import view as views
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.summary import summarize


class Outcome:
    """Runs put together to arms, their table, the verdict, and the findings of the first run of each."""

    def __init__(self, folders: Sequence[RunFolder], comparison: Comparison | None = None, id: str = "") -> None:
        self.comparison = comparison
        self.id = id
        seen = [views.read(folder) for folder in folders]
        seen = [replace(view, origin=view.origin.within(id)) for view in seen]
        self.arms = _in_order(group(seen), comparison)
        self.table = rows(self.arms)
        self.verdict = verdict(self.arms)
        self.findings = [diagnose(arm.runs[0]) if arm.runs else () for arm in self.arms]
        self._folders = {folder.id: folder for folder in folders}

    def as_lines(self, width: int) -> Iterator[str]:
        """Table, verdict and findings as plain text; `width` 0 is any."""
        yield from table_lines(self.table, width)
        yield ""
        said = verdict_lines(self.verdict)
        notes = [note for note in map(clean, self.table.notes) if not any(note in line for line in said)]
        for line in (*notes, *said, *self._proposal_lines(), *self._finding_lines()):
            yield from wrapped(line).splitlines() if width else [line]

    def _proposal_lines(self) -> list[str]:
        """What to try next, and how that is written."""
        return [clean(f"Next: {it.words}{self._written(it)}") for it in self.verdict.proposals]

    def _written(self, proposal: Proposal) -> str:
        if proposal.path == "repeats":
            return f" (--repeats {proposal.value})" if self.id else ""
        return f" ({assignment(proposal.path, proposal.value)})"

    def _finding_lines(self) -> list[str]:
        """Of each arm what stands out most, as the dashboard shows it below its verdict."""
        return [f"{letter(at)} {clean(found[0].title)}" for at, found in enumerate(self.findings) if found]

    def as_mapping(self) -> dict[str, Any]:
        """Plain data for JSON. A figure that is not finite, or not known, is null."""
        comparison = self.comparison
        return {
            "comparison": self.id or None,
            "name": comparison.name if comparison else None,
            "repeats": comparison.repeats if comparison else None,
            "metric": basis(self.arms).metric.name,
            "arms": [self._arm(at) for at in range(len(self.arms))],
            "table": [_row(row) for row in self.table.rows],
            "notes": list(self.table.notes),
            "verdict": _verdict(self.verdict),
        }

    def _arm(self, at: int) -> dict[str, Any]:
        arm = self.arms[at]
        planned = {it.name: it for it in self.comparison.arms} if self.comparison else {}
        return {
            "letter": letter(at),
            "name": arm.name,
            "changes": dict(planned[arm.name].changes) if arm.name in planned else None,
            "runs": [run_as_mapping(summarize(self._folders[run.id])) for run in arm.runs],
            "findings": [_finding(found) for found in self.findings[at]],
        }


def _in_order(arms: Sequence[Arm], comparison: Comparison | None) -> tuple[Arm, ...]:
    """All that the comparison has, in its order, also those without a run; what it does not know comes last."""
    named = {arm.name: arm for arm in arms}
    planned = [arm.name for arm in comparison.arms] if comparison else []
    return (*(named.pop(name, Arm(name, ())) for name in planned), *named.values())


def _row(row: Row) -> dict[str, Any]:
    return {
        "key": row.key,
        "label": row.label,
        "group": row.group,
        "unit": row.unit,
        "higher_is_better": row.higher_is_better,
        "cells": [_cell(cell) for cell in row.cells],
        "difference": _cell(row.difference) if row.difference else None,
    }


def _cell(cell: Cell) -> dict[str, Any]:
    value = cell.value if isinstance(cell.value, str) else finite(cell.value)
    return {"value": value, "spread": finite(cell.spread), "seeds": cell.n, "better": cell.better}


def _verdict(said: Verdict) -> dict[str, Any]:
    return {
        "headline": said.headline,
        "sentences": list(said.sentences),
        "sure": said.sure,
        "winner": said.winner,
        "ranking": list(said.ranking),
        "so_far": said.so_far,
        "proposals": [{"words": it.words, "path": it.path, "value": it.value} for it in said.proposals],
    }


def _finding(found: Finding) -> dict[str, Any]:
    return {
        "kind": found.kind,
        "severity": found.severity,
        "title": found.title,
        "evidence": found.evidence,
        "why": found.why,
        "cures": [
            {"words": it.words, "changes": dict(it.changes), "from_step": it.from_step, "certain": it.certain}
            for it in found.cures
        ],
    }


def table_lines(table: Table, width: int) -> list[str]:
    """A row a figure, where that fits; else a row an arm, with the most telling figures first."""
    from tui_trainer.ui.compare import text

    figures = text.by_figure(table).lines()
    if not width or max(map(len, figures)) <= width:
        return figures
    names = ["", *(f"{arm.letter} {clean(arm.name)}" for arm in table.arms)]
    room = max(map(len, names))
    lines = text.by_arm(table).lines(max(1, width - room - 2))
    return [f"{name.ljust(room)}  {line}".rstrip() for name, line in zip(names, lines, strict=True)]


def verdict_lines(said: Verdict) -> list[str]:
    """The verdict, a sentence a line, the headline first."""
    from tui_trainer.ui.compare import sharing

    return sharing.verdict_lines(said)
