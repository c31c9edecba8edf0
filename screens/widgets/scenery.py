"""The picture behind home header and idle screen: a lake at morning, as around Tianmen. Computed once per size."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from kivy.clock import Clock
from kivy.graphics import Color, Rectangle
from kivy.graphics.instructions import InstructionGroup
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
    """The picture, (height, width, 3) uint8 RGB, origin top left. Edges are smooth to the pixel.

    Mixed only where something begins or ends, since it stands between a start and the first picture.
    """
    rows = np.arange(height, dtype=np.float32)[:, None]
    upper, lower = (np.asarray(part[:3], np.float32) for part in (tokens.CITY, tokens.CITY_LIGHT))
    sky = upper + (rows / height)[..., None] * (lower - upper)
    picture = np.broadcast_to(sky, (height, width, 3)).astype(np.float32)
    _rise(picture, _SUN[0] * width, (horizon + 0.01) * height, _SUN[1])
    columns = np.arange(width, dtype=np.float32)[None, :]
    for crest, swell, wavelength, phase, share in _WAVES:
        line = (horizon + crest) * height + swell * np.sin(columns * (2 * np.pi / wavelength) + phase)
        top, deep = (min(height, max(0, int(edge))) for edge in (line.min(), line.max() + 2))
        crests = picture[top:deep]
        below = np.clip(rows[top:deep] - line, 0, 1)
        _cover(crests, below, tokens.CITY_LIGHT)
        _cover(crests, share * below, tokens.CITY)
        water = picture[deep:, :1].copy()  # all of one colour from here on down
        _cover(water, np.ones(water.shape[:2], np.float32), tokens.CITY_LIGHT)
        _cover(water, np.full(water.shape[:2], share, np.float32), tokens.CITY)
        picture[deep:] = water
    picture *= 255
    picture += 0.5
    pixels: NDArray[np.uint8] = picture.astype(np.uint8)
    return pixels


def _rise(picture: Pixels, x: float, y: float, radius: float) -> None:
    """The sun, and two rings of light around it: faint, since white text may stand there (7:1)."""
    height, width = picture.shape[:2]
    reach = radius * 2.1 + 1
    top, bottom = (min(height, max(0, int(edge))) for edge in (y - reach, y + reach + 1))
    left, right = (min(width, max(0, int(edge))) for edge in (x - reach, x + reach + 1))
    around = picture[top:bottom, left:right]
    rows, columns = np.mgrid[top:bottom, left:right].astype(np.float32)
    distance = np.hypot(columns - x, rows - y)
    _cover(around, 0.03 * np.clip(radius * 2.1 - distance, 0, 1), tokens.WHITE)
    _cover(around, 0.035 * np.clip(radius * 1.5 - distance, 0, 1), tokens.WHITE)
    _cover(around, np.clip(radius - distance, 0, 1), tokens.GOLD)


def bands(picture: NDArray[np.uint8]) -> Iterator[tuple[int, int, NDArray[np.uint8]]]:
    """The picture as (first row, last row + 1, pixels) from above.

    Pixels are one column wide where each row has one colour, as in sky and deep water: a thousandth of the memory.
    """
    plain = (picture == picture[:, :1]).all(axis=(1, 2))
    edges = [0, *(np.flatnonzero(np.diff(plain)) + 1).tolist(), len(picture)]
    for top, bottom in pairwise(edges):
        yield top, bottom, picture[top:bottom, :1] if plain[top] else picture[top:bottom]


@lru_cache(maxsize=8)
def _textures(
    width: int, height: int, horizon: float, city: tokens.Colour
) -> tuple[tuple[int, int, Texture], ...]:
    """The bands as textures. `city`: whose lake it is; another theme, another lake."""
    return tuple(
        (top, bottom, _texture(pixels)) for top, bottom, pixels in bands(lake(width, height, horizon))
    )


def _texture(pixels: NDArray[np.uint8]) -> Texture:
    texture = Texture.create(size=(pixels.shape[1], pixels.shape[0]), colorfmt="rgb")
    texture.blit_buffer(np.ascontiguousarray(pixels).tobytes(), colorfmt="rgb", bufferfmt="ubyte")
    texture.flip_vertical()
    return texture


class Lake(BoxLayout):
    """A box with the lake behind it."""

    horizon = NumericProperty(HORIZON)  #: as share of the height, from above

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self._ground = InstructionGroup()
        self.canvas.before.add(self._ground)
        self._soon = Clock.create_trigger(self._paint, -1)
        for name in ("pos", "size", "horizon"):
            self.fbind(name, self._soon)

    def _paint(self, *_: object) -> None:
        """Sizes that a box has while it is being laid out are not worth a picture."""
        self._ground.clear()
        width, height = int(self.width), int(self.height)
        if min(width, height) < SMALLEST:
            return
        self._ground.add(Color(1, 1, 1, 1))
        for top, bottom, texture in _textures(width, height, self.horizon, tokens.CITY):
            place = (self.x, self.y + height - bottom)
            self._ground.add(Rectangle(pos=place, size=(self.width, bottom - top), texture=texture))
