"""Support bundles of terminals: kept as they came, the newest few of each, for an operator to fetch.

They hold no personal data (docs/how-to/support-bundle.md), and are not opened here: a terminal sent them, and a
stolen one could send anything.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from backend.durable import private_folder, write_anew
from backend.platform import Platform
from backend.refusals import Refusal

MOST_BYTES: Final = 20 * 1024 * 1024  #: as the terminal makes them at most
MOST_KEPT: Final = 5  #: of one terminal; chosen: a week of trouble, and no disk is filled
_ZIP: Final = b"PK\x03\x04"
_NAME: Final = re.compile(r"[0-9a-f]{64}")
_TERMINAL: Final = re.compile(r"[A-Za-z0-9-]{1,64}")


@dataclass(frozen=True, slots=True)
class BundleRow:
    """One bundle that is here."""

    terminal_id: str
    sha256: str
    bytes: int
    received_at: datetime


def keep(platform: Platform, terminal_id: str, sha256: str, content: bytes) -> bool:
    """Take a bundle in, durably; whether it is a new one. The oldest beyond `MOST_KEPT` go. Raises `Refusal`."""
    if len(content) > MOST_BYTES:
        raise Refusal(413, "B413", "a support bundle has at most 20 MB")
    if not content.startswith(_ZIP) or hashlib.sha256(content).hexdigest() != sha256:
        raise Refusal(422, "B422", "this is no zip, or not the one of this address")
    folder = private_folder(_folder(platform, terminal_id))
    path = folder / f"{sha256}.zip"
    new = not path.exists()
    write_anew(path, content)
    for old in _newest_first(folder)[MOST_KEPT:]:
        old.unlink(missing_ok=True)
    return new


def bundles(platform: Platform) -> list[BundleRow]:
    """All that are here, the newest first."""
    rows = [
        BundleRow(path.parent.name, path.stem, path.stat().st_size, _at(path))
        for path in platform.bundles.glob("*/*.zip")
    ]
    return sorted(rows, key=lambda row: row.received_at, reverse=True)


def content_of(platform: Platform, terminal_id: str, sha256: str) -> bytes:
    """One of them. Raises `Refusal`."""
    if _TERMINAL.fullmatch(terminal_id) and _NAME.fullmatch(sha256):
        path = _folder(platform, terminal_id) / f"{sha256}.zip"
        if path.is_file():
            return path.read_bytes()
    raise Refusal(404, "B404", "no such bundle")


def _folder(platform: Platform, terminal_id: str) -> Path:
    return platform.bundles / terminal_id


def _newest_first(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.zip"), key=lambda path: path.stat().st_mtime_ns, reverse=True)


def _at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
