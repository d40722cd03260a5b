"""What is wrong with the run, and what would mend it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.events import Click
from textual.message import Message

from tui_trainer.experiment.text import clean
from tui_trainer.insight.findings.base import Cure, Finding
from tui_trainer.plots.spec import Row, Span
from tui_trainer.runs.records import RunView
from tui_trainer.ui.terminal.glyphs import HINT, NEXT, WARNING
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.rows import STRONG, Rows, exact, fit, row_width


class FindingsPanel(Rows, can_focus=True):
    """A line a finding, below the panel whose lower border it takes the place of.

    Where it has one line only, the finding that is selected stands in that border.
    """

    DEFAULT_CSS = "FindingsPanel { height: 1; }"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Previous finding", id="findings.up", show=False),
        Binding("down,j", "move(1)", "Next finding", id="findings.down", show=False),
        Binding("left,h", "choose(-1)", "Previous cure", id="findings.previous-cure", show=False),
        Binding("right,l", "choose(1)", "Next cure", id="findings.next-cure", show=False),
        Binding("pageup", "read(-1)", "Read what stands above", id="findings.read-back", show=False),
        Binding("pagedown", "read(1)", "Read on, where the reason does not fit", id="findings.read-on", show=False),
        Binding("enter", "apply", "Fork with what would mend it", id="findings.apply"),
    ]

    class Selected(Message):
        """Another finding or cure is selected, or there is more to say about it."""

    class Read(Message):
        """More is to be seen of what is explained, so many rows or pages further down."""

        def __init__(self, by: int, *, pages: bool) -> None:
            super().__init__()
            self.by = by
            self.pages = pages

    class Apply(Message):
        """A cure is to be tried."""

        def __init__(self, cure: Cure) -> None:
            super().__init__()
            self.cure = cure

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._found: Sequence[Finding] = ()
        self._view: RunView | None = None
        self._at = 0
        self._cure = 0

    @property
    def finding(self) -> Finding | None:
        """The one that is selected."""
        return self._found[self._at] if self._found else None

    @property
    def cure(self) -> Cure | None:
        """What Enter would try."""
        finding = self.finding
        return finding.cures[min(self._cure, len(finding.cures) - 1)] if finding and finding.cures else None

    def turn_to(self, view: RunView | None) -> None:
        """Say whose findings they are, and whether more may come."""
        before, self._view = self._view, view
        if (before and before.ended) != (view and view.ended):
            self.update()

    def show(self, found: Sequence[Finding]) -> None:
        """Show what was found; the one that is selected stays so."""
        kind = self.finding.kind if self.finding else ""
        kinds = [finding.kind for finding in found]
        self._found = tuple(found)
        if kind in kinds:
            self._at = kinds.index(kind)
        else:
            self._at = self._cure = 0
        self.update()
        if self.has_focus:
            self.post_message(self.Selected())

    def explained(self) -> tuple[str, list[tuple[str, str]]]:
        """What there is to know about what is selected: a heading, and texts after a word each."""
        finding, cure = self.finding, self.cure
        if finding is None:
            return "Findings", [("", _empty(self._view))]
        texts = [("", finding.evidence)]
        if cure is not None:
            does = "goes on from a checkpoint with" if cure.from_step is not None else "trains a copy with"
            more = f"; {self._cure + 1} of {len(finding.cures)}, ← → for others" if len(finding.cures) > 1 else ""
            unsure = "" if cure.certain else " (does not always help)"
            texts.append(("Enter", f"{does} {cure.words}{unsure} and shows both side by side{more}"))
        return finding.title, [*texts, ("Why", finding.why)]

    # Drawing

    def rows(self, width: int, height: int) -> Sequence[Row]:
        role = STRONG if self.has_focus else "axis"
        if height <= 1:
            return [self._in_border(width, role)]
        inner, room = max(0, width - 4), height - 2
        first = max(0, min(self._at - room + 1, len(self._found) - room))
        lines = [self._line(i, inner) for i in range(first, min(first + room, len(self._found)))]
        if not lines:
            lines = [[(_empty(self._view), "label")]]
        elif room > len(lines):
            cure_shown = bool(lines[self._at - first][-1][0])
            lines += self._more(inner, cure_shown)[: room - len(lines)]
        hidden = len(self._found) - room
        title = f" Findings{f' {self._at + 1} of {len(self._found)}' if hidden > 0 else ''} "
        top: Row = [("├─", role), (title, STRONG if self.has_focus else "text")]
        body: list[Row] = [[("│ ", role), *exact(line, inner), (" │", role)] for line in lines]
        body += [[("│ ", role), (" " * inner, ""), (" │", role)]] * (room - len(body))
        return [
            [*top, ("─" * max(0, width - 3 - len(title)), role), ("┤", role)],
            *body,
            [("╰" + "─" * max(0, width - 2) + "╯", role)],
        ]

    def _more(self, width: int, cure_shown: bool) -> list[Row]:
        """What else there is to say about the finding that is selected, where there is room for it."""
        assert self.finding is not None
        rows = [] if self.cure is None or cure_shown else paragraph(f"{NEXT} {self.cure.words}", width, "", "  ")
        return [*rows, *paragraph(self.finding.evidence, width, "label", "  ")]

    def _in_border(self, width: int, role: str) -> Row:
        """The finding that is selected, in the lower border."""
        row: Row = [("╰─", role)]
        if self._found:
            inside = self._line(self._at, width - 5)
            used = row_width(inside)
            row += [(" ", ""), *inside, (" ", ""), ("─" * max(0, width - 5 - used), role)]
        else:
            row.append(("─" * max(0, width - 3), role))
        return [*row, ("╯", role)]

    def _line(self, index: int, width: int) -> Row:
        finding = self._found[index]
        chosen = self.has_focus and index == self._at
        problem = finding.severity == "problem"
        sign: Span = (f"{WARNING if problem else HINT} ", "warning" if problem else "mark")
        title = clean(finding.title)
        cures = finding.cures[self._cure if index == self._at else 0 :] or finding.cures[-1:]
        cure = f"  {NEXT} {clean(cures[0].words)}" if cures else ""
        if cell_len(title) + cell_len(cure) + 2 > width:
            cure = ""
        return [
            sign,
            (fit(title, min(cell_len(title), width - 2)), STRONG if chosen else ""),
            (cure, "mark" if chosen else "label"),
        ]

    # Keys and mouse

    def action_move(self, by: int) -> None:
        """Another finding; at the first and the last one, more of what is explained."""
        if 0 <= self._at + by < len(self._found):
            self._select(self._at + by)
        else:
            self.post_message(self.Read(by, pages=False))

    def action_read(self, by: int) -> None:
        self.post_message(self.Read(by, pages=True))

    def action_choose(self, by: int) -> None:
        if self.finding and self.finding.cures:
            self._cure = max(0, min(self._cure + by, len(self.finding.cures) - 1))
            self._tell()

    def action_apply(self) -> None:
        if self.cure is not None:
            self.post_message(self.Apply(self.cure))

    def on_click(self, event: Click) -> None:
        """The first click selects a finding."""
        line = event.y - 1
        room = self.size.height - 2
        first = max(0, min(self._at - room + 1, len(self._found) - room))
        if 0 <= line < room and first + line < len(self._found):
            if first + line == self._at and event.chain == 2:
                self.action_apply()
            self._select(first + line)

    def on_focus(self) -> None:
        self._tell()

    def on_blur(self) -> None:
        self.update()

    def _select(self, index: int) -> None:
        if index != self._at:
            self._at, self._cure = index, 0
            self._tell()

    def _tell(self) -> None:
        self.update()
        self.post_message(self.Selected())


def _empty(view: RunView | None) -> str:
    if view is None:
        return "What goes wrong in a run is told here."
    return "nothing stands out" if view.ended else "nothing stands out so far"
