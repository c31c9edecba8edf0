"""What the operator's page of cases is made of, and what its buttons do: by the same calls as a department's own."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from backend.cases_page import MOST, CaseShown
from backend.corrections import Wanted, WantedMaterial, ask
from backend.platform import Platform
from backend.progress import Happened, append
from backend.records import manifest_of_case
from backend.refusals import Refusal
from backend.schema import Case
from backend.standing import standing_of
from backend.tickets import TicketRow, TicketState, tickets

_MATERIAL, _FIELD = "m:", "f:"
_MOST_TICKETS = 1000


def latest(platform: Platform) -> list[CaseShown]:
    """The latest cases, newest first. Their manifests are opened for this answer alone."""
    query = (
        select(Case)
        .order_by(Case.received_at.desc(), Case.serial.desc())
        .limit(MOST)
        .options(
            selectinload(Case.parts),
            selectinload(Case.departments),
            selectinload(Case.corrections),
            selectinload(Case.evaluation),
        )
    )
    with platform.database.reading() as session:
        return [_shown(platform, case) for case in session.scalars(query)]


def _shown(platform: Platform, case: Case) -> CaseShown:
    level = None if case.evaluation is None else case.evaluation.level
    try:
        manifest = manifest_of_case(platform, case)
    except Refusal:  # one damaged case must not hide all the others
        return CaseShown(standing_of(case), sample=False, level=level, choices=())
    materials = [(f"{_MATERIAL}{each.slot}", each.name) for each in manifest.materials]
    fields = [(f"{_FIELD}{name}", name) for name in manifest.form]
    return CaseShown(standing_of(case), manifest.sample, level, (*materials, *fields))


def waiting_tickets(platform: Platform) -> list[TicketRow]:
    """Tickets that are not closed, oldest first."""
    return [
        each
        for state in (TicketState.OPEN, TicketState.CALLED)
        for each in tickets(platform, state, _MOST_TICKETS, 0)
    ]


def pressed(platform: Platform, case_id: str, told: dict[str, str]) -> None:
    """A button of the page. Refuses as the calls behind it; raises `pydantic.ValidationError` for what does not fit."""
    department, do = told.get("department", ""), told.get("do", "")
    if do != "correction":
        append(platform, case_id, Happened.model_validate({"department": department, "state": do}))
        return
    what = told.get("what", "")
    name = what[len(_MATERIAL) :]
    fields = [name] if what.startswith(_FIELD) else []
    materials = [_material(platform, case_id, name)] if what.startswith(_MATERIAL) else []
    wanted = {"department": department, "reason": told.get("reason", ""), "fields": fields}
    ask(platform, case_id, Wanted.model_validate(wanted | {"materials": materials}))


def _material(platform: Platform, case_id: str, slot: str) -> WantedMaterial:
    with platform.database.reading() as session:
        case = session.get(Case, case_id)
        if case is None:
            raise Refusal(404, "B404", "no such case")
        materials = manifest_of_case(platform, case).materials
    name = next((each.name for each in materials if each.slot == slot), None)
    if name is None:
        raise Refusal(404, "B404", "no such material")
    return WantedMaterial(slot=slot, name=name)
