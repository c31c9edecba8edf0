"""What each kind of device does in a test. Nothing of what it reads leaves this file but that it was read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import cv2
import numpy as np
import qrcode
from fpdf import FPDF
from numpy.typing import NDArray

from devices.chip_card import ChipCardReader
from devices.code_scanner import CodeScanner
from devices.document_camera import DocumentCamera
from devices.document_scanner import DocumentScanner, PaperSource, ScanJob
from devices.errors import Condition, NobodyDid, Refused, TimedOut
from devices.evaluator import Evaluator
from devices.headphones import Headphones
from devices.id_card import IdCardReader
from devices.keypad import Keypad
from devices.page_printer import PagePrinter
from devices.receipt_printer import Feed, Pair, Qr, ReceiptPrinter, Rule, Slip, Text
from devices.signals import Signals
from devices.ups import Ups
from devices.watchdog import Watchdog
from ground.clock import Clock
from kiosk.card_desk import CardDesk
from kiosk.stage import CARD_AGAIN

PATIENCE_S: Final = 30.0  #: for a person to lay, press or hold something
_POLL_S: Final = 0.3
#: on every sheet that a self-test prints: only such a sheet is shown under the camera, never what a citizen left there
SHEET_CODE: Final = "TEST-0000"
_KEYS_WANTED: Final = 3
_PAGE_S: Final = 180.0  # a laser printer that slept needs a minute to warm up
#: characters that printers get wrong: rare names, four-byte GB18030, full-width signs, the yuan
_HARD: Final = "㐂𠮷䶮〇，。《》￥¥é"


@dataclass(frozen=True, slots=True)
class Told:
    """A line for the technician: words key under `trial.`, and its facts. `kept`: also for the report.

    `picture`: a small JPEG of a self-test sheet and nothing else, to be looked at and kept nowhere.
    """

    key: str
    facts: dict[str, Any] = field(default_factory=dict)
    kept: bool = True
    picture: bytes = field(default=b"", repr=False)


def read_a_card(reader: IdCardReader, clock: Clock) -> Iterator[Told]:
    """Any card; told is only its kind and whether the photo came along.

    A strict reader does not find again what a test before, also one that was killed, has found: it must be lifted.
    """
    yield Told("lay_card", kept=False)
    deadline, codes = clock.after(PATIENCE_S), list[str]()
    desk = CardDesk(codes.append, waits=False)
    while (card := desk.look(reader)) is None:
        if CARD_AGAIN in codes:
            codes.clear()
            deadline = clock.after(PATIENCE_S)
            yield Told("lift_card", kept=False)
        if clock.due(deadline):
            raise NobodyDid(waited_for="card")
        clock.wait(_POLL_S)
    yield Told("card", {"kind": card.kind.value, "photo_bytes": len(card.photo)})


def take_a_picture(camera: DocumentCamera, clock: Clock) -> Iterator[Told]:
    """A preview and a still; told are size, light and sharpness. Only a self-test sheet is shown."""
    preview = camera.preview()
    yield Told("preview", {"width": preview.size[0], "height": preview.size[1]})
    yield Told("lay_sheet", kept=False)
    begun = clock.instant()
    still = camera.still()
    grey = cv2.cvtColor(still.pixels, cv2.COLOR_BGR2GRAY)
    sharpness = round(float(cv2.Laplacian(grey, cv2.CV_64F).var()))
    seconds = round(clock.instant() - begun, 1)
    width, height = still.size
    yield Told("still", {"width": width, "height": height, "sharpness": sharpness, "seconds": seconds})
    yield from _judged(still.pixels)


def _judged(pixels: NDArray[np.uint8]) -> Iterator[Told]:
    """What a citizen's page would be judged by."""
    from kiosk.capture.codes import glanced  # the models are for whoever tests a camera, not for each verb
    from kiosk.capture.flatten import SheetSize
    from kiosk.capture.judge import LEAST_PAPER, MOST_BLUR_PX
    from kiosk.capture.page import Refusal, take_page

    page = take_page(pixels, SheetSize.A4)
    if isinstance(page, Refusal):
        yield Told("no_sheet")
        return
    measures = page.measures
    yield Told("light", {"paper": round(measures.paper), "least": round(LEAST_PAPER)})
    yield Told("edges", {"blur": f"{measures.blur_px:.1f}", "most": MOST_BLUR_PX})
    flat = cv2.imdecode(np.frombuffer(page.view_jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    if any(code.text == SHEET_CODE for code in glanced(np.asarray(flat, np.uint8))):
        yield Told("own_sheet", kept=False, picture=page.thumbnail_jpeg)
    else:
        yield Told("other_sheet", kept=False)


def scan_a_sheet(scanner: DocumentScanner, clock: Clock) -> Iterator[Told]:
    """One page from the feeder, or from the glass when the feeder is empty."""
    yield Told("lay_scan", kept=False)
    try:
        pages = list(scanner.scan(ScanJob(source=PaperSource.FEEDER, most_pages=1)))
    except Refused as refused:
        if refused.condition not in (Condition.FEEDER_EMPTY, Condition.BAD_COMMAND):
            raise
        pages = list(scanner.scan(ScanJob(source=PaperSource.FLATBED, most_pages=1)))
    for page in pages:
        width_mm, height_mm = page.size_mm
        facts = {"dpi": page.resolution_dpi, "width_mm": round(width_mm), "height_mm": round(height_mm)}
        yield Told("scanned", facts)


def print_a_slip(printer: ReceiptPrinter, clock: Clock) -> Iterator[Told]:
    """A slip with everything that printers get wrong."""
    sensors = printer.sensors()
    yield Told("paper", {"paper": sensors.paper.value})
    printer.print(
        Slip(
            (
                Text("测试页 TEST", align="center", size=2, bold=True),
                Rule(),
                Pair("0123456789", "左右对齐"),
                Text("一二三四五六七八九十" * 3),
                Text(_HARD),
                Rule(),
                Qr(SHEET_CODE),
                Feed(2),
            )
        )
    )
    yield Told("slip")
    yield Told("paper", {"paper": printer.sensors().paper.value})  # the slip may have been the roll's last


def press_a_key(keypad: Evaluator, clock: Clock) -> Iterator[Told]:
    """One press within the window; told is which level it meant."""
    yield Told("press_key", kept=False)
    keypad.ask(round(PATIENCE_S))
    deadline = clock.after(PATIENCE_S)
    while (press := keypad.pressed()) is None:
        if clock.due(deadline):
            keypad.cancel()
            raise NobodyDid(waited_for="key")
        clock.wait(_POLL_S)
    yield Told("key", {"level": int(press.level)})


def press_keys(keypad: Keypad, clock: Clock) -> Iterator[Told]:
    """A few keys; told is what each means, and of digits only that one was pressed."""
    yield Told("press_keys", {"count": _KEYS_WANTED}, kept=False)
    deadline = clock.after(PATIENCE_S)
    heard = 0
    while heard < _KEYS_WANTED:
        for press in keypad.pressed():
            heard += 1
            yield Told("meant", {"key": press.key.value})
        if clock.due(deadline):
            raise NobodyDid(waited_for="keys")
        clock.wait(_POLL_S)


def plug_headphones(jack: Headphones, clock: Clock) -> Iterator[Told]:
    """In, and out again. Whether the loudspeaker falls silent meanwhile, `voice test` lets be heard."""
    for key, wanted in (("plug_in", True), ("pull_out", False)):
        yield Told(key, kept=False)
        deadline = clock.after(PATIENCE_S)
        while jack.plugged() is not wanted:
            if clock.due(deadline):
                raise NobodyDid(waited_for=key)
            clock.wait(_POLL_S)
        yield Told(f"{key}_seen")


def ask_for_power(ups: Ups, clock: Clock) -> Iterator[Told]:
    """What the supply says; the technician pulls the mains plug and puts it back."""
    power = ups.power()
    yield Told("power", {"flags": " ".join(sorted(power.flags)), "charge": power.charge_percent})
    yield Told("pull_mains", kept=False)
    for key, wanted in (("on_battery", False), ("on_mains", True)):
        deadline = clock.after(PATIENCE_S)
        while ups.power().on_mains is not wanted:
            if clock.due(deadline):
                raise NobodyDid(waited_for=key)
            clock.wait(_POLL_S)
        yield Told(key)


def light_the_lamps(board: Signals, clock: Clock) -> Iterator[Told]:
    """Each lamp for a second, then what the inputs say."""
    lamps = board.capabilities().get("lamps")
    for lamp in lamps if isinstance(lamps, list | tuple) else ():
        board.light(str(lamp), True)
        yield Told("lamp", {"lamp": lamp})
        clock.wait(1.0)
        board.light(str(lamp), False)
    for name, active in board.inputs().items():
        yield Told("input", {"name": name, "active": active})


def print_a_page(printer: PagePrinter, clock: Clock) -> Iterator[Told]:
    """One A4 page, followed until the printer says that it is out."""
    job = printer.submit(test_page(), "test-page")
    deadline = clock.after(_PAGE_S)
    report = printer.follow(job)
    while not report.state.over:
        if clock.due(deadline):
            printer.cancel(job)
            raise TimedOut(waited_for="page")
        clock.wait(_POLL_S)
        report = printer.follow(job)
    yield Told("page", {"state": report.state.value, "sheets": report.sheets_out or "?"})


def test_page() -> bytes:
    """A PDF page: frame, grey steps, sizes of type, the self-test's code. No font is embedded: it prints anywhere."""
    page = FPDF(format="A4")
    page.set_margin(15)
    page.add_page()
    page.rect(10, 10, 190, 277)
    page.set_font("helvetica", "B", 24)
    page.cell(0, 20, "TEST PAGE 0123456789", align="C", new_x="LMARGIN", new_y="NEXT")
    for points in (6, 8, 10, 12, 18):
        page.set_font("helvetica", "", points)
        page.cell(
            0,
            points / 2 + 2,
            f"{points} pt  The quick brown fox jumps over the lazy dog",
            new_x="LMARGIN",
            new_y="NEXT",
        )
    for step in range(11):
        page.set_fill_color(round(255 * step / 10))
        page.rect(15 + 16 * step, 110, 16, 20, style="DF")
    _put_code(page, 85, 150, 40)
    return bytes(page.output())


def _put_code(page: FPDF, left: float, top: float, wide: float) -> None:
    """`SHEET_CODE` as QR with its quiet zone; millimetres."""
    code = qrcode.QRCode(border=4)
    code.add_data(SHEET_CODE)
    rows = code.get_matrix()
    module = wide / len(rows)
    page.set_fill_color(0)
    for down, row in enumerate(rows):
        for right, dark in enumerate(row):
            if dark:
                page.rect(left + right * module, top + down * module, module, module, style="F")


def scan_a_code(scanner: CodeScanner, clock: Clock) -> Iterator[Told]:
    """One code; told are its kind and its length, never its text."""
    yield Told("hold_code", kept=False)
    scanner.arm()
    deadline = clock.after(PATIENCE_S)
    while (code := scanner.scan()) is None:
        if clock.due(deadline):
            scanner.disarm()
            raise NobodyDid(waited_for="code")
        clock.wait(_POLL_S)
    scanner.disarm()
    yield Told("code", {"symbology": code.symbology or "?", "length": len(code.text)})


def read_a_chip_card(reader: ChipCardReader, clock: Clock) -> Iterator[Told]:
    """Any social security card; told is only that it was read."""
    yield Told("lay_chip", kept=False)
    deadline = clock.after(PATIENCE_S)
    while reader.read_card() is None:
        if clock.due(deadline):
            raise NobodyDid(waited_for="chip card")
        clock.wait(_POLL_S)
    yield Told("chip")


def feed_once(dog: Watchdog, clock: Clock) -> Iterator[Told]:
    """Fed once; it is disarmed when the device is closed."""
    dog.feed()
    yield Told("fed", {"timeout_s": dog.capabilities().get("timeout_s", "?")})
    dog.disarm()
