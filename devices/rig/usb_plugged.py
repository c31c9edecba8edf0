"""A device on the emulated USB, from one plugging-in to the next pulling-out, and what it has ready to be fetched."""

import errno
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import usb.core

from devices.rig.usb_descriptors import PACKET

if TYPE_CHECKING:
    from devices.rig.usb_rig import UsbRig

_HEAD = 7  # bytes of a frame that go by the first endpoint where frames are cut (id_card_reader.md §1.2)


@dataclass(eq=False)
class PluggedDevice:
    """A device from one plugging-in to the next pulling-out."""

    rig: "UsbRig"
    address: int
    gone: bool = False
    claimed_by: "Handle | None" = None
    #: by endpoint, what it has sent and nobody fetched; each entry ends with a short packet
    sent: dict[int, deque[bytes]] = field(default_factory=dict)
    head: bytearray = field(default_factory=bytearray)
    rest: int = 0  #: bytes of the frame under way that belong to the second endpoint

    def collect(self) -> None:
        """Take what the emulator says, and lay it out for the host to fetch."""
        said = self.rig.emulator.take()
        ins = self.rig.layout.ins
        while said:
            if len(ins) == 1:
                end, part = ins[0], said
            elif self.rest:
                end, part = ins[1], said[: self.rest]
                self.rest -= len(part)
            else:
                end, part = ins[0], said[: _HEAD - len(self.head)]
                self._note_head(part)
            self.sent.setdefault(end, deque()).append(part)
            said = said[len(part) :]

    def transferred(self, end: int, heard: bytearray, room: int) -> bool:
        """Move what was sent by endpoint `end` into `heard`; whether the transfer is over.

        It is when `room` bytes are there, or with a short packet. Raises `USBError` for an overflow.
        """
        sent = self.sent.setdefault(end, deque())
        while sent and len(heard) < room:
            part = sent.popleft()
            fits = room - len(heard)
            if len(part) > fits:
                if room % PACKET:
                    raise error("Overflow", errno.EOVERFLOW)
                sent.appendleft(part[fits:])
            heard += part[:fits]
            if len(part) <= fits and len(part) % PACKET:
                return True
        return len(heard) == room

    def forget(self) -> None:
        """Start afresh, as at every claim."""
        self.sent.clear()
        self.begin_frame()

    def begin_frame(self) -> None:
        """What the emulator says next goes by the first endpoint."""
        self.head.clear()
        self.rest = 0

    def _note_head(self, part: bytes) -> None:
        self.head += part
        if len(self.head) == _HEAD:
            self.rest = int.from_bytes(self.head[-2:], "big")
            self.head.clear()


@dataclass(eq=False)
class Handle:
    """One opening of a device."""

    device: PluggedDevice


def error(text: str, number: int) -> usb.core.USBError:
    """What libusb reports as `number`, of <errno.h>."""
    return usb.core.USBError(text, None, number)


def timed_out() -> usb.core.USBTimeoutError:
    """What libusb reports when a transfer moved nothing in its time."""
    return usb.core.USBTimeoutError("Operation timed out", None, errno.ETIMEDOUT)
