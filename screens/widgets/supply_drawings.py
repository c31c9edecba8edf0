"""What hands do at a refill, as drawings on the same board as the verdicts': the printer, the roll, the tray, a key."""

from typing import Final

from screens.theme import tokens
from screens.widgets.verdict_drawings import SKIN, Box, Disc, Drawing, Fan, Point, Stroke
from screens.widgets.verdict_picture import VerdictPicture

_BODY: Final = tokens.rgba("#51606E")
_BODY_DARK: Final = tokens.rgba("#333F4A")
_INSIDE: Final = tokens.rgba("#D7DEE5")
_PAPER: Final = tokens.rgba("#FFFFFF")
_PAPER_EDGE: Final = tokens.rgba("#8A94A0")
_CORE: Final = tokens.rgba("#B08D57")
_TONER: Final = tokens.rgba("#22272C")
_GO: Final = tokens.rgba("#9C2F06")
_SKIN_EDGE: Final = tokens.rgba("#9A6240")
_KEY: Final = tokens.rgba("#2E8B57")
_INK: Final = tokens.rgba("#0B3F73")
_PRINT: Final = tokens.rgba("#AEBBC8")


def _arrow(start: Point, end: Point) -> Drawing:
    """Which way it goes; upright or level only."""
    (x, y), (to_x, to_y) = start, end
    if x == to_x:
        step = 10 if to_y > y else -10
        head: tuple[Point, ...] = (
            (to_x - 9, to_y - step),
            (to_x + 9, to_y - step),
            (to_x, to_y + step * 0.4),
        )
    else:
        step = 10 if to_x > x else -10
        head = ((to_x - step, to_y - 9), (to_x - step, to_y + 9), (to_x + step * 0.4, to_y))
    return (Stroke(_GO, (start, end), 7), Fan(_GO, head))


def _hand(x: float, y: float) -> Drawing:
    """A pointing finger from the lower right; its tip is at (x, y)."""
    return (
        Stroke(_SKIN_EDGE, ((x + 4, y + 4), (x + 34, y + 34)), 18),
        Stroke(SKIN, ((x + 4, y + 4), (x + 34, y + 34)), 14),
        Disc(_SKIN_EDGE, (x + 42, y + 44), 22),
        Disc(SKIN, (x + 42, y + 44), 20),
    )


def _roll(x: float, y: float, radius: float = 27) -> Drawing:
    return (
        Disc(_PAPER_EDGE, (x, y), radius + 2),
        Disc(_PAPER, (x, y), radius),
        Disc(_PAPER_EDGE, (x, y), radius * 0.68),
        Disc(_PAPER, (x, y), radius * 0.64),
        Disc(_CORE, (x, y), radius * 0.3),
    )


def _printer(*, opened: bool) -> Drawing:
    """From the side, its mouth at the left."""
    body = (Box(_BODY, (108, 104), (124, 62), radius=10),)
    if not opened:
        return (
            *body,
            Box(_BODY_DARK, (108, 70), (124, 14), radius=6),
            Box(_GO, (152, 86), (18, 8), radius=3),
        )
    lid = (Stroke(_BODY_DARK, ((166, 74), (182, 20)), 13),)
    return (*body, Box(_INSIDE, (108, 92), (96, 36), radius=8), *lid)


def _machine() -> Drawing:
    """A page printer from the front."""
    return (
        Box(_BODY, (100, 66), (136, 84), radius=8),
        Box(_BODY_DARK, (100, 36), (112, 10), radius=4),
        Box(_INSIDE, (100, 64), (112, 26), radius=4),
    )


def _tray(x: float, y: float, sheets: int) -> Drawing:
    stack = tuple(Box(_PAPER, (x, y - 9 - 4 * n), (88, 4), radius=1) for n in range(sheets))
    return (*stack, Box(_BODY_DARK, (x, y), (124, 16), radius=4), Box(_INSIDE, (x, y), (30, 5), radius=2))


def _cartridge(x: float, y: float) -> Drawing:
    return (
        Box(_TONER, (x, y), (104, 24), radius=6),
        Box(_KEY, (x - 30, y), (22, 10), radius=3),
        Box(_PRINT, (x + 22, y), (40, 8), radius=3),
    )


def _keypad() -> Drawing:
    keys = tuple(Disc(_KEY if n == 4 else _PRINT, (44 + 28 * n, 72), 11) for n in range(5))
    return (
        Box(_BODY, (100, 78), (156, 66), radius=12),
        *keys,
        Stroke(_BODY_DARK, ((178, 96), (196, 118)), 6),
    )


def _pen(x: float, y: float) -> Drawing:
    return (
        Stroke(_INK, ((x, y), (x + 10, y - 62)), 9),
        Fan(_PRINT, ((x - 5, y), (x + 5, y + 1), (x - 2, y + 14))),
    )


_CUP: Final[Drawing] = (Box(_BODY, (100, 112), (76, 60), radius=8),)

#: by supply and step; words `refill.<supply>.<step>` say the same
STEPS: Final[dict[str, Drawing]] = {
    "paper_roll.1": (*_printer(opened=False), *_arrow((108, 62), (108, 24)), *_hand(154, 88)),
    "paper_roll.2": (*_printer(opened=True), Disc(_CORE, (104, 44), 11), *_arrow((104, 84), (104, 66))),
    "paper_roll.3": (
        *_printer(opened=True),
        *_roll(110, 46),
        Stroke(_PAPER, ((86, 58), (34, 88)), 6),
        *_arrow((150, 40), (150, 74)),
    ),
    "paper_roll.4": (
        *_printer(opened=False),
        Stroke(_PAPER, ((52, 76), (24, 90), (22, 122)), 6),
        *_arrow((108, 20), (108, 52)),
    ),
    "a4.1": (*_machine(), *_tray(100, 124, 0), *_arrow((42, 142), (16, 142))),
    "a4.2": (*_tray(100, 118, 6), Box(_PAPER_EDGE, (100, 46), (92, 26), radius=2),
             Box(_PAPER, (100, 46), (88, 22), radius=2), *_arrow((100, 64), (100, 84))),
    "a4.3": (*_machine(), *_tray(100, 124, 4), *_arrow((182, 124), (168, 124))),
    "toner.1": (*_machine(), Box(_BODY_DARK, (100, 122), (120, 12), radius=4), *_hand(128, 84)),
    "toner.2": (*_machine(), *_cartridge(100, 122), *_arrow((100, 84), (100, 102))),
    "toner.3": (*_cartridge(100, 60), *_arrow((70, 92), (34, 92)), *_arrow((130, 92), (166, 92))),
    "toner.4": (*_machine(), *_cartridge(100, 64), *_arrow((100, 130), (100, 94))),
    "evaluator.1": (*_keypad(), *_hand(150, 96)),
    "evaluator.2": (*_keypad(), Box(_PAPER, (70, 60), (60, 26), -12, 4), *_arrow((52, 32), (118, 32))),
    "evaluator.3": (*_keypad(), *_hand(154, 70)),
    "pens.1": (*_CUP, *_pen(86, 80), *_pen(108, 84)),
    "pens.2": (Box(_PAPER_EDGE, (100, 78), (116, 94), radius=3), Box(_PAPER, (100, 78), (112, 90), radius=2),
               Stroke(_INK, ((60, 96), (78, 80), (88, 98), (110, 78), (126, 92)), 4), *_pen(134, 84)),
}  # fmt: skip


class SupplyPicture(VerdictPicture):
    """The drawing of a step: `verdict` names it, as it names a verdict's."""

    def drawing(self) -> Drawing:
        """From the steps."""
        return STEPS.get(self.verdict, ())
