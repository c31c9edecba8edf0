"""An SDT / SAM_A ID card reader as the host sees it.

Source: shared protocol notes, id_card_reader.md §8; section numbers below refer to it. What the security module
answers is in `sdt_module`; this is its line: when it answers, at which speed, and how the bytes are spoilt.
"""

from typing import ClassVar

from devices.emulators.sdt_module import SAM_LABEL, SdtModule, State, understood
from devices.emulators.uart import heard_at
from devices.id_card.sdt_frames import (
    BAUDS,
    FIND,
    READ_BASE,
    READ_BASE_FINGERS,
    SELECT,
    SET_BAUD_COMMAND,
    Answer,
    Request,
    Scanner,
    Sw3,
    format_answer,
)
from ground.clock import Clock

__all__ = ["NOWHERE", "SAM_LABEL", "SdtEmulator", "State"]

NOWHERE = -1  #: for the fault knobs: no fault

_GAP_S = 1.0  # §8: a silence this long inside a frame drops what was received
_LONGEST_REQUEST = 4  # length field; only SET MAX RF BYTES has a body, of one byte (§3)


class SdtEmulator(SdtModule):
    """The reader. Commands are worked off one after the other."""

    knobs: ClassVar[tuple[str, ...]] = (
        "card_on",
        "card_sample",
        "strict_refind",
        "find_s",
        "select_s",
        "read_s",
        "answer_s",
        "fingers",
        "new_address",
        "baud",
        "knows_set_baud",
        "knows_max_rf",
        "knows_fingers",
        "max_rf_bytes",
        "self_test_failed",
        "unauthorised",
        "mute",
        "forced_sw3",
        "flip_at",
        "drop_at",
        "add_at",
    )

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.find_s = 0.05  # §8: 30 to 80 ms
        self.select_s = 0.045  # §8: 30 to 60 ms
        self.read_s = 0.9  # §8: 700 to 1200 ms
        self.answer_s = 0.005  #: for what needs no card; chosen
        self.baud = 115200  #: its own speed; a real module forgets or keeps what was set, nobody knows (§3)
        self.knows_set_baud = True  #: False: answers 21 to SET BAUD
        self.flip_at = NOWHERE  #: offset of the byte that is inverted in the next answer, once
        self.drop_at = NOWHERE  #: offset of the byte that is left out of the next answer, once
        self.add_at = NOWHERE  #: offset before which a byte AA is added to the next answer, once
        self._host_baud: int | None = (
            None  #: of the host's port; None behind USB or TCP, where speed is nothing
        )
        self._scanner = Scanner(longest=_LONGEST_REQUEST)
        self._heard_at = clock.instant()
        self._running: list[tuple[float, Request]] = []  #: (instant of the answer, command), in order

    def host_speed(self, baud: int) -> None:
        """The host's port runs at `baud`; at another than its own, each hears what the other never said."""
        self._host_baud = baud

    def connected(self) -> None:
        with self._chip:
            self._scanner.clear()
            self._running.clear()
        super().connected()

    def receive(self, data: bytes) -> None:
        if self.mute:
            return
        with self._chip:
            if self.clock.instant() - self._heard_at > _GAP_S:
                self._scanner.clear()
            self._heard_at = self.clock.instant()
            self._scanner.feed(heard_at(data, self._host_baud or self.baud, self.baud))
            while (frame := self._scanner.take()) is not None:
                self._start(understood(frame))

    def take(self) -> bytes:
        with self._chip:
            while self._running and self.clock.due(self._running[0][0]):
                _, request = self._running.pop(0)
                self._finish(request)
        return super().take()

    def next_due(self) -> float | None:
        with self._chip:
            running = self._running[0][0] if self._running else None
        said = super().next_due()
        return min((at for at in (running, said) if at is not None), default=None)

    def answer(self, request: Request) -> Answer:
        if request.command == SET_BAUD_COMMAND and not (request.name or self.knows_set_baud):
            return Answer(Sw3.BAD_COMMAND)
        return super().answer(request)

    def _start(self, request: Request) -> None:
        free = self._running[-1][0] if self._running else self.clock.instant()
        if not self._running:
            self._lifted = False
        self._running.append((max(free, self.clock.instant()) + self._thinking_s(request), request))

    def _thinking_s(self, request: Request) -> float:
        slow = {
            FIND.code: self.find_s,
            SELECT.code: self.select_s,
            READ_BASE.code: self.read_s,
            READ_BASE_FINGERS.code: self.read_s,
        }
        return slow.get(request.code, self.answer_s)

    def _finish(self, request: Request) -> None:
        """Say the answer; a change of speed takes effect when its answer is out (§3)."""
        answer = self.answer(request)
        said = self._faulty(format_answer(answer))
        self.say(heard_at(said, self.baud, self._host_baud or self.baud))
        self._lifted = False
        if request.command == SET_BAUD_COMMAND and answer.sw3 == Sw3.OK:
            self.baud = next(baud for baud, parameter in BAUDS.items() if parameter == request.parameter)

    def _faulty(self, frame: bytes) -> bytes:
        """`frame` with the faults that the knobs ask for, each once."""
        bad = bytearray(frame)
        if 0 <= self.flip_at < len(bad):
            bad[self.flip_at] ^= 0xFF
            self.flip_at = NOWHERE
        if 0 <= self.add_at <= len(bad):
            bad.insert(self.add_at, 0xAA)
            self.add_at = NOWHERE
        if 0 <= self.drop_at < len(bad):
            del bad[self.drop_at]
            self.drop_at = NOWHERE
        return bytes(bad)
