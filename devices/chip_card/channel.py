"""How commands reach a card: what the PC/SC channel and the wire channel have in common."""

from typing import Protocol


class Channel(Protocol):
    """A reader. Every method but `close` raises `DeviceError`."""

    @property
    def name(self) -> str:
        """What the reader calls itself."""
        ...

    def present(self) -> bool:
        """Whether a card is in it."""
        ...

    def connect(self) -> bool:
        """Power the card up, as if it had just been put in; False when there is none."""
        ...

    def transmit(self, command: bytes) -> bytes | None:
        """The card's answer with its status word; None when the card was taken out.

        Raises `Refused` (CARD_MUTE) when it is there and says nothing.
        """
        ...

    def disconnect(self) -> None:
        """The card is no longer needed. Does nothing when none is connected."""
        ...

    def close(self) -> None:
        """Let go of the reader. May be called twice."""
        ...
