"""What each room drags in: the dashboard starts fast and the command line answers fast because they import little."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("torch", "sklearn", "numpy", "textual", "plotext", "psutil", "pynvml")


# What the first frame does without: experiments, and what reads them.
AFTER_THE_FIRST_FRAME = ("pydantic", "yaml", "tui_trainer.choices", "tui_trainer.experiment.schema")


def loaded_by(module: str, packages: tuple[str, ...] = HEAVY) -> set[str]:
    """Which of these packages a fresh Python has loaded after importing `module`."""
    script = f"import sys, {module}; print(*[name for name in {packages!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("module", "allowed"),
    [
        ("tui_trainer.cli", set()),
        ("tui_trainer.choices", set()),
        ("tui_trainer.experiment.load", set()),
        ("tui_trainer.experiment.presets", set()),
        ("tui_trainer.runs.store", set()),
        ("tui_trainer.runs.view", set()),
        ("tui_trainer.runs.workers", set()),
        ("tui_trainer.insight.series", set()),
        ("tui_trainer.plots", set()),
        ("tui_trainer.ui.app", {"textual"}),
        ("tui_trainer.ui.screens.main", {"textual"}),
    ],
)
def test_heavy_packages_are_left_for_later(module: str, allowed: set[str]) -> None:
    assert loaded_by(module) <= allowed


@pytest.mark.parametrize("module", ["tui_trainer.cli.open", "tui_trainer.ui.app"])
def test_the_first_frame_waits_for_no_experiment(module: str) -> None:
    assert loaded_by(module, AFTER_THE_FIRST_FRAME) == set()
