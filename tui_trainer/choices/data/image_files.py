"""Image files: one read, many read, and what can be wrong with one."""

from __future__ import annotations

import stat
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tui_trainer.choices.data.base import DataError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

Colour = Literal["grey", "rgb"]

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM")
"""No others are opened: some of them are programs for other programs."""

MOST_PIXELS = 64_000_000
"""Of one file; more are refused before they are unpacked, which a small file can do to fill the memory."""

THREADS, PORTION = 8, 1024


@dataclass(frozen=True)
class ImageReader:
    """Reads image files as squares of one size, grey or in colour."""

    size: int  # pixels, in both directions
    colour: Colour

    @property
    def shape(self) -> tuple[int, int, int]:
        """Of one image: (channels, height, width)."""
        return (1 if self.colour == "grey" else 3, self.size, self.size)

    def read(self, path: Path) -> NDArray[np.uint8]:
        """The image, upright as its camera meant it, squeezed to the size; what is transparent is white.

        Of a moving picture, the first. Raises DataError naming the file if it is no image or damaged.
        """
        import numpy as np
        from PIL import Image, ImageOps

        mode = "L" if self.colour == "grey" else "RGB"

        def pixels(image: Image.Image) -> NDArray[np.uint8]:
            image.draft(mode, (self.size, self.size))  # a JPEG need not be unpacked larger than it is wanted
            image.load()
            flat = _flattened(ImageOps.exif_transpose(image), mode)
            small = flat.resize((self.size, self.size), Image.Resampling.BILINEAR)
            values = np.asarray(small, dtype=np.uint8)
            return values[None] if self.colour == "grey" else np.ascontiguousarray(values.transpose(2, 0, 1))

        read: NDArray[np.uint8] = _with_image(path, pixels)
        return read


def check_image(path: Path) -> None:
    """Reads no more than a file's head. Raises DataError if that is not the head of an image."""
    _with_image(path, lambda image: None)


def _with_image(path: Path, use: Callable[[Image], Any]) -> Any:
    """Opens a file and uses it as an image. Raises DataError naming the file if it is no image or damaged."""
    import struct

    from PIL import Image, UnidentifiedImageError

    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise DataError(f"{path}: not a file", "folder")
        with Image.open(path, formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise DataError(f"{path}: {image.width:,}×{image.height:,} pixels are too many", "folder")
            return use(image)
    except UnidentifiedImageError:
        raise DataError(f"{path}: not an image ({', '.join(FORMATS)} are read)", "folder") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise DataError(f"{path}: far too many pixels", "folder") from None
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, IndexError, KeyError, TypeError) as error:
        reason = getattr(error, "strerror", None) or error  # Pillow's readers raise all of these at damaged files
        raise DataError(f"{path}: damaged, or not an image ({reason})", "folder") from error


class ImageFiles:
    """Images that are read from their files each time they are asked for: (samples, channels, height, width)."""

    in_memory = False

    def __init__(self, files: Sequence[Path], reader: ImageReader) -> None:
        self._files = tuple(files)
        self._reader = reader

    @property
    def shape(self) -> tuple[int, ...]:
        return (len(self._files), *self._reader.shape)

    def __len__(self) -> int:
        return len(self._files)

    def read(self, indices: NDArray[np.int64]) -> NDArray[np.uint8]:
        import numpy as np

        return np.stack([self._reader.read(self._files[index]) for index in indices])

    def __getitem__(self, indices: Any) -> NDArray[np.float32]:
        import numpy as np

        if isinstance(indices, int | np.integer):
            return self._reader.read(self._files[indices]).astype(np.float32)
        files = [self._files[place] for place in np.arange(len(self))[indices]]
        return read_all(files, self._reader).astype(np.float32)


def read_all(files: Sequence[Path], reader: ImageReader) -> NDArray[np.uint8]:
    """All of them, in several threads: (files, channels, height, width). Raises DataError at the first that is bad."""
    values, problems = try_all(files, reader, give_up=True)
    if problems:
        raise next(iter(problems.values()))
    return values


def try_all(
    files: Sequence[Path], reader: ImageReader, *, give_up: bool = False
) -> tuple[NDArray[np.uint8], dict[Path, DataError]]:
    """All of them, and what is wrong with those that are left black; `give_up` leaves those behind them black too."""
    import numpy as np

    values = np.zeros((len(files), *reader.shape), dtype=np.uint8)

    def take(place: int, path: Path) -> None:
        values[place] = reader.read(path)

    return values, problems_of(files, take, give_up=give_up)


def problems_of(
    paths: Sequence[Path], act: Callable[[int, Path], object], *, give_up: bool = False
) -> dict[Path, DataError]:
    """Does something with each file, given its place and path, in several threads; what DataError said of which.

    `give_up` leaves out those behind the first some that are bad.
    """

    def attempt(place: tuple[int, Path]) -> DataError | None:
        try:
            act(*place)
        except DataError as error:
            return error
        return None

    problems: dict[Path, DataError] = {}
    places = list(enumerate(paths))
    with ThreadPoolExecutor(THREADS) as pool:
        for begin in range(0, len(places), PORTION):
            some = places[begin : begin + PORTION]
            said = zip(some, pool.map(attempt, some), strict=True)
            problems |= {path: error for (_, path), error in said if error}
            if problems and give_up:
                break
    return problems


def _flattened(image: Image, mode: str) -> Image:
    """The image in grey or in colour, on white where it is transparent."""
    from PIL import Image as images

    if image.mode.startswith("I;16"):
        return _of_16_bits(image).convert(mode)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        white = images.new("RGBA", layer.size, (255, 255, 255, 255))
        return images.alpha_composite(white, layer).convert(mode)
    return image.convert(mode)


def _of_16_bits(image: Image) -> Image:
    import numpy as np
    from PIL import Image as images

    return images.fromarray((np.asarray(image).astype(np.uint16) >> 8).astype(np.uint8))
