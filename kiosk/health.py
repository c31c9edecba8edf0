"""One status per device and service; feeds the screens, the technician and the heartbeat."""

import threading
from dataclasses import dataclass
from datetime import datetime

from ground.clock import Clock


@dataclass(frozen=True, slots=True)
class Status:
    """How one part fares."""

    name: str
    ok: bool
    code: str  #: "" when ok; else the error's code or "condition.<name>"
    value: str  #: what it says of itself: identity, supply, size
    since: datetime


class Health:
    """A board that workers write on and everybody reads. Thread-safe."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._parts: dict[str, Status] = {}

    def note(self, name: str, *, ok: bool, code: str = "", value: str = "") -> bool:
        """Write down how `name` fares. True when that is news (another verdict or another code)."""
        with self._lock:
            old = self._parts.get(name)
            news = old is None or (old.ok, old.code) != (ok, code)
            since = self._clock.now() if old is None or news else old.since
            self._parts[name] = Status(name, ok, code, value or (old.value if old else ""), since)
            return news

    def of(self, name: str) -> Status | None:
        """How `name` fares; None when nobody has said."""
        with self._lock:
            return self._parts.get(name)

    def ok(self, name: str) -> bool:
        """Whether `name` was last seen working."""
        part = self.of(name)
        return part is not None and part.ok

    def all(self) -> tuple[Status, ...]:
        """Every part, by name."""
        with self._lock:
            return tuple(self._parts[name] for name in sorted(self._parts))
