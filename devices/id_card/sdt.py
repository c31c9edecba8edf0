"""Resident ID card reader, SDT / SAM_A protocol (serial, 115200 8N1).

Source: shared protocol notes, id_card_reader.md; section numbers below refer to it.
Frames are in `sdt_frames`, the conversation in `sdt_line`, the card's text in `card_text`.
Proven on: emulator only.
"""

from dataclasses import replace
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from devices.errors import DeviceError, Refused, Unreachable
from devices.id_card import CardKind, IdCard
from devices.id_card.card_text import parse_addresses, parse_text
from devices.id_card.portrait import LibrarySettings, Pixels, PortraitLibrary, portrait_of
from devices.id_card.sdt_connect import SPEEDS, Connection, Connector
from devices.id_card.sdt_frames import (
    FIND,
    READ_BASE,
    READ_BASE_FINGERS,
    READ_MANAGEMENT,
    READ_NEW_ADDRESS,
    RESET,
    SELECT,
    STATUS,
    Answer,
    Request,
    Sw3,
    parse_base,
    parse_base_fingers,
)
from devices.id_card.sdt_verdict import CARD_IS_THERE, DEAD, NOT_SERVED, WORTH_ANOTHER_TRY, accept
from devices.status import Capabilities, State, Status, status_of
from devices.wire import open_wire
from ground.clock import Clock

_FINDS_UNTIL_GONE = 2  # §7.6: two "no card" in a row
#: wires on which a speed means nothing; behind a device server nobody could follow a module that changes its own
_WITHOUT_SPEED = ("usb://", "socket://")

Baud = Literal[115200, 57600, 38400, 19200, 9600]


