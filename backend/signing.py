"""Signatures under requests, read by RFC 9421 (HTTP Message Signatures), and Ed25519 keys.

What a terminal must cover: method, path, query, and each field of `FIELDS` that its request has. A body that is not
streamed must be covered by its Content-Digest (RFC 9530, SHA-256).
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LABEL = "terminal"
TAG = "joint-service"
ALGORITHM = "ed25519"
#: Always covered (RFC 9421 2.2).
ALWAYS = frozenset({"@method", "@path", "@query"})
#: Covered whenever the request has them.
FIELDS = frozenset(
    {
        "content-digest",
        "content-length",
        "content-type",
        "tus-resumable",
        "upload-length",
        "upload-metadata",
        "upload-offset",
    }
)

# RFC 8941, as far as a signature needs it: an inner list of plain names, with parameters that are numbers or strings.
_NAMES = r'\((?P<names>(?:"[a-z0-9@_-]+"(?: "[a-z0-9@_-]+")*)?)\)'
_PARAM = r';([a-z][a-z0-9_-]*)=([0-9]{1,15}|"[\x20-\x21\x23-\x5b\x5d-\x7e]{0,200}")'
_INPUT = re.compile(rf"(?P<label>[a-z][a-z0-9_-]*)=(?P<params>{_NAMES}(?P<told>(?:{_PARAM})*))")
_SIGNATURE = re.compile(r"(?P<label>[a-z][a-z0-9_-]*)=:(?P<bytes>[A-Za-z0-9+/]{1,200}={0,2}):")
_DIGEST = re.compile(r"(?:^|, ?)sha-256=:(?P<bytes>[A-Za-z0-9+/]{43}=):")
_LONGEST = 4096  # characters of a field that is read; ours have about 300


class Malformed(Exception):
    """There is no signature that can be read, or it does not cover what it must. `str()` says it in plain words."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came."""

    method: str
    path: str  #: as sent, percent-encoded
    query: str  #: without the question mark
    fields: Mapping[str, str]  #: by lower-case name; repeated ones joined by ", "
    body: bytes | None  #: None: it is streamed, and not looked at here

    def component(self, name: str) -> str:
        """A covered value (RFC 9421 2). Raises `Malformed` for one that is not there or not known here."""
        match name:
            case "@method":
                return self.method
            case "@path":
                return self.path or "/"
            case "@query":
                return f"?{self.query}"
            case "@authority":
                return self.fields.get("host", "").lower()
        if name.startswith("@") or name not in self.fields:
            raise Malformed("the signature covers what the request does not have")
        return self.fields[name].strip()


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature that was read, not verified yet."""

    covered: tuple[str, ...]
    params: str  #: as they were written: the value of @signature-params
    created: int  #: seconds since 1970 by the terminal's clock
    nonce: str
    key_id: str
    signature: bytes

    def base(self, asked: Asked) -> bytes:
        """What was signed (RFC 9421 2.5). Raises `Malformed`."""
        lines = [f'"{name}": {asked.component(name)}' for name in self.covered]
        try:
            return "\n".join([*lines, f'"@signature-params": {self.params}']).encode("ascii")
        except UnicodeEncodeError as error:
            raise Malformed("the signature covers a value that is not ASCII") from error

    def demand_coverage(self, asked: Asked) -> None:
        """Raise `Malformed` unless all that must be covered is, and the body is the one that was digested."""
        needed = ALWAYS | (FIELDS & asked.fields.keys())
        if not needed <= set(self.covered):
            raise Malformed("the signature does not cover all that it must")
        digested = "content-digest" in self.covered
        if asked.body and not digested:
            raise Malformed("the signature does not cover the body")
        if asked.body is not None and digested and not _is_digest(asked.fields["content-digest"], asked.body):
            raise Malformed("the body is another than the one that was signed")


def read_signature(asked: Asked, label: str = LABEL, tag: str = TAG) -> Signed:
    """The signature that bears `label`. Raises `Malformed`."""
    told = _one(_INPUT, asked.fields.get("signature-input", ""), label)
    signature = _one(_SIGNATURE, asked.fields.get("signature", ""), label)
    covered = tuple(name.strip('"') for name in told["names"].split(" ") if name)
    if len(set(covered)) != len(covered):
        raise Malformed("the signature covers something twice")
    pairs = re.findall(_PARAM, told["told"])
    params = {name: value.strip('"') for name, value in pairs}
    if len(params) != len(pairs) or params.keys() < {"created", "nonce", "keyid"}:
        raise Malformed("the signature needs created, nonce and keyid, each once")
    if params.get("alg", ALGORITHM) != ALGORITHM or params.get("tag", "") != tag:
        raise Malformed(f"the signature must be {ALGORITHM}, for {tag}")
    if not params["created"].isdigit() or not params["nonce"]:
        raise Malformed("the signature needs a moment and a nonce")
    return Signed(
        covered=covered,
        params=told["params"],
        created=int(params["created"]),
        nonce=params["nonce"],
        key_id=params["keyid"],
        signature=_decoded(signature["bytes"]),
    )


def is_signed_by(public: bytes, content: bytes, signature: bytes) -> bool:
    """Whether `signature` is that of the Ed25519 key `public` (32 bytes) under `content`."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True


def parse_public(text: str) -> bytes:
    """An Ed25519 public key as it is written: base64 of 32 bytes. Raises ValueError."""
    raw = base64.b64decode(text, validate=True)
    Ed25519PublicKey.from_public_bytes(raw)
    return raw


def key_id_of(public: bytes) -> str:
    """How a public key is called for short: the first 16 hex digits of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:16]


def _one(pattern: re.Pattern[str], field: str, label: str) -> re.Match[str]:
    """The member of a dictionary field that bears `label`; the whole field must be readable."""
    found, end = [], 0
    while end < len(field) <= _LONGEST and (member := pattern.match(field, end)):
        found.append(member)
        end = member.end()
        if end < len(field):
            comma = re.compile(r"[ \t]*,[ \t]*").match(field, end)
            if comma is None or comma.end() == len(field):
                break
            end = comma.end()
    labelled = [member for member in found if member["label"] == label]
    if end != len(field) or len(labelled) != 1:
        raise Malformed("there is no signature that can be read")
    return labelled[0]


def _is_digest(field: str, body: bytes) -> bool:
    told = _DIGEST.search(field[:_LONGEST])
    return told is not None and _decoded(told["bytes"]) == hashlib.sha256(body).digest()


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise Malformed("a byte sequence is no base64") from error
