"""The SDT / SAM_A frame (GA 467), both directions: pure `parse_…`/`format_…` pairs and a scanner.

Source: shared protocol notes, id_card_reader.md; section numbers below refer to it.

    request   AA AA AA 96 69 | length (2, big-endian) | command parameter  body | checksum
    answer    AA AA AA 96 69 | length (2, big-endian) | SW1 SW2 SW3        body | checksum

Length counts what follows it, checksum included; the checksum is the XOR from the length on (§2).
"""

import enum
from dataclasses import dataclass, field
from functools import reduce
from operator import xor

from devices.errors import Garbled

PREAMBLE = bytes.fromhex("AA AA AA 96 69")  # §2
HEADER = len(PREAMBLE) + 2  # bytes up to and with the length
SHORTEST_REQUEST = 3  # length of a request without body (§2)
SHORTEST_ANSWER = 4  # length of an answer without body (§2)
FINGER_BYTES = 512  # §3.2: one fingerprint template
LONGEST_ANSWER = 2400  # §2: sanity limit; the longest documented answer is 09 0A = 2314


class Sw3(enum.IntEnum):
    """The authoritative status byte (§4)."""

    OK = 0x90
    CARD_FOUND = 0x9F
    BAD_CHECKSUM = 0x10
    BAD_LENGTH = 0x11
    BAD_COMMAND = 0x21
    NOT_ALLOWED = 0x23
    UNRECOGNISED_ERROR = 0x24
    CARD_REFUSES_SAM = 0x31
    SAM_REFUSES_CARD = 0x32
    BAD_MAC = 0x33
    NO_ID_CARD = 0x40
    READ_FAILED = 0x41
    RANDOM_FAILED = 0x47
    SELF_TEST_FAILED = 0x60
    SAM_UNAUTHORISED = 0x66
    NO_CARD = 0x80
    SELECT_FAILED = 0x81
    NOTHING_STORED = 0x91


@dataclass(frozen=True, slots=True)
class Request:
    """What the host asks, and what its success looks like (§3)."""

    name: str  #: short, for the log
    command: int
    parameter: int
    body: bytes = b""
    success: Sw3 = Sw3.OK
    answer_bytes: int = 11  #: the whole frame when successful; the largest where `varies`
    varies: bool = False

    @property
    def code(self) -> tuple[int, int]:
        """Command and parameter: what tells commands apart."""
        return self.command, self.parameter

    def fits(self, answer: "Answer") -> bool:
        """Whether `answer` can be the answer to this request at all."""
        if answer.sw3 == self.success:
            size = HEADER + SHORTEST_ANSWER + len(answer.body)
            return size <= self.answer_bytes if self.varies else size == self.answer_bytes
        return not answer.body and answer.sw3 not in (Sw3.OK, Sw3.CARD_FOUND)


# §3, byte-exact
RESET = Request("reset", 0x10, 0xFF)
STATUS = Request("status", 0x11, 0xFF)
SAM_ID = Request("sam_id", 0x12, 0xFF, answer_bytes=27)
FIND = Request("find", 0x20, 0x01, success=Sw3.CARD_FOUND, answer_bytes=15)
SELECT = Request("select", 0x20, 0x02, answer_bytes=19)
READ_BASE = Request("read_base", 0x30, 0x01, answer_bytes=1295, varies=True)
READ_NEW_ADDRESS = Request("read_new_address", 0x30, 0x03, answer_bytes=11 + 4 * 70, varies=True)
READ_MANAGEMENT = Request("read_management", 0x30, 0x05, answer_bytes=39)
READ_BASE_FINGERS = Request("read_base_fingers", 0x30, 0x10, answer_bytes=2321, varies=True)
BAUDS = {115200: 0, 57600: 1, 38400: 2, 19200: 3, 9600: 4}  # parameter of command 60
SET_BAUD_COMMAND = 0x60
SET_MAX_RF_COMMAND = 0x61
SET_BAUD = {baud: Request("set_baud", SET_BAUD_COMMAND, parameter) for baud, parameter in BAUDS.items()}


