"""Record and replay at the wire: a real session becomes a tape, and a tape becomes a regression test.

A tape is JSON lines. The first says what was recorded, the others what passed, in order:

    {"tape": 1, "driver": "sdt", "baud": 115200, "recorded_at": "2026-11-21T09:41:00+08:00", "scrubbed": true,
     "settings": {"read_new_address": true}}
    {"at": 0.0012, "to": "device", "hex": "AAAAAA9669000311FFED"}
    {"at": 0.0187, "to": "host", "hex": "AAAAAA966900040000 …"}
    {"at": 0.5, "to": "host", "hex": ""}                     a read that ended by its deadline
    {"at": 1.2, "gone": "the other end is gone"}             the plug was pulled

`at` counts seconds from the opening. Each opening begins with {"open": true} and ends with {"close": true}.
`settings` are those of the driver that were not its defaults, without its place; older tapes have none.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

from devices.errors import Unreachable
from devices.wire import Wire, register_scheme
from ground.clock import Clock

T = TypeVar("T")

VERSION = 1
SCHEME = "tape"
_STRAYED = "the driver strayed from the tape"


@dataclass(frozen=True, slots=True)
class Passed:
    """Bytes that passed the wire; from the device possibly none, when a read ended by its deadline."""

    at: float  #: seconds since the opening
    to: Literal["device", "host"]
    data: bytes


@dataclass(frozen=True, slots=True)
class Gone:
    """The other end went away."""

    at: float
    reason: str


@dataclass(frozen=True, slots=True)
class Plug:
    """The wire was opened or closed."""

    opened: bool


Entry = Passed | Gone | Plug


class TapeError(ValueError):
    """A file is no tape, or one of another version."""


@dataclass(frozen=True, slots=True)
class Tape:
    """What a tape holds."""

    driver: str
    baud: int
    entries: tuple[Entry, ...]
    scrubbed: bool = False  #: what could name a person was replaced by an invented sample
    recorded_at: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)  #: what the driver was told beyond its defaults

    def lines(self) -> Iterator[str]:
        """The file's lines."""
        yield json.dumps(
            {
                "tape": VERSION,
                "driver": self.driver,
                "baud": self.baud,
                "recorded_at": self.recorded_at,
                "scrubbed": self.scrubbed,
                "settings": dict(self.settings),
            }
        )
        for entry in self.entries:
            yield json.dumps(_written(entry))


