"""A network that is no good even on what it was trained on."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite

from tui_trainer.choices.training import Training
from tui_trainer.insight.findings import cures
from tui_trainer.insight.findings.base import Cure, Finding
from tui_trainer.insight.findings.learning import CHANCE_FROM, bend, draws_lines, larger_steps
from tui_trainer.insight.findings.overfitting import lags
from tui_trainer.insight.findings.reading import LEARNED, PATIENCE, Reading, falls_steadily, recent

SKILL = 0.6
"""The network underfits where its primary metric on the training part is less than this far from the baseline to
perfection, at the end."""
FALLING = 0.03
"""… or is still to be trained where the loss fell by this share in the last tenth of the plan."""

LOSS_LEARNED, FOLLOWS = 0.2, 0.5
"""… unless training has removed this share of the baseline's loss, and validation not even this share of that."""


def held_back(reading: Reading) -> Finding | None:
    """A regularizer is so strong that the network learns next to nothing, not even on what it is trained on.

    Source: CS231n (Stanford, "Neural Networks Part 3"): do not let the regularization overwhelm the data. What its
    layers look like then, all units dead or all gradients gone, follows from it.
    """
    mend = cures.weaken(reading.experiment)
    if not mend or len(reading.train) <= PATIENCE or reading.done < CHANCE_FROM or reading.learned >= LEARNED:
        return None
    if falls_steadily(reading.train[-PATIENCE:]) and _falls(reading):
        return None
    return Finding(
        "underfitting",
        "underfitting: held back too much",
        f"train loss {recent(reading.train):.3g}{reading.guessing}, validation loss "
        f"{recent(reading.validation):.3g}, with {mend[0].words.partition(' →')[0]}",
        "The regularizer costs the network more than it gains by learning. "
        "So it gives up on the training samples, and validation can be no better.",
        cures=tuple(mend),
    )


def underfitting(reading: Reading) -> Finding | None:
    """At the end the network is no good even on what it was trained on, and validation follows closely.

    Sources: CS231n (Stanford, "Neural Networks Part 3"): where validation tracks training, capacity is too small; the
    Deep Learning Tuning Playbook (Godbole et al., 2023): a run that still improves at its end was too short. How much
    of the error is noise in the data cannot be seen from one run, hence most of its cures are to be tried.
    """
    if len(reading.train) <= PATIENCE or not reading.view.ended or reading.done < 0.5:
        return None
    train, validation = recent(reading.train_metric), recent(reading.validation_metric)
    skill = reading.skill(train)
    if not isfinite(skill) or skill >= SKILL or lags(reading) or _lags_in_loss(reading):
        return None
    mend = cures.weaken(reading.experiment)
    noisy = False  # whether noise may be all that is left
    if draws_lines(reading) and reading.classifies:
        why = "Without activations between layers the network draws straight boundaries only. "
        why += "These data seem to need one that bends."
        mend += bend(reading)
    elif draws_lines(reading):
        noisy = skill > 0
        why = "Without activations between layers the network draws straight lines only. "
        why += "These data may need one that bends; or the rest is noise, and no network does better on validation."
        mend += [replace(cure, certain=False) for cure in bend(reading)]
    elif _falls(reading):
        why = "Training ended while the loss was still falling. More epochs or larger steps are needed."
        mend += [*_go_on(reading), *cures.lr_times(reading.experiment, 3.0, certain=False)]
    else:
        needed, noise = _needs(reading)
        steps = larger_steps(reading)
        also = "too few units, steps that are too small" if steps else "too few units"
        why = f"The network has {also}, or is held back too much, to {needed}. "
        why += f"If {noise}, no network does better."
        mend += [*steps, *cures.widen(reading.experiment), *cures.deepen(reading.experiment, reading.view.task.name)]
    return Finding(
        "underfitting",
        f"underfitting{', or noisy data' if noisy else ''}: train {reading.metric.word} {train:.3g}",
        f"train loss {recent(reading.train):.3g}{reading.guessing}; {reading.metric.word} {train:.3f}, "
        f"{validation:.3f} on validation",
        why,
        "hint" if noisy else "problem",
        cures=tuple(mend),
    )


def _lags_in_loss(reading: Reading) -> bool:
    """Whether little of what training has removed of the loss is removed on validation, too: more training would
    only widen that, whatever a metric says that hardly sees rare classes."""
    if reading.baseline is None:
        return False
    train, validation = (reading.baseline - recent(losses) for losses in (reading.train, reading.validation))
    return train > LOSS_LEARNED * reading.baseline and validation < FOLLOWS * train


def _needs(reading: Reading) -> tuple[str, str]:
    """What the network is to do, and what no network can help."""
    if reading.view.task.name == "reconstruction":
        return "let through what tells these inputs apart", "the rest is noise"
    if reading.classifies:
        return "draw the boundary that these data need", "the classes overlap"
    return "draw the curve that these data need", "the rest is noise"


def _go_on(reading: Reading) -> list[Cure]:
    """More epochs, from where the run ended."""
    training = reading.experiment.training
    epochs = int(cures.rung(Training, "epochs", 3 * training.epochs))
    if epochs <= training.epochs:
        return []
    step = cures.last_checkpoint(reading.view, reading.view.step)
    return [cures.change(reading.experiment, "training.epochs", epochs, from_step=step)]


def _falls(reading: Reading) -> bool:
    """Whether the train loss has fallen noticeably over the last tenth of the plan."""
    since = reading.epochs[-1] - max(0.1 * reading.view.planned_epochs, 1.0)
    then = [loss for loss, epoch in zip(reading.train, reading.epochs, strict=True) if epoch <= since]
    return bool(then) and recent(reading.train) < (1 - FALLING) * recent(then)
