"""Picking a choice of a family."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from tests.ui.views import Stage
from tui_trainer.choices.activations import Activation
from tui_trainer.choices.base import Choice
from tui_trainer.choices.data import DataSet
from tui_trainer.choices.losses import Loss
from tui_trainer.choices.models import Model
from tui_trainer.choices.models.cnn import Cnn
from tui_trainer.choices.optimizers import Optimizer
from tui_trainer.choices.schedules import Schedule
from tui_trainer.experiment.fields import PICKS
from tui_trainer.experiment.parse import parse
from tui_trainer.ui.laboratory.fitting import given, misfit
from tui_trainer.ui.laboratory.sizes import Sizes
from tui_trainer.ui.screens.picker import Picker, explain
from tui_trainer.ui.widgets.explanation import Explanation
from tui_trainer.ui.widgets.row_list import RowList

UNTOLD = Sizes()
NO_SEQUENCES = {
    kind
    for kind, choice in DataSet.kinds().items()
    if choice.group in ("tables", "points", "functions") or kind == "csv"
}


def explanation(app: Stage) -> str:
    return app.screen.query_one(Explanation).text()


async def test_the_present_choice_is_highlighted_and_explained() -> None:
    app = Stage(screen=Picker(Optimizer, "momentum"))
    async with app.run_test() as pilot:
        await pilot.pause()
        said = " ".join(explanation(app).split())
        assert Optimizer.kinds()["momentum"].summary() in said
        await pilot.press("enter")
        assert app.result == "momentum"


async def test_keys_walk_through_the_family() -> None:
    kinds = list(Activation.kinds())
    app = Stage(screen=Picker(Activation, kinds[0]))
    async with app.run_test() as pilot:
        await pilot.press("down", "j", "up", "enter")
        assert app.result == kinds[1]


async def test_esc_picks_nothing() -> None:
    app = Stage(screen=Picker(Activation, "relu"))
    async with app.run_test() as pilot:
        await pilot.press("down", "escape")
        assert app.result is None


async def test_a_filter_narrows_the_list_and_esc_widens_it() -> None:
    app = Stage(screen=Picker(Activation, "relu"))
    async with app.run_test() as pilot:
        await pilot.press("slash", *"lu")
        names = [item.key for item in app.screen.query_one(RowList).items]
        assert names == [name for name in Activation.kinds() if "lu" in name]
        await pilot.press("enter", "down")
        listed = app.screen.query_one(RowList)
        assert listed.has_focus
        assert [item.key for item in listed.items] == names
        assert listed.highlighted == listed.items[1]
        await pilot.press("slash", "escape")
        assert len(app.screen.query_one(RowList).items) == len(Activation.kinds())
        assert app.result == "nothing yet"


async def test_data_sets_are_found_by_their_group_and_by_what_they_are() -> None:
    app = Stage(screen=Picker(DataSet, "digits"))
    async with app.run_test(size=(80, 24)) as pilot:

        def shown() -> list[str]:
            return [item.key for item in app.screen.query_one(RowList).items]

        assert shown() == list(DataSet.kinds())
        await pilot.press("slash", *"your own")
        assert {"csv", "npz", "images", "text"} <= set(shown())
        await pilot.press(*["backspace"] * 8, *"tumours")
        assert shown() == ["breast_cancer"]


def marks(app: Stage) -> dict[str, str]:
    """What stands beside the choices that cannot work."""
    return {item.key: item.cells[2][0] for item in app.screen.query_one(RowList).items if item.cells[2][0]}


def fitting(mapping: dict[str, Any], sizes: Sizes = UNTOLD) -> Any:
    experiment = parse(mapping)
    return partial(misfit, experiment=experiment, data=given(experiment, sizes))


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
async def test_models_that_cannot_take_the_data_say_so_and_can_be_picked(size: tuple[int, int]) -> None:
    app = Stage(screen=Picker(Model, "mlp", fitting({"data": "moons"})))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert marks(app) == {
            "mlp": "now",
            "cnn": "needs images",
            "rnn": "needs sequences",
            "transformer": "needs sequences",
            "module": "needs --allow-code",
        }
        shown = app.screen.query_one(RowList)
        lines = ["".join(segment.text for segment in shown.render_line(y)) for y in range(len(shown.items))]
        assert all(mark in line for mark, line in zip(marks(app).values(), [lines[i] for i in drawn(app)], strict=True))
        await pilot.press("slash", *"cnn", "enter")
        assert "needs images" in " ".join(explanation(app).split())
        await pilot.press("enter")
        assert app.result == "cnn"


def drawn(app: Stage) -> list[int]:
    """The places of the choices that have a mark."""
    return [i for i, item in enumerate(app.screen.query_one(RowList).items) if item.cells[2][0]]


async def test_data_that_the_model_cannot_take_says_so() -> None:
    app = Stage(screen=Picker(DataSet, "digits", fitting({"model": "cnn"})))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        told = marks(app)
        assert told["digits"] == "now"
        assert told["moons"] == told["parity"] == told["sentences"] == told["csv"] == "no images"
        assert not {"mnist", "fashion_mnist", "images", "npz"} & set(told), "what only its file tells is not marked"
        shown = app.screen.query_one(RowList)
        lines = ["".join(segment.text for segment in shown.render_line(y)) for y in range(shown.size.height)]
        assert any("breast_cancer" in line and "no images" in line for line in lines)


@pytest.mark.parametrize(
    ("mapping", "sizes", "family", "told"),
    [
        ({"data": "sentences"}, Sizes(), Model, {"linear", "mlp", "cnn", "autoencoder", "module"}),
        ({"data": "digits"}, Sizes(), Model, {"module"}),
        ({"data": "npz"}, Sizes(), Model, {"module"}),
        ({"data": "npz"}, Sizes(shape=(4,), task="regression"), Model, {"cnn", "rnn", "transformer", "module"}),
        ({"model": "transformer", "data": "digits"}, Sizes(), DataSet, NO_SEQUENCES),
        ({"model": "module"}, Sizes(), DataSet, set()),
        ({"data": "sine"}, Sizes(), Loss, {"cross_entropy", "binary_cross_entropy"}),
        ({"data": "digits", "model": "autoencoder"}, Sizes(), Loss, {"cross_entropy", "binary_cross_entropy"}),
        ({"data": "digits"}, Sizes(), Optimizer, set()),
    ],
    ids=["text", "images", "any", "features", "sequences", "own code", "numbers", "rebuilt", "no matter"],
)
def test_what_is_marked_is_what_cannot_work(
    mapping: dict[str, Any], sizes: Sizes, family: type[Choice], told: set[str]
) -> None:
    why = fitting(mapping, sizes)
    assert {kind for kind, choice in family.kinds().items() if why(choice)} == told


def test_every_data_set_belongs_to_a_group() -> None:
    assert all(choice.group for choice in DataSet.kinds().values())


async def test_schedules_are_drawn_over_the_run_that_is_put_together() -> None:
    draft = parse({"optimizer": {"kind": "sgd", "lr": 0.003}, "training": {"epochs": 12}, "schedule": "step"})
    app = Stage(screen=Picker(Schedule, "step", experiment=draft, sizes=Sizes(updates=10)))
    async with app.run_test(size=(120, 50)) as pilot:
        await pilot.pause()
        step = explanation(app)
        await pilot.press(*["up"] * list(Schedule.kinds()).index("step"))
        assert "learning rate over the run" in explanation(app)
        assert explanation(app).splitlines()[:9] != step.splitlines()[:9]
        for drawn in (step, explanation(app)):
            assert "0.003" in drawn.splitlines()[1]
            assert drawn.splitlines()[8].split()[-1] in ("10", "12"), "its epochs"


def test_columns_of_tables_are_told() -> None:
    told = "\n".join("".join(text for text, _ in row) for row in explain(Cnn, 60))
    assert "block kernel" in told


async def test_fields_are_told_with_their_defaults_and_bounds() -> None:
    app = Stage(screen=Picker(Activation, "leaky_relu"))
    async with app.run_test(size=(120, 50)) as pilot:
        await pilot.pause()
        field = Activation.kinds()["leaky_relu"].form()[0]
        said = explanation(app)
        assert f"{field.name}  {field.default}" in said
        for words in (field.help, field.bounds(), field.low, field.high):
            assert words in " ".join(said.split())


async def test_activations_are_drawn_with_their_derivative() -> None:
    app = Stage(screen=Picker(Activation, "tanh"))
    async with app.run_test(size=(120, 50)) as pilot:
        await pilot.pause()
        before = explanation(app)
        assert before.startswith("function ─  derivative ┈")
        await pilot.press("down")
        assert explanation(app).splitlines()[:9] != before.splitlines()[:9]


EVERY_CHOICE = [(family, kind) for family, _ in PICKS.values() for kind in family.kinds()]


@pytest.mark.parametrize(("family", "kind"), EVERY_CHOICE)
def test_every_choice_can_be_explained(family: Any, kind: str) -> None:
    choice: type[Choice] = family.kinds()[kind]
    said = ["".join(text for text, _ in row) for row in explain(choice, 40)]
    assert choice.summary().split()[0] in " ".join(said)
    assert all(len(line) <= 40 for line in said)
