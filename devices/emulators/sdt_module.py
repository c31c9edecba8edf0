"""The security module inside an SDT reader: the card on its antenna, and what it answers to each command.

Source: shared protocol notes, id_card_reader.md §7, §8; section numbers below refer to it. The line that leads to
it is in `sdt`.
"""

import enum
import threading

from devices.emulators.base import SerialEmulator
from devices.emulators.sample_cards import SAMPLE_CARDS, WANG_XIAOMING
from devices.errors import Garbled
from devices.id_card import IdCard
from devices.id_card.card_text import format_addresses, format_text
from devices.id_card.sdt_frames import (
    BAUDS,
    FIND,
    FINGER_BYTES,
    READ_BASE,
    READ_BASE_FINGERS,
    READ_MANAGEMENT,
    READ_NEW_ADDRESS,
    RESET,
    SAM_ID,
    SELECT,
    SET_BAUD_COMMAND,
    SET_MAX_RF_COMMAND,
    STATUS,
    Answer,
    Management,
    Request,
    Sw3,
    format_base,
    format_management,
    format_sam_id,
    parse_request,
)
from ground.clock import Clock

SAM_LABEL = "05.03-20260101-0012345678-0987654321"  # §3.4, the notes' vector

_DN = bytes.fromhex("42 90 06 00 00 00 00 01 00 00 00 00 00 00 00 01")  # a card's management number, invented


class State(enum.Enum):
    """Where the conversation about the card stands (§8)."""

    EMPTY = enum.auto()
    PRESENT = enum.auto()
    FOUND = enum.auto()
    SELECTED = enum.auto()
    READ_DONE = enum.auto()


