"""The outbox: sealed cases wait here, durable, until the platform has each of them exactly once.

Used by two processes at once (the face hands in, the uploader claims) and by any thread of them. Exactly one
commit makes a case durable, and it is the only sync of the database in a hand-in; a claim costs none.
"""

import contextlib
import json
import sqlite3
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from ground.clock import Clock
from offline_cache import merging, rebuild, rows
from offline_cache.claims import Claims
from offline_cache.drafts import Draft, Drafts, OwnKey
from offline_cache.durable import translated
from offline_cache.errors import AlreadyThere, BadRecipient, CacheError, DatabaseCorrupt
from offline_cache.items import MANIFEST_PART, CaseToSeal, Channel, HandedIn, PartToSeal, as_text
from offline_cache.local_number import format_local_number
from offline_cache.marker import Mark, Marker
from offline_cache.seal import Recipients, seal_to
from offline_cache.spool import KeptUnit, Spool
from offline_cache.views import Views

__all__ = ["Outbox", "open_or_rebuild"]


_JSON = json.JSONEncoder(allow_nan=False)  # made once: json.dumps makes one each time


class Outbox(Claims, Views):
    """What was handed in and is not yet, or was once, delivered."""

    _numbered_in = ""  # the era in which numbers were last found to be above all that were ever used

    def hand_in(self, case: CaseToSeal) -> HandedIn:
        """Seal a case and make it durable; only when this returns may the citizen be thanked.

        Raises `DiskFull`, `NotDurable`, `BadRecipient`, `AlreadyThere` (this id was handed in before), in
        which case nothing of it is kept, and ValueError for a case that contradicts itself (see
        `CaseToSeal.check`).
        """
        case.check()
        at = self._clock.now()
        with self._spool.writing():
            order, local_number = self._next_number(case.case_id)
            told = Marker(
                id=case.case_id,
                order=order,
                at=as_text(at),
                parts=(),
                local_number=local_number,
                matter_code=case.matter_code,
            )
            stamped = case.stamped(local_number, at, self.clock_reading())
            manifest = PartToSeal(name_in_manifest=MANIFEST_PART, content=stamped)
            unit = self._keep(told, (manifest, *case.parts), at)
        return HandedIn(
            case_id=case.case_id,
            local_number=local_number,
            parts=len(unit.parts),
            bytes=unit.bytes,
            handed_in_at=at,
        )

    def add_evaluation(
        self,
        case_id: str,
        level: int,
        reasons: Sequence[str],
        channel: Channel,
        at: datetime,
        indicators_version: str,
    ) -> None:
        """Note how the citizen found it; delivered after its case.

        `level` 1 (very dissatisfied) to 5. Raises `UnknownCase`, and `AlreadyThere` at the second one for a
        case.
        """
        if not 1 <= level <= 5:
            raise ValueError(f"level {level} is not one of the five national levels")
        with self._store.transaction() as tx:
            case = rows.find(tx, case_id)
            if tx.row("evaluation_of", case_place=case["place"]) is not None:
                raise AlreadyThere(case=case_id, what="evaluation")
            state = "waiting" if case["state"] == "delivered" else "later"
            arrival = self._arrival(self._clock.now())
            place = rows.add_item(tx, "evaluation", arrival, after=case["place"], state=state)
            said = {
                "level": level,
                "reasons": json.dumps(list(reasons)),
                "channel": channel,
                "at": as_text(at),
            }
            tx.change(
                "add_evaluation",
                place=place,
                case_place=case["place"],
                indicators_version=indicators_version,
                **said,
            )

    def add_message(
        self,
        kind: str,
        body: Mapping[str, Any],
        *,
        about: str | None = None,
        elsewhere: bool = False,
        sealed: Sequence[PartToSeal] = (),
        message_id: str | None = None,
    ) -> str:
        """Put anything else on its way: a correction (补正), a hardship report, a device event; its id.

        `body` is JSON in clear: nothing personal. `sealed`: what is personal, each part sealed like a case's.
        `about`: a case of this terminal, after which it is delivered; raises `UnknownCase`, unless the platform told of
        the case and it may have been handed in `elsewhere`. Durable when this returns. Device events beyond a number
        are merged (merging.py), nothing else ever is.
        """
        if not 1 <= len(kind) <= 32:
            raise ValueError("kind must have 1 to 32 characters")
        at, text = self._clock.now(), _JSON.encode(dict(body))
        message_id = message_id or str(uuid.uuid4())
        if not sealed:
            with self._store.transaction() as tx:
                place = rows.put_plain(tx, message_id, kind, text, self._arrival(at), about, elsewhere)
                merging.merge(tx, kind, place)
            return message_id
        told = Marker(
            unit="message",
            id=message_id,
            order=0,
            at=as_text(at),
            parts=(),
            kind=kind,
            about=about,
            body=json.loads(text),
        )
        with self._spool.writing():
            self._keep(told, tuple(sealed), at, elsewhere)
        return message_id

    def reserve_ticket(self) -> str:
        """A number for something that is no case, out of the same counter: no two things here ever share one.

        Durable with the next thing that is; a boot goes on above it in any case. Raises `CacheError`.
        """
        return self._next_number()[1]

    def keep_draft(self, case_id: str, place: int, content: bytes, key: OwnKey | None = None) -> Draft:
        """Seal a page that she confirmed and make it durable, long before she hands in.

        `case_id`: the case, or the visit as long as that has none; `key`: her card's. Raises `DiskFull`, `NotDurable`,
        `BadRecipient`.
        """
        return self._drafts.keep(case_id, place, content, key)

    def drafts(self) -> list[Draft]:
        """Pages of visits that are not over, or that a power cut ended."""
        return self._drafts.all()

    def open_draft(self, draft: Draft, key: OwnKey | None = None) -> bytes | None:
        """The page, in memory; None without her card's `key` and without one of this terminal's own.

        Raises `Corrupt`, also where the key is another card's.
        """
        return self._drafts.open(draft, key)

    def drop_drafts(self, case_id: str) -> int:
        """Her case is committed, or she left: the drafts go; how many."""
        return self._drafts.drop(case_id)

    def expire_drafts(self, days: float) -> int:
        """Delete, by rule, the drafts of visits that ended so many days ago without an end; how many."""
        return self._drafts.expire(days)

    @property
    def _drafts(self) -> Drafts:
        recipients = self._recipients
        if recipients is None:
            raise BadRecipient(why="none given")
        self._drafts_here.seal_to(recipients)
        return self._drafts_here

    @cached_property
    def _drafts_here(self) -> Drafts:
        given = self._recipients or Recipients(())
        return Drafts(self._spool.folder.with_name("drafts"), self._clock, given, self._own_key)

    def _keep(
        self, told: Marker, parts: Sequence[PartToSeal], at: datetime, elsewhere: bool = False
    ) -> KeptUnit:
        """Seal and keep the parts of a unit and enter it; all of it, or nothing and an error."""
        recipients = self._recipients
        if recipients is None:
            raise BadRecipient(why="none given")
        if told.about is not None and not elsewhere:
            self.case(told.about)
        mark = Mark(told, tuple(part.name_in_manifest for part in parts))
        unit = self._spool.keep_unit((seal_to(part.content, recipients) for part in parts), mark)
        try:
            marker = self._spool.marker(unit.marker.name)
            with self._store.transaction() as tx:
                put = rows.put_case if told.unit == "case" else rows.put_message
                put(tx, marker, self._arrival(at), unit.marker.name, unit.bytes)
        except (CacheError, sqlite3.IntegrityError):
            self._take_back(told, unit)
            raise
        return unit

    def _take_back(self, told: Marker, unit: KeptUnit) -> None:
        """Nobody was thanked for it, so nothing of it may be found later; unless its commit is found done.

        A commit whose sync failed stands whole in the write-ahead log, and the next start would take it for done: so
        another one must have overwritten it before the files may go. When even this fails, the disk or the database
        is beyond trust, and the next sweep enters the unit after all.
        """
        with contextlib.suppress(CacheError):
            with self._store.transaction() as tx:
                found = tx.row("find_case", case_id=told.id) or tx.row("find_message", message_id=told.id)
                tx.change("note", what="taken_back", value=unit.marker.sha256, at=told.at)
            if found is None or found["marker"] != unit.marker.name:
                self._spool.remove([unit.marker.name, *(part.name for part in unit.parts)])

    def _next_number(self, case_id: str | None = None) -> tuple[int, str]:
        # Not synced by itself; the commit of its case syncs it too. A number that a power cut took back was on no
        # receipt yet, but it may stand in what was sealed by then: so each boot goes on above the ceiling.
        era = self._machine.era()
        with self._store.transaction(durable=False) as tx:
            if case_id is not None and tx.row("find_case", case_id=case_id) is not None:
                raise AlreadyThere(case=case_id)
            if era != self._numbered_in:
                noted = tx.row("noted", what="numbers_era")
                if noted is None or noted["value"] != era:
                    tx.change("raise_number", least=self._ceiling.value())
                    tx.change("note", what="numbers_era", value=era, at=as_text(self._clock.now()))
            number = int(tx.value("reserve_number"))
        self._numbered_in = era
        self._ceiling.cover(number)
        return number, format_local_number(self._letters, number)


def open_or_rebuild(
    path: Path, spool: Spool, clock: Clock, kind: type[Outbox] = Outbox, **facts: Any
) -> Outbox:
    """Open the outbox; a damaged database is moved aside, never deleted, and made anew from the spool.

    `facts` as of `Outbox`, `kind` one that does more. Raises `CacheError` for what cannot be mended so, such as a full
    disk.
    """
    with translated(path):
        inode = path.stat().st_ino if path.exists() else 0
    try:
        return kind(path, spool, clock, **facts)
    except DatabaseCorrupt:
        rebuild.move_aside(path, clock, inode)
        return kind(path, spool, clock, **facts)
