"""The question before a download that training needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from textual.app import App

from tui_trainer.choices.data import lacking
from tui_trainer.experiment.schema import Experiment
from tui_trainer.experiment.text import clean
from tui_trainer.ui.export import short_path
from tui_trainer.ui.laboratory.sizes import memory

if TYPE_CHECKING:
    from tui_trainer.choices.data.base import Missing
    from tui_trainer.ui.laboratory.comparing import Comparing


def download_first(
    app: App[Any],
    experiments: Iterable[Experiment],
    go: Callable[[], object],
    otherwise: Callable[[], object] = lambda: None,
) -> None:
    """Does `go`, which trains these experiments: at once if their data is here, else if a download of it is meant."""
    missing = lacking(experiment.data for experiment in experiments)  # looks at names only, of few files
    if not missing:
        go()
        return
    from tui_trainer.ui.screens.ask import yes_or_no

    names = " and ".join(it.what for it in missing)
    question = f"{names} {'is' if len(missing) == 1 else 'are'} not on this machine yet. Download and train?"
    detail = " ".join(map(about, missing))

    def answered(answer: str | None) -> None:
        if answer == "yes":
            go()
        else:
            otherwise()

    app.push_screen(yes_or_no(clean(question), "download it", "do not train", clean(detail)), answered)


def download_what_sides_lack(app: App[Any], comparing: Comparing, go: Callable[[], object]) -> None:
    """The same for the runs of a comparison that `go` starts: those that are missing of the sides that are meant."""
    download_first(app, [side.experiment for side in comparing.state.meant if side.missing], go)


def about(missing: Missing) -> str:
    """`12 MB from example.org, once, to ~/.cache/tui-trainer/mnist.`"""
    return f"{memory(missing.bytes)} from {missing.host}, once, to {short_path(missing.folder)}."
