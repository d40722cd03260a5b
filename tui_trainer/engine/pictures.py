"""What the network sees, drawn for people: while somebody looks, and when a run pauses or ends."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from tui_trainer.engine.ending import Ended
from tui_trainer.engine.evaluate import CHUNK_ROWS, MOST_TRAIN_ROWS, Evaluation
from tui_trainer.engine.prepare import Part
from tui_trainer.engine.scaling import Preprocessing
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.picture import is_looked_at, write_picture

if TYPE_CHECKING:
    from tui_trainer.engine.loop import Trainer

SECONDS = 1.0
REST = 10
"""Between two pictures lie at least so many seconds, and so many times what the last one took."""

GRID = 96
MARGIN = 0.06
"""Cells of the plane along each axis; the part of the data's extent by which it goes beyond the data."""

POINTS = 300
FITTED = 500
CURVE = 200
CLASSES = 30
WORST = 12
TOP = 3
VALUES = 30
PIXELS = 56
"""At most so many points of each part, predictions, steps of a fitted curve, classes, mistakes, probabilities of a
mistake, features of a row, and pixels along each side of an image: a picture has about 100 KB."""

GREY_ROWS = 1000

Look = Callable[[], None]


class Pictures:
    """Draws the pictures of one run. Whatever goes wrong with one costs the picture, never the run."""

    def __init__(self, folder: RunFolder, preprocessing: Preprocessing, target: str) -> None:
        self._folder = folder
        self._preprocessing = preprocessing
        self._target = target  # what is predicted, by name
        self._next = 0.0
        self._plane: _Plane | None = None
        self._greys: tuple[float, float] | None = None

    def take_if_looked_at(self, trainer: Trainer) -> None:
        """A picture, if somebody looks and the last one is old enough. Raises Ended if training must end at once."""
        if time.monotonic() >= self._next and is_looked_at(self._folder):
            self.take(trainer, trainer.look_up)

    def take(self, trainer: Trainer, look_up: Look, of: Evaluation | None = None) -> None:
        """A picture of the present weights, which are those of an earlier evaluation if that is given.

        `look_up` is called now and then, and may raise Ended.
        """
        began = time.monotonic()
        model = trainer.network.model
        try:
            model.eval()
            with trainer.clock.stopped(), torch.inference_mode():
                content = self._content(trainer, look_up)
            if content:
                place = {"step": of.step, "epoch": of.epoch} if of else trainer.place()
                write_picture(self._folder, {**place, **content})
        except Ended:
            raise
        except Exception:
            traceback.print_exc()
        finally:
            model.train()
            now = time.monotonic()
            self._next = now + max(SECONDS, REST * (now - began))

    def _content(self, trainer: Trainer, look_up: Look) -> dict[str, Any]:
        """All but the place; empty if the network's output is not finite."""
        said = {"classes": list(self._preprocessing.classes), "features": list(self._preprocessing.features[:VALUES])}
        scores = _scores(trainer.network.model, trainer.validation_part.x, look_up)
        if not scores.isfinite().all():
            return {}
        if not self._preprocessing.classes:
            return {**said, "predictions": self._predictions(trainer, scores)}
        return {**said, **self._of_classes(trainer, scores, look_up)}

    def _of_classes(self, trainer: Trainer, scores: Tensor, look_up: Look) -> dict[str, Any]:
        part = trainer.validation_part
        said = {"confusion": _confusion(scores, part.y), "mistakes": self._mistakes(scores, part)}
        if self._preprocessing.shape != (2,):
            return said
        return {**said, "boundary": self._boundary(trainer.network.model, trainer.train_part, part, scores, look_up)}

    # The plane of two features

    def _boundary(
        self, model: nn.Module, train: Part, validation: Part, scores: Tensor, look_up: Look
    ) -> dict[str, Any]:
        train = train.first(MOST_TRAIN_ROWS)
        plane = self._plane = self._plane or _Plane(self._preprocessing, train, validation)
        confidence, classes = functional.softmax(_scores(model, plane.cells, look_up), dim=1).max(dim=1)
        return {
            "columns": GRID,
            "rows": GRID,
            "x": plane.x,
            "y": plane.y,
            "classes": classes.tolist(),
            "confidence": (100 * confidence).round().int().clamp(0, 100).tolist(),
            "train": plane.train.drawn(_scores(model, train.x, look_up).argmax(dim=1)),
            "validation": plane.validation.drawn(scores.argmax(dim=1)),
        }

    # Mistakes

    def _mistakes(self, scores: Tensor, part: Part) -> dict[str, Any]:
        losses = functional.cross_entropy(scores, part.y, reduction="none")
        wrong = scores.argmax(dim=1) != part.y
        rows = losses.where(wrong, -1.0).topk(min(WORST, int(wrong.sum()))).indices
        inputs = self._inputs(part.x[rows], part)
        shares = functional.softmax(scores[rows], dim=1)
        worst = [
            {
                "true": true,
                "predicted": int(share.argmax()),
                "loss": _few(loss),
                "top": _likeliest(share, true),
                **shown,
            }
            for true, loss, share, shown in zip(
                part.y[rows].tolist(), losses[rows].tolist(), shares, inputs, strict=True
            )
        ]
        return {"wrong": int(wrong.sum()), "samples": len(part), "worst": worst}

    def _inputs(self, x: Tensor, part: Part) -> list[dict[str, Any]]:
        """The inputs of samples as a person reads them: an image in greys, or the values of a row."""
        raw = self._preprocessing.undo(x.cpu().numpy())
        if len(self._preprocessing.shape) != 3:
            return [
                {"values": [_few(value) for value in row]}
                for row in raw.reshape(len(raw), raw[:1].size)[:, :VALUES].tolist()
            ]
        if self._greys is None:
            some = self._preprocessing.undo(part.x[:GREY_ROWS].cpu().numpy()).mean(axis=1)
            self._greys = float(some.min()), float(some.max())
        low, high = self._greys
        images = torch.from_numpy(raw).mean(dim=1, keepdim=True)
        height, width = (min(PIXELS, size) for size in images.shape[2:])
        small = functional.adaptive_avg_pool2d(images, (height, width)).flatten(1)
        greys = ((small - low) / ((high - low) or 1.0) * 255).round().int().clamp(0, 255)
        return [{"shape": [height, width], "image": grey} for grey in greys.tolist()]

    # Predictions of a number

    def _predictions(self, trainer: Trainer, scores: Tensor) -> dict[str, Any]:
        target = _Target(self._preprocessing)
        model, validation = trainer.network.model, trainer.validation_part
        chosen = {"train": _spread(len(trainer.train_part), FITTED), "validation": _spread(len(validation), FITTED)}
        targets, predicted = target.of(validation.y), target.of(scores.squeeze(1))
        residuals = targets - predicted
        spread = float(np.square(targets - targets.mean()).mean())
        deviation = float(residuals.std())
        return {
            "target": self._target,
            "train": self._fit(trainer.train_part, chosen["train"], model, target),
            "validation": self._fit(validation, chosen["validation"], model, target),
            "r2": _few(1 - float(np.square(residuals).mean()) / spread) if spread > 0 else None,
            "residual_mean": _few(float(residuals.mean())),
            "residual_deviation": _few(deviation),
            **(self._curve(trainer, target) if self._preprocessing.shape == (1,) else {}),
        }

    def _fit(self, part: Part, chosen: Tensor, model: nn.Module, target: _Target) -> dict[str, Any]:
        chosen = chosen.to(part.x.device)
        x = part.x[chosen]
        raw = self._preprocessing.undo(x.cpu().numpy())
        return {
            "inputs": [_few(value) for value in raw[:, 0].tolist()] if self._preprocessing.shape == (1,) else [],
            "targets": [_few(value) for value in target.of(part.y[chosen]).tolist()],
            "predicted": [_few(value) for value in target.of(model(x).squeeze(1)).tolist()],
        }

    def _curve(self, trainer: Trainer, target: _Target) -> dict[str, Any]:
        """The function that was learned, a little beyond the data."""
        parts = (trainer.train_part, trainer.validation_part)
        low, high = _extent(self._preprocessing.undo(np.concatenate([part.x.cpu().numpy() for part in parts])))
        raw = np.linspace(low, high, CURVE, dtype=np.float32)[:, None]
        x = torch.from_numpy(self._preprocessing.apply(raw.copy())).to(trainer.device)
        y = target.of(trainer.network.model(x).squeeze(1))
        return {"curve_x": [_few(value) for value in raw[:, 0].tolist()], "curve_y": [_few(it) for it in y.tolist()]}


