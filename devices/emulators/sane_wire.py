"""SANE's network protocol, the side of the scanner: words, strings and arrays as `saned` sends them.

Source: SANE standard 1.06, chapter 5 ("Network protocol"); the client that it is tried against is Debian's
libsane-net 1.1.1.
"""

import enum
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass

PORT = 6566  # IANA: sane-port. The client knows no other, so emulators differ in their address
VERSION = (1 << 24) | 3  # SANE 1.0, protocol 3
BIG_ENDIAN = 0x4321
END_OF_DATA = b"\xff\xff\xff\xff"
_LONGEST = 1 << 16  # bytes of a string or elements of an array that a client may send


class Call(enum.IntEnum):
    """The procedures."""

    INIT = 0
    GET_DEVICES = 1
    OPEN = 2
    CLOSE = 3
    GET_OPTIONS = 4
    CONTROL_OPTION = 5
    GET_PARAMETERS = 6
    START = 7
    CANCEL = 8
    AUTHORIZE = 9
    EXIT = 10


class Kind(enum.IntEnum):
    """What an option holds."""

    BOOL = 0
    INT = 1
    FIXED = 2
    STRING = 3


class Unit(enum.IntEnum):
    """What an option is measured in."""

    NONE = 0
    MM = 3
    DPI = 4


SOFT_SELECT, HARD_SELECT, SOFT_DETECT = 1, 2, 4  # capabilities of an option
READ_ONLY = HARD_SELECT | SOFT_DETECT  # a sensor
RELOAD_PARAMETERS = 4  # in the answer to a changed option


@dataclass(frozen=True, slots=True)
class Descriptor:
    """One option as it is offered."""

    name: str
    kind: Kind
    unit: Unit = Unit.NONE
    choices: (
        Sequence[str] | Sequence[int] | tuple[float, float]
    ) = ()  #: strings, numbers, or lowest and highest
    capability: int = SOFT_SELECT | SOFT_DETECT

    @property
    def size(self) -> int:
        """Bytes of its value."""
        longest = max((len(str(choice)) for choice in self.choices), default=0)
        return longest + 1 if self.kind is Kind.STRING else 4


class Reader:
    """Takes a request apart; `receive` gives exactly so many bytes or raises."""

    def __init__(self, receive: Callable[[int], bytes]) -> None:
        self._receive = receive

    def word(self) -> int:
        """A signed number."""
        return int(struct.unpack(">i", self._receive(4))[0])

    def text(self) -> str:
        """A string; "" for none."""
        length = self._length()
        return self._receive(length).rstrip(b"\0").decode(errors="replace") if length else ""

    def value(self, kind: int) -> int | str:
        """An option's value: one word, or a string."""
        if kind == Kind.STRING:
            return self.text()
        words = [self.word() for _ in range(self._length())]
        return words[0] if words else 0

    def _length(self) -> int:
        length = self.word()
        if not 0 <= length <= _LONGEST:
            raise ConnectionError("not SANE's protocol")
        return length


def word(number: int) -> bytes:
    """A signed number."""
    return struct.pack(">i", number)


def text(said: str | None) -> bytes:
    """A string with its closing zero; None is no string at all."""
    return word(0) if said is None else word(len(said.encode()) + 1) + said.encode() + b"\0"


def fixed(number: float) -> int:
    """A number in SANE's 16.16 bits."""
    return round(number * 65536)


def value(kind: Kind, now: int | str, size: int) -> bytes:
    """An option's value as the answer carries it."""
    if kind is Kind.STRING:
        said = str(now).encode()[: size - 1]
        return word(size) + said.ljust(size, b"\0")
    return word(1) + word(int(now))


def devices(found: Sequence[tuple[str, str, str, str]]) -> bytes:
    """A list of scanners: name, maker, model, sort of each."""
    listed = b"".join(word(0) + b"".join(map(text, device)) for device in found)
    return word(0) + word(len(found) + 1) + listed + word(1)  # ended by a pointer to nothing


def options(offered: Sequence[Descriptor]) -> bytes:
    """All options; the first is the number of options, as the standard wants it."""
    count = Descriptor("", Kind.INT, capability=SOFT_DETECT)
    return word(len(offered) + 1) + b"".join(word(0) + _descriptor(each) for each in (count, *offered))


def _descriptor(option: Descriptor) -> bytes:
    said = option.name.replace("-", " ")
    head = text(option.name) + text(said) + text(said)
    head += b"".join(map(word, (option.kind, option.unit, option.size, option.capability)))
    return head + _constraint(option)


def _constraint(option: Descriptor) -> bytes:
    if not option.choices:
        return word(0)
    if option.kind is Kind.STRING:
        names = [text(str(choice)) for choice in option.choices]
        return word(3) + word(len(names) + 1) + b"".join(names) + text(None)
    if option.kind is Kind.FIXED:
        low, high = (fixed(float(limit)) for limit in option.choices)
        return word(1) + word(0) + word(low) + word(high) + word(0)
    numbers = [word(int(choice)) for choice in option.choices]
    return word(2) + word(len(numbers) + 1) + word(len(numbers)) + b"".join(numbers)
