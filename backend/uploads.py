"""Sealed parts on their way to a case: announced, continued, verified by the platform itself."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.journal import Event
from backend.platform import Platform
from backend.refusals import Refusal
from backend.schema import Upload
from backend.store import new_name


@dataclass(frozen=True, slots=True)
class Announced:
    """What a terminal says of a part before it sends it."""

    case_id: str
    part: str
    sha256: str  #: hex, of the sealed bytes
    length: int


@dataclass(frozen=True, slots=True)
class Present:
    """What is here of a part."""

    upload_id: str
    part: str
    sha256: str
    offset: int
    length: int
    complete: bool  #: all bytes are here and their SHA-256 was found right


def _count(session: Session, terminal_id: str, case_id: str | None = None) -> int:
    query = select(func.count()).select_from(Upload).where(Upload.terminal_id == terminal_id)
    query = query.where(Upload.claimed.is_(False))
    if case_id is not None:
        query = query.where(Upload.case_id == case_id)
    return session.scalar(query) or 0


def _remove_replaced(session: Session, terminal_id: str, new: Announced) -> list[str]:
    """Forget unfinished uploads of the very same part: the terminal lost their address and starts again."""
    replaced = session.scalars(
        select(Upload).where(
            Upload.terminal_id == terminal_id,
            Upload.case_id == new.case_id,
            Upload.part == new.part,
            Upload.sha256 == new.sha256,
            Upload.verified.is_(False),
        )
    ).all()
    for upload in replaced:
        session.delete(upload)
    return [upload.upload_id for upload in replaced]


def begin(platform: Platform, terminal_id: str, new: Announced) -> str:
    """Make room for an announced part and return its id. Refuses (413) a part that breaks a limit."""
    settings = platform.settings
    if new.length > settings.part_max_bytes:
        raise Refusal(413, "B413", f"a part may have at most {settings.part_max_bytes} bytes")
    upload_id = new_name()
    platform.store.create(upload_id)
    with platform.database.writing() as session:
        replaced = _remove_replaced(session, terminal_id, new)
        session.flush()
        too_many = (
            _count(session, terminal_id, new.case_id) >= 2 * settings.case_max_parts
            or _count(session, terminal_id) >= settings.terminal_max_files
        )
        if not too_many:
            session.add(
                Upload(
                    upload_id=upload_id,
                    terminal_id=terminal_id,
                    case_id=new.case_id,
                    part=new.part,
                    sha256=new.sha256,
                    length=new.length,
                    created_at=platform.clock.now(),
                )
            )
    for name in (*replaced, *([upload_id] if too_many else [])):
        platform.store.remove(name)
    if too_many:
        raise Refusal(413, "B413", "too many parts wait here already")
    return upload_id


def owned(platform: Platform, terminal_id: str, upload_id: str) -> Upload:
    """The upload, if it belongs to this terminal; 404 otherwise, whether or not it exists."""
    with platform.database.reading() as session:
        upload = session.get(Upload, upload_id)
    if upload is None or upload.terminal_id != terminal_id:
        raise Refusal(404, "B404", "no such file")
    return upload


def settle(platform: Platform, upload: Upload) -> bool:
    """Whether all of `upload` is here and is what was announced; one that is not is removed.

    Begun when the last byte came, and done for what a crash left unsettled. Whoever asks meanwhile waits, and reads
    nothing twice. Raises FileNotFoundError for one that is gone.
    """
    if upload.verified:
        return True
    with platform.turns.settling(upload.upload_id):
        return _settled(platform, upload)


def settle_later(platform: Platform, upload: Upload) -> None:
    """`settle`, when nobody waits for the answer."""
    with suppress(FileNotFoundError):
        settle(platform, upload)


def _settled(platform: Platform, upload: Upload) -> bool:
    with platform.database.reading() as session:
        kept = session.get(Upload, upload.upload_id)
    if kept is None or kept.verified:
        return kept is not None
    if platform.store.durable_size(upload.upload_id) < upload.length:
        return False
    good = platform.store.sha256(upload.upload_id) == upload.sha256
    with platform.database.writing() as session:
        kept = session.get(Upload, upload.upload_id)
        if kept is not None and good:
            kept.verified = True
        elif kept is not None:
            session.delete(kept)
    if not good:
        platform.store.remove(upload.upload_id)
        platform.journal.write(
            Event.PART_SPOILT, terminal=upload.terminal_id, case=upload.case_id, part=upload.part
        )
    return good and kept is not None


def _of_case(platform: Platform, terminal_id: str, case_id: str) -> Sequence[Upload]:
    query = select(Upload).where(Upload.terminal_id == terminal_id, Upload.case_id == case_id)
    with platform.database.reading() as session:
        return session.scalars(query.order_by(Upload.part, Upload.created_at)).all()


def present(platform: Platform, terminal_id: str, case_id: str) -> list[Present]:
    """What of this case is here, settled first, so that nothing is sent twice and nothing spoilt is believed."""
    found = []
    for upload in _of_case(platform, terminal_id, case_id):
        try:
            complete = settle(platform, upload)
            offset = platform.store.durable_size(upload.upload_id)
        except FileNotFoundError:  # found spoilt just now, or replaced by another request
            continue
        found.append(Present(upload.upload_id, upload.part, upload.sha256, offset, upload.length, complete))
    return found


def forget(platform: Platform, upload: Upload) -> None:
    """Remove an upload that the terminal gives up. 403 when it belongs to an accepted case."""
    with platform.database.writing() as session:
        kept = session.get(Upload, upload.upload_id)
        if kept is not None and kept.claimed:
            raise Refusal(403, "B403", "this file belongs to an accepted case")
        if kept is not None:
            session.delete(kept)
    platform.store.remove(upload.upload_id)


def forget_unclaimed(platform: Platform, terminal_id: str, case_id: str) -> None:
    """Remove what is left over of a case that was accepted: parts that were sent twice or sealed twice."""
    for upload in _of_case(platform, terminal_id, case_id):
        if not upload.claimed:
            forget(platform, upload)
