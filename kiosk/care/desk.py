"""The face's own care, on one worker thread: what its process uses, how the machine is; it may ask for a restart."""

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from config.care_settings import Care
from devices.status import Supply
from ground.clock import Clock
from ground.logbook import Event, Logbook
from kiosk.care import timekeeping
from kiosk.care.check import Check, Round
from kiosk.care.guard import Guard
from kiosk.care.supplies import UseBook
from kiosk.care.tree import MACHINE, Tree
from kiosk.health import Health, Status
from kiosk.renewal import Reason

FOLDER = "care"  #: in the data folder
FACE = "face.jsonl"  #: the face's samples
UPLOADER = "uploader.jsonl"
USE = "use.json"
_ROUND_S = 600.0  # chosen: what is found here ages slowly; devices have their own threads
_MINUTE_S = 60.0
#: device → its supply, the name that the book has for it, and the setting that says how much a refill is
_REFILLS = (("receipt_printer", "paper", "slips"), ("page_printer", "paper", "sheets"))
_EMPTY, _FULL = (Supply.OUT, Supply.LOW), Supply.FULL


class CareDesk:
    """Everything that is looked at beside visits. `latest` may be read from any thread."""

    def __init__(
        self,
        folder: Path,
        settings: Care,
        live: Round,
        clock: Clock,
        health: Health,
        logbook: Logbook,
        ask: Callable[[Reason], None],
        clock_is_right: Callable[[], bool],
        book: UseBook,
        tree: Tree = MACHINE,
    ) -> None:
        """`folder`: where care remembers. `ask`: for a restart. `clock_is_right`: whether that is known just now."""
        self._folder, self._settings, self._round = folder, settings, live
        self._clock, self._health, self._logbook = clock, health, logbook
        self._clock_is_right = clock_is_right
        self._guard = Guard(folder / FACE, settings, clock, logbook, ask, tree)
        self.book = book
        self._lock = threading.Lock()
        self._latest: tuple[Check, ...] = ()
        self._round_at = self._supplies_at = clock.instant()
        self._levels: dict[str, Supply] = {}

    @property
    def latest(self) -> tuple[Check, ...]:
        """The last round; empty before there was one."""
        with self._lock:
            return self._latest

    def look(self) -> str:
        """Whatever is due; how many things are not well."""
        self._guard.look()
        if self._clock.due(self._supplies_at):
            self._supplies_at = self._clock.after(_MINUTE_S)
            with suppress(OSError):  # a forecast is not worth a fault; the disk has checks of its own
                self._watch_supplies()
        if self._clock.due(self._round_at):
            self._round_at = self._clock.after(_ROUND_S)
            self.go_round()
        wrong = sum(not check.ok for check in self.latest)
        return f"{len(self.latest)} checks, {wrong} not well"

    def go_round(self) -> tuple[Check, ...]:
        """Look at everything that may be looked at beside a visit, now."""
        checks = tuple(self._round.checks(live=True))
        with self._lock:
            before, self._latest = {check.name: check for check in self._latest}, checks
        for check in checks:
            known = before.get(check.name)
            if (known is None and not check.ok) or (known is not None and known.code != check.code):
                self._logbook.write(Event.CHECK_CHANGED, check=check.name, ok=check.ok, code=check.code)
        self._tell_board(checks)
        with suppress(OSError):
            if self._clock_is_right():
                timekeeping.note_good(self._folder, self._clock.now())
        return checks

    def _tell_board(self, checks: tuple[Check, ...]) -> None:
        """The machine's own faults go to the health board, and so to the platform; the others are there already."""
        for check in checks:
            known = self._health.of(check.name)
            if check.code.startswith("M") or (known is not None and known.code.startswith("M")):
                self._health.note(check.name, ok=check.ok, code=check.code, value=check.value)

    def _watch_supplies(self) -> None:
        """A printer that was short of paper and is full again was refilled."""
        holds: Mapping[str, int] = {
            "slips": self._settings.slips_per_roll,
            "sheets": self._settings.sheets_per_fill,
        }
        for device, supply, name in _REFILLS:
            level = _level(self._health.of(device), supply)
            before = self._levels.get(name)
            if level is _FULL and before in _EMPTY:
                self.book.refilled(name, holds[name], self._clock.now())
                self._logbook.write(Event.SUPPLY_REFILLED, supply=name, holds=holds[name], by="printer")
            if level is not None:
                self._levels[name] = level
        printer = self._health.of("page_printer")
        percent = None if printer is None else printer.readings.get("toner_percent")
        if isinstance(percent, int) and not isinstance(percent, bool):
            self.book.level("toner", percent, self._clock.now())


def _level(part: Status | None, supply: str) -> Supply | None:
    level = None if part is None or not part.supplies else part.supplies.get(supply)
    return None if level is Supply.UNKNOWN else level
