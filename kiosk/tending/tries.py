"""Wrong tries are counted on the disk before they are judged, and each makes the next wait longer.

Time is the machine's monotonic one, bound to this start of the machine: the wall clock may jump, and whoever pulls the
plug waits the whole time again.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from ground.clock import Clock
from ground.log.head import this_boot
from offline_cache.durable import write_secret

FILE: Final = "tries.json"
FREE: Final = 3  #: tries before anybody waits: fingers slip
FIRST_S: Final = 15.0  #: VxSuite begins there too (field.md, A3)
LONGEST_S: Final = 3600.0  #: six digits then take a century; longer would only help who locks others out
_UNREADABLE: Final = 8  #: a file that was spoilt counts as so many


@dataclass(frozen=True, slots=True)
class _Kept:
    failures: int = 0
    boot: str = ""
    until: float = 0.0  #: instant of that boot


class Tries:
    """The tries of this terminal. One thread at a time. Every change may raise `CacheError`."""

    def __init__(self, folder: Path, clock: Clock, boot: Callable[[], str] = this_boot) -> None:
        self._file, self._clock, self._boot = folder / FILE, clock, boot()

    def left_s(self) -> float:
        """How long nobody may try; 0: now."""
        kept = self._read()
        wait = wait_after(kept.failures)
        if wait == 0:
            return 0.0
        if kept.boot != self._boot:
            self._write(kept.failures)
            return wait
        return min(wait, self._clock.left(kept.until))

    def count(self) -> int:
        """One more, before it is judged; how many there are now."""
        failures = self._read().failures + 1
        self._write(failures)
        return failures

    def right(self) -> None:
        """It was right: forgotten."""
        self._write(0)

    def _read(self) -> _Kept:
        try:
            told = json.loads(self._file.read_text(encoding="ascii"))
            return _Kept(int(told["failures"]), str(told["boot"]), float(told["until"]))
        except FileNotFoundError:
            return _Kept()
        except (OSError, ValueError, TypeError, KeyError):
            return _Kept(_UNREADABLE)

    def _write(self, failures: int) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        kept = _Kept(failures, self._boot, self._clock.after(wait_after(failures)))
        write_secret(self._file, json.dumps(asdict(kept)).encode("ascii"))


def wait_after(failures: int) -> float:
    """Seconds that so many wrong tries cost."""
    return 0.0 if failures < FREE else min(LONGEST_S, FIRST_S * 2 ** min(failures - FREE, 16))
