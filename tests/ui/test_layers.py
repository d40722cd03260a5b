"""The layers panel."""

from __future__ import annotations

from dataclasses import replace
from math import nan

import pytest

from tests.ui.views import HOSTILE, Stage, layers, run
from tui_trainer.runs.view import RunView
from tui_trainer.ui.panels.layers import LayersPanel


async def shown(view: RunView | None, *, width: int = 60, height: int = 12) -> list[str]:
    panel = LayersPanel()
    async with Stage(panel, css=f"LayersPanel {{ height: {height}; }}").run_test(size=(width, height)):
        panel.show(view)
        return panel.text().splitlines()


async def test_a_row_a_layer_in_columns() -> None:
    lines = await shown(run(layers=layers(7)))
    assert lines[0].split() == ["gradient", "update", "dead", "norm", "zeros"]
    assert lines[1].split() == ["hidden1", "0.12", "0.0013", "4", "%", "8.1", "0", "%"]
    assert lines[7].split() == ["output", "0.12", "0.0013", "–", "8.1", "0", "%"]
    assert len({len(line) for line in lines[:8]}) == 1


async def test_ill_figures_have_a_sign_and_are_explained() -> None:
    lines = await shown(run(layers=layers(4, gradient_norm=1e-9, dead_share=0.6)))
    assert "!1.0e-09" in lines[1]
    assert "!60 %" in lines[1]
    assert "!" not in "".join(lines[2:5])
    assert lines[5].startswith("! hidden1: the gradient vanishes")


async def test_a_frozen_layer_is_called_frozen_and_raises_no_alarm() -> None:
    trained, *others = layers(3)[0].layers
    frozen = replace(trained, gradient_norm=nan, update_ratio=nan, frozen=True)
    lines = await shown(run(layers=(replace(layers(3)[0], layers=(frozen, *others)),)))
    assert lines[1].split() == ["hidden1", "frozen"]
    assert "!" not in "".join(lines)
    assert not any("finite" in line for line in lines)


async def test_a_long_warning_is_told_in_full_and_signs_never_touch_the_figure_before() -> None:
    view = run(layers=layers(9, gradient_norm=1e-9, update_ratio=1e-9))
    lines = await shown(view, width=38, height=8)
    assert "the gradient vanishes on its way back" in " ".join(lines[-2:])
    assert lines[1].split()[1:3] == ["!1.0e-09", "!1.0e-09"]
    assert not any("more" in line for line in await shown(view, width=38, height=12))


async def test_headings_are_in_full_where_there_is_room() -> None:
    lines = await shown(run(layers=layers(4)), width=80)
    assert "gradient    update  dead units  weight norm  zero weights" in lines[0]


@pytest.mark.parametrize("width", [32, 38, 60, 78, 120])
async def test_healthy_layers_have_a_legend(width: int) -> None:
    (told,) = (await shown(run(layers=layers(4)), width=width))[5:]
    assert "0.0001 to 0.01" in told or "1e-4 to 1e-2" in told, "a range"
    assert "less" in told, "which falls as training ends"


async def test_a_layer_that_is_all_dead_is_told_before_what_follows_from_it() -> None:
    still = layers(3, gradient_norm=0.0, update_ratio=0.0)[0].layers
    dead = (replace(still[0], dead_share=0.98), replace(still[1], dead_share=1.0), still[2])
    told = " ".join((await shown(run(layers=(replace(layers(3)[0], layers=dead),))))[4:])
    assert "! hidden2: all units are dead" in told


async def test_the_first_and_the_last_layers_stay_where_there_is_little_room() -> None:
    lines = await shown(run(layers=layers(20)), height=7)
    assert len(lines) == 7
    assert lines[1].startswith("hidden1 ")
    assert "… 16 more" in lines[3]
    assert lines[5].startswith("output")


async def test_columns_are_left_out_whole_where_there_is_no_room() -> None:
    lines = await shown(run(layers=layers(4)), width=32)
    assert lines[0].split() == ["gradient", "update", "dead"]
    assert all(len(line) <= 32 for line in lines)


async def test_weights_at_zero_come_first_once_there_are_many() -> None:
    lines = await shown(run(layers=layers(4, zero_share=0.3)), width=38)
    assert lines[0].split() == ["gradient", "update", "dead", "zeros"]
    lines = await shown(run(layers=layers(4)), width=38)
    assert lines[0].split() == ["gradient", "update", "dead", "norm"]


async def test_what_there_is_to_say_without_figures() -> None:
    assert "Space" in " ".join(await shown(None))
    assert "first evaluation" in " ".join(await shown(run(0)))
    assert "ended" in " ".join(await shown(replace(run(0), state="died")))


async def test_a_hostile_name_is_inert() -> None:
    (at,) = layers(2)
    view = run(layers=(replace(at, layers=(replace(at.layers[0], name=HOSTILE), at.layers[1])),))
    assert "\x1b" not in "".join(await shown(view))
