"""Messages of terminals: taken from them, shown to the operator."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel

from backend.api.callers import ThePlatform, TheTerminal, operator, refusals
from backend.envelope import CaseId, PartName
from backend.message_rows import MessageEnvelope
from backend.messages import MessageRow, messages, opened_part, take_message
from backend.refusals import Refusal

router = APIRouter(tags=["messages"])
_NOT_KEPT = {"Cache-Control": "no-store"}


class MessageKept(BaseModel):
    """That a message is kept."""

    message_id: str


@router.put(
    "/v1/messages/{message_id}",
    status_code=201,
    responses={
        **refusals(
            s404="B404: the case that it is about is not here (yet)",
            s409="U409 parts missing; U410 the same id with another kind or other parts",
        ),
        200: {"model": MessageKept, "description": "kept before; the same answer as then"},
    },
)
def tell(
    message_id: Annotated[CaseId, Path()],
    told: MessageEnvelope,
    response: Response,
    caller: TheTerminal,
    platform: ThePlatform,
) -> MessageKept:
    """Bring a correction, a report, a device event, whose sealed parts were all sent. Repeated safely."""
    if told.message_id != message_id:
        raise Refusal(422, "B422", "the envelope is of another message than the address")
    response.status_code = 201 if take_message(platform, caller, told) else 200
    return MessageKept(message_id=message_id)


@router.get("/v1/operator/messages", dependencies=[Depends(operator)], tags=["operator"])
def all_messages(
    platform: ThePlatform,
    response: Response,
    kind: Annotated[str | None, Query(max_length=32)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 500,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> list[MessageRow]:
    """What the terminals told, in the order in which it came."""
    response.headers.update(_NOT_KEPT)
    return messages(platform, kind, limit, offset)


@router.get(
    "/v1/operator/messages/{message_id}/parts/{part}",
    dependencies=[Depends(operator)],
    responses=refusals(s404="B404: unknown", s500="B501"),
    response_class=Response,
    tags=["operator"],
)
def message_part(
    message_id: Annotated[CaseId, Path()], part: Annotated[PartName, Path()], platform: ThePlatform
) -> Response:
    """What a sealed part of a message holds."""
    return Response(
        opened_part(platform, message_id, part), media_type="application/octet-stream", headers=_NOT_KEPT
    )
