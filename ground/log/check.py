"""Checks a log from its first record to its last, against the terminal's public keys. Reads only.

What it can and cannot see is written down in ADR 0066: records after the last seal are guarded by the index alone.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ground.log.chain import SEAL_AFTER_S, SEAL_EVERY
from ground.log.files import LogFile
from ground.log.flaws import Code, Flaw, Note, Notice, Report
from ground.log.head import Head, file_name
from ground.log.heal import count_of, power_cut
from ground.log.record import GENESIS, Record, decode, to_sign
from ground.logbook import Event

#: Whether a signature (third) is that of a raw public key (first) under a content (second).
Verifier = Callable[[bytes, bytes, bytes], bool]

_SLACK = 2 * SEAL_EVERY  # a batch may be handed over while a seal is being made
_SLACK_S = 10 * SEAL_AFTER_S  # a disk that hangs for minutes is no forger


class Check:
    """One pass over a log. Make one, call `run`, read the report."""

    def __init__(
        self,
        files: Sequence[LogFile],
        head: Head | None,
        keys: Mapping[str, bytes],
        verifier: Verifier,
        *,
        terminal: str = "",
        boot: str = "",
        since: tuple[int, str] | None = None,
        anchors: Mapping[int, str] | None = None,
        tail: bool = False,
    ) -> None:
        """`keys`: id → raw public key, of those that are believed; `boot`: the present start of the machine.

        `since`: number and hash of the record before the first, for an export; then there is no head. `anchors`:
        number → hash of records as an earlier export has them. `tail`: `files` are the newest alone, on purpose.
        """
        self._files, self._head, self._verifier = files, head, verifier
        self._believed, self._known = dict(keys), dict(keys)
        self._terminal, self._boot, self._since = terminal, boot, since
        self._anchors = dict(anchors or {})
        self._tail = tail
        self._stretch: list[bytes] = []  # lines in a row that are no records
        self._at = ("", 0)
        self._seals: list[tuple[str, int, str, int]] = []
        self._unsealed: Record | None = None  # the first record after the last seal
        self._last: Record | None = None
        self._healed: dict[tuple[int, int], Mapping[str, Any]] = {}
        self._torn: dict[str, Mapping[str, Any]] = {}
        self._deleted: dict[int, str] = {}
        self.report = Report(files=len(files))

    def run(self) -> Report:
        """The report. Raises OSError."""
        self._look_ahead()
        for file in self._files:
            self._begin(file)
            for number, line, whole in file.lines():
                self._take(file.name, number, line, whole)
        self._end_of_stretch()
        self._judge_keys()
        self._judge_end()
        for seq in self._anchors:
            self._flaw(Code.DIFFERS, seq, "not in this log")
        return self.report

    def _look_ahead(self) -> None:
        """Records that explain something which stands before them."""
        names = [f'"{event}"'.encode() for event in (Event.LOG_HEALED, Event.LOG_FILES_DELETED)]
        for file in self._files:
            for _, line, _ in file.lines():
                if (
                    not any(name in line for name in names)
                    or not (record := decode(line))
                    or not record.sound
                ):
                    continue
                facts = record.facts
                if record.event == Event.LOG_FILES_DELETED:
                    self._deleted[count_of(facts.get("to"))] = str(facts.get("to_hash"))
                elif record.event == Event.LOG_HEALED:
                    told = dict(record.fields)
                    self._healed[(count_of(facts.get("lost_from")), count_of(facts.get("lost_to")))] = told
                    self._torn[str(facts.get("torn_sha256"))] = told

    def _begin(self, file: LogFile) -> None:
        self._at = (file.name, 0)
        first = next((record for _, line, _ in file.lines() if (record := decode(line))), None)
        if first is not None and self._since is None and file.name != file_name(first.seq):
            self._flaw(Code.FILE_MISSING, first.seq, "the name is not that of its first record")

    def _take(self, name: str, number: int, line: bytes, whole: bool) -> None:
        record = decode(line)
        if record is None or not (whole or self._continues(record)):
            self._stretch.append(line)
            self._at = (name, number)
            return
        torn_before = bool(self._stretch)
        self._end_of_stretch()
        self._at = (name, number)
        self.report.records += 1
        if not record.sound:
            self._flaw(Code.EDITED, record.seq, "content and hash differ")
            due = self._last.seq + 1 if self._last else record.seq
            self._last = replace(record, seq=due)  # its number may be what was edited
            return
        if not whole and name != self._files[-1].name:
            self._flaw(Code.EDITED, record.seq, "the end of the line is missing")
        if self._in_its_place(record, torn_before):
            self._last = record
            self._of_its_kind(record)

    def _continues(self, record: Record) -> bool:
        return record.sound and self._last is not None and record.seq == self._last.seq + 1

    def _in_its_place(self, record: Record, torn_before: bool) -> bool:
        """Whether the record is the next one, or at least a later one."""
        last = self._last
        if last is None:
            return self._first(record)
        due = last.seq + 1
        if record.seq < due:
            self._flaw(Code.REPEATED, record.seq, f"{due} was due")
            return False
        if record.seq > due:
            self._gap(due, record)
        elif record.prev != last.hash and not torn_before:
            self._flaw(Code.BROKEN, record.seq, "the record before it was another")
        return True

    def _first(self, record: Record) -> bool:
        self.report.first = record.seq
        if self._tail:
            return True
        if self._since is not None:
            if (record.seq - 1, record.prev) != self._since:
                self._flaw(Code.DIFFERS, record.seq, f"{self._since[0] + 1} was due")
        elif record.seq == 1:
            if record.prev != GENESIS:
                self._flaw(Code.BROKEN, 1, "a first record with one before it")
        elif self._deleted.get(record.seq - 1) == record.prev or any(
            to >= record.seq for to in self._deleted
        ):
            self._note(
                Notice.DELETED, record.seq, record.seq - 1
            )  # or half of what was told of is deleted so far
        elif (1, record.seq - 1) in self._healed and record.prev == GENESIS:
            self._gap(1, record)  # the power went before anything was synced
        else:
            self._flaw(Code.FILE_MISSING, record.seq, f"records 1 to {record.seq - 1} are not there")
        return True

    def _gap(self, due: int, record: Record) -> None:
        healed = self._healed.get((due, record.seq - 1))
        if healed is None:
            missing_file = record.event == Event.LOG_FILE_BEGUN
            code = Code.FILE_MISSING if missing_file else Code.GAP
            self._flaw(code, due, f"{due} to {record.seq - 1} are missing")
        elif not power_cut(healed, due, _SLACK):
            self._flaw(Code.CUT, due, f"{due} to {record.seq - 1}; no power cut explains it")
        else:
            self._note(Notice.POWER_CUT, due, record.seq - due)

    def _end_of_stretch(self) -> None:
        """Lines that are no records are excused by a record that tells of just these bytes."""
        if not self._stretch:
            return
        torn = b"\n".join(self._stretch)
        told = self._torn.get(hashlib.sha256(torn).hexdigest())
        due = self._last.seq + 1 if self._last else 1
        if told is not None and told.get("torn_bytes") == len(torn):
            self._note(Notice.POWER_CUT, due, 0)
        elif not self._at_the_very_end(torn, due):
            self._flaw(Code.NO_RECORD, due, f"{len(torn)} bytes")
        self._stretch = []

    def _at_the_very_end(self, torn: bytes, due: int) -> bool:
        """Torn, and nobody has written since: a crash, when nothing that was complete is missing."""
        head, last = self._head, self._files[-1]
        if head is None or self._at[0] != last.name:
            return False
        grown = last.name == head.file and last.size == head.size + len(torn) and head.seq == due - 1
        cut = head.boot != self._boot and head.synced < due
        if (grown and torn.startswith(b'{"seq": %d, ' % due)) or cut:
            self._note(Notice.NOT_HEALED, due, len(torn))
            return True
        return False

    def _of_its_kind(self, record: Record) -> None:
        expected = self._anchors.pop(record.seq, record.hash)
        if expected != record.hash:
            self._flaw(Code.DIFFERS, record.seq, "the export has another record here")
        if self._unsealed is None:
            self._unsealed = record
        match record.event:
            case Event.LOG_FILE_BEGUN:
                if self._terminal and record.facts.get("terminal") not in (self._terminal, ""):
                    self._flaw(Code.OTHER_TERMINAL, record.seq, str(record.facts.get("terminal")))
            case Event.LOG_KEY_ANNOUNCED:
                self._announced(record)
            case Event.LOG_SEALED:
                self._seal(record)
            case Event.LOG_LOST:
                self._note(Notice.LOST, record.seq, count_of(record.facts.get("records")))
            case Event.LOG_HEALED:
                self._healing(record)
        if record.sig and record.event != Event.LOG_SEALED:
            self._flaw(Code.BAD_SEAL, record.seq, "a signature where none belongs")

    def _announced(self, record: Record) -> None:
        try:
            raw = base64.b64decode(str(record.facts.get("public")), validate=True)
        except (binascii.Error, ValueError):
            raw = b""
        key = hashlib.sha256(raw).hexdigest()[:16]
        if len(raw) == 32 and key == record.facts.get("key"):
            self._known.setdefault(key, raw)
        else:
            self._flaw(Code.FOREIGN, record.seq, "no key")

    def _seal(self, record: Record) -> None:
        key = str(record.facts.get("key"))
        raw = self._known.get(key)
        if raw is None and self._tail:
            return  # its announcement may stand in an older file: only the whole log tells
        if raw is None:
            self._flaw(Code.FOREIGN, record.seq, f"key {key} was never announced")
        elif not self._verifier(raw, to_sign(record.hash), record.sig):
            self._flaw(Code.BAD_SEAL, record.seq, f"key {key}")
        else:
            self._seals.append((key, record.seq, *self._at))
            self._unsealed = None
            if not self.report.keys or self.report.keys[-1] != key:
                if self.report.keys:
                    self._note(Notice.KEY_CHANGED, record.seq, 1)
                self.report.keys.append(key)

    def _healing(self, record: Record) -> None:
        cause = str(record.facts.get("cause"))
        if "index" in cause:
            self._flaw(Code.INDEX, record.seq, "a writer found none")
        elif "ahead" in cause:
            self._note(Notice.INDEX_REBUILT, record.seq, 1)

    def _judge_keys(self) -> None:
        """A key is the terminal's when it is believed, or when a seal of a believed key stands after all of its own."""
        trusted = [seq for key, seq, *_ in self._seals if key in self._believed]
        self.report.sealed = trusted[-1] if trusted else 0
        if not self._believed:
            self._note(Notice.UNSIGNED, self.report.first, self.report.records)
            return
        for key, seq, name, number in self._seals:
            if key not in self._believed and seq > self.report.sealed:
                self.report.flaws.append(Flaw(Code.FOREIGN, name, number, seq, f"key {key}"))

    def _judge_end(self) -> None:
        last = self._last
        self.report.last, self.report.hash = (last.seq, last.hash) if last else (0, "")
        if self._since is not None:
            if self._unsealed is not None and self._believed:
                self._flaw(Code.UNSEALED, self._unsealed.seq, "an export ends with a seal")
            return
        if last is not None and self._unsealed is not None and self._believed:
            waited = last.mono - self._unsealed.mono
            too_long = last.boot == self._unsealed.boot and waited > _SLACK_S
            if last.seq - self._unsealed.seq >= _SLACK or too_long:
                self._flaw(Code.UNSEALED, self._unsealed.seq, f"{last.seq - self._unsealed.seq + 1} records")
        head = self._head
        if head is None:
            if self._files:
                self._flaw(Code.INDEX, self.report.last, "missing or harmed")
        elif head.seq > self.report.last:
            self._missing_at_the_end(head)
        elif last is not None and head.seq == last.seq and head.hash != last.hash:
            self._flaw(Code.CUT, last.seq, "the index names another record")
        elif head.boot == self._boot and (self._files[-1].name, self._files[-1].size) < (
            head.file,
            head.size,
        ):
            self._flaw(Code.CUT, self.report.last, "the end of the last line is missing")

    def _missing_at_the_end(self, head: Head) -> None:
        missing = head.seq - self.report.last
        if head.boot != self._boot and head.synced <= self.report.last and missing < _SLACK:
            self._note(Notice.NOT_HEALED, self.report.last + 1, missing)
        else:
            self._flaw(Code.CUT, self.report.last + 1, f"{missing} records")

    def _flaw(self, code: Code, seq: int, said: str) -> None:
        self.report.flaws.append(Flaw(code, *self._at, seq, said))

    def _note(self, notice: Notice, seq: int, count: int) -> None:
        self.report.notes.append(Note(notice, *self._at, seq, count))
