"""Whether a difference is more than chance.

What is inferred: how two experiments would compare with *other seeds on the same data*, that is with other splits of
it, other initial weights, orders and noise, all of which follow the seed; where the data set is generated, it is drawn
anew for each seed instead of split anew. Runs with the same seed share these, so they are compared in pairs (Student
1908, "The probable error of a mean"), which takes out the luck that both had. That all of these sources of chance must
vary together, and that a single seed claims far too much, is the result of Bouthillier et al. 2021, "Accounting for
variance in machine learning benchmarks".

What is not inferred, unless each seed draws its data: how they would compare on *other data*. The training parts of
different seeds overlap, so their results are not independent draws of the task, and a test across them is too sure of
itself for that question (Dietterich 1998, "Approximate statistical tests for comparing supervised classification
learning algorithms"; Nadeau and Bengio 2003, "Inference for the generalization error").

With one seed there is no spread to test against; all that can be said is whether a difference exceeds the sampling
error of the validation part: what figures change by when other samples of the same kind validate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite, nan, sqrt
from typing import Literal

from tui_trainer.choices.tasks import Metric
from tui_trainer.choices.tasks.classification import MACRO_F1
from tui_trainer.insight.bands import deviation, mean

LEVEL = 0.05
"""How often, at most, chance alone is called a difference."""
PROBABLE = 0.1
"""Below this p, a difference that every single seed shows is called probable: three seeds rarely do better."""
FEWEST_PAIRS = 3
"""With two pairs, the spread is a guess from one degree of freedom: no test is made on it."""
MEANINGFUL = 0.75
"""The share of the seeds in which the better one must be better (Bouthillier et al. 2021): that it is better on average
says little if it is not so most of the time."""
LOSS_SPREAD = 2.5
"""The standard deviation of the losses of single samples, as a multiple of their mean, where nothing else is known.
Squares of normal errors have 1.4."""
ERROR_SPREAD = 1.0
"""The same for errors that are not squared: absolute values of normal ones have 0.76, exponential ones 1."""
LOSS_OF_WRONG_ONES = 1.25
"""The same for cross entropy, times the root of the share of wrong answers: these few carry most of the loss, so that
their number decides how much it varies. Over 29 networks on digits and 15 on 300 images of MNIST, with 0.8 to 36 %
wrong, it was 0.1 to 1.4; the higher ones are those that overfit."""
AGREEMENT = 0.5
"""How the results of two networks on the same samples correlate, at the least: those networks with and without weight
decay had 0.5 to 1.0. It makes differences by chance smaller than if each had samples of its own."""

OTHER_SEEDS = 3
"""How many times as large as the sampling error a difference must be where no seed is shared and there are too few to
see how much they do: over five seeds each, what 15 networks got on MNIST's 2,000 validation images had deviations of
2.9 to 3.2 times the sampling error, as each was trained on 300 other images."""

Method = Literal["paired", "unpaired", "sampling", "unshared", "none"]
"""`sampling`, `unshared`: no test, but the sampling error of the validation part, of which the latter asks for more."""


@dataclass(frozen=True)
class Effect:
    """How much higher a figure is in one arm than in another."""

    difference: float  # in the figure's own unit; NaN where there is nothing to compare
    low: float  # the ends of the 95 % interval of the difference; NaN where there is none
    high: float
    p: float  # the probability of so large a difference by chance alone; NaN where no test was made
    n: int  # seeds that were compared, in pairs if `method` says so
    method: Method
    spread: float = nan  # sample standard deviation of the differences of the pairs
    higher: int = 0  # pairs in which it is higher
    lower: int = 0

    @property
    def real(self) -> bool:
        """Whether it counts as a difference: it exceeds the spread, or for one seed the sampling error."""
        if not isfinite(self.difference) or self.difference == 0:
            return False
        return self.beyond_chance and self.consistent

    @property
    def beyond_chance(self) -> bool:
        """Whether it is too large on average for chance alone."""
        return self.p < LEVEL if self.tested else self.low > 0 or self.high < 0

    @property
    def tested(self) -> bool:
        """Whether there were seeds enough for a test."""
        return isfinite(self.p)

    @property
    def consistent(self) -> bool:
        """Whether most of the seeds show it."""
        return self.agreeing >= MEANINGFUL * self.n

    @property
    def agreeing(self) -> int:
        """The seeds that show it."""
        return self.higher if self.difference > 0 else self.lower

    @property
    def probable(self) -> bool:
        """Whether it is not certain, but every seed shows it and chance alone seldom would."""
        return self.method == "paired" and not self.real and self.p < PROBABLE and self.agreeing == self.n

    @property
    def sign(self) -> int:
        """1 if it is really higher, -1 if it is really lower, 0 if neither can be said."""
        return 0 if not self.real else 1 if self.difference > 0 else -1

    def __neg__(self) -> Effect:
        """The same, seen from the other arm."""
        turned = replace(self, difference=-self.difference, low=-self.high, high=-self.low)
        return replace(turned, higher=self.lower, lower=self.higher)


NO_EFFECT = Effect(nan, nan, nan, nan, 0, "none")


def effect(a: Mapping[int, float], b: Mapping[int, float], error: Callable[[float], float]) -> Effect:
    """How much higher `b` is than `a`, both by seed. `error` is the standard error of one value of the figure.

    In pairs where seeds are shared, over independent groups where none are. Values that are not finite are left out.
    """
    a, b = _finite(a), _finite(b)
    shared = sorted(a.keys() & b.keys())
    if shared:
        return paired([a[seed] for seed in shared], [b[seed] for seed in shared], error)
    if not a or not b:
        return NO_EFFECT
    return unpaired(list(a.values()), list(b.values()), error)


def paired(a: Sequence[float], b: Sequence[float], error: Callable[[float], float]) -> Effect:
    """Student's paired t-test (1908) of values that belong together, `b` against `a`; both equally long.

    With fewer than `FEWEST_PAIRS`, or where all differences are equal so that there is no spread, what counts is the
    sampling error instead, and no p is given.
    """
    differences = [right - left for left, right in zip(a, b, strict=True)]
    n, centre, spread = len(differences), mean(differences), deviation(differences)
    counts = {"higher": sum(it > 0 for it in differences), "lower": sum(it < 0 for it in differences)}
    if n >= FEWEST_PAIRS and not any(differences):
        return Effect(0.0, 0.0, 0.0, 1.0, n, "paired", spread)
    if n < FEWEST_PAIRS or _is_flat(spread, centre):
        margin = _margin(mean(a), mean(b), error, AGREEMENT)
        return Effect(centre, centre - margin, centre + margin, nan, n, "sampling", spread, **counts)
    low, high, p = _student(centre, spread / sqrt(n), n - 1)
    return Effect(centre, low, high, p, n, "paired", spread, **counts)


def unpaired(a: Sequence[float], b: Sequence[float], error: Callable[[float], float]) -> Effect:
    """Welch's t-test (1947) of two groups that share no seed, `b` against `a`.

    It must be less sure than the paired one: what both groups owe to their seeds is not taken out. With fewer than
    `FEWEST_PAIRS` in a group there is no test either, and what counts is `OTHER_SEEDS` times the sampling error.
    """
    centre = mean(b) - mean(a)
    n = min(len(a), len(b))
    counts = {"higher": n * (centre > 0), "lower": n * (centre < 0)}
    parts = [deviation(values) ** 2 / len(values) if len(values) > 1 else nan for values in (a, b)]
    if n < FEWEST_PAIRS or _is_flat(sqrt(sum(parts)), centre):
        margin = OTHER_SEEDS * _margin(mean(a), mean(b), error, 0.0)
        return Effect(centre, centre - margin, centre + margin, nan, n, "unshared", **counts)
    weights = sum(part**2 / (len(values) - 1) for part, values in zip(parts, (a, b), strict=True))
    low, high, p = _student(centre, sqrt(sum(parts)), sum(parts) ** 2 / weights)
    return Effect(centre, low, high, p, n, "unpaired", **counts)


def holm(effects: Sequence[Effect]) -> list[Effect]:
    """The effects with their p corrected for being several (Holm 1979, "A simple sequentially rejective multiple test
    procedure"): the chance that any of them is called a difference wrongly stays below `LEVEL`.

    Those without a p stay as they are. The intervals are left alone: each holds for its own effect.
    """
    tested = sorted((i for i, it in enumerate(effects) if it.tested), key=lambda i: effects[i].p)
    corrected, highest = list(effects), 0.0
    for rank, i in enumerate(tested):
        highest = max(highest, min(1.0, (len(tested) - rank) * effects[i].p))
        corrected[i] = replace(effects[i], p=highest)
    return corrected


def standard_error(
    metric: Metric, samples: int, right: float | None = None, by_class: Sequence[float] = ()
) -> Callable[[float], float]:
    """From a value of the metric, a mean over so many validation samples, to an estimate of its standard error.

    A share of right answers is binomial; two right and two wrong ones are added, so that 0 and 1 are not taken for
    certain (Agresti and Coull 1998). Macro F1 hangs on the rarest class: see `_of_macro_f1`, which asks how many of
    the samples are of each class. How the loss spreads over the samples is not recorded, but follows from the share of
    `right` answers: see `LOSS_OF_WRONG_ONES`; without it, `LOSS_SPREAD` stands for it.
    """
    if samples <= 0:
        return lambda value: inf
    if metric.name == MACRO_F1.name and by_class:
        return lambda value: _of_macro_f1(value, by_class)
    if metric.is_share:

        def of_share(value: float) -> float:
            share = (value * samples + 2) / (samples + 4)
            return sqrt(max(0.0, share * (1 - share)) / (samples + 4))

        return of_share
    if right is not None and isfinite(right):
        wrong = samples * (1 - right) + 2
        return lambda value: LOSS_OF_WRONG_ONES * abs(value) / sqrt(wrong)
    spread = LOSS_SPREAD if metric.name == "loss" else ERROR_SPREAD
    return lambda value: spread * abs(value) / sqrt(samples)


def _of_macro_f1(value: float, by_class: Sequence[float]) -> float:
    """The standard error of macro F1, from how many samples each class has; a class without any does not count.

    F1 of a class is 2J / (1 + J), where J is the share of right ones among the samples that are of the class, or are
    taken for it, or both. With as many missed as wrongly taken for it, these are 2 - F1 times the samples of the class,
    J is binomial over them, and so the variance of F1 is about F1 (1 - F1) (2 - F1) / 2 over the samples of the class
    (the delta method). How F1 differs between the classes is not recorded: each counts as if it had the mean. Two right
    and two wrong ones are added to each, as to a share.
    """
    known = [count for count in by_class if count > 0]
    total = 0.0
    for count in known:
        share = (value * count + 2) / (count + 4)
        total += max(0.0, share * (1 - share) * (2 - share)) / 2 / (count + 4)
    return sqrt(total) / len(known) if known else inf


def _student(centre: float, error: float, freedom: float) -> tuple[float, float, float]:
    """The ends of the 95 % interval, and p, two-sided."""
    from scipy import special  # a second to import: only where it is needed

    margin = error * float(special.stdtrit(freedom, 1 - LEVEL / 2))
    p = 2 * float(special.stdtr(freedom, -abs(centre) / error))
    return centre - margin, centre + margin, p


def _margin(a: float, b: float, error: Callable[[float], float], agreement: float) -> float:
    """Half the 95 % interval of a difference by sampling error alone."""
    from scipy import special

    left, right = error(a), error(b)
    return float(special.ndtri(1 - LEVEL / 2)) * sqrt(left**2 + right**2 - 2 * agreement * left * right)


def _is_flat(spread: float, centre: float) -> bool:
    """Whether there is no spread but the last bits that arithmetic leaves."""
    return not spread > 1e-9 * abs(centre)


def _finite(values: Mapping[int, float]) -> dict[int, float]:
    return {seed: value for seed, value in values.items() if isfinite(value)}
