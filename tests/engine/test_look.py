"""A look at data, for every kind of it: what it counts, what it never looks at, what it says of data that is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.engine.test_every_choice import FILES, SUITS
from tui_trainer.choices.data import DataSet
from tui_trainer.engine.answers import answer
from tui_trainer.engine.describe import describe
from tui_trainer.engine.look import look
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.runs.data_look import DataLook

MOST_BYTES = 150_000


def seen(mapping: dict[str, Any]) -> DataLook:
    """As whoever asked a worker reads it."""
    said = json.dumps(look(mapping), allow_nan=False)
    assert len(said) < MOST_BYTES
    return DataLook.read(json.loads(said))


def mapping_of(kind: str, folder: Path) -> dict[str, Any]:
    suited = dict(SUITS.get(f"data.{kind}", {}))
    suited["data"] = {**suited.get("data", {}), "kind": kind}
    if kind in FILES:
        name, files = FILES[kind]
        suited["data"][name] = str(files(folder))
    return suited


@pytest.mark.parametrize("kind", DataSet.kinds())
def test_every_kind_of_data_can_be_looked_at(kind: str, tmp_path: Path) -> None:
    found = seen(mapping_of(kind, tmp_path))
    assert not found.problems
    assert found.parts["train"] > 0
    assert found.parts["validation"] > 0
    assert found.rows >= sum(found.parts.values())
    assert found.samples
    assert bool(found.members) == (found.numbers is None)
    if found.form == "text":
        assert all(sample.text for sample in found.samples)
    else:
        assert found.columns
        assert all(column.low <= column.mean <= column.high for column in found.columns)
        assert found.points
        assert len(found.points.axes) >= 2
    if found.form == "images":
        assert all(sample.image for sample in found.samples)
    if found.form == "sequences":
        assert all(sample.curves for sample in found.samples)
    if found.counted == "class":
        shown = {sample.label for sample in found.samples}
        assert len(shown) == min(len(found.samples), found.all_members), "every class comes in turn"


def table(folder: Path, text: str) -> dict[str, Any]:
    (folder / "some.csv").write_text(text)
    return {"data": {"kind": "csv", "file": str(folder / "some.csv"), "target": "y"}}


def test_figures_are_those_of_the_file(tmp_path: Path) -> None:
    rows = "\n".join(f"{2 * i},7,{'' if i % 10 == 0 else i / 2},{i % 2}" for i in range(100))
    mapping = table(tmp_path, f"a,b,c,y\n{rows}\n")
    mapping["data"]["fill"] = "mean"
    found = seen(mapping)
    columns = {column.name: column for column in found.columns}
    assert (columns["a"].low, columns["a"].high, columns["a"].mean) == (0, 198, 99)
    assert columns["b"].constant
    assert columns["c"].missing == found.missing_rows == 10
    assert found.rows == 100
    assert sum(columns["a"].bars) == 100


def test_every_sample_is_on_one_of_the_pages(tmp_path: Path) -> None:
    mapping = table(tmp_path, "a,y\n" + "".join(f"{i},{'yes' if i % 5 else 'no'}\n" for i in range(100)))
    pages = [DataLook.read(look(mapping, page)) for page in range(3)]
    assert [(it.samples_from, len(it.samples), it.samples_of) for it in pages] == [
        (0, 40, 100),
        (40, 40, 100),
        (80, 20, 100),
    ]
    assert sorted(sample.row for it in pages for sample in it.samples) == list(range(100))
    assert {sample.target for sample in pages[0].samples} == {"yes", "no"}
    assert DataLook.read(look(mapping, 3)).samples == pages[0].samples
    assert DataLook.read(look(mapping, -1)).samples == pages[2].samples


def test_a_text_shows_other_passages(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text(" ".join(str(number) for number in range(3000)))
    mapping = {"data": {"kind": "text", "file": str(path), "length": 32}, "model": "transformer"}
    first, second = (DataLook.read(look(mapping, page)) for page in range(2))
    assert not {it.text for it in first.samples} & {it.text for it in second.samples}


@pytest.mark.parametrize(
    "question", [{}, {"experiment": {}}, {"experiment": 1, "page": 1}, {"experiment": {}, "page": "2"}]
)
def test_a_question_for_samples_must_say_of_what_and_which(question: dict[str, Any]) -> None:
    said = answer({"id": 7, "samples": question}, lambda progress: None)
    assert said["id"] == 7
    assert "number of a page" in said["errors"][0]["message"]
    assert answer({"samples": {"experiment": {}, "page": 1}}, lambda progress: None)["look"]["samples_from"] == 40


def test_columns_that_tell_nothing_are_named_with_the_cure(tmp_path: Path) -> None:
    rows = "\n".join(
        f"{i % 9},7,same,{i if i in (4, 44) else ''},{'x' if i in (5, 55) else ''},{'ab'[i % 2]},{i % 2}"
        for i in range(100)
    )
    mapping = table(tmp_path, f"a,stuck,word,gap,text,colour,y\n{rows}\n")
    mapping["data"] |= {"fill": "mean", "fill_text": "category"}
    constant = "stuck, word never vary in training: put them into exclude"
    missing = "gap, text: nearly all missing in training: put them into exclude"
    assert seen(mapping).notes[:2] == (constant, missing)
    described = describe(mapping)
    assert {constant, missing} <= set(described["notes"])
    assert "stuck" in described["features"], "nothing is left out silently"

    mapping["data"]["exclude"] = ["stuck", "word", "gap", "text"]
    assert not [note for note in seen(mapping).notes if "into exclude" in note]
    assert "excluded: stuck, word, gap, text" in seen(mapping).notes


def test_what_varies_only_in_validation_is_named_too(tmp_path: Path) -> None:
    rows = "\n".join(f"{i},{int(i >= 80)},{i % 2}" for i in range(100))
    mapping = table(tmp_path, f"when,late,y\n{rows}\n")
    mapping["data"] |= {"split": "time", "time": "when"}
    assert "late never varies in training: put it into exclude" in seen(mapping).notes
    mapping["data"]["window"] = 3
    assert "late never varies in training: put it into exclude" in seen(mapping).notes


def test_the_test_part_is_counted_and_not_looked_at(tmp_path: Path) -> None:
    rows = [f"{i},{i % 2}" for i in range(100)]
    mapping = table(tmp_path, "\n".join(["a,y", *rows]))
    mapping["data"]["test_share"] = 0.2
    found = seen(mapping)
    assert found.parts["test"] == 20
    assert found.looked_at == 80
    assert sum(found.columns[0].bars) == 80
    assert sum(it.train + it.validation for it in found.members) == 80


def test_data_that_cannot_be_split_is_shown_with_the_reason(tmp_path: Path) -> None:
    labels = np.array(["rare" if i == 7 else "common" for i in range(50)])
    np.savez(tmp_path / "some.npz", x=np.random.default_rng(0).normal(size=(50, 2)), y=labels)
    found = seen({"data": {"kind": "npz", "file": str(tmp_path / "some.npz")}})
    assert found.problems
    assert "rare" in found.problems[0][1]
    assert {it.name: it.train for it in found.members} == {"common": 49, "rare": 1}
    assert found.columns


@pytest.mark.parametrize("text", ["", "a,y\n", "a,y\n1,inf\n2,3\n"])
def test_data_that_cannot_be_read_says_why(text: str, tmp_path: Path) -> None:
    with pytest.raises(ExperimentError, match=r"data"):
        look(table(tmp_path, text))


def test_many_features_stay_a_short_answer(tmp_path: Path) -> None:
    x = np.random.default_rng(0).normal(size=(3000, 500)).astype(np.float32)
    np.savez(tmp_path / "wide.npz", x=x, y=np.arange(3000) % 3)
    found = seen({"data": {"kind": "npz", "file": str(tmp_path / "wide.npz")}})
    assert found.all_columns == 500
    assert len(found.columns) < 500
