"""What all tests share: a home folder of their own, one torch thread, the MNIST files where they are."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

# Parallel test processes share few cores: one thread each, in the workers that they start too.
os.environ["OMP_NUM_THREADS"] = "1"


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh $TUI_TRAINER_HOME, so that no test sees the user's runs or another test's."""
    # Not by mktemp, which looks through the folders of all tests before for a free number.
    folder = Path(tempfile.mkdtemp(prefix="home", dir=tmp_path_factory.getbasetemp()))
    monkeypatch.setenv("TUI_TRAINER_HOME", str(folder))
    return folder


@pytest.fixture(scope="session", autouse=True)
def no_waiting_for_the_disk() -> Iterator[None]:
    """No test cuts the power: what a process that was killed leaves behind is the same without this wait."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda descriptor: None)
        yield


@pytest.fixture(scope="session")
def mnist() -> Path:
    """The folder of the MNIST files; skips the test where there is none."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data" / "mnist"
    folder = Path(os.environ.get("TUI_TRAINER_TEST_MNIST", beside))
    if not list(folder.glob("*-images-idx3-ubyte*")):
        pytest.skip("no MNIST files (set TUI_TRAINER_TEST_MNIST to their folder)")
    return folder
