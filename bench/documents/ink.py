"""Type and ground: what documents are drawn with. Every look is drawn by lot from the given dice."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parents[2]
_OURS = ROOT / "build" / "fonts"
_SYSTEM = Path("/usr/share/fonts")

Pixels = NDArray[np.uint8]  #: (height, width, 3) uint8, BGR


@dataclass(frozen=True, slots=True)
class Face:
    """A face of type: a file, and which of the faces in it."""

    file: Path
    index: int = 0

    def at(self, size: float) -> ImageFont.FreeTypeFont:
        """At a size in pixels."""
        return _loaded(str(self.file), self.index, round(size))


@lru_cache(maxsize=256)
def _loaded(file: str, index: int, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(file, size, index=index)


def _chinese(name: str) -> Face:
    return Face(_SYSTEM / "opentype" / "noto" / name, 2)  # 2: the simplified Chinese face of the collection


#: faces of the part that is tuned on, and of the part that is held back
FACES = (
    Face(_OURS / "NotoSansSC-Regular.otf"),
    Face(_OURS / "NotoSansSC-Bold.otf"),
    _chinese("NotoSerifCJK-Regular.ttc"),
)
FACES_HELD_BACK = (
    _chinese("NotoSerifCJK-Bold.ttc"),
    Face(_OURS / "LXGWWenKai-Regular.ttf"),
    Face(_OURS / "BabelStoneHan.ttf"),
)
NUMBERS = (
    Face(_OURS / "NotoSansSC-Bold.otf"),
    Face(_SYSTEM / "opentype" / "urw-base35" / "NimbusMonoPS-Bold.otf"),
    Face(_SYSTEM / "opentype" / "urw-base35" / "NimbusSans-Bold.otf"),
)
NUMBERS_HELD_BACK = (
    Face(_SYSTEM / "opentype" / "urw-base35" / "NimbusMonoPS-Regular.otf"),
    Face(_SYSTEM / "opentype" / "urw-base35" / "NimbusRoman-Bold.otf"),
    Face(_OURS / "LXGWWenKai-Regular.ttf"),
)


class Paper:
    """A sheet at 300 dpi that is written on; positions in pixels from its top left."""

    def __init__(self, ground: Pixels) -> None:
        self._image = Image.fromarray(np.ascontiguousarray(ground[:, :, ::-1]))
        self._draw = ImageDraw.Draw(self._image)

    @property
    def width(self) -> int:
        """Pixels."""
        return self._image.width

    @property
    def height(self) -> int:
        """Pixels."""
        return self._image.height

    def write(
        self,
        x: float,
        y: float,
        text: str,
        face: Face,
        size: float,
        ink: Sequence[int] = (20, 20, 20),
        *,
        spread: float = 0.0,
    ) -> float:
        """Text from its left middle, with `spread` pixels more between the signs; gives where it ends."""
        font = face.at(size)
        colour = (int(ink[0]), int(ink[1]), int(ink[2]))
        if not spread:
            self._draw.text((x, y), text, font=font, fill=colour, anchor="lm")
            return x + font.getlength(text)
        for sign in text:
            self._draw.text((x, y), sign, font=font, fill=colour, anchor="lm")
            x += font.getlength(sign) + spread
        return x

    def wrapped(
        self,
        x: float,
        y: float,
        text: str,
        face: Face,
        size: float,
        width: float,
        step: float,
        ink: Sequence[int],
    ) -> float:
        """Text in lines of at most `width` pixels, `step` apart; gives the middle of the last line."""
        font = face.at(size)
        line = ""
        for sign in text:
            if line and font.getlength(line + sign) > width:
                self.write(x, y, line, face, size, ink)
                y, line = y + step, ""
            line += sign
        self.write(x, y, line, face, size, ink)
        return y

    def rule(self, box: Sequence[float], ink: Sequence[int] = (60, 60, 60), thick: int = 2) -> None:
        """A rectangle's outline."""
        self._draw.rectangle(tuple(box), outline=(int(ink[0]), int(ink[1]), int(ink[2])), width=thick)

    def line(self, ends: Sequence[float], ink: Sequence[int] = (60, 60, 60), thick: int = 2) -> None:
        """A straight line."""
        self._draw.line(tuple(ends), fill=(int(ink[0]), int(ink[1]), int(ink[2])), width=thick)

    def disk(self, x: float, y: float, radius: float, ink: Sequence[int]) -> None:
        """A filled circle."""
        box = (x - radius, y - radius, x + radius, y + radius)
        self._draw.ellipse(box, fill=(int(ink[0]), int(ink[1]), int(ink[2])))

    def ring(self, x: float, y: float, radius: float, ink: Sequence[int], thick: int) -> None:
        """A circle, as of a seal."""
        box = (x - radius, y - radius, x + radius, y + radius)
        self._draw.ellipse(box, outline=(int(ink[0]), int(ink[1]), int(ink[2])), width=thick)

    @property
    def pixels(self) -> Pixels:
        """What it looks like now."""
        return np.ascontiguousarray(np.asarray(self._image)[:, :, ::-1])


def guilloche(width: int, height: int, dice: Generator, *, strong: float = 1.0) -> Pixels:
    """A ground of one pale colour running into another, with bundles of fine waves, as cards and licences have."""
    ends = dice.integers(225, 254, (2, 3)).astype(np.float32)
    run = np.linspace(0, 1, width, dtype=np.float32)[None, :, None]
    ground = np.repeat(ends[0] * (1 - run) + ends[1] * run, height, axis=0)
    canvas = np.ascontiguousarray(np.clip(ground, 0, 255).astype(np.uint8))
    x = np.arange(0, width + 8, 8, dtype=np.float32)
    for _ in range(int(dice.integers(2, 5))):
        tint = [int(part) for part in 255 - dice.integers(10, 60, 3) * strong]
        length, high = float(dice.uniform(80, 500)), float(dice.uniform(10, 90))
        phase, step = float(dice.uniform(0, math.tau)), float(dice.uniform(7, 22))
        for place in np.arange(-high, height + high, step):
            y = place + high * np.sin(x / length * math.tau + phase + place / 300)
            points = np.stack([x, y], axis=1).astype(np.int32)
            cv2.polylines(canvas, [points], False, tint, 1, cv2.LINE_AA)
    return canvas


def paper_ground(width: int, height: int, dice: Generator) -> Pixels:
    """Plain paper, a little yellow or grey, with its grain."""
    tone = dice.integers(228, 253, 3).astype(np.float32)
    grain = dice.normal(0, 2.0, (height // 4 + 1, width // 4 + 1, 1)).astype(np.float32)
    coarse = cv2.resize(grain, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.clip(tone + coarse.reshape(height, width, 1), 0, 255), np.uint8)


def portrait(width: int, height: int, dice: Generator) -> Pixels:
    """A silhouette: nobody's face."""
    picture = np.full((height, width, 3), 245, np.uint8)
    skin = [int(part) for part in dice.integers(110, 210, 3)]
    coat = [int(part) for part in dice.integers(20, 120, 3)]
    cv2.ellipse(
        picture, (width // 2, height), (round(width * 0.46), round(height * 0.34)), 0, 0, 360, coat, -1
    )
    cv2.ellipse(
        picture,
        (width // 2, round(height * 0.4)),
        (round(width * 0.24), round(height * 0.25)),
        0,
        0,
        360,
        skin,
        -1,
    )
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 3), np.uint8)
