"""What citizens lay under the camera: letters, forms, certificates, photographs, receipts, blank backs."""

from collections.abc import Callable

from numpy.random import Generator

from bench.desks.fonts import Hand
from bench.desks.printing import BLACK, BLUE, RED, Ink, Paper, Sheet

A4 = (210.0, 297.0)
A5 = (148.0, 210.0)
B5 = (176.0, 250.0)
Draw = Callable[[float, Generator], Paper]  #: pixels per millimetre, dice → a sheet


def _size(dice: Generator) -> tuple[float, float]:
    """Mostly A4 upright; A5, B5 and landscape, too."""
    wide, high = (A4, A5, B5)[int(dice.choice(3, p=[0.8, 0.12, 0.08]))]
    return (high, wide) if dice.uniform() < 0.12 else (wide, high)


def _print_hand(dice: Generator) -> Hand:
    hands: tuple[Hand, ...] = ("sans", "serif", "serif", "pen")
    return hands[int(dice.integers(0, 4))]


def _ink(dice: Generator) -> Ink:
    grey = int(dice.integers(15, 75))
    return (grey, grey, grey)


def letter(scale: float, dice: Generator) -> Paper:
    """Paragraphs under a title; sometimes with a red letterhead, a seal, a signature."""
    sheet = Sheet(_size(dice), scale, dice)
    wide, high = sheet.size_mm
    edge = float(dice.uniform(0.07, 0.15)) * wide
    y = edge
    if dice.uniform() < 0.3:
        sheet.middle(y, "天门市政务服务局文件"[: int(wide / 17)], wide * 0.07, "serif_bold", RED)
        y += wide * 0.12
        sheet.line(edge, y, wide - edge, y, RED, 0.8)
        y += 6
    sheet.middle(y, sheet.words(int(dice.integers(4, 12))), float(dice.uniform(5.5, 8)))
    ends = high * float(dice.uniform(0.3, 0.93))
    mm = float(dice.uniform(2.9, 5.0))
    y = sheet.paragraph(edge, y + 14, wide - 2 * edge, ends, mm, _print_hand(dice), _ink(dice))
    if dice.uniform() < 0.6 and y < high - 50:
        sheet.text(wide * 0.6, y + 8, "2026年3月12日", mm, "pen", BLUE)
        if dice.uniform() < 0.7:
            sheet.seal(wide * 0.68, y + 10, min(21.0, wide * 0.1))
    return sheet.paper()


def form(scale: float, dice: Generator) -> Paper:
    """A ruled table with labels, written answers and a frame that may run close to the sheet's edge."""
    sheet = Sheet(_size(dice), scale, dice)
    wide, high = sheet.size_mm
    edge = float(dice.uniform(4, 22))
    top = edge + float(dice.uniform(0, 18))
    if top - edge > 9:
        sheet.middle(edge, sheet.words(8) + "申请表", 6)
    line = float(dice.choice([0.2, 0.35, 0.6]))
    ink: Ink = RED if dice.uniform() < 0.1 else BLACK
    bottom = high - edge - float(dice.uniform(0, 25))
    sheet.box(edge, top, wide - 2 * edge, bottom - top, ink, line * float(dice.choice([1, 2.5])))
    pitch, y = float(dice.uniform(7, 15)), top
    while y + pitch <= bottom:
        columns = sorted(
            float(at) for at in dice.uniform(edge + 18, wide - edge - 18, int(dice.integers(0, 4)))
        )
        for left, right in zip([edge, *columns], [*columns, wide - edge], strict=True):
            sheet.line(right, y, right, y + pitch, ink, line)
            room = int((right - left - 3) / 3.4)
            if room > 1:
                written = dice.uniform() < 0.4
                text = sheet.words(min(room, int(dice.integers(2, 12))))
                hand: Hand = "pen" if written else "serif"
                sheet.text(left + 1.5, y + pitch / 2 - 2.2, text, 3.4, hand, BLUE if written else ink)
        y += pitch
        sheet.line(edge, y, wide - edge, y, ink, line)
    if dice.uniform() < 0.4:
        sheet.seal(wide * float(dice.uniform(0.3, 0.8)), high * float(dice.uniform(0.6, 0.85)))
    return sheet.paper()


