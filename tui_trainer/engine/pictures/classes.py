"""Confusions and mistakes."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from tui_trainer.choices.tasks import Classification
from tui_trainer.engine.pictures.subject import Subject, few, rows

CLASSES = 30
WORST = 12
TOP = 3
"""At most so many classes, mistakes, and probabilities of a mistake."""


class ClassesDrawer:
    """What samples of the validation part are taken for."""

    def draw(self, subject: Subject) -> dict[str, Any]:
        if not isinstance(subject.task, Classification):
            return {}
        return {
            "confusion": confusion(subject.task.probabilities(subject.scores), subject.validation.y),
            "mistakes": _mistakes(subject),
        }


def confusion(shares: Tensor, y: Tensor) -> dict[str, Any]:
    """Of probabilities (samples, classes) and right classes (samples,)."""
    predicted, count = shares.argmax(dim=1), shares.shape[1]
    wrong = predicted != y
    confused = torch.bincount(y[wrong], minlength=count) + torch.bincount(predicted[wrong], minlength=count)
    shown = confused.argsort(descending=True, stable=True)[:CLASSES].sort().values
    place = torch.full((count,), -1, device=y.device)
    place[shown] = torch.arange(len(shown), device=y.device)
    lines, columns = place[y], place[predicted]
    both = (lines >= 0) & (columns >= 0)
    counts = torch.bincount(lines[both] * len(shown) + columns[both], minlength=len(shown) ** 2)
    return {
        "classes": shown.tolist(),
        "counts": counts.reshape(len(shown), len(shown)).tolist(),
        "totals": torch.bincount(y, minlength=count)[shown].tolist(),
        "right": int((~wrong).sum()),
        "samples": len(y),
    }


def _mistakes(subject: Subject) -> dict[str, Any]:
    part, scores = subject.validation, subject.scores
    shares = subject.task.probabilities(scores)
    wrong = shares.argmax(dim=1) != part.y
    losses = subject.task.losses(scores, part.y).where(wrong, -1.0)
    worst = losses.topk(min(WORST, int(wrong.sum()))).indices
    inputs = subject.reader.read(rows(part, worst))
    told = [
        {"true": true, "predicted": int(share.argmax()), "loss": few(loss), "top": _likeliest(share, true), **shown}
        for true, loss, share, shown in zip(
            part.y[worst].tolist(), losses[worst].tolist(), shares[worst], inputs, strict=True
        )
    ]
    return {"wrong": int(wrong.sum()), "samples": len(part), "worst": told}


def _likeliest(shares: Tensor, true: int) -> list[list[float]]:
    """The likeliest classes and their probabilities, and those of the true class behind them."""
    top = shares.topk(min(TOP, len(shares))).indices.tolist()
    return [[index, few(float(shares[index]))] for index in dict.fromkeys([*top, true])]
