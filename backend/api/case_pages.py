"""The operator's page of cases: the browser asks for a name (any) and the operator's token."""

import hmac
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Path, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response

from backend.api.callers import ThePlatform, page_operator
from backend.cases_page import HEADERS, page
from backend.cases_shown import latest, pressed, waiting_tickets
from backend.clock import day_of
from backend.envelope import CaseId
from backend.platform import Platform
from backend.refusals import Refusal
from backend.tickets import TicketState, move_ticket

router = APIRouter(include_in_schema=False, dependencies=[Depends(page_operator)])
_MOST_FIELDS = 16


def _token(platform: Platform, days_ago: int = 0) -> str:
    """What every form of today's page carries. The browser sends the operator's password with whatever any page makes
    it send, so a form must show that it is ours: another page cannot read this."""
    return platform.keys.page_token(str(day_of(platform.clock.now() - timedelta(days=days_ago))))


@router.get("/cases", response_class=HTMLResponse)
def cases(request: Request, platform: ThePlatform) -> HTMLResponse:
    """The latest cases and the tickets that are not closed."""
    refused = "refused" in request.query_params
    shown = page(latest(platform), waiting_tickets(platform), _token(platform), refused=refused)
    return HTMLResponse(shown, headers=dict(HEADERS))


@router.post("/cases/{case_id}")
async def press(case_id: Annotated[CaseId, Path()], request: Request, platform: ThePlatform) -> Response:
    """A department's button."""
    told = await _form(request)
    return await run_in_threadpool(
        _done, platform, request, told, lambda: pressed(platform, case_id, told), "../cases"
    )


@router.post("/cases/tickets/{message_id}")
async def press_ticket(
    message_id: Annotated[CaseId, Path()], request: Request, platform: ThePlatform
) -> Response:
    """Somebody called, or it is done."""
    told = await _form(request)

    def move() -> None:
        move_ticket(platform, message_id, TicketState(told.get("do", "")))

    return await run_in_threadpool(_done, platform, request, told, move, "../../cases")


async def _form(request: Request) -> dict[str, str]:
    try:
        return dict(parse_qsl((await request.body()).decode("ascii"), max_num_fields=_MOST_FIELDS))
    except ValueError:
        return {}


def _done(
    platform: Platform, request: Request, told: dict[str, str], do: Callable[[], None], back: str
) -> Response:
    _demand_ours(platform, request, told.get("token", ""))
    try:
        do()
    except (Refusal, ValueError):  # pydantic's ValidationError is a ValueError
        back += "?refused"
    return Response(status_code=303, headers={**HEADERS, "Location": back})


def _demand_ours(platform: Platform, request: Request, token: str) -> None:
    """Refuse (403) what was not sent from our own page, of today or yesterday."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    good = any(hmac.compare_digest(token.encode(), _token(platform, ago).encode()) for ago in (0, 1))
    if not good or site != "same-origin":
        raise Refusal(403, "B403", "this form was not sent from the page of cases; load that anew")
