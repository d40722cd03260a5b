"""Where to train, and with how many threads."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path

import torch

THREAD_WORK = 0.25e9
"""Floating point operations of a step that are worth a thread: with less for each, threads wait for one another."""

MOST_THREADS = torch.get_num_threads()
"""What torch found at its start: the cores of this machine, or $OMP_NUM_THREADS."""


class DeviceError(Exception):
    """The device that an experiment asks for cannot be used; the message says why."""


@dataclass(frozen=True)
class Device:
    """Where a run trains."""

    torch: torch.device
    name: str  # what it is called by who made it
    warnings: tuple[str, ...] = ()

    def free_bytes(self) -> int | None:
        """Memory that is free on it; None if it does not say."""
        if self.torch.type == "cuda":
            gpu = next((gpu for gpu in _gpus() if gpu.index == self.torch.index), None)
            return gpu.free if gpu else None
        import psutil

        return int(psutil.virtual_memory().available)


@dataclass(frozen=True)
class Gpu:
    """A GPU that NVML sees."""

    index: int | None  # torch's index; None where CUDA_VISIBLE_DEVICES hides it
    name: str
    free: int  # bytes
    capability: tuple[int, int]


def choose(wanted: str) -> Device:
    """The device for an experiment's `device`: auto, cpu, cuda, cuda:0 …, mps.

    auto takes the usable GPU with most free memory, else the CPU, and warns where NVML sees a GPU that torch cannot
    use. Initializes no CUDA where NVML answers. Raises DeviceError.
    """
    if wanted == "cpu":
        return Device(torch.device("cpu"), _processor())
    if wanted == "mps":
        if not torch.backends.mps.is_available():
            raise DeviceError("mps is not available here (it needs macOS on Apple silicon)")
        return Device(torch.device("mps"), _processor())
    gpus, reason = _usable()
    if wanted == "auto":
        return _automatic(gpus, reason)
    if reason:
        raise DeviceError(f"{wanted} cannot be used: {reason}")
    count = torch.cuda.device_count()
    _, _, number = wanted.partition(":")
    if number and int(number) >= count:
        there = "cuda:0" if count == 1 else f"cuda:0 … cuda:{count - 1}"
        raise DeviceError(f"there is no {wanted}; this machine has {there}")
    index = int(number) if number else _roomiest(gpus)
    return Device(torch.device("cuda", index), _gpu_name(index, gpus))


def open_devices() -> dict[str, int]:
    """The devices on which `auto` may come to train, each with its free bytes (0: it does not say)."""
    gpus, reason = _usable()
    if reason or not gpus:
        device = choose("auto")
        return {str(device.torch): device.free_bytes() or 0}
    return {f"cuda:{gpu.index}": gpu.free for gpu in gpus if gpu.index is not None}


def _automatic(gpus: list[Gpu], reason: str) -> Device:
    if not reason:
        index = _roomiest(gpus)
        return Device(torch.device("cuda", index), _gpu_name(index, gpus))
    if torch.backends.mps.is_available():
        return Device(torch.device("mps"), _processor())
    names = ", ".join(dict.fromkeys(gpu.name for gpu in gpus))
    warnings = (f"TRAINING ON THE CPU although there is a GPU ({names}): {reason}",) if gpus else ()
    return Device(torch.device("cpu"), _processor(), warnings)


def _usable() -> tuple[list[Gpu], str]:
    """The GPUs that NVML sees, and why torch can use none; the reason is empty if it can."""
    gpus = _gpus()
    if torch.version.cuda is None:
        return gpus, f"this PyTorch ({torch.__version__}) is built without CUDA; install one that is built with it"
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if not torch.cuda.is_available():
        if gpus and all(gpu.index is None for gpu in gpus):
            return gpus, f"CUDA_VISIBLE_DEVICES={visible!r} hides it"
        return gpus, _cuda_says() if gpus else "PyTorch finds no CUDA device"
    seen = [gpu for gpu in gpus if gpu.index is not None]
    fit = [gpu for gpu in seen if _supported(gpu.capability)]
    if seen and not fit:
        major, minor = seen[0].capability
        return gpus, (
            f"this PyTorch ({torch.__version__}) has no kernels for its compute capability {major}.{minor}, "
            f"only for {', '.join(torch.cuda.get_arch_list())}"
        )
    return fit, ""


def _cuda_says() -> str:
    try:
        torch.cuda.init()
    except (RuntimeError, AssertionError) as error:
        return str(error).splitlines()[0]
    return "PyTorch finds no CUDA device"


def _supported(capability: tuple[int, int]) -> bool:
    """Whether torch's kernels run on a GPU of this capability: compiled for its generation, or as PTX."""
    major, minor = capability
    for architecture in torch.cuda.get_arch_list():
        kind, _, digits = architecture.rstrip("af").partition("_")
        has = int(digits[:-1]), int(digits[-1])
        if (kind == "sm" and has[0] == major and has[1] <= minor) or (kind == "compute" and has <= (major, minor)):
            return True
    return False


def _roomiest(gpus: list[Gpu]) -> int:
    fit = [gpu for gpu in gpus if gpu.index is not None]
    return max(fit, key=lambda gpu: gpu.free).index or 0 if fit else 0


def _gpu_name(index: int, gpus: list[Gpu]) -> str:
    return next((gpu.name for gpu in gpus if gpu.index == index), "") or torch.cuda.get_device_name(index)


def _gpus() -> list[Gpu]:
    """The GPUs that NVML sees; none where there is no driver."""
    import pynvml

    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:
        return []
    try:
        return [
            _gpu(pynvml.nvmlDeviceGetHandleByIndex(number), number) for number in range(pynvml.nvmlDeviceGetCount())
        ]
    except pynvml.NVMLError:
        return []
    finally:
        pynvml.nvmlShutdown()


def _gpu(handle: object, number: int) -> Gpu:
    import pynvml

    major, minor = pynvml.nvmlDeviceGetCudaComputeCapability(handle)
    return Gpu(
        index=_torch_index(number, str(pynvml.nvmlDeviceGetUUID(handle))),
        name=str(pynvml.nvmlDeviceGetName(handle)),
        free=int(pynvml.nvmlDeviceGetMemoryInfo(handle).free),
        capability=(int(major), int(minor)),
    )


def _torch_index(number: int, uuid: str) -> int | None:
    """torch's index of NVML's GPU `number`: CUDA_VISIBLE_DEVICES lists numbers or UUIDs, cut at the first it lacks.

    The worker sets CUDA_DEVICE_ORDER=PCI_BUS_ID, so that both count alike.
    """
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is None:
        return number
    for index, entry in enumerate(part.strip() for part in visible.split(",")):
        if entry == str(number) or (len(entry) > 4 and uuid.startswith(entry)):
            return index
        if not entry or entry.startswith("-"):
            break
    return None


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def thread_count(device: torch.device, weights: int, batch_size: int) -> int:
    """Threads for a step, by a fixed rule on its work: counts that are timed would give different last bits.

    `weights` is how many weights take part in a sample's pass; forward and backward take six operations for each.
    """
    if device.type != "cpu":
        return 1
    return max(1, min(MOST_THREADS, int(6 * weights * batch_size / THREAD_WORK)))