class _Target:
    """Numbers that are predicted, in the data's own unit."""

    def __init__(self, preprocessing: Preprocessing) -> None:
        self._offset = preprocessing.target.get("offset", 0.0)
        self._scale = preprocessing.target.get("scale", 1.0)

    def of(self, scaled: Tensor) -> NDArray[np.float64]:
        return scaled.cpu().double().numpy() * self._scale + self._offset


class _Plane:
    """The plane of two features: its cells, scaled, and the samples that are drawn over it; they stay for a run."""

    def __init__(self, preprocessing: Preprocessing, train: Part, validation: Part) -> None:
        raw = [preprocessing.undo(part.x.cpu().numpy()) for part in (train, validation)]
        self.train, self.validation = _Drawn(raw[0], train.y), _Drawn(raw[1], validation.y)
        together = np.concatenate(raw)
        self.x, self.y = (_extent(together[:, axis]) for axis in (0, 1))
        across, up = ((np.arange(GRID) + 0.5) / GRID * (high - low) + low for low, high in (self.x, self.y))
        columns, rows = np.meshgrid(across, up[::-1])
        cells = np.stack([columns.ravel(), rows.ravel()], axis=1).astype(np.float32)
        self.cells = torch.from_numpy(preprocessing.apply(cells)).to(train.x.device)


