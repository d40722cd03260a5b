"""Layers that do not learn: no gradient, far too much of it, units that died or saturated, weights that began wrong."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite, log, nan
from statistics import median

from tui_trainer.insight.findings import cures
from tui_trainer.insight.findings.base import Finding
from tui_trainer.insight.findings.divergence import last_sound
from tui_trainer.insight.findings.reading import LEARNED, Reading
from tui_trainer.insight.findings.words import percent
from tui_trainer.runs.view import LayerFigures

DEAD = 0.5
SATURATED = 0.5
VANISHED = 1e-3
EXPLODED_RATIO = 70.0
EXPLODED_NORM = 100.0

TOO_LARGE, TOO_LARGE_BY = 2.0, 2.0
"""The initial loss is too large at this multiple of the baseline's, and this far above it: with few inputs, weights of
the right size lie up to about 1.3 above."""
ALIKE = 1e-3
"""All scores are alike where the loss is this near, relatively, to that of equal probabilities."""


def dead_layer(reading: Reading) -> Finding | None:
    """No unit of a layer has a slope for any sample, in a run that has learned nothing before: whatever made the loss
    grow or leap, this keeps it from coming back, also after a live change.

    Sources: as for `dead_units`, of which it is the end. Told before a loss that grows, because the biases behind such
    a layer are all that still moves, and make the loss leap as they like.
    """
    if _cannot_have_died(reading) or last_sound(reading):  # there is something to go on from
        return None
    if poor_initialization(reading):  # which is the cause of it
        return None
    worst, share = _worst(reading, lambda layer: layer.dead_share)
    if share < 1:
        return None
    still = all(layer.update_ratio == 0 for layer in reading.units[-1].layers)
    return _dead(
        reading,
        f"all units of {worst.name} are dead",
        "No gradient passes them, so that a smaller learning rate does not bring them back"
        + (": only the biases behind them still move, and the loss with these." if still else "."),
    )


def dead_units(reading: Reading) -> Finding | None:
    """Most units of a layer have no slope for any sample.

    Sources: SageMaker Debugger's rule DeadRelu (more than 50 % of a layer's units inactive); AUTOTRAINER (Zhang et al.,
    ICSE 2021) asks for 70 % of gradients that are zero and for a run that does not learn. Maas et al., "Rectifier
    Nonlinearities Improve Neural Network Acoustic Models", 2013, brought the leaky unit against it.
    """
    if _cannot_have_died(reading):
        return None
    worst, share = _worst(reading, lambda layer: layer.dead_share)
    if share <= DEAD:
        return None
    return _dead(
        reading,
        f"{percent(share)} of the units of {worst.name} are dead",
        "Without a slope they get no gradient, so that they never come back.",
    )


def _cannot_have_died(reading: Reading) -> bool:
    """Whether the run learns, or has no units that can die, or none were looked at often enough."""
    can_die = reading.experiment.activation.can_die
    return not can_die or len(reading.units) < 2 or not reading.train or reading.learned >= LEARNED


def _dead(reading: Reading, title: str, lasting: str) -> Finding:
    """`lasting`: why the units stay dead, in a sentence."""
    experiment = reading.experiment
    return Finding(
        "dead-units",
        title,
        f"{_in_every_layer(reading, lambda layer: layer.dead_share)} of the units answer no sample; "
        f"train loss {reading.train[-1]:.3g}{reading.guessing}",
        f"A step that was too large has made their sums negative for every sample, where {_kind(reading)} is flat. "
        + lasting,
        cures=(*cures.calmer(experiment), *cures.activate(experiment, "leaky_relu", certain=False)),
    )


def saturated_units(reading: Reading) -> Finding | None:
    """Most units of a layer sit at the flat ends of their activation.

    Sources: SageMaker Debugger's rule SaturatedActivation (more than 50 % of a layer's units that are active for less
    than 1 % of the samples); Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural
    networks", 2010, on how saturation stops the learning of the layers below.
    """
    experiment = reading.experiment
    if not experiment.activation.saturates or len(reading.units) < 2 or reading.learned >= LEARNED:
        return None
    worst, share = _worst(reading, lambda layer: layer.saturated_share)
    if share <= SATURATED:
        return None
    return Finding(
        "saturated-units",
        f"{percent(share)} of the units of {worst.name} are saturated",
        f"{_in_every_layer(reading, lambda layer: layer.saturated_share)} of the units are where {_kind(reading)} is "
        f"nearly flat; train loss {reading.train[-1]:.3g}{reading.guessing}",
        f"The weighted sums are so large that {_kind(reading)} is flat there for nearly every sample. "
        "Hardly any gradient passes through a flat stretch, so that neither these units nor those below them learn.",
        cures=(
            *cures.initialize(experiment),
            *cures.scale(experiment),
            *cures.calmer(experiment),
            *cures.add(experiment, "batch_norm", certain=False),
        ),
    )


def vanishing(reading: Reading) -> Finding | None:
    """The gradient is lost on its way back to the first layer.

    Sources: AUTOTRAINER (Zhang et al., ICSE 2021): the norm of the first layer's gradient below 0.001 of the last one's
    in a run that does not learn. SageMaker Debugger's VanishingGradient asks for a mean below 1e-7, which depends on
    the size of the layer. Glorot and Bengio, 2010, on the cause; Hochreiter, 1991, was the first to describe it.
    """
    experiment = reading.experiment
    if not reading.layers or len(reading.layers[-1].layers) < 2 or reading.learned >= LEARNED:
        return None
    ratio = median(_share_left(it.layers) for it in reading.layers)
    if not ratio < VANISHED:
        return None
    first, last = reading.layers[-1].layers[0], reading.layers[-1].layers[-1]
    steepest = experiment.activation.steepest
    if not experiment.model.activated:
        cause = "On its way back the gradient passes the same weights again and again, and shrinks each time. "
    elif steepest == 0:
        cause = f"{_kind(reading).capitalize()} is flat everywhere, so that no gradient passes through it. "
    elif cures.fits(experiment):
        cause = (
            f"On its way back the gradient is multiplied by the slope of {_kind(reading)}, at most {steepest:g}, at "
        )
        cause += f"each of {len(reading.layers[-1].layers) - 1} hidden layers. "
    else:
        cause = "The initial weights are so small that the gradient shrinks at every layer on its way back. "
    smoother = [] if steepest >= 1 else cures.activate(experiment, "relu")
    return Finding(
        "vanishing-gradients",
        "gradients vanish on their way back",
        f"gradient {first.gradient_norm:.1e} in {first.name}, {last.gradient_norm:.1e} in {last.name}; "
        f"train loss {reading.train[-1]:.3g}{reading.guessing}",
        cause + "What is left moves the first layers so little that they stay as random as they began.",
        cures=(*cures.initialize(experiment), *smoother, *cures.add(experiment, "batch_norm", certain=False)),
    )


def exploding(reading: Reading) -> Finding | None:
    """Gradients grow on their way back, or are huge, in a run that does not learn.

    Sources: AUTOTRAINER (Zhang et al., ICSE 2021): the first layer's gradient norm above 70 times the last one's in a
    run that does not learn. Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks",
    2013, on the cause.
    """
    if not reading.layers or not reading.learned < LEARNED:
        return None
    norm = median(max(layer.gradient_norm for layer in it.layers) for it in reading.layers)
    ratio = median(_share_left(it.layers) for it in reading.layers)
    if isfinite(norm) and norm <= EXPLODED_NORM and not (ratio > EXPLODED_RATIO and norm > 1):
        return None
    experiment = reading.experiment
    return Finding(
        "exploding-gradients",
        f"gradients explode: norm {norm:.2g}",
        f"gradient of the first layer {ratio:.2g} times that of the last, the largest {norm:.2g}; "
        f"train loss {reading.train[-1]:.3g}{reading.guessing}",
        "Each layer multiplies the gradient by its weights on the way back, and these are large. "
        "So the steps are far larger than the stretch over which the gradient tells the truth.",
        cures=(
            *cures.initialize(experiment),
            *cures.scale(experiment),
            *cures.calmer(experiment),
            *cures.add(experiment, "batch_norm", certain=False),
        ),
    )


def equal_units(reading: Reading) -> Finding | None:
    """All units of a layer began with the same weights, and stay copies of each other.

    Sources: Goodfellow, Bengio and Courville, "Deep Learning", 2016, section 8.4: breaking the symmetry between units
    is perhaps the only thing that is known for certain about initial weights. CS231n (Stanford, "Neural Networks Part
    2"): the pitfall of all zeros.
    """
    experiment = reading.experiment
    if experiment.initialization.tells_units_apart or experiment.warm_start.run or not experiment.model.activated:
        return None
    if not reading.layers or len(reading.layers[-1].layers) < 2 or reading.learned >= LEARNED:
        return None
    hidden = reading.layers[-1].layers[:-1]
    still = [layer for layer in hidden if layer.gradient_norm == 0 and layer.weight_norm == 0]
    if len(still) == len(hidden):
        said = f"no gradient reaches {' or '.join(layer.name for layer in hidden[:3])}: all their weights are still 0"
        why = f"{_kind(reading)} of 0 passes nothing on, and weights of 0 pass no gradient back. "
        why = why[:1].upper() + why[1:] + "Only the biases of the last layer learn: how common each class is."
        if not reading.classifies:
            why = why.replace("how common each class is", "the mean of the targets")
    else:
        said = "every weight began at 0"
        why = "Units with the same weights compute the same and get the same gradient, so that they change alike: "
        why += "each layer is one unit, however wide it is. Random weights would tell them apart."
    return Finding(
        "equal-units",
        "all units of a layer are copies",
        f"{said}; train loss {reading.train[-1]:.3g}{reading.guessing}",
        why,
        cures=tuple(cures.initialize(experiment)),
    )


def poor_initialization(reading: Reading) -> Finding | None:
    """The initial loss is far from that of guessing, or every sample gets the same scores and nothing moves.

    Sources: CS231n (Stanford, "Neural Networks Part 3"): look for the correct loss at chance performance before
    training, ln C for C classes; SageMaker Debugger's PoorWeightInitialization (signals of layers that differ tenfold,
    and a loss that does not fall); UMLAUT (Schoop et al., CHI 2021) on inputs that are not scaled; Glorot and Bengio,
    2010, and He et al., "Delving Deep into Rectifiers", 2015, on which weights keep signals alive.
    """
    view, baseline, experiment = reading.view, reading.baseline, reading.experiment
    if not view.evaluations or view.evaluations[0].step or baseline is None or not reading.train:
        return None
    loss = view.evaluations[0].train.get("loss", nan)
    mend = (*cures.initialize(experiment), *cures.scale(experiment))
    if not mend:
        return None
    if loss > max(TOO_LARGE * baseline, baseline + TOO_LARGE_BY):
        title = f"poor start: the loss begins at {loss:.3g}"
        large = "The initial weights are too large" if not cures.fits(experiment) else "The inputs are not scaled"
        answers = "is sure of random answers" if reading.classifies else "gives large random answers"
        cause = f"{large}, so that the network {answers} before it has seen a sample. "
        result = "It must unlearn them first, with gradients that are far too large."
    elif not cures.fits(experiment) and _alike(reading, loss):
        title = "poor start: all outputs are alike"
        cause = (
            "The initial weights are so small that the signal fades from layer to layer, and every sample looks alike. "
        )
        result = "The gradients fade in the same way, so that nothing moves."
    else:
        return None
    return Finding(
        "poor-initialization",
        title,
        f"train loss {loss:.5g} before the first update (guessing: {baseline:.5g}), {reading.train[-1]:.3g} now",
        cause + result,
        "hint" if reading.learned >= LEARNED else "problem",
        cures=mend,
    )


def _alike(reading: Reading, loss: float) -> bool:
    """Whether all samples got the same scores, and after a while still do."""
    classes, hidden = len(reading.view.classes), len(reading.view.layers_shape) - 1
    if not reading.classifies or classes < 2 or hidden < 1 or len(reading.train) < 3:
        return False
    fair = log(classes)
    return abs(loss - fair) < ALIKE * fair and reading.learned < 0.02


def _share_left(layers: tuple[LayerFigures, ...]) -> float:
    """The gradient norm of the first layer relative to the last one's."""
    first, last = layers[0].gradient_norm, layers[-1].gradient_norm
    return first / last if last > 0 else nan


def _worst(reading: Reading, figure: Callable[[LayerFigures], float | None]) -> tuple[LayerFigures, float]:
    """The layer with the largest share in the latest figures; the share there that it also had before."""
    latest = reading.units[-1].layers
    index = max(range(len(latest)), key=lambda i: figure(latest[i]) or 0.0)
    return latest[index], min(figure(it.layers[index]) or 0.0 for it in reading.units)


def _in_every_layer(reading: Reading, figure: Callable[[LayerFigures], float | None]) -> str:
    shares = [percent(share) for layer in reading.units[-1].layers if (share := figure(layer)) is not None]
    return ", ".join(shares[:4]) + (" …" if len(shares) > 4 else "")


def _kind(reading: Reading) -> str:
    return reading.experiment.activation.kind
