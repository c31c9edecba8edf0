"""The stick that a visit looks into: what is on it, its small pictures one by one, and the file that she chose."""

from collections.abc import Callable
from typing import Final

from kiosk.capture.flatten import SheetSize
from kiosk.capture.origin import Way
from kiosk.capture.unreadable import Unreadable
from kiosk.intake.making import PageMaker
from kiosk.intake.stick import Stick, StickError, StickFile
from kiosk.journey import events as ev
from kiosk.workers import Look, Worker

_LOOK_EVERY_S: Final = 0.5  # how soon it is noticed that the stick was pulled out
_LIST_DEADLINE_S: Final = 30.0  # an old stick of 5,000 names
_READ_DEADLINE_S: Final = 60.0  # 20 MB at 1 MB/s
STICK_IN: Final = "in"
STICK_ERRORS: Final = (StickError, OSError)


def look_for(stick: Stick) -> Look:
    """What the health board says: whether a stick is in. Told in words, because "" would leave what stood there."""
    mount = stick.mount()
    return Look("out" if mount is None else STICK_IN)


class StickDesk:
    """Looks into the stick while a visit asks for it. Called from the main thread."""

    def __init__(self, stick: Worker[Stick], maker: PageMaker, post: Callable[[ev.WorldEvent], None]) -> None:
        self._stick, self._maker, self._post = stick, maker, post
        self._wanted = 0

    def open(self, ticket: int) -> None:
        """Posts `StickSeen` now and each time that a stick comes or goes, and `FilePictured` for each file."""
        self.close()
        self._wanted = ticket
        watched = _Watched(self, ticket)
        self._stick.watch(watched.look, watched.failed, _LOOK_EVERY_S, _LIST_DEADLINE_S)

    def read(self, ticket: int, file: StickFile, size: SheetSize, most: int) -> None:
        """Pages of that file, at most `most`: `PageTaken`, `PagesScanned` or `PageFailed`."""

        def do(stick: Stick) -> None:
            try:
                data = stick.read(file)
            except Unreadable as error:
                self._post(ev.PageFailed(ticket, error.code))
                return
            if self._wanted:
                self._maker.make(ticket, data, size, Way.STICK, most, _nothing)

        self._stick.ask(do, lambda code: self._post(ev.PageFailed(ticket, code)), _READ_DEADLINE_S)

    def close(self) -> None:
        """Nobody looks any more."""
        self._wanted = 0
        self._stick.unwatch()
        self._stick.drop_jobs()

    # --- on the stick's thread ---

    def list(self, ticket: int, stick: Stick) -> None:
        """What is on offer, and then its pictures, one after the other."""
        files = stick.files()
        if self._wanted != ticket:
            return
        self._post(ev.StickSeen(ticket, "in", files))
        self._picture(ticket, files, 0)

    def gone(self, ticket: int) -> None:
        """No stick is in."""
        if self._wanted == ticket:
            self._post(ev.StickSeen(ticket, "out"))

    def failed(self, ticket: int, code: str) -> None:
        """It cannot be read."""
        if self._wanted == ticket:
            self._post(ev.StickSeen(ticket, "out", code=code))

    def _picture(self, ticket: int, files: tuple[StickFile, ...], at: int) -> None:
        """Read file `at`, make its picture, go on with the next: never more than one in memory."""
        if at >= len(files) or self._wanted != ticket:
            return
        file = files[at]

        def done(picture: bytes, code: str) -> None:
            if self._wanted == ticket:
                self._post(ev.FilePictured(ticket, file.number, picture, code))
                self._picture(ticket, files, at + 1)

        def read(stick: Stick) -> None:
            try:
                data = stick.read(file)
            except Unreadable as error:
                done(b"", error.code)
                return
            self._maker.look_at(data, done)

        self._stick.ask(read, lambda code: None, _READ_DEADLINE_S)


class _Watched:
    """Which stick was seen last. Lives on the stick's thread."""

    def __init__(self, desk: StickDesk, ticket: int) -> None:
        self._desk, self._ticket, self._seen = desk, ticket, "never looked"

    def look(self, stick: Stick) -> None:
        """Tell of a stick that came or went."""
        mount = stick.mount()
        now = "" if mount is None else mount.number
        if now == self._seen:
            return
        self._seen = now
        if mount is None:
            self._desk.gone(self._ticket)
        else:
            self._desk.list(self._ticket, stick)

    def failed(self, code: str) -> None:
        """It was pulled out in mid-reading, or is not mounted as it must be."""
        if code:
            self._desk.failed(self._ticket, code)


def _nothing() -> None:
    """Nobody waits for it."""
