"""Appends to the event log: numbered, chained, sealed, in files of bearable size. One writer at a time, by a lock.

A record counts once the kernel has it; it is on the disk with the next seal, at the latest `SEAL_EVERY` records or
`SEAL_AFTER_S` later. Every public method raises OSError when the disk will not; what was lost is counted and told of.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from ground.clock import Clock
from ground.durable import sync_folder
from ground.log.files import DEFAULT_RULES, Rules, begun_on, beyond, end_of_file
from ground.log.head import HEAD, LOCK, Head, encode_head, file_name, locked, log_files, read_head, this_boot
from ground.log.heal import as_expected, end_of, findings
from ground.log.record import GENESIS, Entry, encode, to_sign, with_signature
from ground.logbook import Event, Fact

#: Records without a signature, at most. A power cut costs no more than these (ADR 0066).
SEAL_EVERY = 64
#: The longest that a record waits for its signature.
SEAL_AFTER_S = 60.0


class Signer(Protocol):
    """The terminal's key."""

    key_id: str

    @property
    def public(self) -> str:
        """The public half, base64."""
        ...

    def sign(self, content: bytes) -> bytes:
        """The signature of `content`, 64 bytes."""
        ...


class LogChain:
    """The end of one terminal's log, as one process writes to it."""

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        by: str,
        terminal: str = "",
        signer: Callable[[], Signer | None] = lambda: None,
        rules: Rules = DEFAULT_RULES,
        boot: str | None = None,
    ) -> None:
        """`signer` is asked at each seal, so that a new key is used as soon as it is there.

        Raises OSError when the folder cannot be written to.
        """
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(
            os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        )  # said now, not by a thread
        self.folder = folder
        self._clock, self._by, self._terminal = clock, by, terminal
        self._signer, self._rules = signer, rules
        self._boot = boot or this_boot()
        self._file = -1
        self._head = Head()
        self._looked = False  # at the end of the log, since this process began
        self._day = ("", "")  # the file that is written to, and the day on which it was begun
        self._uncounted = 0  # lost records that not even the head could be told of

    def entry(self, event: Event, facts: dict[str, Fact]) -> Entry:
        """`event`, now, by this process."""
        at = self._clock.now().isoformat(timespec="milliseconds")
        return Entry(event.value, facts, at, self._clock.instant(), self._by)

    def append(self, entries: Sequence[Entry]) -> bool:
        """Write them; whether records now wait for a seal. Those that do not fit on the disk are counted as lost."""
        unwritten = len(entries)
        try:
            with locked(self.folder):
                self._ready()
                self._write([*self._losses(), *entries])
                self._uncounted = unwritten = 0
                if self._head.seq - max(self._head.sealed, self._head.synced) >= SEAL_EVERY:
                    self._seal()
                return self._head.seq > self._head.synced
        except OSError:
            if unwritten:
                self._count_losses(unwritten)
            raise
        finally:
            self._release()

    def seal(self) -> None:
        """Sign and sync what is not sealed yet; without a key, only sync. Nothing to do is fine."""
        try:
            with locked(self.folder):
                self._ready()
                if self._head.seq > self._head.synced:
                    self._seal()
        finally:
            self._release()

    def _release(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _ready(self) -> None:
        """Find the end, heal it where it is not as it was left, and begin a new file where one is due."""
        head = read_head(self.folder)
        if head is None and not log_files(self.folder):
            self._head = Head(boot=self._boot)
            self._begin_file()
            return
        if head is None or not self._is_there(head):
            self._heal(head)
        else:
            self._head = head
            self._open()
        if self._due_for_a_new_file():
            if self._head.seq > self._head.synced:
                self._seal()
            self._begin_file()
            self._make_room()

    def _is_there(self, head: Head) -> bool:
        """Whether the log ends where `head` says; its last line is looked at once a process."""
        try:
            size = (self.folder / head.file).stat().st_size
        except OSError:
            return False
        if size == head.size and not self._looked:
            self._looked = True
            return as_expected(head, end_of(self.folder))
        return size == head.size

    def _heal(self, head: Head | None) -> None:
        """Go on after the last sound record, and say what was found."""
        end, known = end_of(self.folder), head or Head()
        last = end.last
        self._head = replace(
            known,
            seq=end.reached(known),
            hash=last.hash if last else GENESIS,
            file=end.path.name if end.path else known.file,
            size=end.size,
        )
        facts = findings(head, end)
        if not end.holds:  # a file is named after its first record: one without is left as it is
            self._begin_file()
        else:
            self._open()
            if not end.newline:
                self._put(b"\n")
        self._write([self.entry(Event.LOG_HEALED, facts)])
        self._looked = True

    def _open(self, create: bool = False) -> None:
        self._release()
        flags = os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC | (os.O_CREAT if create else 0)
        self._file = os.open(self.folder / self._head.file, flags, 0o600)

    def _begin_file(self) -> None:
        self._head = replace(self._head, file=file_name(self._head.seq + 1), size=0)
        self._open(create=True)
        self._head = replace(self._head, size=os.fstat(self._file).st_size)
        facts: dict[str, Fact] = {"terminal": self._terminal, "hashes": self._rules.hashes}
        self._write([self.entry(Event.LOG_FILE_BEGUN, facts)])
        sync_folder(self.folder)

    def _due_for_a_new_file(self) -> bool:
        if self._head.size >= self._rules.file_bytes:
            return True
        if self._day[0] != self._head.file:
            self._day = (self._head.file, begun_on(self.folder / self._head.file))
        return self._day[1] not in ("", f"{self._clock.now():%Y-%m-%d}")

    def _write(self, entries: Sequence[Entry]) -> None:
        """Append the records and move the head on."""
        lines, seq, prev = [], self._head.seq, self._head.hash or GENESIS
        for entry in entries:
            seq += 1
            line, prev = encode(entry, seq, self._boot, prev, self._rules.hashes)
            lines.append(line + b"\n")
        self._put(b"".join(lines))
        self._move(replace(self._head, seq=seq, hash=prev))

    def _put(self, content: bytes) -> None:
        """Append all of `content` or nothing."""
        begun, left = self._head.size, memoryview(content)
        try:
            while left:
                left = left[os.write(self._file, left) :]
        except OSError:
            os.ftruncate(self._file, begun)  # half a record of ours, which nobody has seen
            raise
        self._head = replace(self._head, size=begun + len(content))

    def _move(self, head: Head) -> None:
        self._head = replace(head, boot=self._boot)
        descriptor = os.open(self.folder / HEAD, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.pwrite(descriptor, encode_head(self._head), 0)  # in place: needs no room on a full disk
        finally:
            os.close(descriptor)

    def _seal(self) -> None:
        key = self._signer()
        if key is not None:
            if key.key_id != self._head.key:
                self._write([self.entry(Event.LOG_KEY_ANNOUNCED, {"key": key.key_id, "public": key.public})])
            first = self._head.sealed + 1
            entry = self.entry(Event.LOG_SEALED, {"key": key.key_id, "first": first})
            seq = self._head.seq + 1
            line, digest = encode(entry, seq, self._boot, self._head.hash, self._rules.hashes)
            self._put(with_signature(line, key.sign(to_sign(digest))) + b"\n")
            self._head = replace(self._head, seq=seq, hash=digest)
        self._move(self._head)
        os.fsync(self._file)
        if key is not None:
            self._head = replace(self._head, sealed=seq, sealed_hash=digest, key=key.key_id)
        self._move(replace(self._head, synced=self._head.seq))

    def _losses(self) -> list[Entry]:
        """Told of together with the next event that fits, so that nothing is spent on it while the disk is full."""
        lost = self._head.lost + self._uncounted
        self._head = replace(self._head, lost=0)  # takes effect with the record that says so
        return [self.entry(Event.LOG_LOST, {"records": lost})] if lost else []

    def _count_losses(self, count: int) -> None:
        """In the head, which is written in place; where that fails, too, this process remembers."""
        try:
            with locked(self.folder):
                head = read_head(self.folder)
                if head is not None:
                    self._move(replace(head, lost=head.lost + count))
                    return
        except OSError:  # read-only, or gone: said again by whoever asked for the writing
            pass
        self._uncounted += count

    def _make_room(self) -> None:
        """Delete files beyond what is kept: told of first, in a sealed record, then done."""
        files = log_files(self.folder)[:-1]
        going = beyond(files, self._rules)
        if not going:
            return
        last = end_of_file(going[-1])
        facts: dict[str, Fact] = {"files": len(going), "days": self._rules.keep_days}
        facts |= {"to": last[0], "to_hash": last[1]}
        self._write([self.entry(Event.LOG_FILES_DELETED, facts)])
        self._seal()
        for path in going:
            path.unlink()
        sync_folder(self.folder)
