"""Papers to train on: pages, cards, covers, receipts, photos, with their true rim (rounded, torn, folded)."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from tools.outline.surfaces import Chance, Pixels, clouds, coloured, hue

Paper = NDArray[np.uint8]  #: (height, width, 4) uint8: B, G, R and how much of the pixel is paper

_FONTS = ("NotoSansSC-Regular.otf", "NotoSansSC-Bold.otf", "LXGWWenKai-Regular.ttf")
_WRITTEN = (
    "天门市市民之家个体工商户设立登记申请书房屋租赁合同甲方乙方身份证号码经营场所住所电话日期签名盖章本人承诺"
    "所提交材料真实有效营业执照副本统一社会信用代码注册资本法定代表人有效期限登记机关年月日公安局居民户口簿姓名"
)
_LONG = 620  # pixels of a paper's longer side
# width / height of what people bring, and how often
_SHAPES = (
    (0.707, 8),
    (1.585, 5),
    (0.707, 3),
    (0.71, 2),
    (0.35, 2),
    (0.25, 1),
    (0.75, 2),
    (1.4, 3),
    (1.0, 1),
    (0.6, 2),
)


class Writer:
    """Lines of print, rendered once, cut and scaled for each page."""

    def __init__(self, fonts: Path, chance: Chance) -> None:
        self._lines: list[NDArray[np.uint8]] = []
        for number in range(48):
            size = int(chance.choice([11, 14, 18, 26]))
            font = ImageFont.truetype(str(fonts / _FONTS[number % len(_FONTS)]), size)
            letters = "".join(chance.choice(list(_WRITTEN + "0123456789XABC-/（）：，。  "), 90))
            line = Image.new("L", (_LONG, int(size * 1.3)), 0)
            ImageDraw.Draw(line).text((0, 0), letters, fill=255, font=font)
            self._lines.append(np.asarray(line))

    def write(
        self, page: Pixels, x: int, y: int, width: int, height: int, ink: NDArray[np.floating], chance: Chance
    ) -> None:
        """A line into the box, as far as the page reaches."""
        line = self._lines[int(chance.integers(len(self._lines)))]
        share = height / line.shape[0]
        line = cv2.resize(line, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
        place = page[max(0, y) : y + line.shape[0], max(0, x) : x + width]
        if place.size == 0:
            return
        line = line[: place.shape[0], : place.shape[1]]
        place = place[: line.shape[0], : line.shape[1]]
        weight = line[..., None].astype(np.float32) / 255
        place[:] = place * (1 - weight) + ink * weight


def paper(chance: Chance, writer: Writer) -> Paper:
    """One paper lying flat, with its rim."""
    shapes = np.array([often for _, often in _SHAPES])
    ratio = _SHAPES[int(chance.choice(len(_SHAPES), p=shapes / shapes.sum()))][0] * chance.uniform(0.92, 1.08)
    height, width = (_LONG, max(120, int(_LONG * ratio))) if ratio < 1 else (int(_LONG / ratio), _LONG)
    page = _ground(chance, width, height, card=ratio > 1.2)
    for _ in range(int(chance.choice([0, 1, 1, 2, 3]))):
        _block(page, chance, writer)
    if chance.random() < 0.09:
        _album(page, chance)
    if chance.random() < 0.09:
        _band(page, chance)
    if ratio < 1.2 and chance.random() < 0.1:
        _copies(page, chance, writer)
    if chance.random() < 0.4:
        _frame(page, chance)
    if chance.random() < 0.25:
        _stamp(page, chance)
    if chance.random() < 0.3:
        _crease(page, chance)
    if chance.random() < (0.25 if 0.6 < ratio < 1.5 else 0.02):
        _spine(page, chance)
    return np.dstack([page, _rim(chance, width, height, card=ratio > 1.2)])


def _ground(chance: Chance, width: int, height: int, card: bool) -> Pixels:
    kind = chance.random()
    if kind < (0.3 if card else 0.72):  # white or nearly
        base = chance.uniform(222, 255) + chance.normal(0, 4, 3)
    elif kind < (0.6 if card else 0.86):  # pastel: slips, certificates, the identity card
        base = hue(chance, (0.03, 0.3), (0.75, 1.0))
    else:  # covers, bank cards, kraft paper, photos
        base = (
            hue(chance, (0.2, 1.0), (0.12, 0.9))
            if chance.random() < 0.75
            else hue(chance, (0, 0.2), (0.05, 0.5))
        )
        if chance.random() < 0.35:
            base = np.array(
                [chance.uniform(10, 60), chance.uniform(10, 50), chance.uniform(90, 200)]
            )  # red booklets
    page = np.empty((height, width, 3), np.uint8)
    page[:] = np.clip(base, 0, 255)
    if chance.random() < (0.6 if card else 0.12):
        other = np.clip(base + chance.normal(0, 40, 3), 0, 255)
        cells = (int(chance.integers(2, 9)), int(chance.integers(2, 9)))
        page[:] = coloured(0.5 + 0.7 * clouds(chance, cells, (width, height)), np.asarray(base), other)
    for _ in range(int(chance.integers(1, 5)) if card and chance.random() < 0.4 else 0):
        disc = (
            int(chance.integers(width)),
            int(chance.integers(height)),
            int(chance.integers(20, width // 3)),
        )
        tone = (
            np.clip(base + chance.normal(0, 35, 3), 0, 255)
            if chance.random() < 0.6
            else hue(chance, (0, 1), (0, 1))
        )
        cv2.circle(page, disc[:2], disc[2], np.asarray(tone).tolist(), -1, cv2.LINE_AA)
    if chance.random() < 0.06:
        _picture(page, chance)
    return page


def _picture(place: Pixels, chance: Chance) -> None:
    """A photograph: clouds of colour, some of them dark."""
    size = (place.shape[1], place.shape[0])
    for channel in range(3):
        cells = int(chance.choice([3, 8, 20, 50]))
        place[..., channel] = np.clip(
            chance.uniform(40, 190) + 90 * clouds(chance, (cells, cells), size), 0, 255
        )


def _band(page: Pixels, chance: Chance) -> None:
    """A leaflet's head or foot of another colour, from edge to edge."""
    across = page if chance.random() < 0.8 else np.swapaxes(page, 0, 1)
    long = int(across.shape[0] * chance.uniform(0.08, 0.4))
    (across[:long] if chance.random() < 0.7 else across[-long:])[:] = hue(chance, (0, 0.9), (0.1, 0.95))


