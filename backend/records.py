"""Accepted cases as a department sees them: opened in memory for one answer, never on disk."""

from datetime import datetime
from io import BytesIO
from typing import Any

import pikepdf
from pydantic import BaseModel, Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from backend.corrected import Answered, corrected_form, corrected_materials, corrections_of
from backend.envelope import Manifest, parse_manifest
from backend.keys import CannotOpen
from backend.platform import Platform
from backend.refusals import Refusal
from backend.schema import Case, CasePart
from backend.words import State


class CaseRow(BaseModel):
    """One line of the operator's list."""

    case_id: str
    acceptance_number: str
    terminal_id: str
    received_at: datetime
    matter: str = Field(description="the matter's name")
    matter_code: str
    state: State
    pages: int
    citizen_name: str | None = Field(description="null when the manifest can no longer be opened")
    evaluation: int | None = Field(description="the level, 1 to 5")
    evaluation_reasons: list[str]
    copies: int = Field(
        description="cases that hold this very hand-in; anything but 1 is a fault of the platform"
    )
    repeats: int = Field(description="how often the terminal handed it in again and got the same answer")


def _part_file(case: Case, part: str) -> str:
    return next(kept.upload_id for kept in case.parts if kept.part == part)


def _opened(platform: Platform, case: Case, part: str) -> bytes:
    """Raises CannotOpen, FileNotFoundError."""
    return platform.keys.open(platform.store.read(_part_file(case, part)))


def _manifest(platform: Platform, case: Case) -> tuple[dict[str, Any], Manifest]:
    try:
        return parse_manifest(_opened(platform, case, case.manifest_part))
    except (CannotOpen, FileNotFoundError, ValueError) as error:
        raise _damaged() from error


def manifest_of_case(platform: Platform, case: Case) -> Manifest:
    """What was handed in, opened (the parts of `case` are loaded). Refuses (500) with B501."""
    return _manifest(platform, case)[1]


def _damaged() -> Refusal:
    return Refusal(
        500, "B501", "the sealed parts of this case can no longer be opened: restore them from backup"
    )


def _case(platform: Platform, case_id: str) -> Case:
    with platform.database.reading() as session:
        case = session.get(Case, case_id, options=(selectinload(Case.parts),))
    if case is None:
        raise Refusal(404, "B404", "no such case")
    return case


def _copies(session: Session, case: Case) -> int:
    """In how many cases the sealed manifest of `case` lies. Sealing the same thing twice gives different bytes, so
    the same bytes in two cases would be one hand-in counted twice."""
    sealed = next(part.sha256 for part in case.parts if part.part == case.manifest_part)
    query = select(func.count(func.distinct(CasePart.case_id))).where(CasePart.sha256 == sealed)
    return session.scalar(query) or 0


def _row(platform: Platform, session: Session, case: Case) -> CaseRow:
    try:
        name: str | None = _manifest(platform, case)[1].applicant.name
    except Refusal:
        name = None  # one damaged case must not hide all the others
    evaluation = case.evaluation
    return CaseRow(
        case_id=case.case_id,
        acceptance_number=case.acceptance_number,
        terminal_id=case.terminal_id,
        received_at=case.received_at,
        matter=case.matter_name,
        matter_code=case.matter_code,
        state=case.state,
        pages=case.pages,
        citizen_name=name,
        evaluation=evaluation.level if evaluation else None,
        evaluation_reasons=evaluation.reasons if evaluation else [],
        copies=_copies(session, case),
        repeats=case.repeats,
    )


def rows(platform: Platform, limit: int, offset: int) -> list[CaseRow]:
    """Accepted cases in the order they were received."""
    query = (
        select(Case)
        .order_by(Case.day, Case.serial)
        .limit(limit)
        .offset(offset)
        .options(selectinload(Case.parts), selectinload(Case.evaluation))
    )
    with platform.database.reading() as session:
        return [_row(platform, session, case) for case in session.scalars(query)]


def manifest_of(platform: Platform, case_id: str) -> dict[str, Any]:
    """The manifest exactly as it was signed; after corrections also `corrections`, their history, and `corrected`, the
    form and materials as they stand now. 404 when the case is unknown."""
    case = _case(platform, case_id)
    raw = _manifest(platform, case)[0]
    corrections = _corrections(platform, case_id)
    if not corrections:
        return raw
    now = {
        "form": corrected_form(raw["form"], corrections),
        "materials": [material for material, _ in corrected_materials(raw["materials"], corrections)],
    }
    return raw | {"corrections": [each.told() for each in corrections], "corrected": now}


def _corrections(platform: Platform, case_id: str) -> list[Answered]:
    with platform.database.reading() as session:
        return corrections_of(platform, session, session.get_one(Case, case_id))


def document(platform: Platform, case_id: str) -> bytes:
    """All materials of a case as one PDF, as they stand now, in the manifest's order.

    404 when there is no case or no material.
    """
    case = _case(platform, case_id)
    raw = _manifest(platform, case)[0]
    materials = corrected_materials(raw["materials"], _corrections(platform, case_id))
    if not materials:
        raise Refusal(404, "B404", "this case has no materials")
    whole, written = pikepdf.Pdf.new(), BytesIO()
    try:
        for material, file in materials:
            sealed = platform.store.read(file or _part_file(case, material["part"]))
            with pikepdf.open(BytesIO(platform.keys.open(sealed))) as pdf:
                whole.pages.extend(pdf.pages)
    except (CannotOpen, FileNotFoundError) as error:
        raise _damaged() from error
    with whole:
        whole.save(written)
    return written.getvalue()
