"""The file of a picture: read whole or not at all."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from tests import pictures
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.picture import (
    LOOKED_SECONDS,
    is_looked_at,
    look_at,
    looked_file,
    picture_file,
    read_picture,
    write_picture,
)


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path)


def put(folder: RunFolder, content: Any) -> None:
    picture_file(folder).write_text(content if isinstance(content, str) else json.dumps(content))


@pytest.mark.parametrize("content", [*pictures.ALL.values(), pictures.plane(5)])
def test_what_is_written_is_read(folder: RunFolder, content: dict[str, Any]) -> None:
    write_picture(folder, content)
    picture = read_picture(folder)
    assert picture
    assert (picture.step, picture.epoch) == (content["step"], content["epoch"])
    for part in fields(picture)[4:]:
        assert (getattr(picture, part.name) is not None) == (part.name in content), part.name
    if picture.boundary:
        assert picture.boundary.classes == tuple(content["boundary"]["classes"])
        assert picture.boundary.confidence[0] == content["boundary"]["confidence"][0] / 100
        assert picture.boundary.train.predicted == tuple(content["boundary"]["train"]["predicted"])


def test_without_a_file_there_is_no_picture(folder: RunFolder) -> None:
    assert read_picture(folder) is None
    assert read_picture(RunFolder(folder.path / "gone")) is None


def test_a_picture_replaces_the_one_before_as_a_whole(folder: RunFolder) -> None:
    write_picture(folder, pictures.plane(step=1))
    write_picture(folder, pictures.images())
    picture = read_picture(folder)
    assert picture
    assert picture.boundary is None
    assert picture.step == 900
    assert [path.name for path in folder.path.iterdir()] == ["picture.json"]


def test_a_number_that_is_not_finite_is_not_written(folder: RunFolder) -> None:
    with pytest.raises(ValueError, match="JSON"):
        write_picture(folder, {**pictures.plane(), "epoch": float("nan")})
    assert not picture_file(folder).exists()


def changed(*path: str | int, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(content: dict[str, Any]) -> None:
        place: Any = content
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = to

    return change


DAMAGE = {
    "another version": changed("v", to=2),
    "no step": changed("step", to=None),
    "a negative step": changed("step", to=-1),
    "an epoch that is no number": changed("epoch", to="12"),
    "an epoch without end": changed("epoch", to=float("inf")),
    "no such class in a cell": changed("boundary", "classes", 5, to=2),
    "a class that is half": changed("boundary", "classes", 5, to=0.5),
    "more than sure": changed("boundary", "confidence", 0, to=101),
    "too few cells": changed("boundary", "rows", to=pictures.SIZE + 1),
    "a plane without cells": changed("boundary", "columns", to=0),
    "a plane without end": changed("boundary", "columns", to=10**9),
    "an axis without extent": changed("boundary", "x", to=[1.0, 1.0]),
    "a point without a place": changed("boundary", "train", "x", to=[0.1]),
    "a point that is nowhere": changed("boundary", "train", "x", 0, to=float("nan")),
    "a matrix that is no square": changed("confusion", "counts", 0, to=[1]),
    "more confusions than samples": changed("confusion", "totals", to=[0, 0]),
    "a point beyond all measure": changed("boundary", "train", "x", 0, to=1e308),
    "a mistake of no class": changed("mistakes", "worst", 0, "true", to=7),
    "mistakes that are no list": changed("mistakes", "worst", to={"true": 1}),
    "classes that are no list": changed("classes", to="ab"),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_file_is_no_picture(folder: RunFolder, damage: Callable[[dict[str, Any]], None]) -> None:
    content = pictures.plane()
    damage(content)
    put(folder, content)
    assert read_picture(folder) is None


def without_a_layer(content: dict[str, Any]) -> None:
    samples = content["attention"]["samples"]
    samples.append({**samples[0], "layers": samples[0]["layers"][1:]})


def without_bars(content: dict[str, Any]) -> None:
    content["anomaly"] |= {"train": [], "validation": []}


OTHER_DAMAGE: dict[str, tuple[str, Callable[[dict[str, Any]], None]]] = {
    "a weight beyond the largest": ("convolutions", changed("filters", "layers", 0, "kernels", 0, 0, 0, to=101)),
    "a weight that is half": ("convolutions", changed("filters", "layers", 0, "kernels", 0, 0, 0, to=0.5)),
    "a weight that is true": ("convolutions", changed("filters", "layers", 0, "kernels", 0, 0, 0, to=True)),
    "kernels of no size": ("convolutions", changed("filters", "layers", 0, "shape", to=[2, 3])),
    "a unit without kernels": ("convolutions", changed("filters", "layers", 0, "kernels", 0, to=[])),
    "a layer without units": ("convolutions", changed("filters", "layers", 0, "kernels", to=[])),
    "maps without end": ("convolutions", changed("maps", "layers", 0, "shape", to=[10**6, 10**6])),
    "maps of no class": ("convolutions", changed("maps", "sample", "true", to=10)),
    "maps of no layer": ("convolutions", changed("maps", "layers", to=[])),
    "attention of more than all": ("written", changed("attention", "samples", 0, "layers", 0, "heads", 0, 0, to=101)),
    "attention to nothing": ("written", changed("attention", "samples", 0, "layers", 0, "keys", to=[])),
    "attention without a head": ("written", changed("attention", "samples", 0, "layers", 0, "heads", to=[])),
    "attention without a layer": ("written", changed("attention", "samples", 0, "layers", to=[])),
    "attention of no sample": ("written", changed("attention", "samples", to=[])),
    "attention of other layers in a later sample": ("written", without_a_layer),
    "maps of no channel": ("convolutions", changed("maps", "layers", 0, "maps", to=[])),
    "maps of no size": ("convolutions", changed("maps", "layers", 0, "shape", to=[0, 0])),
    "errors in a range beyond all measure": ("reconstructed", changed("anomaly", "range", to=[-1.7e308, 1.7e308])),
    "errors without a bar": ("reconstructed", without_bars),
    "a text that is none": ("written", changed("text", "samples", 0, "text", to=5)),
    "a text that was never written": ("written", changed("text", "samples", 0, "epoch", to=None)),
    "a reconstruction of another size": (
        "reconstructed",
        changed("reconstruction", "samples", 0, "output", "shape", to=[4, 16]),
    ),
    "an error that is none": ("reconstructed", changed("reconstruction", "samples", 0, "error", to="large")),
    "errors without a range": ("reconstructed", changed("anomaly", "range", to=[1.0, 1.0])),
    "bars for one part only": ("reconstructed", changed("anomaly", "validation", to=[1])),
    "no bars": ("reconstructed", changed("anomaly", "train", to=[])),
    "a place of no class": ("reconstructed", changed("latent", "classes", 0, to=10)),
    "places without a class": ("reconstructed", changed("latent", "classes", to=[1])),
    "a reconstruction of other values": (
        "reconstructed rows",
        changed("reconstruction", "samples", 0, "output", "values", to=[1.0]),
    ),
    "more right than asked": ("answered", changed("sequences", "right", to=181)),
    "a forecast of other steps": ("forecast", changed("forecasts", "samples", 0, "predicted", to=[1.0])),
    "no forecasts": ("forecast", changed("forecasts", "samples", to=[])),
    "a surface without extent": ("hills", changed("surface", "reach", to=0)),
    "a surface with too few cells": ("hills", changed("surface", "values", to=[0])),
    "points without a target": ("hills", changed("surface", "train", "targets", to=[0])),
}


@pytest.mark.parametrize(("kind", "damage"), OTHER_DAMAGE.values(), ids=OTHER_DAMAGE)
def test_other_damage_is_found(folder: RunFolder, kind: str, damage: Callable[[dict[str, Any]], None]) -> None:
    content = deepcopy(pictures.ALL[kind])
    damage(content)
    put(folder, content)
    assert read_picture(folder) is None


def test_texts_are_cleaned_line_by_line(folder: RunFolder) -> None:
    content = pictures.written()
    content["text"]["samples"][0]["text"] = "one\n\x1b[2Jtwo\x9b31m"
    content["text"]["prompt"] = "\x1b]0;owned\x07"
    content["attention"]["samples"][0]["layers"][0]["keys"][0] = "\u202e"
    put(folder, content)
    picture = read_picture(folder)
    assert picture
    assert picture.text
    assert picture.text.samples[0].lines == ("one", "[2Jtwo31m")
    assert picture.text.prompt == "]0;owned"
    assert picture.attention
    assert picture.attention.samples[0].layers[0].keys[0] == ""


@pytest.mark.parametrize(
    "damage",
    [
        changed("mistakes", "worst", 0, "image", 0, to=256),
        changed("mistakes", "worst", 0, "shape", to=[8, 9]),
        changed("mistakes", "worst", 0, "shape", to=[10**6, 10**6]),
        changed("mistakes", "worst", 0, "top", to=[[99, 0.5]]),
    ],
)
def test_a_damaged_image_is_no_picture(folder: RunFolder, damage: Callable[[dict[str, Any]], None]) -> None:
    content = pictures.images()
    damage(content)
    put(folder, content)
    assert read_picture(folder) is None


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"v": 1}', "[" * 100_000, "\x00", '{"v":1,"step":1,"epoch":1' + " " * 5_000_000 + "}"],
    ids=["nothing", "cut off", "a list", "null", "no step", "too deep", "no text", "too long"],
)
def test_a_file_that_says_something_else_is_no_picture(folder: RunFolder, text: str) -> None:
    put(folder, text)
    assert read_picture(folder) is None


def test_a_link_is_no_picture(folder: RunFolder, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text(json.dumps(pictures.plane()))
    picture_file(folder).symlink_to(elsewhere)
    assert read_picture(folder) is None


def test_names_are_cleaned(folder: RunFolder) -> None:
    put(folder, {**pictures.plane(), "classes": ["\x1b]0;owned\x07", "b\nc"], "features": ["\x9b31mx", "y"]})
    picture = read_picture(folder)
    assert picture
    assert picture.classes == ("]0;owned", "b c")
    assert picture.features == ("31mx", "y")


def test_somebody_who_looks_is_seen_for_a_while(folder: RunFolder) -> None:
    assert not is_looked_at(folder)
    look_at(folder)
    assert is_looked_at(folder)
    long_ago = time.time() - LOOKED_SECONDS - 1
    os.utime(looked_file(folder), (long_ago, long_ago))
    assert not is_looked_at(folder)
    look_at(folder)
    assert is_looked_at(folder)


def test_a_run_that_is_gone_bears_to_be_looked_at(tmp_path: Path) -> None:
    look_at(RunFolder(tmp_path / "gone"))
    assert list(tmp_path.iterdir()) == []
