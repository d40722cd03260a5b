"""A run's figures as text: for the clipboard, and as a table for other programs."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from tui_trainer.experiment.text import clean
from tui_trainer.runs.records import Evaluation, RunView
from tui_trainer.runs.summary import epochs
from tui_trainer.ui.figures import figure
from tui_trainer.ui.terminal.glyphs import MORE

WIDTH = 48
"""Of a path that is shown for a moment."""


def in_short(view: RunView) -> str:
    """The run's id, and its last and best figures, a line each."""
    lines = [f"{view.id}  {clean(view.name)}  {view.state}"]
    for word, evaluation in (("last", view.last), ("best", view.best)):
        if evaluation is not None:
            lines.append(f"{word}  epoch {epochs(evaluation.epoch)}  {_parts(evaluation)}")
    return "\n".join(lines)


def _parts(evaluation: Evaluation) -> str:
    parts = (("train", evaluation.train), ("validation", evaluation.validation))
    return "  ".join(f"{part} {name} {figure(value).strip()}" for part, of in parts for name, value in of.items())


def table(view: RunView) -> str:
    """The evaluations as comma-separated values, a row each."""
    metrics = list(dict.fromkeys(name for it in view.evaluations for name in (*it.train, *it.validation)))
    written = io.StringIO()
    writer = csv.writer(written)
    columns = [f"{part}_{name}" for part in ("train", "validation") for name in metrics]
    writer.writerow(["step", "epoch", "seconds", "lr", *columns])
    for it in view.evaluations:
        figures = [part.get(name, "") for part in (it.train, it.validation) for name in metrics]
        writer.writerow([it.step, it.epoch, it.seconds, "" if it.lr is None else it.lr, *figures])
    return written.getvalue()


def save(folder: Path | None, picture: str, figures: str) -> list[Path]:
    """Writes what is to be exported to files that are not there yet, in the working folder if no other is given.

    Raises OSError, also where the working folder was deleted.
    """
    made = []
    folder = folder or Path.cwd()
    for stem, suffix, text in (("screen", ".svg", picture), ("figures", ".csv", figures)):
        if text:
            path = _free(folder, stem, suffix)
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
            made.append(path)
    return made


def short_path(folder: Path) -> str:
    """A folder's path in at most `WIDTH` cells or, if its own name is longer, that name: `~/…/runs/20251120-224712`."""
    path = f"~/{folder.relative_to(Path.home())}" if folder.is_relative_to(Path.home()) else str(folder)
    parts = path.split("/")
    while len("/".join(parts)) > WIDTH and len(parts) > 3:
        del parts[2 if parts[1] == MORE else 1]
        parts[1] = MORE
    return "/".join(parts)


def _free(folder: Path, stem: str, suffix: str) -> Path:
    number = 1
    while (path := folder / f"{stem}{'' if number == 1 else f'-{number}'}{suffix}").exists():
        number += 1
    return path
