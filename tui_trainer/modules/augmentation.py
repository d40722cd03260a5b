"""Random changes to a batch of images, on the device where it is."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional


def move(images: Tensor, shift: float, rotate: float, flip: float, *others: Tensor) -> tuple[Tensor, ...]:
    """Images (batch, channels, height, width), each shifted, turned and flipped in a way of its own, and with them
    `others` of the same shape in the same way.

    `shift` is the largest way along both sides, as a share of the side; only whole pixels are gone, so that nothing
    is blurred. `rotate` is the largest angle in degrees, `flip` the share whose left and right are exchanged. What
    comes in at a border repeats what stood there. It draws from torch's global generator of the device.
    """
    count, _, height, width = images.shape
    draws = torch.rand(4, count, device=images.device)
    angle = (2 * draws[0] - 1) * math.radians(rotate)
    # In the grid's units, in which a side is 2 long.
    right = torch.round((2 * draws[1] - 1) * shift * width) * (2 / width)
    down = torch.round((2 * draws[2] - 1) * shift * height) * (2 / height)
    mirror = torch.where(draws[3] < flip, -1.0, 1.0)
    cosine, sine = torch.cos(angle), torch.sin(angle)
    stretch = height / width  # a turn is one of pixels, and those of a grid are not square
    across = torch.stack([mirror * cosine, -mirror * sine * stretch, right], dim=1)
    along = torch.stack([sine / stretch, cosine, down], dim=1)
    grid = functional.affine_grid(torch.stack([across, along], dim=1), list(images.shape), align_corners=False)
    # Where nothing is turned every point is a pixel, up to rounding, and must not be mixed with its neighbours.
    mode = "bilinear" if rotate else "nearest"
    return tuple(
        functional.grid_sample(it, grid, mode=mode, padding_mode="border", align_corners=False)
        for it in (images, *others)
    )
