"""What is downloaded once: whole or not at all, whoever else is at it, and with a word on what went wrong."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.mirror import Mirror, serving
from tui_trainer.choices.data import DataError, Digits, FashionMnist, Mnist, lacking

IMAGES, LABELS = "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"
NOWHERE = "http://127.0.0.1:1/"
"""A port that nothing listens on."""

PATIENCE = 30.0


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder into which MNIST is downloaded."""
    monkeypatch.setenv("TUI_TRAINER_CACHE", str(tmp_path))
    return tmp_path / "mnist"


@pytest.fixture
def mirror(cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    with serving() as mirror:
        mirror.publish(monkeypatch)
        yield mirror


def fetch() -> list[tuple[int, int]]:
    """Downloads what is missing, and returns how that went on."""
    said: list[tuple[int, int]] = []
    Mnist().fetch(lambda done, total: said.append((done, total)))
    return said


def refusal() -> str:
    with pytest.raises(DataError) as caught:
        fetch()
    assert caught.value.field == "folder"
    return str(caught.value)


def files_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.name != ".lock"}


def test_it_is_downloaded_once(mirror: Mirror, cache: Path) -> None:
    missing = Mnist().missing()
    assert missing
    assert (missing.what, missing.folder) == ("mnist", cache)
    assert f"http://{missing.host}" == mirror.address
    assert missing.bytes == sum(map(len, mirror.files.values()))

    said = fetch()
    assert said == sorted(said)
    assert said[-1] == (missing.bytes, missing.bytes)
    assert Mnist().missing() is None
    assert files_in(cache) == set(mirror.files)
    samples = Mnist().load(0)
    assert len(samples.y) == 60
    assert samples.validation_from == 40

    fetch()
    assert mirror.asked == list(mirror.files)


def test_nothing_is_downloaded_by_loading(mirror: Mirror, cache: Path) -> None:
    with pytest.raises(DataError, match="starting a run downloads it") as caught:
        Mnist().load(0)
    assert str(cache) in str(caught.value)
    assert mirror.asked == []


def test_what_is_there_already_is_not_downloaded(mirror: Mirror, cache: Path) -> None:
    cache.mkdir(parents=True)
    (cache / IMAGES).write_bytes(mirror.files[IMAGES])
    (cache / LABELS.removesuffix(".gz")).write_bytes(b"unpacked by somebody")
    fetch()

    assert not {IMAGES, LABELS} & set(mirror.asked)


def test_a_file_with_another_checksum(mirror: Mirror, cache: Path) -> None:
    mirror.files[IMAGES] = bytes(len(mirror.files[IMAGES]))
    said = refusal()

    assert "it is not the file that was published" in said
    assert f"asked for: {mirror.address}/mnist/{IMAGES}" in said
    assert files_in(cache) == set()


def test_a_file_that_is_not_there(mirror: Mirror, cache: Path) -> None:
    del mirror.files[LABELS]
    said = refusal()

    assert "the server says 404" in said
    assert files_in(cache) == {IMAGES}  # which is whole, and need not come again
    assert f"into {cache}" in said


def test_a_connection_that_breaks_off(mirror: Mirror, cache: Path) -> None:
    mirror.cut_off.add(IMAGES)
    assert "the connection broke off" in refusal()
    assert files_in(cache) == set()

    mirror.cut_off.clear()
    fetch()
    assert Mnist().missing() is None


def test_a_file_that_never_ends(mirror: Mirror, cache: Path) -> None:
    mirror.endless.add(IMAGES)
    assert "it is not the file that was published" in refusal()
    assert files_in(cache) == set()


