"""What an operator of the platform, or a department, may do."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from backend.admission import forget_key
from backend.api.callers import ThePlatform, operator, refusals
from backend.corrections import Wanted, ask
from backend.envelope import CaseId
from backend.progress import Happened, Progress, append
from backend.records import CaseRow, document, manifest_of, rows
from backend.schema import Terminal
from backend.standing import CorrectionView
from backend.terminals import make_code, public_keys, restore, revoke, terminals
from backend.tickets import TicketRow, TicketState, move_ticket, tickets

router = APIRouter(
    prefix="/v1/operator",
    tags=["operator"],
    dependencies=[Depends(operator)],
    responses=refusals(s404="B404: unknown"),
)
_NOT_KEPT = {"Cache-Control": "no-store"}


class Code(BaseModel):
    """A one-time enrolment code, shown this once."""

    code: str
    expires_at: datetime


class TicketBody(BaseModel):
    """How far a ticket is now."""

    model_config = ConfigDict(extra="forbid")

    state: TicketState


class TerminalRow(BaseModel):
    """One enrolled terminal."""

    terminal_id: str
    name: str
    enrolled_at: datetime
    revoked_at: datetime | None
    key_id: str | None = None
    public_key: str | None = Field(
        default=None, description="Ed25519, base64: for `log verify` and `version --check`"
    )


def _row(terminal: Terminal, key: tuple[str, str] | None = None) -> TerminalRow:
    return TerminalRow(
        terminal_id=terminal.terminal_id,
        name=terminal.name,
        enrolled_at=terminal.enrolled_at,
        revoked_at=terminal.revoked_at,
        key_id=key[0] if key else None,
        public_key=key[1] if key else None,
    )


@router.post("/codes")
def new_code(platform: ThePlatform) -> Code:
    """Make a one-time code for one new terminal."""
    code, expires_at = make_code(platform)
    return Code(code=code, expires_at=expires_at)


@router.get("/terminals")
def enrolled(platform: ThePlatform) -> list[TerminalRow]:
    """Every terminal ever enrolled, oldest first."""
    keys = public_keys(platform)
    return [_row(terminal, keys.get(terminal.terminal_id)) for terminal in terminals(platform)]


@router.post("/terminals/{terminal_id}/revoke")
def revoke_terminal(terminal_id: str, platform: ThePlatform) -> TerminalRow:
    """Refuse a terminal from now on, as when it was stolen. It is told so (B466), and keeps what it holds sealed."""
    return _row(revoke(platform, terminal_id))


@router.post("/terminals/{terminal_id}/restore")
def restore_terminal(terminal_id: str, platform: ThePlatform) -> TerminalRow:
    """Take a revocation back: the terminal delivers on, with the token and the key that it has."""
    return _row(restore(platform, terminal_id))


@router.delete("/terminals/{terminal_id}/key", status_code=204)
def forget_terminal_key(terminal_id: str, platform: ThePlatform) -> Response:
    """Forget a terminal's public key, because it was lost: its token alone counts until it gives another."""
    forget_key(platform, terminal_id)
    return Response(status_code=204)


@router.get("/cases")
def cases(
    platform: ThePlatform,
    response: Response,
    limit: Annotated[int, Query(ge=1, le=1000)] = 500,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> list[CaseRow]:
    """Accepted cases in the order they were received. Names are opened for this answer alone."""
    response.headers.update(_NOT_KEPT)
    return rows(platform, limit, offset)


@router.get("/cases/{case_id}")
def manifest(case_id: Annotated[CaseId, Path()], platform: ThePlatform, response: Response) -> dict[str, Any]:
    """The opened manifest, exactly as the citizen signed it."""
    response.headers.update(_NOT_KEPT)
    return manifest_of(platform, case_id)


@router.get(
    "/cases/{case_id}/document.pdf",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}, "description": "the materials"}},
)
def whole_document(case_id: Annotated[CaseId, Path()], platform: ThePlatform) -> Response:
    """All materials as one PDF, in the manifest's order."""
    return Response(document(platform, case_id), media_type="application/pdf", headers=_NOT_KEPT)


@router.post(
    "/cases/{case_id}/corrections", status_code=201, responses=refusals(s409="B409: the case has ended")
)
def ask_correction(
    case_id: Annotated[CaseId, Path()], wanted: Wanted, platform: ThePlatform
) -> CorrectionView:
    """Ask the applicant for a page or a field again (补正); only that will be asked of her."""
    return ask(platform, case_id, wanted)


@router.get("/tickets")
def all_tickets(
    platform: ThePlatform,
    response: Response,
    state: TicketState | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 500,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> list[TicketRow]:
    """Hardship reports and wishes to be called, in the order in which they came, opened for this answer alone."""
    response.headers.update(_NOT_KEPT)
    return tickets(platform, state, limit, offset)


@router.post("/tickets/{message_id}")
def change_ticket(
    message_id: Annotated[CaseId, Path()], said: TicketBody, platform: ThePlatform, response: Response
) -> TicketRow:
    """Somebody called, or it is done."""
    response.headers.update(_NOT_KEPT)
    return move_ticket(platform, message_id, said.state)


@router.post("/cases/{case_id}/events", status_code=201)
def tell(case_id: Annotated[CaseId, Path()], said: Happened, platform: ThePlatform) -> Progress:
    """Add what a department tells to a case's timeline, for instance that it was accepted (已受理)."""
    return append(platform, case_id, said)
