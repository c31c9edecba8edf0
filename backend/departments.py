"""One case, several departments: who does what, who waits for whom, and where the whole case stands therefore.

What is changed here is changed in memory, on a case whose departments, corrections and timeline are loaded; the caller
commits. A state of the whole is never told by anybody once departments have told theirs: it follows.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from backend.envelope import Manifest, PlannedItem
from backend.schema import Case, SubCase, TimelineEntry
from backend.words import ENDED, State, sentence, words


def split(manifest: Manifest, at: datetime) -> list[SubCase]:
    """The parts of a case: one for each department of its plan, in the plan's order; without a plan one for the lead
    department's window. Those that wait for nobody begin at once, beside each other."""
    if not manifest.plan:
        items = [{"code": code, "name": ""} for code in manifest.items]
        return [_part(sentence("lead_window"), 0, items, [], at)]
    waits = _waits(manifest.plan)
    return [
        _part(
            department,
            place,
            [
                {"code": item.code, "name": item.name}
                for item in manifest.plan
                if item.department == department
            ],
            sorted(before),
            at,
        )
        for place, (department, before) in enumerate(waits.items())
    ]


def _part(
    department: str, place: int, items: list[dict[str, str]], after: list[str], at: datetime
) -> SubCase:
    state = State.WAITING if after else State.RECEIVED
    return SubCase(
        department=department,
        place=place,
        items=items,
        after=after,
        state=state,
        what=words()[state].what,
        at=at,
    )


def _waits(plan: Sequence[PlannedItem]) -> dict[str, set[str]]:
    """For each department those that it waits for: it begins as soon as one of its items may.

    What items wait for that are not in the plan is not waited for; departments that would wait for each other work
    beside each other and settle the order of their items among themselves.
    """
    does = {item.code: item.department for item in plan}
    ways: dict[str, list[set[str]]] = {}
    for item in plan:
        before = {does[code] for code in item.after if code in does} - {item.department}
        ways.setdefault(item.department, []).append(before)
    waits = {department: min(before, key=len) for department, before in ways.items()}
    return {
        department: {each for each in before if department not in _all_before(each, waits)}
        for department, before in waits.items()
    }


def _all_before(department: str, waits: dict[str, set[str]]) -> set[str]:
    """Every department that `department` waits for, also through others."""
    found: set[str] = set()
    new = set(waits[department])
    while new:
        found |= new
        new = {each for known in new for each in waits[known]} - found
    return found


def move(case: Case, department: str, state: State, what: str, at: datetime) -> None:
    """A department tells where its part stands; what waited for it begins, and the whole follows.

    A department that has no part moves the whole case, as it did before there were parts: every part that has
    begun and not ended goes with it, and with an end those that wait as well.
    """
    said = what or words()[state].what
    own = [part for part in case.departments if part.department == department]
    for part in own or _open_parts(case, state):
        part.state, part.what, part.at = state, said, at
    tell(case, department, said, state, at)
    if state is not State.CORRECTION:
        _close_corrections(case, department if own else None, at)
    case.state = whole(case) if own else state
    _begin_waiting(case, at)


def _open_parts(case: Case, state: State) -> list[SubCase]:
    return [
        part
        for part in case.departments
        if part.state not in ENDED and (state in ENDED or part.state is not State.WAITING)
    ]


def _close_corrections(case: Case, department: str | None, at: datetime) -> None:
    """A department that goes on asks for nothing any more; None: nobody does."""
    for correction in case.corrections:
        if correction.closed_at is None and department in (None, correction.department):
            correction.closed_at = at


def _begin_waiting(case: Case, at: datetime) -> None:
    finished = {part.department for part in case.departments if part.state is State.FINISHED}
    if case.state in ENDED:
        return
    for part in case.departments:
        if part.state is State.WAITING and finished.issuperset(part.after):
            part.state, part.what, part.at = State.RECEIVED, words()[State.RECEIVED].what, at
            tell(case, part.department, sentence("begins"), State.RECEIVED, at)


def withdraw(case: Case, at: datetime) -> None:
    """The applicant takes her case back: every part that has not ended, and whatever was asked for."""
    for part in _open_parts(case, State.WITHDRAWN):
        part.state, part.what, part.at = State.WITHDRAWN, words()[State.WITHDRAWN].what, at
    _close_corrections(case, None, at)
    case.state = State.WITHDRAWN
    tell(case, words()[State.RECEIVED].department, sentence("withdrawn"), State.WITHDRAWN, at)


def tell(case: Case, department: str, what: str, state: State, at: datetime) -> None:
    """One more line in the case's timeline."""
    case.timeline.append(TimelineEntry(at=at, department=department, what=what, state=state))


def whole(case: Case) -> State:
    """Where the whole case stands, by its parts: in correction while any is; ended when all have."""
    return state_of(part.state for part in case.departments)


def state_of(parts: Iterable[State]) -> State:
    """The state of a whole whose parts stand so (at least one)."""
    told = list(parts)
    if State.CORRECTION in told:
        return State.CORRECTION
    if all(state in ENDED for state in told):
        found = (State.FINISHED, State.DECLINED, State.WITHDRAWN)
        return next(state for state in found if state in told)
    begun = {State.ACCEPTED, *ENDED}
    return State.ACCEPTED if begun.intersection(told) else State.RECEIVED


def can_withdraw(case: Case) -> bool:
    """Whether the applicant may still take it back: it has not ended, and no department has finished its part."""
    return case.state not in ENDED and all(part.state is not State.FINISHED for part in case.departments)