class _Drawn:
    """Samples of one part, some of which are drawn."""

    def __init__(self, raw: NDArray[np.float32], y: Tensor) -> None:
        self._true = y
        self._chosen = _spread(len(y), POINTS).to(y.device)
        points = raw[self._chosen.cpu().numpy()].tolist()
        self._x, self._y = ([_few(point[axis]) for point in points] for axis in (0, 1))

    def drawn(self, predicted: Tensor) -> dict[str, Any]:
        return {
            "x": self._x,
            "y": self._y,
            "true": self._true[self._chosen].tolist(),
            "predicted": predicted[self._chosen].tolist(),
            "samples": len(self._true),
            "right": int((predicted == self._true).sum()),
        }


def _scores(model: nn.Module, inputs: Tensor, look_up: Look) -> Tensor:
    """The model's output for all inputs (samples, outputs)."""
    made = []
    for x in inputs.split(CHUNK_ROWS):
        look_up()
        made.append(model(x))
    return torch.cat(made)


def _confusion(scores: Tensor, y: Tensor) -> dict[str, Any]:
    predicted, count = scores.argmax(dim=1), scores.shape[1]
    wrong = predicted != y
    confused = torch.bincount(y[wrong], minlength=count) + torch.bincount(predicted[wrong], minlength=count)
    shown = confused.argsort(descending=True, stable=True)[:CLASSES].sort().values
    place = torch.full((count,), -1, device=y.device)
    place[shown] = torch.arange(len(shown), device=y.device)
    rows, columns = place[y], place[predicted]
    both = (rows >= 0) & (columns >= 0)
    counts = torch.bincount(rows[both] * len(shown) + columns[both], minlength=len(shown) ** 2)
    return {
        "classes": shown.tolist(),
        "counts": counts.reshape(len(shown), len(shown)).tolist(),
        "totals": torch.bincount(y, minlength=count)[shown].tolist(),
        "right": int((~wrong).sum()),
        "samples": len(y),
    }


def _spread(count: int, most: int) -> Tensor:
    """At most so many indices, evenly over `count`: samples that validate may be in the order of their classes."""
    return torch.linspace(0, count - 1, min(count, most)).round().long()


def _extent(values: NDArray[np.float32]) -> tuple[float, float]:
    """The ends of an axis that goes a little beyond the values."""
    low, high = float(values.min()), float(values.max())
    margin = MARGIN * (high - low) or 1.0
    return _few(low - margin), _few(high + margin)


def _likeliest(shares: Tensor, true: int) -> list[list[float]]:
    """The likeliest classes and their probabilities, and those of the true class behind them."""
    top = shares.topk(min(TOP, len(shares))).indices.tolist()
    return [[index, _few(float(shares[index]))] for index in dict.fromkeys([*top, true])]


def _few(value: float) -> float:
    """With as many digits as a picture shows."""
    return float(f"{value:.5g}")
