"""The store: a folder for each run, the comparisons, the draft, and what the dashboard saw last.

Only its owner reads it.
"""

from __future__ import annotations

import contextlib
import json
import math
import shutil
import stat
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui_trainer.experiment.dump import to_yaml
from tui_trainer.experiment.folders import home
from tui_trainer.experiment.load import load_text
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.schema import Experiment
from tui_trainer.experiment.text import clean
from tui_trainer.experiment.yaml_text import write
from tui_trainer.runs.comparisons import Comparisons
from tui_trainer.runs.files import make_folder, read_plain, replace, write_new
from tui_trainer.runs.folder import MAX_NAME, RunFolder
from tui_trainer.runs.ids import ID, new_id
from tui_trainer.runs.origin import NOWHERE, Origin
from tui_trainer.runs.states import may_live

if TYPE_CHECKING:
    from tui_trainer.runs.records import Checkpoint
    from tui_trainer.runs.summary import RunSummary

_TIME_LENGTH = len("YYYYMMDD-HHMMSS")
_MAX_DRAFT_BYTES = 1_000_000
_MAX_SEEN_BYTES = 10_000_000


class RunNotFound(Exception):
    """No run's id begins like this."""

    def __init__(self, prefix: str) -> None:
        super().__init__(f"there is no run {clean(prefix, 100)!r}")
        self.prefix = prefix


class AmbiguousRun(Exception):
    """Several runs' ids begin like this."""

    def __init__(self, prefix: str, candidates: list[str]) -> None:
        shown = ", ".join(candidates[:5]) + (", …" if len(candidates) > 5 else "")
        super().__init__(f"{clean(prefix, 100)!r} could be any of {len(candidates)} runs: {shown}")
        self.prefix = prefix
        self.candidates = candidates


class RunAlive(Exception):
    """The run has a worker, so it cannot be deleted."""

    def __init__(self, folder: RunFolder) -> None:
        super().__init__("this run is still alive: stop it first")
        self.folder = folder


@dataclass(frozen=True)
class News:
    """What has happened since the dashboard was last open, the latest first."""

    ended: tuple[RunSummary, ...]
    running: tuple[RunSummary, ...]


@dataclass(frozen=True)
class Draft:
    """The experiment as it was when the dashboard was left, or why it cannot be read."""

    experiment: Experiment | None = None
    problem: str = ""