def certificate(scale: float, dice: Generator) -> Paper:
    """A licence on tinted stock with a coloured border, an emblem, large type and a seal."""
    size = A4 if dice.uniform() < 0.5 else (A4[1], A4[0])
    stock: Ink = [(235, 250, 255), (225, 240, 252), (240, 235, 250), (238, 248, 236)][
        int(dice.integers(0, 4))
    ]
    sheet = Sheet(size, scale, dice, stock)
    wide, high = size
    ink: Ink = [(60, 120, 190), (60, 60, 190), (110, 140, 60), (150, 90, 50)][int(dice.integers(0, 4))]
    edge = float(dice.uniform(3, 16))
    for ring in range(int(dice.integers(1, 5))):
        inset = edge + ring * float(dice.uniform(1.2, 3))
        sheet.box(
            inset, inset, wide - 2 * inset, high - 2 * inset, ink, float(dice.choice([0.4, 1.2, 2.5, 4.0]))
        )
    sheet.ellipse(wide / 2, high * 0.14, (11, 11), RED)
    sheet.ellipse(wide / 2, high * 0.14, (7, 7), (40, 200, 240), 1.2)
    sheet.middle(
        high * 0.22,
        ("营业执照", "食品经营许可证", "卫生许可证", "荣誉证书")[int(dice.integers(0, 4))],
        wide * 0.06,
    )
    y = high * 0.36
    while y < high * 0.75:
        sheet.text(wide * 0.12, y, sheet.words(int(dice.integers(5, 9))), 4.5, "serif")
        sheet.text(wide * 0.4, y, sheet.words(int(dice.integers(6, 16))), 4.5, "serif")
        y += 10
    sheet.seal(wide * 0.76, high * 0.78, 21)
    return sheet.paper(tints=bool(dice.uniform() < 0.5))


def photograph(scale: float, dice: Generator) -> Paper:
    """A page that carries a picture: a print with or without a white border, or a picture on an A4 page."""
    if dice.uniform() < 0.4:
        sheet = Sheet((152.0, 102.0) if dice.uniform() < 0.5 else (178.0, 127.0), scale, dice)
        border = float(dice.choice([0, 0, 4, 6]))
        wide, high = sheet.size_mm
        sheet.picture(border, border, wide - 2 * border, high - 2 * border)
        return sheet.paper(tints=False)
    sheet = Sheet(A4, scale, dice)
    y = 18.0
    while y < 240:
        high = float(dice.uniform(50, 130))
        sheet.picture(20, y, 170, min(high, 275 - y))
        sheet.text(25, y + high + 3, sheet.words(14), 3.8)
        y += high + 14
    return sheet.paper()


def copy_of_cards(scale: float, dice: Generator) -> Paper:
    """A photocopy of both sides of a card in the middle of white paper: frames that are not the sheet."""
    sheet = Sheet(A4, scale, dice)
    for top in (float(dice.uniform(30, 80)), float(dice.uniform(150, 200))):
        left = float(dice.uniform(40, 80))
        grey = int(dice.integers(170, 245))
        sheet.filled(left, top, 85.6, 54, (grey, grey, grey))
        sheet.box(left, top, 85.6, 54, _ink(dice), 0.3)
        for row in range(4):
            sheet.text(left + 6, top + 6 + row * 9, sheet.words(9), 3.6, "sans")
        sheet.portrait(left + 56, top + 8, 24, 32)
    if dice.uniform() < 0.5:
        sheet.text(40, 265, "此复印件与原件一致", 5, "pen", BLUE)
    return sheet.paper()


def sparse(scale: float, dice: Generator) -> Paper:
    """A page with one to three lines, or little more than a signature."""
    sheet = Sheet(_size(dice), scale, dice)
    wide, high = sheet.size_mm
    y = high * float(dice.uniform(0.1, 0.6))
    for _ in range(int(dice.integers(1, 4))):
        hand: Hand = "pen" if dice.uniform() < 0.5 else "serif"
        sheet.text(wide * float(dice.uniform(0.1, 0.3)), y, sheet.words(int(dice.integers(5, 16))), 5, hand)
        y += 12
    return sheet.paper()


