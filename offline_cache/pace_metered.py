"""Lines that cost by the megabyte: how one is known, and what may go over it."""

import fnmatch
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Sends = Literal["everything", "cases", "small"]
_KINDS = ("case", "evaluation", "message")


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be sent now: kinds of items, and how large one may be."""

    kinds: tuple[str, ...] = _KINDS
    most_bytes: int | None = None

    @property
    def everything(self) -> bool:
        """Whether nothing is held back."""
        return self.kinds == _KINDS and self.most_bytes is None


EVERYTHING = Allowed()


@dataclass(frozen=True, slots=True)
class Metered:
    """Over interfaces with these names only this is sent."""

    interfaces: tuple[str, ...] = ()  #: shell patterns, such as wwan*
    sends: Sends = "cases"
    small_bytes: int = 256 * 1024
    proc_net: Path = Path("/proc/net")

    def allowed(self) -> Allowed:
        """What may go over the line that is used now. An unknown line is not held back."""
        if not self.interfaces or self.sends == "everything":
            return EVERYTHING
        used = default_interfaces(self.proc_net)
        if not any(fnmatch.fnmatch(name, pattern) for name in used for pattern in self.interfaces):
            return EVERYTHING
        if self.sends == "cases":
            return Allowed(kinds=("case", "evaluation"))
        return Allowed(most_bytes=self.small_bytes)


def default_interfaces(proc_net: Path) -> Sequence[str]:
    """The interfaces by which the world is reached now, those with the least metric of IPv4 and of IPv6."""
    return [*_least(_routes4(proc_net / "route")), *_least(_routes6(proc_net / "ipv6_route"))]


def _least(routes: list[tuple[int, str]]) -> list[str]:
    return [min(routes)[1]] if routes else []


def _routes4(file: Path) -> list[tuple[int, str]]:
    """Columns by proc(5): interface, destination, gateway, flags, …, metric (7th), mask (8th)."""
    lines = (line.split() for line in _read(file)[1:])
    return [
        (int(each[6]), each[0])
        for each in lines
        if len(each) > 7 and each[1] == each[7] == "00000000" and int(each[3], 16) & 1  # RTF_UP
    ]


def _routes6(file: Path) -> list[tuple[int, str]]:
    """Columns by the kernel's net/ipv6/route.c: destination, its length, …, metric (6th), …, flags, interface."""
    any_address = ipaddress.IPv6Address(0).packed.hex()
    lines = (line.split() for line in _read(file))
    return [
        (int(each[5], 16), each[9])
        for each in lines
        if len(each) > 9 and (each[0], each[1]) == (any_address, "00") and each[9] != "lo"
    ]


def _read(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:  # no such protocol here
        return []
