"""From a closed port to a security module that has said its name: finding the speed, changing it.

Source: shared protocol notes, id_card_reader.md §1.1 (the makers' recipe: at each of five speeds ask for the
status, keep the first that answers), §3 (the answer to a change comes at the old speed), §7.1.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from devices.errors import DeviceError, Garbled, TimedOut
from devices.id_card.sdt_frames import SAM_ID, SET_BAUD, STATUS, Sw3, parse_sam_id, set_max_rf_bytes
from devices.id_card.sdt_line import SdtLine
from devices.id_card.sdt_verdict import accept
from devices.wire import Wire
from ground.clock import Clock

SPEEDS = (115200, 57600, 38400, 19200, 9600)  # §1.1, the usual one first
_KNOCK_S = 1.0  # §2: the status is waited for 1000 ms; five speeds make five seconds of a dead reader


@dataclass(frozen=True, slots=True)
class Connection:
    """A module that has answered."""

    wire: Wire
    line: SdtLine
    baud: int  #: the speed at which it answered
    sam_id: str


class Connector:
    """Opens connections to one reader."""

    def __init__(self, open_at: Callable[[int], Wire], clock: Clock, patience_s: float) -> None:
        """`open_at` opens the port at a speed; `patience_s` is how long the module may think about its status."""
        self._open_at = open_at
        self._clock = clock
        self._patience_s = patience_s

    def first_that_answers(self, speeds: Sequence[int]) -> Connection:
        """The connection at the first of `speeds` at which a module answers.

        One that refuses has answered. Raises `Refused`, `Unreachable`, or what was wrong at the last speed.
        """
        *others, last = speeds
        for baud in others:
            with suppress(TimedOut, Garbled):
                return self._at(baud, min(_KNOCK_S, self._patience_s))
        return self._at(last, min(_KNOCK_S, self._patience_s) if others else self._patience_s)

    def changed_to(self, baud: int, connection: Connection) -> Connection:
        """`connection` at `baud`, or as it was where the module will not change. Raises `DeviceError`."""
        if connection.baud == baud:
            return connection
        with suppress(TimedOut, Garbled):  # then nobody knows, and both speeds are tried
            if connection.line.ask(SET_BAUD[baud], self._patience_s).sw3 != Sw3.OK:
                return connection
        connection.wire.close()
        return self.first_that_answers((baud, connection.baud))

    def limit_radio(self, count: int, connection: Connection) -> None:
        """Set the radio block to `count` bytes. A module that does not know this is none the worse (§3)."""
        with suppress(TimedOut, Garbled):
            connection.line.ask(set_max_rf_bytes(count), self._patience_s)

    def _at(self, baud: int, patience_s: float) -> Connection:
        wire = self._open_at(baud)
        try:
            line = SdtLine(wire, self._clock, baud, self._patience_s)
            accept(STATUS, line.greet(STATUS, patience_s))
            answer = line.greet(SAM_ID, patience_s)
            accept(SAM_ID, answer)
            return Connection(wire, line, baud, parse_sam_id(answer.body))
        except DeviceError:
            wire.close()
            raise
