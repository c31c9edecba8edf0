"""How each terminal says that it is, and what of it is an alarm. Nothing personal, and only the latest of each."""

import enum
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import JSON, ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from backend.journal import Event
from backend.platform import Platform
from backend.schema import Base, Terminal
from backend.terminals import Caller

SILENT_AFTER = timedelta(minutes=5)  # the heartbeat comes once a minute; given by the customer
FACE_SILENT_S = 180.0  # chosen: the face writes its board every half minute
OLDEST_CASE_S = 4 * 3600.0  # chosen: half a working day
CERTIFICATE = timedelta(days=30)  # chosen: time enough for an office to renew one
SITES = "sites.toml"
_FURTHEST = "log_furthest"  # kept beside what was told

_Word = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:+-]{0,64}$")]


class _Told(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class Device(_Told):
    """One device or service of the terminal."""

    name: _Word
    ok: bool
    code: _Word = ""
    state: _Word = ""
    since: AwareDatetime | None = None
    supplies: dict[_Word, Literal["full", "high", "low", "out", "jammed", "unknown"]] = Field(
        default={}, max_length=16
    )


class Queue(_Told):
    """What waits at the terminal, in figures."""

    waiting: int = Field(ge=0)
    stuck: int = Field(ge=0)
    evaluations_waiting: int = Field(default=0, ge=0)
    messages_waiting: int = Field(default=0, ge=0)
    delivered_today: int = Field(default=0, ge=0)
    bytes_waiting: int = Field(default=0, ge=0)
    oldest_s: float | None = Field(default=None, ge=0)
    last_error: _Word = ""


class LinkTold(_Told):
    """How the terminal finds the way here."""

    state: _Word
    code: _Word = ""
    bytes_s: float | None = Field(default=None, ge=0, description="throughput as last measured")


class ClockTold(_Told):
    """How the terminal's wall clock was found."""

    state: Literal["unknown", "right", "off", "impossible", "jumped"]
    off_s: float | None = None


class Disk(_Told):
    """Room for one more visit."""

    room_mb: int
    needed_mb: int


class LogEnd(_Told):
    """How far the terminal's event log is signed: its last seal."""

    seq: int = Field(ge=1)
    hash: _Word
    key: _Word


class HeartbeatBody(_Told):
    """How a terminal is. Members that this version does not know are left alone, and not kept."""

    version_of_body: Literal[1] = Field(alias="schema")
    at: AwareDatetime
    version: _Word
    queue: Queue
    link: LinkTold
    clock: ClockTold
    disk: Disk | None = None
    devices: list[Device] = Field(default=[], max_length=64)
    face_s: float | None = Field(
        default=None,
        ge=0,
        description="seconds since the face last said how it is; null: not since the start",
    )
    certificate_until: AwareDatetime | None = None
    log: LogEnd | None = None


class Heartbeat(Base):
    """The latest heartbeat of one terminal."""

    __tablename__ = "heartbeats"

    terminal_id: Mapped[str] = mapped_column(ForeignKey("terminals.terminal_id"), primary_key=True)
    received_at: Mapped[datetime]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)


class Alarm(enum.StrEnum):
    """What somebody must look at; the values are keys of board_words.toml."""

    SILENT = "silent"
    FACE = "face"
    DEVICE = "device"
    SUPPLY = "supply"
    STUCK = "stuck"
    OLDEST = "oldest"
    CLOCK = "clock"
    DISK = "disk"
    CERTIFICATE = "certificate"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One alarm, and about what: a device, a code, a figure."""

    alarm: Alarm
    about: str = ""


class Standing(BaseModel):
    """One site, or a terminal that stands at none of the list."""

    site: str
    terminal_id: str | None = Field(description="null: no terminal has this site's name")
    state: Literal["none", "never", "fine", "alarm"] = Field(
        description="no terminal; one that never sent a heartbeat; well; not well"
    )
    seen_at: datetime | None
    alarms: list[str] = Field(description="each `alarm` or `alarm:about`")
    heartbeat: HeartbeatBody | None


def keep(platform: Platform, caller: Caller, said: HeartbeatBody) -> datetime:
    """Keep the latest heartbeat of a terminal; the moment by the platform's clock."""
    now = platform.clock.now()
    body = said.model_dump(mode="json", by_alias=True)
    with platform.database.writing() as session:
        earlier = session.get(Heartbeat, caller.terminal_id)
        furthest = _furthest(earlier)
        back = _went_back(said, furthest)
        if back and not (earlier and _went_back(HeartbeatBody.model_validate(earlier.body), furthest)):
            platform.journal.write(Event.LOG_WENT_BACK, terminal=caller.terminal_id)
        kept = furthest if back or said.log is None else said.log
        body[_FURTHEST] = None if kept is None else kept.model_dump()
        session.merge(Heartbeat(terminal_id=caller.terminal_id, received_at=now, body=body))
    return now


