"""Presets: experiments and comparisons with a name, those that come with the program and the user's own."""

from __future__ import annotations

import dataclasses
import os
import re
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from tui_trainer.experiment.folders import home
from tui_trainer.experiment.problems import ExperimentError, Problem, suggestion

if TYPE_CHECKING:
    from tui_trainer.experiment.comparison import Comparison
    from tui_trainer.experiment.schema import Experiment

FIRST = "digits-mlp"
"""The preset that a new user starts with."""

_ORDER = (
    FIRST,
    *("digits-overfit", "digits-l2", "digits-dropout", "too-many-epochs", "overfitting-cures", "l1-against-l2"),
    *("lr-too-low", "lr-too-high", "learning-rates", "schedules", "optimizers", "batch-sizes"),
    *("dying-relu", "vanishing-sigmoid", "activations-deep", "initializations", "zeros", "batch-norm", "transfer"),
    *("sigmoid-neuron", "xor-perceptron", "xor-mlp", "linear-stays-linear", "spirals-mlp", "depth-and-width"),
    *("sine-mlp", "bumps-mlp"),
    *("iris-mlp", "feature-scaling", "linear-or-network", "parity-by-heart"),
    *("digits-cnn", "cnn-against-mlp", "mnist-cnn"),
    *("rnn-memory", "text-transformer", "reverse-transformer", "autoencoder"),
    *("mnist-300-overfit", "mnist-300-weight-decay", "mnist-300-dropout", "mnist-300-cures"),
)
"""The program's presets as they are best looked at one after the other; one that is not named here comes last."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


@dataclass(frozen=True)
class Preset:
    """A named experiment or comparison in a file; `own` if the user saved it."""

    name: str
    path: Path
    own: bool

    @property
    def is_comparison(self) -> bool:
        """Whether it is a comparison; an experiment if its file cannot be read."""
        from tui_trainer.experiment.load import is_comparison_file

        return is_comparison_file(self.path)

    def load(self) -> Experiment | Comparison:
        """The experiment or comparison, whichever it is. Raises ExperimentError if the file is wrong."""
        # Names are looked up before the first paint, which awaits all that is imported.
        from tui_trainer.experiment.comparison import Comparison
        from tui_trainer.experiment.load import load_any_text, read_file

        loaded = load_any_text(read_file(self.path), str(self.path))
        if loaded.name:
            return loaded
        if isinstance(loaded, Comparison):
            return loaded.renamed(self.name)
        return loaded.model_copy(update={"name": self.name})

    def experiment(self) -> Experiment:
        """The experiment. Raises ExperimentError if the file is wrong, or a comparison's."""
        from tui_trainer.experiment.schema import Experiment

        loaded = self.load()
        if isinstance(loaded, Experiment):
            return loaded
        said = f"is a comparison, not an experiment (train it with: tui-trainer compare {self.name})"
        raise ExperimentError([Problem("", said, str(self.path))])

    def comparison(self) -> Comparison:
        """The comparison. Raises ExperimentError if the file is wrong, or an experiment's."""
        from tui_trainer.experiment.comparison import Comparison

        loaded = self.load()
        if isinstance(loaded, Comparison):
            return loaded
        said = "is an experiment, not a comparison (which has a base and changes)"
        raise ExperimentError([Problem("", said, str(self.path))])


