"""What a network writes, and what it answers."""

from __future__ import annotations

from typing import Any

import torch

from tui_trainer.engine import seeds
from tui_trainer.engine.pictures.subject import Subject, few, rows, spread

PROMPT = 16
LENGTH = 160
TEMPERATURE = 0.8
"""Tokens of the prompt, and of what is written behind it; below 1, likely tokens are drawn more often than they are
likely."""

PIECES = 8
"""It is written in so many pieces, between which training may be ended."""

KEPT = 8
"""Of what was written earlier in the run, so many texts are kept."""

ASKED = 256
ANSWERS = 20
"""So many samples are answered, and so many of the answers shown."""


class TextDrawer:
    """A text that is drawn behind the same prompt with the same seed each time, beside those before it."""

    def __init__(self) -> None:
        self._written: list[dict[str, Any]] = []

    def draw(self, subject: Subject) -> dict[str, Any]:
        generate = getattr(subject.model, "generate", None)
        if subject.task.name != "language" or generate is None:
            return {}
        prompt = subject.first(1)[:, :PROMPT]
        draw = seeds.generator(subject.seed, "text")
        tokens = prompt
        for _ in range(PIECES):
            subject.look_up()
            more = generate(tokens, LENGTH // PIECES, temperature=TEMPERATURE, generator=draw)
            tokens = torch.cat([tokens, more], dim=1)
        text = subject.reader.words(tokens[0, prompt.shape[1] :].tolist())
        written = {"epoch": few(subject.epoch), "text": text}
        self._written = [*_thinned([it for it in self._written if it["epoch"] < written["epoch"]]), written]
        said = {"prompt": subject.reader.words(prompt[0].tolist()), "temperature": TEMPERATURE}
        return {"text": {**said, "samples": self._written}}


def _thinned(written: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Fewer than are kept: without the one whose neighbours are nearest to each other in the order of epochs."""
    while len(written) >= KEPT:
        epochs = [1 + it["epoch"] for it in written]
        inner = range(1, len(written) - 1)
        written.pop(min(inner, key=lambda at: epochs[at + 1] / epochs[at - 1]))
    return written


class SequencesDrawer:
    """Whole answers to samples of the validation part, token by token, each made from those before it."""

    def draw(self, subject: Subject) -> dict[str, Any]:
        generate = getattr(subject.model, "generate", None)
        if subject.task.name != "translation" or generate is None:
            return {}
        part = subject.validation
        chosen = spread(len(part), ASKED)
        x, right = rows(part, chosen), part.y[chosen.to(part.y.device)]
        length = right.shape[1]
        subject.look_up()
        said = generate(x[:, : -length + 1] if length > 1 else x, length)[:, -length:]
        is_right = (said == right).all(dim=1)
        words = subject.reader.words
        source = x[:, : x.shape[1] - length].tolist()
        pairs = zip(source, right.tolist(), said.tolist(), is_right.tolist(), strict=True)
        answers = [
            {"source": words(given), "right": words(wanted), "said": words(answer), "is_right": good}
            for given, wanted, answer, good in list(pairs)[:ANSWERS]
        ]
        return {"sequences": {"answers": answers, "right": int(is_right.sum()), "asked": len(chosen)}}
