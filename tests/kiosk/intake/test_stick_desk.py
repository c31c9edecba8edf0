"""A stick comes, is looked into, gives a file, and is pulled out: real threads, a folder that plays the slot."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import pytest

from kiosk.capture.flatten import SheetSize
from kiosk.capture.origin import Way
from kiosk.intake.stick_desk import STICK_ERRORS, STICK_IN, StickDesk, look_for
from kiosk.journey import events as ev
from tests.kiosk.intake.brought_files import PROGRAM, jpeg, photographed
from tests.kiosk.intake.desks_of_intake import Inbox, Threads
from tests.kiosk.intake.test_stick import Slot

SMALL = jpeg(cv2.resize(photographed(), (640, 480), interpolation=cv2.INTER_AREA))


class Terminal:
    """A stick desk on real threads."""

    def __init__(self, folder: Path) -> None:
        self.slot, self.inbox, self.threads = Slot(folder), Inbox(), Threads()
        self.worker = self.threads.worker(
            "stick",
            start=self.slot.stick,
            stop=lambda _: None,
            check=look_for,
            check_every_s=0.1,
            errors=STICK_ERRORS,
            refusals=STICK_ERRORS,
        )
        self.desk = StickDesk(self.worker, self.threads.maker(self.inbox.post), self.inbox.post)

    def seen(self, met: Any) -> Any:
        """Wait for a `StickSeen` that is as wanted."""
        return self.inbox.until(
            lambda: next((e for e in self.inbox.events if isinstance(e, ev.StickSeen) and met(e)), None)
        )


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    made = Terminal(tmp_path)
    made.threads.begin()
    yield made
    made.threads.end()


def test_from_the_stick_to_the_page(terminal: Terminal) -> None:
    (terminal.slot.root / "a.jpg").write_bytes(SMALL)
    (terminal.slot.root / "cut.jpg").write_bytes(SMALL[:3000])
    (terminal.slot.root / "virus.jpg").write_bytes(PROGRAM)
    terminal.desk.open(1)
    files = terminal.seen(lambda e: e.stick == "in").files
    assert {file.parts[0] for file in files} == {"a.jpg", "cut.jpg"}
    pictured = [terminal.inbox.first(ev.FilePictured, count) for count in (1, 2)]
    codes = {files[event.number - 1].parts[0]: event.code for event in pictured}
    assert codes == {"a.jpg": "", "cut.jpg": "F103"}
    good = next(file for file in files if file.parts == ("a.jpg",))
    terminal.desk.read(2, good, SheetSize.CARD, 1)
    taken = terminal.inbox.first(ev.PageTaken)
    assert taken.ticket == 2 and taken.page.origin.way is Way.STICK


def test_pulled_out_and_put_in_again(terminal: Terminal) -> None:
    (terminal.slot.root / "a.jpg").write_bytes(SMALL)
    terminal.desk.open(1)
    files = terminal.seen(lambda e: e.stick == "in").files
    terminal.slot.pull_out()
    terminal.seen(lambda e: e.stick == "out")
    terminal.desk.read(2, files[0], SheetSize.CARD, 1)
    assert terminal.inbox.first(ev.PageFailed) == ev.PageFailed(2, "F132")
    terminal.slot.put_in(number=90)
    terminal.inbox.until(
        lambda: (
            len([e for e in terminal.inbox.events if isinstance(e, ev.StickSeen) and e.stick == "in"]) == 2
        )
    )


def test_one_that_is_mounted_with_programs_is_refused(terminal: Terminal) -> None:
    terminal.slot.put_in("rw,nosuid,nodev")
    terminal.desk.open(1)
    assert terminal.seen(lambda e: e.code).code == "F133"


def test_the_board_says_whether_one_is_in(terminal: Terminal) -> None:
    def value() -> str:
        part = terminal.threads.health.of("stick")
        return part.value if part is not None and part.ok else ""

    terminal.inbox.until(lambda: value() == STICK_IN)
    terminal.slot.pull_out()
    terminal.inbox.until(lambda: value() == "out")


def test_after_closing_nothing_is_told(terminal: Terminal) -> None:
    terminal.desk.open(1)
    terminal.seen(lambda e: e.stick == "in")
    terminal.desk.close()
    told = len(terminal.inbox.events)
    terminal.slot.pull_out()
    terminal.desk.open(2)
    assert terminal.seen(lambda e: e.ticket == 2).stick == "out"
    assert all(event.ticket == 2 for event in terminal.inbox.events[told:])
