"""Texts of one's own."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tui_trainer.choices.data import DataError, Samples, Text


def load(folder: Path, content: str | bytes, **fields: Any) -> Samples:
    path = folder / "prose.txt"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return Text(file=str(path), **fields).load(0)


def refusal(path: Path, **fields: Any) -> str:
    with pytest.raises(DataError) as caught:
        Text(file=str(path), **fields).load(0)
    return str(caught.value).replace(f"{path.parent}/", "")


def test_each_place_asks_for_the_character_that_follows(tmp_path: Path) -> None:
    samples = load(tmp_path, "abcabcabcabca", length=4)

    assert samples.vocabulary == ("a", "b", "c")
    assert samples.x.tolist() == [[0, 1, 2, 0], [1, 2, 0, 1], [2, 0, 1, 2]]
    assert samples.y.tolist() == [[1, 2, 0, 1], [2, 0, 1, 2], [0, 1, 2, 0]]
    assert samples.x.dtype == samples.y.dtype == np.int64
    assert samples.task == "language"
    assert samples.ordered
    assert samples.outputs == 3
    assert samples.notes == ("13 characters, 3 different ones",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_the_encoding_is_found_out(tmp_path: Path, encoding: str) -> None:
    samples = load(tmp_path, ("나는 학교에 간다. " * 4).encode(encoding), length=8)
    assert set(samples.vocabulary) == set("나는 학교에 간다.")


def test_the_encoding_can_be_named(tmp_path: Path) -> None:
    assert "é" in load(tmp_path, ("café " * 9).encode("latin-1"), length=8, encoding="latin-1").vocabulary


def test_characters_beyond_the_first_plane_are_single_ones(tmp_path: Path) -> None:
    assert load(tmp_path, "a🙂b" * 9, length=8).vocabulary == ("a", "b", "🙂")


def test_a_text_that_is_too_short(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text("short")
    assert refusal(tmp_path / "t.txt", length=64) == (
        "t.txt: 5 characters, and 2 pieces of 64 take 129; take a longer text, or a smaller length"
    )


@pytest.mark.parametrize(
    ("content", "fields", "says"),
    [
        (b"", {}, "t.txt: empty"),
        (b"a" * 1000, {}, "t.txt: nothing but 'a'"),
        (b"text\nand\0more" * 20, {}, "t.txt:2: not text: it holds a zero byte"),
        (
            "café\n".encode("latin-1") * 90,
            {"encoding": "utf-8"},
            "t.txt:1: not text in utf-8; name another one, or auto",
        ),
        (b"text " * 90, {"encoding": "nonsense"}, "there is no encoding 'nonsense'"),
    ],
)
def test_what_is_no_text(tmp_path: Path, content: bytes, fields: dict[str, Any], says: str) -> None:
    (tmp_path / "t.txt").write_bytes(content)
    assert says in refusal(tmp_path / "t.txt", **fields)


def test_what_is_no_file(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.txt") == "none.txt: no such file"
    assert "a folder; name a file in it" in refusal(tmp_path)
    os.mkfifo(tmp_path / "pipe.txt")
    assert "a pipe or device" in refusal(tmp_path / "pipe.txt")


def test_two_gigabytes_are_refused_before_they_are_read(tmp_path: Path) -> None:
    with (tmp_path / "t.txt").open("wb") as big:
        big.truncate(2_000_000_000)
    assert refusal(tmp_path / "t.txt") == "t.txt: 2 GB, and at most 100 MB can be read; take a part of it"
