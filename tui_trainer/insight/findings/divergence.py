"""Losses that leave: not finite, growing, or leaping up and down."""

from __future__ import annotations

from itertools import pairwise
from math import isfinite
from statistics import median

from tui_trainer.choices.training import Training
from tui_trainer.insight.findings import cures
from tui_trainer.insight.findings.base import Cure, Finding
from tui_trainer.insight.findings.reading import Reading, recent
from tui_trainer.insight.findings.words import epochs
from tui_trainer.runs.records import DIVERGED

WORSE_THAN_NOTHING = 1.5
"""The loss diverges where it stays above this many times both its start and that of guessing."""
AT_ONCE = 4.0
"""Where it is that many times as large, one evaluation says it."""
LOST, LOST_FOR = 1.75, 5
"""It also diverges where it lies above this many times its lowest value, so many evaluations after that …"""
LOST_SHARE = 0.12
"""… and has given up this share of the baseline's loss: near zero, multiples mean nothing."""

SWINGS, MOST_SWINGS = 8, 30
"""Evaluations in which swings are looked for: half of those so far, but no fewer and no more than these."""
REVERSALS = 0.5
"""The loss oscillates where it turns at this share of the evaluations …"""
SWING_LOSS, SWING_BASELINE = 0.25, 0.1
"""… and the median leap between them is at least these shares of the loss and of the baseline's."""


def not_finite(reading: Reading) -> Finding | None:
    """The loss became NaN or infinite.

    Source: SageMaker Debugger's rule ExplodingTensor (any value that is not finite).
    """
    view = reading.view
    if not view.diverged and (not view.last or isfinite(view.last.train.get("loss", 0.0))):
        return None
    where = f", first in {view.where}" if view.where else ""
    title = f"diverged at epoch {epochs(view.epoch)}"
    evidence = f"{view.reason.removeprefix(DIVERGED) or 'the loss is not finite'}{where}"
    return _finding(reading, title, evidence, last_sound(reading))


def growing(reading: Reading) -> Finding | None:
    """The loss grows beyond where it began.

    Sources: the Deep Learning Tuning Playbook (Godbole et al., 2023): instability is a training loss that goes up, not
    down, for a while. The code of AUTOTRAINER (Zhang et al., ICSE 2021) calls a validation loss of 100,000 diverged;
    relative to the loss of guessing it is found sooner.
    """
    if len(reading.train) < 2 or reading.baseline is None:
        return None
    last, start = reading.train[-1], max(reading.train[0], reading.baseline)
    worse = min(reading.train[-2:]) > WORSE_THAN_NOTHING * start and not _swings(reading)
    if last > AT_ONCE * start or worse:
        title = f"diverging: train loss {last:.3g}"
        evidence = f"train loss {reading.train[0]:.3g} → {last:.3g}{reading.guessing}"
        return _finding(reading, title, evidence, last_sound(reading))
    lowest = min(range(len(reading.train)), key=reading.train.__getitem__)
    low, now = reading.train[lowest], recent(reading.train, LOST_FOR)
    grown = now > LOST * low and now - low > LOST_SHARE * reading.baseline
    if grown and len(reading.train) - lowest > LOST_FOR and not _swings(reading):
        title = f"train loss has grown since epoch {epochs(reading.epochs[lowest])}"
        evidence = f"train loss {low:.3g} at epoch {epochs(reading.epochs[lowest])}, {now:.3g} now"
        return _finding(reading, title, evidence, reading.evaluations[lowest].step)
    return None


def oscillating(reading: Reading) -> Finding | None:
    """The train loss swings up and down by a good part of itself from evaluation to evaluation.

    Sources: AUTOTRAINER (Zhang et al., ICSE 2021) counts swings of the accuracy of at least 0.03 and asks for them in a
    fifth of the epochs; CS231n (Stanford, "Neural Networks Part 3"): with a rate that is too high the parameters bounce
    around without settling. The loss is looked at here because an accuracy at chance wanders by itself, in evaluation
    mode on all training samples, so that no noise of single batches is taken for it. A schedule that begins with large
    steps, and is to end with small ones, is waited for.
    """
    swings = _swings(reading)
    if not swings or reading.calms_down:
        return None
    return Finding(
        "oscillation",
        "train loss oscillates",
        swings,
        "The steps are so large that they carry the weights from one side of a valley to the other, and out of it. "
        "Where training ends is then a matter of luck.",
        cures=(*cures.calmer(reading.experiment), *_larger_batches(reading)),
    )


def _swings(reading: Reading) -> str:
    """How the train loss swings, in words; empty if it does not."""
    count = min(MOST_SWINGS, max(SWINGS, len(reading.train) // 2))
    losses = reading.train[-count:]
    if reading.baseline is None or len(losses) < SWINGS or len(reading.train) <= SWINGS:
        return ""
    moves = [b - a for a, b in pairwise(losses)]
    turns = [i for i in range(1, len(moves)) if moves[i] * moves[i - 1] < 0]
    if len(turns) < REVERSALS * (len(moves) - 1):
        return ""
    swing, level = median(abs(moves[i]) for i in turns), median(losses)
    if swing < max(SWING_LOSS * level, SWING_BASELINE * reading.baseline):
        return ""
    between = f"{min(losses):.2g} to {max(losses):.2g} in the last {len(losses)} evaluations"
    return f"{between}, with {len(turns)} turns of {swing:.2g} each"


def _larger_batches(reading: Reading) -> list[Cure]:
    training = reading.experiment.training
    samples = reading.view.samples.get("train", 0)
    larger = int(cures.rung(Training, "batch_size", 4 * training.batch_size))
    if not training.batch_size < larger <= samples / 4:
        return []
    return [cures.change(reading.experiment, "training.batch_size", larger, certain=False)]


def _finding(reading: Reading, title: str, evidence: str, sound: int) -> Finding:
    """`sound`: the last step at which all was well."""
    experiment = reading.experiment
    step = cures.last_checkpoint(reading.view, sound)
    calmer = cures.calmer(experiment, step)
    if not cures.fits(experiment):  # weights that began too large may be the cause as well
        calmer = [*cures.initialize(experiment), *calmer]
    return Finding(
        "divergence",
        title,
        evidence,
        "Each update overshoots the valley and lands higher on its other side, where the gradient is steeper still. "
        "So the next step is larger yet, until the numbers overflow or the units saturate.",
        cures=tuple(calmer),
    )


def last_sound(reading: Reading) -> int:
    """The step of the last evaluation at which the loss was still near its lowest; 0 if it never got any better than
    guessing: then there is nothing to go on from."""
    if not reading.train:
        return 0
    lowest = min(reading.train)
    baseline = reading.baseline or reading.train[0]
    margin = LOST_SHARE * baseline
    bound = min(lowest + margin, baseline - margin)
    sound = [it.step for it, loss in zip(reading.evaluations, reading.train, strict=True) if loss <= bound]
    return sound[-1] if sound else 0
