"""Whose a case is: found by a keyed hash of the id number, which is all that is kept of it in clear."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from backend.envelope import Manifest
from backend.journal import Event
from backend.keys import Keys
from backend.platform import Platform
from backend.refusals import Refusal
from backend.schema import Case
from backend.standing import Standing, standing_of
from backend.terminals import Caller
from backend.words import State

_MOST_CASES = 50
_WHOLE = (selectinload(Case.departments), selectinload(Case.corrections))


def note_people(keys: Keys, case: Case, manifest: Manifest) -> None:
    """Note on `case` whose it is, and who handed it in for her."""
    case.person_hash = keys.person_of(manifest.applicant.number)
    case.agent_hash = None if manifest.agent is None else keys.person_of(manifest.agent.number)


def may_answer(case: Case, person: str) -> bool:
    """Whether the person with this hash may speak for the case: the applicant, or who handed it in for her."""
    return person in (case.person_hash, case.agent_hash)


def demand_hers(case: Case, person: str) -> None:
    """Refuse (422, B472) whoever may not speak for the case."""
    if not may_answer(case, person):
        raise Refusal(422, "B472", "the number is not that of this case's applicant or agent")


def cases_of(platform: Platform, caller: Caller, number: str) -> list[Standing]:
    """Her cases, also those that she handed in for others; newest first, at most 50. 429 when asked too often."""
    platform.people_rate.take(caller.terminal_id)
    person = platform.keys.person_of(number)
    query = (
        select(Case)
        .where(or_(Case.person_hash == person, Case.agent_hash == person))
        .order_by(Case.received_at.desc(), Case.serial.desc())
        .limit(_MOST_CASES)
        .options(*_WHOLE)
    )
    with platform.database.reading() as session:
        found = [standing_of(case) for case in session.scalars(query)]
    platform.journal.write(Event.CASES_ASKED, terminal=caller.terminal_id, cases=len(found))
    return found


def own_cases(session: Session, person: str, since: datetime, most: int) -> list[Case]:
    """Her own cases since then that were not declined or withdrawn, newest first, with all that is kept of them."""
    query = (
        select(Case)
        .where(Case.person_hash == person, Case.received_at >= since)
        .where(Case.state.not_in((State.DECLINED, State.WITHDRAWN)))
        .order_by(Case.received_at.desc(), Case.serial.desc())
        .limit(most)
        .options(*_WHOLE, selectinload(Case.parts))
    )
    return list(session.scalars(query))
