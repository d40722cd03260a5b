"""What a network sees: the latest picture of a run, which its worker draws while somebody looks.

A picture is a file that is replaced as a whole. What it says is data: text is cleaned, sizes are checked, and a file
that is damaged is no picture.
"""

from tui_trainer.runs.picture.attention import Attention, AttentionLayer, AttentionSample
from tui_trainer.runs.picture.classes import Boundary, Confusion, Mistake, Mistakes, Points
from tui_trainer.runs.picture.file import Picture, picture_file, read_picture, write_picture
from tui_trainer.runs.picture.filters import Filters, FiltersLayer, Maps, MapsLayer, MapsSample
from tui_trainer.runs.picture.inputs import Image, Input
from tui_trainer.runs.picture.latent import Latent
from tui_trainer.runs.picture.looking import LOOKED_SECONDS, is_looked_at, look_at, looked_file
from tui_trainer.runs.picture.numbers import Fit, Forecast, Forecasts, Predictions, Surface, SurfacePoints
from tui_trainer.runs.picture.reconstruction import Anomaly, Histogram, Reconstructed, Reconstruction
from tui_trainer.runs.picture.tokens import Answer, Sequences, Text, TextSample

__all__ = [
    "LOOKED_SECONDS",
    "Anomaly",
    "Answer",
    "Attention",
    "AttentionLayer",
    "AttentionSample",
    "Boundary",
    "Confusion",
    "Filters",
    "FiltersLayer",
    "Fit",
    "Forecast",
    "Forecasts",
    "Histogram",
    "Image",
    "Input",
    "Latent",
    "Maps",
    "MapsLayer",
    "MapsSample",
    "Mistake",
    "Mistakes",
    "Picture",
    "Points",
    "Predictions",
    "Reconstructed",
    "Reconstruction",
    "Sequences",
    "Surface",
    "SurfacePoints",
    "Text",
    "TextSample",
    "is_looked_at",
    "look_at",
    "looked_file",
    "picture_file",
    "read_picture",
    "write_picture",
]
