"""Which characters a typeface can draw, read from its file alone: a start that waits for fontTools waits for seconds.

Source: OpenType 1.9, tables "cmap" (format 12, segmented coverage) and the table directory. fontTools reads the name of
every glyph along with it, 0.1 to 0.4 s for a typeface of 44,000 characters; this takes some milliseconds.
"""

import struct
from bisect import bisect_right
from pathlib import Path
from typing import BinaryIO

_FULL = ((3, 10), (0, 4), (0, 6))  # (platform, encoding) of tables that hold all of Unicode, the best first


class CharacterMap:
    """The code points of one typeface; ask with `in`."""

    def __init__(self, path: Path) -> None:
        """Raises OSError, and ValueError for a file that has no map of all of Unicode."""
        with path.open("rb") as font:
            self._first, self._last = _segments(font)

    def __contains__(self, code: int) -> bool:
        at = bisect_right(self._first, code) - 1
        return at >= 0 and code <= self._last[at]

    def __len__(self) -> int:
        return sum(last - first + 1 for first, last in zip(self._first, self._last, strict=True))


def _segments(font: BinaryIO) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """First and last code points of the segments, ascending as the format demands."""
    try:
        (tables,) = struct.unpack(">4xH6x", font.read(12))
        places = (struct.unpack(">4s4xII", font.read(16)) for _ in range(tables))
        start = next(offset for tag, offset, _ in places if tag == b"cmap")
        font.seek(start)
        (subtables,) = struct.unpack(">2xH", font.read(4))
        found = {
            (platform, encoding): offset
            for platform, encoding, offset in struct.iter_unpack(">HHI", font.read(8 * subtables))
        }
        font.seek(start + next(found[kind] for kind in _FULL if kind in found))
        kind, groups = struct.unpack(">H10xI", font.read(16))
        if kind != 12:
            raise ValueError(f"a map of format {kind}")
        first, last, _ = zip(*struct.iter_unpack(">III", font.read(12 * groups)), strict=True)
    except (struct.error, StopIteration) as error:
        raise ValueError("no map of all of Unicode") from error
    return first, last
