"""The ESC/POS byte stream taken apart into commands, each known by its length.

Source: shared protocol notes, receipt_printer.md §1 to §5; lengths that the notes do not give follow Epson's
public ESC/POS command reference. Because lengths are known, `10 04 01` inside a picture is a picture.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

TEXT = "text"
UNKNOWN = "unknown"

#: from the bytes after the opcode: how many of them belong to the command, or None while that cannot be told
Measure = Callable[[bytes], int | None]


@dataclass(frozen=True, slots=True)
class Command:
    """One command, or a run of text."""

    name: str  #: "ESC a", "GS v", "LF", TEXT or UNKNOWN
    raw: bytes
    body: bytes  #: what follows the opcode


def _fixed(length: int) -> Measure:
    return lambda rest: length if len(rest) >= length else None


def _after_header(header: int, payload: Callable[[bytes], int]) -> Measure:
    def measure(rest: bytes) -> int | None:
        if len(rest) < header:
            return None
        length = header + payload(rest)
        return length if len(rest) >= length else None

    return measure


def _until_nul(rest: bytes) -> int | None:
    end = rest.find(0)
    return None if end < 0 else end + 1


def _cut(rest: bytes) -> int | None:
    if not rest:
        return None
    return _fixed(2 if rest[0] in (0x41, 0x42) else 1)(rest)


def _barcode(rest: bytes) -> int | None:
    if not rest:
        return None
    if rest[0] <= 6:
        return _until_nul(rest)
    return _after_header(2, lambda r: r[1])(rest)


def _real_time_pulse(rest: bytes) -> int | None:
    if not rest:
        return None
    return _fixed(8 if rest[0] == 8 else 3)(rest)


def _word(low: int) -> Callable[[bytes], int]:
    return lambda rest: rest[low] | rest[low + 1] << 8


_FAMILIES = {0x1B: "ESC", 0x1D: "GS", 0x1C: "FS", 0x10: "DLE"}
_SINGLES = {0x0A: "LF", 0x0D: "CR", 0x09: "HT", 0x0C: "FF", 0x18: "CAN"}

_LENGTHS: dict[str, dict[int, str]] = {
    "ESC": {0: "@2LS<vimP", 1: "!%-3=?EGJKMRTVadetu{r9 ", 2: "$\\Bc", 3: "p", 8: "W"},
    "GS": {0: ":", 1: "!/BHabefhrwI", 2: "$LPW\\", 3: "^"},
    "FS": {0: "&.", 1: "!-CW", 2: "Sp"},
    "DLE": {1: "\x04\x05"},
}
_MEASURES: dict[tuple[str, str], Measure] = {
    (family, letter): _fixed(length)
    for family, lengths in _LENGTHS.items()
    for length, letters in lengths.items()
    for letter in letters
} | {
    ("ESC", "*"): _after_header(3, lambda r: _word(1)(r) * (3 if r[0] >= 32 else 1)),
    ("ESC", "D"): _until_nul,
    ("GS", "("): _after_header(3, _word(1)),
    ("GS", "*"): _after_header(2, lambda r: r[0] * r[1] * 8),
    ("GS", "V"): _cut,
    ("GS", "k"): _barcode,
    ("GS", "v"): _after_header(6, lambda r: _word(2)(r) * _word(4)(r)),
    ("FS", "2"): _fixed(2 + 72),
    ("DLE", "\x14"): _real_time_pulse,
}


class CommandStream:
    """Bytes, cut anywhere, become commands.

    It follows Kanji mode (FS &, FS .), because that decides which bytes a character consists of.
    """

    def __init__(self, *, kanji_at_start: bool = True) -> None:
        self._kanji_at_start = kanji_at_start
        self._kanji = kanji_at_start
        self._held = bytearray()

    def feed(self, data: bytes) -> list[Command]:
        """The commands that `data` completes, in order."""
        self._held += data
        return list(self._complete())

    def reset(self) -> None:
        """Forget a half-received command."""
        self._held.clear()
        self._kanji = self._kanji_at_start

    def _complete(self) -> Iterator[Command]:
        while self._held:
            first = self._held[0]
            if first in _FAMILIES:
                command = self._sequence(_FAMILIES[first])
            elif first < 0x20:
                command = self._take(_SINGLES.get(first, UNKNOWN), 1, 1)
            else:
                command = self._text()
            if command is None:
                return
            self._follow_kanji(command)
            yield command

    def _sequence(self, family: str) -> Command | None:
        if len(self._held) < 2:
            return None
        letter = chr(self._held[1])
        measure = _MEASURES.get((family, letter))
        if measure is None:
            return self._take(UNKNOWN, 2, 2)
        length = measure(bytes(self._held[2:]))
        if length is None:
            return None
        name = f"{family} {letter}" if letter.isprintable() else f"{family} {ord(letter):02X}"
        return self._take(name, 2, 2 + length)

    def _text(self) -> Command | None:
        length = 0
        while length < len(self._held) and self._held[length] >= 0x20:
            size = self._character(length)
            if size is None:
                break
            if size == 0:
                return self._take(TEXT, 0, length) if length else self._take(UNKNOWN, 1, 1)
            length += size
        return self._take(TEXT, 0, length) if length else None

    def _character(self, at: int) -> int | None:
        """Bytes of the character at `at`: 0 when it is none, None while its end has not come (§4)."""
        if not self._kanji or self._held[at] < 0x80:
            return 1
        if self._held[at] in (0x80, 0xFF):
            return 0
        code = self._held[at : at + 4]
        if len(code) < 2:
            return None
        if 0x40 <= code[1] <= 0xFE and code[1] != 0x7F:
            return 2
        if not 0x30 <= code[1] <= 0x39:
            return 0
        if len(code) < 4:
            return None
        return 4 if 0x81 <= code[2] <= 0xFE and 0x30 <= code[3] <= 0x39 else 0

    def _take(self, name: str, opcode: int, length: int) -> Command:
        raw = bytes(self._held[:length])
        del self._held[:length]
        return Command(name, raw, raw[opcode:])

    def _follow_kanji(self, command: Command) -> None:
        match command.name:
            case "FS &":
                self._kanji = True
            case "FS .":
                self._kanji = False
            case "ESC @":
                self._kanji = self._kanji_at_start
