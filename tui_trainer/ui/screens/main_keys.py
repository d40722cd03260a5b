"""The keys of the main screen, and which of them are worth a hint now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from textual.binding import Binding
from textual.screen import Screen

from tui_trainer.ui.widgets.key_line import Hint

if TYPE_CHECKING:
    from tui_trainer.runs.records import RunView

BINDINGS = [
    Binding("tab", "next_area(1)", "Next area", id="area.next", show=False),
    Binding("shift+tab", "next_area(-1)", "Previous area", id="area.previous", show=False),
    *(
        Binding(str(number), f"panel({number})", f"{title} panel", id=f"area.{title.lower()}", show=False)
        for number, title in enumerate(
            ("Data", "Architecture", "Activation", "Optimizer", "Regularization", "Training"), start=1
        )
    ),
    Binding("t", "findings", "What goes wrong in the run", id="area.findings", show=False),
    Binding("space", "start_or_pause", "Start, pause, resume", id="run.toggle"),
    Binding("n", "one_step", "Train one step", id="run.step"),
    Binding("N", "one_epoch", "Train to the end of the epoch", id="run.epoch"),
    Binding("x", "stop", "Stop the run", id="run.stop"),
    Binding("R", "restart", "Start anew as edited", id="run.restart"),
    Binding("E", "extend", "Train for more epochs", id="run.extend"),
    Binding("minus", "pace(-1)", "Slower", id="run.slower"),
    Binding("plus,equals_sign", "pace(1)", "Faster", id="run.faster"),
    Binding("g", "ghost", "Show or hide the run before", id="run.ghost"),
    Binding("f", "fork", "Fork: change something in a copy of the run", id="run.fork"),
    Binding("K", "checkpoints", "Fork from a checkpoint", id="run.checkpoints"),
    Binding("escape", "forget_fork", "Make the copy no fork", id="fork.forget", show=False),
    Binding("v", "vary", "Vary this field: train several values of it", id="draft.vary"),
    Binding("m", "mark", "Mark the run, to compare it", id="run.mark"),
    Binding("c", "compare", "Compare", id="open.compare"),
    Binding("i", "inspect", "What the model sees", id="open.inspect"),
    Binding("o", "open_data", "Open data of your own", id="open.own-data"),
    Binding("a", "data", "A look at the data", id="open.data"),
    Binding("b", "baselines", "What simpler methods get on the data", id="draft.baselines"),
    Binding("w", "model", "The layers of the model, and what is learned", id="open.model"),
    Binding("T", "score", "Score the run on its test part", id="run.score"),
    Binding("p", "presets", "Presets", id="open.presets"),
    Binding("r", "runs", "Runs", id="open.runs"),
    Binding("s", "save", "Save as a preset", id="draft.save"),
    Binding("u", "undo", "Undo", id="draft.undo"),
    Binding("y", "copy", "Copy the run's id and figures", id="run.copy"),
    Binding("e", "export", "Export screen and figures", id="run.export"),
]


def keys_by_id(screen: Screen[Any]) -> dict[str, str]:
    """The first key of each action that has one now."""
    keys: dict[str, str] = {}
    for active in screen.active_bindings.values():
        if active.binding.id is not None:
            keys.setdefault(active.binding.id, active.binding.key)
    return keys


def hints(
    view: RunView | None,
    *,
    resumable: bool,
    ghost: bool,
    focus: str,
    fork: bool = False,
    marked: int = 0,
    cure: bool = False,
    findings: bool = False,
    more: bool = False,
) -> Sequence[Hint]:
    """The hints for a run in this state, with the focus on a "form", an "entry" or a "path" in it, a "plot", "findings"
    or "news".

    `fork` says that the draft is a copy that waits to be started, `marked` how many runs are to be compared, `cure`
    that something would mend the finding that is selected, `more` that its explanation has more rows than are seen, and
    `findings` that there are any.
    """
    alive = view is not None and view.alive
    paused = view is not None and view.state == "paused"
    start = "pause" if alive and not paused else "resume" if paused or resumable else "start"
    found = [Hint(("run.toggle",), "start the fork" if fork else start, 0)]
    if focus in ("entry", "path"):
        return [
            *(_PATH if focus == "path" else ()),
            Hint(("entry.done",), "done", 0),
            Hint(("entry.cancel",), "cancel", 0),
        ]
    if focus == "news":
        return [Hint(("news.open",), "open", 0), Hint(("news.leave",), "go on", 0), *found, *_always(view)]
    if fork:
        found.append(Hint(("fork.forget",), "no fork", 1))
    if focus == "findings" and cure:
        found += [Hint(("findings.apply",), "try the cure", 1), Hint(("findings.up", "findings.down"), "choose", 4)]
    if focus == "findings" and more:
        found.append(Hint(("findings.read-back", "findings.read-on"), "read on", 1))
    if findings and focus != "findings":
        found.append(Hint(("area.findings",), "findings", 1))
    if alive:
        found += [
            Hint(("run.step",), "step", 3),
            Hint(("run.epoch",), "epoch", 7),
            Hint(("run.stop",), "stop", 1),
            Hint(("run.slower", "run.faster"), "pace", 4),
            Hint(("run.restart",), "restart", 6),
        ]
    elif view is not None:
        if view.planned_epochs:  # else it never began
            found.append(Hint(("run.extend",), "extend", 4))
        if resumable:
            found.append(Hint(("run.restart",), "start anew", 3))
    if view is not None and not fork:
        found.append(Hint(("run.fork",), "fork", 3))
    if focus == "form":
        found += [
            Hint(("form.lower", "form.higher"), "change", 3),
            Hint(("form.edit",), "edit", 5),
            Hint(("draft.vary",), "vary", 3),
        ]
    if focus == "plot":
        found += [
            Hint(("plot.cursor-left", "plot.cursor-right"), "read", 3),
            Hint(("area.metric",), "metric", 4),
            Hint(("plot.log",), "log", 5),
            Hint(("plot.smooth",), "smooth", 5),
            Hint(("plot.zoom-in", "plot.zoom-out"), "zoom", 5),
        ]
    if ghost:
        found.append(Hint(("run.ghost",), "ghost", 7))
    if marked or ghost:
        found.append(Hint(("open.compare",), f"compare {marked} marked" if marked > 1 else "compare", 3 - (marked > 1)))
    if view is not None:
        found.append(Hint(("open.inspect",), "inspect", 5))
    return [*found, *_always(view)]


_PATH = (
    Hint(("path.complete",), "complete", 1),
    Hint(("path.previous", "path.next"), "choose", 2),
    Hint(("path.right",), "take", 2),
)


def _always(view: RunView | None) -> Sequence[Hint]:
    """Own data is worth more than the rest as long as nothing has been trained."""
    return (
        Hint(("area.next",), "next", 6),
        Hint(("open.presets",), "presets", 2),
        Hint(("open.runs",), "runs", 2),
        Hint(("open.data",), "data", 4),
        Hint(("open.own-data",), "own data", 5 if view else 2),
        Hint(("draft.baselines",), "baselines", 4),
        Hint(("open.model",), "model", 7),
        Hint(("draft.undo",), "undo", 8),
        Hint(("app.help",), "help", 1),
        Hint(("app.quit",), "quit", 0),
    )