def test_without_a_network_it_says_where_to_put_the_files(
    mirror: Mirror, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror.publish(monkeypatch, NOWHERE)
    said = refusal()

    assert said.startswith("set data.folder to a folder with ")
    assert "cannot be downloaded: no connection" in said
    assert f"asked for: {NOWHERE}{IMAGES}" in said
    assert all(name in said for name in mirror.files)
    assert f"into {cache}" in said


def test_the_next_address_is_asked_where_one_fails(mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    mirror.publish(monkeypatch, NOWHERE, f"{mirror.address}/elsewhere/")
    fetch()
    assert Mnist().missing() is None


def test_a_mirror_of_ones_own_is_asked_instead(mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    mirror.publish(monkeypatch, NOWHERE)
    monkeypatch.setenv("TUI_TRAINER_MIRROR", f"{mirror.address}/")
    fetch()
    assert Mnist().missing() is None


def test_whoever_is_told_of_progress_can_end_it(mirror: Mirror, cache: Path) -> None:
    class Enough(Exception):
        pass

    def stop(done: int, total: int) -> None:
        raise Enough

    with pytest.raises(Enough):
        Mnist().fetch(stop)
    assert files_in(cache) == set()


def test_what_a_killed_process_left_is_removed(mirror: Mirror, cache: Path) -> None:
    cache.mkdir(parents=True)
    (cache / "tmpabc123").write_bytes(b"half a file")
    fetch()
    assert files_in(cache) == set(mirror.files)


def test_a_cache_that_cannot_be_written(mirror: Mirror, cache: Path) -> None:
    cache.write_text("a file in its place")
    assert f"{cache}: cannot be written" in refusal()


CHILD = """
from tests.mirror import Mirror
from tui_trainer.choices.data import Mnist
import pytest, sys
mirror = Mirror(int(sys.argv[1]))
mirror.publish(pytest.MonkeyPatch())
Mnist().fetch(lambda done, total: None)
print(len(Mnist().load(0).y))
"""


def test_two_processes_at_once_download_each_file_once(mirror: Mirror, cache: Path) -> None:
    mirror.gate.clear()  # until both are at it
    root = Path(__file__).resolve().parents[2]
    port = mirror.address.rpartition(":")[2]
    command = [sys.executable, "-c", CHILD, port]
    children = [
        subprocess.Popen(command, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    until = time.monotonic() + PATIENCE
    while not mirror.asked:
        assert time.monotonic() < until
        time.sleep(0.02)
    mirror.gate.set()

    assert [child.communicate(timeout=PATIENCE)[0] for child in children] == [b"60\n", b"60\n"]
    assert sorted(mirror.asked) == sorted(mirror.files)
    assert files_in(cache) == set(mirror.files)


def test_some_classes_only(mirror: Mirror) -> None:
    fetch()
    samples = Mnist(classes=(3, 7)).load(0)

    assert samples.classes == ("3", "7")
    assert samples.y.tolist() == [0, 1] * 6
    assert samples.validation_from == 8


def test_the_outline_is_that_of_the_real_files(mnist: Path) -> None:
    outline, real = Mnist().outline(), Mnist(folder=str(mnist)).load(0)

    assert (outline.shape, outline.classes) == (real.shape, real.classes)
    assert (len(outline.y), outline.validation_from) == (70_000, 60_000)
    assert np.array_equal(np.bincount(outline.y[60_000:]), np.bincount(real.y[-10_000:]))
    assert outline.x.nbytes == 70_000 * 784 * 4
    assert outline.x.strides[0] == 0  # one number, in no memory
    few = Mnist(classes=(1, 2)).outline()
    assert few.validation_from == 6742 + 5958
    assert len(few.y) == few.validation_from + 1135 + 1032
    assert FashionMnist().outline().classes[9] == "ankle boot"


@pytest.mark.parametrize("address", ["http://[bad", "localhost:8000/sets", "example.org", "https://", "ftp://a.org"])
def test_a_mirror_that_is_no_address_is_refused_before_anything_is_asked(
    cache: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("TUI_TRAINER_MIRROR", address)
    with pytest.raises(DataError, match=r"^\$TUI_TRAINER_MIRROR must be an address such as https://example.org/data$"):
        Mnist().missing()
    assert lacking([Mnist(), Digits()]) == []


def test_the_password_of_a_mirror_is_in_no_message(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUI_TRAINER_MIRROR", NOWHERE.replace("//", "//me:secret@") + "sets")
    told = refusal()
    assert "secret" not in told
    assert f"(asked for: {NOWHERE}sets/mnist/{IMAGES})" in told


def test_a_cache_in_nobodys_home_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUI_TRAINER_CACHE", "~nobody-of-this-name/cache")
    with pytest.raises(DataError, match=r"^\$TUI_TRAINER_CACHE: ~nobody-of-this-name/cache: there is no such user"):
        Mnist().missing()


def test_what_several_lack_is_named_once(cache: Path) -> None:
    assert [it.what for it in lacking([Mnist(), Digits(), Mnist(train_samples=300), FashionMnist()])] == [
        "mnist",
        "fashion_mnist",
    ]


@pytest.mark.parametrize(
    ("address", "host"),
    [("https://me:secret@example.org/sets/", "example.org"), ("http://10.0.0.1:8000", "10.0.0.1:8000")],
)
def test_a_mirror_is_named_without_the_password(
    cache: Path, monkeypatch: pytest.MonkeyPatch, address: str, host: str
) -> None:
    monkeypatch.setenv("TUI_TRAINER_MIRROR", address)
    missing = Mnist().missing()
    assert missing
    assert missing.host == host
