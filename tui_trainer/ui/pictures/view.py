"""One run's picture, in the view that is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from tui_trainer.experiment.text import clean
from tui_trainer.plots.spec import Row
from tui_trainer.runs.picture import Picture
from tui_trainer.runs.summary import epochs
from tui_trainer.ui.pictures.boundary import Shades, boundary_rows, shades
from tui_trainer.ui.pictures.confusion import confusion_rows
from tui_trainer.ui.pictures.look import Look, picture_style
from tui_trainer.ui.pictures.mistakes import mistakes_rows, page
from tui_trainer.ui.pictures.predictions import predictions_rows
from tui_trainer.ui.pictures.watch import Seen
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.rows import STRONG, Rows, exact, row_width
from tui_trainer.ui.widgets.status_line import state_span

ViewName = Literal["boundary", "predictions", "confusion", "mistakes"]

TITLES: dict[ViewName, str] = {
    "boundary": "Boundary",
    "predictions": "Predictions",
    "confusion": "Confusion",
    "mistakes": "Mistakes",
}


def views_of(picture: Picture | None) -> tuple[ViewName, ...]:
    """The views that a picture has, the most telling first."""
    if picture is None:
        return ()
    images = picture.mistakes is not None and any(mistake.input.image.greys for mistake in picture.mistakes.worst)
    order: tuple[ViewName, ...] = ("boundary", "predictions", "confusion", "mistakes")
    if images:
        order = ("mistakes", "confusion")
    return tuple(name for name in order if getattr(picture, name) is not None)


class PictureView(Rows):
    """A run's name and state, and below them its picture; where there is none, how to get one."""

    def __init__(self, label: str, name: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._label = label
        self._run_name = clean(name)
        self._seen: Seen | None = None
        self._chosen: ViewName | None = None
        self._look = Look()
        self._shades: Shades = ()

    @property
    def seen(self) -> Seen | None:
        return self._seen

    def show(self, seen: Seen | None, chosen: ViewName | None, look: Look) -> None:
        """Show what is known of the run, in one view and one look."""
        picture, before = (it.picture if it else None for it in (seen, self._seen))
        if picture is not None and picture is not before and picture.boundary:
            self._shades = shades(picture.boundary, len(picture.classes), self._shades)
        self._seen, self._chosen, self._look = seen, chosen, look
        self.update()

    @property
    def mistakes_across(self) -> int:
        """How many mistakes stand beside each other."""
        picture = self._seen.picture if self._seen else None
        if picture is None or picture.mistakes is None:
            return 1
        return page(picture.mistakes, self.size.width, self.size.height - 1).across

    def rows(self, width: int, height: int) -> Sequence[Row]:
        return [self._heading(width), *self._body(width, max(0, height - 1))]

    def _heading(self, width: int) -> Row:
        row: Row = [(f"{self._label}  ", "label")] if self._label else []
        row.append((self._run_name, STRONG))
        view, picture = (self._seen.view, self._seen.picture) if self._seen else (None, None)
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
        if self._chosen == "boundary" and picture.boundary:
            return boundary_rows(picture, picture.boundary, self._shades, width, height, self._look)
        if self._chosen == "predictions" and picture.predictions:
            return predictions_rows(picture, picture.predictions, width, height, self._look)
        if self._chosen == "confusion" and picture.confusion:
            return confusion_rows(picture, picture.confusion, width, height, self._look)
        if self._chosen == "mistakes" and picture.mistakes:
            return mistakes_rows(picture, picture.mistakes, width, height, self._look)
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
