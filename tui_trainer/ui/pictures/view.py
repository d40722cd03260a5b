"""One run's picture, in the view that is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from tui_trainer.experiment.text import clean, cut
from tui_trainer.plots.spec import Row
from tui_trainer.runs.summary import epochs
from tui_trainer.ui.pictures.boundary import shades
from tui_trainer.ui.pictures.look import Look, Place, Shades, Steps, picture_style
from tui_trainer.ui.pictures.views import View
from tui_trainer.ui.pictures.watch import Seen
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.rows import STRONG, Rows, exact, row_width
from tui_trainer.ui.widgets.status_line import state_span

_LEAST_NAME = 8  # characters of a run's name
_WORDY = 4  # rows of a view for each row of the words below it


class PictureView(Rows):
    """A run's name and state, and below them its picture; where there is none, how to get one."""

    def __init__(self, label: str, name: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._label = label
        self._run_name = clean(name)
        self._seen: Seen | None = None
        self._chosen: View | None = None
        self._look = Look()
        self._shades: Shades = ()

    @property
    def seen(self) -> Seen | None:
        return self._seen

    def show(self, seen: Seen | None, chosen: View | None, look: Look) -> None:
        """Show what is known of the run, in one view and one look."""
        picture, before = (it.picture if it else None for it in (seen, self._seen))
        if picture is not None and picture is not before and picture.boundary:
            self._shades = shades(picture.boundary, len(picture.classes), self._shades)
        self._seen, self._chosen, self._look = seen, chosen, look
        self.update()

    def steps(self, place: Place) -> Steps:
        """The places that there are to go to, from one of them."""
        part = self._chosen.part(self._seen.picture if self._seen else None) if self._chosen else None
        width, height = self.size
        if self._chosen is None or part is None or not width:
            return Steps()
        return self._chosen.steps(part, width, self._room(width, height), place)

    def rows(self, width: int, height: int) -> Sequence[Row]:
        room = self._room(width, height)
        body = list(self._body(width, room))[:room]
        return [self._heading(width), *body, *([[]] * (room - len(body))), *self._words(width, height)]

    def _room(self, width: int, height: int) -> int:
        """Rows between the heading and the words."""
        return max(0, height - 1 - len(self._words(width, height)))

    def _words(self, width: int, height: int) -> list[Row]:
        """What is seen, if that leaves enough room to see it."""
        if self._chosen is None or self._chosen.part(self._seen.picture if self._seen else None) is None:
            return []
        words = paragraph(self._chosen.words, width, "label")
        return words if len(words) * _WORDY < height and self._chosen.needs < height else []

    def _heading(self, width: int) -> Row:
        row: Row = [(f"{self._label}  ", "label")] if self._label else []
        view, picture = (self._seen.view, self._seen.picture) if self._seen else (None, None)
        beside = cell_len(state_span(view.state)[0]) + 2 if view else 0
        beside += cell_len(f"  epoch {epochs(picture.epoch)}") if picture else 0
        row.append((cut(self._run_name, max(_LEAST_NAME, width - row_width(row) - beside)), STRONG))
        if view:
            row += [("  ", ""), state_span(view.state)]
        if picture:
            planned = f" of {view.planned_epochs:,}" if view and view.planned_epochs else ""
            said = f"  epoch {epochs(picture.epoch)}"
            room = width - row_width(row)
            row.append((said + planned if cell_len(said + planned) <= room else said, "label"))
        return exact(row, width)

    def _body(self, width: int, height: int) -> Sequence[Row]:
        picture = self._seen.picture if self._seen else None
        if picture is None:
            return [[], *paragraph(_missing(self._seen), width, "label")]
        part = self._chosen.part(picture) if self._chosen else None
        if self._chosen is not None and part is not None:
            place = self._chosen.steps(part, width, height, self._look.place).clamped(self._look.place)
            look = replace(self._look, place=place, shades=self._shades)
            return self._chosen.draw(picture, part, width, height, look)
        return [[], *paragraph("This run has no such picture.", width, "label")]

    def render_line(self, y: int) -> Strip:
        row = self._rows[y] if y < len(self._rows) else []
        base = self.rich_style
        strip = Strip([Segment(text, base + picture_style(role, self)) for text, role in row])
        return strip.adjust_cell_length(self.size.width, base)


def _missing(seen: Seen | None) -> str:
    """Why there is no picture, and how to get one."""
    if seen is None or seen.view is None:
        return "Reading …"
    if seen.view.state == "failed":
        return "No picture: this run failed before one was drawn."
    if seen.view.alive:
        return "The first picture comes with the next evaluation. Space on the main screen pauses: that draws one too."
    return (
        "No picture: this run ended before its worker could draw one. Open it on the main screen and press E to train "
        "it for some more epochs: the picture comes with the next evaluation."
    )
