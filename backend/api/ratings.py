"""Rated later, from a phone, by the receipt's QR code. The page names nobody and nothing of the case."""

from datetime import datetime
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Path, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response

from backend.api.callers import ThePlatform, address_of
from backend.evaluation_page import HEADERS, INDICATORS, LEVELS, fitting, rating_page, told_page
from backend.evaluations import EvaluationBody, evaluate, is_rated
from backend.journal import Event
from backend.platform import Platform
from backend.refusals import Refusal

router = APIRouter(include_in_schema=False)

CaseAsked = Annotated[str, Path(max_length=64)]
_MOST_FIELDS = 64  # chosen: three times what the form has


def _html(page: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(page, status, dict(HEADERS))


def _often(error: Refusal) -> HTMLResponse:
    answer = _html(told_page("often", "bad"), error.status)
    answer.headers.update(error.headers or {})
    return answer


@router.get("/e/{case_id}")
def show(case_id: CaseAsked, request: Request, platform: ThePlatform) -> Response:
    """The page for one case; one that was rated says so, an unknown one is 404."""
    try:
        platform.rating_rate.check(address_of(request))
        rated = is_rated(platform, case_id)
    except Refusal as error:
        return _often(error) if error.status == 429 else _unknown(platform, request)
    if rated:
        return _html(told_page("thanks" if "thanks" in request.query_params else "rated"))
    return _html(rating_page())


@router.post("/e/{case_id}")
async def rate(case_id: CaseAsked, request: Request, platform: ThePlatform) -> Response:
    """Her rating; then the page again, which says thank you."""
    try:
        platform.rating_rate.take(address_of(request))
        level, chosen = _said(await request.body())
        if level is None:
            await run_in_threadpool(is_rated, platform, case_id)
            return _html(rating_page("choose"), 422)
        said = _evaluation(level, chosen, platform.clock.now())
        await run_in_threadpool(evaluate, platform, case_id, said)
    except Refusal as error:
        if error.status == 409:
            return _html(told_page("rated"), 409)
        return _often(error) if error.status == 429 else _unknown(platform, request)
    platform.journal.write(Event.CASE_RATED, case=case_id)
    headers = {**HEADERS, "Location": f"{request.url.path.rpartition('/')[2]}?thanks"}
    return Response(status_code=303, headers=headers)  # a page that is loaded again must not send again


def _unknown(platform: Platform, request: Request) -> HTMLResponse:
    try:
        platform.rating_rate.take(address_of(request))  # whoever guesses is slowed down
    except Refusal as error:
        return _often(error)
    return _html(told_page("unknown", "bad"), 404)


def _said(body: bytes) -> tuple[int | None, list[str]]:
    """The level, None when none of the five was chosen, and the reasons."""
    try:
        told = parse_qs(body.decode("ascii"), max_num_fields=_MOST_FIELDS)
    except ValueError:
        return None, []
    level = told.get("level", [""])[0]
    return (int(level) if level in {str(each) for each in LEVELS} else None), told.get("reason", [])


def _evaluation(level: int, chosen: list[str], at: datetime) -> EvaluationBody:
    return EvaluationBody(
        level=level, reasons=fitting(level, chosen), channel="phone", at=at, indicators_version=INDICATORS
    )
