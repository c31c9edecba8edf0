"""Frames of Modbus RTU, as far as relay and contact boards need it.

Source: MODBUS Application Protocol Specification V1.1b3 (functions 01, 02, 05, 0F; exceptions, §7) and MODBUS over
Serial Line V1.02 (RTU frame, CRC, silent interval), both from memory and checked against their printed examples;
shared protocol notes, others.md §8.

    address | function | data | CRC, low byte first
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass

_CRC_BYTES = 2
_EXCEPTION = 0x80  # added to the function of a refused question
_EXCEPTION_BYTES = 5  # address, function, code, CRC
_MOST_BITS = 1968  # of one write (0x7B0); reads may be longer, boards are not
_ON, _OFF = b"\xff\x00", b"\x00\x00"


class Function(enum.IntEnum):
    """What is asked of a board."""

    READ_COILS = 0x01  #: how its outputs stand
    READ_INPUTS = 0x02  #: how its contacts stand
    WRITE_COIL = 0x05
    WRITE_COILS = 0x0F


class ExceptionCode(enum.IntEnum):
    """Why a board refuses."""

    ILLEGAL_FUNCTION = 0x01
    ILLEGAL_ADDRESS = 0x02
    ILLEGAL_VALUE = 0x03
    DEVICE_FAILURE = 0x04
    ACKNOWLEDGE = 0x05
    BUSY = 0x06


@dataclass(frozen=True, slots=True)
class Request:
    """One question to one board, and what its answer must look like."""

    address: int  #: 1 to 247
    function: Function
    body: bytes
    answer_bytes: int  #: of the whole frame, unless it is an exception
    answer_starts: bytes  #: what the answer's data begin with: a count of bytes, or an echo


@dataclass(frozen=True, slots=True)
class Answer:
    """A board's answer: either data or an exception."""

    data: bytes = b""  #: without what every answer to this question begins with
    exception: int | None = None  #: an `ExceptionCode`, or a number that is none


def read_bits(address: int, function: Function, first: int, count: int) -> Request:
    """Ask for `count` coils or inputs from line `first` (counted from 0). Raises ValueError."""
    if not 1 <= count <= _MOST_BITS:
        raise ValueError(f"1 to {_MOST_BITS} lines can be asked for at once")
    size = (count + 7) // 8
    body = first.to_bytes(2) + count.to_bytes(2)
    return Request(address, function, body, 3 + size + _CRC_BYTES, bytes((size,)))


def write_bit(address: int, line: int, on: bool) -> Request:
    """Switch one coil; the board echoes the question."""
    body = line.to_bytes(2) + (_ON if on else _OFF)
    return Request(address, Function.WRITE_COIL, body, 8, body)


def write_bits(address: int, first: int, levels: Sequence[bool]) -> Request:
    """Switch a row of coils; the board echoes where and how many. Raises ValueError."""
    if not 1 <= len(levels) <= _MOST_BITS:
        raise ValueError(f"1 to {_MOST_BITS} lines can be switched at once")
    where = first.to_bytes(2) + len(levels).to_bytes(2)
    packed = pack_bits(levels)
    return Request(
        address, Function.WRITE_COILS, where + bytes((len(packed),)) + packed, 6 + _CRC_BYTES, where
    )


def format_request(request: Request) -> bytes:
    """`request` as a frame."""
    return format_frame(bytes((request.address, request.function)) + request.body)


def format_exception(address: int, function: int, code: int) -> bytes:
    """A refusal as a frame."""
    return format_frame(bytes((address, function | _EXCEPTION, code)))


def format_frame(content: bytes) -> bytes:
    """`content` with its CRC."""
    return content + crc16(content).to_bytes(_CRC_BYTES, "little")


def find_answer(heard: bytes, request: Request) -> Answer | None:
    """The first whole answer to `request` in `heard`; None while there is none. Noise around it is passed over."""
    for at in range(len(heard) - _EXCEPTION_BYTES + 1):
        if heard[at] != request.address or heard[at + 1] & ~_EXCEPTION != request.function:
            continue
        refused = bool(heard[at + 1] & _EXCEPTION)
        frame = heard[at : at + (_EXCEPTION_BYTES if refused else request.answer_bytes)]
        if not is_whole(frame):
            continue
        if refused:
            return Answer(exception=frame[2])
        starts = request.answer_starts
        if len(frame) == request.answer_bytes and frame[2:-_CRC_BYTES].startswith(starts):
            return Answer(data=frame[2 + len(starts) : -_CRC_BYTES])
    return None


def missing_bytes(heard: bytes, request: Request) -> int:
    """How many bytes must come at least before `find_answer` can find one; 1 or more."""
    if len(heard) < _EXCEPTION_BYTES:
        return _EXCEPTION_BYTES - len(heard)
    if heard[0] == request.address and heard[1] == request.function:
        return max(1, request.answer_bytes - len(heard))
    return 1


def is_whole(frame: bytes) -> bool:
    """Whether `frame` ends with the CRC of what is before."""
    return len(frame) > _CRC_BYTES and format_frame(frame[:-_CRC_BYTES]) == frame


def pack_bits(levels: Sequence[bool]) -> bytes:
    """Eight lines a byte, the first in bit 0; what is left over is 0."""
    packed = bytearray((len(levels) + 7) // 8)
    for line, level in enumerate(levels):
        packed[line // 8] |= level << line % 8
    return bytes(packed)


def unpack_bits(packed: bytes, count: int) -> tuple[bool, ...]:
    """The first `count` lines of `packed`: the inverse of `pack_bits`."""
    return tuple(bool(packed[line // 8] >> line % 8 & 1) for line in range(count))


def crc16(content: bytes) -> int:
    """The CRC of Modbus: polynomial A001 (8005 reflected), start FFFF."""
    crc = 0xFFFF
    for byte in content:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc


def silent_interval_s(baud: int) -> float:
    """How long a line must be silent between two frames: 3.5 characters of 11 bits, 1.75 ms above 19200 baud."""
    return 0.00175 if baud > 19200 else 3.5 * 11 / baud
