"""When pictures are drawn, and of what they are made."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

import torch

from tui_trainer.engine.ending import Ended
from tui_trainer.engine.evaluate import Evaluation
from tui_trainer.engine.pictures.attention import AttentionDrawer
from tui_trainer.engine.pictures.classes import ClassesDrawer
from tui_trainer.engine.pictures.filters import FiltersDrawer
from tui_trainer.engine.pictures.latent import LatentDrawer
from tui_trainer.engine.pictures.maps import MapsDrawer
from tui_trainer.engine.pictures.numbers import ForecastsDrawer, NumbersDrawer
from tui_trainer.engine.pictures.plane import PlaneDrawer
from tui_trainer.engine.pictures.reading import GREY_ROWS, VALUES, Reader
from tui_trainer.engine.pictures.reconstruction import ReconstructionDrawer
from tui_trainer.engine.pictures.subject import NotFinite, Subject
from tui_trainer.engine.pictures.tokens import SequencesDrawer, TextDrawer
from tui_trainer.engine.scaling import Preprocessing
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.picture import is_looked_at, write_picture

if TYPE_CHECKING:
    from tui_trainer.engine.loop import Trainer

SECONDS = 1.0
REST = 10
"""Between two pictures lie at least so many seconds, and so many times what the last one took."""


class Drawer(Protocol):
    """Draws some parts of a picture, and may keep what stays from one picture to the next."""

    def draw(self, subject: Subject) -> dict[str, Any]:
        """The parts by name; empty where there is nothing of the kind to see. Raises NotFinite."""
        ...


class Pictures:
    """Draws the pictures of one run. Whatever goes wrong with one costs the picture, never the run."""

    def __init__(self, folder: RunFolder, preprocessing: Preprocessing, target: str) -> None:
        """`target`: what is predicted, by name."""
        self._folder = folder
        self._preprocessing = preprocessing
        self._target = target
        self._reader = Reader(preprocessing)
        self._drawers: tuple[Drawer, ...] = (
            ClassesDrawer(),
            PlaneDrawer(),
            NumbersDrawer(),
            ForecastsDrawer(),
            ReconstructionDrawer(),
            LatentDrawer(),
            TextDrawer(),
            SequencesDrawer(),
            FiltersDrawer(),
            MapsDrawer(),
            AttentionDrawer(),
        )
        self._next = 0.0

    def take_if_looked_at(self, trainer: Trainer) -> None:
        """A picture, if somebody looks and the last one is old enough. Raises Ended if training must end at once."""
        if time.monotonic() >= self._next and is_looked_at(self._folder):
            self.take(trainer, trainer.look_up)

    def take(self, trainer: Trainer, look_up: Callable[[], None], of: Evaluation | None = None) -> None:
        """A picture of the present weights, which are those of an earlier evaluation if that is given.

        `look_up` is called now and then, and may raise Ended.
        """
        began = time.monotonic()
        model = trainer.network.model
        place = {"step": of.step, "epoch": of.epoch} if of else trainer.place()
        try:
            model.eval()
            with trainer.clock.stopped(), torch.inference_mode():
                content = self._content(Subject(trainer, self._reader, self._target, place["epoch"], look_up))
            if content:
                write_picture(self._folder, {**place, **content})
        except Ended:
            raise
        except Exception:
            traceback.print_exc()
        finally:
            model.train()
            now = time.monotonic()
            self._next = now + max(SECONDS, REST * (now - began))

    def _content(self, subject: Subject) -> dict[str, Any]:
        """All but the place; empty if the network's output is not finite."""
        if not self._reader.is_exposed:
            self._reader.expose(subject.first(GREY_ROWS))
        made = {"classes": list(self._preprocessing.classes), "features": list(self._preprocessing.features[:VALUES])}
        for drawer in self._drawers:
            try:
                made |= drawer.draw(subject)
            except NotFinite:
                return {}
            except Ended:
                raise
            except Exception:  # the other parts may be drawn nevertheless
                traceback.print_exc()
        return made
