"""Where a case stands, department by department: told to whoever may know, in the same words everywhere."""

from datetime import datetime

from pydantic import BaseModel, Field

from backend.departments import can_withdraw
from backend.schema import Case, Correction, SubCase
from backend.words import State


class Item(BaseModel):
    """One item that a department does for a case."""

    code: str
    name: str = Field(description="empty when the case came without a plan")


class DepartmentView(BaseModel):
    """Where one department's part of a case stands."""

    department: str
    items: list[Item]
    state: State = Field(description="waiting: for other departments of this case")
    what: str
    at: datetime = Field(description="since when")


class AskedMaterial(BaseModel):
    """A material that is to be brought again."""

    slot: str
    name: str


class CorrectionView(BaseModel):
    """What a department wants put right."""

    correction_id: str
    department: str
    reason: str
    fields: list[str]
    materials: list[AskedMaterial]
    asked_at: datetime


class Standing(BaseModel):
    """Where a case stands."""

    case_id: str
    acceptance_number: str
    matter_code: str
    matter: str = Field(description="the matter's name")
    state: State
    received_at: datetime
    departments: list[DepartmentView]
    correction: CorrectionView | None = Field(description="the oldest that waits for her answer")
    can_withdraw: bool


def standing_of(case: Case) -> Standing:
    """Where `case` stands."""
    asked = next((each for each in case.corrections if each.closed_at is None), None)
    return Standing(
        case_id=case.case_id,
        acceptance_number=case.acceptance_number,
        matter_code=case.matter_code,
        matter=case.matter_name,
        state=case.state,
        received_at=case.received_at,
        departments=[_department(part) for part in case.departments],
        correction=None if asked is None else correction_view(asked),
        can_withdraw=can_withdraw(case),
    )


def _department(part: SubCase) -> DepartmentView:
    return DepartmentView(
        department=part.department,
        items=[Item.model_validate(item) for item in part.items],
        state=part.state,
        what=part.what,
        at=part.at,
    )


def correction_view(asked: Correction) -> CorrectionView:
    """A correction as it is told."""
    return CorrectionView(
        correction_id=asked.correction_id,
        department=asked.department,
        reason=asked.reason,
        fields=asked.fields,
        materials=[AskedMaterial.model_validate(material) for material in asked.materials],
        asked_at=asked.asked_at,
    )
