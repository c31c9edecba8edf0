"""What is to be true afterwards, on disk as soon as a citizen was promised it; and what the run has come to so far.

One JSON line a visit in `visits.jsonl`, one line a life's step in memory of `lives`. A soak that is killed reads them
and goes on with the visit after the last whole line.
"""

import json
import os
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Line:
    """One visit."""

    visit: int
    wish: str
    matter: str
    number: str  #: her card's: everybody in it is invented
    name: str
    ended: str
    face: str = "desk"  #: or "glass", the real face
    local_number: str = ""
    case_number: str = ""
    digest: str = ""
    rated: int | None = None
    tickets: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    dead_end: str = ""
    sorry: bool = False
    seconds: float = 0.0
    life: int = 0  #: which life of the desk
    holds: tuple[int, int, int] | None = None  #: after it: KB, descriptors, threads
    troubles: list[str] = field(default_factory=list)  #: what happened
    why: list[str] = field(default_factory=list)  #: what screens named
    kills: list[str] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)  #: processes that ended by themselves
    back_s: list[float] = field(default_factory=list)
    views: dict[str, int] = field(default_factory=dict)


class Ledger:
    """The lines of one soak."""

    def __init__(self, path: Path) -> None:
        """Reads what is there. A line that a kill cut off does not count."""
        self.lines: list[Line] = []
        if path.exists():
            whole = path.read_text(encoding="utf-8").splitlines(keepends=True)
            self.lines = [Line(**json.loads(text)) for text in whole if text.endswith("\n")]
            path.write_text("".join(text for text in whole if text.endswith("\n")), encoding="utf-8")
        self._file = path.open("a", encoding="utf-8")

    @property
    def next_visit(self) -> int:
        """The number of the next citizen."""
        return self.lines[-1].visit + 1 if self.lines else 0

    @property
    def life(self) -> int:
        """The number of a new life of the desk."""
        return self.lines[-1].life + 1 if self.lines else 0

    def write(self, line: Line) -> None:
        """Durable on return."""
        self.lines.append(line)
        self._file.write(json.dumps(asdict(line), ensure_ascii=False) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """No more lines."""
        self._file.close()

    def lives(self, which: int) -> list[list[float]]:
        """What the desk held after each visit, life by life; `which`: 0 memory, 1 descriptors, 2 threads."""
        found: dict[int, list[float]] = {}
        for line in self.lines:
            if line.holds is not None:
                found.setdefault(line.life, []).append(line.holds[which])
        return list(found.values())

    def counted(self, name: str) -> Counter[Any]:
        """How often each member of a list of every line occurs."""
        return Counter(one for line in self.lines for one in getattr(line, name))
