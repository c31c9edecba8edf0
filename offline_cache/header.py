"""The clear line before the age bytes of a sealed file: of what it is a part, so that a file explains itself.

`TTSEALED/1 {…}` and a line feed, then the age file as any age tool opens it (`tail -n +2 FILE | age -d …`). It says
nothing about a person. Files of older terminals begin with the age bytes at once and are read as they are.
"""

import io
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from offline_cache.errors import Corrupt

_MAGIC = b"TTSEALED/1 "
_LONGEST = 2048  # a matter code of 64 characters, each escaped, leaves more than half of it free


@dataclass(frozen=True, slots=True)
class Header:
    """What a sealed file says of itself in clear."""

    unit: str  #: id of the case (or message) it belongs to
    part: str  #: p00 … p99
    of: int  #: parts of the unit, the manifest among them
    sha256: str  #: hex, of the age bytes that follow
    bytes: int  #: how many follow
    local_number: str = ""  #: of a case
    order: int = 0  #: rises with each hand-in of this terminal
    matter_code: str = ""  #: of a case
    at: str = ""  #: handed in; wall clock


def header_line(header: Header) -> bytes:
    """A header as it stands in the file."""
    return _MAGIC + json.dumps(asdict(header), sort_keys=True).encode("ascii") + b"\n"


def parse_header(begin: bytes) -> tuple[Header | None, int]:
    """The header in the first bytes of a file, and where the age bytes begin; None and 0 for an older file.

    Raises `Corrupt` for one that was begun and is not whole.
    """
    if not begin.startswith(_MAGIC):
        return None, 0
    end = begin.find(b"\n", 0, _LONGEST)
    try:
        said: dict[str, Any] = json.loads(begin[len(_MAGIC) : end]) if end > 0 else {}
        header = Header(**said)
        if not all(isinstance(value, int if name in _NUMBERS else str) for name, value in said.items()):
            raise TypeError
    except (ValueError, TypeError) as error:
        raise Corrupt(why="header") from error
    return header, end + 1


_NUMBERS = {"of", "bytes", "order"}


class SealedFile(io.FileIO):
    """A sealed file that begins where its age bytes begin: position 0 is the first of them."""

    header: Header | None

    def __init__(self, path: Path) -> None:
        """Raises FileNotFoundError, `Corrupt`."""
        super().__init__(path, "rb")
        self._start = 0
        try:
            self.header, self._start = parse_header(super().read(_LONGEST) or b"")
        except BaseException:
            self.close()
            raise
        self.seek(0)

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """As of any file, without the header."""
        ahead = self._start if whence == io.SEEK_SET else 0
        return super().seek(offset + ahead, whence) - self._start

    def tell(self) -> int:
        """As of any file, without the header."""
        return super().tell() - self._start
