"""Breaks a paragraph of plain, bold and code text into lines. Knows widths only through the function it is given."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from screens.widgets.wrapping import NOT_FIRST, NOT_LAST

Style: TypeAlias = Literal["plain", "bold", "code"]


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style. "\\n" ends a line."""

    text: str
    style: Style = "plain"


Line: TypeAlias = tuple[Run, ...]
Measure: TypeAlias = Callable[[Run], float]

_PIECE: Final = re.compile(
    r"\n|[ \t]+|[!-~]+|."
)  # a Latin word or number is one piece, a Chinese character is one
_GAP: Final = re.compile(r"(?<=[/._=-])")  # where something too long for a line may be torn: paths, options


def lines_of(runs: Iterable[Run], width: float, measure: Measure) -> list[Line]:
    """The lines, none wider than `width` where that is possible at all; each at least one run, "" when it is empty.

    No comma begins a line and no bracket ends one; words, numbers and short pieces of code are not torn.
    """
    lines: list[Line] = []
    line: list[Run] = []
    used = 0.0
    for atom in _atoms(runs, width, measure):
        if atom[0].text == "\n":
            lines.append(_joined(line))
            line, used = [], 0.0
            continue
        wide = sum(map(measure, atom))
        if line and used + wide > width and atom[0].text.strip():
            lines.append(_joined(line))
            line, used = [], 0.0
        if line or atom[0].text.strip():
            line += atom
            used += wide
    return [*lines, _joined(line)] if line or not lines else lines


def widest(runs: Iterable[Run], measure: Measure) -> float:
    """Width of the widest part that is not torn."""
    return max((sum(map(measure, atom)) for atom in _atoms(runs, float("inf"), measure)), default=0.0)


def _atoms(runs: Iterable[Run], width: float, measure: Measure) -> list[list[Run]]:
    """Parts that are never torn, with the signs that cling to them."""
    atoms: list[list[Run]] = []
    for run in runs:
        for text in _PIECE.findall(run.text):
            whole = Run(text, run.style)
            for piece in _torn(whole, width, measure):
                if atoms and _clings(atoms[-1][-1].text, piece.text):
                    atoms[-1].append(piece)
                else:
                    atoms.append([piece])
    return atoms


def _torn(run: Run, width: float, measure: Measure) -> list[Run]:
    """Whole where it fits; else in parts that do, after a slash or a dot where there is one."""
    if measure(run) <= width:
        return [run]
    parts: list[str] = [""]
    for piece in _GAP.split(run.text):
        if measure(Run(parts[-1] + piece, run.style)) <= width:
            parts[-1] += piece
            continue
        parts.append("")
        for sign in piece:
            if parts[-1] and measure(Run(parts[-1] + sign, run.style)) > width:
                parts.append("")
            parts[-1] += sign
    return [Run(part, run.style) for part in parts if part]


def _clings(before: str, after: str) -> bool:
    if before.isspace() or after.isspace():
        return False
    both_latin = before[-1].isascii() and after[0].isascii()
    return (after[0] in NOT_FIRST and not both_latin) or before[-1] in NOT_LAST


def _joined(runs: list[Run]) -> Line:
    """Neighbours of one style as one run; no space at the end."""
    found: list[Run] = []
    for run in runs:
        if found and found[-1].style == run.style:
            found[-1] = Run(found[-1].text + run.text, run.style)
        else:
            found.append(run)
    if found and found[-1].style == "plain":
        found[-1] = Run(found[-1].text.rstrip())
    return tuple(found) or (Run(""),)