def _copies(page: Pixels, chance: Chance, writer: Writer) -> None:
    """Both sides of a card copied onto one sheet: papers that are only printed there."""
    height, width = page.shape[:2]
    wide = int(width * chance.uniform(0.3, 0.6))
    size = (wide, max(24, int(wide * 0.63)))
    top = chance.uniform(0.05, 0.3) * height
    for _ in range(int(chance.choice([1, 2, 2]))):
        card = _ground(chance, 320, 202, card=True)
        _block(card, chance, writer)
        if chance.random() < 0.6:
            card[:] = cv2.cvtColor(card, cv2.COLOR_BGR2GRAY)[..., None]
        left, low = int(chance.uniform(0.05, 0.35) * width), int(top)
        place = page[low : low + size[1], left : left + size[0]]
        if min(place.shape[:2]) < 16:
            return
        place[:] = cv2.resize(card, (place.shape[1], place.shape[0]), interpolation=cv2.INTER_AREA)
        top += size[1] * chance.uniform(1.1, 2.0)


def _album(page: Pixels, chance: Chance) -> None:
    """Photographs one below the other that leave only a margin of the paper."""
    height, width = page.shape[:2]
    margin, count = int(chance.integers(8, 80) * min(1.0, width / 400)), int(chance.integers(1, 4))
    tall = (height - margin) // count
    for top in range(margin, height - tall // 2, tall):
        inside = page[top : top + tall - margin, margin : width - margin]
        if min(inside.shape[:2]) > 8:
            _picture(inside, chance)


def _block(page: Pixels, chance: Chance, writer: Writer) -> None:
    """Print, a table, a picture or a dark area within margins that may be thin."""
    height, width = page.shape[:2]
    margin = int(chance.choice([6, 20, 45, 70]) * min(1.0, width / 400))
    top, bottom = np.sort(chance.integers(margin, max(margin + 2, height - margin), 2))
    if bottom - top < 12:
        return
    dark = float(page.mean()) < 120
    ink = hue(chance, (0, 0.4), (0.7, 1.0)) if dark else hue(chance, (0, 0.5), (0, 0.35))
    kind = chance.random()
    inside = page[top:bottom, margin : max(margin + 8, width - margin)]
    if kind < 0.62:
        tall = int(chance.integers(7, 22))
        gap = int(tall * chance.uniform(1.2, 2.4))
        for y in range(int(top), int(bottom) - tall, gap):
            long = int((width - 2 * margin) * (1.0 if chance.random() < 0.7 else chance.uniform(0.1, 0.9)))
            writer.write(page, margin, y, max(4, long), tall, ink, chance)
    elif kind < 0.8:
        _table(inside, chance, ink)
    elif kind < 0.92:
        left = int(chance.integers(0, max(1, inside.shape[1] // 2)))
        _picture(inside[:, left : left + max(8, int(inside.shape[1] * chance.uniform(0.2, 1)))], chance)
    else:
        inside[:] = hue(chance, (0, 0.9), (0.05, 0.8))


def _table(place: Pixels, chance: Chance, ink: NDArray[np.floating]) -> None:
    height, width = place.shape[:2]
    thick = int(chance.integers(1, 4))
    for y in np.linspace(0, height - 1, int(chance.integers(2, 14))):
        cv2.line(place, (0, int(y)), (width, int(y)), ink.tolist(), thick, cv2.LINE_AA)
    for x in np.linspace(0, width - 1, int(chance.integers(2, 7))):
        cv2.line(place, (int(x), 0), (int(x), height), ink.tolist(), thick, cv2.LINE_AA)


def _frame(page: Pixels, chance: Chance) -> None:
    """A border printed near the edge, as licences and certificates have."""
    inset = int(chance.integers(4, 72))
    ink = hue(chance, (0, 0.9), (0.1, 0.9)).tolist()
    other = (page.shape[1] - inset, page.shape[0] - inset)
    cv2.rectangle(page, (inset, inset), other, ink, int(chance.choice([1, 2, 4, 12])), cv2.LINE_AA)
    if chance.random() < 0.4:
        further = inset + int(chance.integers(4, 24))
        other = (page.shape[1] - further, page.shape[0] - further)
        cv2.rectangle(page, (further, further), other, ink, int(chance.choice([1, 2, 4])), cv2.LINE_AA)


def _stamp(page: Pixels, chance: Chance) -> None:
    size = int(chance.integers(25, 70))
    middle = (int(chance.integers(0, page.shape[1])), int(chance.integers(0, page.shape[0])))
    cv2.circle(page, middle, size, (40, 40, 205), 3, cv2.LINE_AA)
    cv2.circle(page, middle, size // 4, (40, 40, 205), -1, cv2.LINE_AA)


def _crease(page: Pixels, chance: Chance) -> None:
    """Folded once: each half takes the light differently."""
    height, width = page.shape[:2]
    for _ in range(int(chance.integers(1, 4))):
        half = (
            page[: int(height * chance.uniform(0.2, 0.8))]
            if chance.random() < 0.5
            else page[:, : int(width * chance.uniform(0.2, 0.8))]
        )
        half[:] = cv2.convertScaleAbs(half, alpha=chance.uniform(0.88, 1.0))


def _spine(page: Pixels, chance: Chance) -> None:
    """An open booklet: dark along its middle, and each half bent into the light."""
    across = page if page.shape[1] > page.shape[0] or chance.random() < 0.3 else np.swapaxes(page, 0, 1)
    width = across.shape[1]
    apart = np.abs(np.arange(width, dtype=np.float32) - width / 2) / width
    kept = 1 - chance.uniform(0.08, 0.45) * np.exp(-apart * chance.uniform(8, 60))
    across[:] = across * kept[None, :, None]


def _rim(chance: Chance, width: int, height: int, card: bool) -> NDArray[np.uint8]:
    """How much of each pixel is paper: a full rectangle, rounded, torn or folded."""
    rim = np.full((height, width), 255, np.uint8)
    if chance.random() < (0.8 if card else 0.08):
        radius = int(min(width, height) * chance.uniform(0.02, 0.1))
        corner = np.zeros((radius, radius), np.uint8)
        cv2.circle(corner, (radius, radius), radius, 255, -1, cv2.LINE_AA)
        rim[:radius, :radius] = corner
        rim[:radius, -radius:] = corner[:, ::-1]
        rim[-radius:, :radius] = corner[::-1]
        rim[-radius:, -radius:] = corner[::-1, ::-1]
    elif chance.random() < 0.12:
        _torn(rim, chance)
    for corner_x, corner_y in ((0, 0), (width, 0), (width, height), (0, height)):
        if chance.random() < 0.05:  # a dog's ear
            a, b = chance.uniform(0.03, 0.16, 2) * min(width, height)
            x, y = corner_x + (a if corner_x == 0 else -a), corner_y + (b if corner_y == 0 else -b)
            cv2.fillPoly(
                rim,
                [np.array([[corner_x, corner_y], [x, corner_y], [corner_x, y]], np.int32)],
                0,
                cv2.LINE_AA,
            )
    return rim


def _torn(rim: NDArray[np.uint8], chance: Chance) -> None:
    """One edge loses up to a fortieth of the paper, raggedly."""
    turned = np.rot90(rim, int(chance.integers(4)))
    length = turned.shape[1]
    deep = chance.uniform(0.004, 0.025) * turned.shape[0]
    profile = np.abs(clouds(chance, (int(chance.integers(5, 60)), 2), (length, 2))[0]) * deep
    turned[np.arange(turned.shape[0])[:, None] < profile[None]] = 0
