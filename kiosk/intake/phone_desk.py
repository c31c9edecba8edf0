"""A slot that waits for the citizen's phone: asks the platform for a code, and takes over what arrives.

Everything that talks to the platform runs on the platform thread; pages are made on the capture thread, one picture at
a time, so that a visit never holds more than one undeveloped picture. Nothing touches the disk.
"""

import threading
from collections.abc import Callable
from typing import Final

from kiosk.capture.flatten import SheetSize
from kiosk.capture.origin import Way
from kiosk.intake.making import PageMaker
from kiosk.journey import events as ev
from kiosk.workers import Worker
from offline_cache.errors import Garbled
from offline_cache.platform import Platform

_LOOK_EVERY_S: Final = (
    1.0  # she looks up from her phone; a second is soon enough, and sixty questions a minute are few
)
_BEGIN_DEADLINE_S: Final = 90.0  # the platform's own time-outs end sooner
_LOOK_DEADLINE_S: Final = 240.0  # 20 MB over a link of 1 Mbit/s


class PhoneDesk:
    """The phone upload of a visit. `open` and `close` are called from the main thread."""

    def __init__(
        self,
        platform: Worker[Platform],
        maker: PageMaker,
        post: Callable[[ev.WorldEvent], None],
        minutes: int,
    ) -> None:
        """`minutes`: how long a code shall live."""
        self._platform, self._maker, self._post, self._minutes = platform, maker, post, minutes
        self._lock = threading.Lock()
        self._wanted = 0  #: the ticket of the slot that waits; 0: none does
        self._upload_id = ""

    def open(self, ticket: int, label: str, size: SheetSize, most: int) -> None:
        """Wait for at most `most` pages. Posts `PhoneReady`, `PhoneOpened`, `PhoneArrived`, pages, `PhoneOver`."""
        self.close()
        self._wanted = ticket

        def begin(platform: Platform) -> None:
            if self._wanted != ticket:
                return
            begun = platform.phones.begin(label, most, self._minutes)
            with self._lock:
                wanted = self._wanted == ticket
                if wanted:
                    self._upload_id = begun.upload_id
                    waiting = _Waiting(self, ticket, begun.upload_id, size, most)
                    self._platform.watch(waiting.look, _not_now, _LOOK_EVERY_S, _LOOK_DEADLINE_S)
            if wanted:
                self._post(ev.PhoneReady(ticket, begun.url, float(begun.lasts_s)))
            else:
                platform.phones.end(begun.upload_id)

        def failed(code: str) -> None:
            self._post(ev.PhoneOver(ticket, code))

        self._platform.ask(begin, failed, _BEGIN_DEADLINE_S)

    def close(self) -> None:
        """Nobody waits any more: the code is void, and whatever was sent and not taken over is forgotten."""
        with self._lock:
            self._wanted, upload_id, self._upload_id = 0, self._upload_id, ""
            self._platform.unwatch()
        self._platform.drop_jobs()
        if upload_id:
            self._platform.ask(lambda platform: platform.phones.end(upload_id), _not_now, _BEGIN_DEADLINE_S)

    # --- for `_Waiting`, on the platform thread ---

    def wants(self, ticket: int) -> bool:
        """Whether that slot still waits."""
        return self._wanted == ticket

    def told(self, event: ev.WorldEvent) -> None:
        """Something happened there."""
        self._post(event)

    def make(self, ticket: int, data: bytes, size: SheetSize, most: int, done: Callable[[], None]) -> None:
        """Pages of what came, on the capture thread."""
        self._maker.make(ticket, data, size, Way.PHONE, most, done)

    def over(self, ticket: int) -> None:
        """No more can come."""
        with self._lock:
            if self._wanted != ticket:
                return
            self._platform.unwatch()
            self._upload_id = ""
        self._post(ev.PhoneOver(ticket, ""))


class _Waiting:
    """What was seen so far of one upload. Lives on the platform thread."""

    def __init__(self, desk: PhoneDesk, ticket: int, upload_id: str, size: SheetSize, most: int) -> None:
        self._desk, self._ticket, self._upload_id = desk, ticket, upload_id
        self._size, self._most = size, most
        self._opened, self._arrived = False, 0
        self._here: set[int] = set()  #: pictures that were fetched; the platform may not know it yet
        self._making = threading.Event()

    def look(self, platform: Platform) -> None:
        """How far it is; one picture is taken over at a time. A broken link is asked again."""
        try:
            state = platform.phones.look(self._upload_id)
        except Garbled as error:
            if error.facts.get("status") != 404:
                raise
            self._desk.over(self._ticket)  # the platform was started anew, or has forgotten it
            return
        if not self._desk.wants(self._ticket):
            return
        if state.state != "waiting" and not self._opened:
            self._opened = True
            self._desk.told(ev.PhoneOpened(self._ticket))
        if state.arrived > self._arrived:
            self._arrived = state.arrived
            self._desk.told(ev.PhoneArrived(self._ticket, state.arrived))
        for page in state.pages:
            self._take_over(platform, page.n)
        if state.state == "over" and not state.pages and not self._making.is_set():
            self._desk.over(self._ticket)

    def _take_over(self, platform: Platform, number: int) -> None:
        if number not in self._here:
            if self._making.is_set():
                return  # the next look comes soon
            data = platform.phones.picture(self._upload_id, number)
            if not self._desk.wants(self._ticket):
                return
            self._here.add(number)
            self._making.set()
            self._desk.make(self._ticket, data, self._size, self._most, self._making.clear)
        platform.phones.taken(self._upload_id, number)


def _not_now(code: str) -> None:
    """The link is down for a moment: the screen says so elsewhere, and the next look may go through."""
