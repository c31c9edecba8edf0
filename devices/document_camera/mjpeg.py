"""Endless MJPEG over HTTP (`multipart/x-mixed-replace`), taken apart as it comes."""

import re

from devices.errors import Garbled

_LONGEST_PICTURE = 32 << 20  # bytes; an 18 MP JPEG has 10 MB at most
_LONGEST_HEAD = 4096
_LENGTH = re.compile(rb"^content-length:\s*(\d{1,9})\s*$", re.I | re.M)
_HEAD_END = re.compile(rb"\r?\n\r?\n")


class MjpegParts:
    """Cuts a stream into its parts. A part without a length ends where the next boundary begins."""

    def __init__(self) -> None:
        self._left = bytearray()
        self._in_body = False
        self._length: int | None = None

    def feed(self, piece: bytes) -> list[bytes]:
        """The bodies that end within `piece`, in order. Raises Garbled when one has no end."""
        self._left += piece
        bodies = []
        while (step := self._step()) is not None:
            if step:
                bodies.append(step)
        if len(self._left) > _LONGEST_PICTURE:
            raise Garbled(reason="a picture without an end", bytes=len(self._left))
        return bodies

    def _step(self) -> bytes | None:
        """A body; b"" for a head that was passed; None when more bytes are needed."""
        if not self._in_body:
            return self._pass_head()
        end = self._length if self._length is not None else self._left.find(b"\r\n--")
        if end < 0 or len(self._left) < end:
            return None
        body = bytes(self._left[:end])
        del self._left[:end]
        self._in_body = False
        return body

    def _pass_head(self) -> bytes | None:
        while self._left.startswith((b"\r", b"\n")):  # what ends the part before
            del self._left[:1]
        end = _HEAD_END.search(self._left, 0, _LONGEST_HEAD)
        if end is None:
            if len(self._left) >= _LONGEST_HEAD:
                raise Garbled(reason="no parts", bytes=len(self._left))
            return None
        length = _LENGTH.search(self._left, 0, end.start())
        self._length = int(length[1]) if length else None
        self._in_body = True
        del self._left[: end.end()]
        return b""
