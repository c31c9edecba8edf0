"""`capture IMAGE…`: the capture pipeline on files. Exit 2 when a file could not be read; the others are still done.

With `--json` one document of all pages; with `--corners-only --json` one object an image and line, as each is done.
"""

import argparse
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ground.clock import RealClock
from kiosk.capture.bind import bind
from kiosk.capture.calibration import Calibration, calibrated, keep
from kiosk.capture.clean import Mode
from kiosk.capture.find import find_sheets
from kiosk.capture.flatten import SheetSize
from kiosk.capture.judge import Seen, Verdict
from kiosk.capture.page import Page, take_page
from kiosk.capture.scan import page_of_scan
from kiosk.capture.still import MOST_BYTES, Still, stills
from kiosk.capture.unreadable import Reason, Unreadable
from kiosk.words import Words
from tools.capture_told import Told, error_of, facts, line, name_of, numbered, rounded, unreadable
from tools.cli import ROOT
from tools.codes import shown
from tools.out import complain, say, say_json
from tools.settings import BAD_INPUT, settings

_NOT_FINE = 1


def run(asked: argparse.Namespace) -> int:
    """Corners, pages, or a calibration."""
    words = Words.load(ROOT / "config" / "words", "zh-Hans")
    if asked.calibrate:
        return _calibrate(asked, words)
    if asked.corners_only:
        return _corners(asked, words)
    return _pages(asked, words)


def opened_file(path: Path, clock: RealClock) -> Iterator[Still]:
    """Every picture in the file. Raises `Unreadable`."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise Unreadable(Reason.NOT_THERE)  # a folder, a pipe that never ends
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise Unreadable(Reason.NOT_THERE) from error
    yield from stills(data, source=str(path), clock=clock)


# --- corners ---


def _corners(asked: argparse.Namespace, words: Words) -> int:
    code, clock = 0, RealClock()
    for path in asked.images:
        try:
            for number, still in enumerate(opened_file(path, clock), 1):
                sheets = find_sheets(still.pixels)
                corners = rounded(sheets[0].corners) if sheets else None
                told: Told = {"source": name_of(path), **numbered(still, number)}
                told |= {"corners": corners, "sheets_found": len(sheets)}
                if asked.json:
                    say_json(told)
                else:
                    key = "corners" if sheets else "none"
                    say(words(f"stills.{key}", file=shown(str(path)), count=len(sheets), corners=corners))
                del still  # its memory is used for the next one
        except Unreadable as error:
            code = BAD_INPUT
            if asked.json:
                say_json({"source": name_of(path), "error": error_of(error, words)})
            complain(unreadable(path, error, words))
    return code


# --- pages ---


def _pages(asked: argparse.Namespace, words: Words) -> int:
    calibration = None if asked.calibration is None else Calibration(asked.calibration)
    code, clock, seen = 0, RealClock(), Seen()
    told: list[Told] = []
    kept: list[Page] = []
    for path in asked.images:
        try:
            for number, still in enumerate(opened_file(path, clock), 1):
                page = _taken(still, asked, calibration, seen, clock)
                told.append({"source": name_of(path), **numbered(still, number), **facts(page)})
                if not asked.json:
                    say(line(path, number, page, words))
                if Verdict.NO_SHEET not in page.verdicts:
                    seen.add(page.fingerprint)
                    kept.append(replace(page, original=None))
                del still  # its memory is used for the next one
        except Unreadable as error:
            code = BAD_INPUT
            told.append({"source": name_of(path), "error": error_of(error, words)})
            complain(unreadable(path, error, words))
    document = bind(kept) if kept and (asked.json or asked.out) else None
    if asked.out is not None:
        code = max(code, _written(asked.out, document, len(kept), words, quiet=asked.json))
    if asked.json:
        say_json({"pages": told, "pdf_bytes": None if document is None else len(document)})
    return code


def _taken(
    still: Still, asked: argparse.Namespace, calibration: Calibration | None, seen: Seen, clock: RealClock
) -> Page:
    """The page in a picture; where no sheet lies, all of it, so that every stage has its figures."""
    size, mode = SheetSize(asked.size), Mode(asked.mode)
    if still.resolution_dpi is not None:
        return page_of_scan(still, still.resolution_dpi, SheetSize.FREE, mode=mode, seen=seen, clock=clock)
    page = take_page(still, size, insist=True, mode=mode, calibration=calibration, seen=seen, clock=clock)
    if not isinstance(page, Page):  # smaller than any camera's picture
        raise Unreadable(Reason.NOT_A_PICTURE)
    if Verdict.NO_SHEET in page.verdicts:
        return replace(page, verdicts=(Verdict.NO_SHEET,))  # what else an empty desk may be is of no interest
    return page


def _written(out: Path, document: bytes | None, pages: int, words: Words, *, quiet: bool) -> int:
    """Exit code. Nothing is written when there is no page."""
    if document is None:
        complain(words("stills.nothing_bound", file=shown(str(out))))
        return _NOT_FINE
    try:
        out.write_bytes(document)
    except OSError as error:
        complain(words("stills.unwritable", file=shown(str(out)), why=error.strerror or type(error).__name__))
        return _NOT_FINE
    if not quiet:
        say(words("stills.bound", file=shown(str(out)), pages=pages, size=len(document)))
    return 0


# --- calibration ---


def _calibrate(asked: argparse.Namespace, words: Words) -> int:
    """Measure the scale that a picture of an A4 sheet shows, and keep it for its device and resolution."""
    config = settings(asked)
    if config is None:
        return BAD_INPUT
    code, clock = 0, RealClock()
    for path in asked.images:
        try:
            still = next(opened_file(path, clock))
        except Unreadable as error:
            complain(unreadable(path, error, words))
            code = BAD_INPUT
            continue
        measured = _scale_of(still, asked.device)
        if measured is None:
            complain(words("stills.not_a4", file=shown(str(path))))
            code = max(code, _NOT_FINE)
            continue
        keep(config.storage.data_folder, measured)
        width, height = measured.resolution or (0, 0)
        told = {"device": measured.device, "resolution": [width, height], "px_per_mm": measured.px_per_mm}
        if asked.json:
            say_json({"source": name_of(path), **told})
        else:
            facts_of_it = {"device": measured.device, "width": width, "height": height}
            say(words("stills.calibrated", file=shown(str(path)), scale=measured.px_per_mm, **facts_of_it))
    return code


def _scale_of(still: Still, device: str) -> Calibration | None:
    sheets = find_sheets(still.pixels)
    if len(sheets) != 1:
        return None
    try:
        return calibrated(sheets[0].corners, (still.pixels.shape[1], still.pixels.shape[0]), device)
    except ValueError:
        return None
