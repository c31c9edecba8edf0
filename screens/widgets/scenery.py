"""The picture behind home header and idle screen: a lake at morning, as around Tianmen. Computed once per size."""

from functools import lru_cache
from typing import Any

import numpy as np
from kivy.clock import Clock
from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture
from kivy.properties import NumericProperty
from kivy.uix.boxlayout import BoxLayout
from numpy.typing import NDArray

from screens.theme import tokens

Pixels = NDArray[np.float32]  #: (height, width, 3), 0..1, origin top left

#: layers of water, far to near: (crest below the horizon as share of the picture, swell in px, wavelength in px,
#: phase, how much of CITY is mixed in)
_WAVES = (
    (0.00, 9, 1240, 0.4, 0.35),
    (0.08, 12, 930, 2.1, 0.45),
    (0.16, 11, 1100, 4.6, 0.75),
)
#: the sun: centre as share of the width, radius in px; it is half up
_SUN = (0.80, 92)
HORIZON = 0.69
#: pixels; Kivy's boxes begin at 100
SMALLEST = 101


def _cover(picture: Pixels, share: NDArray[np.float32], colour: tokens.Colour) -> None:
    """Mix `colour` over the picture, `share` (height, width) of it."""
    picture += share[..., None] * (np.asarray(colour[:3], np.float32) - picture)


def lake(width: int, height: int, horizon: float = HORIZON) -> NDArray[np.uint8]:
    """The picture, (height, width, 3) uint8 RGB, origin top left. Edges are smooth to the pixel."""
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    fall = (rows / height)[..., None]
    upper, lower = (np.asarray(part[:3], np.float32) for part in (tokens.CITY, tokens.CITY_LIGHT))
    picture = (upper + fall * (lower - upper)).astype(np.float32)
    x, y, radius = _SUN[0] * width, (horizon + 0.01) * height, _SUN[1]
    distance = np.hypot(columns - x, rows - y)
    _cover(picture, 0.05 * np.clip(radius * 2.1 - distance, 0, 1), tokens.WHITE)
    _cover(picture, 0.06 * np.clip(radius * 1.5 - distance, 0, 1), tokens.WHITE)
    _cover(picture, np.clip(radius - distance, 0, 1), tokens.GOLD)
    for crest, swell, wavelength, phase, share in _WAVES:
        line = (horizon + crest) * height + swell * np.sin(columns * (2 * np.pi / wavelength) + phase)
        below = np.clip(rows - line, 0, 1)
        _cover(picture, below, tokens.CITY_LIGHT)
        _cover(picture, share * below, tokens.CITY)
    pixels: NDArray[np.uint8] = (np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)
    return pixels


@lru_cache(maxsize=8)
def _texture(width: int, height: int, horizon: float, city: tokens.Colour) -> Texture:
    """`city`: whose lake it is; another theme, another lake."""
    texture = Texture.create(size=(width, height), colorfmt="rgb")
    texture.blit_buffer(lake(width, height, horizon).tobytes(), colorfmt="rgb", bufferfmt="ubyte")
    texture.flip_vertical()
    return texture


class Lake(BoxLayout):
    """A box with the lake behind it."""

    horizon = NumericProperty(HORIZON)  #: as share of the height, from above

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        with self.canvas.before:
            Color(1, 1, 1, 1)
            self._ground = Rectangle()
        self._soon = Clock.create_trigger(self._paint, -1)
        for name in ("pos", "size", "horizon"):
            self.fbind(name, self._place)

    def _place(self, *_: object) -> None:
        self._ground.pos, self._ground.size = self.pos, self.size
        self._soon()

    def _paint(self, *_: object) -> None:
        """Sizes that a box has while it is being laid out are not worth a picture."""
        if self.width > SMALLEST and self.height > SMALLEST:
            self._ground.texture = _texture(int(self.width), int(self.height), self.horizon, tokens.CITY)
