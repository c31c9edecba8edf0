"""Pages that her phone or her USB stick brings: what happens on entering these states and at their events.

A page that arrives is looked at like a photographed one. What comes meanwhile waits for its turn.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from ground.clock import Clock
from kiosk.capture.flatten import SheetSize
from kiosk.capture.judge import Verdict
from kiosk.capture.page import Page
from kiosk.intake.stick import StickFile
from kiosk.journey.brought import Brought
from kiosk.journey.delays import Delays
from kiosk.journey.events import StickState
from kiosk.journey.guards import Guards
from kiosk.journey.patience import Patience
from kiosk.journey.surroundings import Surroundings
from kiosk.stage import Stage

#: how much longer than its code the phone is waited for: the last picture may just be taken over. Chosen
_TAKING_OVER_S = 15.0


class Intake(Guards):
    """The part of a visit that deals with phone and stick. `state` is set by the chart."""

    state: str
    timer: tuple[float, str] | None
    awaited: dict[str, int]
    patience: Patience
    _stage: Stage
    _clock: Clock
    _delays: Delays
    _surroundings: Callable[[], Surroundings]

    def _ticket(self, what: str) -> int:
        raise TypeError("a visit gives out the tickets")

    def _after(self, seconds: float, trigger: str) -> None:
        raise TypeError("a visit keeps the timer")

    def _wait_for_platform(self, seconds: float = 0.0, late: str = "") -> None:
        raise TypeError("a visit keeps the timer")

    def _size(self) -> SheetSize:
        return SheetSize(self.record.material().size)

    # --- phone ---

    def on_enter_phone(self, source: Any) -> None:
        """Ask for a code, unless one still lives: she comes back from looking at a page."""
        brought = self.record.brought
        left_s = (brought.ends - self._clock.now()).total_seconds() if brought.ends else 0.0
        if source.id == "check_page" and not brought.over and left_s > 0:
            self._after(left_s + _TAKING_OVER_S, "phone_over")
            self._wait_longer(left_s)
        else:
            self._ask_for_code()

    def _ask_for_code(self) -> None:
        record = self.record
        record.brought, record.trouble = Brought(way="phone"), ""
        ticket = self._ticket("phone")
        self.awaited["page"] = ticket
        self._wait_for_platform()
        self._stage.open_phone(ticket, record.material().name, self._size(), self._room())

    def on_phone_ready(self, url: str, lasts_s: float) -> None:
        brought = self.record.brought
        brought.url, brought.ends = url, self._clock.now() + timedelta(seconds=lasts_s)
        if self.state == "phone":
            self._after(lasts_s + _TAKING_OVER_S, "phone_over")
            self._wait_longer(lasts_s)

    def _wait_longer(self, lasts_s: float) -> None:
        """She does not touch this glass while she photographs; but nobody is waited for once the code is void."""
        self.patience.start(max(self._delays.patience_s, lasts_s))

    def on_phone_opened(self) -> None:
        self.record.brought.opened = True
        self.patience.touch()

    def on_phone_arrived(self, count: int) -> None:
        self.record.brought.arrived, self.record.trouble = count, ""
        self.patience.touch()

    def on_phone_over(self, code: str = "") -> None:
        """The time is over, or the way to the platform is: the usual patience again, and a button for a new code."""
        brought = self.record.brought
        brought.over, brought.url, self.timer = True, "", None
        self.record.trouble = code
        self._stage.close_phone()
        if self.state == "phone":
            self.patience.start(self._delays.patience_s)

    def on_exit_phone(self, target: Any) -> None:
        if target.id != "phone":
            self.patience.start(self._delays.patience_s)
        if target.id not in ("phone", "check_page"):
            self._put_away()

    # --- stick ---

    def on_enter_stick(self, source: Any) -> None:
        """Look what is on it, unless she comes back from looking at a page."""
        record = self.record
        record.taking, record.trouble = False, ""
        if source.id == "check_page" and record.brought.way == "stick":
            return
        record.brought = Brought(way="stick")
        self._stage.open_stick(self._ticket("stick"))

    def on_stick_seen(self, stick: StickState, files: tuple[StickFile, ...], code: str) -> None:
        brought = self.record.brought
        brought.stick, brought.files = stick, files
        brought.pictures, brought.unreadable = {}, {}
        self.record.trouble = code

    def on_file_pictured(self, number: int, picture: bytes, code: str) -> None:
        if code:
            self.record.brought.unreadable[number] = code
        else:
            self.record.brought.pictures[number] = picture

    def on_choose_file(self, number: int) -> None:
        record, room = self.record, self._room()
        file = next((one for one in record.brought.files if one.number == number), None)
        if file is None or record.taking or room <= 0 or number in record.brought.unreadable:
            return
        record.taking, record.trouble = True, ""
        self._stage.read_stick(self._ticket("page"), file, self._size(), room)

    def on_exit_stick(self, target: Any) -> None:
        if target.id not in ("stick", "check_page"):
            self._put_away()

    # --- both ---

    def noticed(self, page: Page) -> Page:
        """The page that came; one that is brought although it was kept before is marked, like a photographed one.

        Asked here and not where it was made: what she kept meanwhile counts, what she sent back does not.
        """
        brought = self.record.brought
        if not brought.way:
            return page
        brought.made += 1
        self.record.taking = False
        known = Verdict.DUPLICATE in page.verdicts or not self.record.seen().knows(page.fingerprint)
        return page if known else replace(page, verdicts=(*page.verdicts, Verdict.DUPLICATE))

    def on_enter_check_page(self) -> None:
        """The page that was taken, or the next one that waits."""
        record = self.record
        if record.pending is None:
            record.pending = record.brought.waiting.pop(0)

    def looked_at(self, target: Any) -> None:
        """She decided about a page."""
        if self.record.brought.way and target.id not in ("phone", "stick", "check_page"):
            self._put_away()

    def _put_away(self) -> None:
        """Pages come by another way now, or the visit ends: what is still there is let go of."""
        way, self.record.brought = self.record.brought.way, Brought()
        for what in ("phone", "stick", "page"):
            self.awaited.pop(what, None)
        if way == "phone":
            self._stage.close_phone()
        elif way == "stick":
            self._stage.close_stick()
