"""MNIST."""

from __future__ import annotations

from typing import ClassVar, Literal

from tui_trainer.choices.data.base import PublishedFile
from tui_trainer.choices.data.idx_set import IdxSet


class Mnist(IdxSet):
    """Handwritten digits: 28×28 grey pixels, ten classes, the first thing that networks are tried on.

    Downloaded once (12 MB), or taken from a folder of yours that holds the files under their official names, packed
    (.gz) or not: train-images-idx3-ubyte and train-labels-idx1-ubyte (60,000), t10k-images-idx3-ubyte and
    t10k-labels-idx1-ubyte (10,000). Where both pairs are, the first trains and the second validates, and `train_share`
    is ignored; a single pair is split like any other data set. LeCun, Bottou, Bengio and Haffner, "Gradient-Based
    Learning Applied to Document Recognition", 1998.
    """

    kind: Literal["mnist"] = "mnist"

    published: ClassVar = (
        PublishedFile("train-images-idx3-ubyte.gz", 9_912_422, "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
        PublishedFile("train-labels-idx1-ubyte.gz", 28_881, "d53e105ee54ea40749a09fcbcd1e9432"),
        PublishedFile("t10k-images-idx3-ubyte.gz", 1_648_877, "9fb629c4189551a2d022fa330f9573f3"),
        PublishedFile("t10k-labels-idx1-ubyte.gz", 4_542, "ec29112dd5afa0611ce80d1b7f02629c"),
    )
    addresses: ClassVar = (
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    )
    names: ClassVar = tuple("0123456789")
    counts: ClassVar = (
        (5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949),
        (980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009),
    )
