"""ESC/POS status bytes: what a receipt printer says, read and written.

Source: shared protocol notes, receipt_printer.md; section numbers below refer to it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from devices.receipt_printer import Sensors
from devices.status import Supply

XON, XOFF = 0x11, 0x13  # §2

# §1: DLE EOT n. Bits 0 and 7 are 0, bits 1 and 4 are 1 in every answer.
_REAL_TIME_MASK, _REAL_TIME_BITS = 0b1001_0011, 0b0001_0010
_PRINTER_OFFLINE = 0x08
_CAUSE_COVER, _CAUSE_PAPER, _CAUSE_ERROR = 0x04, 0x20, 0x40
_ERROR_JAM = 0x04  # mechanical, or the black mark was not found: the paper does not go as it should
_ERROR_CUTTER, _ERROR_UNRECOVERABLE, _ERROR_RECOVERABLE = 0x08, 0x20, 0x40
_ROLL_NEAR_END, _ROLL_END = 0x0C, 0x60
_ROLL_END_BIT5 = 0x20
_ROLL_PRESENTER = 0x40  # PPU-231 alone

# §2: the demultiplexing rule.
_BUFFERED_MASK, _BUFFERED_BITS = 0b1001_0000, 0b0000_0000
_ASB_MASK, _ASB_BITS = 0b1001_0011, 0b0001_0000
_ASB_LENGTH = 4
_BLOCK_HEADERS: Final = (0x5F, 0x3D, 0x37)  # GS I text, GS I information; 37h: the answer to DLE DC4 8 [M]
_BLOCK_LONGEST = 82  # header, 80 characters, NUL

# §1, model deviations: Custom KPM150-H answers 10 04 14 with 10 0F and four bytes [V1].
FULL_STATUS_REQUEST = bytes.fromhex("100414")
_FULL_HEADER, _FULL_LENGTH = bytes.fromhex("100F"), 6
_FULL_NO_PAPER, _FULL_NEAR_END, _FULL_TICKET = 0x01, 0x04, 0x20
_FULL_HEAD_UP, _FULL_COVER = 0x01, 0x02

#: DLE EOT n may ask for these
Question = Literal[1, 2, 3, 4]
#: which bits of DLE EOT 4 mean "no paper": both (Epson and most), or bit 5 alone (kiosk units, §1 deviations)
PaperEnd = Literal["both", "bit5"]
#: how a printer tells that a slip stands in its presenter: not at all, by bit 6 of DLE EOT 4 (PPU-231), or in the
#: six bytes of KPM150-H
Presenter = Literal["none", "ppu231_bit6", "kpm150"]


@dataclass(frozen=True, slots=True)
class RealTime:
    """An answer to DLE EOT. It does not say to which question."""

    byte: int


@dataclass(frozen=True, slots=True)
class Buffered:
    """An answer to GS r or a one-byte GS I: everything sent before the question has been worked off."""

    byte: int


@dataclass(frozen=True, slots=True)
class AutoStatus:
    """A block of Automatic Status Back, unasked."""

    block: bytes  #: 4 bytes


@dataclass(frozen=True, slots=True)
class Block:
    """A text answer (GS I 65 and so on), without its header and its NUL."""

    content: bytes


@dataclass(frozen=True, slots=True)
class FullStatus:
    """KPM150-H's answer to 10 04 14, without its header."""

    block: bytes  #: paper, user, recoverable and unrecoverable byte


@dataclass(frozen=True, slots=True)
class Flow:
    """XON or XOFF."""

    stop: bool


Answer = RealTime | Buffered | AutoStatus | Block | FullStatus | Flow


def is_real_time(byte: int) -> bool:
    """Whether `byte` has the pattern 0xx1xx10 (§1)."""
    return byte & _REAL_TIME_MASK == _REAL_TIME_BITS


