"""What comes out of a comparison, in plain words: the headline first, then why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui_trainer.insight.arms import letter
from tui_trainer.insight.findings.base import Finding
from tui_trainer.plots.palette import run_role
from tui_trainer.plots.spec import Row
from tui_trainer.ui.laboratory.compared import Compared
from tui_trainer.ui.widgets.explanation import Explanation, paragraph
from tui_trainer.ui.widgets.rows import STRONG

if TYPE_CHECKING:
    from tui_trainer.insight.verdict import Verdict

Findings = Sequence[Sequence[Finding]]


class CompareVerdict(Explanation):
    """The verdict, what was found in each side, and what the comparison is about."""

    DEFAULT_CSS = """
    CompareVerdict {
        border: round $foreground 25%;
        border-title-color: $foreground;
        padding: 0 1;
    }
    CompareVerdict:focus { border: round $primary; }
    CompareVerdict.-strip { border: none; padding: 0 2; }
    """

    def __init__(self) -> None:
        super().__init__(id="compare-verdict")
        self.border_title = "Verdict"
        self._drawn: object = None

    def on_mount(self) -> None:
        self.show(lambda width: [])

    def tell(self, state: Compared, verdict: Verdict | None, findings: Findings) -> None:
        """Show what there is to say."""
        about = state.about, state.teaches, _empty(state)
        drawn = verdict, tuple(map(tuple, findings)), about
        if drawn != self._drawn:
            self._drawn = drawn
            self._text.make = lambda width: words(state, verdict, findings, width)
            self.update()


def words(state: Compared, verdict: Verdict | None, findings: Findings, width: int) -> list[Row]:
    """All of it, in rows of at most `width` cells."""
    rows: list[Row] = []
    if verdict is None:
        rows += paragraph(_empty(state), width, "label")
    else:
        rows += paragraph(verdict.headline, width, STRONG)
        for sentence in verdict.sentences:
            rows += paragraph(sentence, width)
        if verdict.sure:
            rows += paragraph(verdict.sure, width, "label")
    for index, found in enumerate(findings):
        for finding in found[:1]:
            titled = paragraph(finding.title, width - 3, "warning" if finding.severity == "problem" else "")
            rows += [
                [(f"{letter(index)}  " if first else "   ", run_role(index)), *row]
                for first, row in zip([True, *[False] * len(titled)], titled, strict=False)
            ]
    for text in (state.about, state.teaches):
        if text:
            rows += [[], *paragraph(text, width, "label")]
    return rows


def _any(state: Compared) -> bool:
    return any(side.arm.runs for side in state.sides)


def _empty(state: Compared) -> str:
    if not state.sides:
        return "No side yet: c adds a run."
    if not _any(state) and any(side.waiting for side in state.sides):
        return "Waiting for their turn: a worker is about to begin."
    if not _any(state):
        all_of_them = {1: "it", 2: "both"}.get(len(state.sides), f"all {len(state.sides)}")
        return f"Nothing has begun: Space trains {all_of_them}."
    if len(state.sides) == 1:
        return "One side only: c sets another run beside it."
    if any(run.ended or run.evaluations for side in state.sides for run in side.arm.runs):
        return "Reading the runs …"
    return "Waiting for the first evaluations."
