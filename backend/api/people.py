"""What a terminal asks about the person before it. Her number comes in bodies alone, never in an address."""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict

from backend.api.callers import ThePlatform, TheTerminal, refusals
from backend.drafts import DraftRow, DraftView, draft_of, draft_page, drafts_of, drop_draft
from backend.earlier import Earlier, earlier
from backend.effects import Code, Number
from backend.envelope import CaseId, PartName
from backend.people import cases_of
from backend.standing import Standing

router = APIRouter(prefix="/v1/people", tags=["people"], responses=refusals(s429="B429: asked too often"))
_NOT_KEPT = {"Cache-Control": "no-store"}
_NONE = refusals(s404="B404: no such draft of this person", s500="B501")


class PersonBody(BaseModel):
    """Whom it is about."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    number: Number


class EarlierBody(PersonBody):
    """Whom it is about, for which matter, and when she agreed."""

    matter: Code
    consented_at: AwareDatetime


class Cases(BaseModel):
    """Her cases, newest first."""

    cases: list[Standing]


class Drafts(BaseModel):
    """Her drafts, newest first."""

    drafts: list[DraftRow]


@router.post("/cases")
def cases(said: PersonBody, response: Response, caller: TheTerminal, platform: ThePlatform) -> Cases:
    """Her cases, also those that she handed in for others."""
    response.headers.update(_NOT_KEPT)
    return Cases(cases=cases_of(platform, caller, said.number))


@router.post("/earlier", responses=refusals(s422="B422, or B474: her consent is not fresh"))
def earlier_values(
    said: EarlierBody, response: Response, caller: TheTerminal, platform: ThePlatform
) -> Earlier:
    """What she wrote in earlier cases, and her e-licences; with her consent only."""
    response.headers.update(_NOT_KEPT)
    return earlier(platform, caller, said.number, said.matter, said.consented_at)


@router.post("/drafts")
def drafts(said: PersonBody, response: Response, caller: TheTerminal, platform: ThePlatform) -> Drafts:
    """Her drafts."""
    response.headers.update(_NOT_KEPT)
    return Drafts(drafts=drafts_of(platform, caller, said.number))


@router.post("/drafts/{draft_id}", responses=_NONE)
def draft(
    draft_id: Annotated[CaseId, Path()],
    said: PersonBody,
    response: Response,
    caller: TheTerminal,
    platform: ThePlatform,
) -> DraftView:
    """What a draft of hers holds."""
    response.headers.update(_NOT_KEPT)
    return draft_of(platform, caller, said.number, draft_id)


@router.post("/drafts/{draft_id}/parts/{part}", responses=_NONE, response_class=Response)
def page(
    draft_id: Annotated[CaseId, Path()],
    part: Annotated[PartName, Path()],
    said: PersonBody,
    caller: TheTerminal,
    platform: ThePlatform,
) -> Response:
    """One page of a draft, opened."""
    content = draft_page(platform, caller, said.number, draft_id, part)
    return Response(content, media_type="application/octet-stream", headers=_NOT_KEPT)


@router.delete("/drafts/{draft_id}", status_code=204, responses=_NONE)
def unwanted(
    draft_id: Annotated[CaseId, Path()], said: PersonBody, caller: TheTerminal, platform: ThePlatform
) -> Response:
    """She does not want it kept any longer."""
    drop_draft(platform, caller, said.number, draft_id)
    return Response(status_code=204)
