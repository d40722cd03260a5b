"""What a worker says of data, of simpler methods and of a network, for tests that have none."""

from __future__ import annotations

from typing import Any


def _column(name: str, low: float = 0.0, high: float = 1.0, missing: int = 0, **more: Any) -> dict[str, Any]:
    bars = [3] if low == high else [1, 4, 9, 4, 1, 0]
    middle = (low + high) / 2
    figures = {"low": low, "mean": middle, "high": high, "deviation": (high - low) / 4}
    return {"name": name, "missing": missing, "different": 19, "bars": bars, **figures, **more}


def _look(form: str, **more: Any) -> dict[str, Any]:
    return {
        "form": form,
        "shape": [3],
        "task": "classification",
        "target": "class",
        "rows": 250,
        "parts": {"train": 160, "validation": 40, "test": 50},
        "available": 160,
        "looked_at": 200,
        "ordered": False,
        "vocabulary": 0,
        "notes": [],
        "encoding": [],
        "fill": "refuse",
        "counts": {"of": "", "all": 0, "members": []},
        "numbers": None,
        "columns": [],
        "all_columns": 0,
        "missing_rows": 0,
        "samples": [],
        "points": None,
        "problems": [],
        **more,
    }


def _classes(*names: str, rare: bool = False) -> dict[str, Any]:
    members = [
        {"index": i, "name": name, "train": 1 if rare and not i else 80, "validation": 20}
        for i, name in enumerate(names)
    ]
    return {"of": "class", "all": len(names), "members": members}


def table(**more: Any) -> dict[str, Any]:
    """Rows with three features, two classes, missing values and a note."""
    values = [[n / 10, (n * 7) % 10, 5.0] for n in range(40)]
    content = {
        "fill": "mean",
        "notes": ["target guessed: class", "id left out: every value is another one"],
        "encoding": ["colour: red, blue"],
        "counts": _classes("cat", "dog"),
        "columns": [_column("length", 0, 4, missing=12), _column("width", 0, 10), _column("stuck", 5, 5)],
        "all_columns": 3,
        "missing_rows": 9,
        "samples": [
            {"row": n, "part": "train", "target": ("cat", "dog")[n % 2], "class": n % 2, "values": row}
            for n, row in enumerate(values)
        ],
        "points": {
            "axes": [
                {"name": name, "values": [row[i] for row in values]}
                for i, name in enumerate(("length", "width", "stuck"))
            ],
            "pair": [0, 1],
            "targets": [n % 2 for n in range(40)],
            "validates": [n % 4 == 0 for n in range(40)],
        },
    }
    return _look("table", **{**content, **more})


def numbers() -> dict[str, Any]:
    """Rows with a number to be predicted."""
    made = table(task="regression", target="price", numbers=_column("price", 100, 900), notes=[])
    return {**made, "counts": {"of": "", "all": 0, "members": []}}


def images(channels: int = 1) -> dict[str, Any]:
    """Images of 8x8 of ten classes."""
    image = "".join("0123456789abcdef"[(row + column) % 16] for row in range(8) for column in range(8))
    samples = [
        {
            "row": n,
            "part": "train",
            "target": str(n),
            "class": n,
            "shape": [8, 8],
            "channels": channels,
            "image": "".join(digit * channels for digit in image),
        }
        for n in range(10)
    ]
    names = ("pixels",) if channels == 1 else ("red", "green", "blue")
    return _look(
        "images",
        shape=[channels, 8, 8],
        counts=_classes(*"0123456789"),
        columns=[_column(name, 0, 16) for name in names],
        all_columns=len(names),
        samples=samples,
    )


def sequences() -> dict[str, Any]:
    """Curves of 20 steps, with a number to be predicted."""
    samples = [
        {"row": n, "part": "train", "target": "0.5", "class": None, "curves": [[(n + i) % 7 for i in range(20)]]}
        for n in range(6)
    ]
    return _look(
        "sequences",
        shape=[20, 1],
        task="regression",
        target="next",
        numbers=_column("next", -1, 1),
        columns=[_column("value 1", -1, 1)],
        all_columns=1,
        samples=samples,
        ordered=True,
    )


def texts() -> dict[str, Any]:
    """Pieces of a text whose next characters are to be predicted."""
    members = [{"index": i, "name": name, "train": 90 - i, "validation": 20} for i, name in enumerate(" eto")]
    return _look(
        "text",
        shape=[16],
        task="language",
        vocabulary=4,
        counts={"of": "token", "all": 4, "members": members},
        samples=[{"row": 0, "part": "train", "target": "", "class": None, "text": "to be or not to be"}],
    )


def baselines() -> dict[str, Any]:
    """What three methods get on digits."""

    def method(name: str, accuracy: float, loss: float) -> dict[str, Any]:
        figures = {"loss": loss, "accuracy": accuracy, "macro_f1": accuracy}
        return {"name": name, "train": figures, "validation": figures, "errors": {"loss": 0.02}, "seconds": 0.4}

    return {
        "methods": [
            method("the commonest class", 0.1, 2.3),
            method("logistic regression", 0.55, 1.2),
            method("random forest", 0.6, 1.0),
        ],
        "rows": {"train": 1438, "validation": 359},
        "of": {"train": 1438, "validation": 359},
    }


def steps() -> list[dict[str, Any]]:
    """A network with an embedding, a norm, a frozen layer and one without parameters."""
    return [
        {
            "name": "embedding",
            "kind": "Embedding",
            "about": "10, 8",
            "output": [5, 8],
            "tensors": [{"role": "embedding", "shape": [10, 8], "frozen": False}],
            "work": 0,
        },
        {
            "name": "hidden.0.linear",
            "kind": "Linear",
            "about": "",
            "output": [16],
            "tensors": [
                {"role": "weights", "shape": [16, 40], "frozen": True},
                {"role": "biases", "shape": [16], "frozen": True},
            ],
            "work": 640,
        },
        {
            "name": "hidden.0.norm",
            "kind": "BatchNorm1d",
            "about": "16",
            "output": [16],
            "tensors": [
                {"role": "scale", "shape": [16], "frozen": False},
                {"role": "shift", "shape": [16], "frozen": False},
            ],
            "work": 0,
        },
        {"name": "hidden.0.activation", "kind": "ReLU", "about": "", "output": [16], "tensors": [], "work": 0},
    ]
