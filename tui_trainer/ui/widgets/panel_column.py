"""The panels one below the other, sharing their borders, one of them open."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import Resize

from tui_trainer.ui.forms.form import FormPanel
from tui_trainer.ui.forms.help import FieldHelp

_HELP = 8  # rows that explain the field that is selected
_FORM = 10  # rows of a form that come before its explanation
_ROOMY = 30  # rows from which closed panels have two lines


class PanelColumn(Vertical):
    """One panel is open; the rest of the height is the help's."""

    def __init__(self, panels: Sequence[FormPanel], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.panels = panels
        self.help = FieldHelp(id="help")
        self.opened = panels[0]
        self._height = 0

    def compose(self) -> ComposeResult:
        yield from self.panels
        yield self.help

    def open(self, panel: FormPanel) -> None:
        """Open one panel, and close the others."""
        self.opened = panel
        self.refit()

    def on_resize(self, event: Resize) -> None:
        if event.size.height != self._height:
            self.fit_to(event.size.height)

    def refit(self) -> None:
        """Give the panels their heights anew: the open one has more or fewer rows."""
        self.fit_to(self._height)

    def fit_to(self, height: int) -> None:
        """Give each panel its height."""
        self._height = height
        kept = _HELP if self.help.display else 0
        for panel, lines in zip(self.panels, heights(self.panels, self.opened, height, kept), strict=True):
            panel.display = lines > 0
            panel.styles.height = max(1, lines)
            panel.unfold(panel is self.opened)


def heights(panels: Sequence[FormPanel], opened: FormPanel, height: int, kept: int = 0) -> list[int]:
    """The height of each panel, borders included; 0 for those that there is no room for.

    The open one gets what it wants as far as it goes; of a long form so much stays unseen that there are `kept` rows
    for what explains its fields. Where not even its form and the others' titles fit, it is alone.
    """
    wanted = opened.wanted(True)
    for closed in (2 if height >= _ROOMY else 1, 1, 0):
        lines = [1 + min(closed, panel.wanted(False)) if panel is not opened else 0 for panel in panels]
        left = height - sum(lines) - 1  # the lower border of the last panel
        if left - 1 >= min(wanted, 3):
            lines[panels.index(opened)] = 1 + min(wanted, max(_FORM, left - 1 - kept), left - 1)
            lines[-1] += 1
            return lines
    return [height if panel is opened else 0 for panel in panels]
