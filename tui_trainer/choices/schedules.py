"""Schedules: how the learning rate goes over a run.

A schedule is a factor, at most 1, by which the learning rate is multiplied. It depends on how much of the plan is done,
in epochs: a person may change the learning rate, the batch size or the number of epochs while it trains, and the
schedule still ends where the run ends.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tui_trainer.choices.base import Choice, setting

FACTOR_LADDER = (0.0, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9)
WARMUP_LADDER = (0, 10, 20, 50, 100, 200, 500, 1000, 2000, 4000, 10_000)


@dataclass(frozen=True)
class Progress:
    """Where a run is."""

    step: int  # updates done
    steps: int  # of the whole plan
    epoch: float
    epochs: int
    losses: Sequence[float] = ()  # on validation, at each evaluation so far
    evaluated: Sequence[float] = ()  # the epoch of each

    @property
    def share(self) -> float:
        """How much of the plan is done, 0 to 1."""
        return min(1.0, self.epoch / self.epochs)


def warmup_field(default: int) -> int:
    """The field that every schedule has, with its own sensible default."""
    steps: int = setting(
        default,
        ge=0,
        le=10_000_000,
        unit="steps",
        ladder=WARMUP_LADDER,
        help="Updates over which the learning rate rises from nearly 0 to its full size, in a straight line.",
        low="0 starts at full size: large networks may be thrown off by their first gradients.",
        high="Much of the run passes at rates too small to learn.",
    )
    return steps


def final_field(default: float) -> float:
    """The field of schedules that fall to a factor of their own at the end of the run."""
    factor: float = setting(
        default,
        ge=0,
        le=1,
        ladder=FACTOR_LADDER,
        help="Factor of the learning rate that is left at the end of the run.",
        low="The last epochs move the weights hardly at all.",
        high="The noise of the last updates stays in the weights.",
    )
    return factor


def gamma_field(default: float) -> float:
    """The field of schedules that fall by steps."""
    factor: float = setting(
        default,
        gt=0,
        lt=1,
        ladder=(0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9),
        help="Factor by which each step multiplies the learning rate.",
        low="After one step the weights hardly move any more.",
        high="It takes many steps until the learning rate is small.",
    )
    return factor


class Schedule(Choice):
    """A factor for the learning rate that depends on how far the run is."""

    family = "schedule"

    warmup: int = warmup_field(0)

    def factor(self, at: Progress) -> float:
        """What the learning rate is multiplied by for the update behind `at`, the warm-up included."""
        rise = (at.step + 1) / self.warmup if at.step < self.warmup else 1.0
        return rise * self.course(at)

    def course(self, at: Progress) -> float:
        """The same without the warm-up, which is over when it counts alone."""
        raise NotImplementedError

    @property
    def is_constant(self) -> bool:
        """Whether the learning rate never changes by itself."""
        return False

    @property
    def watches_validation(self) -> bool:
        """Whether it depends on the validation losses."""
        return False


class Constant(Schedule):
    """Constant: the learning rate stays as it is.

    With a rate small enough to end well, the start is slow; with one large enough to start well, the weights never come
    to rest. All other schedules try to have both.
    """

    kind: Literal["constant"] = "constant"

    def course(self, at: Progress) -> float:
        return 1.0

    @property
    def is_constant(self) -> bool:
        return self.warmup == 0


class Step(Schedule):
    """Step: the learning rate falls by a factor a few times, at even distances, and stays as it is between them.

    The loss often drops at each step, as the noise that a large rate makes is gone at once. He et al., "Deep Residual
    Learning for Image Recognition", 2015, divide by ten each time.
    """

    kind: Literal["step"] = "step"

    drops: int = setting(
        2,
        ge=1,
        le=1000,
        unit="steps",
        ladder=(1, 2, 3, 4, 5, 8, 10, 20),
        help="How many times it falls; 2 cut the run in thirds.",
        low="A single one, in the middle of the run.",
        high="Nearly an exponential decay.",
    )
    gamma: float = gamma_field(0.1)

    def course(self, at: Progress) -> float:
        done = math.floor(at.share * (self.drops + 1) + 1e-9)
        return self.gamma ** min(self.drops, done)


class Exponential(Schedule):
    """Exponential: every epoch multiplies the learning rate by the same factor, so that `final` is left at the end.

    It is large for a short time only: most of the run is spent at small rates.
    """

    kind: Literal["exponential"] = "exponential"

    final: float = setting(
        0.01,
        gt=0,
        le=1,
        ladder=(0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5),
        help="Factor of the learning rate that is left at the end of the run.",
        low="The rate is tiny long before the end: the weights stop before they are anywhere.",
        high="Nearly a constant rate.",
    )

    def course(self, at: Progress) -> float:
        return math.pow(self.final, at.share)


class Cosine(Schedule):
    """Cosine: the learning rate falls along half a wave, slowly at first, fast in the middle and slowly again.

    It has hardly anything to tune, which made it the usual choice. Loshchilov and Hutter, "SGDR: Stochastic Gradient
    Descent with Warm Restarts", 2016, here without restarts.
    """

    kind: Literal["cosine"] = "cosine"

    final: float = final_field(0.0)

    def course(self, at: Progress) -> float:
        return _along_cosine(1.0, self.final, at.share)


class OneCycle(Schedule):
    """One cycle: the learning rate rises from a small one to its full size, then falls to nearly nothing.

    The rise lets the network stand a rate that is several times the usual one, and the large rates in the middle find
    flat places that generalize well. Set `lr` to the largest that does not diverge. Smith and Topin,
    "Super-Convergence", 2017.
    """

    kind: Literal["one_cycle"] = "one_cycle"

    rise: float = setting(
        0.3,
        gt=0,
        lt=1,
        ladder=(0.05, 0.1, 0.2, 0.3, 0.4, 0.5),
        help="Share of the run in which it rises.",
        low="The full rate comes before the network can stand it.",
        high="Little of the run is left to come to rest.",
    )
    start: float = setting(
        0.04,
        gt=0,
        le=1,
        ladder=(0.01, 0.02, 0.04, 0.1, 0.2, 0.5),
        help="Factor of the learning rate with which it begins.",
        low="The first epochs hardly move the weights.",
        high="No gentle start: a large rate may diverge.",
    )
    final: float = final_field(0.0)

    def course(self, at: Progress) -> float:
        if at.share < self.rise:
            return _along_cosine(self.start, 1.0, at.share / self.rise)
        return _along_cosine(1.0, self.final, (at.share - self.rise) / (1 - self.rise))


class InverseSqrt(Schedule):
    """Inverse square root: behind its warm-up the learning rate falls as 1 / sqrt(step), the Transformer's schedule.

    It never reaches zero, so that training can go on for as long as one likes. It counts updates alone, and so does not
    depend on the plan. Vaswani et al., "Attention Is All You Need", 2017; here `lr` is the rate at the peak.
    """

    kind: Literal["inverse_sqrt"] = "inverse_sqrt"

    warmup: int = warmup_field(100)

    def course(self, at: Progress) -> float:
        peak = max(1, self.warmup)
        return math.sqrt(peak / max(peak, at.step + 1))


class ReduceOnPlateau(Schedule):
    """Reduce on plateau: the learning rate falls by a factor when the validation loss has not improved for a while.

    It needs no plan, but it looks at the validation part: what is chosen by that looks a little better there than it
    is. A step that does not help is seen only `patience` epochs later.
    """

    kind: Literal["reduce_on_plateau"] = "reduce_on_plateau"

    gamma: float = gamma_field(0.3)
    patience: int = setting(
        5,
        ge=1,
        le=1_000_000,
        unit="epochs",
        ladder=(1, 2, 3, 5, 10, 20, 30, 50, 100),
        help="Epochs to wait for a better validation loss before it falls.",
        low="One unlucky stretch makes the learning rate small for good.",
        high="Time is spent where nothing improves any more.",
    )
    min_delta: float = setting(
        0.0,
        ge=0,
        le=100,
        ladder=(0.0, 1e-5, 1e-4, 1e-3, 0.01, 0.1),
        help="How much lower the validation loss must be to count as better.",
        low="Improvements that mean nothing keep the rate large.",
        high="Slow but real progress is taken for standstill.",
    )
    lowest: float = setting(
        0.001,
        ge=0,
        le=1,
        ladder=FACTOR_LADDER,
        help="Factor of the learning rate below which it does not fall.",
        low="The rate may become so small that nothing changes any more.",
        high="It stops falling early.",
    )

    def course(self, at: Progress) -> float:
        best, since, factor = math.inf, 0.0, 1.0
        for loss, epoch in zip(at.losses, at.evaluated, strict=True):
            if loss < best - self.min_delta:
                best, since = loss, epoch
            elif epoch - since >= self.patience:
                factor, since = factor * self.gamma, epoch
        return max(self.lowest, factor)

    @property
    def watches_validation(self) -> bool:
        return True


def _along_cosine(start: float, end: float, share: float) -> float:
    return end + (start - end) * (1 + math.cos(math.pi * min(1.0, share))) / 2
