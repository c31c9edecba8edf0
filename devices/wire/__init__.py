"""A wire: bytes out, bytes in, with deadlines. Drivers talk to nothing else.

`open_wire(url)` chooses the transport by the URL:

- a device path or any pyserial URL: `/dev/serial/by-id/…`, `socket://host:port`, `hwgrep://VID:PID`, `rfc2217://…`
- `usb://VID:PID[/serial][?split=7]`: bulk endpoints of a USB device (`usb_bulk`)
- `file:///dev/usb/lp0`: a character device that is written and read as it is (`char_device`)
- `udp://host:port?listen=PORT`: datagrams, one a write (`datagrams`)
- `input:///dev/input/by-id/…`: a Linux input device, grabbed; reads give its `struct input_event`s (`input_events`)

Other schemes (the emulators' `emu://`) are registered from outside by `register_scheme`; this package knows none
of them.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Protocol


class Wire(Protocol):
    """An open, exclusive, two-way byte stream.

    Raises `Unreachable` when the other end is gone, and nothing else for transport faults.
    """

    def write(self, data: bytes) -> None:
        """Send all of `data`."""
        ...

    def read(self, size: int, timeout_s: float) -> bytes:
        """Between 0 and `size` bytes: returns as soon as `size` bytes are there or `timeout_s` has passed."""
        ...

    def discard(self) -> None:
        """Throw away what has arrived and was not read: a late reply must never be the next answer."""
        ...

    def close(self) -> None:
        """Let go of the port. May be called twice."""
        ...


#: builds a wire from (url, baud); baud is in bits per second and ignored where it means nothing
WireFactory = Callable[[str, int], Wire]

#: modules with a function `open_url(url, baud) -> Wire`
_BUILT_IN = {
    "usb": "devices.wire.usb_bulk",
    "file": "devices.wire.char_device",
    "udp": "devices.wire.datagrams",
    "input": "devices.wire.input_events",
}

_schemes: dict[str, WireFactory] = {}


def register_scheme(scheme: str, factory: WireFactory) -> None:
    """Make `scheme://…` URLs open through `factory`. Called once, by whoever assembles the program."""
    _schemes[scheme] = factory


def open_wire(url: str, baud: int = 115200) -> Wire:
    """An open wire to `url`. Raises `Unreachable`."""
    scheme = url.partition("://")[0] if "://" in url else ""
    factory = _schemes.get(scheme)
    if factory is not None:
        return factory(url, baud)
    module = import_module(
        _BUILT_IN.get(scheme, "devices.wire.serial_url")
    )  # only where such a port is opened
    wire: Wire = module.open_url(url, baud)
    return wire
