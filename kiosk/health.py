"""One status per device and service; feeds the screens, the technician and the heartbeat."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from devices.status import Reading, State, Supply
from ground.clock import Clock

_NONE: Mapping[str, Supply] = {}
_NOTHING: Mapping[str, Reading] = {}


@dataclass(frozen=True, slots=True)
class Status:
    """How one part fares."""

    name: str
    ok: bool
    code: str  #: "" when ok or starting; else the error's code or "condition.<name>"
    value: str  #: what it says of itself: identity, size
    since: datetime
    state: State = State.ONLINE  #: XFS4IoT's word for it
    supplies: Mapping[str, Supply] = field(default_factory=dict)
    readings: Mapping[str, Reading] = field(default_factory=dict)  #: what it measures, e.g. "toner_percent"

    @property
    def broken(self) -> bool:
        """Whether it is known not to work. What is still starting is not broken."""
        return not self.ok and self.state is not State.STARTING


class Health:
    """A board that workers write on and everybody reads. Thread-safe."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._parts: dict[str, Status] = {}

    def starting(self, name: str) -> None:
        """Write down that `name` is being opened for the first time; nothing is known of it yet."""
        with self._lock:
            self._parts.setdefault(name, Status(name, False, "", "", self._clock.now(), State.STARTING))

    def note(
        self,
        name: str,
        *,
        ok: bool,
        code: str = "",
        value: str = "",
        state: State = State.ONLINE,
        supplies: Mapping[str, Supply] = _NONE,
        readings: Mapping[str, Reading] = _NOTHING,
    ) -> bool:
        """Write down how `name` fares. True when that is news (another verdict or another code)."""
        if not ok and state is State.ONLINE:
            state = State.HARDWARE_ERROR
        with self._lock:
            old = self._parts.get(name)
            news = old is None or (old.ok, old.code) != (ok, code)
            since = self._clock.now() if old is None or news else old.since
            self._parts[name] = Status(
                name,
                ok,
                code,
                value or (old.value if old else ""),
                since,
                state,
                supplies or (old.supplies if old else {}),
                readings or (old.readings if old else {}),
            )
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
