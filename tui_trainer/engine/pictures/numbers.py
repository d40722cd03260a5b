"""Numbers that are predicted: beside their targets, over a single feature, and as the continuation of a sequence."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tui_trainer.choices.tasks import Regression
from tui_trainer.engine.pictures.reading import STEPS
from tui_trainer.engine.pictures.subject import Subject, few, rows, spread
from tui_trainer.engine.prepare import Part
from tui_trainer.engine.scaling import Preprocessing

FITTED = 500
CURVE = 200
FORECASTS = 6
"""At most so many predictions of each part, steps of a fitted curve, and forecasts."""

MARGIN = 0.06
"""The part of the data's extent by which the curve goes beyond the data."""


class Target:
    """Numbers that are predicted, in the data's own unit."""

    def __init__(self, preprocessing: Preprocessing) -> None:
        self._offset = preprocessing.target.get("offset", 0.0)
        self._scale = preprocessing.target.get("scale", 1.0)

    def of(self, scaled: Tensor) -> NDArray[np.float64]:
        return scaled.cpu().double().numpy() * self._scale + self._offset


class NumbersDrawer:
    """Predictions beside their targets, and with a single feature the function that was learned."""

    def draw(self, subject: Subject) -> dict[str, Any]:
        if not isinstance(subject.task, Regression):
            return {}
        target = Target(subject.preprocessing)
        scores, y = subject.task.shaped(subject.scores, subject.validation.y)
        targets, predicted = target.of(y), target.of(scores)
        residuals = targets - predicted
        variance = float(np.square(targets - targets.mean()).mean())
        return {
            "predictions": {
                "target": subject.target,
                "train": _fit(subject, subject.train, target),
                "validation": _fit(subject, subject.validation, target),
                "r2": few(1 - float(np.square(residuals).mean()) / variance) if variance > 0 else None,
                "residual_mean": few(float(residuals.mean())),
                "residual_deviation": few(float(residuals.std())),
                **(_curve(subject, target) if _is_curve(subject) else {}),
            }
        }


def _is_curve(subject: Subject) -> bool:
    """Whether a single number follows from a single one."""
    return subject.preprocessing.shape == (1,) and subject.validation.y.ndim == 1


def _fit(subject: Subject, part: Part, target: Target) -> dict[str, Any]:
    chosen = spread(len(part), max(1, FITTED // (part.y.shape[1] if part.y.ndim == 2 else 1)))
    x = rows(part, chosen)
    scores, y = subject.task.shaped(subject.model(x), part.y[chosen.to(part.y.device)])
    raw = subject.preprocessing.undo(x.cpu().numpy())
    return {
        "inputs": [few(value) for value in raw[:, 0].tolist()] if _is_curve(subject) else [],
        "targets": [few(value) for value in target.of(y).ravel().tolist()][:FITTED],
        "predicted": [few(value) for value in target.of(scores).ravel().tolist()][:FITTED],
    }


def _curve(subject: Subject, target: Target) -> dict[str, Any]:
    """The function that was learned, a little beyond the data."""
    parts = (subject.train, subject.validation)
    seen = subject.preprocessing.undo(np.concatenate([part.x.cpu().numpy() for part in parts]))
    low, high = float(seen.min()), float(seen.max())
    margin = MARGIN * (high - low) or 1.0
    raw = np.linspace(low - margin, high + margin, CURVE, dtype=np.float32)[:, None]
    x = torch.from_numpy(subject.preprocessing.apply(raw.copy())).to(subject.device)
    y = target.of(subject.model(x).squeeze(1))
    return {"curve_x": [few(value) for value in raw[:, 0].tolist()], "curve_y": [few(each) for each in y.tolist()]}


class ForecastsDrawer:
    """How sequences go on, if they are of what is predicted, or if several numbers are."""

    def draw(self, subject: Subject) -> dict[str, Any]:
        shape, y = subject.preprocessing.shape, subject.validation.y
        if not isinstance(subject.task, Regression) or len(shape) != 2:
            return {}
        shown = self._of_target(subject)
        if shown is None and y.ndim == 1:
            return {}
        chosen = spread(len(subject.validation), FORECASTS)
        x = rows(subject.validation, chosen)
        scores, targets = subject.task.shaped(subject.model(x), y[chosen.to(y.device)])
        target = Target(subject.preprocessing)
        said, right = (target.of(each).reshape(len(chosen), -1) for each in (scores, targets))
        raw = subject.preprocessing.undo(x.cpu().numpy())
        history = raw[:, -STEPS:, shown] if shown is not None else raw[:, :0, 0]
        samples = [
            {
                "history": [few(value) for value in before.tolist()],
                "target": [few(value) for value in after.tolist()][:STEPS],
                "predicted": [few(value) for value in answer.tolist()][:STEPS],
                "error": few(float(np.abs(after - answer).mean())),
            }
            for before, after, answer in zip(history, right, said, strict=True)
        ]
        features = subject.preprocessing.features
        name = features[shown] if shown is not None and shown < len(features) else subject.target
        return {"forecasts": {"target": subject.target, "history": name, "samples": samples}}

    def _of_target(self, subject: Subject) -> int | None:
        """Which of the features is what is predicted, at earlier steps; None if none is."""
        if subject.target in subject.preprocessing.features:
            return subject.preprocessing.features.index(subject.target)
        return 0 if subject.preprocessing.shape[1] == 1 else None
