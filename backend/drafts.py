"""Drafts: what she has not handed in yet, sealed as it came, opened for her alone, and gone after its time."""

import hashlib
import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, Field, JsonValue
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.effects import Code, Content, Effect, Number, Told, body_of, content_of, demand_parts
from backend.envelope import CaseId, PartName, Sealed, parse_sealed
from backend.journal import Event
from backend.keys import CannotOpen
from backend.message_rows import CONTENT_PART, Message, MessageEnvelope, MessagePart
from backend.opening import OpenPart, opened
from backend.platform import Platform
from backend.refusals import Refusal
from backend.schema import Base, Upload
from backend.terminals import Caller

_VERSION = r"^[^\x00-\x1f]{0,64}$"
_KIND = "draft"


class Draft(Base):
    """One draft. What it holds lies in the parts of the message that brought it last."""

    __tablename__ = "drafts"

    draft_id: Mapped[str] = mapped_column(primary_key=True)
    person_hash: Mapped[str] = mapped_column(index=True)
    message_id: Mapped[str] = mapped_column(ForeignKey("messages.message_id"), unique=True)
    matter: Mapped[str]
    version: Mapped[str]
    pages: Mapped[int]
    saved_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class _Body(Told):
    matter: Code
    draft_id: CaseId
    version: Annotated[str, Field(pattern=_VERSION)] = ""


class DraftPage(Sealed):
    """One page that was kept with a draft."""

    part: PartName


class DraftContent(Content):
    """A draft as its terminal noted it."""

    number: Number
    note: dict[str, JsonValue]
    pages: list[DraftPage] = Field(default=[], max_length=99)


class DraftRow(BaseModel):
    """One draft as it is told to its owner."""

    draft_id: str
    matter: str
    version: str
    saved_at: datetime
    expires_at: datetime
    pages: int


class DraftPartView(BaseModel):
    """One page, as it is when it was opened."""

    part: str
    sha256: str
    length: int = Field(serialization_alias="bytes")


class DraftView(BaseModel):
    """What a draft holds."""

    note: dict[str, JsonValue]
    parts: list[DraftPartView]


def draft_kept(platform: Platform, caller: Caller, told: MessageEnvelope, open_part: OpenPart) -> Effect:
    """A draft, in place of an earlier one of the same id. Refuses (422) with B451, B454, B472, B475."""
    said, content = body_of(told, _Body), content_of(told, DraftContent, open_part)
    names = [page.part for page in content.pages]
    demand_parts(told, names)
    for name in names:
        opened(name, open_part)
    person = platform.keys.person_of(content.number)
    noted = str(content.note.get("version", ""))
    version = said.version or (noted if re.fullmatch(_VERSION, noted) else "")

    def effect(session: Session) -> Callable[[], None]:
        before = session.get(Draft, said.draft_id)
        if before is not None and before.person_hash != person:
            raise Refusal(422, "B472", "this draft is another person's")
        gone = [] if before is None else _drop(session, before)
        now = platform.clock.now()
        session.add(
            Draft(
                draft_id=said.draft_id,
                person_hash=person,
                message_id=told.message_id,
                matter=said.matter,
                version=version,
                pages=len(names),
                saved_at=now,
                expires_at=now + timedelta(days=platform.settings.draft_days),
            )
        )

        def done() -> None:
            platform.remove_files(gone)
            platform.journal.write(
                Event.DRAFT_KEPT, terminal=caller.terminal_id, draft=said.draft_id, pages=len(names)
            )

        return done

    return effect


def _drop(session: Session, draft: Draft) -> list[str]:
    """Forget a draft and its parts, and return the files that are to be removed once that is durable.

    Its message stays, empty: a terminal that did not hear the answer repeats it, and is told that it was taken.
    """
    parts = session.scalars(select(MessagePart).where(MessagePart.message_id == draft.message_id)).all()
    files = [part.upload_id for part in parts]
    for each in (draft, *parts):
        session.delete(each)
    session.flush()
    for upload_id in files:
        session.delete(session.get_one(Upload, upload_id))
    session.flush()
    return files


def is_draft(kept: Message) -> bool:
    """Whether this message brought a draft."""
    return kept.kind == _KIND


