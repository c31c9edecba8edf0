"""Headphones (耳机): a jack that tells whether somebody has plugged hers in."""

from typing import Protocol

from devices.status import Capabilities, Status


class Headphones(Protocol):
    """A jack. It hears nothing and plays nothing: sound is the sound card's."""

    def open(self) -> None:
        """Take the device. Raises `DeviceError`."""
        ...

    def close(self) -> None:
        """Let go of it. May be called twice."""
        ...

    def identity(self) -> str:
        """What tells this one from another; most do not know, then its place."""
        ...

    def status(self) -> Status:
        """How it fares, asked now; loses no change. Raises `DeviceError` only when it says nothing of use."""
        ...

    def capabilities(self) -> Capabilities:
        """What it can do, as far as is known; asks nothing."""
        ...

    def plugged(self) -> bool:
        """Whether they are in; False until it was told. Polled, waits up to 0.1 s for a change.

        Raises `DeviceError`.
        """
        ...
