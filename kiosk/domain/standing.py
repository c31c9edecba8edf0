"""How far a case is, department by department, as the platform tells it; frozen, and held in memory only."""

from dataclasses import dataclass, field
from datetime import datetime

from offline_cache import people_replies as told
from offline_cache.replies import Progress


@dataclass(frozen=True, slots=True)
class DepartmentStanding:
    """Where the part of a case stands that one department does."""

    department: str
    items: tuple[str, ...]  #: names of the items that it does
    state: str  #: waiting (for another department's), or a state of a case; words `standing.state.<state>`
    what: str  #: the same in words, or the department's own
    at: datetime


@dataclass(frozen=True, slots=True)
class Correction:
    """What a department wants put right (补正), and nothing else."""

    correction_id: str
    department: str
    reason: str
    fields: tuple[str, ...]  #: names of fields
    materials: tuple[tuple[str, str], ...]  #: (slot, name)
    asked_at: datetime

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots of the materials that are to be brought again."""
        return tuple(slot for slot, _ in self.materials)


@dataclass(frozen=True, slots=True)
class Standing:
    """One case of one person."""

    case_id: str
    acceptance_number: str
    matter_code: str
    matter: str  #: its name
    state: str
    received_at: datetime | None
    departments: tuple[DepartmentStanding, ...]
    correction: Correction | None = field(default=None, repr=False)
    can_withdraw: bool = False


def standing_of(said: told.Standing | Progress) -> Standing:
    """What was answered. An older platform names no department: its timeline stands in their place."""
    departments = tuple(
        DepartmentStanding(
            part.department, tuple(item.name for item in part.items), part.state, part.what, part.at
        )
        for part in said.departments
    )
    if not departments and isinstance(said, Progress):
        departments = tuple(
            DepartmentStanding(step.department, (), "", step.what, step.at) for step in said.timeline
        )
    return Standing(
        case_id=said.case_id,
        acceptance_number=said.acceptance_number,
        matter_code=said.matter_code,
        matter=said.matter,
        state=said.state,
        received_at=said.received_at,
        departments=departments,
        correction=None if said.correction is None else _correction_of(said.correction),
        can_withdraw=said.can_withdraw,
    )


def _correction_of(said: told.AskedCorrection) -> Correction:
    return Correction(
        correction_id=said.correction_id,
        department=said.department,
        reason=said.reason,
        fields=said.fields,
        materials=tuple((material.slot, material.name) for material in said.materials),
        asked_at=said.asked_at,
    )
