"""What is painted first: the frames of the main screen, while what fills them is being imported."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.widget import Widget

from tui_trainer.ui.layout import layout


class Frame(Widget):
    """A border with a title and nothing in it."""

    DEFAULT_CSS = """
    Frame { width: 1fr; height: 1fr; border: round $foreground 25%; border-title-color: $foreground; }
    Frame#data { border: round $primary; border-bottom: none; border-title-style: bold; height: 7; }
    """

    def __init__(self, id: str, title: str) -> None:
        super().__init__(id=id)
        self.border_title = title

    def render(self) -> str:
        return ""


class Frames(Vertical):
    """Shows no more than what stays where it is whichever experiment comes: where panels stand depends on that."""

    def compose(self) -> ComposeResult:
        with Horizontal(id="body"):
            with Vertical(id="column"):
                yield Frame("data", "1 Data")
            with Vertical(id="right"):
                yield Container(Frame("loss", "Loss"), Frame("metric", "Accuracy"), id="plots")
                yield Container(Frame("judged", "Generalization"), Frame("layers", "Layers"), id="below")

    def on_mount(self) -> None:
        self._place()  # before the first paint

    def on_resize(self) -> None:
        self._place()

    def _place(self) -> None:
        """As the main screen does."""
        made = layout(*self.app.size)
        body, column, right, plots, below = (
            self.query_one(f"#{id}") for id in ("body", "column", "right", "plots", "below")
        )
        body.display = not made.tiny
        body.styles.margin = (1, 0, 1 + made.machine, 0)
        column.styles.width = made.column_width
        right.display = not made.single
        right.styles.padding = (0, 0, 4 * made.help_below, 0)
        plots.styles.layout = below.styles.layout = "vertical" if made.stacked else "horizontal"
        self.query_one("#metric").display = made.plots > 1
        below.display = made.generalization
        below.styles.height = made.below
        self.query_one("#layers").display = made.layers
