"""A network that learns its training samples by heart."""

from __future__ import annotations

from tui_trainer.choices.regularizers import EarlyStopping
from tui_trainer.insight.findings import cures
from tui_trainer.insight.findings.base import Cure, Finding
from tui_trainer.insight.findings.reading import PATIENCE, RECENT, Reading, recent, smooth

RISE, RISE_BASELINE = 1.2, 0.03
"""Validation loss rises where it lies at this multiple of its lowest value, and above it by this share of the
baseline's: near zero, multiples mean nothing."""
FALL = 0.8
"""… while train loss has fallen to this share of what it was there."""
GAP = 0.15
"""Or the primary metric has been so much better on the training part, for a while …"""
ERRORS = 3.0
"""… and by so many standard errors of the validation part."""


def overfitting(reading: Reading) -> Finding | None:
    """Validation loss rises while train loss falls, or validation lies far behind.

    Sources: the Deep Learning Tuning Playbook (Godbole et al., 2023): overfitting is problematic where the validation
    error begins to rise. Prechelt, "Early Stopping - But When?", 1998, on why one rise says nothing yet, which is what
    UMLAUT (Schoop et al., CHI 2021) fires at. SageMaker Debugger's Overtraining waits for ten evaluations; its Overfit,
    a gap of a tenth of the train loss, is always exceeded near a train loss of zero. CS231n (Stanford, "Neural Networks
    Part 3") on the gap of accuracies; AUTOTRAINER's code takes 0.07 to 0.1 for a big one, which small data sets exceed.
    """
    if len(reading.train) <= PATIENCE or reading.baseline is None:
        return None
    validation, train, epochs = smooth(reading.validation), smooth(reading.train), reading.epochs[2:-2]
    low = min(range(len(validation)), key=validation.__getitem__)
    lowest, now, train_then, train_now = validation[low], validation[-1], train[low], train[-1]
    rises = now > max(RISE * lowest, lowest + RISE_BASELINE * reading.baseline) and train_now < FALL * train_then
    if rises and len(validation) - 1 - low >= PATIENCE:
        since = reading.epochs[-1] - epochs[low]
        title = f"overfitting since epoch {epochs[low]:g}"
        evidence = f"for {since:g} epochs validation loss has risen, {lowest:.3g} → {now:.3g}, while train loss fell, "
        evidence += f"{train_then:.3g} → {train_now:.3g}"
        mend = [*_more_decay(reading), *_stop_early(reading), *_more_data(reading), *_more_dropout(reading)]
        if low < len(validation) / 3 and reading.experiment.data.train_samples is None:
            mend = [*_stop_early(reading), *_more_decay(reading), *_more_dropout(reading)]
    elif lags(reading):
        name, on_train, held_out = reading.metric.name, recent(reading.train_metric), recent(reading.validation_metric)
        title = f"overfitting: {name} {on_train:.2f} on train, {held_out:.2f} on validation"
        evidence = f"{name} is {on_train:.3f} on the training part and {held_out:.3f} on validation; "
        evidence += f"the losses are {train_now:.3g} and {now:.3g}"
        mend = [*_more_decay(reading), *_more_data(reading), *_more_dropout(reading)]
    else:
        return None
    return Finding(
        "overfitting",
        title,
        evidence,
        "The network has room to learn its samples by heart, and does so once it knows what they have in common. "
        "Their quirks say nothing about other samples, on which it grows ever surer of its mistakes.",
        cures=tuple(mend),
    )


def lags(reading: Reading) -> bool:
    """Whether train has been far better than validation at each of the last evaluations."""
    if len(reading.train) <= PATIENCE:
        return False
    pairs = list(zip(reading.train_metric, reading.validation_metric, strict=True))[-RECENT:]
    sign = 1 if reading.metric.higher_is_better else -1
    least = max(GAP, ERRORS * reading.sampling_error(pairs[-1][1]))
    if reading.metric.higher_is_better:
        return all(sign * (train - validation) > least for train, validation in pairs)
    return all(reading.skill(train) - reading.skill(validation) > least for train, validation in pairs)


def _more_decay(reading: Reading) -> list[Cure]:
    return cures.strengthen(reading.experiment, "l2", 0.01, 0.03)


def _more_dropout(reading: Reading) -> list[Cure]:
    if not reading.experiment.model.activated:
        return []
    return cures.strengthen(reading.experiment, "dropout", 0.2, 0.5, certain=False)


def _more_data(reading: Reading) -> list[Cure]:
    if reading.experiment.data.train_samples is None:
        return []
    return [cures.change(reading.experiment, "data.train_samples", None)]


def _stop_early(reading: Reading) -> list[Cure]:
    experiment, training = reading.experiment, reading.experiment.training
    if "early_stopping" in experiment.regularization:
        return []
    wait = max(training.epochs / 15, 3 * training.evaluation_interval())
    patience = int(cures.rung(EarlyStopping(), "patience", wait))
    return [cures.change(experiment, "regularization.early_stopping", patience)]
