"""What an operator brings on a stick, while the platform runs."""

from pathlib import Path

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from backend.api.callers import ThePlatform, operator, refusals
from backend.importing import Imported, UnusableExport, exports, import_from
from backend.refusals import Refusal

router = APIRouter(
    prefix="/v1/operator",
    tags=["operator"],
    dependencies=[Depends(operator)],
    responses=refusals(s422="B457: no finished export of a known terminal"),
)


class FromFolder(BaseModel):
    """Where the stick's content lies on the platform's own machine."""

    folder: str = Field(min_length=1, max_length=4096)


class ImportRow(BaseModel):
    """What became of the export of one terminal."""

    terminal_id: str
    signature: str
    cases: dict[str, str] = Field(description="case id → acceptance number")
    new: int
    evaluations: int
    refused: dict[str, str] = Field(description="id → code and reason")
    messages: int = 0
    not_taken: int


def row(done: Imported) -> ImportRow:
    """An import as it is told."""
    return ImportRow(
        terminal_id=done.terminal_id,
        signature=done.signature,
        cases=done.cases,
        new=done.new,
        evaluations=done.evaluations,
        refused=done.refused,
        messages=done.messages,
        not_taken=done.not_taken,
    )


@router.post("/imports")
def from_folder(platform: ThePlatform, asked: FromFolder) -> list[ImportRow]:
    """Take in everything that terminals exported to a folder of this machine; repeating it changes nothing."""
    try:
        return [row(import_from(platform, folder)) for folder in exports(Path(asked.folder))]
    except UnusableExport as error:
        raise Refusal(422, "B457", str(error)) from error
