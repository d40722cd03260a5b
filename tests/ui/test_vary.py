"""Varying a field: what is offered, and what is trained."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from tests.ui.views import Stage, until
from tui_trainer.experiment.comparison import Comparison, vary
from tui_trainer.experiment.parse import parse
from tui_trainer.experiment.schema import value_at
from tui_trainer.ui.forms.form import FormPanel
from tui_trainer.ui.forms.row import Row
from tui_trainer.ui.forms.state import FormState
from tui_trainer.ui.forms.variations import variation
from tui_trainer.ui.panels.activation import ActivationPanel
from tui_trainer.ui.panels.architecture import ArchitecturePanel
from tui_trainer.ui.panels.data import DataPanel
from tui_trainer.ui.panels.optimizer import OptimizerPanel
from tui_trainer.ui.panels.regularization import RegularizationPanel
from tui_trainer.ui.panels.training import TrainingPanel
from tui_trainer.ui.screens.vary import VaryScreen, fixed
from tui_trainer.ui.widgets.explanation import Explanation
from tui_trainer.ui.widgets.row_list import RowList

PANELS: list[type[FormPanel]] = [
    DataPanel,
    ArchitecturePanel,
    ActivationPanel,
    OptimizerPanel,
    RegularizationPanel,
    TrainingPanel,
]
MAPPING: dict[str, Any] = {
    "name": "mine",
    "model": {"kind": "mlp", "hidden": [100, 100]},
    "optimizer": {"kind": "sgd", "lr": 0.1},
    "regularization": {"dropout": 0.3},
}


def rows(mapping: dict[str, Any]) -> dict[tuple[str, str], Row]:
    """Every row of every form, by its path and label."""
    state = FormState(mapping, parse(mapping))
    panels = [panel(state, lambda edit: "") for panel in PANELS]
    return {(row.path, row.label): row for panel in panels for row in panel.form(state)}


def row(path: str, label: str = "", mapping: dict[str, Any] = MAPPING) -> Row:
    return next(it for (at, called), it in rows(mapping).items() if at == path and label in ("", called))


# What is offered


@pytest.mark.parametrize(
    ("path", "label", "taken"),
    [
        ("optimizer.lr", "", (0.03, 0.1, 0.3)),
        ("optimizer", "", ("sgd", "momentum", "nesterov", "adagrad")),
        ("regularization.dropout", "", (False, 0.2, 0.3, 0.4)),
        ("regularization.batch_norm", "", (False, True)),
        ("regularization.l2", "", (False, 0.003, 0.01, 0.03)),
        ("model.hidden", "layers", ((100,), (100, 100), (100, 100, 100))),
        ("model.hidden", "units", ((100, 100), (64, 64), (128, 128))),
        ("data.train_samples", "", (20000, 50000, None)),
        ("data.scaling", "", ("standard", "range", "none")),
        ("training.batch_size", "", (16, 32, 64)),
    ],
)
def test_the_present_value_and_those_beside_it_are_taken_to_begin_with(
    path: str, label: str, taken: tuple[Any, ...]
) -> None:
    offered = variation(row(path, label))
    assert offered.taken == taken
    assert offered.present in offered.values
    assert set(taken) <= set(offered.values)


def test_a_value_that_is_on_no_ladder_is_offered_among_them() -> None:
    mapping = {**MAPPING, "optimizer": {"kind": "sgd", "lr": 0.05}}
    assert variation(row("optimizer.lr", "", mapping)).taken == (0.03, 0.05, 0.1)


def test_every_field_offers_something_that_can_be_trained_or_says_why_not() -> None:
    for made in rows(MAPPING).values():
        offered = variation(made)
        typed_only = made.path in ("data.classes", "warm_start.run", "device")
        assert typed_only or fixed(made) or 2 <= len(offered.taken) <= 8, made.path


# The screen


def vary_screen(path: str, base: dict[str, Any] = MAPPING, at_once: int = 2) -> Stage:
    return Stage(screen=VaryScreen(row(path, "", base), parse(base), lambda: at_once))


def explained(app: Stage) -> str:
    return " ".join(app.screen_stack[1].query_one(Explanation).text().split())


def listed(app: Stage) -> dict[str, bool]:
    """The values, and whether they are taken."""
    items = app.screen_stack[1].query_one(RowList).items
    return {item.cells[1][0]: item.cells[0][0] == "[x]" for item in items}


async def ready(app: Stage, pilot: Pilot[Any]) -> None:
    await until(lambda: "at a time" in explained(app) or "all at once" in explained(app))


def trained(app: Stage) -> tuple[Any, ...]:
    assert isinstance(app.result, Comparison)
    return tuple(next(iter(arm.changes.values())) for arm in app.result.arms)


async def test_enter_trains_what_is_taken() -> None:
    app = vary_screen("optimizer.lr")
    async with app.run_test(size=(100, 30)) as pilot:
        await ready(app, pilot)
        assert "Enter trains 3 values: 3 runs, 2 at a time." in explained(app)
        await pilot.press("up", "space", "plus", "enter")
        assert trained(app) == (0.1, 0.3)
        assert app.result.repeats == 2
        assert app.result.base == parse(MAPPING)


async def test_values_are_typed() -> None:
    app = vary_screen("optimizer.lr")
    async with app.run_test(size=(100, 30)) as pilot:
        await ready(app, pilot)
        await pilot.press("0", ".", "0", "5", "enter")
        assert listed(app)["0.05"]
        await pilot.press("t", *"-1", "enter")
        assert "above 0" in explained(app)
        await pilot.press("escape", "enter")
        assert trained(app) == (0.03, 0.05, 0.1, 0.3)


async def test_several_values_are_typed_at_once_from_the_first_digit_on() -> None:
    app = vary_screen("training.batch_size")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press(*"2, 8, 48", "enter")
        await pilot.pause()
        taken = {value for value, is_taken in listed(app).items() if is_taken}
        assert taken == {"2", "8", "16", "32", "48", "64"}


async def test_units_of_each_layer_are_typed() -> None:
    app = Stage(screen=VaryScreen(row("model.hidden", "units"), parse(MAPPING), lambda: 8))
    async with app.run_test(size=(100, 30)) as pilot:
        await ready(app, pilot)
        assert listed(app)["2 × 64"]
        await pilot.press("t", *"256,128", "enter", "enter")
        assert [256, 128] in [list(values) for values in trained(app)]


async def test_optimizers_take_their_own_learning_rates_and_that_is_said() -> None:
    app = vary_screen("optimizer")
    async with app.run_test(size=(100, 30)) as pilot:
        await ready(app, pilot)
        assert "its own default learning rate, but sgd keeps the one that you set" in explained(app)
        await pilot.press("enter")
        assert [arm.experiment.optimizer.lr for arm in app.result.arms] == [0.1, 0.01, 0.01, 0.01]


async def test_one_value_is_not_enough() -> None:
    app = vary_screen("regularization.batch_norm")
    async with app.run_test(size=(100, 30)) as pilot:
        await ready(app, pilot)
        await pilot.press("space", "enter")
        assert app.result == "nothing yet"
        assert "Take at least two values" in explained(app)
        await pilot.press("escape")
        assert app.result is None


async def test_no_more_are_taken_than_can_be_told_apart() -> None:
    app = vary_screen("activation")
    async with app.run_test(size=(100, 30)) as pilot:
        await ready(app, pilot)
        await pilot.press("home", *(["space", "down"] * 4), "end", "space")
        assert sum(listed(app).values()) == 8


def test_seeds_are_no_field_to_vary() -> None:
    assert "repeated" in fixed(row("seed"))
    assert fixed(row("optimizer.lr")) == ""


def test_the_screen_looks_as_it_did(snap_compare: Any) -> None:
    async def wait(pilot: Pilot[Any]) -> None:
        await ready(pilot.app, pilot)  # type: ignore[arg-type]
        await pilot.pause()

    assert snap_compare(vary_screen("optimizer"), terminal_size=(100, 24), run_before=wait)


def test_tables_are_varied_by_their_length_and_by_their_cells() -> None:
    mapping = {**MAPPING, "model": {"kind": "cnn", "blocks": [8, 16]}}
    count = variation(row("model.blocks", "", mapping))
    assert [len(blocks) for blocks in count.taken] == [1, 2, 3]
    made = vary(parse(mapping), count.path, count.taken)
    assert [[block.filters for block in value_at(arm.experiment, "model.blocks")] for arm in made.arms] == [
        [8],
        [8, 16],
        [8, 16, 16],
    ]
    cell = variation(row("model.blocks.1", "", mapping))
    assert (cell.path, cell.taken) == ("model.blocks.1.filters", (12, 16, 24))


async def test_a_length_that_is_typed_is_taken() -> None:
    app = vary_screen(
        "model.blocks", {**MAPPING, "model": {"kind": "cnn", "blocks": [8, {"filters": 16, "kernel": 5}]}}
    )
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("t", *"12", "enter", "enter")
        assert [len(blocks) for blocks in trained(app)] == [1, 2, 3, 12]


def test_a_field_without_an_effect_is_not_varied() -> None:
    mapping = {**MAPPING, "optimizer": {"kind": "momentum", "momentum": 0.0}}
    assert "no effect" in fixed(row("optimizer.dampening", "", mapping))
    assert fixed(row("optimizer.momentum", "", mapping)) == ""
