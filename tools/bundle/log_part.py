"""The event log in a bundle: the very lines, so that the chain can be checked; what may not be said is withheld.

A record whose facts are all words of the program stands as it was written. Of any other stand number, time, event, the
facts that may be said, `prev` and `hash`: the chain still closes over it, and its seal is still the terminal's.
"""

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ground.log.check import Verifier
from ground.log.files import LogFile
from ground.log.record import FIELDS, FRAME, GENESIS, Record, decode, to_sign
from ground.logbook import Event
from tools.bundle.vocabulary import Vocabulary

MOST_RECORDS: Final = 20_000
MOST_BYTES: Final = 12 * 1024 * 1024  #: packed it is an eighth
_HEX: Final = re.compile(r"[0-9a-f]{8}|[0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{64}")
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_AT: Final = re.compile(
    r"20[0-9]{2}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}(\.[0-9]{1,6})?([+-][0-9]{2}:[0-9]{2}|Z)"
)
_PUBLIC: Final = re.compile(r"[A-Za-z0-9+/]{43}=")
_MOST_NUMBER: Final = 1_000_000_000  # below any telephone number with its area, and any number of a person
#: facts that are marks of machines and cases, by name; a case's id names nobody
_NAMED: Final[Mapping[str, re.Pattern[str]]] = {
    "case": _UUID,
    "message": _UUID,
    "key": _HEX,
    "public": _PUBLIC,
    "to_hash": _HEX,
    "torn_sha256": _HEX,
    "boot": re.compile(f"{_UUID.pattern}|{_HEX.pattern}"),
    "boot_then": re.compile(f"{_UUID.pattern}|{_HEX.pattern}"),
    "at": _AT,
    "prev": _HEX,
}
_EVENTS: Final = frozenset(event.value for event in Event)
_HASHES: Final = re.compile(r"[0-9a-f]{64}")


class LogWriter:
    """Turns lines of the log into lines of a bundle."""

    def __init__(self, vocabulary: Vocabulary, terminal: str) -> None:
        self._vocabulary, self._terminal = vocabulary, terminal
        self.withheld = 0  #: records of which not everything is said

    def lines(self, files: Sequence[LogFile], most: int = MOST_RECORDS) -> list[bytes]:
        """The newest records, oldest first, each without its newline. Raises OSError."""
        newest: deque[bytes] = deque(maxlen=most)
        for file in files:
            newest.extend(line for _, line, _ in file.lines())
        told, size = deque[bytes](), 0
        for line in reversed(newest):
            said = self._line(line)
            size += len(said) + 1
            if size > MOST_BYTES:
                break
            told.appendleft(said)
        return list(told)

    def _line(self, line: bytes) -> bytes:
        record = decode(line)
        if record is None:
            self.withheld += 1
            return json.dumps({"torn_bytes": min(len(line), _MOST_NUMBER)}).encode("ascii")
        if record.sound and all(map(self.may, record.fields.items())) and _canonical(line, record):
            return line
        self.withheld += 1
        kept = {name: value for name, value in record.fields.items() if self.may((name, value))}
        left = sorted(
            name for name in record.fields.keys() - kept.keys() if name in self._vocabulary or name in FRAME
        )
        told = {**kept, "prev": record.prev, "hash": record.hash, "withheld": left}  # ends as no record does
        if not record.sound:
            told["unsound"] = True
        return json.dumps(told, ensure_ascii=True).encode("ascii")

    def may(self, fact: tuple[str, Any]) -> bool:
        """Whether this field may be said."""
        name, value = fact
        if name == "terminal":
            return bool(value in ("", self._terminal))
        if name == "event":
            return value in _EVENTS
        if name not in self._vocabulary and name not in FRAME:
            return False
        match value:
            case bool() | None:
                return True
            case int() | float():
                return abs(value) < _MOST_NUMBER
            case str():
                shape = _NAMED.get(name)
                return bool(shape and shape.fullmatch(value)) or (
                    name not in ("at", "prev") and self._vocabulary.words(value)
                )
        return False


def _canonical(line: bytes, record: Record) -> bool:
    """Whether the line holds nothing but the fields: no second field of a name, no other spelling."""
    body = json.dumps(record.fields, ensure_ascii=True)[:-1].encode("ascii")
    return any(
        line.startswith(body + f', "{name}": "{record.hash}"'.encode("ascii")) for name in FIELDS.values()
    )


@dataclass(slots=True)
class ChainReport:
    """What the chain of a bundle says."""

    first: int = 0
    last: int = 0
    records: int = 0
    withheld: int = 0
    sealed: int = 0  #: the last record under a seal that holds
    flaws: list[str] = field(default_factory=list)  #: "SEQ what"


def check_chain(lines: Iterable[bytes], keys: Mapping[str, bytes], verifier: Verifier) -> ChainReport:
    """Each record follows from the one before, also where one is withheld; each seal is that of a known key."""
    report, before = ChainReport(), ""
    for line in lines:
        seq, prev, digest, record = _link(line)
        if not digest:  # torn bytes between two records
            report.withheld += 1
            continue
        report.records += 1
        report.withheld += record is None
        if report.last and (seq != report.last + 1 or prev != before):
            report.flaws.append(f"{seq} does not follow {report.last}")
        if not report.last and seq == 1 and prev != GENESIS:
            report.flaws.append("1 is no beginning")
        report.first = report.first or seq
        report.last, before = seq, digest
        if record is not None and not record.sound:
            report.flaws.append(f"{seq} was edited")
        _look_at_seal(record, keys, verifier, report)
    return report


def _look_at_seal(
    record: Record | None, keys: Mapping[str, bytes], verifier: Verifier, report: ChainReport
) -> None:
    if record is None or record.event != Event.LOG_SEALED:
        return
    raw = keys.get(str(record.facts.get("key")))
    if raw is not None and verifier(raw, to_sign(record.hash), record.sig):
        report.sealed = record.seq
    elif raw is not None:
        report.flaws.append(f"{record.seq} is no seal of its key")


def _link(line: bytes) -> tuple[int, str, str, Record | None]:
    record = decode(line)
    if record is not None:
        return record.seq, record.prev, record.hash, record
    try:
        told = json.loads(line)
        seq, prev, digest = int(told["seq"]), str(told["prev"]), str(told["hash"])
    except (ValueError, TypeError, KeyError):
        return 0, "", "", None
    return (seq, prev, digest, None) if _HASHES.fullmatch(digest) else (0, "", "", None)


def texts(lines: Sequence[bytes]) -> Iterator[bytes]:
    """The lines as a file holds them."""
    for line in lines:
        yield line + b"\n"
