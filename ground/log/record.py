"""One record of the event log as a line of bytes, and back.

A line is a JSON object whose last field is the hash of all that stands before it; `prev` inside it is the hash of the
record before. The field's name tells the algorithm: `hash` is SHA-256, `sm3` is SM3 (GM/T 0004). A seal bears a
signature after its hash. Encoding and decoding are pure.
"""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ground.logbook import Fact

#: What `prev` says in the first record of all.
GENESIS = "0" * 64
#: Before what is signed: the terminal's key also signs requests, exports and statements, which are no seals.
SEAL_DOMAIN = b"tiantianshun-log-seal-1\n"
#: Fields that no fact may take the place of.
FRAME = ("seq", "at", "mono", "boot", "by", "event", "prev", "hash", "sm3", "sig")
#: Algorithm → name of its field.
FIELDS = {"sha256": "hash", "sm3": "sm3"}

_ALGORITHMS = {field.encode("ascii"): algorithm for algorithm, field in FIELDS.items()}
_LINE = re.compile(rb'(\{.*), "(hash|sm3)": "([0-9a-f]{64})"(?:, "sig": "([A-Za-z0-9+/]{86}==)")?\}')


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened, before it has a place in the chain."""

    event: str
    facts: Mapping[str, Fact]
    at: str  #: ISO 8601, UTC: for people; never for order
    mono: float  #: seconds since this machine's start; compares within one `boot`
    by: str  #: the process: face, uploader …


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it was read. `sound` False: its content is not what its hash was made of."""

    seq: int
    event: str
    fields: Mapping[str, Any]  #: all of the line except its hash and `sig`
    prev: str
    hash: str
    sig: bytes  #: b"" where there is none
    sound: bool

    @property
    def boot(self) -> str:
        """Which start of the machine it was written in."""
        return str(self.fields.get("boot", ""))

    @property
    def mono(self) -> float:
        """Seconds since that start; 0 when somebody wrote anything else."""
        told = self.fields.get("mono")
        return float(told) if isinstance(told, int | float) else 0.0

    @property
    def facts(self) -> dict[str, Any]:
        """What is said beside the frame."""
        return {name: value for name, value in self.fields.items() if name not in FRAME}


def encode(entry: Entry, seq: int, boot: str, prev: str, hashes: str = "sha256") -> tuple[bytes, str]:
    """The line (without a newline) and its hash, by one of `FIELDS`."""
    frame = {"seq": seq, "at": entry.at, "mono": round(entry.mono, 3), "boot": boot, "by": entry.by}
    facts = {(f"fact_{name}" if name in FRAME else name): value for name, value in entry.facts.items()}
    body = json.dumps(frame | {"event": entry.event} | facts | {"prev": prev}, ensure_ascii=True)
    digest = hashlib.new(hashes, body.encode("ascii")).hexdigest()
    return f'{body[:-1]}, "{FIELDS[hashes]}": "{digest}"}}'.encode("ascii"), digest


def with_signature(line: bytes, signature: bytes) -> bytes:
    """The line of a seal with its signature (64 bytes)."""
    return line[:-1] + b', "sig": "' + base64.b64encode(signature) + b'"}'


def to_sign(digest: str) -> bytes:
    """What the signature of a seal with this hash is made of."""
    return SEAL_DOMAIN + digest.encode("ascii")


def decode(line: bytes) -> Record | None:
    """The record of a line (without a newline); None when it is none at all.

    Raises ValueError where this machine lacks the algorithm.
    """
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    body, told, signed = found[1] + b"}", found[3].decode("ascii"), found[4] or b""
    try:
        fields = json.loads(body)
        signature = base64.b64decode(signed, validate=True)
    except (ValueError, RecursionError):
        return None
    if base64.b64encode(signature) != signed or not _framed(fields):  # one signature has one spelling
        return None
    sound = hashlib.new(_ALGORITHMS[found[2]], body).hexdigest() == told
    return Record(fields["seq"], fields["event"], fields, fields["prev"], told, signature, sound)


def _framed(fields: Any) -> bool:
    return (
        isinstance(fields, dict)
        and type(fields.get("seq")) is int
        and isinstance(fields.get("event"), str)
        and isinstance(fields.get("prev"), str)
    )
