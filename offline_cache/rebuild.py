"""The way back: what lies sealed in the spool enters the database again, and a damaged database is made anew.

The spool is the truth about what was handed in; the database is the truth about what became of it. ADR 0028.
"""

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from ground.clock import Clock
from ground.durable import sync_folder
from offline_cache import rows
from offline_cache.connection import doubt_of, lock_of
from offline_cache.durable import locked, translated
from offline_cache.errors import CacheError, Corrupt, UnknownCase
from offline_cache.items import Rebuilt, as_text
from offline_cache.marker import SUFFIX, MarkedPart, Marker
from offline_cache.spool import Spool
from offline_cache.store import Transaction

_BEFORE_ANY_BOOT = ""  # an era that no machine has: ages count by the wall clock, pauses are void
_ASIDE = ".damaged-"


def adopt(tx: Transaction, spool: Spool, wanted: set[str], *, unmarked: bool) -> Rebuilt:
    """Enter every unit of the spool that the database does not know; hold `Spool.alone` meanwhile.

    `wanted`: names of files that the database knows. `unmarked`: also units whose marker is gone but whose sealed
    files are all there, by their headers. A unit with a file gone goes on the technician's list.
    """
    whole = damaged = 0
    # cases before messages, which may be about them; each in the order of arrival
    found = sorted(_units(spool, wanted, unmarked), key=lambda unit: (unit[0].unit, unit[0].order))
    # of one case the last: what a failed hand-in left was not thanked for, what she tried again may have been
    for marker, name in {unit[0].id: unit for unit in found}.values():
        if tx.row("find_case", case_id=marker.id) or tx.row("find_message", message_id=marker.id):
            continue
        gone = [part.part for part in marker.parts if not _there(spool, part)]
        place = _enter(tx, spool, marker, name)
        if gone:
            tx.change("stick_item", place=place, code=Corrupt.code, at=marker.at)
        whole, damaged = whole + (not gone), damaged + bool(gone)
    return Rebuilt(units=whole, damaged=damaged, small=0)


def highest_order(spool: Spool) -> int:
    """The highest counter that any unit in the spool bears; 0 when there is none."""
    orders = [marker.order for name in spool.names(SUFFIX) for marker in _read(spool, name)]
    return max([*orders, *(header.order for header in _headers(spool, set()))], default=0)


def move_aside(path: Path, clock: Clock, inode: int) -> Path | None:
    """Take the database out of the way, whatever it is; never deletes it. Its new name.

    None when it is not the file of this `inode` any more: another process was quicker. Everybody else notices at
    the next transaction (store.py).
    """
    aside = path.with_name(f"{path.name}{_ASIDE}{clock.now():%Y%m%dT%H%M%S}-{inode}")
    with locked(lock_of(path), fcntl.LOCK_EX), translated(path):
        if not path.exists() or path.stat().st_ino != inode:
            return None
        for tail in ("-wal", ""):  # the log first: a file that lost its log would look whole and be older
            with contextlib.suppress(FileNotFoundError):
                path.with_name(path.name + tail).rename(aside.with_name(aside.name + tail))
        for left in (path.with_name(path.name + "-shm"), doubt_of(path)):
            left.unlink(missing_ok=True)
        sync_folder(path.parent)
    return aside


def salvage(tx: Transaction, path: Path) -> int:
    """Take over what only damaged databases beside `path` knew: evaluations, messages, delivered cases.

    As far as they can still be read; what is known already is left alone. Says how many items are to be delivered.
    """
    with translated(path.parent):
        files = sorted(path.parent.glob(f"{path.name}{_ASIDE}*"))
    return sum(_salvage_from(tx, file) for file in files if _is_main(file))


def _is_main(file: Path) -> bool:
    return not file.name.endswith(("-wal", "-shm"))


def _salvage_from(tx: Transaction, file: Path) -> int:
    tables = {name: _readable(file, name) for name in ("items", "cases", "evaluations", "messages")}
    items = {row["place"]: row for row in tables["items"]}
    cases = {row["place"]: row for row in tables["cases"] if row["place"] in items}
    for place, case in sorted(cases.items()):
        if items[place]["state"] == "delivered":
            _history(tx, items[place], case)
    taken = 0
    for row in tables["evaluations"]:
        item, about = items.get(row["place"]), cases.get(row["case_place"])
        if item and about and item["state"] != "delivered" and row["level"] is not None:
            taken += _evaluation(tx, item, row, about["case_id"])
    for row in tables["messages"]:
        told = items.get(row["place"])
        if told and told["state"] != "delivered" and row["body"] is not None and told["marker"] is None:
            taken += _message(tx, told, row)
    return taken


