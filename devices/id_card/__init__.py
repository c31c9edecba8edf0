"""ID-card readers: what a reader can do, and what a chip says."""

import enum
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from devices.status import Capabilities, Status


class CardKind(enum.StrEnum):
    """Which document lies on the reader."""

    RESIDENT = "resident"
    HMT_RESIDENCE = "hmt_residence"
    FOREIGN_2017 = "foreign_2017"
    FOREIGN_2023 = "foreign_2023"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdCard:
    """What the chip says, decoded but not judged: the journey checks whether it agrees with itself."""

    kind: CardKind
    name: str
    sex: str  #: 男, 女, 未知 or 未说明, from the GB/T 2261.1 code
    ethnicity: str  #: without 族, e.g. 汉; "未知(nn)" for a code not in GB/T 3304; "" where the card has none
    birth: date | None  #: None when the eight digits are no date
    address: str
    number: str
    authority: str
    valid_from: date | None
    valid_to: date | None  #: None for 长期, and when the eight digits are no date
    long_term: bool
    photo: bytes = field(default=b"", repr=False)  #: 1024 bytes WLT, kept in memory only
    latin_name: str = (
        ""  #: foreigners only, e.g. "SURNAME, GIVEN"; `name` is then the Chinese one, possibly ""
    )
    nationality: str = ""  #: foreigners only, three characters as on the chip
    pass_number: str = ""  #: Hong Kong, Macau and Taiwan residents only: the number of their travel permit
    issue: str = (
        ""  #: two digits: how often it was issued (HMT), renewed (2023), or the card's version (2017)
    )
    #: written to the chip after the card was made; only where the settings ask for them
    new_addresses: tuple[str, ...] = ()
    #: templates of 512 bytes (GA/T 1012), none to two; only where the settings ask for them; in memory only
    fingerprints: tuple[bytes, ...] = field(default=(), repr=False)


class IdCardReader(Protocol):
    """A reader that can be polled for a card."""

    def open(self) -> None:
        """Take the port and make sure that a reader answers. Raises `DeviceError`."""
        ...

    def close(self) -> None:
        """Let go of the port. May be called twice."""
        ...

    def identity(self) -> str:
        """The security module's id in text form, e.g. 05.03-20260101-0012345678-0987654321."""
        ...

    def read_card(self) -> IdCard | None:
        """The card that lies there, or None when there is none *newly* to read.

        Strict readers answer "no card" until a card that was read is lifted: None does not mean "taken away".
        Raises `Refused` (condition CARD_UNREADABLE, NOT_AN_ID_CARD, SUSPECT_CARD, OUT_OF_SERVICE), `DeviceError`.
        """
        ...

    def status(self) -> Status:
        """How it fares, asked now; no card is touched. Raises `DeviceError` only when it says nothing of use."""
        ...

    def capabilities(self) -> Capabilities:
        """What it can do, as far as is known; asks nothing."""
        ...

    def card_present(self) -> bool:
        """Whether a card lies there, also right after it was read, on strict and on lenient readers."""
        ...
