"""Small things that are no paper: identity cards, bank cards, booklets closed and open. All samples, all invented."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

from bench.desks.noise import square
from bench.desks.printing import BLACK, RED, Ink, Paper, Sheet

ID_1 = (85.6, 54.0)  # ISO/IEC 7810
_ROUND_MM = 3.18  # the same


def id_front(scale: float, dice: Generator) -> Paper:
    """The side with the portrait."""
    sheet = Sheet(ID_1, scale, dice, (246, 238, 222))
    for line in range(14):
        pale = int(dice.integers(214, 236))
        sheet.ellipse(30, 27, (12 + 4.5 * line, 5 + 3.2 * line), (240, pale, pale - 8), 0.25)
    for row, (label, size) in enumerate((("姓名", 3.6), ("性别", 3.0), ("出生", 3.0), ("住址", 3.0))):
        y = 6.5 + row * 8.5
        sheet.text(5, y, label, 2.5, "sans", (170, 110, 40))
        sheet.text(14.5, y - 0.3, sheet.words(int(dice.integers(2, 9))), size, "bold")
    sheet.text(5, 45.5, "公民身份号码", 2.5, "sans", (170, 110, 40))
    digits = "".join(str(digit) for digit in dice.integers(0, 10, 18))
    sheet.text(29, 44.8, digits, 4.0, "bold")
    sheet.portrait(58.5, 7.5, 22, 29)
    return sheet.paper(rounded_mm=_ROUND_MM, tints=False)


def id_back(scale: float, dice: Generator) -> Paper:
    """The side with the emblem."""
    sheet = Sheet(ID_1, scale, dice, (240, 240, 226))
    for line in range(16):
        sheet.line(0, 3.4 * line, 85.6, 3.4 * line + float(dice.uniform(-4, 8)), (228, 222, 206), 0.3)
    sheet.ellipse(14.5, 14.5, (8.6, 8.6), RED)
    sheet.ellipse(14.5, 14.5, (5.8, 5.8), (60, 190, 235), 0.8)
    sheet.text(28, 7, "样张证件", 6, "serif_bold")
    sheet.text(26, 17, "居民身份证样", 8, "serif_bold")
    sheet.text(18, 37, "签发机关  天门市公安局样", 3, "sans")
    sheet.text(18, 44, "有效期限  2016.01.01-2036.01.01", 3, "sans")
    return sheet.paper(rounded_mm=_ROUND_MM, tints=False)


def bank_card(scale: float, dice: Generator) -> Paper:
    """A bank or social insurance card: a colour run, a chip, numbers."""
    sheet = Sheet(ID_1, scale, dice)
    sheet.picture(0, 0, 85.6, 54)
    ground = np.asarray(sheet.image, np.float32)
    colour = dice.uniform(20, 235, 3)
    run = np.linspace(float(dice.uniform(0.5, 0.9)), float(dice.uniform(0.9, 1.25)), ground.shape[1])[
        None, :, None
    ]
    mixed = np.clip(ground * 0.15 + colour * run * 0.85, 0, 255).astype(np.uint8)
    sheet.image.paste(Image.fromarray(mixed), (0, 0))
    sheet.filled(10, 19, 11.5, 9, (110, 190, 215))
    sheet.box(10, 19, 11.5, 9, (70, 140, 165), 0.3)
    ink: Ink = (245, 245, 245) if colour.mean() < 140 else BLACK
    sheet.text(8, 5, "样张银行", 5, "bold", ink)
    groups = [f"{int(part):04d}" for part in dice.integers(0, 10000, 4)]
    sheet.text(9, 32, " ".join(groups), 4.6, "sans", ink)
    sheet.ellipse(72, 44, (5, 5), (50, 80, 220))
    sheet.ellipse(77, 44, (5, 5), (60, 170, 240))
    return sheet.paper(rounded_mm=_ROUND_MM, tints=False)


def booklet_closed(scale: float, dice: Generator) -> Paper:
    """A licence or household register from outside: leather cloth, gilt letters."""
    size = ((105.0, 143.0), (72.0, 95.0), (88.0, 125.0))[int(dice.integers(0, 3))]
    cover: Ink = ((46, 32, 96), (40, 34, 44), (34, 30, 150), (80, 46, 30), (48, 66, 36))[
        int(dice.integers(0, 5))
    ]
    sheet = Sheet(size, scale, dice, cover)
    gilt: Ink = (90, 175, 215)
    wide, high = size
    sheet.ellipse(wide / 2, high * 0.3, (wide * 0.16, wide * 0.16), gilt, 1.0)
    sheet.ellipse(wide / 2, high * 0.3, (wide * 0.07, wide * 0.07), gilt)
    title = ("居民户口簿", "机动车驾驶证", "不动产权证书", "结婚证", "健康证")[int(dice.integers(0, 5))]
    sheet.middle(high * 0.52, title, wide * 0.12, "serif_bold", gilt)
    sheet.middle(high * 0.8, "样张", wide * 0.07, "serif", gilt)
    paper = sheet.paper(rounded_mm=float(dice.choice([0.0, 1.5, 4.0])), tints=False)
    paper.bgr = _leather(paper.bgr, scale, dice)
    return paper


def booklet_open(scale: float, dice: Generator) -> Paper:
    """Two facing pages with a fold between them, tables and a seal; a rim of the cover shows around."""
    wide, high = ((210.0, 143.0), (144.0, 95.0), (176.0, 125.0))[int(dice.integers(0, 3))]
    sheet = Sheet((wide, high), scale, dice, (228, 240, 246))
    for left in (0.0, wide / 2):
        y = high * 0.1
        while y < high * 0.85:
            sheet.text(left + 8, y, sheet.words(int(dice.integers(4, 12))), 3.2, "serif")
            sheet.line(left + 6, y + 5, left + wide / 2 - 6, y + 5, (120, 130, 130), 0.2)
            y += 8.5
    sheet.seal(wide * 0.75, high * 0.7, high * 0.13)
    if dice.uniform() < 0.5:
        sheet.portrait(wide * 0.08, high * 0.45, 24, 32)
    paper = sheet.paper(tints=False)
    x = (np.arange(paper.bgr.shape[1], dtype=np.float32) / scale - wide / 2)[None, :, None]
    fold = (
        1 - float(dice.uniform(0.1, 0.4)) * np.exp(-np.abs(x) / 3.5) + 0.03 * np.exp(-(((x - 12) / 9) ** 2))
    )
    paper.bgr = np.clip(paper.bgr * fold, 0, 255).astype(np.uint8)
    return paper


def any_card(scale: float, dice: Generator) -> Paper:
    """An identity card more often than a bank card."""
    return (id_front, id_front, id_back, bank_card)[int(dice.integers(0, 4))](scale, dice)


def any_booklet(scale: float, dice: Generator) -> Paper:
    """Closed or open."""
    return booklet_closed(scale, dice) if dice.uniform() < 0.5 else booklet_open(scale, dice)


def _leather(bgr: NDArray[np.uint8], scale: float, dice: Generator) -> NDArray[np.uint8]:
    """Embossed grain, about a millimetre coarse."""
    rows, columns = (np.arange(side) * (6.0 / scale) for side in bgr.shape[:2])
    grain = square("cells")[np.mod(rows.astype(int), 1024)][:, np.mod(columns.astype(int), 1024)]
    return np.asarray(np.clip(bgr * (1 + grain[:, :, None] * dice.uniform(0.02, 0.09)), 0, 255), np.uint8)
