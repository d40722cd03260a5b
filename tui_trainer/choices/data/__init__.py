"""Data sets, one file each."""

# ruff: noqa: I001  (in the order in which the picker shows them: real ones first, then from easy to hard)
from tui_trainer.choices.data.base import DataError, DataSet, Missing, Samples, lacking
from tui_trainer.choices.data.digits import Digits
from tui_trainer.choices.data.mnist import Mnist
from tui_trainer.choices.data.fashion_mnist import FashionMnist
from tui_trainer.choices.data.iris import Iris
from tui_trainer.choices.data.wine import Wine
from tui_trainer.choices.data.breast_cancer import BreastCancer
from tui_trainer.choices.data.diabetes import Diabetes
from tui_trainer.choices.data.csv import Csv
from tui_trainer.choices.data.npz import Npz
from tui_trainer.choices.data.images import Images
from tui_trainer.choices.data.text import Text
from tui_trainer.choices.data.gaussians import Gaussians
from tui_trainer.choices.data.xor import Xor
from tui_trainer.choices.data.circles import Circles
from tui_trainer.choices.data.moons import Moons
from tui_trainer.choices.data.spirals import Spirals
from tui_trainer.choices.data.sine import Sine
from tui_trainer.choices.data.plane import Plane
from tui_trainer.choices.data.gaussian_bumps import GaussianBumps
from tui_trainer.choices.data.parity import Parity
from tui_trainer.choices.data.adding import Adding
from tui_trainer.choices.data.sine_continuation import SineContinuation
from tui_trainer.choices.data.remember_first import RememberFirst
from tui_trainer.choices.data.sentences import Sentences
from tui_trainer.choices.data.copy_task import Copy
from tui_trainer.choices.data.reverse import Reverse

__all__ = [
    "Adding",
    "BreastCancer",
    "Circles",
    "Copy",
    "Csv",
    "DataError",
    "DataSet",
    "Diabetes",
    "Digits",
    "FashionMnist",
    "GaussianBumps",
    "Gaussians",
    "Images",
    "Iris",
    "Missing",
    "Mnist",
    "Moons",
    "Npz",
    "Parity",
    "Plane",
    "RememberFirst",
    "Reverse",
    "Samples",
    "Sentences",
    "Sine",
    "SineContinuation",
    "Spirals",
    "Text",
    "Wine",
    "Xor",
    "lacking",
]
