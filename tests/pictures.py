"""Pictures as a worker would write them, made by plain arithmetic."""

from __future__ import annotations

import math
from typing import Any

SIZE = 48


def _spiral(x: float, y: float, classes: int) -> tuple[int, int]:
    """The arm that a place belongs to, and how surely, in per cent."""
    turns = (math.atan2(y, x) / (2 * math.pi) - 1.2 * math.hypot(x, y)) * classes
    away = abs(turns - math.floor(turns) - 0.5)
    return math.floor(turns) % classes, round(100 - 90 * away)


def _points(classes: int, count: int, shift: float) -> dict[str, Any]:
    places = [(0.9 * math.sqrt((i + shift) / count), 2.4 * i + shift) for i in range(count)]
    x, y = ([round(r * part(angle), 4) for r, angle in places] for part in (math.cos, math.sin))
    predicted = [_spiral(*place, classes)[0] for place in zip(x, y, strict=True)]
    true = [(it + (n % 9 == 0)) % classes for n, it in enumerate(predicted)]
    right = sum(a == b for a, b in zip(true, predicted, strict=True))
    return {"x": x, "y": y, "true": true, "predicted": predicted, "samples": count, "right": right}


def plane(classes: int = 2, **place: Any) -> dict[str, Any]:
    """Two features: a boundary, its confusions, and mistakes as rows."""
    axis = [-1 + (2 * i + 1) / SIZE for i in range(SIZE)]
    cells = [_spiral(x, -y, classes) for y in axis for x in axis]
    train, validation = _points(classes, 60, 0.1), _points(classes, 30, 0.6)
    pairs = list(zip(validation["true"], validation["predicted"], strict=True))
    counts = [[pairs.count((true, said)) for said in range(classes)] for true in range(classes)]
    return {
        "v": 1,
        "step": 120,
        "epoch": 12.0,
        **place,
        "classes": [f"arm {number + 1}" for number in range(classes)],
        "features": ["x", "y"],
        "boundary": {
            "columns": SIZE,
            "rows": SIZE,
            "x": [-1.0, 1.0],
            "y": [-1.0, 1.0],
            "classes": [it for it, _ in cells],
            "confidence": [share for _, share in cells],
            "train": train,
            "validation": validation,
        },
        "confusion": {
            "classes": list(range(classes)),
            "counts": counts,
            "totals": [sum(row) for row in counts],
            "right": validation["right"],
            "samples": len(pairs),
        },
        "mistakes": {
            "wrong": 3,
            "samples": len(pairs),
            "worst": [
                {"true": 1, "predicted": 0, "loss": 2.3 - n / 10, "top": [[0, 0.9 - n / 10], [1, 0.1 + n / 10]],
                 "values": [0.25 * n, -0.5]}
                for n in range(3)
            ],
        },
    }  # fmt: skip


def images(size: int = 8, worst: int = 12) -> dict[str, Any]:
    """Ten classes of images, which are rings of different sizes."""
    counts = [[30 if a == b else max(0, 9 - abs(a - b) * 2 - a) for b in range(10)] for a in range(10)]
    totals = [sum(row) for row in counts]
    return {
        "v": 1,
        "step": 900,
        "epoch": 20.0,
        "classes": [str(digit) for digit in range(10)],
        "features": [],
        "confusion": {
            "classes": list(range(10)),
            "counts": counts,
            "totals": totals,
            "right": 300,
            "samples": sum(totals),
        },
        "mistakes": {
            "wrong": sum(totals) - 300,
            "samples": sum(totals),
            "worst": [
                {
                    "true": n % 10,
                    "predicted": (n + 4) % 10,
                    "loss": 6.0 - n / 4,
                    "top": [[(n + 4) % 10, 0.83], [n % 10, 0.1], [(n + 5) % 10, 0.05]],
                    "shape": [size, size],
                    "image": [_ring(row, column, size, n) for row in range(size) for column in range(size)],
                }
                for n in range(worst)
            ],
        },
    }


def _ring(row: int, column: int, size: int, number: int) -> int:
    middle = (size - 1) / 2
    away = math.hypot(row - middle, column - middle) - size * (0.1 + 0.03 * number)
    return max(0, 255 - round(abs(away) * 220 / (size / 8)))


def wave() -> dict[str, Any]:
    """One feature, from which a number is predicted."""

    def learned(x: float) -> float:
        return 0.9 * math.sin(2 * math.pi * x)

    def fit(count: int, shift: float) -> dict[str, Any]:
        inputs = [round(-1 + 2 * (i + shift) / count, 4) for i in range(count)]
        targets = [round(math.sin(2 * math.pi * x) + 0.2 * math.sin(37 * i), 4) for i, x in enumerate(inputs)]
        return {"inputs": inputs, "targets": targets, "predicted": [round(learned(x), 4) for x in inputs]}

    xs = [round(-1.1 + 2.2 * i / 99, 4) for i in range(100)]
    return {
        "v": 1,
        "step": 500,
        "epoch": 50.0,
        "classes": [],
        "features": ["x"],
        "predictions": {
            "target": "y",
            "train": fit(60, 0.2),
            "validation": fit(20, 0.7),
            "r2": 0.93,
            "residual_mean": 0.012,
            "residual_deviation": 0.19,
            "curve_x": xs,
            "curve_y": [round(learned(x), 4) for x in xs],
        },
    }
