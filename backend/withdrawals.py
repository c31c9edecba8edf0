"""The applicant takes her case back (撤回), as long as no department has finished its part."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from backend.departments import can_withdraw, tell, withdraw
from backend.effects import Content, Effect, Number, content_of, demand_parts, unfit
from backend.journal import Event
from backend.message_rows import MessageEnvelope
from backend.opening import OpenPart
from backend.people import demand_hers
from backend.platform import Platform
from backend.schema import Case
from backend.words import State, sentence, words


class WithdrawalContent(Content):
    """Whose case, and why. The reason stays sealed, for the department."""

    number: Number
    reason: str = ""


def withdrawn(platform: Platform, told: MessageEnvelope, open_part: OpenPart) -> Effect:
    """A withdrawal. One that comes too late is kept, and the timeline says so: it may have waited for a network.

    Refuses (422) with B451, B454, B472 (not hers) and B475.
    """
    if told.case_id is None:
        raise unfit("a withdrawal is about a case")
    said = content_of(told, WithdrawalContent, open_part)
    demand_parts(told, [])
    person = platform.keys.person_of(said.number)

    def effect(session: Session) -> Callable[[], None]:
        case = session.get_one(Case, told.case_id)
        demand_hers(case, person)
        in_time, now = can_withdraw(case), platform.clock.now()
        if in_time:
            withdraw(case, now)
        elif case.state is not State.WITHDRAWN:
            tell(case, words()[State.RECEIVED].department, sentence("withdrawn_late"), case.state, now)

        def done() -> None:
            platform.journal.write(Event.CASE_WITHDRAWN, case=case.case_id, done=int(in_time))

        return done

    return effect
