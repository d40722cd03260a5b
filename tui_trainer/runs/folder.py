"""The folder of a run: what lies where in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tui_trainer.experiment.load import load_text
from tui_trainer.experiment.problems import ExperimentError, Problem
from tui_trainer.experiment.schema import Experiment
from tui_trainer.experiment.text import clean, clean_lines
from tui_trainer.runs import lock
from tui_trainer.runs.files import read_plain
from tui_trainer.runs.origin import Origin, read_origin

MAX_NAME = 100
_MAX_EXPERIMENT_BYTES = 4_000_000
_MAX_ORIGIN_BYTES = 100_000


@dataclass(frozen=True)
class RunFolder:
    """One run on disk."""

    path: Path

    @property
    def id(self) -> str:
        return self.path.name

    @property
    def experiment_file(self) -> Path:
        return self.path / "experiment.yaml"

    @property
    def events_file(self) -> Path:
        return self.path / "events.jsonl"

    @property
    def mailbox_file(self) -> Path:
        return self.path / "mailbox.jsonl"

    @property
    def log_file(self) -> Path:
        return self.path / "worker.log"

    @property
    def lock_file(self) -> Path:
        return self.path / "lock"

    @property
    def name_file(self) -> Path:
        return self.path / "name"

    @property
    def origin_file(self) -> Path:
        return self.path / "origin.json"

    @property
    def checkpoints(self) -> Path:
        return self.path / "checkpoints"

    def experiment(self) -> Experiment:
        """The experiment that the run was started with. Raises ExperimentError."""
        file = str(self.experiment_file)
        try:
            text = read_plain(self.experiment_file, _MAX_EXPERIMENT_BYTES).decode()
        except OSError as error:
            raise ExperimentError([Problem("", f"cannot be read: {error.strerror or error}", file)]) from None
        except UnicodeDecodeError:
            raise ExperimentError([Problem("", "not UTF-8 text", file)]) from None
        return load_text(text, file)

    def origin(self) -> Origin:
        """Where it comes from; empty where it was started by itself, or where that cannot be read."""
        try:
            return read_origin(read_plain(self.origin_file, _MAX_ORIGIN_BYTES))
        except OSError:
            return Origin()

    def own_name(self) -> str:
        """The name that a person gave to this run; empty if none."""
        try:
            content = read_plain(self.name_file, 4 * MAX_NAME)
        except OSError:
            return ""
        return clean(content.decode(errors="replace"), MAX_NAME).strip()

    def display_name(self) -> str:
        """Its own name, or its experiment's, or its id."""
        try:
            return self.own_name() or clean(self.experiment().name) or clean(self.id)
        except ExperimentError:
            return clean(self.id)

    def lock_state(self) -> lock.LockState:
        """Who trains it now, if anyone."""
        return lock.look(self.lock_file)

    def last_words(self, limit: int = 4000) -> str:
        """The end of what its worker printed: why it died, if it could say so."""
        try:
            size = self.log_file.stat().st_size
            content = read_plain(self.log_file, limit, max(0, size - limit))
        except OSError:
            return ""
        return clean_lines(content.decode(errors="replace")).strip()
