"""What a reply means: the way from a status and a body to a value or to one of the `UploadError`s.

One rule above all: only the platform itself may refuse a case or a terminal, and it always speaks JSON. A
page in HTML, a redirect or a bare status comes from something on the way, and is never a reason to give up.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import pydantic

from offline_cache.errors import (
    Denied,
    Garbled,
    Missing,
    Portal,
    ProxyTrouble,
    Refused,
    Revoked,
    ServerTrouble,
    Unsigned,
)
from offline_cache.link import Reply

_BUSY = {408, 423, 425, 429}  # request timeout, locked (tus), too early, too many requests
_NOWHERE = {404, 405, 410, 412, 415}  # what answers does not keep to the contract: no verdict on a case
_CONFLICT = {"U410"}  # same case id, other parts: no repetition will change that

_DENIALS: Mapping[str, type[Denied]] = {"B466": Revoked} | dict.fromkeys(
    ("B461", "B462", "B463", "B464", "B465"), Unsigned
)

Parsed = TypeVar("Parsed", bound=pydantic.BaseModel)


def accepted(reply: Reply, expected: Collection[int]) -> Reply:
    """`reply` if its status is one of the `expected`; else raises the `UploadError` that it means."""
    status = reply.status
    if status == 511:
        raise Portal(why="login", status=status)
    if 300 <= status < 400:
        raise Portal(why="redirect", status=status)
    if status == 407:
        raise ProxyTrouble(why="proxy", status=status)
    if status >= 500 or status in _BUSY:
        raise ServerTrouble(status=status, retry_after_s=retry_after_s(reply))
    if reply.is_html:
        raise Portal(why="html", status=status)
    if status in expected:
        return reply
    if 400 <= status < 500 and status not in _NOWHERE and reply.is_json:
        raise _verdict(reply)
    raise Garbled(status=status)


def parsed(reply: Reply, model: type[Parsed]) -> Parsed:
    """The body of an accepted reply as a `model`. Raises `Garbled`; its facts hold no content."""
    try:
        return model.model_validate(reply.json())
    except pydantic.ValidationError as error:
        field = ".".join(str(step) for step in error.errors(include_input=False)[0]["loc"])
        raise Garbled(status=reply.status, what=model.__name__, field=field) from None


def retry_after_s(reply: Reply) -> float | None:
    """Seconds that Retry-After asks for (RFC 9110 10.2.3).

    A date is taken relative to the reply's own Date, never to this machine's clock, which may be wrong.
    """
    asked = reply.headers.get("Retry-After", "").strip()
    if asked.isascii() and asked.isdecimal():
        return float(asked[:9])
    then, now = _date(asked), _date(reply.headers.get("Date", ""))
    return None if then is None or now is None else max(0.0, (then - now).total_seconds())


def _verdict(reply: Reply) -> Denied | Missing | Refused:
    said: Any = reply.json() if reply.body else {}
    said = said if isinstance(said, dict) else {}
    code = str(said.get("code", ""))[:40]
    if reply.status in (401, 403):
        kind = _DENIALS.get(code, Denied)
        return kind(status=reply.status, platform_code=code)
    missing = said.get("missing")
    if reply.status == 409 and code not in _CONFLICT and isinstance(missing, list):
        return Missing(tuple(str(part)[:8] for part in missing[:100]), platform_code=code)
    return Refused(status=reply.status, platform_code=code)


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return date if date.tzinfo is not None else None
