"""Heartbeats of terminals, and the page on which all of them stand."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from backend.api.callers import ThePlatform, TheTerminal, operator, page_operator, refusals
from backend.board_page import HEADERS, page
from backend.bundles import bundles
from backend.heartbeats import HeartbeatBody, Standing, board, keep

router = APIRouter(tags=["heartbeat"])


def _sites_of(request: Request) -> list[str]:
    names: list[str] = request.app.state.sites
    return names


TheSites = Annotated[list[str], Depends(_sites_of)]


class HeartbeatKept(BaseModel):
    """That a heartbeat is kept, and when by the platform's clock."""

    received_at: datetime


@router.put("/v1/terminal/heartbeat", responses=refusals())
def beat(said: HeartbeatBody, caller: TheTerminal, platform: ThePlatform) -> HeartbeatKept:
    """How the calling terminal is; the latest replaces the one before."""
    return HeartbeatKept(received_at=keep(platform, caller, said))


@router.get("/v1/operator/board", dependencies=[Depends(operator)], tags=["operator"])
def whole_board(platform: ThePlatform, names: TheSites) -> list[Standing]:
    """Every site and terminal, those with alarms first."""
    return board(platform, names)


@router.get(
    "/terminals",
    response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[Depends(page_operator)],
)
def board_page(platform: ThePlatform, names: TheSites) -> HTMLResponse:
    """The same for people; the browser asks for a name (any) and the operator's token."""
    return HTMLResponse(
        page(board(platform, names), platform.clock.now(), bundles(platform)), headers=dict(HEADERS)
    )