def set_max_rf_bytes(count: int) -> Request:
    """How many bytes the radio link may carry at once; 50h and 58h are seen in the field (§3)."""
    return Request("set_max_rf_bytes", SET_MAX_RF_COMMAND, 0xFF, bytes([count]))


@dataclass(frozen=True, slots=True)
class Answer:
    """What the reader says. SW1 and SW2 come from the card and carry no verdict (§2)."""

    sw3: int
    body: bytes = field(default=b"", repr=False)  # may be a card's content: never in a log
    sw1: int = 0
    sw2: int = 0


def checksum(content: bytes) -> int:
    """XOR of all bytes."""
    return reduce(xor, content, 0)


def _framed(content: bytes) -> bytes:
    summed = (len(content) + 1).to_bytes(2, "big") + content
    return PREAMBLE + summed + bytes([checksum(summed)])


def _unframed(frame: bytes) -> bytes:
    """The content of a whole frame. Raises `Garbled`."""
    length = int.from_bytes(frame[len(PREAMBLE) : HEADER], "big")
    if not frame.startswith(PREAMBLE) or len(frame) != HEADER + length or length < 1:
        raise Garbled(reason="not a frame", bytes=len(frame))
    if checksum(frame[len(PREAMBLE) :]) != 0:
        raise Garbled(reason="checksum", bytes=len(frame))
    return frame[HEADER:-1]


def format_request(request: Request) -> bytes:
    """The frame that asks `request`."""
    return _framed(bytes([request.command, request.parameter]) + request.body)


def parse_request(frame: bytes) -> Request:
    """The request in a whole frame; its name is empty. Raises `Garbled`."""
    content = _unframed(frame)
    if len(content) < SHORTEST_REQUEST - 1:
        raise Garbled(reason="no request", bytes=len(frame))
    return Request("", content[0], content[1], content[2:])


def format_answer(answer: Answer) -> bytes:
    """The frame that says `answer`."""
    return _framed(bytes([answer.sw1, answer.sw2, answer.sw3]) + answer.body)


def parse_answer(frame: bytes) -> Answer:
    """The answer in a whole frame. Raises `Garbled`."""
    content = _unframed(frame)
    if len(content) < SHORTEST_ANSWER - 1:
        raise Garbled(reason="no answer", bytes=len(frame))
    return Answer(content[2], content[3:], content[0], content[1])


class Scanner:
    """Finds frames in a byte stream that may hold noise and pieces of frames (§2, resync rule)."""

    def __init__(self, longest: int = LONGEST_ANSWER) -> None:
        self._longest = longest  # greatest believable length field
        self._heard = bytearray()

    @property
    def wanted(self) -> int:
        """How many more bytes, at least, complete the next frame; 0 when `take` has something."""
        start = self._heard.find(PREAMBLE)
        if start < 0:
            return HEADER - self._tail()
        held = len(self._heard) - start
        if held < HEADER:
            return HEADER - held
        length = self._length(start)
        return 0 if length > self._longest else max(0, HEADER + length - held)

    def feed(self, data: bytes) -> None:
        """Bytes that arrived. Noise that cannot begin a frame is dropped at once."""
        self._heard += data
        if PREAMBLE not in self._heard:
            del self._heard[: len(self._heard) - self._tail()]

    def take(self) -> bytes | None:
        """The next whole frame, without the noise before it; None while it is not complete.

        A header whose length cannot be believed is given as it stands: seven bytes that no parser accepts.
        """
        if self.wanted:
            return None
        start = self._heard.find(PREAMBLE)
        length = self._length(start)
        end = start + HEADER + (0 if length > self._longest else length)
        frame = bytes(self._heard[start:end])
        del self._heard[:end]
        return frame

    def clear(self) -> None:
        """Forget everything."""
        self._heard.clear()

    def _length(self, start: int) -> int:
        return int.from_bytes(self._heard[start + len(PREAMBLE) : start + HEADER], "big")

    def _tail(self) -> int:
        """How many bytes at the end could begin a preamble."""
        for size in range(len(PREAMBLE) - 1, 0, -1):
            if self._heard.endswith(PREAMBLE[:size]):
                return size
        return 0


