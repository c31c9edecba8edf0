"""What an armed scanner has caught: only what was scanned since it was armed, each code once, checked."""

from collections import deque

from devices.code_scanner import Code
from devices.code_scanner.content import Encoding, checked, split_symbology
from devices.code_scanner.framing import CodeReader
from devices.errors import Garbled
from devices.status import Reading
from ground.clock import Clock

_MOST_WAITING = 8  # codes; who scans faster than anybody looks keeps the latest


class Catch:
    """Takes in bytes at any time, gives out codes while it is armed."""

    def __init__(
        self,
        reader: CodeReader,
        clock: Clock,
        *,
        encoding: Encoding,
        max_bytes: int,
        names_symbology: bool,
        continuous: bool,
        repeat_s: float,
    ) -> None:
        self.armed = False
        self._reader = reader
        self._clock = clock
        self._encoding = encoding
        self._max_bytes = max_bytes
        self._names_symbology = names_symbology
        self._continuous = continuous  #: stays armed after a code
        self._repeat_s = repeat_s  #: the same code within this time is the same scan
        self._waiting: deque[tuple[bytes, float]] = deque(maxlen=_MOST_WAITING)
        self._last = b""  #: that was given out
        self._last_at = float("-inf")  #: when it was last heard
        self._heard_at: float | None = None
        self._garbled = 0

    def arm(self) -> None:
        """Wait for a code from now on. What is half there belongs to nobody."""
        self._waiting.clear()
        self._reader.abandon(self._clock.instant())
        self.armed = True

    def disarm(self) -> None:
        """Let codes go by."""
        self._waiting.clear()
        self.armed = False

    def reset(self) -> None:
        """The device was plugged in: nothing from before counts."""
        self.disarm()
        self._reader.reset()
        self._last, self._last_at, self._heard_at = b"", float("-inf"), None

    def hear(self, data: bytes) -> None:
        """Take in what the scanner said; b"" lets time pass."""
        if data:
            self._heard_at = self._clock.instant()
        now = self._clock.instant()
        for raw in self._reader.feed(data, now):
            if not self._is_repeat(raw, now) and self.armed:
                self._waiting.append((raw, now))

    def next(self) -> Code | None:
        """The next code, if one was caught. Raises `Garbled` for one that cannot be accepted."""
        while self.armed and self._waiting:
            raw, at = self._waiting.popleft()
            if self._is_repeat(raw, at):
                continue
            self._last, self._last_at = raw, at
            code = self._code(raw)
            if not self._continuous:
                self.disarm()
            return code
        return None

    def readings(self) -> dict[str, Reading]:
        """What a technician may want to know."""
        silent_s = None if self._heard_at is None else round(self._clock.instant() - self._heard_at, 1)
        return {
            "silent_s": silent_s,
            "garbled": self._garbled,
            "oversize": self._reader.oversize,
            "unfinished": self._reader.unfinished,
        }

    def _is_repeat(self, raw: bytes, at: float) -> bool:
        """Whether it is the last code given out, once more without a pause: what lies there is read on and on."""
        if raw != self._last or at - self._last_at >= self._repeat_s:
            return False
        self._last_at = at
        return True

    def _code(self, raw: bytes) -> Code:
        symbology, content = split_symbology(raw) if self._names_symbology else ("", raw)
        try:
            return Code(checked(content, self._encoding, self._max_bytes), symbology, content)
        except Garbled:
            self._garbled += 1
            raise