def _furthest(beat: Heartbeat | None) -> LogEnd | None:
    """The furthest end of the log that the terminal ever told of."""
    told = None if beat is None else beat.body.get(_FURTHEST)
    return None if told is None else LogEnd.model_validate(told)


def _went_back(said: HeartbeatBody, furthest: LogEnd | None) -> bool:
    """Whether the log is not the continuation of what was told before: what is sealed is on the disk for good."""
    if said.log is None or furthest is None or said.log.seq > furthest.seq:
        return False
    return said.log.seq < furthest.seq or said.log.hash != furthest.hash


def troubles(
    said: HeartbeatBody, received_at: datetime, now: datetime, furthest: LogEnd | None = None
) -> Iterator[Trouble]:
    """What is not well, the worst first. Moments are the platform's own: a terminal's clock may be wrong."""
    if now - received_at > SILENT_AFTER:
        yield Trouble(Alarm.SILENT)
    if said.face_s is None or said.face_s > FACE_SILENT_S:
        yield Trouble(Alarm.FACE)
    for device in said.devices:
        if not device.ok and device.code:  # without a code it is only starting
            yield Trouble(Alarm.DEVICE, f"{device.name} {device.code}")
        for name, level in device.supplies.items():
            if level in ("low", "out", "jammed"):
                yield Trouble(Alarm.SUPPLY, f"{device.name} {name} {level}")
    if said.queue.stuck:
        yield Trouble(Alarm.STUCK, str(said.queue.stuck))
    if said.queue.oldest_s is not None and said.queue.oldest_s > OLDEST_CASE_S:
        yield Trouble(Alarm.OLDEST, f"{said.queue.oldest_s / 3600:.0f} h")
    if said.clock.state in ("off", "impossible", "jumped"):
        yield Trouble(Alarm.CLOCK, said.clock.state)
    if said.disk is not None and said.disk.room_mb < said.disk.needed_mb:
        yield Trouble(Alarm.DISK, f"{said.disk.room_mb} MB")
    if said.certificate_until is not None and said.certificate_until - now < CERTIFICATE:
        yield Trouble(Alarm.CERTIFICATE, f"{said.certificate_until:%Y-%m-%d}")
    if furthest is not None and _went_back(said, furthest):
        yield Trouble(Alarm.LOG, str(furthest.seq))


def sites(data: Path) -> list[str]:
    """The sites that should have a terminal: `sites.toml` of the data folder, or the sample list."""
    own = data / SITES
    source = own if own.is_file() else files("backend").joinpath(SITES)
    told = tomllib.loads(source.read_text(encoding="utf-8"))
    return [str(name) for name in told["sites"]]


def board(platform: Platform, names: list[str]) -> list[Standing]:
    """Every site of `names` and every other terminal that was not revoked; the ones with alarms first."""
    now = platform.clock.now()
    with platform.database.reading() as session:
        terminals = session.scalars(select(Terminal).where(Terminal.revoked_at.is_(None))).all()
        beats = {beat.terminal_id: beat for beat in session.scalars(select(Heartbeat))}
    standing = [_standing(terminal, beats.get(terminal.terminal_id), now) for terminal in terminals]
    here = {each.site for each in standing}
    standing += [_nobody(name) for name in names if name not in here]
    place = {name: at for at, name in enumerate(names)}
    order = ["alarm", "never", "none", "fine"]
    return sorted(
        standing, key=lambda each: (order.index(each.state), place.get(each.site, len(names)), each.site)
    )


def _standing(terminal: Terminal, beat: Heartbeat | None, now: datetime) -> Standing:
    if beat is None:
        return Standing(
            site=terminal.name,
            terminal_id=terminal.terminal_id,
            state="never",
            seen_at=None,
            alarms=[],
            heartbeat=None,
        )
    said = HeartbeatBody.model_validate(beat.body)
    alarms = [
        f"{each.alarm}:{each.about}" if each.about else each.alarm.value
        for each in troubles(said, beat.received_at, now, _furthest(beat))
    ]
    return Standing(
        site=terminal.name,
        terminal_id=terminal.terminal_id,
        state="alarm" if alarms else "fine",
        seen_at=beat.received_at,
        alarms=alarms,
        heartbeat=said,
    )


def _nobody(site: str) -> Standing:
    return Standing(site=site, terminal_id=None, state="none", seen_at=None, alarms=[], heartbeat=None)
