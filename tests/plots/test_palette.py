from __future__ import annotations

import pytest

from tui_trainer.plots import palette


@pytest.mark.parametrize("dark", [True, False])
def test_the_roles_of_one_plot_have_colours_of_their_own(dark: bool) -> None:
    roles = ["train", "validation", "warning", "axis", "label", "train:faint", "validation:faint"]
    assert len({palette.colour(role, dark) for role in roles}) == len(roles)


def test_runs_go_through_the_palette_and_start_again() -> None:
    colours = [palette.colour(palette.run_role(i)) for i in range(9)]
    assert colours[:2] == ["#009E73", "#CC79A7"]
    assert len(set(colours)) == 8
    assert colours[8] == colours[0]


@pytest.mark.parametrize("role", ["", "run-", "run-x", "nonsense", ":faint"])
def test_an_unknown_role_has_a_colour_too(role: str) -> None:
    assert len(palette.colour(role)) == 7
