"""A case as it stands after its corrections: what was handed in stays as it was signed, answers lie beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.corrections import CorrectionContent
from backend.envelope import parse_sealed
from backend.keys import CannotOpen
from backend.message_rows import CONTENT_PART, MessagePart
from backend.platform import Platform
from backend.refusals import Refusal
from backend.schema import Case, Correction


@dataclass(frozen=True, slots=True)
class Answered:
    """One correction that was asked for and, when `message_id` is there, answered."""

    asked: Correction
    message_id: str | None
    said: CorrectionContent | None
    parts: dict[str, str]  #: part → file

    def told(self) -> dict[str, Any]:
        """For the operator: what was asked, when, and what came."""
        asked, said = self.asked, self.said
        return {
            "correction_id": asked.correction_id,
            "department": asked.department,
            "reason": asked.reason,
            "fields": asked.fields,
            "materials_asked": asked.materials,
            "asked_at": asked.asked_at.isoformat(),
            "closed_at": None if asked.closed_at is None else asked.closed_at.isoformat(),
            "message_id": self.message_id,
            "form": {} if said is None else said.form,
            "materials": [] if said is None else _dumped(said),
        }


def _dumped(said: CorrectionContent) -> list[dict[str, Any]]:
    return [material.model_dump(mode="json", exclude_unset=True) for material in said.materials]


def corrections_of(platform: Platform, session: Session, case: Case) -> list[Answered]:
    """Every correction of `case`, oldest first, its answer opened. Refuses (500) with B501."""
    return [_answered(platform, session, asked) for asked in case.corrections]


def _answered(platform: Platform, session: Session, asked: Correction) -> Answered:
    if asked.message_id is None:
        return Answered(asked, None, None, {})
    rows = session.scalars(select(MessagePart).where(MessagePart.message_id == asked.message_id))
    parts = {row.part: row.upload_id for row in rows}
    try:
        content = parse_sealed(platform.keys.open(platform.store.read(parts[CONTENT_PART])))
    except (CannotOpen, FileNotFoundError) as error:
        raise Refusal(500, "B501", "a correction can no longer be opened: restore it from backup") from error
    return Answered(asked, asked.message_id, CorrectionContent.model_validate(content), parts)


def _in_order(corrections: list[Answered]) -> Iterator[tuple[Answered, CorrectionContent]]:
    """Those that were answered, in the order in which the answers came."""
    came = [(each, each.said) for each in corrections if each.said is not None]
    yield from sorted(came, key=lambda pair: (str(pair[0].asked.closed_at), pair[0].asked.place))


def corrected_form(form: dict[str, Any], corrections: list[Answered]) -> dict[str, Any]:
    """The form as it stands now."""
    now = dict(form)
    for _, said in _in_order(corrections):
        now |= said.form
    return now


def corrected_materials(
    materials: list[dict[str, Any]], corrections: list[Answered]
) -> list[tuple[dict[str, Any], str | None]]:
    """The materials as they stand now: each with the file of its PDF, None where it is the one handed in.

    One that was brought again takes the place of the one before; one that was not there before comes last.
    """
    now: dict[str, tuple[dict[str, Any], str | None]] = {}
    for place, material in enumerate(materials):
        now[str(material.get("slot", place))] = (material, None)
    for each, said in _in_order(corrections):
        for material in _dumped(said):
            told = material | {"in_message": each.message_id}
            now[material["slot"]] = (told, each.parts[material["part"]])
    return list(now.values())
