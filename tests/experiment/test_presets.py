"""Presets are found by name, saved by name, and a name never becomes a path unchecked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_trainer.experiment.parse import parse
from tui_trainer.experiment.presets import FIRST, find, own_folder, presets, proposed_name, save_own
from tui_trainer.experiment.problems import ExperimentError


def test_the_first_preset_is_there() -> None:
    assert FIRST in [preset.name for preset in presets()]
    assert find(FIRST).experiment().name == FIRST


def test_an_own_preset_is_saved_listed_and_read_back() -> None:
    save_own("mine", parse({"seed": 7}))
    mine = find("mine")
    assert (mine.own, mine.experiment().seed, mine.experiment().name) == (True, 7, "mine")
    with pytest.raises(FileExistsError):
        save_own("mine", parse({"seed": 8}))
    assert save_own("mine", parse({"seed": 8}), replace=True).experiment().seed == 8


def test_an_own_preset_hides_the_shipped_one_of_its_name() -> None:
    save_own(FIRST, parse({"seed": 9}))
    assert [preset.own for preset in presets() if preset.name == FIRST] == [True]
    assert find(FIRST).experiment().seed == 9


def test_the_words_of_a_preset_are_kept_only_while_its_settings_are() -> None:
    experiment = find(FIRST).experiment()
    assert save_own("same", experiment).experiment().teaches == experiment.teaches
    changed = save_own("other", experiment.model_copy(update={"seed": 99})).experiment()
    assert (changed.about, changed.teaches) == ("", "")


def test_a_name_is_proposed_that_hides_nothing() -> None:
    assert proposed_name(FIRST) == f"{FIRST}-2"
    save_own(f"{FIRST}-2", parse({}))
    assert proposed_name(FIRST) == f"{FIRST}-3"
    assert proposed_name(f"{FIRST}-2") == f"{FIRST}-2"
    assert proposed_name("My Experiment!") == "my-experiment"


@pytest.mark.parametrize("name", ["", "../escape", "a/b", ".hidden", "Ä", "a b", "x" * 65, "con\n"])
def test_a_name_that_could_be_a_path_is_refused(name: str) -> None:
    with pytest.raises(ExperimentError):
        save_own(name, parse({}))
    assert not own_folder().exists() or list(own_folder().iterdir()) == []


def test_a_misspelt_name_gets_a_suggestion() -> None:
    with pytest.raises(ExperimentError, match=f"did you mean {FIRST}"):
        find(FIRST[:-1])


def test_a_file_is_found_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("seed: 3")
    assert find(str(path)).experiment().seed == 3


@pytest.mark.parametrize("name", ["~no-such-user/x.yaml", "~no-such-user", "a" * 300, "a" * 300 + ".yaml"])
def test_a_path_that_cannot_be_is_told_like_one_that_is_not_there(name: str) -> None:
    with pytest.raises(ExperimentError):
        find(name).experiment()
