"""Data sets, one file each."""

# ruff: noqa: I001  (in the order in which the picker shows them: real ones first, then from easy to hard)
from tui_trainer.choices.data.base import DataError, DataSet, Samples
from tui_trainer.choices.data.digits import Digits
from tui_trainer.choices.data.mnist import Mnist
from tui_trainer.choices.data.gaussians import Gaussians
from tui_trainer.choices.data.xor import Xor
from tui_trainer.choices.data.circles import Circles
from tui_trainer.choices.data.moons import Moons
from tui_trainer.choices.data.spirals import Spirals
from tui_trainer.choices.data.sine import Sine

__all__ = [
    "Circles",
    "DataError",
    "DataSet",
    "Digits",
    "Gaussians",
    "Mnist",
    "Moons",
    "Samples",
    "Sine",
    "Spirals",
    "Xor",
]
