"""Corrections (补正): a department asks for a page or a field again; only that is asked of her and taken."""

import hashlib
import secrets
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue
from sqlalchemy.orm import Session

from backend.departments import move, tell
from backend.effects import Content, Effect, Number, Told, body_of, content_of, demand_parts
from backend.envelope import CaseId, Material, Signature, canonical, parse_sealed
from backend.journal import Event
from backend.message_rows import CONTENT_PART, MessageEnvelope
from backend.opening import OpenPart, check_material, opened
from backend.people import demand_hers
from backend.platform import Platform
from backend.progress import names_nobody
from backend.refusals import Refusal
from backend.schema import Case, Correction
from backend.standing import CorrectionView, correction_view
from backend.words import ENDED, State, sentence, words

_InClear = AfterValidator(names_nobody)


class WantedMaterial(BaseModel):
    """A material that is to be brought again."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    slot: Annotated[str, Field(min_length=1, max_length=64), _InClear]
    name: Annotated[str, Field(min_length=1, max_length=200), _InClear]


class Wanted(BaseModel):
    """What a department wants put right: at least one field or material, and why. It lies in clear."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    department: Annotated[str, Field(min_length=1, max_length=60), _InClear]
    reason: Annotated[str, Field(min_length=1, max_length=200), _InClear]
    fields: list[Annotated[str, Field(min_length=1, max_length=100), _InClear]] = Field(
        default=[], max_length=64, description="names of fields"
    )
    materials: list[WantedMaterial] = Field(default=[], max_length=64)


def ask(platform: Platform, case_id: str, wanted: Wanted) -> CorrectionView:
    """Ask the applicant for what is `wanted`. Refuses with 404, and 409 B409 when the case has ended."""
    if not wanted.fields and not wanted.materials:
        raise Refusal(422, "B422", "a correction asks for a field or a material")
    with platform.database.writing() as session:
        case = session.get(Case, case_id)
        if case is None:
            raise Refusal(404, "B404", "no such case")
        if case.state in ENDED:
            raise Refusal(409, "B409", "this case has ended; nothing can be asked any more")
        now, place = platform.clock.now(), len(case.corrections)
        asked = Correction(
            correction_id=secrets.token_hex(8), place=place, asked_at=now, **wanted.model_dump()
        )
        case.corrections.append(asked)
        move(case, wanted.department, State.CORRECTION, wanted.reason, now)
        told = correction_view(asked)
    platform.journal.write(Event.CORRECTION_ASKED, case=case_id, correction=told.correction_id)
    return told


class _Body(Told):
    correction_id: CaseId


class CorrectionContent(Content):
    """The answer: what was asked for, and nothing else."""

    number: Number
    form: dict[str, JsonValue] = {}
    materials: list[Material] = Field(default=[], max_length=64)
    signature: Signature | None = None


def correction_signs(case_id: str, correction_id: str, said: dict[str, Any]) -> str:
    """What a signature under a correction must sign: the hex SHA-256 of these four as canonical JSON."""
    signed = {
        "case_id": case_id,
        "correction_id": correction_id,
        "form": said.get("form", {}),
        "materials": said.get("materials", []),
    }
    return hashlib.sha256(canonical(signed)).hexdigest()


def answered(platform: Platform, told: MessageEnvelope, open_part: OpenPart) -> Effect:
    """The applicant's answer to a correction, its papers checked. Refuses (422) with B451, B454, B455, B456, B475."""
    correction_id = body_of(told, _Body).correction_id
    said = content_of(told, CorrectionContent, open_part)
    if told.case_id is None:
        raise Refusal(422, "B475", "a correction is about a case")
    signature = [] if said.signature is None else [said.signature]
    demand_parts(told, [material.part for material in said.materials] + [each.part for each in signature])
    for material in said.materials:
        check_material(material, open_part)
    for each in signature:
        _check_signature(told.case_id, correction_id, each, open_part)
    person = platform.keys.person_of(said.number)

    def effect(session: Session) -> Callable[[], None]:
        case = session.get_one(Case, told.case_id)
        demand_hers(case, person)
        used = _take(platform, session, case, told.message_id, correction_id, said)

        def done() -> None:
            platform.journal.write(
                Event.CORRECTION_ANSWERED, case=case.case_id, correction=correction_id, used=int(used)
            )

        return done

    return effect


def _check_signature(case_id: str, correction_id: str, signature: Signature, open_part: OpenPart) -> None:
    try:  # by what was sent, not by what was made of it here
        signs = correction_signs(case_id, correction_id, parse_sealed(opened(CONTENT_PART, open_part)))
    except ValueError as error:
        raise Refusal(422, "B475", "the correction has no canonical form") from error
    image = hashlib.sha256(opened(signature.part, open_part)).hexdigest()
    if signature.signs != signs or image != signature.sha256:
        raise Refusal(422, "B456", "the signature is not the image described, or signs something else")


def _take(
    platform: Platform,
    session: Session,
    case: Case,
    message_id: str,
    correction_id: str,
    said: CorrectionContent,
) -> bool:
    """Put the answer beside its case; False when nobody waits for it any more."""
    asked = session.get(Correction, correction_id)
    if asked is None or asked.case_id != case.case_id:
        raise Refusal(422, "B473", "nothing of this kind was asked of this case")
    slots = [material.slot for material in said.materials]
    wanted = {material["slot"] for material in asked.materials}
    if not set(said.form) <= set(asked.fields) or not set(slots) <= wanted or len(set(slots)) != len(slots):
        raise Refusal(422, "B473", "the correction holds what was not asked for, or a material twice")
    if not said.form and not slots:
        raise Refusal(422, "B473", "the correction holds nothing")
    now = platform.clock.now()
    if asked.closed_at is not None:
        tell(case, words()[State.RECEIVED].department, sentence("corrected_late"), case.state, now)
        return False
    asked.message_id, asked.closed_at = message_id, now
    still = [each for each in case.corrections if each.closed_at is None]
    if any(each.department == asked.department for each in still):
        tell(case, asked.department, sentence("corrected"), State.CORRECTION, now)
        return True
    move(case, asked.department, State.ACCEPTED, sentence("corrected"), now)
    if still:
        case.state = State.CORRECTION
    return True
