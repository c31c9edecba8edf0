"""A board with eight contacts and eight relays on a serial line: Modbus RTU, and the LCUS frames beside it.

Source: shared protocol notes, others.md §6, §8; the Modbus specifications.
"""

import threading
from collections.abc import Sequence
from typing import ClassVar

from devices.emulators.base import SerialEmulator
from devices.signals.contacts import USUAL_INPUTS
from devices.signals.lcus_board import parse_relay
from devices.signals.modbus_frames import (
    ExceptionCode,
    Function,
    format_exception,
    format_frame,
    is_whole,
    pack_bits,
    unpack_bits,
)
from ground.clock import Clock

_LINES = 8
_SHORT_REQUEST = 8  # bytes of a request to read, or to write one coil
_LCUS_HEAD, _LCUS_BYTES = 0xA0, 4
_SILENCE_S = 0.05  # after which half a frame is forgotten; far above 3.5 characters
_THINKING_S = 0.005  # boards answer within milliseconds (chosen)


class ModbusSignalsEmulator(SerialEmulator):
    """A board at address 1, wired as usual: `presence` on contact 0, the door's loop on contact 1."""

    knobs: ClassVar[tuple[str, ...]] = (
        "presence", "door_open", "contacts", "relays", "bounces", "exception", "flip_at", "answer_s", "mute",
    )  # fmt: skip

    def __init__(self, clock: Clock, *, address: int = 1) -> None:
        super().__init__(clock)
        self.address = address
        self.bounces = 0  #: so many readings to come tell the opposite of every other one
        self.exception = 0  #: the code with which every question is refused; 0 for none
        self.flip_at = -1  #: the byte of the next answer that is spoilt, once
        self.answer_s = _THINKING_S
        self._contacts = (False, True) + (False,) * (_LINES - 2)
        self._relays = (False,) * _LINES
        self._held = bytearray()
        self._heard_at = clock.instant()
        self._turn = threading.Lock()

    @property
    def contacts(self) -> tuple[bool, ...]:
        """The eight contacts, true where closed."""
        return self._contacts

    @contacts.setter
    def contacts(self, closed: Sequence[bool]) -> None:
        self._contacts = tuple(bool(contact) for contact in closed)

    @property
    def relays(self) -> tuple[bool, ...]:
        """The eight relays, true where drawn. Setting them is what the board's own push-buttons do."""
        return self._relays

    @relays.setter
    def relays(self, drawn: Sequence[bool]) -> None:
        self._relays = tuple(bool(relay) for relay in drawn)

    @property
    def presence(self) -> bool:
        """Somebody stands before the terminal."""
        return self._means("presence")

    @presence.setter
    def presence(self, there: bool) -> None:
        self._set("presence", there)

    @property
    def door_open(self) -> bool:
        """The cabinet's door is open."""
        return self._means("door_open")

    @door_open.setter
    def door_open(self, is_open: bool) -> None:
        self._set("door_open", is_open)

    def connected(self) -> None:
        super().connected()
        with self._turn:
            self._held.clear()

    def receive(self, data: bytes) -> None:
        with self._turn:
            if self.clock.instant() - self._heard_at > _SILENCE_S:
                self._held.clear()
            self._heard_at = self.clock.instant()
            self._held += data
            while (size := self._frame_size()) and len(self._held) >= size:
                frame = bytes(self._held[:size])
                if not self._obey(frame):
                    size = 1  # out of step: a true frame may begin with the next byte
                del self._held[:size]

    def _frame_size(self) -> int:
        """Bytes of the frame that begins what is held; 0 while that cannot be said."""
        if not self._held:
            return 0
        if self._held[0] == _LCUS_HEAD:
            return _LCUS_BYTES
        if len(self._held) > 1 and self._held[1] == Function.WRITE_COILS:
            return 9 + self._held[6] if len(self._held) > 6 else 0
        return _SHORT_REQUEST

    def _obey(self, frame: bytes) -> bool:
        """Whether that was a frame; if it was for this board it is obeyed."""
        relay = parse_relay(frame)
        if relay is not None:
            self._switch(relay[0], [relay[1]])
            return True
        if not is_whole(frame):
            return False
        if frame[0] == self.address:
            self._reply(self._answer(frame[1], frame[2:-2]))
        return True

    def _answer(self, function: int, body: bytes) -> bytes:
        if self.exception:
            return format_exception(self.address, function, self.exception)
        first, count = int.from_bytes(body[:2]), int.from_bytes(body[2:4])
        head = bytes((self.address, function))
        match function:
            case Function.READ_COILS | Function.READ_INPUTS if count >= 1 and first + count <= _LINES:
                row = self._relays if function == Function.READ_COILS else self._reading()
                packed = pack_bits(row[first : first + count])
                return format_frame(head + bytes((len(packed),)) + packed)
            case Function.WRITE_COIL if first < _LINES:
                if body[2:] not in (b"\xff\x00", b"\x00\x00"):
                    return format_exception(self.address, function, ExceptionCode.ILLEGAL_VALUE)
                self._switch(first, [body[2] == 0xFF])
                return format_frame(head + body)
            case Function.WRITE_COILS if count >= 1 and first + count <= _LINES:
                if body[4] != (count + 7) // 8:
                    return format_exception(self.address, function, ExceptionCode.ILLEGAL_VALUE)
                self._switch(first, unpack_bits(body[5:], count))
                return format_frame(head + body[:4])
        known = function in set(Function)
        code = ExceptionCode.ILLEGAL_ADDRESS if known else ExceptionCode.ILLEGAL_FUNCTION
        return format_exception(self.address, function, code)

    def _reading(self) -> tuple[bool, ...]:
        """The contacts as they are read now, bounce and all."""
        if not self.bounces:
            return self._contacts
        self.bounces -= 1
        return tuple(not closed for closed in self._contacts) if self.bounces % 2 else self._contacts

    def _reply(self, frame: bytes) -> None:
        at, self.flip_at = self.flip_at, -1
        if 0 <= at < len(frame):
            frame = frame[:at] + bytes((frame[at] ^ 0x55,)) + frame[at + 1 :]
        self.say(frame, self.answer_s)

    def _switch(self, first: int, levels: Sequence[bool]) -> None:
        relays = list(self._relays)
        relays[first : first + len(levels)] = levels
        self._relays = tuple(relays[:_LINES])

    def _means(self, name: str) -> bool:
        contact = USUAL_INPUTS[name]
        return contact.meaning(self._contacts[contact.line])

    def _set(self, name: str, so: bool) -> None:
        contact = USUAL_INPUTS[name]
        contacts = list(self._contacts)
        contacts[contact.line] = contact.meaning(so)
        self._contacts = tuple(contacts)