class Store:
    """All that is kept, under one folder: $TUI_TRAINER_HOME, or the user's data folder."""

    def __init__(self, root: Path | None = None) -> None:
        self.root = root or home()

    @property
    def runs_folder(self) -> Path:
        return self.root / "runs"

    @property
    def comparisons(self) -> Comparisons:
        return Comparisons(self.root / "comparisons")

    def create(self, experiment: Experiment, origin: Origin = NOWHERE) -> RunFolder:
        """Makes the folder of a new run of `experiment`. Raises OSError."""
        with self._new_folder(experiment) as folder:
            if origin != NOWHERE:
                write_new(folder.origin_file, origin.to_text())
            write_new(folder.lock_file, "")  # its time says since when a worker is awaited
            write_new(folder.experiment_file, to_yaml(experiment))  # last: without it a folder is no run's
        return folder

    def fork(self, parent: RunFolder, checkpoint: Checkpoint, experiment: Experiment) -> RunFolder:
        """Makes a new run of `experiment` that goes on from a checkpoint of `parent`, which may then be deleted.

        Raises ExperimentError where the experiment cannot go on from there or the checkpoint is gone, and OSError.
        """
        from tui_trainer.runs.forks import fill
        from tui_trainer.runs.view import read

        with self._new_folder(experiment) as folder:
            fill(folder, parent, read(parent), checkpoint, experiment)
        return folder

    @contextlib.contextmanager
    def _new_folder(self, experiment: Experiment) -> Iterator[RunFolder]:
        """Makes the folder of a new run, and removes it if it cannot be filled."""
        folder = self._make_folder(experiment)
        try:
            yield folder
        except BaseException:
            shutil.rmtree(folder.path, ignore_errors=True)
            raise

    def _make_folder(self, experiment: Experiment) -> RunFolder:
        make_folder(self.runs_folder)
        while True:
            folder = RunFolder(self.runs_folder / new_id(experiment.name or _what(experiment)))
            with contextlib.suppress(FileExistsError):
                folder.path.mkdir(mode=0o700)
                return folder

    def folders(self) -> list[RunFolder]:
        """The folders of all runs, by id. What is no run's folder, and every link, is left out."""
        try:
            found = [path for path in self.runs_folder.iterdir() if ID.fullmatch(path.name)]
        except OSError:
            return []
        return sorted(
            (RunFolder(path) for path in found if _is_folder(path) and _is_there(path / "experiment.yaml")),
            key=lambda folder: folder.id,
        )

    def find(self, prefix: str) -> RunFolder:
        """The run with that id, or the only one whose id begins so. Raises RunNotFound or AmbiguousRun."""
        folders = self.folders() if prefix else []
        found = [folder for folder in folders if folder.id.startswith(prefix)]
        exact = [folder for folder in found if folder.id == prefix]
        if not found:
            raise RunNotFound(prefix)
        if len(found) > 1 and not exact:
            raise AmbiguousRun(prefix, [folder.id for folder in found])
        return (exact or found)[0]

    def delete(self, folder: RunFolder) -> None:
        """Deletes a run with its checkpoints. Raises RunAlive, RunNotFound or OSError."""
        self._check(folder)
        if _summary(folder).alive:
            raise RunAlive(folder)
        shutil.rmtree(folder.path)

    def rename(self, folder: RunFolder, name: str) -> None:
        """Gives a run a name of its own; an empty one gives it its experiment's back. Raises RunNotFound or OSError."""
        self._check(folder)
        name = clean(name, MAX_NAME).strip()
        if name:
            replace(folder.name_file, name + "\n")
        else:
            folder.name_file.unlink(missing_ok=True)

    def assign(self, folder: RunFolder, origin: Origin) -> None:
        """Has a run belong to a comparison that came to be after it. Raises RunNotFound or OSError."""
        self._check(folder)
        replace(folder.origin_file, origin.to_text())

    def runs_of(self, id: str) -> list[RunFolder]:
        """The runs that were started for the comparison with that id, or taken into it, by id."""
        return [folder for folder in self.folders() if folder.origin().within(id).comparison == id]

    # The draft, and what was seen

    def save_draft(self, mapping: Mapping[str, Any]) -> None:
        """Keeps the experiment that is being edited. Raises OSError."""
        make_folder(self.root)
        replace(self._draft_file, write(dict(mapping)))

    def load_draft(self) -> Draft:
        """The experiment that was being edited; an empty draft if there is none."""
        try:
            text = read_plain(self._draft_file, _MAX_DRAFT_BYTES).decode()
            return Draft(load_text(text, str(self._draft_file)))
        except FileNotFoundError:
            return Draft()
        except (OSError, UnicodeDecodeError, ExperimentError) as error:
            return Draft(problem=clean(f"the draft cannot be read: {error}"))

    def news(self) -> News:
        """What ended since `mark_seen` was last called, and what is alive now."""
        listed = self.list()
        then, alive_then = self._seen()
        ended = [
            run
            for run in listed
            if not run.alive and (run.id in alive_then or (then is not None and (run.started_time or 0) > then))
        ]
        return News(tuple(ended), tuple(run for run in listed if run.alive))

    def mark_seen(self) -> None:
        """Remembers which runs are alive, so that a later `news` tells what became of them. Raises OSError."""
        candidates = [folder for folder in self.folders() if may_live(folder.lock_state())]
        alive = [folder.id for folder in candidates if _summary(folder).alive]
        make_folder(self.root)
        replace(self._seen_file, json.dumps({"time": time.time(), "alive": alive}) + "\n")

    def list(self) -> list[RunSummary]:
        """All runs, the latest first."""
        runs = [_summary(folder) for folder in self.folders()]
        return sorted(runs, key=lambda run: (run.id[:_TIME_LENGTH], run.started_time or math.inf), reverse=True)

    def _seen(self) -> tuple[float | None, frozenset[str]]:
        """When `mark_seen` was last called, and what was alive then."""
        try:
            seen = json.loads(read_plain(self._seen_file, _MAX_SEEN_BYTES))
            return float(seen["time"]), frozenset(map(str, seen["alive"]))
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            return None, frozenset()

    def _check(self, folder: RunFolder) -> None:
        """Raises RunNotFound unless `folder` is one of this store's."""
        inside = folder.path.parent == self.runs_folder and ID.fullmatch(folder.id)
        if not inside or not _is_folder(folder.path):
            raise RunNotFound(folder.id)

    @property
    def _draft_file(self) -> Path:
        return self.root / "draft.yaml"

    @property
    def _seen_file(self) -> Path:
        return self.root / "seen.json"


def _what(experiment: Experiment) -> str:
    return f"{experiment.data.kind}-{experiment.model.kind}"


def _is_folder(path: Path) -> bool:
    """Whether a folder lies there, and no link to one."""
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False


def _is_there(file: Path) -> bool:
    try:
        return stat.S_ISREG(file.lstat().st_mode)
    except OSError:
        return False


def _summary(folder: RunFolder) -> RunSummary:
    # Imported when it is needed: the first frame of the dashboard does not wait for what reads logs.
    from tui_trainer.runs.summary import summarize

    return summarize(folder)
