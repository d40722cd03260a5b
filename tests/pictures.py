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


def _blob(size: int, number: int, most: int = 255) -> dict[str, Any]:
    greys = [_ring(row, column, size, number) * most // 255 for row in range(size) for column in range(size)]
    return {"shape": [size, size], "image": greys}


def convolutions(size: int = 8, channels: int = 4) -> dict[str, Any]:
    """What a network of two convolutions looks for, and finds in an image."""

    def kernel(unit: int, channel: int) -> list[int]:
        return [round(100 * math.sin(unit + channel / 2 + row - column)) for row in range(3) for column in range(3)]

    def found(unit: int, side: int) -> list[int]:
        return [max(0, round(100 * math.sin(unit + row * column))) for row in range(side) for column in range(side)]

    def looks_for(name: str, units: int, inputs: int) -> dict[str, Any]:
        kernels = [[kernel(unit, channel) for channel in range(min(2, inputs))] for unit in range(units)]
        return {"name": name, "shape": [3, 3], "scale": 0.5, "units": units, "inputs": inputs, "kernels": kernels}

    def finds(name: str, count: int, side: int) -> dict[str, Any]:
        maps = [found(unit, side) for unit in range(count)]
        return {"name": name, "shape": [side, side], "scale": 2.5, "channels": count, "maps": maps}

    return {
        **images(size),
        "filters": {"layers": [looks_for("blocks 1", channels, 1), looks_for("blocks 2", 2 * channels, channels)]},
        "maps": {
            "sample": {"true": 3, "predicted": 5, "share": 0.61, **_blob(size, 3)},
            "layers": [finds("blocks 1", channels, size), finds("blocks 2", 2 * channels, size // 2)],
        },
    }


def reconstructed(size: int = 8, bottleneck: int = 2) -> dict[str, Any]:
    """Images that went through a bottleneck."""
    samples = [
        {"input": _blob(size, n), "output": _blob(size, n, 200), "error": 0.1 + n / 100, "label": str(n % 10)}
        for n in range(12)
    ]
    places = [0.37 * n for n in range(60)]
    return {
        "v": 1,
        "step": 900,
        "epoch": 20.0,
        "classes": [str(digit) for digit in range(10)],
        "features": [],
        **_errors(samples, size * size, bottleneck),
        "latent": {
            "x": [round(place * math.cos(place), 4) for place in places],
            "y": [round(place * math.sin(place), 4) for place in places],
            "classes": [n % 10 for n in range(60)],
            "bottleneck": bottleneck,
            "samples": 200,
            "kept": [0.4, 0.25] if bottleneck > 2 else [],
        },
    }


def reconstructed_rows() -> dict[str, Any]:
    """Rows of three features that went through a bottleneck; they have no classes."""
    samples = [
        {
            "input": {"values": [n / 2, 100.0 + n, -3.25]},
            "output": {"values": [n / 2 + 0.1, 99.0, -3.0]},
            "error": 0.4 - n / 100,
        }
        for n in range(5)
    ]
    return {
        "v": 1,
        "step": 90,
        "epoch": 2.0,
        "classes": [],
        "features": ["width", "weight", "depth"],
        **_errors(samples, 3, 1),
    }


def _errors(samples: list[dict[str, Any]], inputs: int, bottleneck: int) -> dict[str, Any]:
    counts = [round(40 * math.exp(-((n - 8) ** 2) / 20)) for n in range(24)]
    return {
        "reconstruction": {"samples": samples, "error": 0.15, "bottleneck": bottleneck, "inputs": inputs},
        "anomaly": {
            "worst": samples[::-1],
            "range": [0.02, 0.5],
            "train": counts,
            "validation": [count // 4 for count in counts],
            "threshold": 0.35,
            "above": 3,
            "samples": 200,
        },
    }


TEXT = "the cat sat on the mat"


def _attention(queries: list[str], keys: list[str], shift: int) -> list[int]:
    return [100 if at == (line + shift) % len(keys) else 0 for line in range(len(queries)) for at in range(len(keys))]


def _attending(name: str, queries: list[str], keys: list[str]) -> dict[str, Any]:
    heads = [_attention(queries, keys, -shift) for shift in range(2)]
    return {"name": name, "queries": queries, "keys": keys, "heads": heads}


def written() -> dict[str, Any]:
    """What a network of characters wrote, and where it looked."""
    samples = [{"words": "", "layers": [_attending(f"decoder {n}", list(text), list(text)) for n in (1, 2)]}
               for text in (TEXT, TEXT[::-1])]  # fmt: skip
    return {
        "v": 1,
        "step": 300,
        "epoch": 3.0,
        "classes": [],
        "features": [],
        "text": {
            "prompt": "the cat",
            "temperature": 0.8,
            "samples": [{"epoch": 0.0, "text": "xq zt"}, {"epoch": 3.0, "text": " sat\non the mat"}],
        },
        "attention": {"samples": samples},
    }


def answered(count: int = 20) -> dict[str, Any]:
    """Words that are to be told backwards, every third of them wrongly; and where the network looked."""
    answers = []
    for n in range(count):
        source = "".join("abcdef"[(n * 5 + k * k) % 6] for k in range(6))
        right = source[::-1]
        said = right[:-1] + "x" if n % 3 == 0 else right
        answers.append({"source": source, "right": right, "said": said, "is_right": said == right})
    words = [list("abc"), ["<start>", *"cb"]]
    return {
        "v": 1,
        "step": 300,
        "epoch": 3.0,
        "classes": [],
        "features": [],
        "sequences": {"answers": answers, "right": 120, "asked": 180},
        "attention": {"samples": [{"words": "", "layers": [_attending("decoder 1 cross", words[1], words[0])]}]},
    }


def forecast(horizon: int = 5) -> dict[str, Any]:
    """A wave, and how it goes on."""
    curve = [round(math.sin(n / 4), 4) for n in range(40 + horizon)]
    samples = [
        {"history": curve[:40], "target": curve[40:], "predicted": [y + 0.1 * n for y in curve[40:]], "error": 0.1 * n}
        for n in range(4)
    ]
    numbers = {"target": "wave", "history": "wave", "samples": samples}
    return {**wave(), "features": ["wave"], "forecasts": numbers}


def hills() -> dict[str, Any]:
    """Two features, from which a number is predicted."""
    axis = [-1 + (2 * i + 1) / SIZE for i in range(SIZE)]
    places = [(round(0.9 * math.sin(n), 4), round(0.9 * math.cos(3 * n), 4)) for n in range(40)]

    def height(x: float, y: float) -> int:
        return round(100 * math.sin(3 * x) * math.cos(3 * y))

    points = {
        "x": [x for x, _ in places],
        "y": [y for _, y in places],
        "targets": [height(x, y) for x, y in places],
    }
    return {
        **wave(),
        "features": ["x", "y"],
        "surface": {
            "target": "height",
            "columns": SIZE,
            "rows": SIZE,
            "x": [-1.0, 1.0],
            "y": [-1.0, 1.0],
            "middle": 0.0,
            "reach": 1.5,
            "values": [height(x, -y) for y in axis for x in axis],
            "train": points,
            "validation": points,
        },
    }


def sequences(**inputs: Any) -> dict[str, Any]:
    """Mistakes of samples that are sequences or texts."""
    content = plane()
    del content["boundary"]
    for mistake in content["mistakes"]["worst"]:
        del mistake["values"]
        mistake |= inputs or {"curves": [[0.0, 1.0, 0.5, 1.0], [1.0, 1.0, 0.0, 0.0]]}
    return content


ALL = {
    "plane": plane(),
    "images": images(),
    "wave": wave(),
    "convolutions": convolutions(),
    "reconstructed": reconstructed(),
    "reconstructed rows": reconstructed_rows(),
    "written": written(),
    "answered": answered(),
    "forecast": forecast(),
    "hills": hills(),
    "sequences": sequences(),
    "texts": sequences(text="not a good film"),
}
"""One of each kind."""
