"""Whether a stick is in, as the kernel's own table of mounts says. Nothing is mounted here: the system does that."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

#: proc(5): this process's view of what is mounted
MOUNT_TABLE: Final = Path("/proc/self/mountinfo")
#: a stick that is not mounted with all of these is not looked at: nothing of it may be run, changed or be a device
SAFELY: Final = frozenset({"ro", "noexec", "nodev", "nosuid"})
#: a stick of whoever looks after the terminal may be written to; nothing of it is run, and no device is on it
INERT: Final = SAFELY - {"ro"}
_ESCAPED: Final = re.compile(r"\\([0-7]{3})")  # proc(5): space, tab, newline and backslash are octal


@dataclass(frozen=True, slots=True)
class Mount:
    """One line of the table."""

    number: str  #: differs each time that something is mounted
    point: str
    options: frozenset[str]

    @property
    def safe(self) -> bool:
        """Whether it is mounted so that it may be read."""
        return self.options >= SAFELY

    @property
    def inert(self) -> bool:
        """Whether nothing of it can be run or be a device, written to or not."""
        return self.options >= INERT


def mounts(table: str) -> list[Mount]:
    """What is mounted, in order. A line that is not as proc(5) says is left out."""
    found = []
    for line in table.splitlines():
        fields = line.split(" ")
        if len(fields) >= 6:
            point = _ESCAPED.sub(lambda code: chr(int(code[1], 8)), fields[4])
            found.append(Mount(fields[0], point, frozenset(fields[5].split(","))))
    return found


def stick_in(folder: Path, mount_table: Path = MOUNT_TABLE) -> Mount | None:
    """The stick that is mounted at `folder` or directly below it, the latest if there are several; None: none is.

    Raises OSError when the table cannot be read.
    """
    wanted = os.path.normpath(folder)
    found = [
        mount
        for mount in mounts(mount_table.read_text(encoding="utf-8", errors="surrogateescape"))
        if mount.point == wanted or str(Path(mount.point).parent) == wanted
    ]
    return found[-1] if found else None
