"""Take a case in: whole or not at all, once however often it comes."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session, selectinload

from backend.clock import day_of
from backend.departments import split
from backend.drafts import drop_handed_in
from backend.envelope import Envelope, EnvelopePart, Manifest
from backend.journal import Event
from backend.numbers import format_number, next_serial
from backend.opening import read_manifest
from backend.people import note_people
from backend.platform import Platform
from backend.refusals import Refusal
from backend.schema import Case, CasePart, TimelineEntry, Upload
from backend.terminals import Caller
from backend.uploads import forget_unclaimed, present
from backend.words import State, words

_WITH_PARTS = (selectinload(Case.parts),)


@dataclass(frozen=True, slots=True)
class Taken:
    """An accepted case, and whether this very request made it so."""

    case: Case
    new: bool


def take(platform: Platform, caller: Caller, envelope: Envelope) -> Taken:
    """Accept the case in `envelope`, or answer as the first time when it was accepted before.

    Refuses with 409 U409 (`missing`: parts that are not here or whose SHA-256 is wrong), 409 U410 (the same id with
    other parts), 413 (too many parts) and 422 (see `opening.read_manifest`).
    """
    try:
        taken = _known(platform, envelope) or _accept(platform, caller, envelope)
    except Refusal as refusal:
        platform.journal.write(
            Event.CASE_REFUSED, terminal=caller.terminal_id, case=envelope.case_id, code=refusal.code
        )
        raise
    forget_unclaimed(platform, caller.terminal_id, envelope.case_id)
    facts: dict[str, str | int] = {"terminal": caller.terminal_id, "case": envelope.case_id}
    if taken.new:
        facts |= {"number": taken.case.acceptance_number, "parts": len(envelope.parts)}
    platform.journal.write(Event.CASE_RECEIVED if taken.new else Event.CASE_REPEATED, **facts)
    return taken


def _known(platform: Platform, envelope: Envelope) -> Taken | None:
    with platform.database.writing() as session:
        return _repeated(session, envelope)


def _repeated(session: Session, envelope: Envelope) -> Taken | None:
    """The case, counted as repeated, when it was accepted before. Who sends it does not matter: after a terminal was
    enrolled anew it bears another id, and nobody else can know the SHA-256 of every sealed part."""
    case = session.get(Case, envelope.case_id, options=_WITH_PARTS)
    if case is None:
        return None
    if {(part.part, part.sha256, part.length) for part in case.parts} != envelope.fingerprint():
        raise Refusal(409, "U410", "this case was handed in before, with other parts")
    case.repeats += 1
    return Taken(case, new=False)


def _accept(platform: Platform, caller: Caller, envelope: Envelope) -> Taken:
    if len(envelope.parts) > platform.settings.case_max_parts:
        raise Refusal(413, "B413", f"a case may have at most {platform.settings.case_max_parts} parts")
    files = files_of(platform, caller, envelope.case_id, envelope.parts)

    def open_part(part: str) -> bytes:
        return platform.keys.open(platform.store.read(files[part]))

    manifest = read_manifest(envelope, open_part)
    _demand_licences(platform, manifest)
    with platform.database.writing() as session:
        # Looked up again: another request may have accepted the case while this one was opening it.
        repeated = _repeated(session, envelope)
        if repeated is not None:
            return repeated
        claim(session, files)
        case = _new_case(platform, session, caller, envelope, manifest)
        session.add(case)
        session.flush()
        session.add_all(
            CasePart(
                case_id=case.case_id,
                part=part.part,
                sha256=part.sha256,
                length=part.length,
                upload_id=files[part.part],
            )
            for part in envelope.parts
        )
        case.departments.extend(split(manifest, case.received_at))
        session.add(_received(case))
        gone = _drop_draft(session, case, manifest)
    if gone:
        platform.remove_files(gone)
        platform.journal.write(Event.DRAFT_DROPPED, draft=str(manifest.draft_id), why="handed_in")
    return Taken(case, new=True)


def _demand_licences(platform: Platform, manifest: Manifest) -> None:
    """Refuse (422, B471) an e-licence in a material's place that neither applicant nor agent holds."""
    numbers = [manifest.applicant.number, *([manifest.agent.number] if manifest.agent else [])]
    people, day = [platform.keys.person_of(number) for number in numbers], day_of(manifest.handed_in_at)
    for each in manifest.replaced:
        if each.licence is not None and not platform.library.holds(
            people, each.licence, each.licence_number, day
        ):
            raise Refusal(422, "B471", "the library holds no such e-licence of the applicant or the agent")


def _drop_draft(session: Session, case: Case, manifest: Manifest) -> list[str]:
    if manifest.draft_id is None:
        return []
    return drop_handed_in(session, manifest.draft_id, (case.person_hash, case.agent_hash))


def files_of(
    platform: Platform, caller: Caller, unit_id: str, parts: Sequence[EnvelopePart]
) -> dict[str, str]:
    """Which file holds which part; refuses with U409 when not all are here as described."""
    here = {
        (file.part, file.sha256, file.length): file.upload_id
        for file in present(platform, caller.terminal_id, unit_id)
        if file.complete
    }
    missing = [part.part for part in parts if (part.part, part.sha256, part.length) not in here]
    if missing:
        raise _missing(missing)
    return {part.part: here[part.part, part.sha256, part.length] for part in parts}


def _missing(parts: list[str]) -> Refusal:
    return Refusal(409, "U409", "sealed parts are not here, or not as described", missing=parts)


def claim(session: Session, files: dict[str, str]) -> None:
    """Make the files the unit's own; one that was given up meanwhile is missing after all."""
    gone = []
    for part, upload_id in files.items():
        upload = session.get(Upload, upload_id)
        if upload is None:
            gone.append(part)
        else:
            upload.claimed = True
    if gone:
        raise _missing(gone)


def _new_case(
    platform: Platform, session: Session, caller: Caller, envelope: Envelope, manifest: Manifest
) -> Case:
    now = platform.clock.now()
    day = day_of(now)
    serial = next_serial(session, day)
    number = format_number(platform.settings.region_code, day, serial)
    case = Case(
        case_id=envelope.case_id,
        acceptance_number=number,
        day=day.isoformat(),
        serial=serial,
        terminal_id=caller.terminal_id,
        received_at=now,
        sealed_at=envelope.sealed_at,
        matter_code=manifest.matter.code,
        matter_name=manifest.matter.name,
        pages=manifest.pages,
        manifest_part=envelope.manifest,
        check_hash=platform.keys.check_of(number, manifest.applicant.number[-4:]),
        state=State.RECEIVED,
    )
    note_people(platform.keys, case, manifest)
    return case


def _received(case: Case) -> TimelineEntry:
    said = words()[State.RECEIVED]
    return TimelineEntry(
        case_id=case.case_id,
        at=case.received_at,
        department=said.department,
        what=said.what,
        state=State.RECEIVED,
    )
