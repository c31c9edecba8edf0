"""The platform's tables. No column names a person: what the citizen said stays in the sealed parts."""

from datetime import UTC, datetime

from sqlalchemy import Dialect, ForeignKey, Index, MetaData, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import JSON, TypeDecorator

from backend.words import State

#: Counts up with every change of a table that was there before; migrations.py brings an older folder along.
SCHEMA_VERSION = 2


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept as ISO 8601 text in UTC: SQLite has no type for it and would drop the zone."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat(timespec="seconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


class Base(DeclarativeBase):
    metadata = MetaData()
    type_annotation_map = {datetime: Moment(), list[str]: JSON()}


class Fact(Base):
    """What this data folder is: its schema version, and the recipient that its cases are sealed to."""

    __tablename__ = "facts"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class EnrolmentCode(Base):
    """A one-time code. Kept hashed; `used_by` is set by the enrolment that spent it."""

    __tablename__ = "enrolment_codes"

    code_hash: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime]
    used_by: Mapped[str | None]


class Terminal(Base):
    """A kiosk that may hand in cases."""

    __tablename__ = "terminals"

    terminal_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    enrolled_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class TerminalKey(Base):
    """The Ed25519 public key with which a terminal signs. One a terminal."""

    __tablename__ = "terminal_keys"

    terminal_id: Mapped[str] = mapped_column(ForeignKey("terminals.terminal_id"), primary_key=True)
    key_id: Mapped[str]
    public_key: Mapped[str]
    given_at: Mapped[datetime]


class Upload(Base):
    """One sealed part: the file `files/<upload_id>`. Its offset is the file's size and kept nowhere else.

    `verified`: all bytes are there and their SHA-256 is `sha256` (a file with another one is removed).
    `claimed`: it belongs to an accepted case, and nothing may remove it any more.
    """

    __tablename__ = "uploads"
    __table_args__ = (Index("uploads_of_case", "terminal_id", "case_id"),)

    upload_id: Mapped[str] = mapped_column(primary_key=True)
    terminal_id: Mapped[str] = mapped_column(ForeignKey("terminals.terminal_id"))
    case_id: Mapped[str]
    part: Mapped[str]
    sha256: Mapped[str]
    length: Mapped[int]
    created_at: Mapped[datetime]
    verified: Mapped[bool] = mapped_column(default=False)
    claimed: Mapped[bool] = mapped_column(default=False)


class Case(Base):
    """One accepted case. It stands here whole, with all its parts, or not at all."""

    __tablename__ = "cases"
    __table_args__ = (UniqueConstraint("day", "serial"),)

    case_id: Mapped[str] = mapped_column(primary_key=True)
    acceptance_number: Mapped[str] = mapped_column(unique=True)
    day: Mapped[str]
    serial: Mapped[int]
    terminal_id: Mapped[str] = mapped_column(ForeignKey("terminals.terminal_id"))
    received_at: Mapped[datetime]
    sealed_at: Mapped[datetime]
    matter_code: Mapped[str]
    matter_name: Mapped[str]
    pages: Mapped[int]
    manifest_part: Mapped[str]
    check_hash: Mapped[str]
    #: keyed hash of the applicant's id number; null: handed in before there was one, and not opened since
    person_hash: Mapped[str | None] = mapped_column(index=True)
    #: the same of whoever handed it in for her; null: she did herself
    agent_hash: Mapped[str | None] = mapped_column(index=True)
    state: Mapped[State]
    repeats: Mapped[int] = mapped_column(default=0)

    parts: Mapped[list["CasePart"]] = relationship(order_by="CasePart.part")
    timeline: Mapped[list["TimelineEntry"]] = relationship(order_by="TimelineEntry.entry_id")
    evaluation: Mapped["Evaluation | None"] = relationship()
    departments: Mapped[list["SubCase"]] = relationship(order_by="SubCase.place")
    corrections: Mapped[list["Correction"]] = relationship(order_by="Correction.place")


class CasePart(Base):
    """One sealed part of a case: the file `files/<upload_id>`."""

    __tablename__ = "case_parts"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    length: Mapped[int]
    upload_id: Mapped[str] = mapped_column(ForeignKey("uploads.upload_id"), unique=True)


class TimelineEntry(Base):
    """One thing that happened to a case, as the citizen is told it."""

    __tablename__ = "timeline"

    entry_id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), index=True)
    at: Mapped[datetime]
    department: Mapped[str]
    what: Mapped[str]
    state: Mapped[State]


class SubCase(Base):
    """What one department does for a case (联办子件). A case has at least one, unless its manifest cannot be opened.

    `after`: departments of the same case that must have finished before this one begins; until then it is `waiting`.
    """

    __tablename__ = "sub_cases"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), primary_key=True)
    department: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int]
    items: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    after: Mapped[list[str]]
    state: Mapped[State]
    what: Mapped[str]
    at: Mapped[datetime]


class Correction(Base):
    """What a department wants put right (补正). `message_id`: the answer; it holds what is personal, sealed.

    `closed_at`: answered, or no longer asked for (the department moved on, the case was withdrawn).
    """

    __tablename__ = "corrections"

    correction_id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), index=True)
    place: Mapped[int]
    department: Mapped[str]
    reason: Mapped[str]
    fields: Mapped[list[str]]
    materials: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    asked_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    message_id: Mapped[str | None]


class Evaluation(Base):
    """The citizen's word on the service (好差评): five levels, 5 = 非常满意 … 1 = 非常不满意. One a case."""

    __tablename__ = "evaluations"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), primary_key=True)
    level: Mapped[int]
    reasons: Mapped[list[str]]
    channel: Mapped[str]
    at: Mapped[datetime]
    indicators_version: Mapped[str]
    received_at: Mapped[datetime]
