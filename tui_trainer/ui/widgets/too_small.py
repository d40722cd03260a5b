"""What stands on a terminal that is too small for anything else."""

from __future__ import annotations

from collections.abc import Sequence

from tui_trainer.plots.spec import Row
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.rows import Rows


class TooSmall(Rows):
    """Says so, and how large it must be."""

    DEFAULT_CSS = "TooSmall { height: 1fr; }"

    def __init__(self, width: int, height: int, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._least = width, height

    def rows(self, width: int, height: int) -> Sequence[Row]:
        size = self.screen.size
        least = "{}×{}".format(*self._least)
        return paragraph(f"too small: {size.width}×{size.height}, at least {least} is needed", width)
