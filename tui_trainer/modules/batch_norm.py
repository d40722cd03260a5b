"""Batch normalization that survives a batch of one."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional
from torch.nn.modules.batchnorm import _BatchNorm


class BatchNorm(_BatchNorm):
    """Batch normalization over (batch, features), (batch, length, features) or (batch, channels, height, width).

    A training batch with a single value per feature has no spread to divide by; it is normalized with the running
    statistics, as in evaluation, and leaves them as they are. So is every batch where scale and shift are frozen.
    Ioffe and Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift",
    2015.
    """

    def forward(self, input: Tensor) -> Tensor:
        if input.ndim == 3:
            normed: Tensor = self(input.flatten(0, 1)).unflatten(0, input.shape[:2])
            return normed
        if self.training and (input.numel() == self.num_features or not self.weight.requires_grad):
            return functional.batch_norm(
                input, self.running_mean, self.running_var, self.weight, self.bias, training=False, eps=self.eps
            )
        return super().forward(input)

    def _check_input_dim(self, input: Tensor) -> None:
        pass  # any number of dimensions will do
