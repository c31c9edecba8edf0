"""Messages: whatever a terminal tells that is neither a case nor an evaluation; each taken once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, model_validator
from sqlalchemy import JSON, ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from backend.envelope import CaseId, EnvelopePart, PartName
from backend.intake import claim, files_of
from backend.journal import Event
from backend.keys import CannotOpen
from backend.platform import Platform
from backend.refusals import Refusal
from backend.schema import Base, Case
from backend.terminals import Caller
from backend.uploads import forget_unclaimed


class MessageEnvelope(BaseModel):
    """What is said of a message in clear; what is personal lies in its parts."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    version: Literal[1] = Field(alias="schema")
    message_id: CaseId
    kind: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
    case_id: CaseId | None = Field(default=None, description="the case that it is about")
    at: AwareDatetime
    body: dict[str, JsonValue] = Field(description="nothing personal")
    parts: list[EnvelopePart] = Field(default=[], max_length=100)

    @model_validator(mode="after")
    def _parts_once(self) -> "MessageEnvelope":
        if len({part.part for part in self.parts}) != len(self.parts):
            raise ValueError("a part is named twice")
        return self


class Message(Base):
    """One message, whole or not here."""

    __tablename__ = "messages"

    message_id: Mapped[str] = mapped_column(primary_key=True)
    terminal_id: Mapped[str] = mapped_column(ForeignKey("terminals.terminal_id"), index=True)
    kind: Mapped[str]
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.case_id"))
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    repeats: Mapped[int] = mapped_column(default=0)

    parts: Mapped[list["MessagePart"]] = relationship(order_by="MessagePart.part")


class MessagePart(Base):
    """One sealed part of a message: the file `files/<upload_id>`."""

    __tablename__ = "message_parts"

    message_id: Mapped[str] = mapped_column(ForeignKey("messages.message_id"), primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    length: Mapped[int]
    upload_id: Mapped[str] = mapped_column(ForeignKey("uploads.upload_id"), unique=True)


class MessageRow(BaseModel):
    """One message as an operator sees it."""

    message_id: str
    kind: str
    case_id: str | None
    terminal_id: str
    at: datetime
    received_at: datetime
    body: dict[str, Any]
    parts: list[str]
    repeats: int = Field(description="how often the terminal told it again and got the same answer")


def take_message(platform: Platform, caller: Caller, told: MessageEnvelope) -> bool:
    """Keep the message; True when it is new, False when it was here before.

    Refuses with 404 (the case that it is about is not here yet), 409 U409 (`missing` parts) and 409 U410 (the same id
    with another kind or other parts).
    """
    with platform.database.writing() as session:
        if _repeated(session, told):
            return False
    files = files_of(platform, caller, told.message_id, told.parts)
    with platform.database.writing() as session:
        if _repeated(session, told):  # another request may have been quicker
            return False
        if told.case_id is not None and session.get(Case, told.case_id) is None:
            raise Refusal(404, "B404", "the case that this is about is not here")
        claim(session, files)
        session.add(_row(platform, caller, told))
        session.flush()
        session.add_all(
            MessagePart(
                message_id=told.message_id,
                part=part.part,
                sha256=part.sha256,
                length=part.length,
                upload_id=files[part.part],
            )
            for part in told.parts
        )
    forget_unclaimed(platform, caller.terminal_id, told.message_id)
    platform.journal.write(
        Event.MESSAGE_RECEIVED, terminal=caller.terminal_id, message=told.message_id, kind=told.kind
    )
    return True


def _row(platform: Platform, caller: Caller, told: MessageEnvelope) -> Message:
    return Message(
        message_id=told.message_id,
        terminal_id=caller.terminal_id,
        kind=told.kind,
        case_id=told.case_id,
        at=told.at,
        received_at=platform.clock.now(),
        body=told.body,
    )


def _repeated(session: Session, told: MessageEnvelope) -> bool:
    """Whether the very message is here, counted as repeated. What tells two apart is what the terminal never changes:
    the body of a device event grows while it waits (several become one), so the first that came stays."""
    kept = session.get(Message, told.message_id, options=(selectinload(Message.parts),))
    if kept is None:
        return False
    same = {(part.part, part.sha256, part.length) for part in kept.parts} == {
        (part.part, part.sha256, part.length) for part in told.parts
    }
    if (kept.kind, kept.case_id) != (told.kind, told.case_id) or not same:
        raise Refusal(409, "U410", "this message was told before, with other parts")
    kept.repeats += 1
    return True


def messages(platform: Platform, kind: str | None, limit: int, offset: int) -> list[MessageRow]:
    """Messages in the order in which they came."""
    query = select(Message).order_by(Message.received_at, Message.message_id).limit(limit).offset(offset)
    if kind is not None:
        query = query.where(Message.kind == kind)
    with platform.database.reading() as session:
        return [
            MessageRow(
                message_id=kept.message_id,
                kind=kept.kind,
                case_id=kept.case_id,
                terminal_id=kept.terminal_id,
                at=kept.at,
                received_at=kept.received_at,
                body=kept.body,
                parts=_names(kept.parts),
                repeats=kept.repeats,
            )
            for kept in session.scalars(query.options(selectinload(Message.parts)))
        ]


def _names(parts: Sequence[MessagePart]) -> list[str]:
    return [part.part for part in parts]


def opened_part(platform: Platform, message_id: str, name: PartName) -> bytes:
    """What a sealed part of a message holds, opened in memory. 404 when there is none."""
    with platform.database.reading() as session:
        part = session.get(MessagePart, (message_id, name))
    if part is None:
        raise Refusal(404, "B404", "no such part")
    try:
        return platform.keys.open(platform.store.read(part.upload_id))
    except (CannotOpen, FileNotFoundError) as error:
        raise Refusal(500, "B501", "this part can no longer be opened: restore it from backup") from error
