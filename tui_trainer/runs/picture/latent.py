"""The picture of a bottleneck: where samples come to lie in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tui_trainer.runs.parsing import finite, whole
from tui_trainer.runs.picture.checks import indices, list_of, numbers


@dataclass(frozen=True)
class Latent:
    """Samples of the validation part by two numbers each.

    These are the two numbers of the bottleneck itself; of a larger one its first two principal components, which hold
    `kept` of its variance; of a single one, that number and the error of the reconstruction.
    """

    x: tuple[float, ...]
    y: tuple[float, ...]
    classes: tuple[int, ...]  # of each sample; empty where there are none
    bottleneck: int
    samples: int  # of which these are some
    kept: tuple[float, ...] = ()  # of a larger bottleneck: the share of each of the two components


def read_latent(said: Mapping[str, Any], classes: int) -> Latent:
    x = numbers(said["x"])
    found = list_of(said["classes"])
    return Latent(
        x,
        numbers(said["y"], len(x)),
        indices(found, classes, len(x)) if found else (),
        whole(said["bottleneck"]),
        whole(said["samples"]),
        tuple(finite(share) for share in list_of(said.get("kept", []))[:2]),
    )
