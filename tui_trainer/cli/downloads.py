"""What is said of data that a run downloads first: on stderr, where it is in nobody's way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from tui_trainer.choices.data import lacking
from tui_trainer.cli.output import columns, complain, in_locale, on_terminal
from tui_trainer.cli.progress import BAR_WIDTH, Progress, bar
from tui_trainer.experiment.schema import Experiment
from tui_trainer.experiment.text import clean
from tui_trainer.runs.records import Preparing, RunView
from tui_trainer.ui.figures import megabytes


def announce(experiments: Iterable[Experiment]) -> None:
    """Says what is about to be downloaded for these experiments, from where, and into which folder."""
    for missing in lacking(experiment.data for experiment in experiments):
        complain(f"downloading {missing.what}: {megabytes(missing.bytes)} from {missing.host} into {missing.folder}")


class AfterDownload:
    """Keeps a line of a terminal up to date while data is downloaded, then leaves it to what shows the training.

    A run that ends before it began is left to its error message.
    """

    def __init__(self, training: Progress, stream: TextIO) -> None:
        self._training = training
        self._stream = stream
        self._drawn = ""

    def show(self, view: RunView) -> None:
        if view.preparing:
            if on_terminal(self._stream):
                self._draw(download_line(view.preparing, columns() - 1))
        elif view.alive or view.planned_epochs:
            self._leave()
            self._training.show(view)

    def end(self) -> None:
        self._leave()
        self._training.end()

    def _draw(self, line: str) -> None:
        self._drawn = line
        # The last column stays free: some terminals wrap as soon as it is written.
        self._stream.write("\r" + in_locale(line) + "\x1b[K")
        self._stream.flush()

    def _leave(self) -> None:
        if self._drawn:
            self._drawn = ""
            self._stream.write("\n")
            self._stream.flush()


def download_line(preparing: Preparing, width: int) -> str:
    """`downloading mnist ████──── 5 MB of 12 MB`, as far as it fits into `width`."""
    done, total = (megabytes(count) for count in (preparing.done, preparing.total))
    return f"downloading {clean(preparing.what)} {bar(preparing.share, BAR_WIDTH)} {done} of {total}"[: max(0, width)]
