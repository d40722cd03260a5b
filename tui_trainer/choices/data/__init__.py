"""Data sets, one file each."""

from tui_trainer.choices.data.base import DataError, DataSet, Samples
from tui_trainer.choices.data.digits import Digits

__all__ = ["DataError", "DataSet", "Digits", "Samples"]
