"""Where a code ends: at its terminator, or, where a scanner sends none, when nothing more comes.

Source: shared protocol notes, others.md §2. Pure: the caller says what time it is.
"""

import re
from collections.abc import Mapping
from typing import Final, Literal

Ending = Literal["auto", "cr", "lf", "crlf", "tab", "none"]

_ENDS: Final[Mapping[Ending, re.Pattern[bytes] | None]] = {
    "auto": re.compile(rb"[\r\n\t]"),
    "cr": re.compile(rb"\r"),
    "lf": re.compile(rb"\n"),
    "crlf": re.compile(rb"\r\n"),
    "tab": re.compile(rb"\t"),
    "none": None,
}
#: before a code: what is left of the terminator before it, and a scanner's ACK, NAK, ENQ to a command
_BEFORE: Final = b"\r\n\t\x00\x05\x06\x15"
#: a code whose terminator does not come within this silence broke off; chosen far above any delay between characters
STALE_S: Final = 1.0


class CodeReader:
    """Cuts a scanner's bytes into codes. A code that broke off, or is too long, is counted and not given."""

    def __init__(self, ending: Ending, gap_s: float, longest: int) -> None:
        self._end = _ENDS[ending]
        self._gap_s = gap_s
        self._longest = longest
        self._held = bytearray()
        self._last_at = float("-inf")  #: when the last byte came
        self._skipping = False  #: what comes is the rest of a code that is not wanted …
        self._skip_s = STALE_S  #: … until its end, or until so long a silence
        self.oversize = 0  #: codes that were too long
        self.unfinished = 0  #: codes whose terminator did not come

    def feed(self, data: bytes, now: float) -> list[bytes]:
        """The codes that `data`, or the silence before it, completes. `now` in seconds; feed b"" to let time pass."""
        found = self._after_silence(now)
        if not data:
            return found
        self._last_at = now
        self._held += data
        if self._end is not None:
            found += self._ended(self._end)
        if len(self._held) > self._longest:
            self.oversize += not self._skipping
            self._skip(STALE_S if self._end is not None else self._gap_s)
        return found

    def abandon(self, now: float) -> None:
        """Forget the code that is just coming in, up to its end."""
        coming = bool(self._held or self._skipping) and now - self._last_at < self._gap_s
        self._held.clear()
        self._skipping = False
        if coming:
            self._skip(self._gap_s)

    def reset(self) -> None:
        """Forget everything but the counts."""
        self._held.clear()
        self._skipping = False
        self._last_at = float("-inf")

    def _after_silence(self, now: float) -> list[bytes]:
        silence_s = now - self._last_at
        if self._skipping:
            if silence_s >= self._skip_s:
                self._held.clear()
                self._skipping = False
            return []
        if not self._held or silence_s < (STALE_S if self._end is not None else self._gap_s):
            return []
        code = bytes(self._held).lstrip(_BEFORE)
        self._held.clear()
        if self._end is not None:
            self.unfinished += bool(code)
            return []
        return [code] if code else []

    def _ended(self, end: re.Pattern[bytes]) -> list[bytes]:
        *codes, rest = end.split(bytes(self._held))
        self._held[:] = rest
        if codes and self._skipping:
            del codes[0]
            self._skipping = False
        codes = [stripped for code in codes if (stripped := code.lstrip(_BEFORE))]
        fitting = [code for code in codes if len(code) <= self._longest]
        self.oversize += len(codes) - len(fitting)
        return fitting

    def _skip(self, silence_s: float) -> None:
        self._held.clear()
        self._skipping = True
        self._skip_s = silence_s
