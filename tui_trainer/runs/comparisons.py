"""Comparisons that were trained: a file for each; the runs that belong to one say so in their origins."""

from __future__ import annotations

import contextlib
import errno
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tui_trainer.experiment.problems import ExperimentError, Problem
from tui_trainer.experiment.text import clean
from tui_trainer.runs.files import make_folder, read_plain, replace, write_new
from tui_trainer.runs.ids import ID, new_id

if TYPE_CHECKING:
    from tui_trainer.experiment.comparison import Comparison

_MAX_BYTES = 1_000_000


@dataclass(frozen=True)
class StoredComparison:
    """A comparison that was trained, or why its file cannot be read."""

    id: str
    name: str
    comparison: Comparison | None = None
    problem: str = ""


class Comparisons:
    """The comparisons that are kept in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, comparison: Comparison) -> str:
        """Keeps a comparison that is about to be trained, and returns its id. Raises OSError."""
        make_folder(self._folder)
        while True:
            id = new_id(comparison.name or "comparison")
            with contextlib.suppress(FileExistsError):
                write_new(self._file(id), _text(comparison))
                return id

    def replace(self, id: str, comparison: Comparison) -> None:
        """Keeps a comparison in place of the one that had its id. Raises OSError."""
        replace(self._file(id), _text(comparison))

    def load(self, id: str) -> Comparison:
        """The comparison with that id. Raises ExperimentError, or OSError where there is none."""
        from tui_trainer.experiment.load import load_comparison_text

        file = self._file(id)
        try:
            return load_comparison_text(read_plain(file, _MAX_BYTES).decode(), str(file))
        except UnicodeDecodeError:
            raise ExperimentError([Problem("", "not UTF-8 text", str(file))]) from None

    def all(self) -> list[StoredComparison]:
        """All that were ever trained, the latest first."""
        try:
            names = [path.stem for path in self._folder.iterdir() if path.suffix == ".yaml"]
        except OSError:
            return []
        return [self._stored(id) for id in sorted(names, reverse=True) if ID.fullmatch(id)]

    def _stored(self, id: str) -> StoredComparison:
        try:
            comparison = self.load(id)
            return StoredComparison(id, clean(comparison.name) or id, comparison)
        except (OSError, ExperimentError) as error:
            return StoredComparison(id, id, None, clean(error))

    def _file(self, id: str) -> Path:
        """Raises FileNotFoundError for what is no id."""
        if not ID.fullmatch(id):
            raise FileNotFoundError(errno.ENOENT, "there is no such comparison", clean(id, 100))
        return self._folder / f"{id}.yaml"


def _text(comparison: Comparison) -> str:
    from tui_trainer.experiment.dump import comparison_to_yaml

    return comparison_to_yaml(comparison)
