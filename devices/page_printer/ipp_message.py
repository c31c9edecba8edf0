"""IPP messages: bytes to groups of attributes and back (RFC 8010, section 3).

Our own, because pyipp's parser refuses a whole answer for one value that its enumerations do not know (a maker's
own operation, a new finishing) and can be led in circles by a negative length. Every length is checked here.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from pyipp.enums import IppTag

from devices.errors import Garbled

#: `bytes` is a value of a syntax that nothing here looks into (dates, ranges, resolutions)
Value = int | bool | str | bytes | None

_FIRST_VALUE_TAG: Final = 0x10  # below: delimiters between groups (RFC 8010, 3.5.1)
_OUT_OF_BAND: Final = range(0x10, 0x20)  # "unknown", "no-value" and the like carry no value (3.5.2)
_STRINGS: Final = range(0x41, 0x4B)  # text, name, keyword, uri, … memberAttrName
_NUMBERS: Final = (IppTag.INTEGER, IppTag.ENUM)
_WITH_LANGUAGE: Final = (IppTag.TEXT_LANG, IppTag.NAME_LANG)


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute with all its values; a collection counts as one value, None."""

    name: str
    tag: int  #: of its first value
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Attributes that belong together, e.g. those of one job."""

    tag: int
    attributes: tuple[Attribute, ...] = ()

    def values(self, name: str) -> tuple[Value, ...]:
        """All values of an attribute; none when it is missing."""
        return next((each.values for each in self.attributes if each.name == name), ())

    def number(self, name: str) -> int | None:
        """The first value if it is an integer or enum."""
        value = next(iter(self.values(name)), None)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def numbers(self, name: str) -> tuple[int, ...]:
        """All values that are integers or enums."""
        return tuple(
            value for value in self.values(name) if isinstance(value, int) and not isinstance(value, bool)
        )

    def flag(self, name: str) -> bool | None:
        """The first value if it is a boolean."""
        value = next(iter(self.values(name)), None)
        return value if isinstance(value, bool) else None

    def words(self, name: str) -> tuple[str, ...]:
        """All values that are strings."""
        return tuple(value for value in self.values(name) if isinstance(value, str))

    def word(self, name: str) -> str:
        """The first string, or an empty one."""
        return next(iter(self.words(name)), "")


@dataclass(frozen=True, slots=True)
class Message:
    """A request or an answer."""

    code: int  #: operation of a request, status of an answer
    request_id: int
    groups: tuple[Group, ...]
    document: bytes = field(default=b"", repr=False)
    version: tuple[int, int] = (2, 0)

    def all(self, tag: int) -> tuple[Group, ...]:
        """The groups of one kind, in their order."""
        return tuple(group for group in self.groups if group.tag == tag)

    def first(self, tag: int) -> Group:
        """The first group of a kind, or an empty one."""
        return next(iter(self.all(tag)), Group(tag))


class _Cursor:
    """Walks over bytes and never past their end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    def take(self, count: int) -> bytes:
        """The next `count` bytes. Raises `Garbled`."""
        if len(self._data) - self.at < count:
            raise Garbled(protocol="ipp", why="ends too early", at=self.at)
        self.at += count
        return self._data[self.at - count : self.at]

    def byte(self) -> int:
        """The next byte, unsigned."""
        return self.take(1)[0]

    def sized(self) -> bytes:
        """A field that begins with its length, two bytes, signed by the RFC and never negative."""
        length = int.from_bytes(self.take(2), "big", signed=True)
        if length < 0:
            raise Garbled(protocol="ipp", why="negative length", at=self.at)
        return self.take(length)

    def rest(self) -> bytes:
        """All that is left."""
        return self.take(len(self._data) - self.at)


def parse_message(data: bytes) -> Message:
    """Read a message. Raises `Garbled` and nothing else."""
    cursor = _Cursor(data)
    major, minor, code, request_id = struct.unpack(">BBHi", cursor.take(8))
    if major not in (1, 2):
        raise Garbled(protocol="ipp", why="unknown version", major=major)
    groups = tuple(_groups(cursor))
    return Message(code, request_id, groups, cursor.rest(), (major, minor))


def _groups(cursor: _Cursor) -> Iterator[Group]:
    tag = cursor.byte()
    while tag != IppTag.END:
        if not 0 < tag < _FIRST_VALUE_TAG:
            raise Garbled(protocol="ipp", why="no group begins here", at=cursor.at)
        attributes, following = _attributes(cursor)
        yield Group(tag, attributes)
        tag = following


def _attributes(cursor: _Cursor) -> tuple[tuple[Attribute, ...], int]:
    """The attributes up to the next delimiter, and that delimiter."""
    found: list[tuple[str, int, list[Value]]] = []
    depth = 0  # of collections; what is inside them is passed over
    while (tag := cursor.byte()) >= _FIRST_VALUE_TAG:
        name, raw = cursor.sized(), cursor.sized()
        if tag == IppTag.END_COLLECTION:
            depth -= 1
            if depth < 0:
                raise Garbled(protocol="ipp", why="end of no collection", at=cursor.at)
            continue
        inside = depth > 0
        depth += tag == IppTag.BEGIN_COLLECTION
        if inside:
            continue
        if name:
            found.append((name.decode("utf-8", "replace"), tag, []))
        elif not found:
            raise Garbled(protocol="ipp", why="value without a name", at=cursor.at)
        found[-1][2].append(_value(tag, raw, cursor.at))
    if depth:
        raise Garbled(protocol="ipp", why="collection without an end", at=cursor.at)
    return tuple(Attribute(name, first, tuple(values)) for name, first, values in found), tag


def _value(tag: int, raw: bytes, at: int) -> Value:
    if tag in _NUMBERS or tag == IppTag.BOOLEAN:
        if len(raw) != (1 if tag == IppTag.BOOLEAN else 4):
            raise Garbled(protocol="ipp", why="number of a wrong length", at=at)
        number = int.from_bytes(raw, "big", signed=True)
        return bool(number) if tag == IppTag.BOOLEAN else number
    if tag in _STRINGS:
        return raw.decode("utf-8", "replace")
    if tag in _WITH_LANGUAGE:
        inner = _Cursor(raw)
        inner.sized()
        return inner.sized().decode("utf-8", "replace")
    if tag in _OUT_OF_BAND or tag == IppTag.BEGIN_COLLECTION:
        return None
    return raw


def format_message(message: Message) -> bytes:
    """The inverse of `parse_message`, for messages without collections."""
    out = bytearray(struct.pack(">BBHi", *message.version, message.code, message.request_id))
    for group in message.groups:
        out.append(group.tag)
        for attribute in group.attributes:
            out += _formatted(attribute)
    out.append(IppTag.END)
    return bytes(out) + message.document


def _formatted(attribute: Attribute) -> bytes:
    out = bytearray()
    name = attribute.name.encode()
    for value in attribute.values:
        raw = _raw(attribute.tag, value)
        out += struct.pack(">Bh", attribute.tag, len(name)) + name + struct.pack(">h", len(raw)) + raw
        name = b""  # only the first value bears it (RFC 8010, 3.1.5)
    return bytes(out)


def _raw(tag: int, value: Value) -> bytes:
    match value:
        case None:
            return b""
        case bool():
            return bytes([value])
        case int():
            return value.to_bytes(4, "big", signed=True)
        case str():
            text = value.encode()
            return struct.pack(">hh", 0, len(text)) + text if tag in _WITH_LANGUAGE else text
        case bytes():
            return value