def parse_sam_id(body: bytes) -> str:
    """The security module's 16 bytes as the 36 characters printed on its label (§3.4). Raises `Garbled`."""
    if len(body) != 16:
        raise Garbled(reason="SAM id", bytes=len(body))
    first, second = int.from_bytes(body[0:2], "little"), int.from_bytes(body[2:4], "little")
    made, third, fourth = (int.from_bytes(body[at : at + 4], "little") for at in (4, 8, 12))
    return f"{first:02d}.{second:02d}-{made:08d}-{third:010d}-{fourth:010d}"


def format_sam_id(text: str) -> bytes:
    """The inverse of `parse_sam_id`. Raises ValueError."""
    head, made, third, fourth = text.split("-")
    first, second = head.split(".")
    words = ((first, 2), (second, 2), (made, 4), (third, 4), (fourth, 4))
    return b"".join(int(word).to_bytes(size, "little") for word, size in words)


@dataclass(frozen=True, slots=True)
class Management:
    """What tells one card from every other (§3, 30 05); not the citizen's number, but as personal as it."""

    iin: bytes = field(repr=False)  #: 4 bytes, as FIND answers them
    sn: bytes = field(repr=False)  #: 8 bytes, as SELECT answers them
    dn: bytes = field(repr=False)  #: 16 bytes


def parse_management(body: bytes) -> Management:
    """The 28 bytes of a READ_MANAGEMENT answer (§3). Raises `Garbled`."""
    if len(body) != 28:
        raise Garbled(reason="management number", bytes=len(body))
    return Management(body[:4], body[4:12], body[12:])


def format_management(management: Management) -> bytes:
    """The inverse of `parse_management`."""
    return management.iin + management.sn + management.dn


def parse_base(body: bytes) -> tuple[bytes, bytes]:
    """Text block and photo of a READ_BASE answer; its two length words rule (§3.1). Raises `Garbled`."""
    if len(body) < 4:
        raise Garbled(reason="no length words", bytes=len(body))
    text_size = int.from_bytes(body[0:2], "big")
    photo_size = int.from_bytes(body[2:4], "big")
    if text_size < 256 or len(body) != 4 + text_size + photo_size:
        raise Garbled(reason="length words", bytes=len(body), text=text_size, photo=photo_size)
    photo_at = 4 + text_size
    return body[4 : 4 + 256], body[photo_at : photo_at + min(photo_size, 1024)]


def parse_base_fingers(body: bytes) -> tuple[bytes, bytes, tuple[bytes, ...]]:
    """Text block, photo and fingerprint templates of a READ_BASE_FINGERS answer (§3.2). Raises `Garbled`.

    A card has none, one or two templates of 512 bytes each.
    """
    if len(body) < 6:
        raise Garbled(reason="no length words", bytes=len(body))
    fingers_size = int.from_bytes(body[4:6], "big")
    fingers_at = len(body) - fingers_size
    if fingers_at < 6 or fingers_size not in (0, FINGER_BYTES, 2 * FINGER_BYTES):
        raise Garbled(reason="length words", bytes=len(body), fingers=fingers_size)
    text, photo = parse_base(body[:4] + body[6:fingers_at])
    return (
        text,
        photo,
        tuple(body[at : at + FINGER_BYTES] for at in range(fingers_at, len(body), FINGER_BYTES)),
    )


def format_base(text: bytes, photo: bytes, fingers: bytes | None = None) -> bytes:
    """The body of a READ_BASE answer; of READ_BASE_FINGERS when `fingers` is given, even empty (§3.2)."""
    blocks = (text, photo) if fingers is None else (text, photo, fingers)
    return b"".join(len(block).to_bytes(2, "big") for block in blocks) + b"".join(blocks)
