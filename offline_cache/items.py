"""The values that go into the outbox and come out of it."""

import enum
import hashlib
import json
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

MANIFEST_PART = "p00"

_PART = re.compile(r"p(?!00$)[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartToSeal:
    """One document of a case: a material's PDF or the signature."""

    name_in_manifest: str  #: p01 … p99, chosen by the caller; the manifest refers to it under the key "part"
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseToSeal:
    """What a citizen hands in, in clear, on its way into the outbox; it exists in memory only."""

    case_id: str  #: UUIDv4, made by the terminal when the visit began
    matter_code: str  #: of the catalogue; up to 64 characters; kept in clear
    manifest: Mapping[str, Any] = field(repr=False)  #: see docs/backend-api.md, without what `stamped` adds
    parts: tuple[PartToSeal, ...]

    def check(self) -> None:
        """Raise ValueError where the platform would refuse the case: better now than when she has gone home.

        Every part that the manifest names must be there and agree with the SHA-256 beside it, and every part
        that is there must be named.
        """
        if str(uuid.UUID(self.case_id)) != self.case_id or uuid.UUID(self.case_id).version != 4:
            raise ValueError("case_id is not a UUIDv4 in its usual form")
        if not 1 <= len(self.matter_code) <= 64:
            raise ValueError("matter_code must have 1 to 64 characters")
        contents = {part.name_in_manifest: part.content for part in self.parts}
        if len(contents) != len(self.parts) or not all(_PART.fullmatch(name) for name in contents):
            raise ValueError("parts must be named p01 … p99, each once")
        named = dict(_named_parts(self.manifest))
        if named.keys() != contents.keys():
            raise ValueError(f"manifest names {sorted(named)}, handed in are {sorted(contents)}")
        for name, sha256 in named.items():
            if sha256 is not None and sha256 != hashlib.sha256(contents[name]).hexdigest():
                raise ValueError(f"sha256 of {name} in the manifest is not that of its content")

    def stamped(
        self, local_number: str, handed_in_at: datetime, clock: "ClockReading | None" = None
    ) -> bytes:
        """The manifest as JSON bytes, with `case_id`, `local_number` and `handed_in_at` set by the outbox.

        `clock` says how sure that moment is.
        """
        stamps: dict[str, Any] = {
            "case_id": self.case_id,
            "local_number": local_number,
            "handed_in_at": as_text(handed_in_at),
        }
        if clock is not None:
            stamps |= {"handed_in_clock": {"state": clock.state.value, "off_s": clock.off_s}}
        # Escaped to ASCII: a chip's name may hold half a surrogate pair, which UTF-8 cannot carry.
        return json.dumps(dict(self.manifest) | stamps, sort_keys=True, allow_nan=False).encode("ascii")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """A case is sealed and durable: from here on "thank you" is true."""

    case_id: str
    local_number: str  #: such as T-000123-7, see local_number.py
    parts: int  #: sealed files, the manifest among them
    bytes: int  #: sealed
    handed_in_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedPart:
    """One sealed file of a case."""

    part: str
    file: str  #: in the spool
    sha256: str  #: hex, of the sealed bytes
    bytes: int
    location: str | None  #: where its upload can be resumed


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseJob:
    """A case to deliver, leased to one worker."""

    place: int
    worker: str
    case_id: str
    sealed_at: str
    parts: tuple[SealedPart, ...]
    tries: int  #: that failed before this one
    suite: str = ""  #: with which its parts are sealed, when it is not age

    def envelope(self) -> dict[str, Any]:
        """What the platform is told in clear."""
        parts = [{"part": part.part, "sha256": part.sha256, "bytes": part.bytes} for part in self.parts]
        told = {
            "schema": 1,
            "case_id": self.case_id,
            "sealed_at": self.sealed_at,
            "parts": parts,
            "manifest": MANIFEST_PART,
        }
        return told | ({"sealing": self.suite} if self.suite else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationJob:
    """An evaluation to deliver, leased to one worker; its case is delivered."""

    place: int
    worker: str
    case_id: str
    level: int
    reasons: tuple[str, ...]
    channel: str
    at: str
    indicators_version: str
    tries: int

    def body(self) -> dict[str, Any]:
        """The evaluation as the platform takes it."""
        return {
            "level": self.level,
            "reasons": list(self.reasons),
            "channel": self.channel,
            "at": self.at,
            "indicators_version": self.indicators_version,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageJob:
    """A message to deliver, leased to one worker; the case that it is about is delivered."""

    place: int
    worker: str
    message_id: str  #: UUIDv4, made here; the platform knows a repetition by it
    kind: str  #: such as correction, hardship, device_event
    about: str | None  #: id of the case that it is about, one of this terminal's
    at: str
    body: Mapping[str, Any]  #: nothing personal
    parts: tuple[SealedPart, ...]  #: what is personal; none for most kinds
    tries: int

    @property
    def case_id(self) -> str:
        """What log events call it."""
        return self.about or self.message_id

    def envelope(self) -> dict[str, Any]:
        """What the platform is told in clear."""
        parts = [{"part": part.part, "sha256": part.sha256, "bytes": part.bytes} for part in self.parts]
        return {
            "schema": 1,
            "message_id": self.message_id,
            "kind": self.kind,
            "case_id": self.about,
            "at": self.at,
            "body": dict(self.body),
            "parts": parts,
        }


Job = CaseJob | EvaluationJob | MessageJob
Channel = Literal["screen", "device"]


class CaseState(enum.StrEnum):
    """Where a case is on its way."""

    WAITING = "waiting"
    SENDING = "sending"
    STUCK = "stuck"
    DELIVERED = "delivered"


class LinkState(enum.StrEnum):
    """The way to the platform, as the uploader last found it."""

    UNKNOWN = "unknown"
    UP = "up"
    DOWN = "down"
    PORTAL = "portal"
    LIMITED = "limited"  #: it works, but not for everything now: metered, or held back by the time of day


class ClockState(enum.StrEnum):
    """How this machine's wall clock was found when it was last compared."""

    UNKNOWN = "unknown"
    RIGHT = "right"
    OFF = "off"  #: the platform's differs by more than a case may
    IMPOSSIBLE = "impossible"  #: before this version was built
    JUMPED = "jumped"  #: it moved by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockReading:
    """What is known of the wall clock."""

    state: ClockState
    off_s: float | None  #: this machine's minus the platform's, seconds; None when it was never compared
    since: datetime | None  #: by the very clock that is judged


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """How an item stands after a try that failed."""

    tries: int  #: that failed
    blame: int  #: how often the platform took something else right after it had failed


@dataclass(frozen=True, slots=True, kw_only=True)
class LastError:
    """The most recent trouble that is not over."""

    code: str
    since: datetime  #: when it began, not when it was last seen


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxStatus:
    """The outbox in figures. Cases, unless it says otherwise."""

    waiting: int  #: to be delivered, those that are being sent among them
    sending: int  #: leased to a worker just now; evaluations too
    stuck: int  #: on the technician's list; evaluations too
    delivered: int
    delivered_today: int  #: since midnight in China
    evaluations_waiting: int  #: also those whose case is not delivered yet
    oldest_s: float | None  #: seconds since the oldest undelivered case was handed in, stuck ones among them
    bytes_waiting: int  #: in the spool, for `waiting`
    link: LinkState
    link_code: str | None  #: why the link is not up, such as U111: the platform has revoked this terminal
    last_error: LastError | None
    clock: ClockReading
    messages_waiting: int  #: also those whose case is not delivered yet


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRecord:
    """One case as the technician sees it."""

    case_id: str
    local_number: str
    matter_code: str
    state: CaseState
    acceptance_number: str | None
    parts: int
    bytes: int
    tries: int
    error_code: str | None
    error_since: str | None
    handed_in_at: str
    delivered_at: str | None
    evaluation: str | None  #: later, waiting, stuck, delivered, rated_before; None when she gave none


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRecord:
    """One message as the technician sees it."""

    message_id: str
    kind: str
    about: str | None
    state: CaseState
    bytes: int
    tries: int
    error_code: str | None
    error_since: str | None
    came_at: str
    delivered_at: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Whether the disk has room for one more visit."""

    room_bytes: int  #: that may be written before the reserve is touched
    needed_bytes: int  #: by the biggest case, with its drafts

    @property
    def enough(self) -> bool:
        """Whether a visit with papers may begin."""
        return self.room_bytes >= self.needed_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What was found in the spool and taken (back) into the database."""

    units: int  #: complete ones, waiting again
    damaged: int  #: with a file gone or harmed: on the technician's list
    small: int  #: evaluations and messages that could still be read from the old file


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """Something in the outbox that is not as it was written."""

    what: str
    file: str | None = None


def as_text(moment: datetime) -> str:
    """A moment as the outbox writes it; in UTC, so that texts sort like moments."""
    return moment.isoformat(timespec="milliseconds")


def _named_parts(value: Any) -> Iterator[tuple[str, str | None]]:
    """Every part that a manifest names, with the SHA-256 that stands beside it."""
    if isinstance(value, Mapping):
        if isinstance(value.get("part"), str):
            sha256 = value.get("sha256")
            yield value["part"], sha256 if isinstance(sha256, str) else None
        for inner in value.values():
            yield from _named_parts(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _named_parts(inner)