class Demultiplexer:
    """Takes apart what a printer sends, cut anywhere. Bytes that fit nothing are counted in `noise`.

    `full_status`: the model sends `FullStatus`, whose header is an ASB block of others.
    """

    def __init__(self, *, full_status: bool = False) -> None:
        self.noise = 0
        self._full_status = full_status
        self._held = bytearray()

    def feed(self, data: bytes) -> list[Answer]:
        """The answers that `data` completes, in order."""
        self._held += data
        return list(self._complete())

    def reset(self) -> None:
        """Forget a half-received answer."""
        self._held.clear()

    def _complete(self) -> Iterator[Answer]:
        while self._held:
            first = self._held[0]
            if first in _BLOCK_HEADERS:
                if not self._block_ended():
                    return
                answer = self._block()
            elif (
                self._full_status
                and first == _FULL_HEADER[0]
                and self._held[:2] in (_FULL_HEADER[:1], _FULL_HEADER)
            ):
                if len(self._held) < _FULL_LENGTH:
                    return
                answer = self._full()
            elif first & _ASB_MASK == _ASB_BITS:
                if len(self._held) < _ASB_LENGTH and not self._asb_broken():
                    return
                answer = self._asb()
            else:
                answer = self._single()
            if answer is not None:
                yield answer

    def _block_ended(self) -> bool:
        return 0 in self._held or len(self._held) > _BLOCK_LONGEST

    def _block(self) -> Answer | None:
        end = self._held.find(0)
        if end < 0:
            self._drop()
            return None
        content = bytes(self._held[1:end])
        del self._held[: end + 1]
        return Block(content)

    def _full(self) -> Answer:
        block = bytes(self._held[len(_FULL_HEADER) : _FULL_LENGTH])
        del self._held[:_FULL_LENGTH]
        return FullStatus(block)

    def _asb_broken(self) -> bool:
        return any(byte & _BUFFERED_MASK != _BUFFERED_BITS for byte in self._held[1:_ASB_LENGTH])

    def _asb(self) -> Answer | None:
        if self._asb_broken():
            self._drop()
            return None
        block = bytes(self._held[:_ASB_LENGTH])
        del self._held[:_ASB_LENGTH]
        return AutoStatus(block)

    def _single(self) -> Answer | None:
        byte = self._held[0]
        if byte in (XON, XOFF):
            answer: Answer = Flow(stop=byte == XOFF)
        elif is_real_time(byte):
            answer = RealTime(byte)
        elif byte & _BUFFERED_MASK == _BUFFERED_BITS:
            answer = Buffered(byte)
        else:
            self._drop()
            return None
        del self._held[0]
        return answer

    def _drop(self) -> None:
        del self._held[0]
        self.noise += 1


def parse_status(
    answers: Mapping[Question, int], paper_end: PaperEnd = "both", presenter: Presenter = "none"
) -> Sensors:
    """What the answers to DLE EOT 1..4 say together; a question without an answer stays None (§1)."""
    printer, cause, error = answers.get(1), answers.get(2), answers.get(3)
    cover = _bit(cause, _CAUSE_COVER)
    recoverable = _bit(error, _ERROR_RECOVERABLE)
    bit_6 = presenter == "ppu231_bit6"
    paper = _parse_roll(answers.get(4), "bit5" if bit_6 else paper_end)
    if _bit(cause, _CAUSE_PAPER):
        paper = Supply.OUT
    elif _bit(error, _ERROR_JAM) and paper is not Supply.OUT:
        paper = Supply.JAMMED
    return Sensors(
        online=None if printer is None else not printer & _PRINTER_OFFLINE,
        paper=paper,
        cover_open=cover,
        cutter_error=_bit(error, _ERROR_CUTTER),
        # the recoverable bit also stands for a cover that was opened while printing
        overheated=recoverable and not cover if recoverable is not None else None,
        unrecoverable=_bit(error, _ERROR_UNRECOVERABLE),
        ticket_waits=_bit(answers.get(4), _ROLL_PRESENTER) if bit_6 else None,
    )


