"""流程图: the stages of a case as boxes in bands, laid out in millimetres. Pure; SVG and PDF are drawn from the same.

A band is a stage. Its boxes work beside each other, one a department; a box says which items it does, how long they
take at most, and for what they wait. Bands follow each other downwards.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from kiosk.catalogue.model import CasePlan, Item
from kiosk.catalogue.schedule import Stage, schedule
from kiosk.words import Words

WIDTH = 174.0  # mm: A4 less two margins of 18
TEXT = 3.5  # mm: height of the letters (10 points)
LEADING = 5.0  # mm from line to line
PAD = 2.5  # mm between a box and its text
GAP = 4.0  # mm between boxes
ARROW = 7.0  # mm between bands
LABEL = 17.0  # mm: what stands left of a band
_MOST_BESIDE = 3  # boxes: narrower ones break their words


@dataclass(frozen=True, slots=True)
class ChartLine:
    """A line of text in a box."""

    text: str
    kind: Literal["head", "item", "note"]


@dataclass(frozen=True, slots=True)
class ChartBox:
    """A box; `x` and `y` are its upper left corner within its band."""

    x: float
    y: float
    width: float
    height: float
    lines: tuple[ChartLine, ...]
    ends: bool  #: the first and the last: where she is, not an office


@dataclass(frozen=True, slots=True)
class Band:
    """Boxes beside and below each other, in columns."""

    label: str  #: "" for the first and the last
    boxes: tuple[ChartBox, ...]
    height: float


def flow_chart(plan: CasePlan, words: Words) -> tuple[Band, ...]:
    """From her hand-in to the results; () when nothing is known of any item."""
    times = schedule(plan.items)
    if not times.stages:
        return ()
    known = {item.code: item for item in plan.items}
    stages = (_stage(stage, known, words) for stage in times.stages)
    return (_end(words("guide.flow_start")), *stages, _end(words("guide.flow_end")))


def _end(text: str) -> Band:
    width = 110.0
    lines = tuple(ChartLine(part, "head") for part in wrapped(text, width - 2 * PAD))
    height = len(lines) * LEADING + 2 * PAD
    return Band("", (ChartBox((WIDTH - width) / 2, 0.0, width, height, lines, True),), height)


def _stage(stage: Stage, known: dict[str, Item], words: Words) -> Band:
    beside = min(_MOST_BESIDE, len(stage.departments))
    width = (WIDTH - LABEL - GAP * (beside - 1)) / beside
    tops = [0.0] * beside
    boxes: list[ChartBox] = []
    for department in stage.departments:
        lines = _texts(stage, department, known, words, width - 2 * PAD)
        height = len(lines) * LEADING + 2 * PAD
        column = tops.index(min(tops))
        boxes.append(ChartBox(LABEL + column * (width + GAP), tops[column], width, height, lines, False))
        tops[column] += height + GAP
    return Band(words("guide.stage", number=stage.number), tuple(boxes), max(tops) - GAP)


def _texts(
    stage: Stage, department: str, known: dict[str, Item], words: Words, width: float
) -> tuple[ChartLine, ...]:
    items = [item for item in stage.items if item.department == department]
    waits = [_waits(item, known, words) for item in items]
    same = len(set(waits)) == 1  # then it is said once
    lines = [ChartLine(part, "head") for part in wrapped(department, width)]
    if same and waits[0]:
        lines += [ChartLine(part, "note") for part in wrapped(waits[0], width)]
    for item, wait in zip(items, waits, strict=True):
        lines += [ChartLine(part, "item") for part in wrapped(f"· {item.name}", width)]
        notes = (wait if not same else "", *_notes(item, words))
        shown = [note for note in notes if note]
        lines += [ChartLine(part, "note") for part in wrapped("，".join(shown), width)]
    return tuple(lines)


def _waits(item: Item, known: dict[str, Item], words: Words) -> str:
    names = [known[code].name for code in item.after if code in known]
    return words("guide.flow_after", names=words("guide.join").join(names)) if names else ""


def _notes(item: Item, words: Words) -> Iterable[str]:
    if item.days is not None:
        yield words("guide.flow_days", days=item.days.promised)
    if item.in_person is not None:
        yield words("guide.flow_person")


def wrapped(text: str, width: float, measure: Callable[[str], float] | None = None) -> list[str]:
    """`text` in lines no wider than `width` (mm, as `measure` tells; else letters of the chart's size).

    Chinese may break anywhere but before a closing and after an opening sign; numbers and Latin words stay whole.
    """
    wide = measure or _wide
    lines, line, used = [], "", 0.0
    for piece in _PIECES.findall(text):
        if piece == "\n":
            lines.append(line)
            line, used = "", 0.0
            continue
        needs = wide(piece)
        if line and used + needs > width:
            lines.append(line.rstrip())
            line, used = "", 0.0
        line, used = line + piece, used + needs
    return [*lines, line] if line else lines


_PIECES = re.compile(r"\n|[（《“]*(?:[\x21-\x7e]+|[^\n])[，。、；：）”》！？]*")


def _wide(piece: str) -> float:
    """Millimetres; a letter of the Latin kind is a little more than half of a Chinese one."""
    return sum(TEXT if unicodedata.east_asian_width(sign) in "WFA" else 0.6 * TEXT for sign in piece)
