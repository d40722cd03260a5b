"""The user's own texts."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Literal

from tui_trainer.choices.base import setting
from tui_trainer.choices.data.base import DataError, DataSet, Samples
from tui_trainer.choices.data.own_files import (
    check_text,
    encoding_field,
    file_encoding,
    file_field,
    file_stamp,
    own_file,
    read_head,
)
from tui_trainer.choices.given import Given

LARGEST = 10**8
"""Bytes of a text: a larger one is refused before it is read."""

MEMORY = 40.0
"""Bytes of memory for each of the text's: two tokens of 8 bytes for each character, and room to make them."""

FEWEST = 2  # samples


class Text(DataSet):
    """A text of your own, character by character: the network learns to say which one comes next.

    The text is cut into pieces of `length` characters; at each place of a piece the next character is to be predicted
    from those before it. Its end validates. A network that has learned it writes on by itself, one character after
    the other. At most 100 MB are read.
    """

    group = "your own"
    holds = Given("text", "language")
    kind: Literal["text"] = "text"
    train_share: float = setting(
        0.9,
        gt=0,
        lt=1,
        ladder=(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
        help="Share of the text (without the test part) that the network trains on; what follows validates.",
        low="Little to learn from: overfitting.",
        high="Little to validate with: its figures become noisy.",
    )

    file: str = file_field("The text.", (".txt", ".md"))
    length: int = setting(
        64,
        ge=2,
        le=10_000,
        unit="characters",
        ladder=(8, 16, 32, 48, 64, 96, 128, 192, 256, 512),
        help="Characters of a piece: as far back as the network can look.",
        low="What was said a sentence ago is forgotten.",
        high="Slower, and fewer pieces for each update to learn from.",
    )
    encoding: str = encoding_field()

    def load(self, seed: int) -> Samples:
        import numpy as np

        path = own_file(self.file, "file", LARGEST, MEMORY)
        check_text(path, read_head(path, "file"), "file")
        text = self._read(path)
        count = (len(text) - 1) // self.length
        if count < FEWEST:
            raise DataError(
                f"{path}: {len(text):,} characters, and {FEWEST} pieces of {self.length} take "
                f"{FEWEST * self.length + 1:,}; take a longer text, or a smaller length",
                "length",
            )
        codes = np.frombuffer(text.encode("utf-32-le", errors="surrogatepass"), dtype="<u4")
        vocabulary = np.flatnonzero(np.bincount(codes))
        if len(vocabulary) < 2:
            raise DataError(f"{path}: nothing but {text[0]!r}; two different characters at least are needed", "file")
        token_of = np.zeros(int(vocabulary[-1]) + 1, dtype=np.int64)
        token_of[vocabulary] = np.arange(len(vocabulary))
        tokens = token_of[codes]
        used = count * self.length
        return Samples(
            tokens[:used].reshape(count, self.length),
            tokens[1 : used + 1].reshape(count, self.length),
            (),
            task="language",
            target="the next character",
            vocabulary=tuple(map(chr, vocabulary)),
            ordered=True,
            notes=(f"{len(text):,} characters, {len(vocabulary):,} different ones",),
        )

    def stamp(self) -> Hashable:
        return file_stamp(self.file)

    def size(self) -> str:
        return Path(self.file).name

    def _read(self, path: Path) -> str:
        encoding = file_encoding(path, self.encoding, "file")
        try:
            return path.read_text(encoding=encoding).removeprefix("\ufeff")
        except OSError as error:
            raise DataError(f"{path}: cannot be read: {error.strerror or error}", "file") from error
