"""What to do about each verdict, as drawings: shapes on a board 200 wide and 150 high, origin top left.

A drawing shows the remedy, not the fault: which way the hand, the sheet or the lamp should go.
"""

from dataclasses import dataclass
from math import cos, radians, sin

from screens.theme import tokens

Point = tuple[float, float]

BOARD = (200.0, 150.0)  #: width and height


@dataclass(frozen=True, slots=True)
class Box:
    """A rounded rectangle, turned about its middle."""

    colour: tokens.Colour
    middle: Point
    size: Point
    turn: float = 0.0  #: degrees clockwise
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Disc:
    """A filled circle."""

    colour: tokens.Colour
    middle: Point
    radius: float


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line with round ends."""

    colour: tokens.Colour
    points: tuple[Point, ...]
    width: float


@dataclass(frozen=True, slots=True)
class Fan:
    """A filled convex shape."""

    colour: tokens.Colour
    points: tuple[Point, ...]


Shape = Box | Disc | Stroke | Fan
Drawing = tuple[Shape, ...]

SKIN = tokens.rgba("#E3B48F")
_LIGHT = (*tokens.GOLD[:3], 0.55)
_SKIN_EDGE = tokens.rgba("#9A6240")


def _sheet(x: float, y: float, turn: float = 0.0, lines: int = 4, pale: bool = False) -> Drawing:
    """An upright sheet of 56 × 76 with a heading and lines of print; `lines` 0: empty."""
    ink = tokens.CITY_EDGE if not pale else tokens.LINE
    paper = (
        Box(tokens.INK_SOFT, (x, y), (60, 80), turn, 4),
        Box(tokens.CARD, (x, y), (56, 76), turn, 2),
    )
    rows = []
    for row in range(lines):
        away, wide, high = (-24 + row * 15, 38, 5) if row else (-24, 24, 7)
        rows.append(Box(ink, _turned(x, y, 0, away, turn), (wide, high), turn, 2))
    return (*paper, *rows)


def _turned(x: float, y: float, right: float, down: float, turn: float) -> Point:
    angle = radians(turn)
    return (x + right * cos(angle) - down * sin(angle), y + right * sin(angle) + down * cos(angle))


def _arrow(*points: Point) -> Drawing:
    """Where to go: a line with a head, in the colour of the main action."""
    (from_x, from_y), (x, y) = points[-2], points[-1]
    long = ((x - from_x) ** 2 + (y - from_y) ** 2) ** 0.5
    along, across = ((x - from_x) / long, (y - from_y) / long), ((from_y - y) / long, (x - from_x) / long)
    back = (x - 5 * along[0], y - 5 * along[1])
    head = tuple(
        (back[0] + 15 * far * along[0] + wide * across[0], back[1] + 15 * far * along[1] + wide * across[1])
        for far, wide in ((1, 0), (-0.2, 12), (-0.2, -12))
    )
    return (Stroke(tokens.ACT, (*points[:-1], back), 8), Fan(tokens.ACT, head))


def _hand(x: float, y: float) -> Drawing:
    """A hand that comes from the right; its forefinger's tip is at (x, y)."""
    reach = (
        ((x, y), (x + 34, y + 6)),
        ((x + 14, y + 17), (x + 40, y + 20)),
        ((x + 20, y + 31), (x + 40, y + 31)),
    )
    palm = ((x + 40, y + 18), (x + 56, y + 22))
    edges = [Stroke(_SKIN_EDGE, way, 17) for way in reach] + [Stroke(_SKIN_EDGE, palm, 43)]
    fills = [Stroke(SKIN, way, 13) for way in reach] + [Stroke(SKIN, palm, 39)]
    return (*edges, *fills)


def _field(x: float, y: float, wide: float, high: float) -> Drawing:
    """What the camera sees: four corner marks."""
    left, right, top, bottom, arm = x - wide / 2, x + wide / 2, y - high / 2, y + high / 2, 16
    marks = []
    for corner_x, inward_x in ((left, arm), (right, -arm)):
        for corner_y, inward_y in ((top, arm), (bottom, -arm)):
            points = ((corner_x + inward_x, corner_y), (corner_x, corner_y), (corner_x, corner_y + inward_y))
            marks.append(Stroke(tokens.CITY, points, 5))
    return tuple(marks)


def _round(x: float, y: float, radius: float, start: float, end: float) -> Drawing:
    """An arrow that turns about (x, y), from `start` to `end` degrees, clockwise, 0 to the right."""
    angles = [start + (end - start) * step / 8 for step in range(9)]
    return _arrow(*((x + radius * cos(radians(a)), y + radius * sin(radians(a))) for a in angles))


def _tick(x: float, y: float) -> Drawing:
    points = ((x - 8, y), (x - 2, y + 7), (x + 9, y - 7))
    return (Disc(tokens.GOOD, (x, y), 18), Stroke(tokens.WHITE, points, 5))


_LAMP: Drawing = (
    Fan(_LIGHT, ((84, 40), (116, 40), (158, 142), (42, 142))),
    Box(tokens.CITY, (100, 10), (8, 20)),
    Fan(tokens.CITY, ((90, 18), (110, 18), (126, 42), (74, 42))),
)
_SHAKE: Drawing = tuple(
    Stroke(tokens.NOTICE, ((x - bow, 46), (x, 60), (x - bow, 74), (x, 88), (x - bow, 102)), 4)
    for x, bow in ((26, -6), (12, -6), (114, 6), (128, 6))
)
_SHINE: Drawing = (
    Disc(_LIGHT, (84, 62), 24),
    Disc(tokens.GOLD, (84, 62), 15),
    *(
        Stroke(tokens.GOLD, ((84 + dx * 20, 62 + dy * 20), (84 + dx * 31, 62 + dy * 31)), 5)
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1), (0.7, 0.7), (-0.7, 0.7), (0.7, -0.7), (-0.7, -0.7))
    ),
)

#: by verdict; one for each of `kiosk.capture.judge.Verdict`
DRAWINGS: dict[str, Drawing] = {
    "blurred": (*_sheet(70, 76), *_SHAKE, *_hand(122, 106), *_arrow((150, 34), (186, 34))),
    "dark": (*_LAMP, *_sheet(100, 98), *_arrow((26, 100), (58, 100))),
    "glare": (*_sheet(84, 78, -10), *_SHINE, *_round(84, 78, 62, -35, 40)),
    "cut_off": (*_field(100, 75, 130, 126), *_sheet(42, 84), *_arrow((84, 84), (124, 84))),
    "covered": (*_sheet(62, 76), *_hand(80, 70), *_arrow((120, 34), (172, 34))),
    "blank": (*_sheet(46, 78, lines=0), *_round(99, 52, 26, 205, 330), *_sheet(152, 84)),
    "duplicate": (
        *_sheet(46, 80, pale=True),
        *_tick(66, 108),
        *_arrow((84, 76), (112, 76)),
        *_sheet(154, 76),
    ),
    "no_sheet": (*_field(100, 84, 130, 118), *_sheet(100, 92), *_arrow((100, 6), (100, 42))),
    "several": (
        *_field(62, 78, 92, 120),
        *_sheet(62, 78),
        *_sheet(132, 84, 14, pale=True),
        *_arrow((150, 84), (188, 84)),
    ),
    "upside_down": (*_sheet(100, 78, 180), *_round(100, 78, 62, 200, 340)),
}
