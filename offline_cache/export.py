"""The last resort: what waits goes onto a stick, sealed as it is, and the platform takes it in from there.

A folder for each terminal: `files/<sha256>.age` (age bytes, no header) and, written last, `index.json`, which names
every file by hash, and `index.sig` beside it where the terminal has a signing key. Without an index the export is not
finished; begun again it goes on where it stopped. Nothing is removed from the terminal.
"""

import base64
import contextlib
import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from ground.clock import Clock
from ground.durable import sync_folder
from offline_cache.durable import translated
from offline_cache.errors import CacheError, Corrupt
from offline_cache.items import CaseJob, EvaluationJob, Job, MessageJob, SealedPart, as_text
from offline_cache.outbox import Outbox

INDEX = "index.json"
SIGNATURE = "index.sig"
FILES = "files"

_BLOCK = 1024 * 1024


class Signer(Protocol):
    """A key that can put this terminal's name to something."""

    key_id: str
    algorithm: str  #: such as ed25519

    def sign(self, content: bytes) -> bytes:
        """The signature of `content`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What lies on the stick."""

    folder: Path
    cases: int
    evaluations: int
    messages: int
    bytes: int
    copied: int  #: files that were not there yet
    signed: bool
    left_out: tuple[str, ...]  #: ids whose files are gone or damaged here


def export(
    outbox: Outbox, folder: Path, terminal_id: str, clock: Clock, signer: Signer | None = None
) -> Exported:
    """Write everything that is not delivered to `folder`/`terminal_id`. Raises `CacheError` (of the stick)."""
    target = folder / terminal_id
    with translated(target):
        (target / FILES).mkdir(parents=True, exist_ok=True)
    taken: list[Job] = []
    left_out: list[str] = []
    copied = 0
    for job in outbox.open_jobs():
        try:
            copied += sum([_copy(outbox, part, target / FILES) for part in _parts(job)])
        except Corrupt:
            left_out.append(job.case_id)
            continue
        taken.append(job)
    with translated(target):
        sync_folder(target / FILES)
    index = json.dumps(_index(taken, terminal_id, as_text(clock.now())), sort_keys=True).encode("ascii")
    signature = None if signer is None else _signature(index, signer)
    with translated(target), contextlib.suppress(FileNotFoundError):
        (target / SIGNATURE).unlink()  # an old one must never stand beside a new index
    if signature is not None:
        _write(target / SIGNATURE, signature)
    _write(target / INDEX, index)
    return Exported(
        folder=target,
        cases=sum(isinstance(job, CaseJob) for job in taken),
        evaluations=sum(isinstance(job, EvaluationJob) for job in taken),
        messages=sum(isinstance(job, MessageJob) for job in taken),
        bytes=sum(part.bytes for job in taken for part in _parts(job)),
        copied=copied,
        signed=signature is not None,
        left_out=tuple(left_out),
    )


def _parts(job: Job) -> tuple[SealedPart, ...]:
    return () if isinstance(job, EvaluationJob) else job.parts


def _index(jobs: Iterable[Job], terminal_id: str, at: str) -> dict[str, Any]:
    """In the order of the queue, so that what depends on a case comes after it."""
    told: list[dict[str, Any]] = []
    for job in jobs:
        match job:
            case CaseJob():
                told.append({"kind": "case", "envelope": job.envelope()})
            case EvaluationJob():
                told.append({"kind": "evaluation", "case_id": job.case_id, "evaluation": job.body()})
            case MessageJob():
                told.append({"kind": "message", "envelope": job.envelope()})
    return {"schema": 1, "terminal_id": terminal_id, "made_at": at, "items": told}


def _signature(index: bytes, signer: Signer) -> bytes:
    said = {
        "algorithm": signer.algorithm,
        "key_id": signer.key_id,
        "signature": base64.b64encode(signer.sign(index)).decode("ascii"),
    }
    return json.dumps(said, sort_keys=True).encode("ascii")


def _copy(outbox: Outbox, part: SealedPart, folder: Path) -> bool:
    """Put the age bytes of a part on the stick, unless they are there; read back before they count.

    Raises `Corrupt` when they are harmed here, other `CacheError`s when the stick fails.
    """
    path = folder / f"{part.sha256}.age"
    if _is(path, part):
        return False
    fresh, digest = path.with_suffix(".new"), hashlib.sha256()
    with outbox.open_part(part) as source, translated(path), fresh.open("wb") as target:
        while block := source.read(_BLOCK):
            digest.update(block)
            target.write(block)
        target.flush()
        os.fsync(target.fileno())
        os.posix_fadvise(target.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    if digest.hexdigest() != part.sha256:
        fresh.unlink(missing_ok=True)
        raise Corrupt(file=part.file, why="content")
    if not _is(fresh, part):
        raise CacheError(why="the stick gives back other bytes", place=folder.name)
    with translated(path):
        fresh.replace(path)
    return True


def _is(path: Path, part: SealedPart) -> bool:
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            return size == part.bytes and hashlib.file_digest(file, "sha256").hexdigest() == part.sha256
    except OSError:
        return False


def _write(path: Path, content: bytes) -> None:
    fresh = path.with_suffix(".new")
    with translated(path):
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        sync_folder(path.parent)
