"""The machine line, with and without GPUs."""

from __future__ import annotations

import sys
import threading
from types import SimpleNamespace
from typing import Any

import pytest

from tests.ui.views import Stage, until
from tui_trainer.plots.spec import Row
from tui_trainer.ui.panels import machine
from tui_trainer.ui.panels.machine import Machine, MachineLine


class NvmlError(Exception):
    pass


def nvml(**changes: Any) -> SimpleNamespace:
    """A make-believe pynvml with two GPUs."""
    known: dict[str, Any] = {
        "NVMLError": NvmlError,
        "NVML_TEMPERATURE_GPU": 0,
        "nvmlInit": lambda: None,
        "nvmlDeviceGetCount": lambda: 2,
        "nvmlDeviceGetHandleByIndex": lambda index: index,
        "nvmlDeviceGetUtilizationRates": lambda gpu: SimpleNamespace(gpu=43 + 50 * gpu),
        "nvmlDeviceGetMemoryInfo": lambda gpu: SimpleNamespace(used=12.1e9, total=80e9),
        "nvmlDeviceGetPowerUsage": lambda gpu: 211_400,
        "nvmlDeviceGetTemperature": lambda gpu, sensor: 54,
    }
    return SimpleNamespace(**{**known, **changes})


def refuse(*arguments: object) -> None:
    raise NvmlError


def text(row: Row) -> str:
    return "".join(part for part, _ in row)


def test_processor_and_memory_are_told_with_units(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", nvml(nvmlInit=refuse))
    words = text(Machine().look()).split()
    assert words[0] == "cpu"
    assert int(words[1]) % 5 == 0
    assert words[2:4] == ["%", "memory"]
    assert words[5] == "of"
    assert words[7:] == ["GB"]


def test_gpus_are_told_where_a_driver_knows_some(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", nvml())
    said = text(Machine().look())
    assert "gpu 0  45 %  memory 12.1 of 80.0 GB  210 W  54 °C" in said
    assert "gpu 1  95 %" in said


def test_what_a_gpu_does_not_tell_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", nvml(nvmlDeviceGetCount=lambda: 1, nvmlDeviceGetPowerUsage=refuse))
    said = text(Machine().look())
    assert "gpu  45 %" in said
    assert " W" not in said
    assert "54 °C" in said


def test_without_a_driver_nothing_is_said_about_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", None)  # an import error
    assert "gpu" not in text(Machine().look())


async def test_the_line_is_filled_by_a_daemon_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[threading.Thread] = []

    class Slow:
        def look(self) -> Row:
            looks.append(threading.current_thread())
            return [("cpu ", "label"), (f"{len(looks)} %", "")]

    monkeypatch.setattr(machine, "Machine", Slow)
    monkeypatch.setattr(machine, "INTERVAL", 0.01)
    line = MachineLine()
    async with Stage(line).run_test(size=(80, 3)):
        await until(lambda: len(looks) > 2 and line.text().startswith("cpu"))
        assert looks[0].daemon
        assert looks[0] is not threading.main_thread()
    await until(lambda: not looks[0].is_alive())
