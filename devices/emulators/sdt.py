"""An SDT / SAM_A ID card reader as the host sees it.

Source: shared protocol notes, id_card_reader.md §8; section numbers below refer to it.
"""

import enum
import threading
from typing import ClassVar

from devices.emulators.base import SerialEmulator
from devices.emulators.sample_cards import SAMPLE_CARDS, WANG_XIAOMING
from devices.errors import Garbled
from devices.id_card import IdCard
from devices.id_card.card_text import format_addresses, format_text
from devices.id_card.sdt_frames import (
    BAUDS,
    FIND,
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
    Request,
    Scanner,
    Sw3,
    format_answer,
    format_base,
    format_sam_id,
    parse_request,
)
from ground.clock import Clock

SAM_LABEL = "05.03-20260101-0012345678-0987654321"  # §3.4, the notes' vector
NOWHERE = -1  #: for the fault knobs: no fault

_GAP_S = 1.0  # §8: a silence this long inside a frame drops what was received
_LONGEST_REQUEST = 4  # length field; only SET MAX RF BYTES has a body, of one byte (§3)
_FINGER_BYTES = 512  # §3.2, one template
_DN = bytes.fromhex("42 90 06 00 00 00 00 01 00 00 00 00 00 00 00 01")  # a card's management number, invented


class State(enum.Enum):
    """Where the conversation about the card stands (§8)."""

    EMPTY = enum.auto()
    PRESENT = enum.auto()
    FOUND = enum.auto()
    SELECTED = enum.auto()
    READ_DONE = enum.auto()


class SdtEmulator(SerialEmulator):
    """The reader with at most one card on it. Commands are worked off one after the other."""

    knobs: ClassVar[tuple[str, ...]] = (
        "card_on",
        "card_sample",
        "strict_refind",
        "find_s",
        "select_s",
        "read_s",
        "answer_s",
        "fingers",
        "new_address",
        "self_test_failed",
        "unauthorised",
        "mute",
        "forced_sw3",
        "flip_at",
        "drop_at",
        "add_at",
    )

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.strict_refind = True  #: FIND answers "no card" until a card that was found is lifted (§7.4)
        self.find_s = 0.05  # §8: 30 to 80 ms
        self.select_s = 0.045  # §8: 30 to 60 ms
        self.read_s = 0.9  # §8: 700 to 1200 ms
        self.answer_s = 0.005  #: for what needs no card; chosen
        self.fingers = 0  #: 0, 1 or 2 templates in READ_BASE_FINGERS, all zeros
        self.new_address = ""  #: "" answers 91, "nothing stored"
        self.self_test_failed = False
        self.unauthorised = False
        self.forced_sw3 = 0  #: what the next command about the card answers instead, once; 0: the truth
        self.flip_at = NOWHERE  #: offset of the byte that is inverted in the next answer, once
        self.drop_at = NOWHERE  #: offset of the byte that is left out of the next answer, once
        self.add_at = NOWHERE  #: offset before which a byte AA is added to the next answer, once
        self.iin = bytes(4)  # §9: always zero in the notes, perhaps not in the field
        self.serial_number = bytes(8)
        self.baud = 115200  #: as the host last set it; a real module forgets or keeps it, nobody knows (§3)
        self._card: IdCard = WANG_XIAOMING
        self._state = State.EMPTY
        self._lifted = False  #: the card left while a command was running
        self._scanner = Scanner(longest=_LONGEST_REQUEST)
        self._heard_at = clock.instant()
        self._running: list[tuple[float, Request]] = []  #: (instant of the answer, command), in order
        self._chip = threading.RLock()  #: guards everything above that starts with _

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

    def connected(self) -> None:
        with self._chip:
            self._scanner.clear()
            self._running.clear()
        super().connected()

    def receive(self, data: bytes) -> None:
        if self.mute:
            return
        with self._chip:
            if self.clock.instant() - self._heard_at > _GAP_S:
                self._scanner.clear()
            self._heard_at = self.clock.instant()
            self._scanner.feed(data)
            while (frame := self._scanner.take()) is not None:
                self._start(_understood(frame))

    def take(self) -> bytes:
        with self._chip:
            while self._running and self.clock.due(self._running[0][0]):
                _, request = self._running.pop(0)
                self.say(self._faulty(format_answer(self._answer(request))))
                self._lifted = False
        return super().take()

    def next_due(self) -> float | None:
        with self._chip:
            running = self._running[0][0] if self._running else None
        said = super().next_due()
        return min((at for at in (running, said) if at is not None), default=None)

    def _start(self, request: Request) -> None:
        free = self._running[-1][0] if self._running else self.clock.instant()
        if not self._running:
            self._lifted = False
        self._running.append((max(free, self.clock.instant()) + self._thinking_s(request), request))

    def _thinking_s(self, request: Request) -> float:
        slow = {
            FIND.code: self.find_s,
            SELECT.code: self.select_s,
            READ_BASE.code: self.read_s,
            READ_BASE_FINGERS.code: self.read_s,
        }
        return slow.get(request.code, self.answer_s)

    def _answer(self, request: Request) -> Answer:
        """What is said at the end of `request`, by what is true then."""
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
        if request.code == RESET.code:
            self._state = State.PRESENT if self.card_on else State.EMPTY
        elif request.code == SAM_ID.code:
            return Answer(Sw3.OK, format_sam_id(SAM_LABEL))
        elif request.command == SET_BAUD_COMMAND and request.parameter in BAUDS.values():
            self.baud = next(baud for baud, parameter in BAUDS.items() if parameter == request.parameter)
        elif request.code not in (STATUS.code, (SET_MAX_RF_COMMAND, 0xFF)):
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
            case READ_BASE_FINGERS.code:
                fingers = bytes(_FINGER_BYTES * self.fingers)
                return self._read(format_base(format_text(self._card), self._photo(), fingers))
            case READ_NEW_ADDRESS.code:
                stored = format_addresses((self.new_address,)) if self.new_address else b""
                return self._read(stored, Sw3.OK if stored else Sw3.NOTHING_STORED)
            case READ_MANAGEMENT.code:
                return self._read(self.iin + self.serial_number + _DN)
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

    def _faulty(self, frame: bytes) -> bytes:
        """`frame` with the faults that the knobs ask for, each once."""
        bad = bytearray(frame)
        if 0 <= self.flip_at < len(bad):
            bad[self.flip_at] ^= 0xFF
            self.flip_at = NOWHERE
        if 0 <= self.add_at <= len(bad):
            bad.insert(self.add_at, 0xAA)
            self.add_at = NOWHERE
        if 0 <= self.drop_at < len(bad):
            del bad[self.drop_at]
            self.drop_at = NOWHERE
        return bytes(bad)


def _understood(frame: bytes) -> Request:
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
