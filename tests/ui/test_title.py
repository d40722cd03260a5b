"""Titles in borders."""

from __future__ import annotations

from typing import Any

import pytest
from textual.widgets import Static

from tests.ui.views import Stage
from tui_trainer.ui.panels.generalization import GeneralizationPanel
from tui_trainer.ui.widgets.title import entitle


async def test_a_title_repaints_only_if_it_is_another_one_and_is_taken_as_it_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    widget, repainted = Static(), []

    def refresh(*regions: Any, **how: Any) -> Static:
        repainted.append(regions)
        return widget

    async with Stage(widget).run_test() as pilot:
        await pilot.pause()
        monkeypatch.setattr(widget, "refresh", refresh)
        for title, times in (("loss [b]", 1), ("loss [b]", 1), ("accuracy", 2)):
            entitle(widget, title)
            assert widget._border_title is not None
            assert (widget._border_title.plain, len(repainted)) == (title, times)


async def test_figures_that_change_do_not_repaint_a_whole_panel(monkeypatch: pytest.MonkeyPatch) -> None:
    panel, repainted = GeneralizationPanel(), []
    async with Stage(panel).run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        monkeypatch.setattr(panel, "refresh", lambda *regions, **how: repainted.append(regions) or panel)
        panel.update()
    assert () not in repainted