def add_full_status(sensors: Sensors, block: bytes) -> Sensors:
    """`sensors` with what `FullStatus.block` knows: the presenter, and what DLE EOT left open.

    The notes name no bits of the last two bytes; any bit of the last is taken for an unrecoverable error.
    """
    roll, user, _, unrecoverable = block
    told = Supply.LOW if roll & _FULL_NEAR_END else Supply.FULL
    paper = Supply.OUT if roll & _FULL_NO_PAPER else told
    return replace(
        sensors,
        paper=paper if sensors.paper is Supply.UNKNOWN or paper is Supply.OUT else sensors.paper,
        cover_open=sensors.cover_open or bool(user & (_FULL_HEAD_UP | _FULL_COVER)),
        unrecoverable=sensors.unrecoverable or bool(unrecoverable),
        ticket_waits=bool(roll & _FULL_TICKET),
    )


def format_full_status(sensors: Sensors) -> bytes:
    """The six bytes with which a KPM150-H with these `sensors` answers 10 04 14 (§1)."""
    roll = {Supply.OUT: _FULL_NO_PAPER | _FULL_NEAR_END, Supply.LOW: _FULL_NEAR_END}.get(sensors.paper, 0)
    roll |= _FULL_TICKET * bool(sensors.ticket_waits)
    user = _FULL_COVER * bool(sensors.cover_open)
    return _FULL_HEADER + bytes((roll, user, 0, int(bool(sensors.unrecoverable))))


def format_status(sensors: Sensors, presenter: Presenter = "none") -> dict[Question, int]:
    """The bytes with which a printer with these `sensors` answers DLE EOT 1..4 (§1)."""
    out = sensors.paper is Supply.OUT
    error = bool(_errors(sensors))
    end = _ROLL_END
    if presenter == "ppu231_bit6":
        end = _ROLL_END_BIT5
    roll = {Supply.OUT: end | _ROLL_NEAR_END, Supply.LOW: _ROLL_NEAR_END}.get(sensors.paper, 0)
    if presenter == "ppu231_bit6":
        roll |= _ROLL_PRESENTER * bool(sensors.ticket_waits)
    return {
        1: _REAL_TIME_BITS | _PRINTER_OFFLINE * (not sensors.online),
        2: _REAL_TIME_BITS
        | _CAUSE_COVER * bool(sensors.cover_open)
        | _CAUSE_PAPER * out
        | _CAUSE_ERROR * error,
        3: _REAL_TIME_BITS | _errors(sensors),
        4: _REAL_TIME_BITS | roll,
    }


def format_auto_status(sensors: Sensors) -> bytes:
    """The four bytes that a printer with these `sensors` pushes when GS a is on (§2)."""
    first = 0x10 | 0x08 * (not sensors.online) | 0x20 * bool(sensors.cover_open)
    third = {Supply.OUT: 0x0F, Supply.LOW: 0x03}.get(sensors.paper, 0)
    return bytes((first, _errors(sensors), third, 0))


def format_paper_sensor(sensors: Sensors) -> int:
    """The answer to GS r 1 (§2)."""
    return {Supply.OUT: 0x0F, Supply.LOW: 0x03}.get(sensors.paper, 0)


def _errors(sensors: Sensors) -> int:
    return (
        _ERROR_JAM * (sensors.paper is Supply.JAMMED)
        | _ERROR_CUTTER * bool(sensors.cutter_error)
        | _ERROR_UNRECOVERABLE * bool(sensors.unrecoverable)
        | _ERROR_RECOVERABLE * bool(sensors.overheated)
    )


def _bit(byte: int | None, mask: int) -> bool | None:
    return None if byte is None else bool(byte & mask)


def _parse_roll(byte: int | None, paper_end: PaperEnd) -> Supply:
    if byte is None:
        return Supply.UNKNOWN
    end = byte & (_ROLL_END if paper_end == "both" else _ROLL_END_BIT5)
    if end:
        # one of two twin bits alone is no answer but a question: this model means something else by it
        return Supply.OUT if end == _ROLL_END or paper_end == "bit5" else Supply.UNKNOWN
    return Supply.LOW if byte & _ROLL_NEAR_END else Supply.FULL
