"""Inputs beside their reconstructions, and the error as a score of how odd a sample is."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from tui_trainer.choices.tasks import Reconstruction
from tui_trainer.engine.evaluate import CHUNK_ROWS
from tui_trainer.engine.pictures.latent import codes
from tui_trainer.engine.pictures.subject import Subject, few, finite, rows, spread
from tui_trainer.engine.prepare import Part

SAMPLES = 12
WORST = 12
BINS = 24
SIDES = 32
"""At most so many samples beside their reconstruction, and odd ones; bins of the errors; pixels along a side."""

ODD = 0.99
"""So large a share of the training samples has a smaller error than what counts as odd."""


class ReconstructionDrawer:
    """What an autoencoder makes of samples that it was not trained on."""

    def draw(self, subject: Subject) -> dict[str, Any]:
        if not isinstance(subject.task, Reconstruction):
            return {}
        train, validation = _errors(subject, subject.train), _errors(subject, subject.validation)
        first = subject.first(1)
        code = codes(subject, first)
        threshold = float(train.quantile(ODD))
        worst = validation.topk(min(WORST, len(validation))).indices
        return {
            "reconstruction": {
                "samples": _beside(subject, spread(len(subject.validation), SAMPLES), validation),
                "error": few(float(validation.mean())),
                "bottleneck": code.shape[1] if code is not None else 0,
                "inputs": first[0].numel(),
            },
            "anomaly": {
                "worst": _beside(subject, worst, validation),
                **_histogram(train, validation, threshold),
                "threshold": few(threshold),
                "above": int((validation > threshold).sum()),
                "samples": len(validation),
            },
        }


def _errors(subject: Subject, part: Part) -> Tensor:
    """The error of each sample, on the CPU."""
    made = []
    for x, _ in part.chunks(CHUNK_ROWS):
        subject.look_up()
        made.append(subject.task.losses(subject.model(x), x))
    return finite(torch.cat(made)).float().cpu()


def _beside(subject: Subject, chosen: Tensor, errors: Tensor) -> list[dict[str, Any]]:
    x = rows(subject.validation, chosen)
    read = subject.reader.read
    pairs = zip(read(x, SIDES), read(subject.model(x), SIDES), chosen.tolist(), strict=True)
    return [
        {"input": source, "output": output, "error": few(float(errors[at])), "label": _label(subject, at)}
        for source, output, at in pairs
    ]


def _label(subject: Subject, at: int) -> str:
    """The class of a sample of the validation part; empty if it has none."""
    labels, classes = subject.validation.labels, subject.preprocessing.classes
    return classes[int(labels[at])] if labels is not None and classes else ""


def _histogram(train: Tensor, validation: Tensor, threshold: float) -> dict[str, Any]:
    low = min(float(train.min()), float(validation.min()))
    high = max(1.5 * threshold - 0.5 * low, float(validation.quantile(0.995)))
    high = high if high > low else low + 1.0

    def counts(errors: Tensor) -> list[int]:
        bins = ((errors - low) / (high - low) * BINS).long().clamp(0, BINS - 1)
        return [int(count) for count in bins.bincount(minlength=BINS)]

    # Ends that are rounded to one number would leave no range.
    return {"range": [low, high], "train": counts(train), "validation": counts(validation)}
