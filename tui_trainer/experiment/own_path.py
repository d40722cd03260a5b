"""Which words on a command line mean data of the user's own. This is asked before the first paint."""

from __future__ import annotations

import os
from pathlib import Path

EXPERIMENTS = ("", ".yaml", ".yml", ".json")
"""Endings of files that hold experiments."""

TABLES = (".csv", ".tsv", ".tab", ".parquet", ".pq")
ARRAYS = (".npz", ".npy")
IMAGES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".ppm", ".pgm")

INSTEAD = {
    **dict.fromkeys((".xlsx", ".xls", ".ods"), "a spreadsheet; save it as CSV"),
    **dict.fromkeys((".zip", ".gz", ".tar", ".tgz", ".xz", ".bz2", ".7z"), "packed; unpack it first"),
    **dict.fromkeys((".pkl", ".pickle", ".joblib", ".pt", ".pth"), "could run code when it is read; save it as NPZ"),
    **dict.fromkeys((".yaml", ".yml"), "an experiment and no data; tui-trainer FILE opens it"),
    **dict.fromkeys(IMAGES, "a single image; name the folder that has a folder of images for each class"),
}
"""What to do with files of other kinds, by their endings."""


def own_data_path(name: str) -> Path | None:
    """The file or folder of data that a word on the command line means; None if it rather names an experiment."""
    path = Path(os.path.expanduser(name))  # noqa: PTH111 - leaves an unknown ~user alone
    suffix = path.suffix.lower()
    if suffix in EXPERIMENTS:
        # A device or pipe is taken for data, so that it is refused as such, and not waited for.
        return path if os.path.lexists(path) and not os.path.isfile(path) else None  # noqa: PTH113
    return path if os.path.exists(path) or suffix in (*TABLES, *ARRAYS, *INSTEAD, ".txt") else None  # noqa: PTH110