def folder() -> Path:
    """The presets that come with the program: inside the installed package, or at the root of a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "presets"
    return inside if inside.is_dir() else package.parent / "presets"


def own_folder() -> Path:
    """The presets that the user saved."""
    return home() / "presets"


def presets() -> list[Preset]:
    """All presets: the program's in the order that teaches most, then the user's own, by name.

    An own one hides one of the same name.
    """
    own = [Preset(path.stem, path, True) for path in _files(own_folder())]
    names = {preset.name for preset in own}
    return [preset for preset in _shipped() if preset.name not in names] + own


def comes_with_program(name: str) -> bool:
    """Whether a preset of that name comes with the program, hidden or not."""
    return any(preset.name == name for preset in _shipped())


def _shipped() -> list[Preset]:
    found = [Preset(path.stem, path, False) for path in _files(folder())]
    return sorted(found, key=lambda preset: _ORDER.index(preset.name) if preset.name in _ORDER else len(_ORDER))


def _files(folder: Path) -> list[Path]:
    return sorted((path for path in folder.glob("*.yaml") if path.is_file()), key=lambda path: path.stem)


def find(name_or_path: str) -> Preset:
    """The preset of that name, or the YAML file at that path.

    Raises ExperimentError where there is neither.
    """
    path = Path(os.path.expanduser(name_or_path))  # noqa: PTH111 - leaves an unknown ~user alone
    if path.suffix in (".yaml", ".yml") or os.path.isfile(path):  # noqa: PTH113 - False for a name too long
        return Preset(path.stem, path, own=True)
    known = {preset.name: preset for preset in presets()}
    if name_or_path in known:
        return known[name_or_path]
    missing = f"there is no preset or file of that name ({suggestion(name_or_path, known)})"
    raise ExperimentError([Problem("", missing, name_or_path)])


def name_problem(name: str) -> str:
    """Why `name` cannot be the name of a preset; empty if it can."""
    if _NAME.fullmatch(name):
        return ""
    return f"{name!r} cannot name a preset (small letters, digits, - and _; at most 64)"


def proposed_name(name: str) -> str:
    """An experiment's name as that of an own preset: with a number if it is one of the program's (`digits-mlp-2`)."""
    stem = re.sub(r"[^a-z0-9_-]+", "-", name.lower())[:60].strip("-_")
    if not comes_with_program(stem):
        return stem
    taken = {preset.name for preset in presets()}
    return next(free for number in count(2) if (free := f"{stem}-{number}") not in taken)


def save_own(name: str, experiment: Experiment, *, replace: bool = False) -> Preset:
    """Saves `experiment` as the user's own preset; what it is about only if it is still what the words were said of.

    Raises ExperimentError if the name is none, FileExistsError if it is taken and `replace` is not set.
    """
    from tui_trainer.experiment.dump import to_yaml

    return _save(name, to_yaml(_with_true_words(experiment).model_copy(update={"name": name})), replace)


def save_own_comparison(name: str, comparison: Comparison, *, replace: bool = False) -> Preset:
    """Saves `comparison` as the user's own preset, with its base written out, as `save_own` saves an experiment."""
    from tui_trainer.experiment.dump import comparison_to_yaml

    return _save(name, comparison_to_yaml(_still_true(comparison).renamed(name)), replace)


def _save(name: str, text: str, replace: bool) -> Preset:
    if wrong := name_problem(name):
        raise ExperimentError([Problem("name", wrong)])
    own_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    path = own_folder() / f"{name}.yaml"
    with path.open("w" if replace else "x", encoding="utf-8") as file:
        file.write(text)
    return Preset(name, path, own=True)


def _with_true_words(experiment: Experiment) -> Experiment:
    """Without `about` and `teaches` where they are those of a preset with other settings."""
    from tui_trainer.experiment.diff import diff

    origin = next((preset for preset in presets() if preset.name == experiment.name), None)
    if origin is None:
        return experiment
    try:
        unchanged = not diff(origin.experiment(), experiment)
    except ExperimentError:
        unchanged = False
    return experiment if unchanged else experiment.model_copy(update={"about": "", "teaches": ""})


def _still_true(comparison: Comparison) -> Comparison:
    """Without `about` and `teaches` where they are those of a preset that compares something else."""
    from tui_trainer.experiment.comparison import same_lesson

    origin = next((preset for preset in presets() if preset.name == comparison.name), None)
    if origin is None:
        return comparison
    try:
        unchanged = same_lesson(origin.comparison(), comparison)
    except ExperimentError:
        unchanged = False
    return comparison if unchanged else dataclasses.replace(comparison, about="", teaches="")


def delete_own(preset: Preset) -> None:
    """Deletes a preset that the user saved. Raises OSError, and ValueError for one that comes with the program."""
    if not preset.own or preset.path.parent != own_folder():
        raise ValueError(f"{preset.name} comes with the program")
    preset.path.unlink()
