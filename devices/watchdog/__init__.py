"""Hardware watchdogs: the machine restarts when nobody feeds them."""

from typing import Protocol

from devices.status import Capabilities, Status


class Watchdog(Protocol):
    """A watchdog that runs from `open` on, and bites when it is not fed in time."""

    def open(self) -> None:
        """Set it running. Raises `DeviceError`."""
        ...

    def close(self) -> None:
        """Stop it where that can be, and let go of it. May be called twice."""
        ...

    def identity(self) -> str:
        """What the watchdog calls itself."""
        ...

    def status(self) -> Status:
        """How it fares, asked now; asking does not feed it. Raises `DeviceError`."""
        ...

    def capabilities(self) -> Capabilities:
        """What it can do, as far as is known; asks nothing."""
        ...

    def feed(self) -> None:
        """All is well for another while. Raises `DeviceError`."""
        ...

    def disarm(self) -> None:
        """Stop it and let go of it.

        Raises `Refused` (BAD_COMMAND) when it cannot be stopped: then it runs on, held and to be fed.
        """
        ...

    def boot_was_watchdog(self) -> bool | None:
        """Whether the machine's last start was its doing; None when it does not tell. Raises `DeviceError`."""
        ...
