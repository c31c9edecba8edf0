"""What the reader makes of generated documents (`bench.documents`): shares of wrong fields, time and memory.

Each document is photographed on a desk by a calibrated camera and goes through the capture pipeline; only accepted
pages count, as in a visit. (Uncalibrated, a register's page of 143 × 105 mm has the shape of A4 and is taken for it.)
The part that the reader was tuned on and the part that was held back are told apart.
"""

import statistics
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.documents import Document, Part, documents
from bench.documents.photograph import photographed
from bench.report import Ratio
from ground.clock import RealClock
from kiosk.capture.calibration import Calibration
from kiosk.capture.flatten import SheetSize
from kiosk.capture.page import Page, Refusal, take_page
from kiosk.capture.still import opened
from kiosk.reading import Kind, Reader, Reading
from kiosk.reading.reader import MEMORY_CAP

EACH = 40
_WIDTHS = (2592, 3264, 4208)  # pixels: stills of 5, 8 and 13 MP cameras
_DEADLINE_S = 300.0  # the machine may be busy; the figures tell how long it took
_WRONG = 0.01  # of issue 4: at least 99 % of numbers and names right
_SURE = 0.9  # a field above this should be right


@dataclass(slots=True)
class Tally:
    """What came out for one part."""

    pages: int = 0
    refused: Counter[str] = field(default_factory=Counter)  #: "kind verdict+verdict" → how many
    asked: Counter[str] = field(default_factory=Counter)  #: "kind.field" → how many
    wrong: Counter[str] = field(default_factory=Counter)
    sure: int = 0  #: fields that were read with confidence
    sure_and_wrong: int = 0
    unknown: int = 0  #: pages that were not taken for what they are
    make_s: list[float] = field(default_factory=list)
    read_s: list[float] = field(default_factory=list)
    peak: int = 0  #: bytes of the child, resident


def measure(rounds: int = EACH) -> list[Ratio]:
    """`rounds` documents of every kind in each part."""
    return [ratio for part in Part for ratio in _ratios(part, tally(part, rounds))]


def tally(part: Part, each: int, kinds: tuple[Kind, ...] = tuple(Kind)) -> Tally:
    """Read `each` documents of every kind."""
    done = Tally()
    with Reader(RealClock(), niceness=0, start_deadline_s=_DEADLINE_S, read_deadline_s=_DEADLINE_S) as reader:
        reader.open()
        for document in documents(part, each, kinds):
            started = time.perf_counter()
            page = _page(document)
            if not (isinstance(page, Page) and page.accepted):
                done.refused[f"{document.kind} {'+'.join(page.verdicts)}"] += 1
                continue
            made = time.perf_counter()
            reading = reader.read(page.jpeg, document.kind)
            done.make_s.append(made - started)
            done.read_s.append(time.perf_counter() - made)
            _count(done, document, reading)
        done.peak = _peak(reader)
    return done


def mistakes(document: Document, reading: Reading) -> Iterator[tuple[str, str, str]]:
    """Field, truth and what was read instead."""
    for name, truth in document.truth.items():
        got = reading.fields.get(name)
        if got is None or got.value != truth:
            yield name, truth, "" if got is None else got.value


def _page(document: Document) -> Page | Refusal:
    size = SheetSize.CARD if document.kind in (Kind.ID_FRONT, Kind.ID_BACK) else SheetSize.A4
    width = _WIDTHS[int(document.dice.integers(0, len(_WIDTHS)))]
    taken = photographed(document.sheet, document.dice, width=width)
    return take_page(opened(taken.jpeg), size, calibration=Calibration(taken.px_per_mm))


def _count(done: Tally, document: Document, reading: Reading) -> None:
    done.pages += 1
    done.unknown += not reading.kind_matches
    wrong = {name for name, _, _ in mistakes(document, reading)}
    for name in document.truth:
        done.asked[f"{document.kind}.{name}"] += 1
        done.wrong[f"{document.kind}.{name}"] += name in wrong
    for name, read in reading.fields.items():
        done.sure += read.confidence > _SURE
        done.sure_and_wrong += read.confidence > _SURE and name in wrong


def _peak(reader: Reader) -> int:
    status = Path(f"/proc/{reader.pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) << 10


def _ratios(part: Part, done: Tally) -> Iterator[Ratio]:
    refused = ", ".join(f"{what} {times}" for what, times in sorted(done.refused.items()))
    pages = f"{done.pages} pages, {done.refused.total()} not accepted ({refused or 'none'})"
    for kind in Kind:
        keys = [key for key in done.asked if key.startswith(f"{kind}.")]
        if kind is Kind.ID_FRONT:
            main = [key for key in keys if key.endswith((".name", ".number"))]
            yield _share(part, "numbers and names of identity cards", main, done, _WRONG, pages)
        yield _share(part, f"fields of {kind}", keys, done, None, pages)
    yield Ratio(
        f"{part}: wrong / fields read with confidence > {_SURE}",
        done.sure_and_wrong / max(1, done.sure),
        _WRONG,
        f"{done.sure_and_wrong} of {done.sure}",
    )
    yield Ratio(f"{part}: pages not known / pages", done.unknown / max(1, done.pages), 0.0, pages)
    make, read = (statistics.median(times) if times else 0.0 for times in (done.make_s, done.read_s))
    yield Ratio(
        f"{part}: reading / photographing and making the page",
        read / make if make else 0.0,
        None,
        f"{read * 1e3:.0f} ms / {make * 1e3:.0f} ms, medians",
    )
    yield Ratio(
        f"{part}: peak memory of the child / its cap",
        done.peak / MEMORY_CAP,
        1.0,
        f"{done.peak >> 20} MB / {MEMORY_CAP >> 20} MB",
    )


def _share(part: Part, what: str, keys: list[str], done: Tally, limit: float | None, pages: str) -> Ratio:
    asked, wrong = sum(done.asked[key] for key in keys), sum(done.wrong[key] for key in keys)
    worst = ", ".join(f"{key} {done.wrong[key]}" for key in keys if done.wrong[key])
    return Ratio(
        f"{part}: wrong / {what}",
        wrong / max(1, asked),
        limit,
        f"{wrong} of {asked}; {pages}; {worst or 'none'}",
    )
