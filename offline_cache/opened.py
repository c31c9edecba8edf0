"""The open outbox: its file, its spool, and how both are kept in agreement."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from ground.clock import Clock
from offline_cache import rebuild, rows
from offline_cache.disk import probe
from offline_cache.drafts import OwnKey
from offline_cache.errors import CacheError
from offline_cache.items import CaseJob, Flaw, Job, Rebuilt, Room, SealedPart, as_text
from offline_cache.local_number import Ceiling, format_local_number
from offline_cache.machine import LinuxMachine, Machine
from offline_cache.marker import SUFFIX
from offline_cache.pace_metered import Allowed
from offline_cache.seal import Recipients
from offline_cache.sm_suite import MAGIC as SM
from offline_cache.spool import Spool
from offline_cache.store import Store, Transaction

LONGEST_HOLD_S = (
    7200.0  # chosen: above the longest pause a platform may ask for (retry.LONGEST_WAIT_S) and any lease
)
BIGGEST_CASE_BYTES = 100 * 1024 * 1024  # chosen: a hundred pages of 1 MB, as `storage.biggest_case_mb`
_TIMES_ON_DISK = 2  # its pages as they were confirmed (drafts), and the sealed case beside them


@dataclass(frozen=True, slots=True)
class Ahead:
    """What was leased in the commit that finished the item before it."""

    job: Job
    at: float  #: instant of that commit


class Opened:
    """What every part of the outbox stands on."""

    def __init__(
        self,
        path: Path,
        spool: Spool,
        clock: Clock,
        *,
        recipients: Recipients | Callable[[], Recipients | None] | None = None,
        letters: str = "T",
        machine: Machine | None = None,
        biggest_case_bytes: int = BIGGEST_CASE_BYTES,
        own_key: OwnKey | None = None,
    ) -> None:
        """Open or make the outbox in the database file `path`. Raises `CacheError`.

        A database that is made anew takes in what lies in the spool. `DatabaseCorrupt`: see
        `outbox.open_or_rebuild`. `recipients` is needed to hand in, and asked anew each time when it
        is a function; `letters` begin the local numbers; `own_key` opens drafts.
        """
        format_local_number(letters, 0)
        self._path = path
        self._spool = spool
        self._clock = clock
        self._letters = letters
        self._recipients_now = recipients if callable(recipients) else lambda: recipients
        self._machine = machine or LinuxMachine()
        self._own_key = own_key
        self._biggest_case = biggest_case_bytes
        self._ceiling = Ceiling(path.with_name("numbers"))
        self._store = Store(path)
        #: worker → for how long and what it claimed, the last time
        self._asked: dict[str, tuple[float, Allowed]] = {}
        self._ahead: dict[str, Ahead] = {}  #: worker → what it holds already
        self.rebuilt: Rebuilt | None = None  #: what a database that was made anew took in; None: it was not
        try:
            self._begin()
        except BaseException:
            self._store.close()
            raise

    @property
    def _recipients(self) -> Recipients | None:
        """To whom to seal now; None before the terminal is enrolled."""
        return self._recipients_now()

    def close(self) -> None:
        """Let go of the database. May be called twice."""
        self._store.close()

    def sweep(self) -> int | None:
        """Delete files that no row names; None when somebody was just handing in.

        A unit that is complete but has no row is none of those: its commit was lost, so it is entered again.
        Raises `DatabaseCorrupt` when the database is damaged, before anything is deleted.
        """
        self._store.require_sound()
        return self._spool.sweep(self._wanted_at_last)

    def open_part(self, part: SealedPart) -> BinaryIO:
        """A sealed file, for reading; its header is skipped. Raises `Corrupt` when it is gone."""
        return self._spool.open(part.file)

    def part_is_intact(self, part: SealedPart) -> bool:
        """Whether a sealed file still is what was written; reads all of it."""
        return self._spool.intact(part.file)

    def verify(self) -> list[Flaw]:
        """Check the database and read every sealed file; empty when all is as it was written."""
        flaws = [Flaw(what=fault) for fault in self._store.faults()]
        damaged = (name for name in self._wanted() if not self._spool.intact(name))
        return flaws + [Flaw(what="sealed file gone or damaged", file=name) for name in damaged]

    def rebuild(self) -> Rebuilt:
        """Move the database aside, whatever it is, and make it anew from the spool and from what it still tells.

        Other processes go on with the new one at their next transaction. Raises `CacheError`.
        """
        self._store.close()
        rebuild.move_aside(self._path, self._clock, self._path.stat().st_ino)
        self._store = Store(self._path)
        self._asked, self._ahead = {}, {}
        self._begin()
        return self.rebuilt or Rebuilt(units=0, damaged=0, small=0)

    def room_for_visit(self) -> Room:
        """Whether the biggest case, with the drafts of its pages, still fits. Cheap. Raises `CacheError`."""
        room = self._spool.room_bytes()
        return Room(room_bytes=room, needed_bytes=_TIMES_ON_DISK * self._biggest_case)

    def probe(self) -> None:
        """Find out whether the disk keeps what is written, by writing, syncing and reading back.

        Raises `DiskFull`, `ReadOnlyDisk`, `NotDurable` (an I/O error) or `Corrupt` (other bytes came back).
        """
        probe(self._spool.folder)

    def _begin(self) -> None:
        with self._store.reading() as tx:
            if tx.value("adopted"):
                return
        with self._spool.alone(), self._store.transaction() as tx:
            if tx.value("adopted"):  # another process was quicker
                return
            found = rebuild.adopt(tx, self._spool, self._known(tx), unmarked=True)
            small = rebuild.salvage(tx, self._path)
            last = max(self._ceiling.value(), rebuild.highest_order(self._spool))
            tx.change("set_adopted", last_number=last)
        if found.units or found.damaged or small:
            self.rebuilt = Rebuilt(units=found.units, damaged=found.damaged, small=small)

    def _wanted_at_last(self) -> set[str]:
        """Names of files that are needed, after every unit that lost its row has got one again."""
        wanted = set(self._wanted())
        if any(name not in wanted for name in self._spool.names(SUFFIX)):
            with self._store.transaction() as tx:
                rebuild.adopt(tx, self._spool, self._known(tx), unmarked=False)
            wanted = set(self._wanted())
        return wanted

    def _wanted(self) -> Iterator[str]:
        with self._store.reading() as tx:
            wanted = self._known(tx)
        yield from sorted(wanted)

    def _known(self, tx: Transaction) -> set[str]:
        return {row["file"] for row in tx.rows("wanted_files")}

    def _arrival(self, at: datetime) -> rows.Arrival:
        return rows.Arrival(as_text(at), self._machine.era(), self._clock.instant())

    def _until(self, seconds: float) -> dict[str, str | float]:
        until = self._clock.after(min(max(0.0, seconds), LONGEST_HOLD_S))
        return {"era": self._machine.era(), "until": until}

    def _naming_suite(self, job: Job) -> Job:
        """The same; a case says with which suite it is sealed, which its first file knows."""
        if isinstance(job, CaseJob) and job.parts:
            with contextlib.suppress(CacheError), self._spool.sealed_file(job.parts[0].file) as file:
                if file.read(len(SM)) == SM:
                    return replace(job, suite="sm")
        return job
