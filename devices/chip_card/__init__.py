"""Chip cards (社会保障卡) in a PC/SC reader."""

from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from devices.status import Capabilities, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class SocialCard:
    """What a social security card tells without a PIN, decoded but not judged.

    "" or None is what the card refused, has not, or tells in no readable form. Nothing of it shows in its repr, so
    that it cannot slip into a log.
    """

    number: str = field(default="", repr=False)  #: 社会保障号码, 18 characters, the citizen's id number
    name: str = field(default="", repr=False)
    sex: str = field(default="", repr=False)  #: 男 or 女
    ethnicity_code: str = field(default="", repr=False)  #: two digits, GB/T 3304 in the cards' own numbering
    birth: date | None = field(default=None, repr=False)
    birthplace_code: str = field(default="", repr=False)  #: six digits, GB/T 2260
    card_number: str = field(default="", repr=False)  #: 卡号, nine characters
    identification_code: str = field(default="", repr=False)  #: 卡识别码, 32 hexadecimal digits
    issued: date | None = field(default=None, repr=False)
    valid_to: date | None = field(default=None, repr=False)


class ChipCardReader(Protocol):
    """A reader that can be polled for a card."""

    def open(self) -> None:
        """Make sure that the reader answers. Raises `DeviceError`."""
        ...

    def close(self) -> None:
        """Let go of it. May be called twice."""
        ...

    def identity(self) -> str:
        """What the reader calls itself."""
        ...

    def status(self) -> Status:
        """How it fares, asked now. Raises `DeviceError` when it says nothing of use."""
        ...

    def capabilities(self) -> Capabilities:
        """What it can do, as far as is known; asks nothing."""
        ...

    def card_present(self) -> bool:
        """Whether a card is in it. Raises `DeviceError`."""
        ...

    def read_card(self) -> SocialCard | None:
        """What the card in it tells; None when there is none, or it was taken out meanwhile.

        Raises `Refused` (CARD_MUTE, WRONG_CARD: no social security card, CARD_UNREADABLE), `DeviceError`.
        """
        ...
