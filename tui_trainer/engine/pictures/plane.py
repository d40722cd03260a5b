"""The plane of two features: which class, or which number, is predicted where."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tui_trainer.choices.tasks import Classification, Regression
from tui_trainer.engine.pictures.numbers import Target
from tui_trainer.engine.pictures.subject import Subject, few, finite, spread

GRID = 96
MARGIN = 0.06
"""Cells of the plane along each axis; the part of the data's extent by which it goes beyond the data."""

POINTS = 300


class PlaneDrawer:
    """Draws the plane, whose cells and points stay for a run."""

    def __init__(self) -> None:
        self._plane: _Plane | None = None

    def draw(self, subject: Subject) -> dict[str, Any]:
        if subject.preprocessing.shape != (2,) or subject.preprocessing.vocabulary:
            return {}
        if isinstance(subject.task, Classification):
            return {"boundary": self._boundary(subject, subject.task)}
        if isinstance(subject.task, Regression) and subject.validation.y.ndim == 1:
            return {"surface": self._surface(subject)}
        return {}

    def _boundary(self, subject: Subject, task: Classification) -> dict[str, Any]:
        plane = self._plane = self._plane or _Plane(subject)
        confidence, classes = task.probabilities(subject.outputs(plane.cells)).max(dim=1)

        def drawn(points: _Points, y: Tensor, scores: Tensor) -> dict[str, Any]:
            predicted = task.probabilities(scores).argmax(dim=1)
            return {
                **points.places,
                "true": y[points.chosen].tolist(),
                "predicted": predicted[points.chosen].tolist(),
                "samples": len(y),
                "right": int((predicted == y).sum()),
            }

        return {
            **plane.axes,
            "classes": classes.tolist(),
            "confidence": (100 * confidence).round().int().clamp(0, 100).tolist(),
            "train": drawn(plane.train, subject.train.y, subject.scores_of(subject.train)),
            "validation": drawn(plane.validation, subject.validation.y, subject.scores),
        }

    def _surface(self, subject: Subject) -> dict[str, Any]:
        plane = self._plane = self._plane or _Plane(subject)
        target = Target(subject.preprocessing)
        parts = {"train": (plane.train, subject.train.y), "validation": (plane.validation, subject.validation.y)}
        targets = {name: target.of(y[points.chosen]) for name, (points, y) in parts.items()}
        together = np.concatenate(list(targets.values()))
        low, high = float(together.min()), float(together.max())
        middle = 0.0 if low < 0 < high else (low + high) / 2
        reach = max(high - middle, middle - low) or 1.0

        def signed(values: NDArray[np.float64]) -> list[int]:
            return [int(each) for each in np.clip(np.rint((values - middle) / reach * 100), -100, 100)]

        return {
            **plane.axes,
            "target": subject.target,
            "middle": few(middle),
            "reach": few(reach),
            "values": signed(target.of(finite(subject.outputs(plane.cells)).squeeze(1))),
            **{name: {**points.places, "targets": signed(targets[name])} for name, (points, _) in parts.items()},
        }


class _Plane:
    """The plane's cells, scaled, and the samples that are drawn over it."""

    def __init__(self, subject: Subject) -> None:
        preprocessing = subject.preprocessing
        raw = [preprocessing.undo(part.x.cpu().numpy()) for part in (subject.train, subject.validation)]
        self.train, self.validation = (_Points(each, subject.device) for each in raw)
        together = np.concatenate(raw)
        x, y = (extent(together[:, axis]) for axis in (0, 1))
        self.axes = {"columns": GRID, "rows": GRID, "x": x, "y": y}
        across, up = ((np.arange(GRID) + 0.5) / GRID * (high - low) + low for low, high in (x, y))
        columns, lines = np.meshgrid(across, up[::-1])
        cells = np.stack([columns.ravel(), lines.ravel()], axis=1).astype(np.float32)
        self.cells = torch.from_numpy(preprocessing.apply(cells)).to(subject.device)


class _Points:
    """Those samples of one part that are drawn."""

    def __init__(self, raw: NDArray[np.float32], device: torch.device) -> None:
        self.chosen = spread(len(raw), POINTS).to(device)
        points = raw[self.chosen.cpu().numpy()].tolist()
        self.places = {name: [few(point[axis]) for point in points] for axis, name in enumerate("xy")}


def extent(values: NDArray[np.float32]) -> tuple[float, float]:
    """The ends of an axis that goes a little beyond the values."""
    low, high = float(values.min()), float(values.max())
    margin = MARGIN * (high - low) or 1.0
    return few(low - margin), few(high + margin)
