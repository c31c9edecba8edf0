"""Take in what a terminal exported to a stick: by the same intake as over the network, so nothing becomes double."""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from backend.admission import signed_by_terminal
from backend.envelope import Envelope, EnvelopePart
from backend.evaluations import EvaluationBody, evaluate
from backend.intake import take
from backend.message_rows import Message, MessageEnvelope
from backend.messages import take_message
from backend.platform import Platform
from backend.refusals import Refusal
from backend.schema import Case, Terminal
from backend.terminals import Caller
from backend.uploads import Announced, begin, owned, present, settle

INDEX = "index.json"
SIGNATURE = "index.sig"
FILES = "files"
_INDEX_MAX_BYTES = 64 * 1024 * 1024  # chosen: 100,000 cases take a third of it
_BLOCK = 1024 * 1024

#: Whether a signature under an index is this terminal's: (terminal id, key id, algorithm, content, signature); None
#: when that is no key that the terminal gave.
Verify = Callable[[str, str, str, bytes, bytes], bool | None]


class UnusableExport(Exception):
    """The folder holds no finished export of a terminal that this platform knows."""


class _Told(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class CaseItem(_Told):
    """A case: its envelope, as over the network."""

    kind: Literal["case"]
    envelope: Envelope


class EvaluationItem(_Told):
    """An evaluation, as over the network."""

    kind: Literal["evaluation"]
    case_id: str
    evaluation: EvaluationBody


class MessageItem(_Told):
    """A message, as over the network."""

    kind: Literal["message"]
    envelope: dict[str, Any]


Item = Annotated[CaseItem | EvaluationItem | MessageItem, Field(discriminator="kind")]


class Index(_Told):
    """Everything that was on the terminal, in the order of its queue."""

    version: Literal[1] = Field(alias="schema")
    terminal_id: str
    made_at: AwareDatetime
    items: list[Item]


@dataclass(slots=True)
class Imported:
    """What became of an export."""

    terminal_id: str
    signature: Literal["good", "none", "unknown key"]
    cases: dict[str, str] = field(default_factory=dict)  #: case id → acceptance number
    new: int = 0  #: of `cases`, those that were not here before
    evaluations: int = 0
    refused: dict[str, str] = field(default_factory=dict)  #: id → code and reason in plain words
    messages: int = 0  #: that were not here before
    not_taken: int = 0  #: messages that make no sense to this version


def exports(folder: Path) -> list[Path]:
    """The finished exports in `folder`: itself, or one folder for each terminal. Raises `UnusableExport`."""
    found = (
        [folder] if (folder / INDEX).is_file() else sorted(path.parent for path in folder.glob(f"*/{INDEX}"))
    )
    if not found:
        raise UnusableExport(
            f"{folder}: no finished export (index.json); run `outbox export` again, it goes on"
        )
    return found


def import_from(platform: Platform, folder: Path, verify: Verify | None = None) -> Imported:
    """Take in one export. As often as you like: what is here already stays as it is, under the same number.

    `verify` in place of a comparison with the key that the terminal gave. Raises `UnusableExport` when the index is
    harmed, its signature wrong, or the terminal unknown or revoked.
    """
    content = _read_index(folder)
    try:
        index = Index.model_validate(json.loads(content))
    except (ValidationError, ValueError) as error:
        raise UnusableExport(
            f"{folder / INDEX}: not an index of an export ({type(error).__name__})"
        ) from None
    caller = _caller(platform, index.terminal_id)
    done = Imported(
        index.terminal_id,
        _signature(folder, index.terminal_id, content, verify or partial(signed_by_terminal, platform)),
    )
    for item in index.items:
        try:
            _import(platform, caller, folder, item, done)
        except Refusal as refusal:
            done.refused[_id_of(item)] = f"{refusal.code} {refusal.detail}"
    return done


def _import(platform: Platform, caller: Caller, folder: Path, item: Item, done: Imported) -> None:
    match item:
        case CaseItem():
            _bring_parts(platform, caller, folder, item.envelope.case_id, item.envelope.parts)
            taken = take(platform, caller, item.envelope)
            done.cases[item.envelope.case_id] = taken.case.acceptance_number
            done.new += taken.new
        case EvaluationItem():
            done.evaluations += evaluate(platform, item.case_id, item.evaluation)
        case MessageItem():
            _import_message(platform, caller, folder, item, done)


def _import_message(
    platform: Platform, caller: Caller, folder: Path, item: MessageItem, done: Imported
) -> None:
    try:
        told = MessageEnvelope.model_validate(item.envelope)
    except ValidationError:
        done.not_taken += 1
        return
    _bring_parts(platform, caller, folder, told.message_id, told.parts)
    done.messages += take_message(platform, caller, told)


def _id_of(item: Item) -> str:
    match item:
        case CaseItem():
            return item.envelope.case_id
        case EvaluationItem():
            return item.case_id
        case MessageItem():
            return str(item.envelope.get("message_id", ""))[:64]


def _bring_parts(
    platform: Platform, caller: Caller, folder: Path, unit_id: str, parts: list[EnvelopePart]
) -> None:
    """Put each part where an upload would have put it, unless it is there. What is missing, `take` will name."""
    with platform.database.reading() as session:
        if session.get(Case, unit_id) is not None or session.get(Message, unit_id) is not None:
            return
    here = {
        (file.part, file.sha256) for file in present(platform, caller.terminal_id, unit_id) if file.complete
    }
    for part in parts:
        source = folder / FILES / f"{part.sha256}.age"
        if (part.part, part.sha256) not in here and _is(source, part):
            _bring(platform, caller, unit_id, part, source)


def _bring(platform: Platform, caller: Caller, case_id: str, part: EnvelopePart, source: Path) -> None:
    new = Announced(case_id=case_id, part=part.part, sha256=part.sha256, length=part.length)
    upload_id = begin(platform, caller.terminal_id, new)
    with source.open("rb") as file, platform.store.appending(upload_id) as target:
        while block := file.read(_BLOCK):
            target.write(block)
        target.sync()
    settle(platform, owned(platform, caller.terminal_id, upload_id))


def _is(source: Path, part: EnvelopePart) -> bool:
    try:
        with source.open("rb") as file:
            right = hashlib.file_digest(file, "sha256").hexdigest() == part.sha256
            return right and file.seek(0, 2) == part.length
    except OSError:
        return False


def _read_index(folder: Path) -> bytes:
    try:
        with (folder / INDEX).open("rb") as file:
            return file.read(_INDEX_MAX_BYTES)
    except OSError as error:
        raise UnusableExport(f"{folder / INDEX}: {error.strerror}") from error


def _caller(platform: Platform, terminal_id: str) -> Caller:
    with platform.database.reading() as session:
        terminal = session.get(Terminal, terminal_id)
    if terminal is None or terminal.revoked_at is not None:
        raise UnusableExport(f"terminal {terminal_id[:40]} is unknown to this platform, or was revoked")
    return Caller(terminal.terminal_id, terminal.name)


def _signature(
    folder: Path, terminal_id: str, content: bytes, verify: Verify
) -> Literal["good", "none", "unknown key"]:
    file = folder / SIGNATURE
    if not file.is_file():
        return "none"
    try:
        said = json.loads(file.read_bytes()[:4096])
        signature = base64.b64decode(said["signature"], validate=True)
        good = verify(terminal_id, str(said["key_id"]), str(said["algorithm"]), content, signature)
    except (ValueError, KeyError, TypeError, binascii.Error):
        good = False
    if good is None:
        return "unknown key"
    if not good:
        raise UnusableExport(
            f"{file}: the signature is not this terminal's; the index was changed or is another's"
        )
    return "good"
