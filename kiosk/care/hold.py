"""Who works at the terminal so that it must not start itself anew: a technician, a self-test, a refill."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Hold:
    """Whoever takes it lets go of it again; nothing that is planned happens meanwhile. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._who: dict[str, int] = {}

    def take(self, who: str) -> None:
        """`who` ("technician", "self_test") begins. May be taken twice, and is then to be let go of twice."""
        with self._lock:
            self._who[who] = self._who.get(who, 0) + 1

    def let_go(self, who: str) -> None:
        """`who` is done. Nothing happens when it never began."""
        with self._lock:
            left = self._who.pop(who, 0) - 1
            if left > 0:
                self._who[who] = left

    @contextmanager
    def held(self, who: str) -> Iterator[None]:
        """Taken within the block."""
        self.take(who)
        try:
            yield
        finally:
            self.let_go(who)

    @property
    def by(self) -> tuple[str, ...]:
        """Who holds it, by name; empty: nobody."""
        with self._lock:
            return tuple(sorted(self._who))
