"""One slip on its way through an ESC/POS printer: batches, looks between them, and how its end is known.

Source: shared protocol notes, receipt_printer.md; section numbers below refer to it.
"""

from collections.abc import Callable, Sequence
from typing import Final

from devices.errors import Condition, Refused, TimedOut
from devices.receipt_printer import Sensors
from devices.receipt_printer.escpos_line import PrinterLine
from devices.receipt_printer.escpos_settings import EscposSettings
from devices.receipt_printer.escpos_slip import travel_dots
from ground.clock import Clock

_END_MARKER = b"\x1dr\x01"  # GS r 1 is worked off in its turn, so its answer ends the job (§2, §6)
_POLL_S = 0.25  # between two looks at a printer that is printing; chosen
_BATCH_BYTES = 1024  # sent between two looks; a quarter of the smallest buffer in use, 4 kB
_DOTS_PER_MM = 8  # 203 dpi
_KNIFE_S = 1.0  # for the cut itself; chosen, knives take 0.3 to 0.6 s
_WELL_LOOKS = 2  # in a row, before a printer without an end marker counts as idle

STOPS_BEFORE: Final = (
    Condition.COVER_OPEN,
    Condition.PAPER_OUT,
    Condition.PAPER_JAM,
    Condition.CUTTER,
    Condition.UNRECOVERABLE,
    Condition.OVERHEATED,
    Condition.OFFLINE,
)
# a head that is hot cools down, and "offline" alone may last a moment: these end a slip only by its deadline
_STOPS_DURING: Final = STOPS_BEFORE[:5]


def refuse(sensors: Sensors, stops: tuple[Condition, ...] = STOPS_BEFORE) -> None:
    """Raise the first of `stops` that holds."""
    for condition in sensors.conditions:
        if condition in stops:
            raise Refused(condition)


class Run:
    """Sends one job and waits until it is out. Raises what stopped it."""

    def __init__(
        self, line: PrinterLine, settings: EscposSettings, clock: Clock, sensors: Callable[[], Sensors]
    ) -> None:
        self._line, self._settings, self._clock, self._sensors = line, settings, clock, sensors
        self._deadline = clock.after(settings.job_timeout_s)

    def send(self, job: Sequence[bytes]) -> None:
        """Send `job`, each piece whole, with a look at the printer after every kilobyte."""
        line, sent = self._line, 0
        for piece in job:
            line.send(piece)
            sent += len(piece)
            if sent >= _BATCH_BYTES:
                sent = 0
                self._watch()
            while line.stopped:
                self._watch()
                if not line.wait_for_go(_POLL_S) and self._clock.due(self._deadline):
                    self._give_up("XON")

    def await_end(self, job: Sequence[bytes]) -> None:
        """Return when `job`, which was sent, is out."""
        if self._settings.end == "gs_r":
            self._await_marker()
            return
        travel_s = travel_dots(job) / _DOTS_PER_MM / self._settings.paper_mm_s + _KNIFE_S
        if self._settings.end == "idle":
            self._await_idle(travel_s)
        else:
            self._clock.wait(travel_s)

    def _await_marker(self) -> None:
        self._line.send_marker(_END_MARKER)
        while not self._line.marker(_POLL_S):
            self._watch()
            if self._clock.due(self._deadline):
                self._give_up("GS r 1")

    def _await_idle(self, travel_s: float) -> None:
        """Time counts only while the printer says that it is on line: a hot head prints nothing."""
        left, well = travel_s, 0
        while left > 0 or well < _WELL_LOOKS:
            before = self._clock.instant()
            self._clock.wait(_POLL_S)
            well = well + 1 if self._watch().online else 0
            if well:
                left -= self._clock.instant() - before
            if self._clock.due(self._deadline) and not well:
                self._give_up("idle")

    def _watch(self) -> Sensors:
        """Look at a printer at work. Raises what stopped it, and `TimedOut` once it was silent too long."""
        now = self._sensors()
        refuse(now, _STOPS_DURING)
        silent_s = self._clock.instant() - self._line.heard_at
        if self._settings.answers and now.online is None and silent_s > self._settings.silence_s:
            raise TimedOut(url=self._settings.url, asked="status while printing")
        return now

    def _give_up(self, waiting_for: str) -> None:
        refuse(self._sensors())
        raise TimedOut(url=self._settings.url, asked=waiting_for)
