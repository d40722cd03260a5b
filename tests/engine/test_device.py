"""Which device is chosen, and what is said where none can be."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import torch

from tui_trainer.engine import device
from tui_trainer.engine.device import DeviceError, Gpu, choose, thread_count

BIG, SMALL = (8, 0), (5, 2)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> object:
    """Makes torch and NVML see the GPUs of another machine."""

    def make(gpus: Sequence[Gpu], *, built: bool = True, available: bool = True, says: str = "") -> None:
        visible = [gpu for gpu in gpus if gpu.index is not None]
        monkeypatch.setattr(device, "_gpus", lambda: list(gpus))
        monkeypatch.setattr(torch.version, "cuda", "12.8" if built else None)
        monkeypatch.setattr(torch.cuda, "is_available", lambda: built and available)
        monkeypatch.setattr(torch.cuda, "device_count", lambda: len(visible))
        monkeypatch.setattr(torch.cuda, "get_arch_list", lambda: ["sm_80", "sm_90", "compute_90"])

        def init() -> None:
            raise RuntimeError(says)

        monkeypatch.setattr(torch.cuda, "init", init)

    return make


def gpu(index: int | None, free: int, capability: tuple[int, int] = BIG) -> Gpu:
    return Gpu(index, f"GPU {index}", free, capability)


def test_auto_takes_the_gpu_with_most_free_memory(machine) -> None:  # type: ignore[no-untyped-def]
    machine([gpu(0, 5), gpu(1, 9), gpu(2, 7)])
    chosen = choose("auto")
    assert (str(chosen.torch), chosen.name, chosen.warnings) == ("cuda:1", "GPU 1", ())
    assert chosen.free_bytes() == 9
    assert str(choose("cuda").torch) == "cuda:1"
    assert str(choose("cuda:2").torch) == "cuda:2"


def test_a_gpu_that_torch_has_no_kernels_for_is_passed_over(machine) -> None:  # type: ignore[no-untyped-def]
    machine([gpu(0, 9, SMALL), gpu(1, 5)])
    assert str(choose("auto").torch) == "cuda:1"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"gpus": [gpu(0, 9)], "built": False}, "is built without CUDA"),
        ({"gpus": [gpu(None, 9)], "available": False}, "CUDA_VISIBLE_DEVICES='' hides it"),
        ({"gpus": [gpu(0, 9)], "available": False, "says": "The NVIDIA driver is too old"}, "driver is too old"),
        ({"gpus": [gpu(0, 9, SMALL)]}, "has no kernels for its compute capability 5.2, only for sm_80, sm_90"),
    ],
)
def test_a_gpu_that_torch_cannot_use_is_said_loudly(machine, arguments, words: str, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    machine(**arguments)
    chosen = choose("auto")
    assert str(chosen.torch) == "cpu"
    (warning,) = chosen.warnings
    assert warning.startswith("TRAINING ON THE CPU although there is a GPU")
    assert words in warning
    with pytest.raises(DeviceError, match="cuda:0 cannot be used"):
        choose("cuda:0")


def test_without_a_gpu_auto_takes_the_cpu_in_silence(machine) -> None:  # type: ignore[no-untyped-def]
    machine([], built=False)
    chosen = choose("auto")
    assert (str(chosen.torch), chosen.warnings) == ("cpu", ())
    assert chosen.name
    assert (chosen.free_bytes() or 0) > 0


def test_a_gpu_that_is_not_there(machine) -> None:  # type: ignore[no-untyped-def]
    machine([gpu(0, 5), gpu(1, 9)])
    with pytest.raises(DeviceError, match=r"there is no cuda:5; this machine has cuda:0 … cuda:1"):
        choose("cuda:5")
    machine([], available=False)
    with pytest.raises(DeviceError, match="cuda cannot be used: PyTorch finds no CUDA device"):
        choose("cuda")


@pytest.mark.skipif(torch.backends.mps.is_available(), reason="has mps")
def test_mps_elsewhere() -> None:
    with pytest.raises(DeviceError, match="mps is not available"):
        choose("mps")


@pytest.mark.parametrize(
    ("visible", "number", "index"),
    [
        (None, 1, 1),
        ("1,0", 0, 1),
        ("1,0", 2, None),
        ("GPU-abc", 3, 0),
        ("", 0, None),
        ("-1", 0, None),
        ("0,-1,1", 1, None),
        ("0, 1", 1, 1),
    ],
)
def test_the_numbers_of_visible_gpus(visible: str | None, number: int, index: int | None, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    if visible is None:
        monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    else:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert device._torch_index(number, "GPU-abcdef" if number == 3 else "GPU-123456") == index


@pytest.mark.parametrize(
    ("capability", "supported"), [((8, 0), True), ((8, 6), True), ((9, 0), True), ((12, 0), True), ((7, 5), False)]
)
def test_kernels_run_on_their_generation_and_ptx_on_later_ones(machine, capability, supported) -> None:  # type: ignore[no-untyped-def]
    machine([])
    assert device._supported(capability) is supported


def test_threads_follow_the_work_of_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "MOST_THREADS", 4)
    cpu = torch.device("cpu")
    assert [thread_count(cpu, weights, 64) for weights in (1000, 100_000, 2_000_000, 10**9)] == [1, 1, 3, 4]
    assert thread_count(torch.device("cuda", 0), 10**9, 64) == 1
