"""Simple sentences without an end."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from tui_trainer.choices.base import setting
from tui_trainer.choices.data.base import DataError, DataSet, Samples
from tui_trainer.choices.given import Given

if TYPE_CHECKING:
    import numpy as np

NOUNS = ("cat", "dog", "bird", "fox", "horse", "king", "child", "farmer", "rabbit", "owl")
PLURALS = {"fox": "foxes", "child": "children"}
ADJECTIVES = ("old", "small", "brave", "tired", "grey", "hungry", "kind", "quick")
PLACES = ("by the river", "near the old mill", "under the tree", "behind the house", "in the garden", "on the hill")
DEEDS = ("sleep", "sing", "wait", "dance", "rest", "hide")
ACTIONS = ("see", "follow", "like", "find", "call", "help")
TIMES = ("at night", "every day", "in the morning", "after the rain", "when it snows")
"""What the sentences are made of."""


class Sentences(DataSet):
    """A text of small sentences, made by rule: letter by letter, the network learns to write on.

    "The grey owls near the old mill follow a child." First it learns which letters are common, then words, then the
    order of words, and last what needs a look back over several words: one owl follows, two owls follow. The text is
    cut into pieces of `length` characters; at each place of a piece the next character is to be predicted. Its end
    validates.
    """

    group = "texts"
    holds = Given("text", "language")
    kind: Literal["sentences"] = "sentences"
    generated: ClassVar[bool] = True

    characters: int = setting(
        60_000,
        ge=100,
        le=10_000_000,
        unit="characters",
        ladder=(2000, 5000, 10_000, 20_000, 60_000, 100_000, 200_000, 500_000, 1_000_000),
        help="How long the text is.",
        low="The network learns it by heart instead of its rules.",
        high="Every rule is seen often; each epoch takes longer.",
    )
    length: int = setting(
        48,
        ge=2,
        le=10_000,
        unit="characters",
        ladder=(8, 16, 24, 32, 48, 64, 96, 128, 192, 256),
        help="Characters of a piece: as far back as the network can look.",
        low="It cannot see who does what: the subject is out of sight when the verb comes.",
        high="Slower, and fewer pieces for each update to learn from.",
    )

    def load(self, seed: int) -> Samples:
        import numpy as np

        count = self.characters // self.length
        if count < 2:
            raise DataError(f"{self.characters} characters make no two pieces of {self.length}", "length")
        text = written(np.random.default_rng(seed), self.characters + 1)
        vocabulary, tokens = np.unique(list(text), return_inverse=True)
        used = count * self.length
        return Samples(
            tokens[:used].astype(np.int64).reshape(count, self.length),
            tokens[1 : used + 1].astype(np.int64).reshape(count, self.length),
            (),
            task="language",
            target="the next character",
            vocabulary=tuple(map(str, vocabulary)),
            ordered=True,
        )

    def size(self) -> str:
        return f"{self.characters:,} characters"


def written(generator: np.random.Generator, characters: int) -> str:
    """The first so many characters of a text of sentences."""
    sentences: list[str] = []
    missing = characters
    while missing > 0:
        sentences.append(_sentence(generator))
        missing -= len(sentences[-1])
    return "".join(sentences)[:characters]


def _sentence(generator: np.random.Generator) -> str:
    def one(words: tuple[str, ...]) -> str:
        return words[generator.integers(len(words))]

    def some(share: float) -> bool:
        return bool(generator.random() < share)

    several = some(0.5)
    noun = one(NOUNS)
    subject = [one(("the", "two", "many")) if several else one(("the", "a"))]
    if some(0.5):
        subject.append(one(ADJECTIVES))
    subject.append(PLURALS.get(noun, f"{noun}s") if several else noun)
    if some(0.4):
        subject.append(one(PLACES))
    ending = "" if several else "s"
    if some(0.5):
        predicate = [one(DEEDS) + ending]
    else:
        predicate = [one(ACTIONS) + ending, one(("the", "a")), one(NOUNS)]
    if some(0.3):
        predicate.append(one(TIMES))
    return " ".join([*subject, *predicate]).replace("a old", "an old").replace("a owl", "an owl") + ". "
