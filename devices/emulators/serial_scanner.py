"""A code scanner on a serial line: sees what lies under it and sends it, once, on command, or on and on.

Source: shared protocol notes, others.md §2.
"""

import threading
from typing import ClassVar

from devices.code_scanner.serial_scanner import TRIGGERS
from devices.emulators.base import SerialEmulator
from ground.clock import Clock

_ACK = b"\x06"
_DECODE_S = 0.03  # chosen: a good scanner needs so long for a code
_LIGHT_S = 5.0  # chosen: a triggered scanner gives up after so long
_NOISE = b"\x00\xff\x1b]"
_COMMANDS = [
    (bytes.fromhex(command), lit)
    for trigger in TRIGGERS.values()
    for command, lit in ((trigger.start, True), (trigger.stop, False))
]
_LONGEST_COMMAND = max(len(command) for command, _ in _COMMANDS)


class SerialScannerEmulator(SerialEmulator):
    """Set `code` to a text to lay it under the scanner, to "" to take it away. Knows both makers' triggers."""

    knobs: ClassVar[tuple[str, ...]] = (
        "code",
        "mode",
        "ending",
        "aim",
        "encoding",
        "char_delay_s",
        "again_s",
        "acknowledges",
        "doubled",
        "half",
        "noise",
        "mute",
    )

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.mode = "sensing"  #: reads what is laid down; "triggered": on command; "continuous": on and on
        self.ending = "\r"
        self.aim = ""  #: an AIM identifier before each code, such as "]Q1"
        self.encoding = "utf-8"
        self.char_delay_s = 0.0  #: between two characters
        self.again_s = 0.3  #: from one reading to the next, in continuous mode
        self.acknowledges = False  #: says ACK to a command
        self.doubled = False  #: sends each code twice
        self.half = False  #: the next code breaks off in the middle
        self.noise = 0  #: bytes of line noise in the middle of the next code
        self._code = ""
        self._lit_until = clock.instant()
        self._again_at = clock.instant()
        self._heard = b""
        self._turn = threading.RLock()

    @property
    def code(self) -> str:
        """What lies under the scanner."""
        return self._code

    @code.setter
    def code(self, text: str) -> None:
        with self._turn:
            self._code = text
            if self.mode != "triggered" or self.lit:
                self._see()

    @property
    def lit(self) -> bool:
        """Whether it looks because it was told to."""
        return not self.clock.due(self._lit_until)

    def connected(self) -> None:
        super().connected()
        with self._turn:
            self._heard = b""

    def receive(self, data: bytes) -> None:
        if self.mute:
            return
        with self._turn:
            self._heard += data
            while (found := self._command()) is not None:
                self._obey(lit=found)
            self._heard = self._heard[-_LONGEST_COMMAND:]

    def take(self) -> bytes:
        with self._turn:
            if self.mode == "continuous" and self._code and self.clock.due(self._again_at):
                self._see()
        return super().take()

    def next_due(self) -> float | None:
        with self._turn:
            again = [self._again_at] if self.mode == "continuous" and self._code else []
        return min([due for due in (super().next_due(), *again) if due is not None], default=None)

    def _command(self) -> bool | None:
        """The first command that was heard, taken out: start or stop; None when there is none."""
        found = [(at, command, lit) for command, lit in _COMMANDS if (at := self._heard.find(command)) >= 0]
        if not found:
            return None
        at, command, lit = min(found)
        self._heard = self._heard[at + len(command) :]
        return lit

    def _obey(self, *, lit: bool) -> None:
        if self.acknowledges:
            self.say(_ACK)
        self._lit_until = self.clock.after(_LIGHT_S if lit else 0.0)
        if lit and self.mode == "triggered":
            self._see()

    def _see(self) -> None:
        self._again_at = self.clock.after(self.again_s)
        if not self._code:
            return
        self._lit_until = self.clock.instant()
        parts = self._spoilt(self._parts())
        for turn in range(2 if self.doubled else 1):
            for place, part in enumerate(parts):
                self.say(part, _DECODE_S + (turn * len(parts) + place) * self.char_delay_s)

    def _parts(self) -> list[bytes]:
        """What is sent for the code, in pieces between which `char_delay_s` passes."""
        said = (self.aim + self._code).encode(self.encoding, "replace") + self.ending.encode("ascii")
        return [bytes((byte,)) for byte in said] if self.char_delay_s else [said]

    def _spoilt(self, parts: list[bytes]) -> list[bytes]:
        """`parts` with the faults that were wished for; each happens once."""
        if not (self.half or self.noise):
            return parts
        said = b"".join(parts)
        middle = len(said) // 2
        said = said[:middle] + (_NOISE * self.noise)[: self.noise] + (b"" if self.half else said[middle:])
        self.half, self.noise = False, 0
        return [said]
