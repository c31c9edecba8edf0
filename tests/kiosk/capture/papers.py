"""Papers of many sorts, drawn for the judge's tests by another hand than the emulator's and the benchmark's.

All that stands on them is made of arbitrary characters; each is called 样张 (specimen).
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

PX_PER_MM = 10.0  # as fine as a 13 MP camera sees an A4 sheet

_FOLDER = "/usr/share/fonts/"
_FACES = (
    ("opentype/noto/NotoSansCJK-Regular.ttc", 2),
    ("opentype/noto/NotoSerifCJK-Regular.ttc", 2),
    ("opentype/noto/NotoSansCJK-Bold.ttc", 2),
    ("truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf", 0),
)
_SIGNS = (
    "天地人和水木山川东西南北春夏秋冬样张说明事项登记办理材料姓名住址单位日期签字盖章核对一二三四五六七八九十"
)
A4, CARD, SLIP, BOOKLET = (210.0, 297.0), (85.6, 54.0), (80.0, 190.0), (125.0, 176.0)
Colour = tuple[int, int, int]  # RGB


@dataclass
class Hand:
    """Draws in millimetres. `own`: what this copy of a form is filled in with."""

    draw: ImageDraw.ImageDraw
    size: tuple[float, float]
    chance: np.random.Generator
    own: np.random.Generator
    font: int
    ink: Colour = (30, 30, 34)

    def box(self, mm: tuple[float, float, float, float], **how: object) -> None:
        self.draw.rectangle([round(v * PX_PER_MM) for v in mm], **how)  # type: ignore[arg-type]

    def words(
        self, x: float, y: float, count: int, high: float, ink: Colour | None = None, own: bool = False
    ) -> None:
        path, index = _FACES[self.font]
        signs = (self.own if own else self.chance).choice(list(_SIGNS), count)
        face = ImageFont.truetype(_FOLDER + path, max(4, round(high * PX_PER_MM)), index=index)
        self.draw.text((x * PX_PER_MM, y * PX_PER_MM), "".join(signs), ink or self.ink, face)

    def lines(self, top: float, bottom: float, high: float, full: float = 0.8, own: bool = False) -> None:
        wide = self.size[0] - 2 * self.margin
        y = top
        while y < bottom:
            share = 1.0 if self.chance.random() < full else self.chance.uniform(0.2, 0.9)
            self.words(self.margin, y, max(1, int(wide * share / high)), high, own=own)
            y += high * 1.8

    @property
    def margin(self) -> float:
        return self.size[0] * 0.1


def _contract(hand: Hand) -> None:
    hand.words(70, 20, 7, 8)
    hand.lines(40, 272, hand.chance.uniform(3.4, 5), own=True)


def _notice(hand: Hand) -> None:
    hand.words(60, 30, 8, 9)
    hand.words(30, 60, int(hand.chance.integers(6, 30)), 5)
    hand.words(120, 90, 9, 5)


def _one_line(hand: Hand) -> None:
    hand.words(30, hand.chance.uniform(30, 250), int(hand.chance.integers(8, 20)), 4.2)


def _pale(hand: Hand) -> None:
    grey = int(hand.chance.integers(120, 176))
    hand.ink = (grey, grey, grey + 8)
    hand.lines(30, hand.chance.uniform(120, 260), 4.2)


def _form(hand: Hand) -> None:
    hand.words(60, 18, 8, 8)
    columns = [21.0, 57.0, 105.0, 141.0, 189.0]
    for row in range(13):
        y = 42 + row * 16.0
        for left, right in pairwise(columns):
            hand.box((left, y, right, y + 16), outline=hand.ink, width=3)
        for place, x in enumerate(columns[:-1]):
            if place % 2 == 0:
                hand.words(x + 3, y + 5, 5, 4.4)
            else:
                hand.words(x + 3, y + 4, int(hand.own.integers(2, 8)), 5.2, (20, 30, 90), own=True)


def _photo(hand: Hand) -> None:
    top, bottom = 25, hand.chance.uniform(120, 230)
    _picture(hand, (20, top, 190, bottom), dark=True)
    hand.words(30, bottom + 12, 24, 4.4)


def _picture(hand: Hand, mm: tuple[float, float, float, float], dark: bool) -> None:
    """Smooth blobs of colour, as a photograph has them."""
    size = (round((mm[2] - mm[0]) * PX_PER_MM), round((mm[3] - mm[1]) * PX_PER_MM))
    low, high = (5, 110) if dark else (60, 235)
    blobs = hand.own.integers(low, high, (9, 9, 3)).astype(np.uint8)
    smooth = cv2.resize(blobs, size, interpolation=cv2.INTER_CUBIC)
    hand.draw._image.paste(Image.fromarray(smooth), (round(mm[0] * PX_PER_MM), round(mm[1] * PX_PER_MM)))  # type: ignore[attr-defined]


def _portrait(hand: Hand, mm: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = mm
    wide, high = right - left, bottom - top
    skin = tuple(int(v) for v in hand.own.integers((190, 140, 110), (240, 190, 165)))
    hand.box(mm, fill=(236, 240, 246))
    for part, fill in (
        ((left, bottom - high * 0.3, right, bottom), (60, 66, 90)),
        ((left + wide * 0.25, top + high * 0.08, right - wide * 0.25, top + high * 0.7), (34, 30, 30)),
        ((left + wide * 0.27, top + high * 0.2, right - wide * 0.27, top + high * 0.74), skin),
    ):
        hand.draw.ellipse([round(v * PX_PER_MM) for v in part], fill=fill)


def _certificate(hand: Hand) -> None:
    gold = (176, 134, 60)
    for inset in (9, 13, 15):
        hand.box((inset, inset, hand.size[0] - inset, hand.size[1] - inset), outline=gold, width=8)
    for x in np.arange(14, hand.size[0] - 14, 9.0):
        for y in (11.0, hand.size[1] - 11.0):
            spot = [round(v * PX_PER_MM) for v in (x - 3, y - 3, x + 3, y + 3)]
            hand.draw.ellipse(spot, outline=(150, 30, 30), width=6)
    hand.words(60, 50, 5, 18, (160, 30, 30))
    hand.lines(110, 190, 7)
    _seal(hand, 150, 225)


def _seal(hand: Hand, x: float, y: float) -> None:
    ring = [round(v * PX_PER_MM) for v in (x - 20, y - 20, x + 20, y + 20)]
    hand.draw.ellipse(ring, outline=(200, 36, 38), width=12)
    hand.words(x - 13, y - 4, 4, 6.5, (200, 36, 38))


def _waves(hand: Hand, tint: Colour) -> None:
    xs = np.arange(0, hand.size[0], 0.8)
    for row in np.arange(2, hand.size[1], 2.4):
        ys = row + 0.7 * np.sin(xs / 3 + row)
        points = [(float(x * PX_PER_MM), float(y * PX_PER_MM)) for x, y in zip(xs, ys, strict=True)]
        hand.draw.line(points, tint, 1)


def _card_front(hand: Hand) -> None:
    _waves(hand, (190, 208, 224))
    for row, count in enumerate((6, 7, 9, 11, 11)):
        hand.words(5, 5 + row * 7, 2, 2.8, (40, 90, 150))
        hand.words(14, 5 + row * 7, count - 2, 3.0, own=True)
    hand.words(14, 44, 18, 2.6, own=True)
    _portrait(hand, (58, 7, 80, 36))


def _card_back(hand: Hand) -> None:
    _waves(hand, (196, 206, 214))
    hand.box((6, 6, 20, 20), outline=(200, 40, 40), width=14)
    hand.words(26, 7, 5, 6)
    hand.words(16, 36, 12, 3, own=True)
    hand.words(16, 43, 14, 3, own=True)


def _cover(hand: Hand) -> None:
    hand.words(28, 40, 4, 15, (214, 178, 96))
    hand.box((50, 75, 75, 100), outline=(214, 178, 96), width=12)
    hand.words(42, 140, 6, 6, (214, 178, 96))


def _booklet(hand: Hand) -> None:
    _waves(hand, (206, 222, 208))
    for row in range(9):
        y = 20 + row * 15.0
        hand.box((10, y, 115, y + 15), outline=hand.ink, width=3)
        hand.words(13, y + 4, 4, 4)
        hand.words(40, y + 4, int(hand.own.integers(2, 15)), 4.4, own=True)


def _handwriting(hand: Hand) -> None:
    y = 30.0
    pen = (24, 30, 96) if hand.chance.random() < 0.6 else (40, 40, 40)
    while y < 30 + hand.chance.uniform(40, 200) and y < 270:
        x = 22.0
        while x < 185:
            for _ in range(int(hand.own.integers(3, 8))):
                points = np.cumsum(hand.own.uniform(-2.4, 2.4, (4, 2)), axis=0) + np.array([x, y])
                hand.draw.line([(float(px), float(py)) for px, py in points * PX_PER_MM], pen, 5)
            x += 8
        y += 13


def _slip(hand: Hand) -> None:
    grey = int(hand.chance.integers(60, 130))
    hand.ink = (grey, grey, grey)
    hand.words(20, 8, 5, 6)
    for row in range(int(hand.chance.integers(8, 22))):
        hand.words(6, 24 + row * 7, int(hand.own.integers(4, 16)), 3.4, own=True)


@dataclass(frozen=True)
class Sort:
    """A sort of paper: its size, its ground, what stands on it."""

    size: tuple[float, float]
    grounds: tuple[Colour, ...]
    write: Callable[[Hand], None]


_WHITE: tuple[Colour, ...] = ((250, 249, 246), (244, 244, 240), (252, 252, 252))
_TINTED = ((250, 240, 180), (246, 208, 214), (196, 226, 240), (206, 236, 204), (226, 206, 170))
SORTS: dict[str, Sort] = {
    "contract": Sort(A4, _WHITE, _contract),
    "notice": Sort(A4, _WHITE, _notice),
    "one line": Sort(A4, _WHITE, _one_line),
    "pale": Sort(A4, _WHITE, _pale),
    "form": Sort(A4, _WHITE, _form),
    "coloured": Sort(A4, _TINTED, _contract),
    "coloured form": Sort(A4, _TINTED, _form),
    "photo": Sort(A4, _WHITE, _photo),
    "certificate": Sort(A4, ((252, 248, 236), *_WHITE), _certificate),
    "card front": Sort(CARD, ((226, 236, 244), (236, 240, 244)), _card_front),
    "card back": Sort(CARD, ((226, 236, 240), (232, 238, 236)), _card_back),
    "red cover": Sort(BOOKLET, ((140, 24, 30), (120, 20, 36), (160, 36, 34)), _cover),
    "booklet": Sort(BOOKLET, ((238, 244, 236), (246, 240, 228)), _booklet),
    "handwriting": Sort(A4, _WHITE, _handwriting),
    "slip": Sort(SLIP, _WHITE, _slip),
}


def paper(sort: str, seed: int, copy: int = 0) -> NDArray[np.uint8]:
    """The paper as printed, (height, width, 3) uint8 BGR at 10 px/mm; another `copy` is filled in otherwise."""
    kind = SORTS[sort]
    chance = np.random.default_rng((seed, 1))
    ground = kind.grounds[int(chance.integers(len(kind.grounds)))]
    size = (round(kind.size[0] * PX_PER_MM), round(kind.size[1] * PX_PER_MM))
    image = Image.new("RGB", size, ground)
    hand = Hand(ImageDraw.Draw(image), kind.size, chance, np.random.default_rng((seed, 2, copy)), seed % 4)
    kind.write(hand)
    return np.asarray(cv2.cvtColor(np.asarray(image), cv2.COLOR_RGB2BGR))


def empty(seed: int, size: tuple[float, float] = A4) -> NDArray[np.uint8]:
    """A sheet without print: its grain, a fold, and now and then the other side's print shining through."""
    chance = np.random.default_rng((seed, 3))
    grounds = (*_WHITE, *_TINTED)
    ground = np.array(grounds[int(chance.integers(len(grounds)))][::-1], np.float32)
    high, wide = round(size[1] * PX_PER_MM), round(size[0] * PX_PER_MM)
    tone = np.ones((high, wide), np.float32)
    if seed % 3 == 0:
        back = cv2.GaussianBlur(paper("contract", seed), (0, 0), 6)[:, ::-1, 1]
        tone *= 0.94 + 0.06 * cv2.resize(back, (wide, high)).astype(np.float32) / 250
    if seed % 2:
        fold = int(high * chance.uniform(0.3, 0.7))
        tone[fold : fold + 6] *= 0.93
        tone[fold:] *= 0.985
    grain = cv2.resize(chance.normal(0, 1.4, (high // 4, wide // 4)).astype(np.float32), (wide, high))
    sheet = ground * tone[..., None] + grain[..., None]
    return np.asarray(np.clip(sheet, 0, 255).astype(np.uint8))