def is_dropped(kept: Message) -> bool:
    """Whether this message was a draft that is gone."""
    return is_draft(kept) and not kept.parts


def drop_handed_in(session: Session, draft_id: str, people: Iterable[str | None]) -> list[str]:
    """The case that a draft was made of is accepted: the draft goes, if it is one of theirs; the files to remove."""
    draft = session.get(Draft, draft_id)
    return _drop(session, draft) if draft is not None and draft.person_hash in set(people) else []


def drop_expired(platform: Platform) -> int:
    """Delete, by rule, the drafts whose time is over; how many."""
    now = platform.clock.now()
    with platform.database.reading() as session:
        over = session.scalars(select(Draft.draft_id).where(Draft.expires_at <= now)).all()
    return sum(_drop_one(platform, draft_id, "expired", now) for draft_id in over)


def _drop_one(platform: Platform, draft_id: str, why: str, until: datetime | None = None) -> bool:
    with platform.database.writing() as session:
        draft = session.get(Draft, draft_id)
        if draft is None or (until is not None and draft.expires_at > until):
            return False
        gone = _drop(session, draft)
    platform.remove_files(gone)
    platform.journal.write(Event.DRAFT_DROPPED, draft=draft_id, why=why)
    return True


def drafts_of(platform: Platform, caller: Caller, number: str) -> list[DraftRow]:
    """Her drafts, newest first. 429 when asked too often."""
    platform.people_rate.take(caller.terminal_id)
    query = (
        select(Draft)
        .where(Draft.person_hash == platform.keys.person_of(number))
        .where(Draft.expires_at > platform.clock.now())
        .order_by(Draft.saved_at.desc(), Draft.draft_id)
    )
    with platform.database.reading() as session:
        return [
            DraftRow(**{name: getattr(draft, name) for name in DraftRow.model_fields})
            for draft in session.scalars(query)
        ]


def draft_of(platform: Platform, caller: Caller, number: str, draft_id: str) -> DraftView:
    """What a draft of hers holds. 404 when it is not there, or not hers."""
    platform.people_rate.take(caller.terminal_id)
    message_id = _hers(platform, number, draft_id)
    content = DraftContent.model_validate(parse_sealed(_part(platform, message_id, CONTENT_PART)))
    pages = {page.part: _part(platform, message_id, page.part) for page in content.pages}
    platform.journal.write(Event.DRAFT_OPENED, terminal=caller.terminal_id, draft=draft_id)
    return DraftView(
        note=content.note,
        parts=[
            DraftPartView(part=part, sha256=hashlib.sha256(page).hexdigest(), length=len(page))
            for part, page in pages.items()
        ],
    )


def draft_page(platform: Platform, caller: Caller, number: str, draft_id: str, part: str) -> bytes:
    """One page of a draft of hers, opened in memory. 404 when it is not there, or not hers."""
    platform.draft_page_rate.take(caller.terminal_id)
    if part == CONTENT_PART:
        raise _none()
    return _part(platform, _hers(platform, number, draft_id), part)


def drop_draft(platform: Platform, caller: Caller, number: str, draft_id: str) -> None:
    """She does not want it kept. 404 when it is not there, or not hers."""
    platform.people_rate.take(caller.terminal_id)
    _hers(platform, number, draft_id)
    _drop_one(platform, draft_id, "unwanted")


def _none() -> Refusal:
    return Refusal(404, "B404", "no such draft of this person")


def _hers(platform: Platform, number: str, draft_id: str) -> str:
    """The message that holds a draft of hers."""
    with platform.database.reading() as session:
        draft = session.get(Draft, draft_id)
    if draft is None or draft.expires_at <= platform.clock.now():
        raise _none()
    if draft.person_hash != platform.keys.person_of(number):
        raise _none()
    return draft.message_id


def _part(platform: Platform, message_id: str, name: str) -> bytes:
    with platform.database.reading() as session:
        part = session.get(MessagePart, (message_id, name))
    if part is None:
        raise _none()
    try:
        return platform.keys.open(platform.store.read(part.upload_id))
    except (CannotOpen, FileNotFoundError) as error:
        raise Refusal(500, "B501", "this draft can no longer be opened") from error
