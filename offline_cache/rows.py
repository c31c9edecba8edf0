"""Values to rows of the outbox and back; each function works inside a transaction of its caller."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from offline_cache.errors import AlreadyThere, UnknownCase
from offline_cache.items import CaseJob, CaseToSeal, EvaluationJob, Job, SealedPart, as_text
from offline_cache.spool import Kept
from offline_cache.store import Transaction


@dataclass(frozen=True, slots=True)
class Arrival:
    """When something came: for people, and in this boot's own time."""

    at: datetime
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
) -> int:
    """A new item at the end of the queue; its place."""
    return int(
        tx.value(
            "add_item",
            kind=kind,
            after=after,
            state=state,
            bytes=size,
            at=as_text(arrival.at),
            era=arrival.era,
            instant=arrival.instant,
        )
    )


def put_case(
    tx: Transaction, case: CaseToSeal, arrival: Arrival, local_number: str, kept: Mapping[str, Kept]
) -> None:
    """A new case whose parts are `kept` in the spool, by part name. Raises `AlreadyThere`."""
    if tx.row("find_case", case_id=case.case_id) is not None:
        raise AlreadyThere(case=case.case_id)
    place = add_item(tx, "case", arrival, size=sum(file.bytes for file in kept.values()))
    tx.change(
        "add_case",
        place=place,
        case_id=case.case_id,
        local_number=local_number,
        matter_code=case.matter_code,
        part_count=len(kept),
    )
    for part, file in kept.items():
        tx.change("add_part", place=place, part=part, file=file.name, sha256=file.sha256, bytes=file.bytes)


def job(tx: Transaction, place: int, kind: str, worker: str) -> Job:
    """The item at `place`, as leased to `worker`."""
    return _case_job(tx, place, worker) if kind == "case" else _evaluation_job(tx, place, worker)


def finish(tx: Transaction, place: int, at: str) -> bool:
    """The item at `place` is delivered; False when it was so before. What failed just before it gets the blame."""
    done = tx.change("finish_item", place=place, at=at) == 1
    if done:
        tx.change("blame_suspects")
    return done


def _case_job(tx: Transaction, place: int, worker: str) -> CaseJob:
    row = tx.rows("case_to_deliver", place=place)[0]
    return CaseJob(
        place=place,
        worker=worker,
        case_id=row["case_id"],
        sealed_at=row["came_at"],
        tries=row["tries"],
        parts=tuple(SealedPart(**dict(part)) for part in tx.rows("parts_of", place=place)),
    )


def _evaluation_job(tx: Transaction, place: int, worker: str) -> EvaluationJob:
    row = tx.rows("evaluation_to_deliver", place=place)[0]
    return EvaluationJob(**(dict(row) | {"worker": worker, "reasons": tuple(json.loads(row["reasons"]))}))