class SdtModule(SerialEmulator):
    """The module with at most one card on it, and what is true of both."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.strict_refind = True  #: FIND answers "no card" until a card that was found is lifted (§7.4)
        self.fingers = 0  #: 0, 1 or 2 templates in READ_BASE_FINGERS, all zeros
        self.new_address = ""  #: a block for each line, also an empty one; "" answers 91, "nothing stored"
        self.self_test_failed = False
        self.unauthorised = False
        self.knows_max_rf = True  #: False: answers 21 to SET MAX RF BYTES
        self.knows_fingers = True  #: False: answers 21 to READ_BASE_FINGERS, as the oldest modules do
        self.max_rf_bytes = 0  #: as the host last set it; 0: never
        self.forced_sw3 = 0  #: what the next command about the card answers instead, once; 0: the truth
        self.iin = bytes(4)  # §9: always zero in the notes, perhaps not in the field
        self.serial_number = bytes(8)
        self._card: IdCard = WANG_XIAOMING
        self._state = State.EMPTY
        self._lifted = False  #: the card left while a command was running
        self._chip = threading.RLock()  #: guards what starts with _

    @property
    def state(self) -> State:
        """Where the conversation stands, for tests."""
        return self._state

    @property
    def card_on(self) -> bool:
        """Whether the card lies on the reader."""
        return self._state is not State.EMPTY

    @card_on.setter
    def card_on(self, on: bool) -> None:
        with self._chip:
            if not on:
                self._lifted = self._lifted or self.card_on
                self._state = State.EMPTY
            elif self._state is State.EMPTY:
                self._state = State.PRESENT

    @property
    def card(self) -> IdCard:
        """The card in the citizen's hand. Set while one lies there, it replaces that one."""
        return self._card

    @card.setter
    def card(self, card: IdCard) -> None:
        format_text(card)  # what no chip can hold is refused here and not in the middle of a conversation
        with self._chip:
            was_on = self.card_on
            self.card_on = False
            self._card = card
            self.card_on = was_on

    @property
    def card_sample(self) -> str:
        """`card` by its name in SAMPLE_CARDS, "" for another. Raises ValueError for an unknown name."""
        return next((name for name, card in SAMPLE_CARDS.items() if card == self._card), "")

    @card_sample.setter
    def card_sample(self, name: str) -> None:
        if name not in SAMPLE_CARDS:
            raise ValueError(f"no sample card {name}; there are {', '.join(SAMPLE_CARDS)}")
        self.card = SAMPLE_CARDS[name]

    def answer(self, request: Request) -> Answer:
        """What is said at the end of `request`, by what is true then. A named request is a misheard one."""
        if self.self_test_failed:
            return Answer(Sw3.SELF_TEST_FAILED)
        if self.unauthorised:
            return Answer(Sw3.SAM_UNAUTHORISED)
        if request.name:
            return Answer(Sw3[request.name])
        if request.command in (FIND.command, READ_BASE.command):
            return self._answer_of_card(request.code)
        return self._answer_of_module(request)

    def _answer_of_module(self, request: Request) -> Answer:
        match request.code:
            case STATUS.code:
                pass
            case RESET.code:
                self._state = State.PRESENT if self.card_on else State.EMPTY
            case SAM_ID.code:
                return Answer(Sw3.OK, format_sam_id(SAM_LABEL))
            case (command, parameter) if command == SET_BAUD_COMMAND and parameter in BAUDS.values():
                pass  # a matter of the line
            case (command, 0xFF) if command == SET_MAX_RF_COMMAND and self.knows_max_rf:
                self.max_rf_bytes = request.body[0]
            case _:
                return Answer(Sw3.BAD_COMMAND)
        return Answer(Sw3.OK)

    def _answer_of_card(self, code: tuple[int, int]) -> Answer:
        if self.forced_sw3:
            sw3, self.forced_sw3 = self.forced_sw3, 0
            return Answer(sw3)
        match code:
            case FIND.code:
                return self._find()
            case SELECT.code:
                return self._select()
            case READ_BASE.code:
                return self._read(format_base(format_text(self._card), self._photo()))
            case READ_BASE_FINGERS.code if self.knows_fingers:
                return self._read(format_base(format_text(self._card), self._photo(), self._templates()))
            case READ_NEW_ADDRESS.code:
                stored = format_addresses(tuple(self.new_address.split("\n"))) if self.new_address else b""
                return self._read(stored, Sw3.OK if stored else Sw3.NOTHING_STORED)
            case READ_MANAGEMENT.code:
                return self._read(format_management(Management(self.iin, self.serial_number, _DN)))
        return Answer(Sw3.BAD_COMMAND)

    def _find(self) -> Answer:
        if self._state is State.EMPTY or (self._state is not State.PRESENT and self.strict_refind):
            return Answer(Sw3.NO_CARD)
        self._state = State.FOUND
        return Answer(Sw3.CARD_FOUND, self.iin)

    def _select(self) -> Answer:
        if self._lifted:
            return Answer(Sw3.READ_FAILED)
        if self._state is not State.FOUND:
            return Answer(Sw3.SELECT_FAILED)
        self._state = State.SELECTED
        return Answer(Sw3.OK, self.serial_number)

    def _read(self, body: bytes, sw3: Sw3 = Sw3.OK) -> Answer:
        if self._lifted or self._state not in (State.SELECTED, State.READ_DONE):
            return Answer(Sw3.READ_FAILED)
        self._state = State.READ_DONE
        return Answer(sw3, body)

    def _photo(self) -> bytes:
        return self._card.photo[:1024].ljust(1024, b"\0")

    def _templates(self) -> bytes:
        """The card's own templates, else as many blank ones as `fingers` says."""
        return b"".join(self._card.fingerprints) or bytes(FINGER_BYTES * self.fingers)


def understood(frame: bytes) -> Request:
    """The request in `frame`; one that is misheard is named after the status that it deserves (§8)."""
    length = int.from_bytes(frame[5:7], "big")
    if len(frame) != 7 + length or length < 3:
        return Request(Sw3.BAD_LENGTH.name, 0, 0)
    try:
        request = parse_request(frame)
    except Garbled:
        return Request(Sw3.BAD_CHECKSUM.name, 0, 0)
    if len(request.body) != (1 if request.command == SET_MAX_RF_COMMAND else 0):
        return Request(Sw3.BAD_LENGTH.name, 0, 0)
    return request
