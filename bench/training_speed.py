"""How fast a run trains, against a loop written by hand: at least 0.95 is asked for.

The run is a real one: a worker with its log, its lock and its mailbox. The loop by hand has the samples as tensors,
indexes each batch out of a random permutation, and uses torch's fused optimizer. Both use the same number of threads
and take turns; updates a second leave out a run's evaluations, and the loop by hand has none.
"""

from __future__ import annotations

import statistics
import struct
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from tui_trainer.experiment.parse import parse
from tui_trainer.runs.events import ENDINGS
from tui_trainer.runs.store import Store
from tui_trainer.runs.view import read
from tui_trainer.runs.workers import Worker

REPEATS = 7
SAMPLES = {"digits": 1438, "mnist": 8000}
NETWORKS: dict[str, dict[str, Any]] = {
    "64-100x6-10, batch 32": {
        "data": {"kind": "digits"},
        "model": {"hidden": [100] * 6},
        "training": {"batch_size": 32, "epochs": 60, "evaluate_every": 10},
        "optimizer": {"kind": "sgd", "lr": 0.01},
    },
    "784-128-10, batch 64": {
        "data": {"kind": "mnist"},
        "model": {"hidden": [128]},
        "training": {"batch_size": 64, "epochs": 15, "evaluate_every": 5},
        "optimizer": {"kind": "sgd", "lr": 0.01},
    },
}


def main() -> None:
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory(prefix="tui-trainer-bench-") as folder:
        _write_images(Path(folder), round(SAMPLES["mnist"] / 0.8))
        for name, mapping in NETWORKS.items():
            if mapping["data"]["kind"] == "mnist":
                mapping["data"]["folder"] = folder
            speeds = [(_run(Path(folder), mapping), _by_hand(mapping)) for _ in range(REPEATS)]
            ratio = statistics.median(run / by_hand for run, by_hand in speeds)
            run, by_hand = (statistics.median(column) for column in zip(*speeds, strict=True))
            print(f"{name}: {ratio:.3f} of a loop by hand ({run:,.0f} and {by_hand:,.0f} updates/s; asked: 0.95)")


def _run(home: Path, mapping: dict[str, Any]) -> float:
    """Updates a second of a run in a worker of its own."""
    folder = Store(home).create(parse(mapping))
    with Worker() as worker:
        worker.run(folder)
        while (view := read(folder)).state not in ENDINGS:
            time.sleep(0.2)
    if view.state != "finished" or view.threads != 1 or not view.steps_per_second:
        raise SystemExit(f"the run {view.state}: {view.reason} ({view.threads} threads)")
    return view.steps_per_second


def _by_hand(mapping: dict[str, Any]) -> float:
    """Updates a second of the plainest loop that does not waste time."""
    samples, size = SAMPLES[mapping["data"]["kind"]], mapping["training"]["batch_size"]
    inputs = 64 if mapping["data"]["kind"] == "digits" else 784
    sizes = [inputs, *mapping["model"]["hidden"], 10]
    layers = [layer for pair in pairwise(sizes) for layer in (nn.Linear(*pair), nn.ReLU())][:-1]
    model = nn.Sequential(*layers)
    optimizer = torch.optim.SGD(model.parameters(), lr=mapping["optimizer"]["lr"], fused=True)
    x, y = torch.rand(samples, inputs), torch.randint(0, 10, (samples,))
    steps, began = 0, time.perf_counter()
    for _ in range(mapping["training"]["epochs"]):
        order = torch.randperm(samples)
        for start in range(0, samples, size):
            rows = order[start : start + size]
            optimizer.zero_grad()
            functional.cross_entropy(model(x[rows]), y[rows]).backward()
            optimizer.step()
            steps += 1
    return steps / (time.perf_counter() - began)


def _write_images(folder: Path, samples: int) -> None:
    """As many images of 28×28 as MNIST files hold, of noise: how fast a network learns does not matter here."""
    draw = np.random.default_rng(0)
    images, labels = draw.integers(0, 256, (samples, 28, 28), np.uint8), draw.integers(0, 10, samples, np.uint8)
    header = struct.pack(">4B3I", 0, 0, 8, 3, samples, 28, 28)
    (folder / "t10k-images-idx3-ubyte").write_bytes(header + images.tobytes())
    (folder / "t10k-labels-idx1-ubyte").write_bytes(struct.pack(">4BI", 0, 0, 8, 1, samples) + labels.tobytes())


if __name__ == "__main__":
    main()
