"""Commands to a card through PC/SC: pcscd, its CCID driver, and pyscard.

Source: shared protocol notes, others.md §3; pyscard's documentation; result codes of pcsclite.h. pyscard is optional:
it is only imported where such a reader is opened.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any

from devices.errors import Condition, DeviceError, NotInstalled, Refused, TimedOut, Unreachable

#: pcsclite.h: the card was taken out, or there is none
_NO_CARD = frozenset({0x8010_000C, 0x8010_0069})
#: pcsclite.h: wrong protocol, not transacted (what a card that stops talking gives), unsupported, unresponsive,
#: unpowered, reset by another program
_MUTE = frozenset({0x8010_000F, 0x8010_0016, 0x8010_0065, 0x8010_0066, 0x8010_0067, 0x8010_0068})
_ERRORS: Mapping[int, type[DeviceError]] = {0x8010_000A: TimedOut}  # SCARD_E_TIMEOUT
_SHARING_VIOLATION = 0x8010_000B


class _NoCard(Exception):
    """The card is not there (any more)."""


class PcscReader:
    """The first reader whose name contains a text. Implements `devices.chip_card.channel.Channel`."""

    def __init__(self, url: str, name_part: str) -> None:
        """Raises `Unreachable`: no pyscard, no pcscd, no such reader."""
        self._url = url
        try:
            self._library = import_module("smartcard.System")
            self._no_card = import_module("smartcard.Exceptions").NoCardException
            self._faults = (
                import_module("smartcard.Exceptions").SmartcardException,
                import_module("smartcard.pcsc.PCSCExceptions").BaseSCardException,
            )
        except ImportError as error:
            raise NotInstalled(url=url, package="pyscard") from error
        found = [reader for reader in self._readers() if name_part in str(reader)]
        if not found:
            raise Unreachable(url=url, reason="no such reader")
        self._reader = found[0]
        self._connection: Any = None

    @property
    def name(self) -> str:
        """As PC/SC has it."""
        return str(self._reader)

    def present(self) -> bool:
        """Whether a card can be powered up, or is there and mute."""
        try:
            there = self.connect()
        except Refused:
            return True
        finally:
            self.disconnect()
        return there

    def connect(self) -> bool:
        """Power the card up."""
        self.disconnect()
        try:
            with self._translated():
                connection = self._reader.createConnection()
                connection.connect()
        except _NoCard:
            if self.name not in [str(reader) for reader in self._readers()]:
                raise Unreachable(url=self._url, reason="the reader was unplugged") from None
            return False
        self._connection = connection
        return True

    def transmit(self, command: bytes) -> bytes | None:
        """The card's answer. How long a card may think is the CCID driver's business."""
        if self._connection is None:
            return None
        try:
            with self._translated():
                data, sw1, sw2 = self._connection.transmit(list(command))
        except _NoCard:
            return None
        return bytes((*data, sw1, sw2))

    def disconnect(self) -> None:
        """Power the card down."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(*self._faults):  # card or reader have gone, and the connection with them
                connection.disconnect()

    def close(self) -> None:
        """Let go of the reader; pcscd keeps it."""
        self.disconnect()

    def _readers(self) -> list[Any]:
        """Every reader that is plugged in."""
        try:
            with self._translated():
                return list(self._library.readers())
        except _NoCard:
            return []

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except self._no_card as error:
            raise _NoCard from error
        except self._faults as error:
            code = (getattr(error, "hresult", 0) or 0) & 0xFFFF_FFFF  # some versions have it signed
            if code in _NO_CARD:
                raise _NoCard from error
            raise _meaning(code, self._url) from error


def _meaning(code: int, url: str) -> DeviceError:
    """What a result code other than "no card" amounts to; the library's own sentence may quote the card."""
    if code in _MUTE:
        return Refused(Condition.CARD_MUTE, url=url, result=f"{code:08X}")
    if code == _SHARING_VIOLATION:
        return Refused(Condition.BUSY, url=url)
    return _ERRORS.get(code, Unreachable)(url=url, result=f"{code:08X}")
