"""A wire to a Linux input device: `input:///dev/input/by-id/…-event-kbd[?grab=0][&switches=1]`.

Reads give the kernel's `struct input_event`s as bytes (`parse_events`). The device is grabbed: while the wire is
open, nobody else gets its keys, so that what a scanner types never lands in a field on the screen. `?grab=0` leaves
them to everybody; it is for FIFOs, which know no grab, and for looking. With `switches=1` the first events say how
its switches (jacks, lids) stand: the kernel itself tells changes only.

Why without python-evdev: docs/adr/0018-input-events-without-evdev.md.
Source: linux/input.h (struct, EVIOCGRAB), linux/input-event-codes.h (types).
"""

import fcntl
import os
import select
import struct
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from devices.errors import Unreachable

#: struct input_event in this machine's own sizes: time (seconds, microseconds), type, code, value.
#: 24 bytes where long has 64 bits, 16 where it has 32
_EVENT: Final = struct.Struct("@llHHi")
EVENT_SIZE: Final = _EVENT.size

_EVIOCGRAB = 0x40044590  # _IOW('E', 0x90, int)
_EVIOCGSW = 0x8008451B  # _IOR('E', 0x1b, 8 bytes): how the switches stand
_EVIOCGBIT_SW = 0x80084525  # _IOR('E', 0x20 + EV_SW, 8 bytes): which switches there are
_AT_ONCE = 64 * EVENT_SIZE  # the kernel gives whole events only, and refuses to give less than one

EV_SYN: Final = 0x00
EV_KEY: Final = 0x01
EV_MSC: Final = 0x04
EV_SW: Final = 0x05
_TYPES = frozenset((EV_SYN, EV_KEY, 0x02, 0x03, EV_MSC, 0x05, 0x11, 0x12, 0x14, 0x15, 0x16))
SYN_REPORT: Final = 0
SYN_DROPPED: Final = 3  #: the kernel's buffer overflowed: events are missing

UP: Final = 0
DOWN: Final = 1
REPEAT: Final = 2  #: the kernel's auto-repeat of a key that is held


@dataclass(frozen=True, slots=True)
class InputEvent:
    """One event, without its time (which is the wall clock's, and that may jump)."""

    type: int  #: EV_…
    code: int  #: of a key: KEY_…
    value: int  #: of a key: UP, DOWN, REPEAT


def parse_events(data: bytes) -> tuple[list[InputEvent], bytes]:
    """The whole events in `data`, and the bytes of a last one that is not whole. Unknown types are passed over."""
    whole = len(data) - len(data) % EVENT_SIZE
    found = [InputEvent(kind, code, value) for _, _, kind, code, value in _EVENT.iter_unpack(data[:whole])]
    return [event for event in found if event.type in _TYPES], data[whole:]


def format_event(event: InputEvent, at_s: float = 0.0) -> bytes:
    """`event` as the kernel gives it, at `at_s` seconds of whatever clock."""
    return _EVENT.pack(int(at_s), int(at_s % 1 * 1e6), event.type, event.code, event.value)


def format_switches(there: bytes, on: bytes) -> bytes:
    """Events that say how each switch stands. Bit masks as the kernel gives them: `there` are, `on` are closed."""
    known, closed = int.from_bytes(there, "little"), int.from_bytes(on, "little")
    codes = [code for code in range(8 * len(there)) if known >> code & 1]
    stands = [format_event(InputEvent(EV_SW, code, closed >> code & 1)) for code in codes]
    return b"".join([*stands, format_event(InputEvent(EV_SYN, SYN_REPORT, 0))] if stands else [])


class InputWire:
    """One input device, grabbed. Implements `devices.wire.Wire`."""

    def __init__(self, url: str, path: str, *, grab: bool, switches: bool = False) -> None:
        """Open and grab `path`. Raises `Unreachable`, also when somebody else has grabbed it.

        `switches`: begin with how its switches stand; a device without any is refused.
        """
        self._url = url
        self._held = b""
        self._descriptor = -1
        try:
            self._descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            if grab:
                fcntl.ioctl(self._descriptor, _EVIOCGRAB, 1)
            if switches:
                there = fcntl.ioctl(self._descriptor, _EVIOCGBIT_SW, bytes(8))
                self._held = format_switches(there, fcntl.ioctl(self._descriptor, _EVIOCGSW, bytes(8)))
                if not self._held:
                    raise OSError("it has no switches")
        except (OSError, ValueError) as error:  # ValueError: a NUL in the path
            self.close()
            raise Unreachable(url=url, reason=str(error)) from error

    def write(self, data: bytes) -> None:
        """Always raises `Unreachable`: a keyboard is not written to."""
        raise Unreachable(url=self._url, reason="an input device is only read")

    def read(self, size: int, timeout_s: float) -> bytes:
        """Between 1 and `size` bytes as soon as there are any; b"" when none came within `timeout_s`."""
        if not self._held:
            try:
                ready, _, _ = select.select([self._descriptor], [], [], max(0.0, timeout_s))
                self._held = self._arrived() if ready else b""
            except (OSError, ValueError) as error:  # ENODEV: unplugged; ValueError: closed
                raise Unreachable(url=self._url, reason=str(error)) from error
        data, self._held = self._held[:size], self._held[size:]
        return data

    def discard(self) -> None:
        """Throw away what has arrived and was not read."""
        self._held = b""
        try:
            while self._arrived():
                pass
        except OSError as error:
            raise Unreachable(url=self._url, reason=str(error)) from error

    def close(self) -> None:
        """Give the keys back to everybody. May be called twice."""
        if self._descriptor >= 0:
            os.close(self._descriptor)  # the grab ends with it
        self._descriptor = -1

    def _arrived(self) -> bytes:
        """What is there; b"" when nothing is. Raises OSError when the device is gone."""
        try:
            data = os.read(self._descriptor, _AT_ONCE)
        except BlockingIOError:
            return b""
        if not data:
            raise OSError("the other end is gone")
        return data


def open_url(url: str, baud: int) -> InputWire:
    """See `devices.wire.open_wire`. Raises `Unreachable`."""
    try:
        parts = urlsplit(url)
        wishes = parse_qs(parts.query, strict_parsing=True) if parts.query else {}
        (grab,) = wishes.pop("grab", ["1"])
        (switches,) = wishes.pop("switches", ["0"])
        if wishes or parts.netloc or {grab, switches} - {"0", "1"} or not parts.path.startswith("/"):
            raise ValueError("input:///dev/input/by-id/NAME-event-kbd[?grab=0][&switches=1] is meant")
    except ValueError as error:
        raise Unreachable(url=url, reason=str(error)) from error
    return InputWire(url, unquote(parts.path), grab=grab == "1", switches=switches == "1")
