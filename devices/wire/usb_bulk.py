"""A wire over the bulk endpoints of a USB device, by pyusb.

    usb://VID:PID[/serial][?split=7|0]

Most devices carry one byte stream over one pair of endpoints. The security modules of ID card readers cut each
frame in two (id_card_reader.md §1.2): its first seven bytes go out by endpoint 02, the rest by 06; answers come back
by 81 and 85, the two bytes before the cut telling the length of the rest. Firmware differs under one and the same
VID:PID, so the endpoints are enumerated each time; `split` overrules what they say. Either way this is a stream.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import usb.core
import usb.util

from devices.errors import Unreachable
from ground.clock import Clock, RealClock

_URL = re.compile(
    r"usb://(?P<vid>[0-9A-Fa-f]{4}):(?P<pid>[0-9A-Fa-f]{4})(?:/(?P<serial>[^?]+))?/?(?:\?split=(?P<split>[07]))?"
)
_OUT_HEAD, _OUT_REST, _IN_HEAD, _IN_REST = 0x02, 0x06, 0x81, 0x85  # §1.2
_HEAD = 7  # bytes before the cut; the last two are the length of what follows it, big-endian (§1.2, §2)

_PIECE_S = 0.1  # the longest single transfer: so long may `close` have to wait for a hung read
_WRITE_PATIENCE_S = (
    5.0  # without one byte being taken; a printer whose buffer is full holds the line for seconds
)
_WRITE_BYTES = 16384  # handed over at once; the kernel's own limit for one transfer
_DRAIN_S = 0.25  # a device that never stops talking must not hold `discard` for ever

#: what pyusb lets through: its own error is an OSError, a missing libusb or an odd descriptor is a ValueError,
#: and what a platform cannot do is a NotImplementedError
_FAULTS = (usb.core.USBError, OSError, ValueError, NotImplementedError)


@dataclass
class _Assembled:
    """What whoever assembles the program chose."""

    backend: Any  #: a `usb.backend.IBackend`; None: libusb, as pyusb finds it
    clock: Clock  #: by which the backend's time-outs pass


_assembled = _Assembled(None, RealClock())


def use_backend(backend: Any, clock: Clock | None = None) -> None:
    """Reach devices through `backend` from now on; None: the real bus. Wires that are open keep theirs.

    `clock` is the one by which the time-outs of the backend's transfers pass. Called by whoever assembles.
    """
    _assembled.backend, _assembled.clock = backend, clock or RealClock()


@dataclass(frozen=True, slots=True)
class _Pipe:
    """One bulk endpoint."""

    address: int
    packet: int  #: bytes; a transfer is read in multiples of it, or the device could send more than fits

    def whole_packets(self, size: int) -> int:
        """`size`, rounded up: a transfer of just so many bytes ends with the last of them."""
        return max(1, -(-size // self.packet)) * self.packet


class UsbWire:
    """An open, exclusive USB device. Implements `devices.wire.Wire`."""

    def __init__(self, url: str, backend: Any, clock: Clock) -> None:
        """Find the device, take it from the kernel's driver, claim it. Raises `Unreachable`."""
        self._url = url
        self._clock = clock
        self._busy = threading.Lock()  # a handle must not be closed under a transfer
        self._arrived = bytearray()
        self._head = bytearray()  #: of the frame that is coming in, where frames are cut
        self._rest = 0  #: bytes of it that are still to come by the second endpoint
        self._interface: int | None = None
        self._was_attached = False  #: to a driver of the kernel's
        with self._translated():
            where = _URL.fullmatch(url)
            if where is None:
                raise ValueError("say usb://VID:PID[/serial]")
            self._device: Any = _found(where, backend)
            try:
                self._take(None if where["split"] is None else where["split"] == "7")
            except _FAULTS:
                self._dispose()
                raise

    def write(self, data: bytes) -> None:
        """Send all of `data`; where frames are cut, `data` is one frame. Raises `Unreachable`."""
        first, *others = self._outs
        if others:
            self._send(first, data[:_HEAD])
            data = data[_HEAD:]
        self._send(others[0] if others else first, data)

    def read(self, size: int, timeout_s: float) -> bytes:
        """Between 0 and `size` bytes, as soon as `size` bytes are there or `timeout_s` has passed."""
        deadline = self._clock.after(max(0.0, timeout_s))
        while len(self._arrived) < size:
            self._hear(size - len(self._arrived), min(_PIECE_S, self._clock.left(deadline)))
            if self._clock.due(deadline):
                break
        out = bytes(self._arrived[:size])
        del self._arrived[:size]
        return out

    def discard(self) -> None:
        """Throw away what has arrived and was not read, also what the device holds ready."""
        limit = self._clock.after(_DRAIN_S)
        for pipe in self._ins:
            while self._received(pipe, pipe.packet, 0.0) and not self._clock.due(limit):
                pass
        self._arrived.clear()
        self._head.clear()
        self._rest = 0

    def close(self) -> None:
        """Let go of the device and give it back to the kernel's driver. May be called twice; never raises."""
        with self._busy:
            if self._device is not None:
                self._dispose()

    def _take(self, split: bool | None) -> None:
        """Claim the first interface that has a way out and a way in."""
        interface, pipes = _bulk_interface(self._configuration())
        self._was_attached = self._detach(interface)
        self._interface = interface
        usb.util.claim_interface(self._device, interface)
        by_address = {pipe.address: pipe for pipe in pipes}
        outs = tuple(by_address[address] for address in (_OUT_HEAD, _OUT_REST) if address in by_address)
        ins = tuple(by_address[address] for address in (_IN_HEAD, _IN_REST) if address in by_address)
        cut = len(outs) == len(ins) == 2
        if split and not cut:
            raise ValueError("endpoints 02, 06, 81 and 85 are not all there")
        if not cut or split is False:
            outs = tuple(pipe for pipe in pipes if not _is_in(pipe.address))[:1]
            ins = tuple(pipe for pipe in pipes if _is_in(pipe.address))[:1]
        self._outs, self._ins = outs, ins

    def _configuration(self) -> Any:
        try:
            return self._device.get_active_configuration()
        except usb.core.USBError:  # it was never configured; set only then, for it resets the device
            self._device.set_configuration()
            return self._device.get_active_configuration()

    def _detach(self, interface: int) -> bool:
        with suppress(NotImplementedError):  # no kernel drivers on this platform
            if self._device.is_kernel_driver_active(interface):
                self._device.detach_kernel_driver(interface)
                return True
        return False

    def _dispose(self) -> None:
        device, self._device = self._device, None
        with suppress(*_FAULTS):
            if self._interface is not None:
                usb.util.release_interface(device, self._interface)
            if self._was_attached:
                device.attach_kernel_driver(self._interface)
        with suppress(*_FAULTS):
            usb.util.dispose_resources(device)

    def _send(self, pipe: _Pipe, data: bytes) -> None:
        patience = self._clock.after(_WRITE_PATIENCE_S)
        while data:
            with self._at_work() as device:
                try:
                    taken = device.write(pipe.address, data[:_WRITE_BYTES], _milliseconds(_PIECE_S))
                except usb.core.USBTimeoutError:
                    taken = 0
            data = data[taken:]
            if taken:
                patience = self._clock.after(_WRITE_PATIENCE_S)
            elif self._clock.due(patience):
                raise Unreachable(url=self._url, reason="it takes no more bytes")

    def _hear(self, wanted: int, timeout_s: float) -> None:
        """One transfer of what is to come next, into `_arrived`."""
        if len(self._ins) == 1:
            self._arrived += self._received(self._ins[0], wanted, timeout_s)
            return
        head, rest = self._ins
        if self._rest:
            heard = self._received(rest, self._rest, timeout_s)
            self._rest = max(0, self._rest - len(heard))
        else:
            heard = self._received(head, _HEAD - len(self._head), timeout_s)
            self._head += heard
            if len(self._head) >= _HEAD:
                length = int.from_bytes(self._head[_HEAD - 2 : _HEAD], "big")
                self._rest = max(0, length - (len(self._head) - _HEAD))
                self._head.clear()
        self._arrived += heard

    def _received(self, pipe: _Pipe, wanted: int, timeout_s: float) -> bytes:
        with self._at_work() as device:
            try:
                size = pipe.whole_packets(wanted)
                return bytes(device.read(pipe.address, size, _milliseconds(timeout_s)))
            except usb.core.USBTimeoutError:
                return b""

    @contextmanager
    def _at_work(self) -> Iterator[Any]:
        with self._busy, self._translated():
            if self._device is None:
                raise Unreachable(url=self._url, reason="closed")
            yield self._device

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except _FAULTS as error:
            raise Unreachable(url=self._url, reason=str(error)) from error