def blank(scale: float, dice: Generator) -> Paper:
    """A blank back; sometimes the front shines through, or the stock has a faint watermark."""
    shine = float(dice.choice([0.0, 1.0, 1.0]) * dice.uniform(1, 9))
    sheet = Sheet(_size(dice), scale, dice)
    wide, high = sheet.size_mm
    pale = round(255 - shine)
    ink: Ink = (pale, pale, pale)
    if shine and dice.uniform() < 0.6:
        sheet.paragraph(25, 30, wide - 50, high * 0.8, float(dice.uniform(3.5, 5)), "serif", ink)
        paper = sheet.paper()
        paper.bgr = paper.bgr[:, ::-1].copy()
        return paper
    if shine:
        for row in range(3):
            sheet.text(wide * 0.15, high * (0.2 + 0.25 * row), "样张专用纸", 16, "bold", ink)
    return sheet.paper()


def receipt(scale: float, dice: Generator) -> Paper:
    """A till slip: narrow, long, grey thermal print; sometimes an invoice with red lines."""
    if dice.uniform() < 0.3:
        sheet = Sheet((215.0, 140.0), scale, dice, (244, 250, 252))
        for row in range(7):
            sheet.line(12, 30 + row * 14, 203, 30 + row * 14, RED, 0.3)
            sheet.text(16, 33 + row * 14, sheet.words(int(dice.integers(5, 30))), 3.6, "serif", RED)
        sheet.box(12, 30, 191, 98, RED, 0.4)
        sheet.middle(10, "湖北增值税普通发票样张", 7, "serif", RED)
        return sheet.paper()
    wide = float(dice.choice([58.0, 80.0]))
    high = wide * float(dice.uniform(1.6, 3.0))
    sheet = Sheet((wide, high), scale, dice, (250, 250, 248))
    grey = int(dice.integers(60, 120))
    ink = (grey, grey, grey)
    sheet.middle(5, "便民超市", 6, "bold", ink)
    y = sheet.paragraph(4, 16, wide - 8, high * 0.75, 3.0, "sans", ink)
    x = 8.0
    while x < wide - 8:
        bar = float(dice.choice([0.4, 0.8, 1.2]))
        sheet.filled(x, y + 3, bar, 12, ink)
        x += bar + float(dice.choice([0.5, 1.0]))
    return sheet.paper()


def coloured(scale: float, dice: Generator) -> Paper:
    """A leaflet or a page on coloured stock."""
    shade = [int(part) for part in dice.integers(90, 250, 3)]
    sheet = Sheet(_size(dice), scale, dice, (shade[0], shade[1], shade[2]))
    wide, high = sheet.size_mm
    if dice.uniform() < 0.5:
        band = [int(part) for part in dice.integers(20, 230, 3)]
        sheet.filled(0, 0, wide, high * float(dice.uniform(0.12, 0.3)), (band[0], band[1], band[2]))
    if dice.uniform() < 0.5:
        sheet.picture(wide * 0.1, high * 0.35, wide * 0.4, high * 0.25)
    sheet.middle(high * 0.06, sheet.words(7), wide * 0.07)
    sheet.paragraph(wide * 0.1, high * 0.64, wide * 0.8, high * 0.9, 4, "sans", BLACK)
    return sheet.paper(tints=False)


PAGES: dict[str, tuple[Draw, float]] = {
    "letter": (letter, 0.27),
    "form": (form, 0.23),
    "certificate": (certificate, 0.12),
    "photograph": (photograph, 0.07),
    "copy_of_cards": (copy_of_cards, 0.07),
    "sparse": (sparse, 0.05),
    "blank": (blank, 0.06),
    "receipt": (receipt, 0.08),
    "coloured": (coloured, 0.05),
}


def any_page(dice: Generator) -> Draw:
    """One of the pages, as often as its share says."""
    shares = [share for _, share in PAGES.values()]
    return list(PAGES.values())[int(dice.choice(len(shares), p=shares))][0]