def _history(tx: Transaction, item: dict[str, Any], case: dict[str, Any]) -> None:
    """A delivered case, so that its number can still be told and what is about it does not wait for ever."""
    if tx.row("find_case", case_id=case["case_id"]) is not None:
        return  # in the spool after all: it is offered again, and the platform knows it
    place = rows.add_item(tx, "case", _arrival(item["came_at"]), size=item["bytes"])
    with contextlib.suppress(sqlite3.IntegrityError):
        facts = {name: case[name] for name in ("case_id", "local_number", "matter_code", "part_count")}
        tx.change("add_case", place=place, **facts)
        tx.change("give_acceptance_number", place=place, acceptance_number=case["acceptance_number"])
    tx.change("finish_item", place=place, at=item["delivered_at"])


def _evaluation(tx: Transaction, item: dict[str, Any], said: dict[str, Any], case_id: str) -> int:
    with contextlib.suppress(UnknownCase):
        case = rows.find(tx, case_id)
        if tx.row("evaluation_of", case_place=case["place"]) is None:
            state = "waiting" if case["state"] == "delivered" else "later"
            place = rows.add_item(
                tx, "evaluation", _arrival(item["came_at"]), after=case["place"], state=state
            )
            facts = {name: said[name] for name in ("level", "reasons", "channel", "at", "indicators_version")}
            tx.change("add_evaluation", place=place, case_place=case["place"], **facts)
            return 1
    return 0


def _message(tx: Transaction, item: dict[str, Any], said: dict[str, Any]) -> int:
    if tx.row("find_message", message_id=said["message_id"]) is not None:
        return 0
    with contextlib.suppress(ValueError):
        told = Marker(
            unit="message",
            id=said["message_id"],
            order=0,
            at=said["at"],
            parts=(),
            kind=said["kind"],
            about=said["about"],
            body=rows.body_of(said["body"]),
        )
        rows.put_message(tx, told, _arrival(item["came_at"]), None, 0)
        return 1
    return 0


def _readable(file: Path, table: str) -> list[dict[str, Any]]:
    """The rows of a damaged database that can be reached, from either end of the table."""
    found: dict[int, dict[str, Any]] = {}
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        db.row_factory = sqlite3.Row
        for way in ("ASC", "DESC"):
            with contextlib.suppress(sqlite3.DatabaseError):
                for row in db.execute(f"SELECT * FROM {table} NOT INDEXED ORDER BY place {way}"):
                    found[row["place"]] = dict(row)
    return [found[place] for place in sorted(found)]


def _units(spool: Spool, wanted: set[str], unmarked: bool) -> Iterator[tuple[Marker, str | None]]:
    """Units that no row names, each with the name of its marker, if it has one."""
    known = set(wanted)
    for name in spool.names(SUFFIX):
        for marker in () if name in wanted else _read(spool, name):
            known |= {part.file for part in marker.parts}
            yield marker, name
    for marker in _by_headers(spool, known) if unmarked else ():
        yield marker, None


def _read(spool: Spool, name: str) -> Iterator[Marker]:
    """The marker of this name, unless it is harmed: then the headers of its files must do."""
    with contextlib.suppress(CacheError):
        yield spool.marker(name)


def _headers(spool: Spool, known: set[str]) -> Iterator[Any]:
    for name in spool.names(".age"):
        if name in known:
            continue
        with contextlib.suppress(CacheError, OSError), spool.sealed_file(name) as file:
            if file.header is not None and name == f"{file.header.sha256}.age":
                yield file.header


def _by_headers(spool: Spool, known: set[str]) -> Iterator[Marker]:
    """Cases all of whose files are there, put together from what the files say of themselves."""
    units: dict[str, dict[str, Any]] = {}
    for header in _headers(spool, known):
        units.setdefault(header.unit, {})[header.part] = header
    for unit, headers in units.items():
        first = next(iter(headers.values()))
        parts = tuple(
            MarkedPart(part=header.part, sha256=header.sha256, bytes=header.bytes)
            for _, header in sorted(headers.items())
        )
        told = Marker(
            id=unit,
            order=first.order,
            at=first.at,
            parts=parts,
            local_number=first.local_number,
            matter_code=first.matter_code,
        )
        if first.local_number and len(headers) == first.of and all(_there(spool, part) for part in parts):
            yield told


def _there(spool: Spool, part: MarkedPart) -> bool:
    """Whether a part is there in full length. Its content is verified when it is sent; here it would take hours."""
    try:
        with spool.sealed_file(part.file) as file:
            return file.seek(0, os.SEEK_END) == part.bytes
    except (CacheError, OSError):
        return False


def _enter(tx: Transaction, spool: Spool, marker: Marker, name: str | None) -> int:
    if tx.row("holder_of_local_number", local_number=marker.local_number) is not None:
        # Made by a version that gave a number twice after a power cut. It is delivered all the same.
        told = f"{marker.local_number}+{marker.id[:4]}"
        marker = marker.model_copy(update={"local_number": told})
    size, arrival = sum(part.bytes for part in marker.parts), _arrival(marker.at)
    put = rows.put_case if marker.unit == "case" else rows.put_message
    return put(tx, marker, arrival, name, size)


def _arrival(at: str) -> rows.Arrival:
    return rows.Arrival(as_text(datetime.fromisoformat(at)), _BEFORE_ANY_BOOT, 0.0)
