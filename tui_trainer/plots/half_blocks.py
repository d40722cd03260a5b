"""Pictures in character cells: two square pixels a cell, one above the other."""

from __future__ import annotations

from collections.abc import Sequence

UPPER_HALF = "▀"
ON = " on "

Cell = tuple[str, str]
"""A character and its role."""

_BLOCKS = " ░▒▓█"
_ASCII = " .:-=+*#%@"
_GREYS = 16


def on(foreground: str, background: str) -> str:
    """The role of what has two colours, each `#RRGGBB`."""
    return f"{foreground}{ON}{background}"


def colours_of(role: str) -> tuple[str, str] | None:
    """Foreground, which may be empty, and background of such a role; None if it is another one."""
    foreground, both, background = role.partition(ON)
    return (foreground, background) if both else None


def half_blocks(pixels: Sequence[Sequence[str]]) -> list[list[Cell]]:
    """Rows of colours, from the top, as cells; a last row without a partner is drawn twice."""
    return [
        [_cell(top, bottom) for top, bottom in zip(upper, lower, strict=True)]
        for upper, lower in zip(pixels[::2], [*pixels[1::2], pixels[-1]], strict=False)
    ]


def _cell(top: str, bottom: str) -> Cell:
    # A blank costs less than a block to send: what is below it is already on the terminal.
    return (" ", on("", top)) if top == bottom else (UPPER_HALF, on(top, bottom))


def grey_cells(
    image: Sequence[int], height: int, width: int, scale: int = 1, *, colours: bool = True, ascii_only: bool = False
) -> list[list[Cell]]:
    """An image of grey values 0 to 255 by rows from the top, each value `scale` pixels wide and high.

    Without colours it is drawn in characters that fill their cell more or less.
    """
    rows = [
        [value for value in image[at * width : (at + 1) * width] for _ in range(scale)]
        for at in range(height)
        for _ in range(scale)
    ]
    if not rows:
        return []
    if colours:
        return half_blocks([[_grey(value) for value in row] for row in rows])
    ramp = _ASCII if ascii_only else _BLOCKS
    pairs = zip(rows[::2], [*rows[1::2], rows[-1]], strict=False)
    return [
        [(ramp[min(len(ramp) - 1, (a + b) // 2 * len(ramp) // 256)], "") for a, b in zip(upper, lower, strict=True)]
        for upper, lower in pairs
    ]


def _grey(value: int) -> str:
    shown = round(value / 255 * (_GREYS - 1)) * 255 // (_GREYS - 1)
    return f"#{shown:02X}{shown:02X}{shown:02X}"
