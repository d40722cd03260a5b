"""The lines above pictures, of which two stand side by side in a comparison."""

from __future__ import annotations

import pytest

from tui_trainer.runs.picture import Reconstruction
from tui_trainer.ui.pictures.reconstruction import reconstruction_head
from tui_trainer.ui.widgets.rows import row_width, whole

SAID = "mean squared error on validation 0.0123   64 numbers through 2"


@pytest.mark.parametrize("width", [16, 24, 36, 40, 48, 57, 62, 80])
def test_no_word_of_a_reconstruction_is_cut(width: int) -> None:
    head = reconstruction_head(Reconstruction((), 0.0123, bottleneck=2, inputs=64), width)
    words = "".join(text for text, _ in head)
    assert row_width(head) <= width
    assert "0.0123" in words
    assert set(words.split()) <= set(SAID.split())
    assert (words == SAID) == (width >= len(SAID))


@pytest.mark.parametrize("width", range(1, 60))
def test_words_that_do_not_fit_are_left_out(width: int) -> None:
    row = [("3 of 1,797", "strong"), (" validation samples exceed 99 % of the training errors", "label")]
    made = whole(row, width)
    words = "".join(text for text, _ in made)
    assert row_width(made) == width
    assert set(words.replace("…", " ").split()) <= set("".join(text for text, _ in row).split())
    assert "…" in words