def open_url(url: str, baud: int) -> UsbWire:
    """See `devices.wire.open_wire`. A speed means nothing on USB."""
    return UsbWire(url, _assembled.backend, _assembled.clock)


def _found(where: re.Match[str], backend: Any) -> Any:
    """The device; of several that fit, always the same as long as they stay plugged in where they are."""
    fitting = usb.core.find(
        find_all=True, backend=backend, idVendor=int(where["vid"], 16), idProduct=int(where["pid"], 16)
    )
    devices = sorted(
        fitting, key=lambda device: (device.bus or 0, device.port_numbers or (), device.address or 0)
    )
    serial = unquote(where["serial"] or "")
    for device in devices:
        if not serial or _serial_of(device) == serial:
            return device
        usb.util.dispose_resources(device)  # asking had opened it
    raise ValueError(f"none of {len(devices)} has this serial number" if devices else "not plugged in")


def _serial_of(device: Any) -> str:
    """The serial number; "" where there is none, or where this user may not ask."""
    with suppress(*_FAULTS):
        return device.serial_number or ""
    return ""


def _bulk_interface(configuration: Any) -> tuple[int, list[_Pipe]]:
    """Number and bulk endpoints of the first interface with both directions."""
    for interface in configuration:
        if interface.bAlternateSetting != 0:
            continue
        pipes = [
            _Pipe(end.bEndpointAddress, end.wMaxPacketSize & 0x7FF)
            for end in interface
            if usb.util.endpoint_type(end.bmAttributes) == usb.util.ENDPOINT_TYPE_BULK
        ]
        if len({_is_in(pipe.address) for pipe in pipes}) == 2:
            return interface.bInterfaceNumber, pipes
    raise ValueError("no interface with bulk endpoints both ways")


def _is_in(address: int) -> bool:
    return bool(usb.util.endpoint_direction(address) == usb.util.ENDPOINT_IN)


def _milliseconds(seconds: float) -> int:
    """At least one: to libusb nought means for ever."""
    return max(1, int(seconds * 1000))
