"""Messages: whatever a terminal tells that is neither a case nor an evaluation; each taken once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from backend.drafts import is_draft, is_dropped
from backend.envelope import PartName
from backend.intake import claim, files_of
from backend.journal import Event
from backend.keys import CannotOpen
from backend.message_kinds import effect_of
from backend.message_rows import Message, MessageEnvelope, MessagePart
from backend.platform import Platform
from backend.refusals import Refusal
from backend.schema import Case
from backend.terminals import Caller
from backend.uploads import forget_unclaimed


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
    """Keep the message, and do what it asks for; True when it is new, False when it was here before.

    Refuses with 404 (the case that it is about is not here yet), 409 U409 (`missing` parts), 409 U410 (the same id
    with another kind or other parts) and 422 (what it says contradicts itself or the case, see `message_kinds`).
    """
    facts = {"terminal": caller.terminal_id, "message": told.message_id, "kind": told.kind}
    try:
        new = _taken(platform, caller, told)
    except Refusal as refusal:
        if refusal.status == 422:
            platform.journal.write(Event.MESSAGE_REFUSED, **facts, code=refusal.code)
        raise
    if new:
        forget_unclaimed(platform, caller.terminal_id, told.message_id)
        platform.journal.write(Event.MESSAGE_RECEIVED, **facts)
    return new


def _taken(platform: Platform, caller: Caller, told: MessageEnvelope) -> bool:
    with platform.database.writing() as session:
        if _repeated(session, told):
            return False
    files = files_of(platform, caller, told.message_id, told.parts)

    def open_part(part: str) -> bytes:
        return platform.keys.open(platform.store.read(files[part]))

    effect = effect_of(platform, caller, told, open_part)
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
        session.flush()
        done = effect(session)
    done()
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
    if (kept.kind, kept.case_id) == (told.kind, told.case_id) and is_dropped(kept):
        return True
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
        message = session.get(Message, message_id)
    if part is None or message is None or is_draft(message):  # a draft is its owner's alone
        raise Refusal(404, "B404", "no such part")
    try:
        return platform.keys.open(platform.store.read(part.upload_id))
    except (CannotOpen, FileNotFoundError) as error:
        raise Refusal(500, "B501", "this part can no longer be opened: restore it from backup") from error
