"""Who is logged in: a random token in a cookie, its hash in memory; it ends by itself, and with the process."""

import hashlib
import secrets
import threading
from dataclasses import dataclass, replace
from typing import Final

from ground.clock import Clock
from kiosk.tending.roles import Role

IDLE_S: Final = 600.0  #: without a request
WHOLE_S: Final = 3600.0  #: at most, however busy
_MOST: Final = 8  # people look after one terminal; the oldest goes


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is logged in."""

    person: str
    role: Role
    idle_until: float
    until: float


class Sessions:
    """Those of one process; for many threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._all: dict[str, Session] = {}

    def begin(self, person: str, role: Role) -> str:
        """The token of a new one."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._sweep()
            while len(self._all) >= _MOST:
                del self._all[next(iter(self._all))]
            after = self._clock.after
            self._all[_mark(token)] = Session(person, role, after(IDLE_S), after(WHOLE_S))
        return token

    def of(self, token: str) -> Session | None:
        """Whose token this is; each time it is asked, it lives on."""
        with self._lock:
            self._sweep()
            found = self._all.get(_mark(token))
            if found is not None:
                self._all[_mark(token)] = replace(found, idle_until=self._clock.after(IDLE_S))
            return found

    def end(self, token: str) -> Session | None:
        """It counts no longer; whose it was."""
        with self._lock:
            return self._all.pop(_mark(token), None)

    def _sweep(self) -> None:
        due = self._clock.due
        self._all = {
            mark: one for mark, one in self._all.items() if not (due(one.idle_until) or due(one.until))
        }


def _mark(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
