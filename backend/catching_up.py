"""What an older version did not note of its cases and only the opened manifests tell: whose they are, and the parts.

Done at each start until nothing is left; a case whose parts can no longer be opened is left as it is, and taken up
again when they were restored.
"""

from sqlalchemy import select

from backend.departments import split
from backend.people import note_people
from backend.platform import Platform
from backend.records import manifest_of_case
from backend.refusals import Refusal
from backend.schema import Case
from backend.words import State


def catch_up(platform: Platform) -> int:
    """Note of every case what this version knows of new ones; how many were done now."""
    with platform.database.reading() as session:
        waiting = session.scalars(select(Case.case_id).where(Case.person_hash.is_(None))).all()
    return sum(_note(platform, case_id) for case_id in waiting)


def _note(platform: Platform, case_id: str) -> bool:
    with platform.database.writing() as session:  # one a case: a start that is cut off goes on where it was
        case = session.get_one(Case, case_id)
        try:
            manifest = manifest_of_case(platform, case)
        except Refusal:
            return False
        note_people(platform.keys, case, manifest)
        if not case.departments:
            case.departments.extend(split(manifest, case.received_at))
            _moved(case)
    return True


def _moved(case: Case) -> None:
    """Departments had no parts then: what they told is told of every part."""
    if case.state is State.RECEIVED or not case.timeline:
        return
    last = case.timeline[-1]
    for part in case.departments:
        part.state, part.what, part.at = case.state, last.what, last.at
