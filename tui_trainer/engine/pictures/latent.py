"""Where samples come to lie in the bottleneck of an autoencoder."""

from __future__ import annotations

from typing import Any, cast

import torch
from torch import Tensor

from tui_trainer.choices.tasks import Reconstruction
from tui_trainer.engine.evaluate import CHUNK_ROWS
from tui_trainer.engine.pictures.subject import Subject, few, finite, rows, spread

POINTS = 1000


class LatentDrawer:
    """Draws the bottleneck by two numbers a sample. Principal components keep their direction from one to the next."""

    def __init__(self) -> None:
        self._axes: Tensor | None = None

    def draw(self, subject: Subject) -> dict[str, Any]:
        if not isinstance(subject.task, Reconstruction):
            return {}
        chosen = spread(len(subject.validation), POINTS)
        x = rows(subject.validation, chosen)
        found = codes(subject, x)
        if found is None:
            return {}
        code = finite(found).float().cpu()
        size, kept = code.shape[1], list[float]()
        if size == 1:
            errors = subject.task.losses(subject.outputs(x), x).float().cpu()
            code = torch.stack([code[:, 0], errors], dim=1)
        elif size > 2:
            code, kept = self._components(code)
        across, up = code.T.tolist()
        labels = subject.validation.labels
        return {
            "latent": {
                "x": [few(value) for value in across],
                "y": [few(value) for value in up],
                "classes": labels[chosen.to(labels.device)].tolist()
                if labels is not None and self._has(subject)
                else [],
                "bottleneck": size,
                "samples": len(subject.validation),
                "kept": [few(share) for share in kept],
            }
        }

    def _has(self, subject: Subject) -> bool:
        return bool(subject.preprocessing.classes)

    def _components(self, code: Tensor) -> tuple[Tensor, list[float]]:
        """The first two principal components of codes (samples, size), and the share of the variance of each."""
        centred = (code - code.mean(dim=0)).double()
        variances, axes = torch.linalg.eigh(centred.T @ centred / max(1, len(code) - 1))
        two = axes[:, [-1, -2]]
        if self._axes is not None:
            two = two * torch.where((two * self._axes).sum(dim=0) < 0, -1.0, 1.0)
        self._axes = two
        total = float(variances.sum()) or 1.0
        return (centred @ two).float(), [max(0.0, float(variances[at])) / total for at in (-1, -2)]


def codes(subject: Subject, x: Tensor) -> Tensor | None:
    """What the network squeezes inputs into (samples, bottleneck); None if it does not say."""
    encode = getattr(subject.model, "encode", None)
    if encode is None:
        return None
    made = []
    for some in x.split(CHUNK_ROWS):
        subject.look_up()
        made.append(cast(Tensor, encode(some)).flatten(1))
    return torch.cat(made)
