"""Social security cards (社会保障卡) by PC/SC, without a PIN.

Source: shared protocol notes, others.md §3; ISO 7816-4 (61xx, 6Cxx). Commands and records are in `sse_records`; the
two ways to a card in `pcsc` and `apdu_line`.
Proven on: emulator only.
"""

from contextlib import suppress
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from devices.chip_card import SocialCard
from devices.chip_card.apdu_line import ApduLine
from devices.chip_card.channel import Channel
from devices.chip_card.pcsc import PcscReader
from devices.chip_card.sse_records import (
    GATE,
    RECORDS,
    SELECT_APPLICATION,
    SELECT_EF06,
    Record,
    get_response,
    parse_card,
    parse_record,
    with_length,
)
from devices.errors import Condition, DeviceError, Garbled, Refused, Unreachable
from devices.status import Capabilities, State, Status, status_of
from devices.wire import open_wire
from ground.clock import Clock

_PCSC = "pcsc:"
_PIECES = 4  # of one answer, each announced by 61xx; one is usual
_MORE, _OTHER_LENGTH = 0x61, 0x6C
_FINE = (0x90, 0x62)  # 62xx: a warning, the data are there (6282: the record is shorter than asked for)
_KEPT_BACK = (0x69, 0x6A)  # not allowed (third generation), not there: the field stays empty
#: none of these without the others would make a card of use
_ESSENTIAL = ("number", "card_number", "identification_code")


class _TakenOut(Exception):
    """The card was taken out between two commands."""


class SseCardSettings(BaseModel):
    """Which reader."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    driver: Literal["sse_card"] = "sse_card"
    #: `pcsc:` and a part of the reader's name (empty: the first reader), or a wire that speaks vpcd's frames
    url: str
    answer_timeout_s: float = Field(default=2.0, gt=0)  #: for one answer on a wire; PC/SC has its own


class SseCardReader:
    """Implements `devices.chip_card.ChipCardReader`."""

    def __init__(self, settings: SseCardSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._channel: Channel | None = None
        self._identity = ""

    def open(self) -> None:
        """Find the reader and ask it whether a card is there. Raises `DeviceError`."""
        self.close()
        url = self._settings.url
        if url.startswith(_PCSC):
            self._channel = PcscReader(url, url.removeprefix(_PCSC))
        else:
            self._channel = ApduLine(open_wire(url), self._clock, url, self._settings.answer_timeout_s)
        try:
            self._channel.present()
        except DeviceError:
            self.close()
            raise
        self._identity = self._channel.name

    def close(self) -> None:
        """Let go of the reader. May be called twice."""
        channel, self._channel = self._channel, None
        if channel is not None:
            channel.close()

    def identity(self) -> str:
        """The reader's name in PC/SC, or where it is; "" before the first `open`."""
        return self._identity

    def status(self) -> Status:
        """How the reader fares; whether a card is in it is a reading."""
        try:
            return Status(State.ONLINE, readings={"card_present": self.card_present()})
        except Refused as refused:
            return status_of(refused)

    def capabilities(self) -> Capabilities:
        """What is read of a card."""
        return {"items": [record.item for record in RECORDS], "pin": False}

    def card_present(self) -> bool:
        """Whether a card is in it."""
        return self._opened().present()

    def read_card(self) -> SocialCard | None:
        """What the card in it tells; None when there is none, or it was taken out meanwhile.

        Raises `Refused` (CARD_MUTE, WRONG_CARD, CARD_UNREADABLE), `DeviceError`.
        """
        channel = self._opened()
        if not channel.connect():
            return None
        try:
            return self._read(channel)
        except _TakenOut:
            return None
        finally:
            with suppress(DeviceError):  # what was read is read; the next question will tell
                channel.disconnect()

    def _read(self, channel: Channel) -> SocialCard:
        _, status = _ask(channel, SELECT_APPLICATION)
        if status >> 8 == 0x6A:
            raise Refused(Condition.WRONG_CARD, sw=f"{status:04X}")
        if status >> 8 not in _FINE:
            raise Refused(Condition.CARD_UNREADABLE, sw=f"{status:04X}")
        values: dict[str, bytes] = {}
        for record in RECORDS:
            if not record.in_ef06:
                values[record.item] = _value(channel, record)
        _, status = _ask(channel, SELECT_EF06)
        if _told(status):
            for record in RECORDS:
                if record.in_ef06:
                    values[record.item] = _value(channel, record)
        if not any(values.get(item) for item in _ESSENTIAL):
            raise Refused(Condition.CARD_UNREADABLE, reason="the card tells nothing")
        return parse_card(values)

    def _opened(self) -> Channel:
        if self._channel is None:
            raise Unreachable(url=self._settings.url, reason="not open")
        return self._channel


def _value(channel: Channel, record: Record) -> bytes:
    """The value of one record; empty when the card keeps it back."""
    told, status = _ask(channel, record.command)
    return parse_record(record, told) if _told(status) else b""


def _told(status: int) -> bool:
    """Whether the card did as asked; False when it keeps that back. Raises `Refused` for every other status."""
    if status >> 8 in _FINE:
        return True
    if status >> 8 in _KEPT_BACK:
        return False
    raise Refused(Condition.CARD_UNREADABLE, sw=f"{status:04X}")


def _ask(channel: Channel, command: bytes) -> tuple[bytes, int]:
    """The card's data and status word, with what it wants fetched (61xx) or asked again (6Cxx)."""
    if command not in GATE:
        raise ValueError("this driver sends nothing else to a card")
    told, status = _transmit(channel, command)
    if status >> 8 == _OTHER_LENGTH:
        told, status = _transmit(channel, with_length(command, status & 0xFF))
    for _ in range(_PIECES):
        if status >> 8 != _MORE:
            break
        piece, status = _transmit(channel, get_response(status & 0xFF))
        told += piece
    return told, status


def _transmit(channel: Channel, command: bytes) -> tuple[bytes, int]:
    answer = channel.transmit(command)
    if answer is None:
        raise _TakenOut
    if len(answer) < 2:
        raise Garbled(reason="no status word", bytes=len(answer))
    return answer[:-2], int.from_bytes(answer[-2:])
