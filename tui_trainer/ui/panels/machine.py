"""What the machine is doing: processor and memory, and the GPUs' where there are any."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from textual.message import Message

from tui_trainer.plots.spec import Row
from tui_trainer.ui.figures import gigabytes
from tui_trainer.ui.widgets.rows import Rows

INTERVAL = 1.0
"""Seconds between two looks at the machine."""


class MachineLine(Rows):
    """One line. A daemon thread looks at the machine, so that a driver that hangs never holds up the screen."""

    DEFAULT_CSS = "MachineLine { height: 1; }"

    class Seen(Message):
        """What a look at the machine found."""

        def __init__(self, row: Row) -> None:
            super().__init__()
            self.row = row

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._row: Row = []
        self._stop = threading.Event()

    def rows(self, width: int, height: int) -> Sequence[Row]:
        return [self._row]

    def on_mount(self) -> None:
        thread = threading.Thread(target=self._poll, name="machine", daemon=True)
        self.call_after_refresh(thread.start)

    def on_unmount(self) -> None:
        self._stop.set()

    def on_machine_line_seen(self, message: Seen) -> None:
        message.stop()
        self._row = message.row
        self.update()

    def _poll(self) -> None:
        machine = Machine()
        seen: Row = []
        with suppress(RuntimeError):  # the dashboard is gone
            while not self._stop.is_set():
                row = machine.look()
                if row != seen:
                    seen = row
                    self.post_message(self.Seen(row))
                self._stop.wait(INTERVAL)


class Machine:
    """Reads the machine's figures, rounded so that they stand still while nothing happens.

    Used by one thread, off the event loop: it imports and asks libraries that take their time.
    """

    def __init__(self) -> None:
        import psutil

        self._psutil = psutil
        self._gpus = list(_gpus())
        self._total = psutil.virtual_memory().total
        psutil.cpu_percent()  # says how busy it was since the last call

    def look(self) -> Row:
        """The figures now; those that cannot be had are left out."""
        row = [*_span("cpu", f"{_fives(self._psutil.cpu_percent()):3d} %")]
        row += _memory(self._psutil.virtual_memory().used, self._total)
        for number, gpu in enumerate(self._gpus):
            row += _span(f"gpu {number}" if len(self._gpus) > 1 else "gpu", "")
            row += gpu()
        return row


def _gpus() -> Iterator[Callable[[], Row]]:
    """For each GPU that NVML knows a function that reads its figures; none where there is no driver."""
    with suppress(Exception):
        import pynvml

        pynvml.nvmlInit()
        for index in range(pynvml.nvmlDeviceGetCount()):
            handle = pynvml.nvmlDeviceGetHandleByIndex(index)
            yield partial(_gpu, pynvml, handle)


def _gpu(nvml: Any, handle: Any) -> Row:
    """Use, memory, power, temperature. Not every GPU tells all of them."""
    row: Row = []
    with suppress(nvml.NVMLError):
        row.append((f"{_fives(nvml.nvmlDeviceGetUtilizationRates(handle).gpu):3d} %  ", ""))
    with suppress(nvml.NVMLError):
        memory = nvml.nvmlDeviceGetMemoryInfo(handle)
        row += _memory(memory.used, memory.total)
    with suppress(nvml.NVMLError):
        row.append((f"{_fives(nvml.nvmlDeviceGetPowerUsage(handle) / 1000):3d} W  ", ""))
    with suppress(nvml.NVMLError):
        row.append((f"{nvml.nvmlDeviceGetTemperature(handle, nvml.NVML_TEMPERATURE_GPU):2d} °C  ", ""))
    return row


def _memory(used: float, total: float) -> Row:
    of = f"{gigabytes(total)} GB"
    return _span("memory", f"{gigabytes(used).rjust(len(of) - 3)} of {of}")


def _span(name: str, figure: str) -> Row:
    return [(f"{name} ", "label"), *([(f"{figure}  ", "")] if figure else [])]


def _fives(value: float) -> int:
    """To the nearest 5: what is finer comes and goes with each look."""
    return 5 * round(value / 5)
