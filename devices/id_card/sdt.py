"""Resident ID card reader, SDT / SAM_A protocol (serial, 115200 8N1).

Source: shared protocol notes, id_card_reader.md; section numbers below refer to it.
Frames are in `sdt_frames`, the conversation in `sdt_line`, the card's text in `card_text`.
Proven on: emulator only.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from devices.errors import Condition, DeviceError, Garbled, Refused, Unreachable
from devices.id_card import CardKind, IdCard
from devices.id_card.card_text import parse_text
from devices.id_card.sdt_frames import (
    FIND,
    READ_BASE,
    READ_MANAGEMENT,
    READ_NEW_ADDRESS,
    RESET,
    SAM_ID,
    SELECT,
    STATUS,
    Answer,
    Request,
    Sw3,
    parse_base,
    parse_sam_id,
)
from devices.id_card.sdt_line import SdtLine
from devices.status import Capabilities, State, Status, status_of
from devices.wire import Wire, open_wire
from ground.clock import Clock

#: what each status means to whoever stands there (§4)
_CONDITIONS: dict[int, Condition] = {
    Sw3.BAD_COMMAND: Condition.BAD_COMMAND,
    Sw3.NOT_ALLOWED: Condition.BAD_COMMAND,
    Sw3.UNRECOGNISED_ERROR: Condition.OUT_OF_SERVICE,
    Sw3.CARD_REFUSES_SAM: Condition.CARD_UNREADABLE,
    Sw3.SAM_REFUSES_CARD: Condition.SUSPECT_CARD,
    Sw3.BAD_MAC: Condition.CARD_UNREADABLE,
    Sw3.NO_ID_CARD: Condition.NOT_AN_ID_CARD,
    Sw3.READ_FAILED: Condition.CARD_UNREADABLE,
    Sw3.RANDOM_FAILED: Condition.CARD_UNREADABLE,
    Sw3.SELF_TEST_FAILED: Condition.OUT_OF_SERVICE,
    Sw3.SAM_UNAUTHORISED: Condition.OUT_OF_SERVICE,
    Sw3.NO_CARD: Condition.CARD_UNREADABLE,
    Sw3.SELECT_FAILED: Condition.CARD_UNREADABLE,
    Sw3.NOTHING_STORED: Condition.CARD_UNREADABLE,
}
#: after these the notes say "re-find", "reset" or "re-read": one more try, from the beginning (§4)
_WORTH_ANOTHER_TRY = (
    Sw3.SELECT_FAILED,
    Sw3.BAD_COMMAND,
    Sw3.NOT_ALLOWED,
    Sw3.UNRECOGNISED_ERROR,
    Sw3.BAD_MAC,
)
_CARD_IS_THERE = (Sw3.OK, Sw3.NOTHING_STORED, Sw3.NO_ID_CARD)  # only a card can have said this
_FINDS_UNTIL_GONE = 2  # §7.6: two "no card" in a row


class SdtSettings(BaseModel):
    """What is configured of an SDT reader."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    driver: Literal["sdt"] = "sdt"
    url: str
    baud: Literal[115200, 57600, 38400, 19200, 9600] = 115200
    #: the reader's time for status, find and select, without the wire's; 2 s: the vendors' library (§2)
    answer_timeout_s: float = Field(default=2.0, gt=0)
    #: the same for reading the chip, which takes 0.7 to 1.2 s; 5 s: the vendors' library (§2)
    read_timeout_s: float = Field(default=5.0, gt=0)


class SdtReader:
    """Implements `devices.id_card.IdCardReader`."""

    def __init__(self, settings: SdtSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._wire: Wire | None = None
        self._line: SdtLine | None = None
        self._identity = ""
        #: a card was found, or may have been, and was not read to its end. A strict reader does not find it
        #: again (§7.4), so the reading goes on where it broke off instead of waiting until the card is lifted
        self._begun = False

    def open(self) -> None:
        """Take the port, ask for status and security module id (§7.1).

        Raises `Refused` (OUT_OF_SERVICE) when the module failed its self-test or is not authorised, and
        `DeviceError`.
        """
        self.close()
        self._wire = open_wire(self._settings.url, self._settings.baud)
        try:
            patience_s = self._settings.answer_timeout_s
            self._line = SdtLine(self._wire, self._clock, self._settings.baud, patience_s)
            _accept(STATUS, self._line.greet(STATUS, patience_s))
            answer = self._line.greet(SAM_ID, patience_s)
            _accept(SAM_ID, answer)
            self._identity = parse_sam_id(answer.body)
        except DeviceError:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the port. May be called twice."""
        wire, self._wire, self._line = self._wire, None, None
        if wire is not None:
            wire.close()

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
            if refused.facts.get("sw3") not in _WORTH_ANOTHER_TRY:
                self._begun = False
                raise
            card = self._second_attempt(refused)
            if card is None:
                raise
            return card

    def status(self) -> Status:
        """Ask for the module's status (§3); no card is touched. Raises `DeviceError` when it does not answer."""
        try:
            _accept(STATUS, self._ask(STATUS))
        except Refused as refused:
            return status_of(refused)
        return Status(State.ONLINE)

    def capabilities(self) -> Capabilities:
        """What this driver makes of the reader."""
        return {"kinds": [kind.value for kind in CardKind], "photo": True, "baud": self._settings.baud}

    def card_present(self) -> bool:
        """Whether a card lies there, also right after it was read, on strict and on lenient readers.

        A card that was read still tells its management number (30 05) or its new address (30 03); only when
        it does neither and is not found twice, it is gone (§7.4, §7.6).
        """
        for probe in (READ_MANAGEMENT, READ_NEW_ADDRESS):
            if self._ask(probe).sw3 in _CARD_IS_THERE:
                return True
        if any(self._found() for _ in range(_FINDS_UNTIL_GONE)):
            return True
        self._begun = self._begun and self._ask(SELECT).sw3 == Sw3.OK
        return self._begun

    def _attempt(self) -> IdCard | None:
        found = self._found()
        if not found and not self._begun:
            return None
        selected = self._ask(SELECT)
        if (
            found or selected.sw3 != Sw3.SELECT_FAILED
        ):  # a card selected before the reading broke off cannot be again
            _accept(SELECT, selected)
        answer = self._ask(READ_BASE)
        if answer.sw3 == Sw3.READ_FAILED and not found:
            self._begun = False  # it was lifted since
            return None
        _accept(READ_BASE, answer)
        card = parse_text(*parse_base(answer.body))
        self._begun = False
        return card

    def _second_attempt(self, refused: Refused) -> IdCard | None:
        if refused.facts["sw3"] == Sw3.UNRECOGNISED_ERROR:
            _accept(RESET, self._ask(RESET))
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
        _accept(FIND, answer)
        return True

    def _ask(self, request: Request) -> Answer:
        """The answer to `request`. A module that is out of service is raised here, whatever was asked."""
        if self._line is None:
            raise Unreachable(url=self._settings.url, reason="not open")
        slow = request.command == READ_BASE.command
        answer = self._line.ask(
            request, self._settings.read_timeout_s if slow else self._settings.answer_timeout_s
        )
        if answer.sw3 in (Sw3.SELF_TEST_FAILED, Sw3.SAM_UNAUTHORISED):
            _accept(request, answer)
        return answer


def _accept(request: Request, answer: Answer) -> None:
    """Raise what the status means unless it is `request`'s success."""
    if answer.sw3 == request.success:
        return
    condition = _CONDITIONS.get(answer.sw3)
    if condition is None:
        raise Garbled(request=request.name, sw3=answer.sw3)
    raise Refused(condition, request=request.name, sw3=answer.sw3)
