"""Hardship reports (办不成事) and wishes to be called (预约回电): a list for the operator, its contents sealed."""

import enum
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, ValidationError
from sqlalchemy import ForeignKey, Integer, literal_column, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.effects import Code, Content, Effect, Told, body_of, content_of, demand_parts
from backend.envelope import parse_sealed
from backend.journal import Event
from backend.keys import CannotOpen
from backend.message_rows import CONTENT_PART, MessageEnvelope, MessagePart
from backend.opening import OpenPart
from backend.platform import Platform
from backend.progress import names_nobody
from backend.refusals import Refusal
from backend.schema import Base
from backend.terminals import Caller

_Text = Annotated[str, StringConstraints(max_length=4000)]
_Phone = Annotated[str, Field(min_length=1, max_length=40)]


class TicketState(enum.StrEnum):
    """How far a ticket is."""

    OPEN = "open"
    CALLED = "called"
    CLOSED = "closed"


class Ticket(Base):
    """One report or wish. Who it is from, and what it says, lies in the message's sealed part."""

    __tablename__ = "tickets"

    message_id: Mapped[str] = mapped_column(ForeignKey("messages.message_id"), primary_key=True)
    ticket: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    terminal_id: Mapped[str]
    case_id: Mapped[str | None]
    matter: Mapped[str | None]
    step: Mapped[str]
    reasons: Mapped[list[str]]
    at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[TicketState]
    changed_at: Mapped[datetime]


class _Body(Told):
    ticket: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,40}$"), AfterValidator(names_nobody)]
    matter: Code | None = None
    step: Code | Literal[""] = ""
    reasons: list[Code] = Field(default=[], max_length=32)


class HardshipContent(Content):
    """What could not be done, in her words; name and telephone only if she wants."""

    name: Annotated[str, Field(max_length=100)] | None = None
    phone: Annotated[str, Field(max_length=40)] | None = None
    callback: bool = False
    text: _Text = ""


class CallbackContent(Content):
    """Whom to call, and when."""

    name: Annotated[str, Field(max_length=100)] | None = None
    phone: _Phone
    when: Code


class TicketRow(BaseModel):
    """One ticket as the operator sees it, opened for this answer alone."""

    message_id: str
    ticket: str
    kind: str
    state: TicketState
    terminal_id: str
    case_id: str | None
    matter: str | None
    step: str
    reasons: list[str]
    at: datetime
    received_at: datetime
    changed_at: datetime
    readable: bool = Field(description="false: the sealed part can no longer be opened")
    name: str | None = None
    phone: str | None = None
    callback: bool = False
    when: str | None = None
    text: str = ""


def ticket_opened(platform: Platform, caller: Caller, told: MessageEnvelope, open_part: OpenPart) -> Effect:
    """A new ticket. Refuses (422) with B451, B454 and B475."""
    said = body_of(told, _Body)
    content_of(told, CallbackContent if told.kind == "callback" else HardshipContent, open_part)
    demand_parts(told, [])

    def effect(session: Session) -> Callable[[], None]:
        now = platform.clock.now()
        session.add(
            Ticket(
                message_id=told.message_id,
                kind=told.kind,
                terminal_id=caller.terminal_id,
                case_id=told.case_id,
                at=told.at,
                received_at=now,
                state=TicketState.OPEN,
                changed_at=now,
                **said.model_dump(),
            )
        )
        facts = {"terminal": caller.terminal_id, "ticket": said.ticket, "kind": told.kind}
        return lambda: platform.journal.write(Event.TICKET_OPENED, **facts)

    return effect


def tickets(platform: Platform, state: TicketState | None, limit: int, offset: int) -> list[TicketRow]:
    """Tickets in the order in which they came."""
    came = literal_column("tickets.rowid", Integer)  # several may come within a second
    query = select(Ticket).order_by(Ticket.received_at, came).limit(limit).offset(offset)
    if state is not None:
        query = query.where(Ticket.state == state)
    with platform.database.reading() as session:
        return [_row(platform, session, ticket) for ticket in session.scalars(query)]


def move_ticket(platform: Platform, message_id: str, state: TicketState) -> TicketRow:
    """Somebody called, or it is done. 404 when unknown."""
    with platform.database.writing() as session:
        ticket = session.get(Ticket, message_id)
        if ticket is None:
            raise Refusal(404, "B404", "no such ticket")
        if ticket.state is not state:
            ticket.state, ticket.changed_at = state, platform.clock.now()
        told = _row(platform, session, ticket)
    platform.journal.write(Event.TICKET_MOVED, ticket=told.ticket, state=state.value)
    return told


def _row(platform: Platform, session: Session, ticket: Ticket) -> TicketRow:
    opened = _opened(platform, session, ticket)
    said = {} if opened is None else opened.model_dump(exclude={"version"})
    fields = {name: said[name] for name in ("name", "phone", "callback", "when", "text") if name in said}
    kept = {
        name: getattr(ticket, name) for name in TicketRow.model_fields if name in Ticket.__table__.columns
    }
    return TicketRow(**kept, **fields, readable=opened is not None)


def _opened(platform: Platform, session: Session, ticket: Ticket) -> Content | None:
    part = session.get_one(MessagePart, (ticket.message_id, CONTENT_PART))
    model = CallbackContent if ticket.kind == "callback" else HardshipContent
    try:
        said = parse_sealed(platform.keys.open(platform.store.read(part.upload_id)))
        return model.model_validate(said)
    except (CannotOpen, FileNotFoundError, ValidationError, ValueError):
        return None  # one damaged part must not hide all the others
