"""The bottleneck of an autoencoder as a scatter: which samples lie near each other."""

from __future__ import annotations

from tui_trainer.plots.spec import Row, Samples
from tui_trainer.runs.picture import Latent, Picture
from tui_trainer.ui.pictures.inputs import plot
from tui_trainer.ui.pictures.look import Look, class_role
from tui_trainer.ui.widgets.rows import STRONG, exact, whole

_SIGNS = "abcdefghijklmnopqrstuvwxyz"
_MOST_CLASSES = 26


def latent_rows(picture: Picture, latent: Latent, width: int, height: int, look: Look) -> list[Row]:
    """The scatter, and what its axes and signs stand for."""
    signs = class_signs(picture)
    head: Row = [(_axes(latent), STRONG)]
    if len(latent.x) < latent.samples:
        head.append((f"   {len(latent.x):,} of {latent.samples:,} validation samples", "label"))
    if not latent.classes:
        drawn = [Samples("validation", "o" if look.ascii else "•", latent.x, latent.y)]
        return [whole(head, width), *plot([], drawn, width, height - 1, look)]
    legend: Row = []
    samples = []
    for index in sorted(set(latent.classes)):
        sign = signs[index % len(signs)]
        places = [at for at, each in enumerate(latent.classes) if each == index]
        xs, ys = ([values[at] for at in places] for values in (latent.x, latent.y))
        samples.append(Samples(class_role(index), sign, xs, ys))
        name = picture.class_name(index)
        legend += [(sign, class_role(index)), (f" {name}  " if name != sign else "  ", "label")]
    return [whole(head, width), exact(legend, width), *plot([], samples, width, height - 2, look)]


def class_signs(picture: Picture) -> list[str]:
    """A character for each class: its name, if each has one of a single character of its own, else letters."""
    names = list(picture.classes)
    if all(len(name) == 1 and name.isascii() and name.isprintable() for name in names) and len(set(names)) == len(
        names
    ):
        return names or ["."]
    return list(_SIGNS[:_MOST_CLASSES])


def _axes(latent: Latent) -> str:
    if latent.bottleneck == 1:
        return "the bottleneck's single number, and above it the error of the reconstruction"
    if latent.bottleneck == 2:
        return "the two numbers of the bottleneck"
    shares = " and ".join(f"{share:.0%}" for share in latent.kept)
    return f"first two principal components of {latent.bottleneck} numbers ({shares} of their variance)"
