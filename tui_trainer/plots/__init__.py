"""Series drawn as rows of styled cells.

`draw` turns a `PlotSpec` into rows; `heading` is the line above it: legend, or the values under the cursor; `sketch`
is a small picture of functions. Rows are spans of text and the name of a role; `palette` gives a role its colour.
"""

from __future__ import annotations

from tui_trainer.plots.frame import draw
from tui_trainer.plots.heading import Entry, heading
from tui_trainer.plots.sketch import sketch
from tui_trainer.plots.spec import Beyond, Curve, Mark, PlotSpec, Row

__all__ = ["Beyond", "Curve", "Entry", "Mark", "PlotSpec", "Row", "draw", "heading", "sketch"]
