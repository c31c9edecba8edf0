"""Requests signed by RFC 9421 (HTTP Message Signatures) with the terminal's Ed25519 key.

Covered: method, path, query, every field of `FIELDS` that the request has, and, where a body lies in memory, its
Content-Digest (RFC 9530, SHA-256). The body of a tus PATCH is streamed and not digested: the SHA-256 of the whole part
was signed when the part was announced, and the platform compares it before the part counts.
"""

import base64
import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from ground.clock import Clock
from offline_cache.keys import ALGORITHM, TerminalKey

LABEL = "terminal"
#: What the signature is for (RFC 9421 2.3): the same key also signs exports, which are never taken for a request.
TAG = "joint-service"
#: Fields that are covered whenever a request has them.
FIELDS = (
    "content-digest",
    "content-length",
    "content-type",
    "tus-resumable",
    "upload-length",
    "upload-metadata",
    "upload-offset",
)
#: The platform's code for: signed at another time than now; it tells the time beside it.
OTHER_TIME = "B461"


def content_digest(body: bytes) -> str:
    """The value of Content-Digest (RFC 9530) for `body`."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode('ascii')}:"


def signature_params(covered: Sequence[str], params: Mapping[str, str | int]) -> str:
    """The value of @signature-params (RFC 9421 2.3): what is covered, and `params` in their order."""
    listed = " ".join(f'"{name}"' for name in covered)
    told = "".join(f";{name}={_bare(value)}" for name, value in params.items())
    return f"({listed}){told}"


def signature_base(
    method: str, url: str, headers: Mapping[str, str], covered: Sequence[str], params: str
) -> bytes:
    """What is signed (RFC 9421 2.5). `headers` by any case; `params` as of `signature_params`.

    Raises KeyError when a covered field is not there.
    """
    fields = {name.lower(): value for name, value in headers.items()}
    lines = [f'"{name}": {_component(name, method, url, fields)}' for name in covered]
    return "\n".join([*lines, f'"@signature-params": {params}']).encode("ascii")


class RequestSigner:
    """Signs the requests of one terminal."""

    def __init__(
        self,
        key: TerminalKey,
        terminal_id: str,
        clock: Clock,
        new_nonce: Callable[[], str] = lambda: secrets.token_urlsafe(12),
    ) -> None:
        """`terminal_id` "" as long as the platform has not given one: then the key stands for itself."""
        self._key = key
        self._clock = clock
        self._new_nonce = new_nonce
        self._ahead_s: float | None = None  #: the platform's time minus our monotonic one, once it was told
        self.key_id = f"{terminal_id}:{key.key_id}"

    def signed(self, method: str, url: str, headers: Mapping[str, str], body: object) -> dict[str, str]:
        """The fields to add to a request. `url` whole; `body` None, bytes, or something that is streamed."""
        added = {"Content-Digest": content_digest(body)} if isinstance(body, bytes) and body else {}
        present = {name.lower(): value for name, value in {**headers, **added}.items()}
        covered = ["@method", "@path", "@query", *(name for name in FIELDS if name in present)]
        told: dict[str, str | int] = {
            "created": self._created(),
            "nonce": self._new_nonce(),
            "keyid": self.key_id,
            "alg": ALGORITHM,
            "tag": TAG,
        }
        params = signature_params(covered, told)
        signature = self._key.sign(signature_base(method, url, present, covered, params))
        added["Signature-Input"] = f"{LABEL}={params}"
        added["Signature"] = f"{LABEL}=:{base64.b64encode(signature).decode('ascii')}:"
        return added

    def learns(self, said: Any) -> bool:
        """Whether a 401 with this body was for the time only, and told the platform's: then it is worth repeating.

        From then on signatures are dated by the platform's time, carried on by our monotonic clock; the machine's
        wall clock is not touched.
        """
        if not isinstance(said, dict) or said.get("code") != OTHER_TIME:
            return False
        try:
            theirs = datetime.fromisoformat(str(said.get("time")))
        except ValueError:
            return False
        if theirs.tzinfo is None:
            return False
        self._ahead_s = theirs.timestamp() - self._clock.instant()
        return True

    def _created(self) -> int:
        if self._ahead_s is None:
            return int(self._clock.now().timestamp())
        return int(self._ahead_s + self._clock.instant())


def _bare(value: str | int) -> str:
    """An integer or a string as a structured field (RFC 8941 4.1); ours hold neither quotes nor backslashes."""
    return str(value) if isinstance(value, int) else f'"{value}"'


def _component(name: str, method: str, url: str, fields: Mapping[str, str]) -> str:
    address = urlsplit(url)
    match name:
        case "@method":
            return method
        case "@path":
            return address.path or "/"
        case "@query":
            return f"?{address.query}"
        case "@authority":
            return _authority(address.hostname or "", address.port, address.scheme)
        case _:
            return fields[name].strip()


def _authority(host: str, port: int | None, scheme: str) -> str:
    named = f"[{host}]" if ":" in host else host
    usual = port is None or port == {"http": 80, "https": 443}.get(scheme)
    return named if usual else f"{named}:{port}"
