"""Signals: presence sensor, door switch, guide lamps."""

from collections.abc import Mapping
from typing import Protocol

from devices.status import Capabilities, Status


class Signals(Protocol):
    """Contacts that can be read and lamps that can be lit, by the names that the settings give them."""

    def open(self) -> None:
        """Take the board and make sure that it answers. Raises `DeviceError`."""
        ...

    def close(self) -> None:
        """Let go of it. May be called twice."""
        ...

    def identity(self) -> str:
        """Which board this is; stable over restarts."""
        ...

    def status(self) -> Status:
        """How it fares, asked now, with every input as a reading. Raises `DeviceError` when it says nothing."""
        ...

    def capabilities(self) -> Capabilities:
        """The names of its inputs and lamps; asks nothing."""
        ...

    def inputs(self) -> Mapping[str, bool]:
        """Every input by name, free of bounce. May take 50 ms longer when one has changed.

        Raises `DeviceError`.
        """
        ...

    def light(self, lamp: str, on: bool) -> None:
        """Light `lamp`, or put it out. A lamp that is not wired is no error. Raises `DeviceError`."""
        ...

    def lights_out(self) -> None:
        """Put out every lamp. Raises `DeviceError`."""
        ...
