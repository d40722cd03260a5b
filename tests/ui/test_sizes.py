"""What samples, targets and networks are called in a few words."""

from __future__ import annotations

import pytest

from tui_trainer.ui.laboratory.sizes import Sizes, outline_in_words, sample_in_words, target_in_words


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        (Sizes(shape=(1, 28, 28), features=784), "28×28 grey"),
        (Sizes(shape=(3, 32, 32), features=3072), "32×32 colour"),
        (Sizes(shape=(4, 8, 8), features=256), "8×8 4 channels"),
        (Sizes(shape=(50, 1), features=50), "sequences of 50×1"),
        (Sizes(shape=(13,), features=13), "13 features"),
        (Sizes(shape=(1,), features=1), "1 feature"),
        (Sizes(shape=(64,), features=64, vocabulary=62, task="language"), "text, 62 characters"),
        (Sizes(shape=(17,), features=17, vocabulary=12, task="translation"), "text, 12 tokens"),
        (Sizes(), "…"),
    ],
)
def test_samples(sizes: Sizes, words: str) -> None:
    assert sample_in_words(sizes).startswith(words)


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        (Sizes(task="classification", classes=10, target="class"), "10 classes"),
        (Sizes(task="regression", classes=0, target="price"), "predicts price"),
        (Sizes(task="regression", classes=0, target="target"), "predicts a number"),
        (Sizes(task="language"), "predicts the next one"),
        (Sizes(task="reconstruction", classes=10), "rebuilds its input"),
        (Sizes(), "…"),
    ],
)
def test_targets(sizes: Sizes, words: str) -> None:
    assert target_in_words(sizes) == words


def test_outlines_are_cut_in_the_middle() -> None:
    outline = [(784,), *[(100,)] * 6, (10,)]
    assert outline_in_words(outline, 40) == "784 → 6 × 100 → 10"
    images = [(1, 28, 28), (16, 28, 28), (32, 14, 14), (64,), (10,)]
    assert outline_in_words(images, 27) == "1×28×28 → 16×28×28 → … → 10"
    assert outline_in_words([(2,), (2,), (3,)], 27) == "2 → 2 → 3"
