"""What a material looks like, as drawings on the same board as the verdicts': a card, a booklet, a photograph, a sheet.

A drawing shows the thing as it lies in a drawer at home, so that she who reads slowly knows what to look for. Its
colours are the thing's own, whatever theme is worn: this module may be loaded while any of them is.
"""

from screens.theme import tokens
from screens.widgets.verdict_drawings import SKIN, Box, Disc, Drawing, Fan, Point, Stroke

_PAPER = tokens.rgba("#FFFFFF")
_PAPER_EDGE = tokens.rgba("#8A94A0")
_PRINT = tokens.rgba("#AEBBC8")
_SEAL = tokens.rgba("#B8332B")
_HAIR = tokens.rgba("#3A3A3C")
_COVER = tokens.rgba("#8E2F2A")
_CARD_GROUND = tokens.rgba("#DDEAF3")
_BANK = tokens.rgba("#2E6E8E")
_CHIP = tokens.rgba("#E5C777")
_CLOTH = tokens.rgba("#14609F")
_PEN = tokens.rgba("#0B3F73")


def _ring(middle: Point, radius: float, colour: tokens.Colour, ground: tokens.Colour) -> Drawing:
    return (Disc(colour, middle, radius), Disc(ground, middle, radius - 4))


def _seal(x: float, y: float, radius: float = 20) -> Drawing:
    """A round red seal with its star."""
    return (*_ring((x, y), radius, _SEAL, _PAPER), Disc(_SEAL, (x, y), radius * 0.34))


def _portrait(x: float, y: float, wide: float, high: float) -> Drawing:
    """Head and shoulders on a white ground."""
    shoulders = ((x - wide * 0.36, y + high / 2), (x + wide * 0.36, y + high / 2), (x, y + high * 0.08))
    return (
        Box(_PRINT, (x, y), (wide + 4, high + 4), radius=3),
        Box(_PAPER, (x, y), (wide, high), radius=2),
        Fan(_CLOTH, shoulders),
        Disc(_HAIR, (x, y - high * 0.16), wide * 0.25),
        Disc(SKIN, (x, y - high * 0.1), wide * 0.21),
    )


def _lines(x: float, y: float, wide: float, rows: int, step: float = 12) -> Drawing:
    """Lines of print that begin at (x, y)."""
    shares = (1.0, 0.8, 0.92, 0.6, 0.86, 0.7)
    return tuple(
        Box(_PRINT, (x + wide * shares[row % 6] / 2, y + row * step), (wide * shares[row % 6], 5), radius=2)
        for row in range(rows)
    )


def _leaf(x: float, y: float, wide: float = 84, high: float = 116, turn: float = 0.0) -> Drawing:
    """An empty sheet."""
    return (
        Box(_PAPER_EDGE, (x, y), (wide + 4, high + 4), turn, 4),
        Box(_PAPER, (x, y), (wide, high), turn, 3),
    )


def _identity(x: float, y: float, *, back: bool) -> Drawing:
    """A card of 104 × 66, the side with the portrait or the one with the emblem."""
    ground = (
        Box(_PAPER_EDGE, (x, y), (108, 70), radius=8),
        Box(_CARD_GROUND, (x, y), (104, 66), radius=7),
    )
    if back:
        return (
            *ground,
            Disc(_SEAL, (x - 32, y - 10), 13),
            *_lines(x - 10, y - 14, 52, 2),
            *_lines(x - 38, y + 14, 78, 1),
        )
    return (*ground, *_lines(x - 44, y - 20, 46, 4), *_portrait(x + 32, y - 4, 28, 38))


_SHEET: Drawing = (*_leaf(100, 75), Box(_PRINT, (100, 32), (44, 7), radius=2), *_lines(68, 50, 64, 6))
_CERTIFICATE: Drawing = (
    *_leaf(100, 75, 132, 100),
    Box(_SEAL, (100, 40), (60, 7), radius=2),
    *_lines(52, 58, 96, 3),
    *_seal(142, 100),
)
_CONTRACT: Drawing = (
    *_leaf(112, 70, turn=5),
    *_leaf(96, 76),
    Box(_PRINT, (96, 34), (44, 7), radius=2),
    *_lines(64, 50, 64, 4),
    Stroke(_PEN, ((66, 116), (78, 106), (84, 118), (96, 108), (104, 114)), 4),
    *_seal(122, 112, 14),
)
_BOOKLET: Drawing = (
    Box(_COVER, (100, 76), (168, 108), radius=8),
    Box(_PAPER, (59, 76), (76, 96), radius=3),
    Box(_PAPER, (141, 76), (76, 96), radius=3),
    Box(_PRINT, (100, 76), (4, 100)),
    *_lines(30, 46, 58, 5),
    *_lines(112, 46, 58, 3),
    *_seal(152, 104, 14),
)
_PHOTO: Drawing = (Box(_PAPER_EDGE, (100, 75), (92, 124), radius=4), *_portrait(100, 75, 84, 116))
_BANK_CARD: Drawing = (
    Box(_BANK, (100, 76), (156, 98), radius=10),
    Box(_CHIP, (54, 62), (28, 22), radius=4),
    *(Box(_PAPER, (48 + 34 * n, 94), (24, 9), radius=2) for n in range(4)),
)
_CARD: Drawing = _identity(100, 76, back=False)
_BOTH_SIDES: Drawing = (*_identity(126, 52, back=True), *_identity(74, 98, back=False))

#: by kind of thing
THINGS: dict[str, Drawing] = {
    "sheet": _SHEET,
    "certificate": _CERTIFICATE,
    "contract": _CONTRACT,
    "booklet": _BOOKLET,
    "photo": _PHOTO,
    "bank_card": _BANK_CARD,
    "card": _CARD,
    "both_sides": _BOTH_SIDES,
}
#: icon of the catalogue → kind of thing; any other icon is drawn as it is
BY_ICON: dict[str, str] = {
    "account-box-outline": "photo",
    "account-group-outline": "booklet",
    "book-account-outline": "booklet",
    "ring": "booklet",
    "briefcase-outline": "contract",
    "file-sign": "contract",
    "certificate-outline": "certificate",
    "file-certificate-outline": "certificate",
    "home-city-outline": "certificate",
    "medal-outline": "certificate",
    "school-outline": "certificate",
    "store-outline": "certificate",
    "baby-carriage": "certificate",
    "credit-card-outline": "bank_card",
    "file-document-outline": "sheet",
}


def thing(icon: str, *, card: bool, pages: int) -> str:
    """The kind of thing that a material is; "" for one that only its icon tells."""
    if card and icon not in BY_ICON:
        return "both_sides" if pages > 1 else "card"
    return BY_ICON.get(icon, "")
