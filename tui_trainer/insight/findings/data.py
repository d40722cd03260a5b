"""What the data says before anything is trained: classes, features and rows."""

from __future__ import annotations

from math import nan

from tui_trainer.insight.findings.base import Finding
from tui_trainer.insight.findings.reading import Reading
from tui_trainer.insight.findings.words import percent

IMBALANCE = 10.0
"""The commonest class has so many times the samples of the rarest."""

ALONE = 0.97
"""One feature alone gets this far from the baseline to perfection …"""
FEWEST_ROWS = 50
"""… on no fewer validation rows than this, or it may be luck."""

REPEATED, MANY_REPEATED = 0.01, 0.1
"""Shares of the validation rows that are also trained on: worth a word, and a problem."""


def class_imbalance(reading: Reading) -> Finding | None:
    """Some class has many times the samples of another.

    Source: SageMaker Debugger's rule ClassImbalance, whose threshold_imbalance is 10. He and Garcia, "Learning from
    Imbalanced Data", 2009, on why accuracy misleads then.
    """
    counts = reading.view.facts.class_counts if reading.view.facts else ()
    if not reading.classifies or len(counts) < 2 or max(counts) <= IMBALANCE * min(counts):
        return None
    most, least = counts.index(max(counts)), counts.index(min(counts))
    guess = reading.view.baseline.get("accuracy", nan)
    return Finding(
        "class-imbalance",
        f"class {_class(reading, most)} is far commoner than {_class(reading, least)}",
        f"{counts[most]:,} training samples of class {_class(reading, most)}, {counts[least]:,} of class "
        f"{_class(reading, least)} (guessing: accuracy {guess:.3f})",
        "A mean over samples hardly notices the rare class, so that a network may neglect it and still look good. "
        f"Compare {reading.metric.word} with the dotted line, and look at the confusion matrix (i).",
        "hint",
    )


def constant_feature(reading: Reading) -> Finding | None:
    """A named feature has the same value in every training row; pixels may, and have no names.

    Source: Kuhn and Johnson, "Applied Predictive Modeling", 2013, section 3.5, on predictors of zero and nearly zero
    variance; only the former never tell anything.
    """
    names = reading.view.facts.constant_features if reading.view.facts else ()
    if not names:
        return None
    some = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return Finding(
        "constant-feature",
        f"constant: {some}",
        f"{len(names)} of {len(reading.view.features)} features ({some}) have one value in all training rows",
        "What never changes tells nothing about the target. Leave it out, or find out why it never changes.",
        "hint",
    )


def lone_feature(reading: Reading) -> Finding | None:
    """One feature alone predicts the target nearly as well as can be.

    Sources: Kaufman, Rosset and Perlich, "Leakage in Data Mining: Formulation, Detection, and Avoidance", 2011: look
    for features that predict better than they should. Checks such as that of Deepchecks for feature-label correlation
    warn at a predictive power of 0.7 or 0.8, which honest features such as the petals of iris exceed.
    """
    facts, view = reading.view.facts, reading.view
    if facts is None or len(view.features) < 2 or facts.rows_compared < FEWEST_ROWS:
        return None
    if view.task.name == "reconstruction":  # the features are the target
        return None
    guess = view.baseline.get("accuracy", 0.0) if reading.classifies else 0.0
    score = facts.best_feature_score
    if not (score - guess) > ALONE * (1 - guess):
        return None
    what = f"gets accuracy {score:.3f}" if reading.classifies else f"explains {percent(score)} of the variance"
    return Finding(
        "lone-feature",
        f"{facts.best_feature} alone predicts the target",
        f"of {len(view.features)} features {facts.best_feature} alone {what} on validation",
        "Either the task is that easy, or the feature holds what is known only once the target is. "
        "In the second case leave it out, or the network will fail where the answer is not yet known.",
        "hint",
    )


def repeated_rows(reading: Reading) -> Finding | None:
    """Rows of the validation part are also trained on.

    Sources: Kaufman, Rosset and Perlich, "Leakage in Data Mining", 2011; Deepchecks' check of a mix of train and test
    samples allows for a tenth. Barz and Denzler, "Do We Train on Test Data? Purging CIFAR of Near-Duplicates", 2020,
    found 3 % in CIFAR-10 and 10 % in CIFAR-100, and lower accuracies without them.
    """
    facts = reading.view.facts
    if facts is None or not facts.rows_compared or facts.repeated_rows < REPEATED * facts.rows_compared:
        return None
    share = facts.repeated_rows / facts.rows_compared
    return Finding(
        "repeated-rows",
        f"{percent(share)} of the validation rows are also trained on",
        f"{facts.repeated_rows:,} of {facts.rows_compared:,} validation rows equal a training row in every input "
        "and the target",
        "For these rows validation only asks what was learned by heart, so it looks better than it is. "
        "Remove repeated rows from the data to see how well new ones are predicted.",
        "problem" if share >= MANY_REPEATED else "hint",
    )


def _class(reading: Reading, index: int) -> str:
    return reading.view.classes[index] if index < len(reading.view.classes) else str(index)
