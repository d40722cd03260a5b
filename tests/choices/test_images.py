"""Folders of images: good ones in every layout, and every way in which a file or a folder can be bad."""

from __future__ import annotations

import contextlib
import io
import os
import struct
import zlib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from tests.images import draw_images
from tui_trainer.choices.data import DataError, Images, Samples, image_files, image_folder
from tui_trainer.choices.data.image_files import ImageFiles, ImageReader, check_image
from tui_trainer.choices.data.lazy import ByteInputs, LazyInputs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return draw_images(tmp_path / "images", ("cat", "dog", "owl"))


def load(folder: Path, **fields: object) -> Samples:
    return Images(folder=str(folder), **fields).load(0)  # type: ignore[arg-type]


def refusal(folder: Path, **fields: object) -> DataError:
    with pytest.raises(DataError) as caught:
        load(folder, **fields)
    return caught.value


def save(path: Path, pixels: np.ndarray, **options: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels.astype(np.uint8)).save(path, **options)  # type: ignore[arg-type]
    return path


def png_of(width: int, height: int) -> bytes:
    """A PNG that says it is so large, and ends at once."""
    pixels = zlib.compress(bytes(20))
    chunks = (b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0), b"IDAT" + pixels)
    framed = (struct.pack(">I", len(it) - 4) + it + struct.pack(">I", zlib.crc32(it)) for it in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(framed)


def test_a_folder_for_each_class(folder: Path) -> None:
    samples = load(folder, pixels=8)

    assert samples.classes == ("cat", "dog", "owl")
    assert samples.x.shape == (18, 3, 8, 8)
    assert samples.x[:].dtype == np.float32
    assert samples.y.tolist() == [0] * 6 + [1] * 6 + [2] * 6
    assert samples.validation_from is None
    assert samples.notes == ()
    assert samples.encoding == {"pixels": 8, "colour": "rgb"}
    means = [samples.x[samples.y == label].mean() for label in range(3)]
    assert means == sorted(means)


def test_grey_images_have_one_channel(folder: Path) -> None:
    assert load(folder, colour="grey").shape == (1, 32, 32)


def test_classes_and_files_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    draw_images(tmp_path, ("10", "9", "2"), each=11)
    assert load(tmp_path).classes == ("2", "9", "10")
    one = np.full((8, 8), 7)
    save(tmp_path / "2" / "2.png", one)
    assert load(tmp_path, colour="grey").x[2, 0, 0, 0] == 7  # behind 0 and 1, before 10


@pytest.mark.parametrize(
    ("train", "validation"), [("train", "val"), ("training", "validation"), ("Train", "valid"), ("train", "test")]
)
def test_folders_of_parts(tmp_path: Path, train: str, validation: str) -> None:
    draw_images(tmp_path / train, each=4)
    draw_images(tmp_path / validation, each=3)
    samples = load(tmp_path)

    assert samples.classes == ("dark", "light")
    assert (len(samples.y), samples.validation_from) == (14, 8)
    assert samples.notes == (("test/ validates",) if validation == "test" else ())


def test_a_third_part_is_left_alone_and_said_to_be(tmp_path: Path) -> None:
    for part in ("train", "val", "test"):
        draw_images(tmp_path / part, each=2)
    samples = load(tmp_path)

    assert len(samples.y) == 8
    assert samples.notes == ("test/ is left alone",)


def test_a_class_that_is_called_train(tmp_path: Path) -> None:
    draw_images(tmp_path, ("train", "bus"))
    assert load(tmp_path).classes == ("bus", "train")


def test_a_class_that_is_seen_in_validation_only(tmp_path: Path) -> None:
    draw_images(tmp_path / "train", ("cat", "dog"))
    draw_images(tmp_path / "val", ("cat", "dog", "owl"))
    assert "class 'owl' is not in train" in str(refusal(tmp_path))


def test_hidden_files_and_files_beside_the_classes_are_left_alone(folder: Path) -> None:
    (folder / "cat" / ".DS_Store").write_bytes(b"not an image")
    (folder / ".git").mkdir()
    (folder / "README.txt").write_text("about these images")
    samples = load(folder)

    assert len(samples.y) == 18
    assert samples.notes == ("1 files beside the folders of the classes are left out",)


def test_what_systems_leave_and_what_is_named_otherwise_is_left_out(folder: Path) -> None:
    (folder / "__MACOSX").mkdir()
    for place in (
        "cat/Thumbs.db",
        "cat/desktop.ini",
        "dog/.DS_Store",
        "dog/labels.json",
        "owl/README",
        "__MACOSX/a.png",
    ):
        (folder / place).write_bytes(b"not an image")
    (folder / "owl" / "0.png").rename(folder / "owl" / "without an ending")
    samples = load(folder)

    assert samples.y.tolist() == [0] * 6 + [1] * 6 + [2] * 6
    assert samples.classes == ("cat", "dog", "owl")
    assert samples.notes == (
        "4 files are left out, not being named as images are: Thumbs.db, desktop.ini, labels.json and 1 more",
    )


def test_a_class_without_images_says_what_else_is_there(folder: Path) -> None:
    for path in [*(folder / "cat").iterdir(), *(folder / "dog").iterdir()]:
        path.rename(path.with_suffix(".txt"))
    said = str(refusal(folder))
    assert "two classes at least are needed, and only 'owl' has files that are named as images are" in said
    assert "(others: 0.txt, 1.txt, 2.txt and 9 more)" in said


def test_folders_in_a_class_are_looked_through_and_links_in_circles_once(folder: Path) -> None:
    draw_images(folder / "cat", ("at home", "outside"), each=2)
    (folder / "cat" / "again").symlink_to(folder / "cat")
    (folder / "cat" / "up").symlink_to(folder)
    samples = load(folder)

    assert (samples.y == 1).sum() == 6
    assert (samples.y == 0).sum() == 6 + 4 + 12  # with those of the others, whose folder is linked into it


def test_a_folder_of_far_too_many_files_is_not_searched_for_hours(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image_folder, "MOST_FILES", 5)
    assert "more than 5 files; name a smaller folder" in str(refusal(folder))


def test_reading_ends_at_the_first_files_that_are_bad(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_files, "PORTION", 4)
    (folder / "cat" / "0.png").write_bytes(b"")
    (folder / "owl" / "0.png").write_bytes(b"")
    read: list[int] = []
    problems = image_files.problems_of(
        sorted(folder.glob("*/*.png")), lambda place, path: note(read, place, path), give_up=True
    )

    assert [path.parent.name for path in problems] == ["cat"]
    assert sorted(read) == [0, 1, 2, 3]
    assert len(image_files.problems_of(sorted(folder.glob("*/*.png")), lambda place, path: check_image(path))) == 2


def note(read: list[int], place: int, path: Path) -> None:
    read.append(place)
    check_image(path)


def test_files_that_are_written_anew_are_noticed(folder: Path) -> None:
    data = Images(folder=str(folder))
    before = data.stamp()
    assert before == data.stamp()

    save(folder / "cat" / "0.png", np.zeros((5, 5)))
    changed = data.stamp()
    save(folder / "cat" / "new.png", np.zeros((5, 5)))
    assert len({before, changed, data.stamp()}) == 3
    assert Images(folder=str(folder / "none")).stamp() is None


def test_more_than_the_machine_has_is_refused_before_it_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("psutil.virtual_memory", lambda: SimpleNamespace(available=100_000))
    assert refusal(folder).field == "memory"
    assert len(load(folder, memory=0.0).y) == 18


def test_an_empty_class_is_said_to_be(folder: Path) -> None:
    (folder / "bee").mkdir()
    samples = load(folder)

    assert samples.classes == ("cat", "dog", "owl")
    assert samples.notes == ("no images in: bee",)


class TestReading:
    """One file."""

    def read(self, path: Path, pixels: int = 4, colour: str = "rgb") -> np.ndarray:
        return ImageReader(pixels, colour).read(path)  # type: ignore[arg-type]

    def read_or_refuse(self, path: Path) -> None:
        """Anything but a DataError, which names the file, is an error of this program."""
        with contextlib.suppress(DataError):
            assert self.read(path).shape == (3, 4, 4)

    @pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "gif", "bmp", "tiff", "ppm"])
    def test_formats(self, tmp_path: Path, suffix: str) -> None:
        pixels = np.zeros((16, 16, 3))
        pixels[:, :, 1] = 200
        path = save(tmp_path / f"a.{suffix}", pixels)
        assert np.abs(self.read(path).astype(int) - [[[0]], [[200]], [[0]]]).max() < 12

    def test_a_wrong_suffix_does_not_matter(self, tmp_path: Path) -> None:
        path = save(tmp_path / "a.png", np.full((8, 8), 90))
        assert (self.read(path.rename(tmp_path / "a.jpg")) == 90).all()

    def test_it_is_upright_as_the_camera_meant_it(self, tmp_path: Path) -> None:
        pixels = np.zeros((8, 8))
        pixels[0] = 255  # the uppermost row of the file, which belongs to the right of the picture
        exif = Image.Exif()
        exif[0x0112] = 6
        path = save(tmp_path / "a.png", pixels, exif=exif)
        upright = self.read(path, 8, "grey")[0]
        assert (upright[:, 7] == 255).all()
        assert (upright[:, :7] == 0).all()

    def test_what_is_transparent_is_white(self, tmp_path: Path) -> None:
        pixels = np.zeros((8, 8, 4))
        pixels[:4, :, 3] = 255
        read = self.read(save(tmp_path / "a.png", pixels), 8, "grey")[0]
        assert (read[:4] == 0).all()
        assert (read[4:] == 255).all()

    def test_sixteen_bits_are_scaled_to_eight(self, tmp_path: Path) -> None:
        pixels = np.full((8, 8), 30_000, dtype=np.uint16)
        Image.fromarray(pixels).save(tmp_path / "a.png")
        assert (self.read(tmp_path / "a.png") == 30_000 >> 8).all()

    def test_a_palette(self, tmp_path: Path) -> None:
        image = Image.fromarray(np.full((8, 8, 3), 120, dtype=np.uint8)).quantize(4)
        image.save(tmp_path / "a.png")
        assert (self.read(tmp_path / "a.png") == 120).all()

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"", "not an image"),
            (b"\x89PNG\r\n\x1a\n", "not an image"),
            (b"MZ\x90\x00 a program", "not an image"),
            (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not an image"),
            (png_of(10, 10), "damaged"),
            (png_of(20_000, 20_000), "pixels"),
            (png_of(9000, 9000), "9,000×9,000 pixels are too many"),
        ],
        ids=["empty", "head", "program", "postscript", "truncated", "bomb", "large"],
    )
    @pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
    def test_a_bad_file(self, tmp_path: Path, content: bytes, says: str) -> None:
        path = tmp_path / "bad.png"
        path.write_bytes(content)
        with pytest.raises(DataError) as caught:
            self.read(path)
        assert str(path) in str(caught.value)
        assert says in str(caught.value)

    @pytest.mark.filterwarnings("ignore::UserWarning")
    @pytest.mark.parametrize("format", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"])
    def test_a_file_that_is_cut_short_anywhere_is_refused_or_read(self, tmp_path: Path, format: str) -> None:
        whole = io.BytesIO()
        pixels = np.random.default_rng(0).integers(0, 255, (20, 20, 3)).astype(np.uint8)
        Image.fromarray(pixels).save(whole, format)
        content = whole.getvalue()
        path = tmp_path / "cut"
        for length in range(0, len(content) - 3, max(1, len(content) // 60)):
            path.write_bytes(content[:length])
            self.read_or_refuse(path)  # a reader may forgive what lacks nothing but its end

    @pytest.mark.filterwarnings("ignore::UserWarning")
    @pytest.mark.parametrize("format", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"])
    def test_a_file_with_flipped_bytes_is_refused_or_read(self, tmp_path: Path, format: str) -> None:
        whole = io.BytesIO()
        generator = np.random.default_rng(0)
        Image.fromarray(generator.integers(0, 255, (20, 20, 3)).astype(np.uint8)).save(whole, format)
        path = tmp_path / "flipped"
        for _ in range(60):
            content = bytearray(whole.getvalue())
            for place in generator.integers(len(content), size=3):
                content[place] ^= int(generator.integers(1, 256))
            path.write_bytes(content)
            self.read_or_refuse(path)

    def test_what_is_no_file_is_not_waited_for(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(DataError, match="not a file"):
            check_image(tmp_path / "pipe")
        (tmp_path / "nowhere").symlink_to(tmp_path / "none")
        with pytest.raises(DataError, match="No such file"):
            check_image(tmp_path / "nowhere")


class TestBroken:
    """A folder with files that are no images."""

    def test_the_first_is_named(self, folder: Path) -> None:
        (folder / "dog" / "notes.jpg").write_text("two dogs")
        (folder / "owl" / "a.heic").write_bytes(b"\0" * 100)
        error = refusal(folder)

        assert error.field == "broken"
        assert str(folder / "dog" / "notes.jpg") in str(error)
        assert "(and others)" in str(error)
        assert "data.broken: skip" in str(error)

    def test_they_are_skipped_if_asked(self, folder: Path) -> None:
        (folder / "cat" / "0.png").write_bytes(b"")
        (folder / "owl" / "a.heic").write_bytes(b"\0" * 100)
        samples = load(folder, broken="skip")

        assert samples.y.tolist() == [0] * 5 + [1] * 6 + [2] * 6
        assert samples.notes == ("2 of 19 files are damaged or no images, and left out: 0.png, a.heic",)
        assert samples.x[:].max(axis=(1, 2, 3)).min() > 0  # no black ones in their place

    def test_a_class_of_which_nothing_is_left(self, folder: Path) -> None:
        for path in (folder / "dog").iterdir():
            path.write_bytes(b"")
        assert "class 'dog' has no image that can be read" in str(refusal(folder, broken="skip"))

    def test_a_border_moves_with_what_is_left_out(self, tmp_path: Path) -> None:
        draw_images(tmp_path / "train", each=4)
        draw_images(tmp_path / "val", each=3)
        (tmp_path / "train" / "dark" / "0.png").write_bytes(b"")
        (tmp_path / "val" / "dark" / "0.png").write_bytes(b"")
        samples = load(tmp_path, broken="skip")
        assert (len(samples.y), samples.validation_from) == (12, 7)


@pytest.mark.parametrize(
    ("made", "says"),
    [
        ((), "no folders in it; put the images of each class into a folder of its own"),
        (("cat/",), "images of two classes at least are needed, and there are no files in them"),
        (("cat/a.png",), "images of two classes at least are needed, and only 'cat' has files"),
        (("cat/a.png", "dog/"), "only 'cat' has files"),
    ],
    ids=str,
)
def test_a_folder_that_is_laid_out_otherwise(tmp_path: Path, made: tuple[str, ...], says: str) -> None:
    for name in made:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        if name.endswith("/"):
            (tmp_path / name).mkdir(exist_ok=True)
        else:
            save(tmp_path / name, np.zeros((4, 4)))
    error = refusal(tmp_path)
    assert error.field == "folder"
    assert str(error) == f"{tmp_path}: {says}" or str(error).endswith(says)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert "no such folder" in str(refusal(tmp_path / "none"))
    assert "no such user" in str(refusal(Path("~nobody-of-this-name/images")))
    with pytest.raises(DataError, match="name the folder"):
        Images().load(0)


def test_images_that_do_not_fit_in_memory_are_the_same(folder: Path) -> None:
    whole, as_bytes, from_files = (load(folder, pixels=8, memory=memory).x for memory in (1.0, 4e-6, 0.0))

    assert isinstance(whole, np.ndarray)
    assert isinstance(as_bytes, ByteInputs)
    assert isinstance(from_files, ImageFiles)
    for lazy in (as_bytes, from_files):
        assert isinstance(lazy, LazyInputs)
        assert (lazy.shape, len(lazy)) == (whole.shape, len(whole))
        assert lazy[:].dtype == np.float32
        for some in (slice(2, 5), np.array([7, 0, 7]), 3):
            assert np.array_equal(lazy[some], whole[some])
        assert np.array_equal(lazy.read(np.array([4, 1])), whole[[4, 1]])
