"""Presets: experiments with a name, those that come with the program and the user's own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tui_trainer.experiment.dump import to_yaml
from tui_trainer.experiment.folders import home
from tui_trainer.experiment.load import load_file
from tui_trainer.experiment.problems import ExperimentError, Problem, suggestion
from tui_trainer.experiment.schema import Experiment

FIRST = "digits-mlp"
"""The preset that a new user starts with."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


@dataclass(frozen=True)
class Preset:
    """A named experiment in a file; `own` if the user saved it."""

    name: str
    path: Path
    own: bool

    def experiment(self) -> Experiment:
        """The experiment. Raises ExperimentError if the file is wrong."""
        experiment = load_file(self.path)
        return experiment if experiment.name else experiment.model_copy(update={"name": self.name})


def folder() -> Path:
    """The presets that come with the program: inside the installed package, or at the root of a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "presets"
    return inside if inside.is_dir() else package.parent / "presets"


def own_folder() -> Path:
    """The presets that the user saved."""
    return home() / "presets"


def presets() -> list[Preset]:
    """All presets, the program's first, then the user's own, each by name. An own one hides one of the same name."""
    own = [Preset(path.stem, path, True) for path in sorted(own_folder().glob("*.yaml")) if path.is_file()]
    names = {preset.name for preset in own}
    shipped = [Preset(path.stem, path, False) for path in sorted(folder().glob("*.yaml"))]
    return [preset for preset in shipped if preset.name not in names] + own


def find(name_or_path: str) -> Preset:
    """The preset of that name, or the YAML file at that path.

    Raises ExperimentError where there is neither.
    """
    path = Path(name_or_path).expanduser()
    if path.suffix in (".yaml", ".yml") or path.is_file():
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


def save_own(name: str, experiment: Experiment, *, replace: bool = False) -> Preset:
    """Saves `experiment` as the user's own preset.

    Raises ExperimentError if the name is none, FileExistsError if it is taken and `replace` is not set.
    """
    if wrong := name_problem(name):
        raise ExperimentError([Problem("name", wrong)])
    own_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    path = own_folder() / f"{name}.yaml"
    text = to_yaml(experiment.model_copy(update={"name": name}))
    with path.open("w" if replace else "x", encoding="utf-8") as file:
        file.write(text)
    return Preset(name, path, own=True)


def delete_own(preset: Preset) -> None:
    """Deletes a preset that the user saved. Raises OSError, and ValueError for one that comes with the program."""
    if not preset.own or preset.path.parent != own_folder():
        raise ValueError(f"{preset.name} comes with the program")
    preset.path.unlink()
