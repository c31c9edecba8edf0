"""Which speed the host has set its port to: told to the emulators that care."""

from typing import Protocol, runtime_checkable


@runtime_checkable
class Tuned(Protocol):
    """An emulator that understands a host only at its own speed."""

    def host_speed(self, baud: int) -> None:
        """The host's port runs at `baud` bits per second from now on."""
        ...


def tell_speed(emulator: object, baud: int) -> None:
    """Tell `emulator` the speed of the host's port; most know no speed, as behind USB or TCP."""
    if isinstance(emulator, Tuned):
        emulator.host_speed(baud)
