"""What is looked at before training: of every shape of data, and of large data only a part."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.engine.laboratory import small
from tests.images import draw_images
from tui_trainer.choices.data import DataError, DataSet
from tui_trainer.choices.data.image_files import ImageFiles
from tui_trainer.engine.facts import MOST_CELLS, MOST_FEATURES, data_facts, feature_scores
from tui_trainer.engine.prepare import prepare

GENERATED = [kind for kind, cls in DataSet.kinds().items() if cls.generated]


def facts(**data: Any) -> dict[str, Any]:
    return data_facts(prepare(small(data=data)))


def scores_one_by_one(x: np.ndarray, y: np.ndarray, asked: np.ndarray, answers: np.ndarray) -> list[float]:
    """The same, feature by feature: bins of as many rows each, whose commonest class is the guess."""
    bins = min(64, max(2, len(x) // 8))
    places = np.linspace(0, len(x) - 1, bins + 1).astype(int)[1:-1]
    scores = []
    for feature in range(x.shape[1]):
        edges = np.sort(x[:, feature])[places]
        seen, wanted = (np.searchsorted(edges, column[:, feature], side="left") for column in (x, asked))
        guesses = [int(np.bincount(y[seen == cell], minlength=1).argmax()) for cell in range(bins)]
        scores.append(float(np.mean([guesses[cell] == answer for cell, answer in zip(wanted, answers, strict=True)])))
    return scores


@pytest.mark.parametrize("kind", GENERATED)
def test_every_shape_of_data_has_facts(kind: str) -> None:
    few = {"samples": 60} if "samples" in DataSet.kinds()[kind].model_fields else {}
    said = facts(kind=kind, **few)

    assert said["rows_compared"] > 0
    assert 0 <= said["repeated_rows"] <= said["rows_compared"]
    samples = DataSet.pick(kind).load(0)
    assert ("best_feature" in said) == (bool(samples.features) and len(samples.shape) == 1)


@pytest.mark.parametrize(("features", "classes"), [(4, 3), (3, 200)])
def test_the_scores_of_features(features: int, classes: int) -> None:
    draw = np.random.default_rng(0)
    y, answers = draw.integers(classes, size=300), draw.integers(classes, size=200)
    x, asked = (draw.normal(size=(len(it), features)).astype(np.float32) for it in (y, answers))
    x[:, 1], asked[:, 1] = y, answers

    scores = feature_scores(x, y, asked, answers)
    assert scores == pytest.approx(scores_one_by_one(x, y, asked, answers))
    assert scores.argmax() == 1


def test_ten_thousand_features_and_a_thousand_classes_take_no_memory_for_all_their_pairs() -> None:
    import tracemalloc

    draw = np.random.default_rng(0)
    x = draw.random((200, MOST_FEATURES), dtype=np.float32)
    y = draw.integers(1000, size=200)
    tracemalloc.start()
    feature_scores(x, y, x, y)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert MOST_CELLS // MOST_FEATURES <= 200
    assert peak < 500e6  # a count for each bin, feature and class would take 2 GB


def test_images_in_files_are_not_read_for_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = draw_images(tmp_path)
    data = prepare(small(data={"kind": "images", "folder": str(folder), "memory": 0.0}))
    monkeypatch.setattr(ImageFiles, "__getitem__", lambda *_: pytest.fail("read"))
    monkeypatch.setattr(ImageFiles, "read", lambda *_: pytest.fail("read"))

    said = data_facts(data)
    assert said["rows_compared"] == 0
    assert sum(said["class_counts"]) == len(data.split.train)


def test_images_that_are_kept_as_bytes_are_compared(tmp_path: Path) -> None:
    folder = draw_images(tmp_path, each=10)
    for number in range(1, 10):
        (folder / "dark" / f"{number}.png").write_bytes((folder / "dark" / "0.png").read_bytes())
    said = facts(kind="images", folder=str(folder), memory=2e-4)

    assert said["rows_compared"] == 4
    assert said["repeated_rows"] == 2


def test_a_folder_that_is_wrong_is_a_problem_of_the_data(tmp_path: Path) -> None:
    with pytest.raises(DataError):
        facts(kind="images", folder=str(tmp_path))
