"""The soft shadow of a card: a frame of eight patches around nothing.

What lies below a card is not drawn: filling it, three layers deep, cost more than all that is seen of a screen where
a processor draws in place of a graphics chip.
"""

from functools import lru_cache
from typing import Any

import numpy as np
from kivy.graphics import Color, Mesh
from kivy.graphics.texture import Texture
from numpy.typing import NDArray

from screens.theme import tokens

#: how far the shadow reaches beyond its card: to the sides and below; pixels
_SIDE = max(wider for _, wider, _ in tokens.SHADOW_LAYERS)
_DOWN = max(down for down, _, _ in tokens.SHADOW_LAYERS)
_FINE = 4  # samples a pixel in each direction: a smooth edge
#: the eight patches of a grid of 4 × 4 corners, without the middle one
_PATCHES = tuple(row * 4 + column for row in range(3) for column in range(3) if (row, column) != (1, 1))
_INDICES = [
    corner for at in _PATCHES for corner in (at, at + 1, at + 5, at, at + 5, at + 4)
]  # two triangles each


@lru_cache(maxsize=16)
def _texture(radius: int) -> tuple[Texture, int]:
    """White with the layers' alpha, for a card whose middle is one pixel; and how large each corner patch is."""
    corner = radius + int(_SIDE + _DOWN)
    side = 2 * corner + 1
    shown = np.zeros((side, side, 4), np.uint8)
    shown[..., :3] = 255
    shown[..., 3] = np.rint(255 * _alpha(side, corner, radius))
    texture = Texture.create(size=(side, side), colorfmt="rgba")
    texture.blit_buffer(np.ascontiguousarray(shown).tobytes(), colorfmt="rgba", bufferfmt="ubyte")
    return texture, corner


def _alpha(side: int, corner: int, radius: int) -> NDArray[np.float64]:
    """What the layers do together, (side, side), the bottom row first."""
    clear = np.ones((side, side))
    inset = corner - radius  # from the texture's edge to the card's
    at = (np.arange(side * _FINE) + 0.5) / _FINE
    for down, wider, alpha in tokens.SHADOW_LAYERS:
        low, high = inset - wider, side - inset + wider
        across = np.maximum(np.maximum(low + radius - at, at - (high - radius)), 0)
        along = np.maximum(np.maximum(inset - down + radius - at, at - (side - inset - down - radius)), 0)
        inside = np.hypot(across[None, :], along[:, None]) <= radius
        share = inside.reshape(side, _FINE, side, _FINE).mean(axis=(1, 3))
        clear *= 1 - alpha * share
    return 1 - clear


class Shadow:
    """Instructions on the canvas that is being filled; `place` puts them around a card."""

    def __init__(self) -> None:
        self._colour = Color(*tokens.SHADOW[:3], 0)
        self._mesh = Mesh(mode="triangles")

    def place(self, pos: Any, size: Any, radius: float, *, shown: bool) -> None:
        """`pos`, `size` and `radius` of the card, in pixels."""
        if not shown or min(size) < 1:
            self._colour.a = 0
            self._mesh.indices = []
            return
        texture, corner = _texture(round(radius))
        inset = corner - round(radius)
        left, bottom, right, top = (
            pos[0] - inset,
            pos[1] - inset,
            pos[0] + size[0] + inset,
            pos[1] + size[1] + inset,
        )
        xs = (left, left + corner, right - corner, right)
        ys = (bottom, bottom + corner, top - corner, top)
        edge = corner / texture.width
        marks = (0.0, edge, 1 - edge, 1.0)
        self._mesh.vertices = [
            part
            for y, v in zip(ys, marks, strict=True)
            for x, u in zip(xs, marks, strict=True)
            for part in (x, y, u, v)
        ]
        self._mesh.indices = _INDICES
        self._mesh.texture = texture
        self._colour.rgba = (*tokens.SHADOW[:3], 1)
