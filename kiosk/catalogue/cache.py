"""The parsed and checked catalogue, kept on disk, so that a start does not read and check everything again.

One file of JSON, two lines: what it was made from, and the values (`kiosk.catalogue.codec`). It is used only when the
catalogue's files, the code that reads them and the program are the very same, and no package has begun or ended since.
Whatever is wrong with it: it is made anew, and nobody is told.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from kiosk.catalogue.codec import decoder, encode
from kiosk.catalogue.load import Catalogue, load_sources
from kiosk.catalogue.messages import CityMessage
from kiosk.catalogue.model import Matter
from kiosk.catalogue.offices import Offices
from kiosk.catalogue.recommend import Suggestions
from kiosk.catalogue.sources import Sources
from kiosk.catalogue.spelled import Spelled

_CODE = Path(__file__).parent
_MOST_BYTES = 50_000_000  # of the file; chosen: the shipped catalogue's is below 1 MB
_WRONG = (
    OSError,
    ValueError,
    TypeError,
    KeyError,
    RecursionError,
)  # all that a file of any content can cause


@dataclass(frozen=True, slots=True)
class _Kept:
    matters: tuple[Matter, ...]
    suggestions: Suggestions
    offices: Offices
    messages: tuple[CityMessage, ...]
    spelled: tuple[Spelled, ...]


def load_cached(folder: Path, today: date, cache: Path, program: str) -> Catalogue:
    """As `load_catalogue`, by way of `cache`, which is written when it does not fit, if its folder is there.

    `program`: its version.

    Raises `CatalogueError` with every mistake of the catalogue, never anything for the cache.
    """
    key = fingerprint(folder, program)
    kept = _read(cache, key, today)
    if kept is not None:
        return Catalogue.of(kept.matters, kept.suggestions, kept.offices, kept.spelled, kept.messages)
    catalogue, sources = load_sources(folder, today)
    with contextlib.suppress(OSError):
        _write(cache, key, catalogue, in_force_between(sources, today))
    return catalogue


def fingerprint(folder: Path, program: str) -> str:
    """Of everything that the parsed catalogue depends on but the day. Raises OSError."""
    told = hashlib.sha256(program.encode())
    for path in (*sorted(folder.glob("*.yaml")), *sorted(_CODE.glob("*.py"))):
        content = path.read_bytes()
        told.update(f"\n{path.name} {len(content)}\n".encode())
        told.update(content)
    return told.hexdigest()


def in_force_between(sources: Sources, today: date) -> tuple[date, date]:
    """The first and the last day on which the same packages are in force as `today`."""
    changes = set(_changes(sources))
    first = max((day for day in changes if day <= today), default=date.min)
    after = min((day for day in changes if day > today), default=None)
    return first, date.max if after is None else after - timedelta(days=1)


def _changes(sources: Sources) -> Iterable[date]:
    """The days on which a package begins, or has just ended."""
    for source in sources.packages:
        if source.parsed.effective_from is not None:
            yield source.parsed.effective_from
        if source.parsed.effective_until is not None and source.parsed.effective_until < date.max:
            yield source.parsed.effective_until + timedelta(days=1)


def _read(cache: Path, key: str, today: date) -> _Kept | None:
    try:
        if cache.stat().st_size > _MOST_BYTES:
            return None
        head, _, body = cache.read_bytes().partition(b"\n")
        told: Any = json.loads(head)
        fits = told["key"] == key and told["first"] <= today.isoformat() <= told["last"]
        if not fits or told["sha256"] != hashlib.sha256(body).hexdigest():
            return None
        kept: _Kept = decoder(_Kept)(json.loads(body))
    except _WRONG:
        return None
    return kept


def _write(cache: Path, key: str, catalogue: Catalogue, days: tuple[date, date]) -> None:
    kept = _Kept(
        catalogue.matters, catalogue.suggestions, catalogue.offices, catalogue.messages, catalogue.spelled
    )
    body = json.dumps(encode(kept), ensure_ascii=False, separators=(",", ":")).encode()
    first, last = (day.isoformat() for day in days)
    head = {"key": key, "first": first, "last": last, "sha256": hashlib.sha256(body).hexdigest()}
    new = cache.with_name(f".{cache.name}.{os.getpid()}")
    try:
        # Not synced: after a power cut a torn file fails its sum and is made anew.
        new.write_bytes(json.dumps(head).encode() + b"\n" + body)
        new.replace(cache)
    finally:
        new.unlink(missing_ok=True)
