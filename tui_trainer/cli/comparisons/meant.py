"""What a person means by the words behind `compare`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tui_trainer.cli.arguments import LATEST, find_run, latest_named, read_any
from tui_trainer.cli.failures import BadInput
from tui_trainer.cli.output import complain
from tui_trainer.experiment.comparison import Comparison
from tui_trainer.experiment.presets import find, presets
from tui_trainer.experiment.problems import ExperimentError, suggestion
from tui_trainer.experiment.schema import Experiment
from tui_trainer.experiment.text import clean
from tui_trainer.runs.comparisons import StoredComparison
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.store import AmbiguousRun, RunNotFound, Store


@dataclass(frozen=True)
class Meant:
    """A comparison (with its id, if it was started before), or else runs that are there."""

    comparison: Comparison | None = None
    id: str = ""
    runs: tuple[RunFolder, ...] = ()

    def keep_repeats(self) -> None:
        """If it was started before and is to have more repeats now, the store says so. Raises OSError."""
        store = Store()
        if self.id and self.comparison and self.comparison.repeats > store.comparisons.load(self.id).repeats:
            store.comparisons.replace(self.id, self.comparison)


def meant(words: Sequence[str], assignments: Sequence[str], repeats: int | None) -> Meant:
    """What `words` name, with assignments made to a comparison's base and its number of repeats set.

    Raises BadInput or ExperimentError where they name nothing that can be compared.
    """
    found = _one(words[0], assignments) if len(words) == 1 else Meant(runs=_runs(words))
    if assignments and (found.id or found.runs):
        raise BadInput("--set changes the base of a new comparison; what has been trained stays as it is")
    if repeats is None:
        return found
    if found.comparison is None:
        raise BadInput("--repeats is for comparisons; runs are compared as they are")
    if found.id and repeats < found.comparison.repeats:
        raise BadInput(f"comparison {found.id} has {found.comparison.repeats} repeats already (there can be more)")
    return Meant(found.comparison.repeated(repeats), found.id)


def _one(word: str, assignments: Sequence[str]) -> Meant:
    store = Store()
    if word == LATEST:
        return _latest(store.comparisons.all())
    if _is_preset_or_file(word):
        loaded = read_any(word, assignments)
        if isinstance(loaded, Experiment):
            raise BadInput(
                f"{word} is a single experiment: there is nothing to compare it with "
                f"(name a comparison, or two runs or more; known comparisons: {', '.join(_comparison_names())})"
            )
        return Meant(loaded)
    candidates = [stored for stored in store.comparisons.all() if stored.id.startswith(word)]
    if len(candidates) == 1 or word in (stored.id for stored in candidates):
        return _stored(next((stored for stored in candidates if stored.id == word), candidates[0]))
    if candidates:
        shown = ", ".join(stored.id for stored in candidates[:5]) + (", …" if len(candidates) > 5 else "")
        raise BadInput(f"{clean(word, 100)!r} could be any of {len(candidates)} comparisons: {shown}")
    return _around(word, store)


def _latest(all_of_them: Sequence[StoredComparison]) -> Meant:
    """The one that was started last and can be read."""
    for stored in all_of_them:
        if stored.comparison is not None:
            return Meant(stored.comparison, stored.id)
        complain(f"warning: {_unreadable(stored)}")
    which = "comparison that can be read" if all_of_them else "comparison yet"
    raise BadInput(f"there is no {which} (start one: tui-trainer compare overfitting-cures)")


def _is_preset_or_file(word: str) -> bool:
    try:
        find(word)
    except ExperimentError:
        return False
    return True


def _stored(stored: StoredComparison) -> Meant:
    if stored.comparison is None:
        raise BadInput(_unreadable(stored))
    return Meant(stored.comparison, stored.id)


def _unreadable(stored: StoredComparison) -> str:
    return f"comparison {stored.id} cannot be read: {stored.problem}"


def _around(word: str, store: Store) -> Meant:
    """The comparison that a run belongs to, or the run beside the one that it was forked from."""
    try:
        folder = store.find(word)
    except RunNotFound:
        named = latest_named(word, store)
        if named is None:
            known = suggestion(word, _comparison_names())
            raise BadInput(f"there is no comparison and no run {clean(word, 100)!r} ({known})") from None
        folder = named
    except AmbiguousRun as error:
        raise BadInput(str(error)) from None
    origin = folder.origin()
    if origin.comparison:
        stored = [stored for stored in store.comparisons.all() if stored.id == origin.comparison]
        if stored:
            return _stored(stored[0])
    if origin.parent:
        try:
            return Meant(runs=(store.find(origin.parent), folder))
        except RunNotFound:
            raise BadInput(f"the run that {folder.id} was forked from is gone ({origin.parent})") from None
    raise BadInput(f"{folder.id} is one run: there is nothing to compare it with (name two or more)")


def _runs(words: Iterable[str]) -> tuple[RunFolder, ...]:
    folders: list[RunFolder] = []
    for word in words:
        try:
            folder = find_run(word)
        except BadInput:
            if word != LATEST and _is_preset_or_file(word):
                raise BadInput(f"{word} is no run (compare takes two runs or more, or one comparison)") from None
            raise
        if folder in folders:
            raise BadInput(f"run {folder.id} is named twice")
        folders.append(folder)
    return tuple(folders)


def _comparison_names() -> list[str]:
    return [preset.name for preset in presets() if preset.is_comparison]
