"""Who calls: a token that is known, a terminal that is not revoked, and a signature that is its own, fresh and new."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from sqlalchemy import select

from backend.journal import Event
from backend.keys import token_hash
from backend.nonces import Repeated, Stale
from backend.platform import Platform
from backend.refusals import Refusal
from backend.schema import Terminal, TerminalKey
from backend.signing import (
    ALGORITHM,
    Asked,
    Malformed,
    is_signed_by,
    key_id_of,
    parse_public,
    read_signature,
)
from backend.terminals import Caller, key_row


@dataclass(frozen=True, slots=True)
class _Known:
    """A terminal whose token was shown, not revoked, and its public key, if it gave one."""

    terminal_id: str
    name: str
    key: TerminalKey | None


def admit(platform: Platform, token: str | None, asked: Asked) -> Caller:
    """The terminal that calls. Refuses (401) with B401 and B461 to B466 of docs/backend-api.md.

    A terminal that gave its key must sign; one that gave none need not, unless the settings demand it of all.
    """
    known = _known(platform, token)
    if known.key is not None:
        _verify(platform, known, parse_public(known.key.public_key), asked)
    elif platform.settings.signatures == "all":
        raise _refused(platform, known, "B462", "this platform takes signed requests only")
    return Caller(known.terminal_id, known.name)


def give_key(platform: Platform, token: str | None, asked: Asked, public_key: str) -> str:
    """Take a terminal's public key, in place of the one it had; the new one's id.

    The request is signed by the key it had or, the first time, by the one it gives. Repeating it changes nothing.
    """
    known, new = _known(platform, token), parse_public(public_key)
    if known.key is None or known.key.key_id == key_id_of(new):
        _verify(platform, known, new, asked)
    else:
        _verify(platform, known, parse_public(known.key.public_key), asked)
    with platform.database.writing() as session:
        session.merge(key_row(known.terminal_id, public_key, platform.clock.now()))
    platform.journal.write(Event.TERMINAL_KEY_GIVEN, terminal=known.terminal_id, key=key_id_of(new))
    return key_id_of(new)


def forget_key(platform: Platform, terminal_id: str) -> None:
    """A terminal lost its key, or runs older software: its token alone counts again. 404 when unknown."""
    with platform.database.writing() as session:
        if session.get(Terminal, terminal_id) is None:
            raise Refusal(404, "B404", "no such terminal")
        key = session.get(TerminalKey, terminal_id)
        if key is None:
            return
        session.delete(key)
    platform.journal.write(Event.TERMINAL_KEY_FORGOTTEN, terminal=terminal_id)


def signed_by_terminal(
    platform: Platform, terminal_id: str, key_id: str, algorithm: str, content: bytes, signature: bytes
) -> bool | None:
    """Whether a terminal signed `content`, as in an export; None when this is not the key that it gave."""
    with platform.database.reading() as session:
        key = session.get(TerminalKey, terminal_id)
    if key is None or key.key_id != key_id or algorithm != ALGORITHM:
        return None
    return is_signed_by(parse_public(key.public_key), content, signature)


def _known(platform: Platform, token: str | None) -> _Known:
    """The look-up is by the token's SHA-256, so how long it takes tells nothing about any token's characters."""
    if token is None:
        raise unknown_token()
    wanted = (
        select(Terminal, TerminalKey)
        .outerjoin(TerminalKey, TerminalKey.terminal_id == Terminal.terminal_id)
        .where(Terminal.token_hash == token_hash(token))
    )
    with platform.database.reading() as session:
        found = session.execute(wanted).first()
    if found is None:
        raise unknown_token()
    terminal, key = found
    known = _Known(terminal.terminal_id, terminal.name, key)
    if terminal.revoked_at is not None:
        raise _refused(platform, known, "B466", "this terminal was revoked; an operator can restore it")
    return known


def unknown_token() -> Refusal:
    """B401."""
    return Refusal(401, "B401", "this token is not known here", headers={"WWW-Authenticate": "Bearer"})


def _verify(platform: Platform, known: _Known, public: bytes, asked: Asked) -> None:
    if "signature-input" not in asked.fields:
        raise _refused(platform, known, "B462", "this terminal has a key, and this request is not signed")
    key_id = f"{known.terminal_id}:{key_id_of(public)}"
    try:
        signed = read_signature(asked)
        signed.demand_coverage(asked)
        if signed.key_id != key_id:
            raise _refused(platform, known, "B465", "signed with a key that is not this terminal's")
        platform.nonces.require_fresh(signed.created)
        if not any(
            is_signed_by(public, signed.base(each), signed.signature) for each in _as_sent(platform, asked)
        ):
            raise Malformed("the signature does not fit the request; something was changed on the way")
        platform.nonces.spend(key_id, signed.created, signed.nonce)
    except Malformed as error:
        raise _refused(platform, known, "B463", str(error)) from error
    except Stale as error:
        now = platform.clock.now().isoformat()
        said = "signed at another time than now; the platform's time stands beside this"
        raise _refused(platform, known, "B461", said, time=now) from error
    except Repeated as error:
        raise _refused(platform, known, "B464", "this signature was used before") from error


def _as_sent(platform: Platform, asked: Asked) -> Iterator[Asked]:
    """The request by the path that came here and, where a proxy takes a prefix away, by the one that was sent."""
    yield asked
    prefix = urlsplit(platform.settings.public_url).path.rstrip("/")
    if prefix:
        yield replace(asked, path=prefix + asked.path)


def _refused(platform: Platform, known: _Known, code: str, detail: str, **facts: str) -> Refusal:
    platform.journal.write(Event.TERMINAL_REFUSED, terminal=known.terminal_id, code=code)
    return Refusal(401, code, detail, headers={"WWW-Authenticate": "Bearer"}, **facts)
