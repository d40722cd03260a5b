"""Gradient clipping."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, Self

from tui_trainer.choices.base import setting
from tui_trainer.choices.regularizers.base import Regularizer

if TYPE_CHECKING:
    from torch.nn import Parameter

    from tui_trainer.choices.regularizers.base import Live


class GradientClipping(Regularizer):
    """Gradient clipping: a gradient that is longer than `norm` is shortened to it; its direction stays.

    Where the loss has cliffs, as in recurrent networks, a single huge gradient can throw the weights far away. The
    length is that of all gradients together, those of penalties included. Pascanu, Mikolov and Bengio, "On the
    difficulty of training recurrent neural networks", 2012.
    """

    kind: Literal["gradient_clipping"] = "gradient_clipping"
    main_field = "norm"

    norm: float = setting(
        1.0,
        ge=0,
        le=1e6,
        live=True,
        ladder=(0.0, 0.01, 0.03, 0.1, 0.3, 0.5, 1.0, 3.0, 5.0, 10.0, 30.0, 100.0),
        help="Length of the gradient of all weights together beyond which it is shortened; 0 is off.",
        low="Every gradient is shortened: all steps are equally long, however flat the loss is.",
        high="No gradient is ever that long: nothing changes.",
    )

    @classmethod
    def off(cls) -> Self:
        return cls(norm=0.0)

    def gradients(self, parameters: Sequence[Parameter], live: Live) -> None:
        import torch

        gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
        if gradients and not self.is_idle(live):
            with torch.no_grad():
                length = torch.linalg.vector_norm(torch.stack(torch._foreach_norm(gradients)))
                # No comparison in Python: it would wait for the device.
                torch._foreach_mul_(gradients, (live["norm"].tensor / (length + 1e-6)).clamp(max=1.0))
