"""Breaks Chinese text into lines as a typesetter would: no comma starts a line, no bracket ends one,
no number or Latin word is torn, and no lonely character is left on the last line.

Pure: knows widths only through the function it is given.
"""

import re
from collections.abc import Callable

NOT_FIRST = frozenset("，。、；：？！）》】」』”’…—·％%℃,.;:?!)]}")
NOT_LAST = frozenset("（《【「『“‘([{")
_PIECE = re.compile(r"[A-Za-z0-9_@#&+./:*\-–%°]+|\s|.", re.DOTALL)
#: a last line shorter than this looks like a mistake
LONELY = 5

Measure = Callable[[str], float]  #: width of a piece of text in pixels


def break_lines(text: str, width: float, measure: Measure, *, balance: bool = False) -> list[str]:
    """The lines of `text`, each at most `width` pixels wide where that is possible at all.

    `balance` makes the lines about equally long, as headings want it.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _paragraph(paragraph, width, measure, balance)
    return lines


def _paragraph(text: str, width: float, measure: Measure, balance: bool) -> list[str]:
    atoms = [(atom, measure(atom)) for atom in _atoms(text, width, measure)]
    best = _greedy(atoms, width)
    if len(best) < 2:
        return best
    narrow, count = width, len(best)
    step = max(1.0, measure("一") / 2)
    while balance or len(best[-1]) < LONELY:
        narrow -= step
        if narrow < width / 2:
            break
        tried = _greedy(atoms, narrow)
        if len(tried) != count:
            break
        best = tried
    return best


def _atoms(text: str, width: float, measure: Measure) -> list[str]:
    """Parts that are never torn, with the punctuation that clings to them."""
    atoms: list[str] = []
    for piece in _PIECE.findall(text):
        if measure(piece) > width:
            atoms += list(piece)
        elif atoms and _clings(atoms[-1], piece):
            atoms[-1] += piece
        else:
            atoms.append(piece)
    return atoms


def _clings(atom: str, piece: str) -> bool:
    """Whether `piece` may not start a line after `atom`: punctuation, and the unit after a number ("88 秒")."""
    if piece[0] in NOT_FIRST or atom[-1] in NOT_LAST:
        return True
    number_and_space = len(atom) > 1 and atom[-1] == " " and atom[-2].isdigit()
    return number_and_space or (piece == " " and atom[-1].isdigit())


def _greedy(atoms: list[tuple[str, float]], width: float) -> list[str]:
    lines: list[str] = []
    line, used = "", 0.0
    for atom, wide in atoms:
        if line and used + wide > width and not atom.isspace():
            lines.append(line.rstrip())
            line, used = "", 0.0
        if line or not atom.isspace():
            line, used = line + atom, used + wide
    return [*lines, line.rstrip()]
