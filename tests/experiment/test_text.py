from __future__ import annotations

import pytest

from tui_trainer.experiment.text import cut


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("l2 0.01", 40, "l2 0.01"),
        ("all samples sgd one cycle warmup 5000 batch 20", 40, "all samples sgd one cycle warmup 5000…"),
        ("sgd lr 0.1 momentum", 11, "sgd lr 0.1…"),
        ("unbreakable-name-of-a-run", 10, "unbreakab…"),
        ("a very-long-second-word-of-it", 12, "a very-long…"),
        ("", 5, ""),
    ],
)
def test_a_long_text_is_cut_behind_a_word_if_it_has_one(text: str, limit: int, shown: str) -> None:
    assert cut(text, limit) == shown
    assert len(cut(text, limit)) <= limit
