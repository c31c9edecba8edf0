"""Code scanners (扫码器): one look at a bar code or QR code.

What a code says is a stranger's text. A scanner gives it as it is, once its length and its characters are found in
order; nothing here opens, follows or executes it. What may be done with it is the journey's gate
(`kiosk.domain.scanned`).
"""

from dataclasses import dataclass, field
from typing import Protocol

from devices.status import Capabilities, Status


@dataclass(frozen=True, slots=True)
class Code:
    """One code that was read."""

    text: str = field(
        repr=False
    )  #: without control characters; may name a person, so it is not shown in logs
    symbology: str = ""  #: "QRCode", "Code128", "PDF417", "DataMatrix" …; "" when the scanner does not say
    raw: bytes = field(default=b"", repr=False)  #: the bytes of the text, as they came


class CodeScanner(Protocol):
    """A scanner that can be made to look for one code."""

    def open(self) -> None:
        """Take the port. Raises `DeviceError`; a scanner that does not speak is not noticed before it should."""
        ...

    def close(self) -> None:
        """Let go of the port. May be called twice."""
        ...

    def identity(self) -> str:
        """What tells this scanner from another; most do not know, then its place."""
        ...

    def status(self) -> Status:
        """How it fares, asked now; loses no code. Raises `DeviceError` only when it says nothing of use."""
        ...

    def capabilities(self) -> Capabilities:
        """What it can do, as far as is known; asks nothing."""
        ...

    def arm(self) -> None:
        """Start looking. What was scanned before belongs to nobody. Returns at once."""
        ...

    def scan(self) -> Code | None:
        """The code seen since `arm`, once; None while there was none. Polled, returns within 50 ms.

        Raises `Garbled` for a code that cannot be accepted; it goes on looking.
        """
        ...

    def disarm(self) -> None:
        """Stop looking."""
        ...