def parse_tape(lines: Iterable[str]) -> Tape:
    """The tape in `lines`. Raises `TapeError`."""
    try:
        first, *rest = [json.loads(line) for line in lines if line.strip()]
        if first["tape"] != VERSION:
            raise TapeError(f"tape version {first['tape']} is not {VERSION}")
        entries = tuple(_read(line) for line in rest)
        return Tape(
            str(first["driver"]),
            int(first["baud"]),
            entries,
            bool(first.get("scrubbed")),
            str(first.get("recorded_at", "")),
            dict(first.get("settings", {})),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise error if isinstance(error, TapeError) else TapeError(f"not a tape: {error}") from error


def load_tape(path: Path) -> Tape:
    """The tape in the file `path`. Raises `TapeError`, OSError."""
    return parse_tape(path.read_text(encoding="ascii", errors="replace").splitlines())


def _written(entry: Entry) -> dict[str, Any]:
    match entry:
        case Passed(at, to, data):
            return {"at": round(at, 6), "to": to, "hex": data.hex().upper()}
        case Gone(at, reason):
            return {"at": round(at, 6), "gone": reason}
        case Plug(opened):
            return {"open" if opened else "close": True}


def _read(line: dict[str, Any]) -> Entry:
    if "gone" in line:
        return Gone(float(line["at"]), str(line["gone"]))
    if "open" in line or "close" in line:
        return Plug("open" in line)
    if line["to"] not in ("device", "host"):
        raise TapeError(f"bytes go to the device or to the host, not to {line['to']}")
    return Passed(float(line["at"]), line["to"], bytes.fromhex(line["hex"]))


class RecordingWire:
    """A wire that writes down what passes over another one."""

    def __init__(self, wire: Wire, clock: Clock, keep: Callable[[Entry], None]) -> None:
        self._wire = wire
        self._clock = clock
        self._keep = keep
        self._opened_at = clock.instant()
        self._open = True
        keep(Plug(True))

    def write(self, data: bytes) -> None:
        """See `Wire`."""
        self._keep(Passed(self._passed_s(), "device", data))
        self._noting_the_end(lambda: self._wire.write(data))

    def read(self, size: int, timeout_s: float) -> bytes:
        """See `Wire`."""
        data = self._noting_the_end(lambda: self._wire.read(size, timeout_s))
        self._keep(Passed(self._passed_s(), "host", data))
        return data

    def discard(self) -> None:
        """See `Wire`. What is thrown away is not on the tape: nobody acted on it."""
        self._noting_the_end(self._wire.discard)

    def close(self) -> None:
        """See `Wire`."""
        if self._open:
            self._open = False
            self._keep(Plug(False))
        self._wire.close()

    def _passed_s(self) -> float:
        return self._clock.instant() - self._opened_at

    def _noting_the_end(self, act: Callable[[], T]) -> T:
        try:
            return act()
        except Unreachable as error:
            self._keep(Gone(self._passed_s(), str(error.facts.get("reason", ""))))
            raise


class TapeWire:
    """Plays one opening of a tape: what the driver writes must be what it wrote then.

    Reads give what was read then, when it was read, however they are cut; where the tape has nothing more, they end
    by their deadline. A driver that writes something else has changed: `Unreachable` with the place on the tape.
    """

    def __init__(
        self, entries: Sequence[Entry], clock: Clock, strayed: Callable[[str], None] = lambda why: None
    ) -> None:
        """`strayed` is told what the driver does otherwise than it did, whatever the driver makes of the error."""
        self._entries = list(entries)
        self._clock = clock
        self._opened_at = clock.instant()
        self._arrived = bytearray()
        self._place = 0
        self._strayed = strayed

    def write(self, data: bytes) -> None:
        """Compare `data` with the tape."""
        wanted = bytearray(data)
        self._arrived.clear()
        while wanted:
            entry = self._next_to_device(data)
            if not wanted.startswith(entry.data):
                raise self._stray(wrote=data.hex(), tape=entry.data.hex())
            self._wait_for(entry.at)
            del wanted[: len(entry.data)]

    def read(self, size: int, timeout_s: float) -> bytes:
        """What the device said then. Every read was noted, so each takes one note, and more that came in time."""
        deadline = self._clock.after(timeout_s)
        first = True
        while len(self._arrived) < size and self._place < len(self._entries):
            entry = self._entries[self._place]
            if isinstance(entry, Gone):
                self._wait_for(entry.at)
                raise Unreachable(reason=entry.reason)
            if not isinstance(entry, Passed) or entry.to != "host":
                break
            if not first and self._opened_at + entry.at > deadline:
                break
            first = False
            self._place += 1
            self._wait_for(entry.at)
            self._arrived += entry.data
            if not entry.data:  # the deadline passed then, too
                break
        out = bytes(self._arrived[:size])
        del self._arrived[:size]
        if len(out) < size:
            self._clock.wait(self._clock.left(deadline))
        return out

    def discard(self) -> None:
        """Forget what has arrived."""
        self._arrived.clear()

    def close(self) -> None:
        """See `Wire`. Whoever lets go before the driver did then has strayed, too."""
        left = sum(
            isinstance(entry, Passed) and entry.to == "device" for entry in self._entries[self._place :]
        )
        if left:
            self._strayed(f"closed with {left} writes left on the tape")
        self._place = len(self._entries)

    def _wait_for(self, at: float) -> None:
        self._clock.wait(self._clock.left(self._opened_at + at))

    def _stray(self, **facts: str) -> Unreachable:
        told = " ".join(f"{key}={value}" for key, value in facts.items())
        self._strayed(f"{_STRAYED} at entry {self._place}: {told}")
        return Unreachable(reason=_STRAYED, line=self._place, **facts)

    def _next_to_device(self, wrote: bytes) -> Passed:
        """The next bytes that the host sent; what it did not care to read before is skipped."""
        while self._place < len(self._entries):
            entry = self._entries[self._place]
            self._place += 1
            match entry:
                case Passed(_, "device"):
                    return entry
                case Gone(_, reason):
                    raise Unreachable(reason=reason)
        raise self._stray(wrote=wrote.hex(), tape="")


def sessions(tape: Tape) -> list[list[Entry]]:
    """The openings of `tape`, each without its plug entries."""
    found: list[list[Entry]] = []
    for entry in tape.entries:
        if isinstance(entry, Plug):
            if entry.opened:
                found.append([])
        elif found:
            found[-1].append(entry)
    return found


def play(tape: Tape, clock: Clock, strayed: Callable[[str], None] = lambda why: None) -> str:
    """Make `tape://` lead to `tape`, one recorded opening after the other; the URL. `strayed`: see `TapeWire`."""
    left = sessions(tape)

    def lead_to(url: str, baud: int) -> Wire:
        if not left:
            raise Unreachable(url=url, reason="the tape has ended")
        return TapeWire(left.pop(0), clock, strayed)

    register_scheme(SCHEME, lead_to)
    return f"{SCHEME}://"
