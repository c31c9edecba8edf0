"""Text in the columns of a receipt: what is printable, how wide it is, where a line may end.

A column is half the width of a Chinese character. Receipt printers give ASCII one column and everything else
the cell of a Chinese character, two columns; so it is counted here.
"""

import unicodedata
from collections.abc import Iterator

GETA = "\u3013"  # 〓, the printers' mark for a character that cannot be had

# Chinese line breaking (GB/T 15834-2011, 5.1: which marks may not stand first or last on a line).
_NEVER_FIRST = frozenset("。，、；：？！）》〉」』】〕〗”’…—～·％‰℃°,.;:?!)]}%")
_NEVER_LAST = frozenset("（《〈「『【〔〖“‘￥$([{")
_REPLACED = {
    "¥": "￥",
    "\t": " ",
    "\r\n": "\n",
    "\r": "\n",
    "\u2028": "\n",
    "\u2029": "\n",
    "\x0b": "\n",
    "\x0c": "\n",
}


def printable(text: str) -> str:
    """`text` without what no paper can show: control and format characters go, odd spaces become spaces.

    U+00A5 becomes U+FFE5, because its GB18030 code has four bytes that many printers print as digits.
    """
    for found, put in _REPLACED.items():
        text = text.replace(found, put)
    return "".join(_shown(char) for char in text)


def _shown(char: str) -> str:
    if char == "\n" or " " <= char <= "~":
        return char
    match unicodedata.category(char):
        case "Zs":
            return char if char == "\u3000" else " "
        case "Cc" | "Cf":
            return ""
        case "Cs":
            return GETA
        case _:
            return char


def clusters(text: str) -> Iterator[str]:
    """The characters of `text`, each with the combining marks that belong to it."""
    held = ""
    for char in text:
        if held and not _combines(char):
            yield held
            held = ""
        held += char
    if held:
        yield held


def width(text: str) -> int:
    """Columns that `text` takes on one line."""
    return sum(1 if " " <= cluster <= "~" else 2 for cluster in clusters(text))


def wrap(text: str, columns: int) -> list[str]:
    """`text` (printable) as lines of at most `columns` (2 or more); at least one, perhaps empty."""
    return [line for paragraph in text.split("\n") for line in _fill(_atoms(paragraph), columns)]


def unbroken(text: str) -> int:
    """Columns that a line needs so that no word of `text` must be cut."""
    return max((width(atom) for paragraph in text.split("\n") for atom in _atoms(paragraph)), default=0)


def _combines(char: str) -> bool:
    return char > "~" and unicodedata.category(char) in ("Mn", "Me")


def _atoms(paragraph: str) -> list[str]:
    """What must stay together: words, and characters with the marks that may not leave them."""
    atoms: list[str] = []
    for cluster in clusters(paragraph):
        if atoms and _inseparable(atoms[-1][-1], cluster[0]):
            atoms[-1] += cluster
        else:
            atoms.append(cluster)
    return atoms


def _inseparable(left: str, right: str) -> bool:
    if left == " " or right == " ":
        return False
    in_word = "!" <= left <= "~" and "!" <= right <= "~"
    return in_word or right in _NEVER_FIRST or left in _NEVER_LAST


def _fill(atoms: list[str], columns: int) -> list[str]:
    lines, taken = [""], 0
    for atom in atoms:
        wide = width(atom)
        if taken + wide <= columns:
            lines[-1] += atom
            taken += wide
        elif atom == " ":
            lines.append("")
            taken = 0
        else:
            taken = _start_line(lines, atom, columns)
        if lines[-1] == " " and len(lines) > 1:  # a wrapped line does not begin with the space that parted it
            lines[-1], taken = "", 0
    if len(lines) > 1 and not lines[-1]:
        lines.pop()
    return [line.rstrip(" ") for line in lines]


def _start_line(lines: list[str], atom: str, columns: int) -> int:
    """Put `atom` on a new line, and cut it where it must be when it is longer than a whole line.

    Returns the columns that the last line takes now.
    """
    if lines[-1]:
        lines.append("")
    taken = 0
    for cluster in clusters(atom):
        wide = width(cluster)
        if taken + wide > columns:
            lines.append("")
            taken = 0
        lines[-1] += cluster
        taken += wide
    return taken
