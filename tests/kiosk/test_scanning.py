"""Sheets through the document scanner: the real driver, Debian's scanimage, a scanner on the network."""

import queue
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from devices.document_scanner import DocumentScanner
from devices.document_scanner.sane import SaneScanner, SaneSettings
from devices.emulators.sane import ScannerEmulator
from devices.errors import DeviceError, Refused
from ground.clock import RealClock
from ground.logbook import MemoryLogbook
from kiosk.capture.flatten import SheetSize
from kiosk.health import Health
from kiosk.journey import events as ev
from kiosk.scanning import ScanDesk
from kiosk.workers import Worker

LONG_S = 60.0  # for a slow, busy machine
CLOCK = RealClock()


class ScanRoom:
    """A scanner, the workers around it, and what was posted."""

    def __init__(self) -> None:
        self.emulator = ScannerEmulator(CLOCK)
        self.emulator.start()
        self.posted: queue.SimpleQueue[Any] = queue.SimpleQueue()
        settings = SaneSettings.model_validate({
            "url": self.emulator.url,
            "sane_config_dir": self.emulator.sane_config_dir,
            "open_timeout_s": LONG_S,
            "page_timeout_s": LONG_S,
        })  # fmt: skip

        def start() -> DocumentScanner:
            device = SaneScanner(settings, CLOCK)
            device.open()
            return device

        self.scanner: Worker[DocumentScanner] = self._worker(
            "document_scanner",
            start=start,
            stop=lambda device: device.close(),
            errors=(DeviceError,),
            refusals=(Refused,),
        )
        self.pages: Worker[object] = self._worker("pages", start=object, stop=lambda _: None, errors=())
        self.desk = ScanDesk(self.scanner, self.pages, self.posted.put)
        self.scanner.begin()
        self.pages.begin()

    @staticmethod
    def _worker(name: str, **ways: Any) -> Any:
        return Worker(name, clock=CLOCK, health=Health(CLOCK), logbook=MemoryLogbook(), **ways)

    def settled(self) -> None:
        """Wait until the scanner and the image work have done all that they were asked before."""
        for worker in (self.scanner, self.pages):
            done = threading.Event()
            _tell(worker, done)
            assert done.wait(LONG_S)

    def end(self) -> None:
        self.scanner.end(LONG_S)
        self.pages.end(LONG_S)
        self.emulator.close()


def _tell(worker: Worker[Any], done: threading.Event) -> None:
    worker.ask(lambda _: done.set(), lambda code: done.set(), LONG_S)


@pytest.fixture
def room() -> Iterator[ScanRoom]:
    room = ScanRoom()
    yield room
    room.end()


def test_all_sheets_become_pages_in_their_order(room: ScanRoom) -> None:
    room.emulator.feeder = ["lease-1", "deed"]
    room.desk.scan_in(7, SheetSize.A4, 10)
    said = room.posted.get(timeout=LONG_S)
    assert isinstance(said, ev.PagesScanned) and said.ticket == 7
    assert len(said.pages) == 2 and said.code == ""


def test_a_jam_keeps_the_pages_that_came_and_says_why_it_stopped(room: ScanRoom) -> None:
    room.emulator.feeder = ["lease-1", "deed", "deed"]
    room.emulator.jam_at = 2
    room.desk.scan_in(7, SheetSize.A4, 10)
    said = room.posted.get(timeout=LONG_S)
    assert isinstance(said, ev.PagesScanned) and len(said.pages) == 1
    assert said.code == "condition.paper_jam"


def test_she_leaves_while_sheets_are_drawn_in(room: ScanRoom) -> None:
    room.emulator.feeder = ["deed"] * 50
    room.desk.scan_in(7, SheetSize.A4, 50)
    while len(room.emulator.feeder) == 50:  # pytest's own timeout is the limit
        CLOCK.wait(0.01)
    room.emulator.page_s = 5.0
    room.desk.give_up()
    room.settled()
    left = len(room.emulator.feeder)
    assert left > 40, "the sheets stay hers"
    assert room.posted.empty(), "her pages are dropped"


def test_the_next_citizen_scans_as_if_nobody_had_left(room: ScanRoom) -> None:
    room.desk.scan_in(7, SheetSize.A4, 10)
    room.desk.give_up()
    room.settled()
    while not room.posted.empty():
        room.posted.get()
    room.emulator.feeder = ["deed"]
    room.desk.scan_in(8, SheetSize.A4, 10)
    said = room.posted.get(timeout=LONG_S)
    assert isinstance(said, ev.PagesScanned) and said.ticket == 8 and len(said.pages) == 1
