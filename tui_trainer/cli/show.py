"""`show` writes one run as plain text: what it was, its curves, its figures."""

from __future__ import annotations

from collections.abc import Iterator

import click

from tui_trainer.cli.arguments import RUN, find_run
from tui_trainer.cli.figures import metrics, rate, span
from tui_trainer.cli.found import in_full
from tui_trainer.cli.output import columns, in_ascii, on_terminal, painted, say, table, unicode_locale
from tui_trainer.cli.results import outcome, whence
from tui_trainer.experiment.diff import from_defaults, shown
from tui_trainer.plots.frame import draw
from tui_trainer.plots.heading import heading
from tui_trainer.plots.spec import Curve, Mark, Row
from tui_trainer.runs import view as views
from tui_trainer.runs.records import LayersAt, RunView
from tui_trainer.runs.summary import epochs, in_epochs
from tui_trainer.ui import curves
from tui_trainer.ui.widgets import plot_view
from tui_trainer.ui.widgets.plot_view import Data, Look, View

_HEIGHT = 14


@click.command("show")
@click.argument("run", type=RUN)
def show_command(run: str) -> None:
    """Show a run: its experiment, curves and figures, and what is to be found in them.

    RUN is the beginning of a run's id or its name (see `tui-trainer runs`; of several, the latest), or `latest`. On a
    terminal the curves are drawn in dots and colours, elsewhere in plain ASCII.
    """
    view = views.read(find_run(run))
    for line in (*_facts(view), *in_full(view)):
        say(in_ascii(line) if _plain() else line)
    if view.evaluations or len(view.train_loss):
        for plot in (_loss(view), *_metrics(view)):
            say()
            _draw(*plot)
    if view.layers:
        say()
        for line in _layers(view.layers[-1]):
            say(line)


def _facts(view: RunView) -> Iterator[str]:
    yield f"{view.id}  {view.name if view.name != view.id else ''}".rstrip()
    yield f"state       {outcome(view.state, view.why)}"
    if whence(view.origin):
        yield f"from        {whence(view.origin)}"
    yield (
        f"trained     {epochs(view.epoch)} of {in_epochs(view.planned_epochs)}, {view.step:,} updates, "
        f"{span(view.seconds)} at {rate(view.steps_per_second)} updates/s on {view.device or '?'}"
    )
    if view.parameters is not None:
        samples = " + ".join(f"{count:,} {part}" for part, count in view.samples.items())
        yield f"model       {view.parameters:,} parameters; {samples} samples"
    if view.present is not None:
        for difference in from_defaults(view.present):
            yield f"            {difference.path} = {shown(difference.b)}"
    if view.last is not None:
        yield f"train       {metrics(view.last.train)}"
        yield f"validation  {metrics(view.last.validation)}"
    if view.best is not None:
        yield f"best        {metrics(view.best.validation)}  at epoch {epochs(view.best.epoch)}"
    if view.score is not None:
        yield f"test        {metrics(view.score.figures)}  at epoch {epochs(view.score.epoch)}"
    if view.baseline:
        yield f"baseline    {metrics(view.baseline)}  (always {view.task.guess})"
    for change in view.changes:
        yield f"changed     {change.path} {shown(change.old)} -> {shown(change.new)} at epoch {epochs(change.epoch)}"
    for warning in view.warnings:
        yield f"warning     {warning}"


def _loss(view: RunView) -> tuple[str, Data, Look]:
    return "loss", _data(view, curves.loss_curves(view, None), "loss"), Look(baseline_label="guessing", ascii=_plain())


def _metrics(view: RunView) -> Iterator[tuple[str, Data, Look]]:
    for metric in view.task.metrics:
        look = Look(y_range=curves.ends(metric), baseline_label="guessing", ascii=_plain())
        yield metric.name, _data(view, curves.curves_of(view, None, metric.name), metric.name), look


def _data(view: RunView, made: list[Curve], metric: str) -> Data:
    baseline = curves.baseline(view, metric)
    return Data(made, view.planned_epochs, view.epoch, view.ended, [*_fork(view), *curves.marks(view)], baseline)


def _fork(view: RunView) -> list[Mark]:
    """Where its curves stop being those of the run that it was forked from."""
    return [] if view.forked_at is None else [Mark(view.forked_at, "fork")]


def _draw(title: str, data: Data, look: Look) -> None:
    width = min(columns(), 120)
    view = plot_view.settle(View(), data, look)
    legend = heading(plot_view.entries(view, data, look, width), width - len(title) - 2, ascii_only=look.ascii)
    _write([(f"{title}  ", ""), *legend])
    for row in draw(plot_view.specify(view, data, look, width, _HEIGHT), width, _HEIGHT):
        _write(row)


def _write(row: Row) -> None:
    """One row of a drawing; spans are coloured by their role where that is wanted."""
    click.echo(painted(row))


def _plain() -> bool:
    return not (on_terminal() and unicode_locale())


def _layers(at: LayersAt) -> list[str]:
    rows = [
        (layer.name, "frozen", "", "", "", "")
        if layer.frozen
        else (
            layer.name,
            f"{layer.gradient_norm:.2e}",
            f"{layer.update_ratio:.2e}",
            f"{layer.weight_norm:.3g}",
            f"{layer.zero_share:.1%}",
            "" if layer.dead_share is None else f"{layer.dead_share:.1%}",
        )
        for layer in at.layers
    ]
    return table(("layer", "gradient", "update/weight", "weights", "zeros", "dead units"), rows, right=range(1, 6))
