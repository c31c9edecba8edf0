"""What a terminal asks about cases: hand in, evaluate, progress."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel

from backend.api.callers import ThePlatform, TheTerminal, refusals
from backend.envelope import CaseId, Envelope
from backend.evaluations import EvaluationBody, evaluate
from backend.intake import take
from backend.progress import Progress, progress
from backend.refusals import Refusal, RefusalBody

router = APIRouter(tags=["cases"])


class Receipt(BaseModel):
    """That a case was received; the same however often it is handed in."""

    case_id: str
    acceptance_number: str
    received_at: datetime


class Kept(BaseModel):
    """That an evaluation is kept."""

    case_id: str


class MissingParts(RefusalBody):
    """U409: what must be sent (again) before the case can be accepted."""

    missing: list[str]


@router.put(
    "/v1/cases/{case_id}",
    status_code=201,
    responses={
        **refusals(
            s413="B413: too many parts",
            s422="B422 the envelope, or B451 to B456 the opened manifest, contradicts its parts",
        ),
        200: {"model": Receipt, "description": "accepted before; the same answer as then"},
        409: {"model": MissingParts, "description": "U409 parts missing; U410 the same id with other parts"},
    },
)
def hand_in(
    case_id: Annotated[CaseId, Path()],
    envelope: Envelope,
    response: Response,
    caller: TheTerminal,
    platform: ThePlatform,
) -> Receipt:
    """Hand a case in whose sealed parts were all sent. Repeat it until an answer comes: it is accepted once."""
    if envelope.case_id != case_id:
        raise Refusal(422, "B422", "the envelope is of another case than the address")
    taken = take(platform, caller, envelope)
    response.status_code = 201 if taken.new else 200
    return Receipt(
        case_id=taken.case.case_id,
        acceptance_number=taken.case.acceptance_number,
        received_at=taken.case.received_at,
    )


@router.put(
    "/v1/cases/{case_id}/evaluation",
    status_code=201,
    responses={
        **refusals(s404="B404: the case is unknown (yet)", s409="B409: it was evaluated before, differently"),
        200: {"model": Kept, "description": "the very same evaluation was kept before"},
    },
)
def evaluate_case(
    case_id: Annotated[CaseId, Path()],
    said: EvaluationBody,
    response: Response,
    _caller: TheTerminal,
    platform: ThePlatform,
) -> Kept:
    """Bring the citizen's evaluation of a case: one a case, repeated safely."""
    response.status_code = 201 if evaluate(platform, case_id, said) else 200
    return Kept(case_id=case_id)


@router.get(
    "/v1/progress/{acceptance_number}",
    responses=refusals(
        s404="B404: unknown number or wrong check: the same answer", s429="B429: asked too often"
    ),
)
def progress_of_case(
    acceptance_number: Annotated[str, Path(max_length=64)],
    check: Annotated[str, Query(max_length=16, description="the last four of the applicant's id number")],
    caller: TheTerminal,
    platform: ThePlatform,
) -> Progress:
    """How far a case has come, oldest first."""
    return progress(platform, caller.terminal_id, acceptance_number, check)
