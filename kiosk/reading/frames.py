"""What passes through the pipes between the terminal and its reading process: a head of JSON and a body of bytes.

A frame is two lengths (4 bytes each, big-endian), the head, the body. Lengths are checked before anything is read, so
that neither side can make the other take memory without limit.
"""

import json
import struct
from typing import Any, BinaryIO

LONGEST_HEAD = 1 << 20  # bytes; a page's fields are some kB
LONGEST_BODY = 64 << 20  # bytes; a page at 300 dpi is about 0.5 MB, a still of 13 MP at most 20 MB
_LENGTHS = struct.Struct(">II")

PREFIX = _LENGTHS.size  #: bytes that come before the head


class BadFrame(Exception):
    """What came is no frame."""


def packed(head: dict[str, Any], body: bytes = b"") -> bytes:
    """One frame. Raises `BadFrame` when it would be too long."""
    text = json.dumps(head, ensure_ascii=False).encode()
    if len(text) > LONGEST_HEAD or len(body) > LONGEST_BODY:
        raise BadFrame("too long")
    return _LENGTHS.pack(len(text), len(body)) + text + body


def lengths(prefix: bytes) -> tuple[int, int]:
    """Bytes of head and body. Raises `BadFrame`."""
    head, body = _LENGTHS.unpack(prefix)
    if head > LONGEST_HEAD or body > LONGEST_BODY:
        raise BadFrame("too long")
    return head, body


def head_of(text: bytes) -> dict[str, Any]:
    """The head. Raises `BadFrame`."""
    try:
        head = json.loads(text)
    except ValueError as error:
        raise BadFrame("no JSON") from error
    if not isinstance(head, dict):
        raise BadFrame("no object")
    return head


def receive(stream: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """The next frame, however long it takes; None when the other side is gone. Raises `BadFrame`."""
    prefix = stream.read(PREFIX)
    if len(prefix) < PREFIX:
        return None
    head, body = lengths(prefix)
    text, content = stream.read(head), stream.read(body)
    if len(text) < head or len(content) < body:
        return None
    return head_of(text), content
