"""The keys of the compare screen, and which of them are worth a hint now.

What does the same as on the main screen has the same name there, so that a key of one's own holds for both.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.binding import Binding

from tui_trainer.experiment.comparison import MOST_ARMS
from tui_trainer.insight.arms import letter
from tui_trainer.ui.laboratory.compared import Compared
from tui_trainer.ui.widgets.key_line import Hint

BINDINGS = [
    Binding("tab", "next_area(1)", "Next area", id="area.next", show=False),
    Binding("shift+tab", "next_area(-1)", "Previous area", id="area.previous", show=False),
    Binding("0", "select(-1)", "Keys are for all sides", id="compare.all", show=False),
    *(
        Binding(
            str(index + 1),
            f"select({index})",
            f"Keys are for {letter(index)} alone",
            id=f"compare.{letter(index).lower()}",
            show=False,
        )
        for index in range(MOST_ARMS)
    ),
    Binding("space", "start_or_pause", "Start, pause, resume", id="run.toggle"),
    Binding("n", "one_step", "Train one step", id="run.step"),
    Binding("N", "one_epoch", "Train to the end of the epoch", id="run.epoch"),
    Binding("x", "stop", "Stop the run", id="run.stop"),
    Binding("E", "extend", "Train for more epochs", id="run.extend"),
    Binding("minus", "pace(-1)", "Slower", id="run.slower"),
    Binding("plus,equals_sign", "pace(1)", "Faster", id="run.faster"),
    Binding("o", "together", "Beside or over one another", id="compare.over"),
    Binding("M", "next_metric", "Another metric, or the learning rate, beside the loss", id="area.metric", show=False),
    Binding("t", "verdict", "The verdict in full, and back", id="compare.verdict"),
    Binding("w", "swap", "Swap two sides", id="compare.swap"),
    Binding("b", "pin", "Measure by this side", id="compare.pin"),
    Binding("c", "choose", "Choose one more run, or one for the selected side", id="compare.choose"),
    Binding("d", "drop", "Take a side away", id="compare.drop"),
    Binding("a", "add_repeats", "Train one more seed of each", id="compare.repeat"),
    Binding("f", "fork", "Fork a side", id="compare.fork"),
    Binding("i", "inspect", "What the model sees", id="compare.inspect"),
    Binding("s", "save", "Save as a preset", id="compare.save"),
    Binding("y", "copy", "Copy table and verdict", id="compare.copy"),
    Binding("e", "export", "Export screen and curves", id="compare.export"),
    Binding("escape", "back", "Back", id="compare.back"),
]


def hints(
    state: Compared, *, at_plot: bool, at_table: bool, may_be_apart: bool, at_verdict: bool = False, more: bool = False
) -> Sequence[Hint]:
    """The hints for a comparison in this state, with the focus on a plot, on the table or on the verdict.

    `more` says that there is more of the verdict than is seen.
    """
    runs = [run for side in state.sides for run in side.arm.runs]
    alive = any(run.alive for run in runs)
    start = _start(state)
    found = [Hint(("run.toggle",), start, 0)] if start else [Hint(("run.extend",), "extend", 4)] if runs else []
    if alive:
        found += [
            Hint(("run.stop",), "stop", 1),
            Hint(("run.step",), "step", 8),
            Hint(("run.slower", "run.faster"), "pace", 6),
        ]
    if at_verdict:
        found.append(Hint(("compare.verdict",), "plots", 1))
        found += [Hint(("explanation.up", "explanation.down"), "read on", 1)] if more else []
    elif more:
        found.append(Hint(("compare.verdict",), "whole verdict", 1))
    if len(state.sides) > 1:
        last = f"compare.{letter(min(len(state.sides), MOST_ARMS) - 1).lower()}"
        between = " " if len(state.sides) == 2 else "-"
        found += [Hint(("compare.a", last), "one side", 3, between), Hint(("compare.all",), "all", 5)]
    if may_be_apart:
        found.append(Hint(("compare.over",), "over", 3))
    if at_plot:
        found += [Hint(("plot.cursor-left", "plot.cursor-right"), "read", 4), Hint(("plot.log",), "log", 7)]
        found.append(Hint(("area.metric",), "metric", 4))
    if at_table and len(state.sides) > 2:
        found += [Hint(("table.select",), "select", 2), Hint(("table.sort-left", "table.sort-right"), "sort", 3)]
    if runs:
        found += [Hint(("compare.repeat",), "repeat", 5), Hint(("compare.fork",), "fork", 6)]
    return [
        *found,
        Hint(("compare.choose",), "one more run" if state.selected is None else "replace", 6),
        Hint(("compare.swap",), "swap", 9),
        Hint(("compare.inspect",), "inspect", 7),
        Hint(("area.next",), "next", 2),
        Hint(("app.help",), "help", 1),
        Hint(("compare.back",), "back", 0),
    ]


def _start(state: Compared) -> str:
    """What Space does; empty if that is nothing."""
    meant = state.sides if state.selected is None else state.sides[state.selected : state.selected + 1]
    if any(side.missing for side in meant):
        return "start"
    states = {run.state for side in meant for run in side.arm.runs}
    if states & {"running", "starting"}:
        return "pause"
    return "resume" if states & {"paused", "stopped", "interrupted", "died"} else ""
