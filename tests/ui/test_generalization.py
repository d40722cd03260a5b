"""The generalization panel."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.ui.views import Stage, run
from tui_trainer.runs.view import RunView
from tui_trainer.ui.panels.generalization import GeneralizationPanel


async def shown(
    view: RunView | None, ghost: RunView | None = None, *baselines: str, width: int = 60, height: int = 12
) -> list[str]:
    panel = GeneralizationPanel()
    async with Stage(panel, css=f"GeneralizationPanel {{ height: {height}; }}").run_test(size=(width, height)):
        panel.show(view, ghost, *baselines)
        return panel.text().splitlines()


def row(lines: list[str], name: str) -> str:
    return next(line for line in lines if line.startswith(name))


async def test_figures_of_both_parts_and_the_gap_in_points() -> None:
    view = run(201)
    assert view.last
    assert view.best
    lines = await shown(view)
    train, validation = view.last.train["accuracy"], view.last.validation["accuracy"]
    assert row(lines, "accuracy").split() == [
        "accuracy", f"{train:.4f}", f"{validation:.4f}", f"{100 * (train - validation):+.1f}", "points",
    ]  # fmt: skip
    best = view.best.validation["accuracy"]
    assert row(lines, "  best").split() == ["best,", "epoch", f"{view.best.epoch:g}", f"{best:.4f}"]
    assert row(lines, "guessing").split()[-1] == f"{view.baseline['accuracy']:.4f}"


async def test_a_rising_validation_loss_is_told_in_words() -> None:
    lines = await shown(run(201))
    assert row(lines, "  lowest, epoch").endswith("▲ has risen")
    assert "risen" not in "".join(await shown(run(20)))


async def test_every_row_fits_between_a_form_and_another_panel() -> None:
    assert all(len(line) <= 41 for line in await shown(run(201), run(100), width=100))


async def test_the_run_before_stands_beside() -> None:
    before = run(100)
    lines = await shown(run(201), before)
    assert before.last
    assert f"{before.last.validation['accuracy']:.4f}" in row(lines, "  before")
    assert sum(line.startswith("  before") for line in lines) == 3
    assert not any(line.startswith("  before") for line in await shown(run(201)))


async def test_figures_are_aligned_at_the_point() -> None:
    lines = await shown(run(201), run(100))
    columns = {line.index(".", 19) for line in lines[1:]}
    assert len(columns) == 1


@pytest.mark.parametrize("height", [1, 2, 3, 5])
async def test_the_gap_stays_where_there_is_little_room(height: int) -> None:
    lines = await shown(run(201), run(100), height=height)
    assert len(lines) == height
    assert any("points" in line for line in lines)


async def test_without_a_row_for_them_the_names_of_the_columns_are_in_the_title() -> None:
    panel = GeneralizationPanel()
    async with Stage(panel, css="GeneralizationPanel { height: 1fr; }").run_test(size=(60, 12)) as pilot:
        panel.show(run(201))
        assert str(panel.border_title) == "Generalization"
        await pilot.resize_terminal(60, 2)
        assert str(panel.border_title) == "Generalization · train, validation, gap"
        assert "train" not in panel.text()


async def test_what_there_is_to_say_without_figures() -> None:
    assert "Space" in " ".join(await shown(None))
    assert "first evaluation" in " ".join(await shown(run(0)))
    assert "ended" in " ".join(await shown(replace(run(0), state="failed")))


async def test_what_is_not_finite_is_said_to_be() -> None:
    view = run(42)
    assert view.last
    ill = replace(view.last, validation={"loss": float("nan"), "accuracy": 0.1})
    lines = await shown(replace(view, evaluations=(*view.evaluations, ill)))
    assert "NaN" in row(lines, "loss")


async def test_a_run_that_failed_before_it_began_says_why_in_full() -> None:
    reason = "mnist cannot be downloaded: no connection. Put its files into /home/me/.cache/tui-trainer/mnist yourself"
    view = replace(run(), state="failed", reason=reason, evaluations=(), best=None)
    assert reason in " ".join(line.strip() for line in await shown(view))


@pytest.mark.parametrize(
    ("height", "said"), [(8, "may be chance"), (4, "no better than forest .600"), (3, "no better")]
)
async def test_what_simpler_methods_get_stays_in_full_or_in_the_shortest_words(height: int, said: str) -> None:
    sentence = "The network's .610 and the forest's .600 are 1.0 points apart; up to 3.2 points may be chance: as good"
    lines = await shown(run(201), None, sentence, "no better than forest .600", width=41, height=height)
    assert said in " ".join(lines)
    assert any("points" in line and "accuracy" in line for line in lines), "the gap stays, too"


async def test_a_negative_gap_has_a_true_minus_sign() -> None:
    view = run(42)
    assert view.last
    ahead = replace(view.last, train={"loss": 0.9, "accuracy": 0.6}, validation={"loss": 0.5, "accuracy": 0.8})
    lines = await shown(replace(view, evaluations=(*view.evaluations, ahead)))
    assert row(lines, "accuracy").endswith("−20.0 points")
    assert row(lines, "loss").endswith("−0.4000")


async def test_without_a_row_for_it_what_simpler_methods_get_is_the_title() -> None:
    panel = GeneralizationPanel()
    async with Stage(panel, css="GeneralizationPanel { height: 1; }").run_test(size=(60, 12)):
        panel.show(run(201), None, "The forest does as well as the network.", "no better than forest")
        assert str(panel.border_title) == "Network no better than forest"
        assert "accuracy" in panel.text()
