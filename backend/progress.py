"""How far a case has come: told to whoever knows its number and the last four of the id number."""

import hmac
import re
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from backend.departments import move
from backend.envelope import demand_text
from backend.numbers import is_number
from backend.platform import Platform
from backend.refusals import Refusal
from backend.schema import Case
from backend.standing import Standing, standing_of
from backend.words import State

_NO_HASH = "0" * 64
_ID_NUMBER = re.compile(r"[0-9]{14}")


def names_nobody(said: str) -> str:
    """`said` as it may lie in clear. Raises ValueError for what holds an identity number, or is no text."""
    demand_text(said)
    if _ID_NUMBER.search(said):
        raise ValueError("what is told in clear names no identity number")
    return said


class Happened(BaseModel):
    """What a department tells of a case."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    department: str = Field(min_length=1, max_length=60)
    what: str = Field(default="", max_length=200, description="empty: the state's usual words")
    state: Literal[State.ACCEPTED, State.CORRECTION, State.FINISHED, State.DECLINED, State.WITHDRAWN]

    @field_validator("department", "what")
    @classmethod
    def _no_number(cls, said: str) -> str:
        return names_nobody(said)


class Entry(BaseModel):
    """One line of the timeline."""

    at: datetime
    department: str
    what: str


class Progress(Standing):
    """Where a case stands and how it came there."""

    timeline: list[Entry] = Field(description="oldest first")


def progress_of(case: Case) -> Progress:
    """What may be told of `case` (all of it loaded)."""
    return Progress(
        **standing_of(case).model_dump(),
        timeline=[
            Entry(at=entry.at, department=entry.department, what=entry.what) for entry in case.timeline
        ],
    )


def progress(platform: Platform, terminal_id: str, number: str, check: str) -> Progress:
    """The progress of case `number`, if `check` is right.

    An unknown number, a mistyped one and a wrong check get the very same 404, after the same work, so that nobody
    learns from the answer which numbers exist. 429 when this terminal asks too often: four digits can be tried out.
    """
    platform.progress_rate.take(terminal_id)
    with platform.database.reading() as session:
        case = _by_number(session, number)
        kept = case.check_hash if case is not None else _NO_HASH
        right = hmac.compare_digest(platform.keys.check_of(number, check), kept)
        if case is None or not right or not is_number(number):
            raise Refusal(404, "B404", "no case with this number and check")
        return progress_of(case)


def _by_number(session: Session, number: str) -> Case | None:
    query = select(Case).where(Case.acceptance_number == number).options(selectinload(Case.timeline))
    return session.scalar(query)


def append(platform: Platform, case_id: str, said: Happened) -> Progress:
    """A department tells where its part of a case stands; 404 when the case is unknown."""
    with platform.database.writing() as session:
        case = session.get(Case, case_id)
        if case is None:
            raise Refusal(404, "B404", "no such case")
        move(case, said.department, State(said.state), said.what, platform.clock.now())
        session.flush()
        return progress_of(case)
