"""Fashion-MNIST."""

from __future__ import annotations

from typing import ClassVar, Literal

from tui_trainer.choices.data.base import PublishedFile
from tui_trainer.choices.data.idx_set import IdxSet


class FashionMnist(IdxSet):
    """Pieces of clothing: 28×28 grey pixels, ten classes; as large as MNIST and harder.

    Downloaded once (31 MB), or taken from a folder of yours that holds the four files under their official names. A
    network gets about 90 % of them right where it gets 98 % of MNIST, so there is more to gain. Shirts are mistaken for
    coats and pullovers. Xiao, Rasul and Vollgraf, "Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine
    Learning Algorithms", 2017.
    """

    kind: Literal["fashion_mnist"] = "fashion_mnist"

    published: ClassVar = (
        PublishedFile("train-images-idx3-ubyte.gz", 26_421_880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
        PublishedFile("train-labels-idx1-ubyte.gz", 29_515, "25c81989df183df01b3e8a0aad5dffbe"),
        PublishedFile("t10k-images-idx3-ubyte.gz", 4_422_102, "bef4ecab320f06d8554ea6380940ec79"),
        PublishedFile("t10k-labels-idx1-ubyte.gz", 5_148, "bb300cfdad3c16e7a12a480ee83cd310"),
    )
    addresses: ClassVar = (
        "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    )
    names: ClassVar = (
        *("T-shirt/top", "trouser", "pullover", "dress", "coat"),
        *("sandal", "shirt", "sneaker", "bag", "ankle boot"),
    )
    counts: ClassVar = ((6000,) * 10, (1000,) * 10)
