"""What each kind of device does in a test. Nothing of what it reads leaves this file but that it was read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import cv2

from devices.document_camera import DocumentCamera
from devices.document_scanner import DocumentScanner, PaperSource, ScanJob
from devices.errors import Condition, Refused, TimedOut
from devices.evaluator import Evaluator
from devices.id_card import IdCardReader
from devices.receipt_printer import Feed, Pair, Qr, ReceiptPrinter, Rule, Slip, Text
from devices.ups import Ups
from ground.clock import Clock

PATIENCE_S: Final = 30.0  #: for a person to lay, press or hold something
_POLL_S: Final = 0.3
#: characters that printers get wrong: rare names, four-byte GB18030, full-width signs, the yuan
_HARD: Final = "㐂𠮷䶮〇，。《》￥¥é"


@dataclass(frozen=True, slots=True)
class Told:
    """A line for the technician: words key under `trial.`, and its facts. `kept`: also for the report."""

    key: str
    facts: dict[str, Any] = field(default_factory=dict)
    kept: bool = True


def read_a_card(reader: IdCardReader, clock: Clock) -> Iterator[Told]:
    """Any card; told is only its kind and whether the photo came along."""
    yield Told("lay_card", kept=False)
    deadline = clock.after(PATIENCE_S)
    while (card := reader.read_card()) is None:
        if clock.due(deadline):
            raise TimedOut(waited_for="card")
        clock.wait(_POLL_S)
    yield Told("card", {"kind": card.kind.value, "photo_bytes": len(card.photo)})


def take_a_picture(camera: DocumentCamera, clock: Clock) -> Iterator[Told]:
    """A preview and a still; told are size and sharpness."""
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
                Qr("TEST-0000"),
                Feed(2),
            )
        )
    )
    yield Told("slip")


def press_a_key(keypad: Evaluator, clock: Clock) -> Iterator[Told]:
    """One press within the window; told is which level it meant."""
    yield Told("press_key", kept=False)
    keypad.ask(round(PATIENCE_S))
    deadline = clock.after(PATIENCE_S)
    while (press := keypad.pressed()) is None:
        if clock.due(deadline):
            keypad.cancel()
            raise TimedOut(waited_for="key")
        clock.wait(_POLL_S)
    yield Told("key", {"level": int(press.level)})


def ask_for_power(ups: Ups, clock: Clock) -> Iterator[Told]:
    """What the supply says; the technician pulls the mains plug and puts it back."""
    power = ups.power()
    yield Told("power", {"flags": " ".join(sorted(power.flags)), "charge": power.charge_percent})
    yield Told("pull_mains", kept=False)
    for key, wanted in (("on_battery", False), ("on_mains", True)):
        deadline = clock.after(PATIENCE_S)
        while ups.power().on_mains is not wanted:
            if clock.due(deadline):
                raise TimedOut(waited_for=key)
            clock.wait(_POLL_S)
        yield Told(key)
