"""How often the face failed lately, on the disk: a life that did not end in order is noticed by the next one.

Crashes are counted in instants of one boot, so a clock that jumps neither makes a loop nor hides one. Another boot
begins with a clean sheet: a power cut is no fault of the program's, and what fails after it fails again soon enough.
"""

import contextlib
import json
import mmap
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from ground.clock import Clock
from ground.log.head import this_boot

#: usual: all that is fitted; safe: only what a case needs; out: the plain page
Mode = Literal["usual", "safe", "out"]
#: what the life before this one left: it ended in order (or the machine went down), or it was cut with nobody
#: before the glass, or with somebody
Left = Literal["", "idle", "visit"]

LEDGER: Final = "face.crashes"
LIFE: Final = "face.life"
_VISITING: Final = 16  #: the byte of the life that tells whether somebody is being served
_LENGTH: Final = 17


@dataclass(frozen=True, slots=True)
class Ladder:
    """When the next rung is taken. Seconds."""

    crashes: int = 3  #: so many …
    within_s: float = 600.0  #: … in this time are a loop
    calm_s: float = 1800.0  #: without another one, safe mode is left


@dataclass(frozen=True, slots=True)
class Standing:
    """What the ledger holds."""

    boot: str = ""
    crashes: tuple[float, ...] = ()  #: instants, since the present mode began
    safe_since: float | None = None  #: instant; None: the usual mode

    @classmethod
    def read(cls, text: str) -> "Standing":
        """What `written` wrote. Raises ValueError, KeyError or TypeError."""
        held: Mapping[str, Any] = json.loads(text)
        since = held["safe_since"]
        crashes = tuple(float(at) for at in held["crashes"])
        return cls(str(held["boot"]), crashes, None if since is None else float(since))

    def written(self) -> str:
        """One line of JSON."""
        return json.dumps({"boot": self.boot, "crashes": self.crashes, "safe_since": self.safe_since})

    @property
    def quiet_since(self) -> float:
        """The instant of the last crash, or when safe mode began."""
        return max([*self.crashes, self.safe_since or 0.0])


@dataclass(slots=True)
class CrashLedger:
    """One face's book of crashes. A disk that cannot be written costs the counting, never the face."""

    folder: Path
    clock: Clock
    ladder: Ladder = Ladder()
    boot: str = field(default_factory=this_boot)
    kept: bool = True  #: whether the last count lies on the disk; if not, nobody below can count on it
    _life: mmap.mmap | None = None

    def standing(self) -> Standing:
        """As it stands on the disk now; a clean sheet where it was written in another boot or cannot be read."""
        try:
            held = Standing.read((self.folder / LEDGER).read_text("utf-8"))
        except (OSError, ValueError, KeyError, TypeError):
            return Standing(self.boot)
        return held if held.boot == self.boot else Standing(self.boot)

    def mode(self) -> Mode:
        """In which the face is to run now. Safe mode ends with its calm time."""
        held = self.standing()
        if held.safe_since is None or self._calm(held):
            return "usual"
        return "safe"

    def begin(self) -> tuple[Mode, Left]:
        """A life begins. One that was cut off is counted first."""
        left = self._left_behind()
        mode: Mode = self._count() if left else self.mode()
        if mode == "usual" and self.standing().safe_since is not None:
            self._write(Standing(self.boot))
        self._begin_life()
        return mode, left

    def crashed(self) -> Mode:
        """This life failed; in which mode the next is to run."""
        self._end_life()
        return self._count()

    def finished(self) -> None:
        """This life ended in order."""
        self._end_life()

    def visiting(self, served: bool) -> None:
        """Whether somebody is being served now. One byte in memory that outlives the process; no disk is waited for."""
        if self._life is not None:
            self._life[_VISITING] = 1 if served else 0

    def calm(self) -> bool:
        """Whether safe mode has lasted long enough."""
        held = self.standing()
        return held.safe_since is not None and self._calm(held)

    def _calm(self, held: Standing) -> bool:
        return self.clock.due(held.quiet_since + self.ladder.calm_s)

    def _count(self) -> Mode:
        now, held = self.clock.instant(), self.standing()
        since = held.safe_since if held.safe_since is None or not self._calm(held) else None
        lately = tuple(at for at in (*held.crashes, now) if now - at <= self.ladder.within_s)
        loop = len(lately) >= self.ladder.crashes
        mode: Mode = "usual" if since is None else "safe"
        if loop:
            mode = "safe" if since is None else "out"
            since, lately = now, ()
        self._write(Standing(self.boot, lately, since))
        return mode

    def _left_behind(self) -> Left:
        try:
            told = (self.folder / LIFE).read_bytes()
        except OSError:
            return ""
        if len(told) != _LENGTH or told[:_VISITING].rstrip() != self.boot.encode("ascii"):
            return ""
        return "visit" if told[_VISITING] else "idle"

    def _begin_life(self) -> None:
        with contextlib.suppress(OSError):
            path = self.folder / LIFE
            path.write_bytes(self.boot.encode("ascii").ljust(_VISITING) + b"\0")
            with path.open("r+b") as file:
                self._life = mmap.mmap(file.fileno(), _LENGTH)

    def _end_life(self) -> None:
        life, self._life = self._life, None
        if life is not None:
            life.close()
        with contextlib.suppress(OSError):
            (self.folder / LIFE).unlink(missing_ok=True)

    def _write(self, standing: Standing) -> None:
        path = self.folder / LEDGER
        fresh = path.with_suffix(".new")
        try:
            with fresh.open("w", encoding="utf-8") as file:
                file.write(standing.written())
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        except OSError:
            self.kept = False
        else:
            self.kept = True