class SdtSettings(BaseModel):
    """What is configured of an SDT reader."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    driver: Literal["sdt"] = "sdt"
    url: str
    #: bits per second; "auto" tries the five speeds until the module answers (§1.1)
    baud: Literal[115200, 57600, 38400, 19200, 9600, "auto"] = 115200
    #: the speed that the module is told to change to once it has answered; None: it stays as it is
    change_to_baud: Baud | None = None
    #: bytes that the radio link may carry at once (61 FF); 80 and 88 are seen in the field; None: as it is
    max_rf_bytes: int | None = Field(default=None, ge=1, le=255)
    read_new_address: bool = False  #: read what was written to the chip after the card was made (30 03)
    read_fingerprints: bool = False  #: read the templates too (30 10); nothing here compares them
    portrait: LibrarySettings | None = None  #: the operator's library for the photograph; None: a silhouette
    #: the reader's time for status, find and select, without the wire's; 2 s: the vendors' library (§2)
    answer_timeout_s: float = Field(default=2.0, gt=0)
    #: the same for reading the chip, which takes 0.7 to 1.2 s; 5 s: the vendors' library (§2)
    read_timeout_s: float = Field(default=5.0, gt=0)


class SdtReader:
    """Implements `devices.id_card.IdCardReader`."""

    def __init__(self, settings: SdtSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._connection: Connection | None = None
        self._identity = ""
        self._baud = 0  #: at which the module answered last; 0: it never did
        self._serves_fingers = True
        self._portraits = PortraitLibrary(settings.portrait) if settings.portrait else None
        #: a card was found, or may have been, and was not read to its end. A strict reader does not find it
        #: again (§7.4), so the reading goes on where it broke off instead of waiting until the card is lifted
        self._begun = False
        self._fresh = False  #: nothing is known of what was asked before the port was opened

    def open(self) -> None:
        """Take the port, find the module's speed, ask for its status and id (§7.1).

        Raises `Refused` (OUT_OF_SERVICE) when the module failed its self-test or is not authorised, and
        `DeviceError`.
        """
        self.close()
        wishes = self._settings
        connector = Connector(lambda baud: open_wire(wishes.url, baud), self._clock, wishes.answer_timeout_s)
        connection = connector.first_that_answers(self._speeds())
        try:
            if wishes.change_to_baud and not wishes.url.startswith(_WITHOUT_SPEED):
                connection = connector.changed_to(wishes.change_to_baud, connection)
            if wishes.max_rf_bytes:
                connector.limit_radio(wishes.max_rf_bytes, connection)
        except DeviceError:
            connection.wire.close()
            raise
        self._connection, self._baud, self._identity = connection, connection.baud, connection.sam_id
        self._fresh = True

    def close(self) -> None:
        """Let go of the port. May be called twice."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.wire.close()

    def identity(self) -> str:
        """The security module's id, e.g. 05.03-20260101-0012345678-0987654321; "" before the first `open`."""
        return self._identity

    def read_card(self) -> IdCard | None:
        """The card that lies there, or None when there is none newly to read.

        Raises `Refused` (CARD_UNREADABLE: lift it and lay it down again, NOT_AN_ID_CARD, SUSPECT_CARD,
        OUT_OF_SERVICE, BAD_COMMAND), `DeviceError`.
        """
        try:
            return self._attempt()
        except Refused as refused:
            if refused.facts.get("sw3") not in WORTH_ANOTHER_TRY:
                self._begun = False
                raise
            card = self._second_attempt(refused)
            if card is None:
                raise
            return card

    def status(self) -> Status:
        """Ask for the module's status (§3); no card is touched. Raises `DeviceError` when it does not answer."""
        try:
            accept(STATUS, self._ask(STATUS))
        except Refused as refused:
            return status_of(refused)
        return Status(State.ONLINE)

    def capabilities(self) -> Capabilities:
        """What this driver makes of the reader."""
        return {
            "kinds": [kind.value for kind in CardKind],
            "photo": True,
            "portrait": self._portraits is not None,
            "new_address": self._settings.read_new_address,
            "fingerprints": self._settings.read_fingerprints and self._serves_fingers,
            "baud": self._baud or self._speeds()[0],
        }

    def portrait(self, card: IdCard) -> Pixels:
        """The photograph of `card`, or a silhouette where it cannot be decoded. Takes up to some seconds."""
        return portrait_of(card.photo, self._portraits)

    def card_present(self) -> bool:
        """Whether a card lies there, also right after it was read, on strict and on lenient readers.

        A card that was read still tells its management number (30 05) or its new address (30 03); only when
        it does neither and is not found twice, it is gone (§7.4, §7.6).
        """
        for probe in (READ_MANAGEMENT, READ_NEW_ADDRESS):
            if self._ask(probe).sw3 in CARD_IS_THERE:
                return True
        if any(self._found() for _ in range(_FINDS_UNTIL_GONE)):
            return True
        fresh, self._fresh = (
            self._fresh,
            False,
        )  # whoever had the port before may have found one and was killed
        self._begun = (self._begun or fresh) and self._ask(SELECT).sw3 == Sw3.OK
        return self._begun

    def _attempt(self) -> IdCard | None:
        found = self._found()
        if not found and not self._begun:
            return None
        selected = self._ask(SELECT)
        if (
            found or selected.sw3 != Sw3.SELECT_FAILED
        ):  # a card selected before the reading broke off cannot be again
            accept(SELECT, selected)
        request, answer = self._read_chip()
        if answer.sw3 == Sw3.READ_FAILED and not found:
            self._begun = False  # it was lifted since
            return None
        accept(request, answer)
        if request is READ_BASE_FINGERS:
            text, photo, fingerprints = parse_base_fingers(answer.body)
            card = replace(parse_text(text, photo), fingerprints=fingerprints)
        else:
            card = parse_text(*parse_base(answer.body))
        self._begun = False
        return self._with_new_addresses(card)

    def _read_chip(self) -> tuple[Request, Answer]:
        """What the chip says, with fingerprints where they are wanted and the module is not too old for them."""
        if self._settings.read_fingerprints and self._serves_fingers:
            answer = self._ask(READ_BASE_FINGERS)
            if answer.sw3 not in NOT_SERVED:
                return READ_BASE_FINGERS, answer
            base = self._ask(READ_BASE)
            self._serves_fingers = (
                base.sw3 != Sw3.OK
            )  # 21 also means "not now": it must serve the other at once
            return READ_BASE, base
        return READ_BASE, self._ask(READ_BASE)

    def _with_new_addresses(self, card: IdCard) -> IdCard:
        """`card` with what was added to its chip; it needs no new find and select (§7.3).

        Whatever goes wrong here, the card was read: the next command will meet the trouble, if it lasts.
        """
        if not self._settings.read_new_address:
            return card
        try:
            answer = self._ask(READ_NEW_ADDRESS)
            stored = answer.body if answer.sw3 == Sw3.OK else b""
            return replace(card, new_addresses=parse_addresses(stored))
        except DeviceError:
            return card

    def _second_attempt(self, refused: Refused) -> IdCard | None:
        if refused.facts["sw3"] == Sw3.UNRECOGNISED_ERROR:
            accept(RESET, self._ask(RESET))
        try:
            return self._attempt()
        except Refused:
            self._begun = False
            raise

    def _found(self) -> bool:
        """Whether FIND announces a card."""
        begun, self._begun = self._begun, True  # should the answer be lost, the card may have been found
        answer = self._ask(FIND)
        if answer.sw3 == Sw3.NO_CARD:
            self._begun = begun
            return False
        accept(FIND, answer)
        return True

    def _ask(self, request: Request) -> Answer:
        """The answer to `request`. A module that is out of service is raised here, whatever was asked."""
        if self._connection is None:
            raise Unreachable(url=self._settings.url, reason="not open")
        slow = request.command == READ_BASE.command
        answer = self._connection.line.ask(
            request, self._settings.read_timeout_s if slow else self._settings.answer_timeout_s
        )
        if answer.sw3 in DEAD:
            accept(request, answer)
        return answer

    def _speeds(self) -> tuple[int, ...]:
        """The speeds at which the module may answer, the likeliest first."""
        wishes = self._settings
        if wishes.baud != "auto" and wishes.change_to_baud is None:
            return (wishes.baud,)
        likely = (self._baud, wishes.change_to_baud, *(SPEEDS if wishes.baud == "auto" else (wishes.baud,)))
        speeds = tuple(dict.fromkeys(baud for baud in likely if baud))
        return speeds[:1] if wishes.url.startswith(_WITHOUT_SPEED) else speeds
