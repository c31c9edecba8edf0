"""What `requirements.lock` says: every Python package that is installed beside the product, with its hashes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker
from packaging.utils import NormalizedName, canonicalize_name

from tools.cli import ROOT

LOCK = ROOT / "requirements.lock"

_BEGINS = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)\s*(?:;\s*([^\\]+?))?\s*\\?$")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_VIA = re.compile(r"^\s+# (?:via |  )([A-Za-z0-9._-]+)$")
_DIRECT = re.compile(r"^\s+# (?:via |  )-r requirements\.in$")


@dataclass(frozen=True, slots=True)
class Locked:
    """One package."""

    name: NormalizedName
    version: str
    marker: Marker | None  #: on which machines
    hashes: tuple[str, ...]  #: SHA-256 of the files that may be installed, hex
    wanted_by: tuple[str, ...]  #: names of packages that need it
    direct: bool  #: whether requirements.in names it

    @property
    def here(self) -> bool:
        """Whether it belongs on this machine."""
        return self.marker is None or self.marker.evaluate()


def locked(path: Path = LOCK) -> list[Locked]:
    """All packages of the lock, for every machine. Raises OSError."""
    return list(_parsed(path.read_text(encoding="utf-8").splitlines()))


def _parsed(lines: list[str]) -> Iterator[Locked]:
    begins = [number for number, line in enumerate(lines) if _BEGINS.match(line)]
    for number, after in zip(begins, [*begins[1:], len(lines)], strict=True):
        block = lines[number:after]
        found = _BEGINS.match(block[0])
        assert found is not None
        marker = Marker(found[3]) if found[3] else None
        hashes = tuple(digest for line in block for digest in _HASH.findall(line))
        wanted_by = tuple(via[1] for line in block if (via := _VIA.match(line)))
        direct = any(_DIRECT.match(line) for line in block)
        yield Locked(canonicalize_name(found[1]), found[2], marker, hashes, wanted_by, direct)
