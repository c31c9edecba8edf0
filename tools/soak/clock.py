"""The machine's own time, which a soak may turn on or jump; all processes that hold the same file see the same."""

import mmap
import struct
from datetime import datetime, timedelta
from pathlib import Path

from ground.clock import RealClock

_HELD = struct.Struct("dd")  # seconds that were turned, seconds that the wall clock is wrong


class TurnedClock(RealClock):
    """Runs as the machine's clock does, and further by what was turned. Only waits are as long as ever."""

    def __init__(self, path: Path, *, turns: bool = True) -> None:
        """`turns` False: hears of jumps of the wall clock only, for what answers in its own time (devices)."""
        if not path.exists():
            path.write_bytes(_HELD.pack(0.0, 0.0))
        with path.open("r+b") as file:
            self._held = mmap.mmap(file.fileno(), _HELD.size)
        self._turns = turns

    @property
    def turned_s(self) -> float:
        """How far it was turned on so far, in seconds."""
        return float(_HELD.unpack(self._held[:])[0])

    @property
    def wrong_s(self) -> float:
        """By how much the wall clock is wrong now, in seconds."""
        return float(_HELD.unpack(self._held[:])[1])

    def instant(self) -> float:
        """As of `Clock`."""
        return super().instant() + (self.turned_s if self._turns else 0.0)

    def now(self) -> datetime:
        """As of `Clock`."""
        return super().now() + timedelta(seconds=self.wrong_s)

    def turn(self, seconds: float) -> None:
        """Let `seconds` pass for everybody who is not kept waiting."""
        self._held[:] = _HELD.pack(self.turned_s + max(0.0, seconds), self.wrong_s)

    def set_wrong(self, seconds: float) -> None:
        """Let the wall clock be wrong by so much, as after a flat battery; monotonic time knows nothing of it."""
        self._held[:] = _HELD.pack(self.turned_s, seconds)
