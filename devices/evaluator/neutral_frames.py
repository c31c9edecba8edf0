"""Frames of the neutral evaluator protocol, read and written.

Source: shared protocol notes, evaluator.md §8. The protocol is our own proposal: no maker's frames are published.
"""

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_HEAD = b"\xa5\x5a"
_SHORTEST, _LONGEST = 3, 255  # LEN counts from ADDR through XOR
LONGEST_DATA: Final = _LONGEST - _SHORTEST

TIMEOUT_KEY: Final = 0x00
CANCELLED_KEY: Final = 0xFF


class Command(enum.IntEnum):
    """What a frame says; from 80h on the keypad is speaking (or the host acknowledging a result)."""

    PING = 0x01
    WELCOME = 0x02
    REQUEST = 0x03  #: window in seconds, number of levels
    CANCEL = 0x04
    THANKS = 0x05
    LED = 0x06  #: mask, blink
    VOICE = 0x07  #: index, volume
    TEXT = 0x08  #: GB18030
    GET_INFO = 0x09
    PAUSE = 0x0A  #: 1 pause, 0 resume
    ACK = 0x81  #: the command acknowledged, a `AckCode`
    RESULT = 0x83  #: raw key, elapsed seconds
    INFO = 0x89  #: text
    EVENT = 0x8F  #: an `Happening`


class AckCode(enum.IntEnum):
    """How a command went."""

    OK = 0x00
    BUSY = 0x01
    BAD_ARGUMENT = 0x02
    UNKNOWN = 0x03


class Happening(enum.IntEnum):
    """What a keypad tells unasked."""

    POWER_UP = 0x01
    TAMPER = 0x02


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame, to or from the keypad with `address`."""

    address: int  #: 0 to 255
    command: int  #: a `Command`, or a byte that is none
    data: bytes = b""  #: at most 252 bytes


def format_frame(frame: Frame) -> bytes:
    """`frame` as bytes. Raises ValueError when its data is too long."""
    if len(frame.data) > LONGEST_DATA:
        raise ValueError(f"at most {LONGEST_DATA} bytes of data fit a frame")
    body = bytes((_SHORTEST + len(frame.data), frame.address, frame.command)) + frame.data
    return _HEAD + body + bytes((_xor(body),))


def format_ack(address: int, command: int, status: AckCode = AckCode.OK) -> bytes:
    """The acknowledgement of `command`."""
    return format_frame(Frame(address, Command.ACK, bytes((command, status))))


class FrameReader:
    """Finds frames among arbitrary bytes, cut anywhere; what is no frame is passed over and counted in `noise`."""

    def __init__(self) -> None:
        self.noise = 0
        self._held = bytearray()

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that `data` completes, in order."""
        self._held += data
        return list(self._complete())

    def reset(self) -> None:
        """Forget a half-received frame."""
        self._held.clear()

    def _complete(self) -> Iterator[Frame]:
        while self._seek_head() and len(self._held) > len(_HEAD):
            length = self._held[len(_HEAD)]
            end = len(_HEAD) + 1 + length
            if length >= _SHORTEST and len(self._held) < end:
                return
            body = bytes(self._held[len(_HEAD) : end - 1])
            if length < _SHORTEST or _xor(body) != self._held[end - 1]:
                self._drop(1)  # a true head may lie inside what only looked like a frame
                continue
            del self._held[:end]
            yield Frame(body[1], body[2], body[3:])

    def _seek_head(self) -> bool:
        at = self._held.find(_HEAD)
        if at < 0:
            half = self._held.endswith(_HEAD[:1])
            self._drop(len(self._held) - half)
            return False
        self._drop(at)
        return True

    def _drop(self, count: int) -> None:
        del self._held[:count]
        self.noise += count


def _xor(data: bytes) -> int:
    value = 0
    for byte in data:
        value ^= byte
    return value
