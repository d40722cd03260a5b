"""The findings panel."""

from __future__ import annotations

from textual.widget import Widget

from tests.ui.views import HOSTILE, INERT, Stage, run
from tui_trainer.insight.findings.base import Cure, Finding
from tui_trainer.ui.panels.findings import FindingsPanel

OVERFITTING = Finding(
    "overfitting",
    "overfitting since epoch 31",
    "validation loss has risen for 12 epochs",
    "It learns its samples by heart.",
    cures=(Cure("l2 0.01", {"regularization.l2": 0.01}), Cure("dropout 0.2", {}, from_step=30, certain=False)),
)
HINT = Finding(
    "constant-feature", "feature 3 is constant", "it is 0 in all samples", "Nothing is learned from it.", "hint"
)


class Panel(Stage):
    """The panel alone, in so many rows, with the cures that were asked for."""

    def __init__(self, *found: Finding, height: int = 6) -> None:
        self.panel = FindingsPanel()
        self.applied: list[Cure] = []
        self._found, self._height = found, height
        super().__init__(self.panel)

    def on_mount(self) -> None:
        self.panel.styles.height = self._height
        self.panel.turn_to(run())
        self.panel.show(self._found)

    def on_findings_panel_apply(self, message: FindingsPanel.Apply) -> None:
        self.applied.append(message.cure)

    @property
    def lines(self) -> list[str]:
        return self.panel.text().splitlines()


async def test_each_finding_has_a_line_with_what_would_mend_it() -> None:
    app = Panel(OVERFITTING, HINT)
    async with app.run_test(size=(60, 10)):
        assert app.lines[0].startswith("├─ Findings ─")
        assert app.lines[1].strip("│ ") == "! overfitting since epoch 31  ▸ l2 0.01"
        assert app.lines[2].strip("│ ") == "◇ feature 3 is constant"
        assert app.lines[3].strip("│ ") == "validation loss has risen for 12 epochs"
        assert app.lines[-1].startswith("╰─")


async def test_where_there_is_one_line_it_stands_in_the_border() -> None:
    app = Panel(OVERFITTING, HINT, height=1)
    async with app.run_test(size=(60, 10)) as pilot:
        assert app.lines[0].startswith("╰─ ! overfitting since epoch 31  ▸ l2 0.01 ─")
        await pilot.press("tab", "down")
        assert "◇ feature 3 is constant" in app.lines[0]


async def test_a_narrow_panel_keeps_the_finding() -> None:
    app = Panel(OVERFITTING, height=1)
    async with app.run_test(size=(34, 10)):
        assert app.lines[0].startswith("╰─ ! overfitting since epoch 31 ")
        assert len(app.lines[0]) == 34


async def test_enter_applies_the_cure_that_is_chosen() -> None:
    app = Panel(HINT, OVERFITTING)
    async with app.run_test(size=(60, 10)) as pilot:
        await pilot.press("tab", "enter")
        assert app.applied == [], "there is none"
        await pilot.press("down", "enter", "right", "right", "enter", "left", "enter")
        assert [cure.words for cure in app.applied] == ["l2 0.01", "dropout 0.2", "l2 0.01"]


async def test_what_is_selected_is_explained() -> None:
    app = Panel(OVERFITTING)
    async with app.run_test(size=(60, 10)) as pilot:
        await pilot.press("tab")
        heading, texts = app.panel.explained()
        assert heading == "overfitting since epoch 31"
        assert [word for word, _ in texts] == ["", "Enter", "Why"]
        assert texts[1][1] == "trains a copy with l2 0.01 and shows both side by side; 1 of 2, ← → for others"
        await pilot.press("right")
        assert app.panel.explained()[1][1][1].startswith("goes on from a checkpoint with dropout 0.2 (does not always")


async def test_what_is_selected_stays_while_others_come_and_go() -> None:
    app = Panel(OVERFITTING, HINT)
    async with app.run_test(size=(60, 10)) as pilot:
        await pilot.press("tab", "down")
        app.panel.show([HINT, OVERFITTING])
        assert app.panel.finding == HINT
        app.panel.show([])
        assert app.panel.finding is None
        assert "nothing stands out so far" in app.lines[1]
        app.panel.turn_to(run(state="finished"))
        assert "so far" not in app.lines[1]


async def test_hostile_words_are_inert() -> None:
    app = Panel(Finding("evil", HOSTILE, HOSTILE, HOSTILE, cures=(Cure(HOSTILE),)))
    async with app.run_test(size=(150, 10)):
        assert INERT in app.lines[1]
        assert "\x1b" not in app.panel.text()
        assert isinstance(app.panel, Widget)
