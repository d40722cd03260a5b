"""The user's own images."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tui_trainer.choices.base import setting
from tui_trainer.choices.data.base import DataError, DataSet, Samples, Scaling, scaling_field
from tui_trainer.choices.data.image_files import Colour, ImageFiles, ImageReader, check_image, problems_of, try_all
from tui_trainer.choices.data.image_folder import ImageFolder, find_images
from tui_trainer.choices.data.lazy import ByteInputs
from tui_trainer.choices.data.own_files import check_memory, file_stamp
from tui_trainer.choices.data.paths import expand
from tui_trainer.choices.given import Given

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tui_trainer.choices.data.lazy import LazyInputs

GIGABYTE = 1e9
FLOAT_BYTES = 4


class Images(DataSet):
    """Images of your own: a folder that has a folder for each class, named as the class is.

    PNG, JPEG, WebP, GIF, BMP, TIFF and PPM files are read, upright as the camera meant them, and squeezed to squares of
    one size; other files are left out by their names. Folders named train and val (or valid, validation, test) with the
    classes inside are taken as the parts that train and validate; otherwise the images are split by `train_share`. More
    than fits into `memory` is read from the files again and again, by processes of their own.
    """

    group = "your own"
    holds = Given("image", "classification")
    kind: Literal["images"] = "images"
    scaling: Scaling = scaling_field("range")

    folder: str = setting(
        "",
        max_length=4096,
        folder=True,
        help="Folder that has a folder of images for each class. ~ and variables such as $HOME are put in; a relative "
        "one starts where the program did.",
    )
    pixels: int = setting(
        32,
        ge=4,
        le=1024,
        unit="pixels",
        ladder=(8, 16, 28, 32, 48, 64, 96, 128, 160, 224, 256),
        help="Height and width to which each image is squeezed.",
        low="Details are lost that tell classes apart.",
        high="Each doubling takes four times the memory and time.",
    )
    colour: Colour = setting("rgb", help="Whether colours are kept (three channels) or not (one).")
    broken: Literal["refuse", "skip"] = setting(
        "refuse",
        help="What is done with files that are damaged or no images: refuse to train, naming the first, or skip them, "
        "and say so.",
    )
    memory: float = setting(
        2.0,
        ge=0,
        le=1000,
        unit="GB",
        ladder=(0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0),
        help="What images may take in memory; if they take more, they are read from their files in each epoch. The "
        "figures are the same either way, but for the scaling, which then is fitted on a part of the images.",
        low="Read from files: slower.",
        high="More than the machine has: the system ends the training.",
    )

    def load(self, seed: int) -> Samples:
        import numpy as np

        if not self.folder:
            raise DataError("name the folder that has a folder of images for each class", "folder")
        found = find_images(expand(self.folder, "folder"))
        reader = ImageReader(self.pixels, self.colour)
        bytes = len(found.files) * int(np.prod(reader.shape))
        fits = bytes <= self.memory * GIGABYTE
        as_floats = FLOAT_BYTES * bytes <= self.memory * GIGABYTE
        if fits:
            # As bytes, and of small sets as float32 too, once more by part.
            check_memory(expand(self.folder, "folder"), (2 + 2 * FLOAT_BYTES * as_floats) * bytes, "memory")
            values, problems = try_all(found.files, reader, give_up=self.broken == "refuse")
        elif self.broken == "skip":
            problems = problems_of(found.files, lambda place, path: reader.read(path))
        else:
            problems = problems_of(found.files, lambda place, path: check_image(path), give_up=True)
        good = self._without(problems, found)
        if not fits:
            x: NDArray[Any] | LazyInputs = ImageFiles([found.files[place] for place in good], reader)
        elif as_floats:
            x = values[good].astype(np.float32)
        else:
            x = ByteInputs(values[good] if problems else values)
        y = np.asarray(found.labels, dtype=np.int64)[good]
        border = found.validation_from
        return Samples(
            x,
            y,
            found.classes,
            validation_from=None if border is None else int(np.searchsorted(good, border)),
            encoding={"pixels": self.pixels, "colour": self.colour},
            notes=(*found.notes, *_notes(problems, found)),
        )

    def stamp(self) -> Hashable:
        try:
            return tuple(file_stamp(str(path)) for path in find_images(expand(self.folder, "folder")).files)
        except DataError:
            return None

    def size(self) -> str:
        return f"images of {self.pixels}×{self.pixels}, {self.colour}"

    def _without(self, problems: dict[Path, DataError], found: ImageFolder) -> NDArray[np.int64]:
        """The places of the files that are left. Raises DataError where none may be left out, or a class has none."""
        import numpy as np

        if problems and self.broken == "refuse":
            first = next(iter(problems.values()))
            others = " (and others)" if len(problems) > 1 else ""
            raise DataError(f"{first}{others}; remove it, or have it left out (data.broken: skip)", "broken")
        good = np.flatnonzero([path not in problems for path in found.files])
        lost = set(range(len(found.classes))) - {found.labels[place] for place in good}
        if lost:
            raise DataError(f"class {found.classes[min(lost)]!r} has no image that can be read", "folder")
        return good


def _notes(problems: dict[Path, DataError], found: ImageFolder) -> tuple[str, ...]:
    if not problems:
        return ()
    names = ", ".join(path.name for path in list(problems)[:3])
    more = f" and {len(problems) - 3:,} more" if len(problems) > 3 else ""
    return (f"{len(problems):,} of {len(found.files):,} files are damaged or no images, and left out: {names}{more}",)
