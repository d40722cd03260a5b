from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from tests.findings.training import Trained
from tui_trainer.runs.store import Store


@pytest.fixture(scope="package", autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before[0])
    torch.use_deterministic_algorithms(before[1])


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    return Trained(Store(tmp_path_factory.mktemp("findings")))
