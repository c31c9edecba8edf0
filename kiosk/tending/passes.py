"""A pass on a stick: the operator lets one person into one terminal once, until a day.

One line, as the statement of what runs (docs/adr/0067): `TTSP1:` JSON `:` base64 of an Ed25519 signature under a domain
of its own. The terminal knows the operator's public key from its configuration; serial numbers that were used are kept.
"""

import base64
import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal, Protocol

from kiosk.tending.people import PERSON
from kiosk.tending.roles import Role
from offline_cache.durable import write_secret
from offline_cache.keys import PublicKey

NAME: Final = "tiantianshun.pass"  #: in the stick's own folder
LONGEST: Final = 2048  #: bytes
USED: Final = "used_passes.json"
PREFIX: Final = "TTSP1:"
DOMAIN: Final = b"tiantianshun-tending-1\n"
#: a terminal's clock that is further behind than that cannot tell whether a pass is over
_SLACK: Final = timedelta(days=1)

Flaw = Literal["unreadable", "signature", "terminal", "expired", "clock", "used"]


class BadPass(Exception):
    """A pass that does not open. The first argument is the `Flaw`."""


class Signer(Protocol):
    """The operator's private key."""

    def sign(self, content: bytes) -> bytes:
        """64 bytes."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What it says. Times are ISO 8601 with offset."""

    terminal: str
    person: str
    role: str
    serial: str  #: never used twice by one operator
    issued: str
    until: str


def written(one: Pass, signer: Signer) -> str:
    """The line of the file."""
    said = json.dumps(asdict(one), sort_keys=True, separators=(",", ":"))
    signature = base64.b64encode(signer.sign(DOMAIN + said.encode("ascii"))).decode("ascii")
    return f"{PREFIX}{said}:{signature}\n"


def judged(text: str, operators: tuple[PublicKey, ...], terminal: str, now: datetime) -> Pass:
    """The pass in `text`, if one of `operators` gave it to this terminal and it counts now. Raises `BadPass`."""
    said, signature = _split(text)
    content = DOMAIN + said.encode("ascii")
    if not any(key.signed(content, signature) for key in operators):
        raise BadPass("signature")
    one = _parsed(said)
    if one.terminal != terminal:
        raise BadPass("terminal")
    try:
        issued, until = datetime.fromisoformat(one.issued), datetime.fromisoformat(one.until)
        if now < issued - _SLACK:
            raise BadPass("clock")
        if now > until:
            raise BadPass("expired")
    except (ValueError, TypeError) as error:
        raise BadPass("unreadable") from error
    return one


def spend(folder: Path, one: Pass) -> None:
    """Write down that it was used, before anybody enters. Raises `BadPass` when it was, and `CacheError`."""
    try:
        told: Any = json.loads((folder / USED).read_text(encoding="ascii"))
        used = [str(each) for each in told]
    except FileNotFoundError:
        used = []
    except (OSError, ValueError, TypeError) as error:
        raise BadPass("used") from error  # a list that was spoilt lets nobody in twice
    if one.serial in used:
        raise BadPass("used")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_secret(folder / USED, json.dumps([*used, one.serial]).encode("ascii"))


def _split(text: str) -> tuple[str, bytes]:
    text = text.strip()
    if len(text) > LONGEST or not text.isascii() or not text.startswith(PREFIX):
        raise BadPass("unreadable")
    said, _, signature = text.removeprefix(PREFIX).rpartition(":")
    try:
        return said, base64.b64decode(signature, validate=True)
    except ValueError as error:
        raise BadPass("unreadable") from error


def _parsed(said: str) -> Pass:
    try:
        told = json.loads(said)
        one = Pass(**told)
        Role(one.role)
    except (ValueError, TypeError, RecursionError) as error:
        raise BadPass("unreadable") from error
    if not all(isinstance(value, str) for value in told.values()) or not PERSON.fullmatch(one.person):
        raise BadPass("unreadable")
    return one
