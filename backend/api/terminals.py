"""Health, enrolment, and who a terminal is."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy.exc import SQLAlchemyError

from backend import VERSION
from backend.admission import give_key
from backend.api.callers import REFUSALS, ThePlatform, TheRequest, TheTerminal, TheToken, refusals
from backend.refusals import Refusal
from backend.signing import key_id_of, parse_public
from backend.terminals import enrol

router = APIRouter(tags=["terminals"])


class Health(BaseModel):
    """That this is the joint-service platform, and not some network's login page."""

    service: Literal["joint-service"] = "joint-service"
    status: Literal["ok"] = "ok"
    version: str
    time: datetime


def _key(text: str) -> str:
    parse_public(text)
    return text


#: An Ed25519 public key, base64 of its 32 bytes.
PublicKey = Annotated[str, StringConstraints(max_length=44), AfterValidator(_key)]


class EnrolBody(BaseModel):
    """A terminal that wants to be known."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    code: str = Field(
        min_length=1, max_length=64, description="the one-time code, in any case, dashes optional"
    )
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    public_key: PublicKey | None = Field(
        default=None, description="Ed25519, base64; from then on every request must be signed with it"
    )


class Enrolled(BaseModel):
    """What a terminal keeps: the token is shown this once."""

    terminal_id: str
    token: str
    recipients: list[str] = Field(description="age X25519 public keys; every part is sealed to all of them")
    publishers: list[str] = Field(description="Ed25519 public keys that sign what is handed out (downloads)")
    key_id: str | None = Field(default=None, description="of the public key that was given")


class KeyBody(BaseModel):
    """A terminal's public key, to be used from now on."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    public_key: PublicKey


class KeyTaken(BaseModel):
    """That the key is known now."""

    key_id: str
    publishers: list[str]


class TerminalView(BaseModel):
    """Who the calling terminal is."""

    terminal_id: str
    name: str
    recipients: list[str]
    time: datetime


@router.get("/health")
def health(platform: ThePlatform) -> Health:
    """Whether the platform answers and can read its database. Needs no token."""
    try:
        platform.database.answers()
    except SQLAlchemyError as error:
        raise Refusal(503, "B503", "the database does not answer") from error
    return Health(version=VERSION, time=platform.clock.now())


@router.post("/v1/terminals/enrol", responses=refusals(s403="B403: the code is unknown, used or void"))
def enrol_terminal(said: EnrolBody, request: Request, platform: ThePlatform) -> Enrolled:
    """Spend a one-time code for a token. If the answer is lost, the operator makes another code."""
    address = request.client.host if request.client is not None else ""
    terminal_id, token = enrol(platform, said.code, said.name, address, said.public_key)
    return Enrolled(
        terminal_id=terminal_id,
        token=token,
        recipients=platform.recipients(),
        publishers=[platform.keys.publisher.public],
        key_id=None if said.public_key is None else key_id_of(parse_public(said.public_key)),
    )


@router.put("/v1/terminal/key", responses=REFUSALS)
def give_terminal_key(said: KeyBody, asked: TheRequest, token: TheToken, platform: ThePlatform) -> KeyTaken:
    """Give this terminal's public key. Signed with the key it had; the first time, with the one it gives."""
    key_id = give_key(platform, token, asked, said.public_key)
    return KeyTaken(key_id=key_id, publishers=[platform.keys.publisher.public])


@router.get("/v1/terminal", responses=REFUSALS)
def who_am_i(caller: TheTerminal, platform: ThePlatform) -> TerminalView:
    """Who the calling terminal is, what to seal to, and what time it is here."""
    return TerminalView(
        terminal_id=caller.terminal_id,
        name=caller.name,
        recipients=platform.recipients(),
        time=platform.clock.now(),
    )
