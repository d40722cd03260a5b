"""The family of optimizers, and the fields that several of them have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from tui_trainer.choices.base import Choice, setting

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Parameter
    from torch.optim import Optimizer as TorchOptimizer

LR_LADDER = (1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
DECAY_LADDER = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999)
EPS_LADDER = (1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3)


def learning_rate(default: float) -> float:
    """The field that every optimizer has, with its own sensible default."""
    rate: float = setting(
        default,
        gt=0,
        le=1000,
        live=True,
        ladder=LR_LADDER,
        help="Learning rate: how far each update moves the weights along the gradient.",
        low="The loss falls too slowly to get far.",
        high="The loss jumps, grows, or becomes NaN.",
    )
    return rate


def momentum_field() -> float:
    """The field of optimizers that are carried on by their last updates."""
    momentum: float = setting(
        0.9,
        ge=0,
        lt=1,
        ladder=DECAY_LADDER,
        help="Share of the last update's direction that the next one keeps.",
        low="0 is plain sgd.",
        high="The weights shoot past the minimum and swing back; close to 1 the loss oscillates or grows.",
    )
    return momentum


def epsilon(default: float = 1e-8) -> float:
    """The field of optimizers that divide by the size of the gradients."""
    eps: float = setting(
        default,
        gt=0,
        le=1,
        ladder=EPS_LADDER,
        help="Added to the divisor, so that a weight whose gradients are all tiny does not make a huge step.",
        low="Weights that hardly matter may make large, random steps.",
        high="It outweighs the gradients: the steps are no longer adapted and become small.",
    )
    return eps


class Optimizer(Choice):
    """A rule that turns gradients into updates of the weights."""

    family = "optimizer"
    memory: ClassVar[str] = ""  # the kind whose memory of past gradients it can go on with, where not its own alone
    lr: float

    @classmethod
    def upgraded(cls, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        """Nesterov's form was a switch of momentum once."""
        if fields.get("kind") != "momentum" or not isinstance(fields.get("nesterov"), bool):
            return fields
        others = {name: value for name, value in fields.items() if name != "nesterov"}
        return others | {"kind": "nesterov"} if fields["nesterov"] else others

    def build(self, parameters: Iterable[Parameter], lr: Tensor) -> TorchOptimizer:
        """The torch optimizer over `parameters`; `lr` is a 0-dim tensor, on their device, that the loop changes in
        place.

        The optimizer's `load_state_dict` puts a tensor of its own in the place of `lr`: set `group["lr"]` again then.
        """
        raise NotImplementedError
