"""A network that learns its training samples by heart."""

from __future__ import annotations

from math import sqrt
from statistics import median

from tui_trainer.choices.regularizers import EarlyStopping
from tui_trainer.insight.figures import number
from tui_trainer.insight.findings import cures
from tui_trainer.insight.findings.base import Cure, Finding
from tui_trainer.insight.findings.reading import PATIENCE, RECENT, Reading, recent, smooth
from tui_trainer.insight.findings.words import epochs
from tui_trainer.insight.generalization import has_risen
from tui_trainer.insight.statistics import ERROR_SPREAD

FALL = 0.8
"""… while train loss has fallen to this share of what it was there."""
GAP = 0.15
"""Or the primary metric has been so much better on the training part, for a while …"""
ERRORS = 2.0
"""… and by so many standard errors of the validation part."""
TIMES, SKILL = 1.75, 0.1
"""Of errors, also where the one on validation is this multiple of that on the training part, and the gap this share of
what guessing gets."""
BY_HEART = 0.98
"""… unless all is done, and such a share of the training part is right: nothing is left to learn from it."""
IMPROVING = 0.95
"""… while validation loss has not fallen to this share of what it was a few evaluations ago: then it still learns."""


def overfitting(reading: Reading) -> Finding | None:
    """Validation loss rises while train loss falls, or validation lies far behind.

    Where a run has put its best weights back, what came after them is no matter.

    Sources: the Deep Learning Tuning Playbook (Godbole et al., 2023): overfitting is problematic where the validation
    error begins to rise. Prechelt, "Early Stopping - But When?", 1998, on why one rise says nothing yet, which is what
    UMLAUT (Schoop et al., CHI 2021) fires at. SageMaker Debugger's Overtraining waits for ten evaluations; its Overfit,
    a gap of a tenth of the train loss, is always exceeded near a train loss of zero. CS231n (Stanford, "Neural Networks
    Part 3") on the gap of accuracies; AUTOTRAINER's code takes 0.07 to 0.1 for a big one, which small data sets exceed.
    """
    reading = reading.of_what_is_left
    if len(reading.train) <= PATIENCE or reading.baseline is None:
        return None
    return _rising(reading, reading.baseline) or _lagging(reading)


def _rising(reading: Reading, baseline: float) -> Finding | None:
    validation, train = smooth(reading.validation), smooth(reading.train)
    low = min(range(len(validation)), key=validation.__getitem__)
    now, risen = validation[-1], has_risen(validation[-1], validation[low], baseline, reading.classifies)
    if not risen or train[-1] >= FALL * train[low] or len(validation) - 1 - low < PATIENCE:
        return None
    turn = min(range(low, low + 5), key=reading.validation.__getitem__)  # of those that were smoothed into one
    epoch = reading.epochs[turn]
    cheap, decay = _stop_early(reading), _more_decay(reading)
    stops_first = epoch < reading.view.planned_epochs / 3 and reading.experiment.data.train_samples is None
    return _finding(
        f"overfitting since epoch {epochs(epoch)}",
        f"validation loss {reading.validation[turn]:.3g} → {now:.3g} in {epochs(reading.epochs[-1] - epoch)} epochs, "
        f"while train loss fell {train[low]:.3g} → {train[-1]:.3g}",
        "grows ever surer of its mistakes" if reading.classifies else "errs ever further",
        [*(cheap + decay if stops_first else decay + cheap), *_more_data(reading), *_more_dropout(reading)],
    )


def _lagging(reading: Reading) -> Finding | None:
    if not lags(reading) or _still_learns(reading):
        return None
    name, train, validation = reading.metric.word, recent(reading.train_metric), recent(reading.validation_metric)
    return _finding(
        f"overfitting: {name} {number(train, 2)} against {number(validation, 2)}",
        f"train {name} {_figure(train)}, validation {_figure(validation)}; "
        f"losses {recent(reading.train):.3g} and {recent(reading.validation):.3g}",
        "is far worse",
        [*_more_decay(reading), *_more_data(reading), *_more_dropout(reading)],
    )


def _still_learns(reading: Reading) -> bool:
    """Whether validation loss falls, so that the gap may close."""
    before = reading.validation[-2 * PATIENCE : -PATIENCE]
    if not before:
        return True
    if reading.view.ended and reading.metric.is_share and recent(reading.train_metric) >= BY_HEART:
        return False
    return recent(reading.validation) < IMPROVING * median(before)


def _figure(value: float) -> str:
    return f"{value:.3f}" if abs(value) < 10 else number(value)


def _finding(title: str, evidence: str, elsewhere: str, mend: list[Cure]) -> Finding:
    """`elsewhere` is what the network does on other samples."""
    return Finding(
        "overfitting",
        title,
        evidence,
        "The network has room to learn its samples by heart, and does so once it knows what they have in common. "
        f"Their quirks say nothing about other samples, on which it {elsewhere}.",
        cures=tuple(mend),
    )


def lags(reading: Reading) -> bool:
    """Whether train has been far better than validation at most of the last evaluations.

    Of a metric without bounds, as errors are, that is a share of what guessing gets, and says nothing where even the
    training samples are not predicted any better than that.
    """
    if len(reading.train) <= PATIENCE:
        return False
    pairs = list(zip(reading.train_metric, reading.validation_metric, strict=True))[-PATIENCE:]
    if reading.metric.is_share:
        least = max(GAP, ERRORS * reading.sampling_error(median(validation for _, validation in pairs)))
        return median(train - validation for train, validation in pairs) > least
    return all(_errs_further(reading, train, validation) for train, validation in pairs[-RECENT:])


def _errs_further(reading: Reading, train: float, validation: float) -> bool:
    """Whether an error on validation is far larger than on the training part, of which something was learned."""
    learned, carried = reading.skill(train), reading.skill(validation)
    samples = max(1, reading.view.samples.get("validation", 0))
    chance = ERRORS * ERROR_SPREAD / sqrt(samples) * (1 - carried)
    least = max(SKILL, chance) if validation > TIMES * train else GAP
    return learned > 0 and learned - carried > min(least, GAP)


def _more_decay(reading: Reading) -> list[Cure]:
    return cures.strengthen(reading.experiment, "l2")


def _more_dropout(reading: Reading) -> list[Cure]:
    if not reading.experiment.model.activated:
        return []
    return cures.strengthen(reading.experiment, "dropout", certain=False)


def _more_data(reading: Reading) -> list[Cure]:
    if reading.experiment.data.train_samples is None:
        return []
    return [cures.change(reading.experiment, "data.train_samples", None)]


def _stop_early(reading: Reading) -> list[Cure]:
    experiment, training = reading.experiment, reading.experiment.training
    if "early_stopping" in experiment.regularization:
        return []
    wait = max(5, training.epochs / 15, 3 * training.evaluation_interval())
    patience = int(cures.rung(EarlyStopping, "patience", wait))
    return [cures.change(experiment, "regularization.early_stopping", patience)]
