"""Values to rows of the outbox and back; each function works inside a transaction of its caller."""

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from offline_cache.errors import AlreadyThere, UnknownCase
from offline_cache.items import CaseJob, EvaluationJob, Job, MessageJob, SealedPart
from offline_cache.marker import Marker
from offline_cache.store import Transaction


@dataclass(frozen=True, slots=True)
class Arrival:
    """When something came: for people, and in this boot's own time."""

    text: str  #: the moment, as `as_text` writes it
    era: str
    instant: float


def find(tx: Transaction, case_id: str) -> sqlite3.Row:
    """Place, state and acceptance number of a case. Raises `UnknownCase`."""
    row = tx.row("find_case", case_id=case_id)
    if row is None:
        raise UnknownCase(case=case_id)
    return row


def add_item(
    tx: Transaction,
    kind: str,
    arrival: Arrival,
    *,
    size: int = 0,
    after: int | None = None,
    state: str = "waiting",
    marker: str | None = None,
) -> int:
    """A new item at the end of the queue; its place."""
    return tx.added(
        "add_item",
        kind=kind,
        after=after,
        state=state,
        bytes=size,
        at=arrival.text,
        era=arrival.era,
        instant=arrival.instant,
        marker=marker,
    )


def put_case(tx: Transaction, told: Marker, arrival: Arrival, marker: str | None, size: int) -> int:
    """A new case whose sealed files are in the spool; its place. Raises `AlreadyThere`."""
    if tx.row("find_case", case_id=told.id) is not None:
        raise AlreadyThere(case=told.id)
    place = add_item(tx, "case", arrival, size=size, marker=marker)
    tx.change(
        "add_case",
        place=place,
        case_id=told.id,
        local_number=told.local_number,
        matter_code=told.matter_code,
        part_count=len(told.parts),
    )
    put_parts(tx, place, told)
    return place


def put_message(
    tx: Transaction,
    told: Marker,
    arrival: Arrival,
    marker: str | None,
    size: int,
) -> int:
    """A new message, behind the case that it is about when that is here and not delivered; its place."""
    case = None if told.about is None else tx.row("find_case", case_id=told.about)
    after = None if case is None else int(case["place"])
    state = "waiting" if case is None or case["state"] == "delivered" else "later"
    place = add_item(tx, "message", arrival, size=size, after=after, state=state, marker=marker)
    tx.change(
        "add_message",
        place=place,
        message_id=told.id,
        kind=told.kind,
        about=told.about,
        body=json.dumps(told.body or {}),
        at=told.at,
    )
    put_parts(tx, place, told)
    return place


def put_plain(
    tx: Transaction,
    message_id: str,
    kind: str,
    body: str,
    arrival: Arrival,
    about: str | None,
    elsewhere: bool = False,
) -> int:
    """A new message without sealed files, behind the case that it is about.

    Raises `UnknownCase` when that is not here, unless it may be `elsewhere`.
    """
    case = None if about is None else tx.row("find_case", case_id=about)
    if case is None and about is not None and not elsewhere:
        raise UnknownCase(case=about)
    waits = case is not None and case["state"] != "delivered"
    after = None if case is None else int(case["place"])
    place = add_item(tx, "message", arrival, after=after, state="later" if waits else "waiting")
    tx.change(
        "add_message",
        place=place,
        message_id=message_id,
        kind=kind,
        about=about,
        body=body,
        at=arrival.text,
    )
    return place


def put_parts(tx: Transaction, place: int, told: Marker) -> None:
    """The sealed files of the unit at `place`."""
    for part in told.parts:
        tx.change(
            "add_part", place=place, part=part.part, file=part.file, sha256=part.sha256, bytes=part.bytes
        )


def job(tx: Transaction, item: sqlite3.Row, worker: str) -> Job:
    """The item of this row (place, kind, marker), as leased to `worker`."""
    place = item["place"]
    match item["kind"]:
        case "case":
            return _case_job(tx, place, worker)
        case "evaluation":
            return _evaluation_job(tx, place, worker)
        case _:
            return _message_job(tx, place, worker, _parts(tx, place) if item["marker"] else ())


def take_files(tx: Transaction, place: int) -> list[str]:
    """The unit at `place` needs its files no more: their names, the marker's first."""
    files = [row["file"] for row in tx.rows("parts_of", place=place)]
    if files:
        tx.change("drop_parts", place=place)
    marker = tx.row("marker_of", place=place)
    if marker is not None:
        tx.change("take_marker", place=place)
        files.insert(0, marker["marker"])  # without it, what a kill leaves of the rest is no unit any more
    return files


def finish(tx: Transaction, place: int, at: str) -> bool:
    """The item at `place` is delivered; False when it was so before. What failed just before it gets the blame."""
    done = tx.change("finish_item", place=place, at=at) == 1
    if done:
        tx.change("blame_suspects")
    return done


def body_of(text: str) -> dict[str, Any]:
    """The body of a message as it was given. Raises ValueError."""
    said = json.loads(text)
    if not isinstance(said, dict):
        raise ValueError("a body is an object")
    return said


def _case_job(tx: Transaction, place: int, worker: str) -> CaseJob:
    row = tx.rows("case_to_deliver", place=place)[0]
    return CaseJob(
        place=place,
        worker=worker,
        case_id=row["case_id"],
        sealed_at=row["came_at"],
        tries=row["tries"],
        parts=_parts(tx, place),
    )


def _message_job(tx: Transaction, place: int, worker: str, parts: tuple[SealedPart, ...]) -> MessageJob:
    row = dict(tx.rows("message_to_deliver", place=place)[0])
    told = {"worker": worker, "body": body_of(row["body"]), "parts": parts}
    return MessageJob(**(row | told))


def _parts(tx: Transaction, place: int) -> tuple[SealedPart, ...]:
    return tuple(SealedPart(**dict(part)) for part in tx.rows("parts_of", place=place))


def _evaluation_job(tx: Transaction, place: int, worker: str) -> EvaluationJob:
    row = tx.rows("evaluation_to_deliver", place=place)[0]
    return EvaluationJob(**(dict(row) | {"worker": worker, "reasons": tuple(json.loads(row["reasons"]))}))
