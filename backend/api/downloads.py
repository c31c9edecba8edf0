"""What a terminal downloads, and what an operator publishes for it."""

from datetime import timedelta
from pathlib import Path as Folder
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, Field

from backend.api.callers import ThePlatform, TheTerminal, operator, refusals
from backend.downloads import CATALOGUE, CONFIG, Unpublishable, folder_content
from backend.journal import Event
from backend.refusals import Refusal

router = APIRouter(tags=["downloads"])
for_operator = APIRouter(prefix="/v1/operator", tags=["operator"], dependencies=[Depends(operator)])

Name = Annotated[str, Path(pattern=r"^[a-z]{1,20}$")]


class PublishBody(BaseModel):
    """Where the files lie on the platform's own machine."""

    folder: str = Field(min_length=1, max_length=4096)


class Published(BaseModel):
    """What is in force now."""

    name: str
    version: int


class NewRecipient(BaseModel):
    """How long terminals are to seal to the new key."""

    days: int | None = Field(default=None, ge=1, le=3660, description="null: it does not expire")


class RecipientMade(BaseModel):
    """The new key to seal to, and the list that tells terminals of it."""

    recipient: str
    version: int


@router.get(
    "/v1/downloads/{name}",
    response_class=Response,
    responses={**refusals(), 204: {"description": "nothing was published under this name"}},
)
def signed_list(name: Name, _caller: TheTerminal, platform: ThePlatform) -> Response:
    """The signed list in force (DSSE v1, Ed25519)."""
    told = platform.downloads.signed_list(name)
    if told is None:
        return Response(status_code=204)
    return Response(told, media_type="application/json", headers={"Cache-Control": "no-cache"})


@router.get(
    "/v1/downloads/{name}/files/{sha256}",
    response_class=Response,
    responses=refusals(s404="B404: no such file"),
)
def listed_file(
    name: Name,
    sha256: Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")],
    _caller: TheTerminal,
    platform: ThePlatform,
) -> Response:
    """A file that a list names, by its SHA-256."""
    content = platform.downloads.file(name, sha256)
    if content is None:
        raise Refusal(404, "B404", "no such file")
    return Response(content, media_type="application/octet-stream")


@for_operator.post("/downloads/{name}", responses=refusals(s422="B458: not what terminals would take"))
def publish(name: Name, asked: PublishBody, platform: ThePlatform) -> Published:
    """Publish a folder of this machine as the catalogue or the configuration; the same again changes nothing."""
    if name not in (CATALOGUE, CONFIG):
        raise Refusal(422, "B458", f"only {CATALOGUE} and {CONFIG} are published from a folder")
    try:
        version = platform.downloads.publish(name, folder_content(Folder(asked.folder)))
    except (Unpublishable, OSError) as error:
        raise Refusal(422, "B458", str(error)) from error
    platform.journal.write(Event.DOWNLOAD_PUBLISHED, name=name, version=version)
    return Published(name=name, version=version)


@for_operator.post("/recipients", responses=refusals(s422="B458: this platform opens no age"))
def change_recipient(asked: NewRecipient, platform: ThePlatform) -> RecipientMade:
    """Make a new key to seal to. What was sealed to the former ones is opened on."""
    until = None if asked.days is None else platform.clock.now() + timedelta(days=asked.days)
    recipient, version = platform.change_recipient(until)
    return RecipientMade(recipient=recipient, version=version)
