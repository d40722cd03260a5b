"""Folders of small images, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image


def draw_images(folder: Path, classes: Sequence[str] = ("dark", "light"), each: int = 6, size: int = 12) -> Path:
    """A folder of PNG files, so many of each class; classes differ in how light their images are."""
    generator = np.random.default_rng(len(classes))
    for number, name in enumerate(classes):
        (folder / name).mkdir(parents=True, exist_ok=True)
        base = 30 + 180 * number // max(1, len(classes) - 1)
        for count in range(each):
            pixels = np.clip(base + generator.normal(0, 25, (size, size, 3)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{count}.png")
    return folder
