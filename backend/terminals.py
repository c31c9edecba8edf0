"""Terminals: enrolled with a one-time code, known by a token of their own, revoked one by one."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from backend.journal import Event
from backend.keys import new_token, token_hash
from backend.platform import Platform
from backend.refusals import Refusal
from backend.schema import EnrolmentCode, Terminal, TerminalKey
from backend.signing import key_id_of, parse_public

#: Crockford's base 32: no I, L, O, U, so a code read out over the telephone is typed right.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS, _GROUP = 3, 4  # 60 random bits: at ten guesses a minute nobody finds one


@dataclass(frozen=True, slots=True)
class Caller:
    """The terminal that makes a request."""

    terminal_id: str
    name: str


def _new_code() -> str:
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))


def _code_hash(code: str) -> str:
    """The hash of `code` however it was typed: case, spaces and dashes do not matter."""
    return token_hash(re.sub(r"[\s-]", "", code).upper())


def make_code(platform: Platform) -> tuple[str, datetime]:
    """A new one-time code and the moment it becomes void. Only its hash is kept."""
    code = _new_code()
    expires_at = platform.clock.now() + timedelta(hours=platform.settings.code_valid_hours)
    with platform.database.writing() as session:
        session.add(EnrolmentCode(code_hash=_code_hash(code), expires_at=expires_at, used_by=None))
    return code, expires_at


def key_row(terminal_id: str, public_key: str, now: datetime) -> TerminalKey:
    """The row of a terminal's public key (base64). Raises ValueError for what is none."""
    key_id = key_id_of(parse_public(public_key))
    return TerminalKey(terminal_id=terminal_id, key_id=key_id, public_key=public_key, given_at=now)


def enrol(
    platform: Platform, code: str, name: str, address: str, public_key: str | None = None
) -> tuple[str, str]:
    """Spend `code` for a new terminal called `name`: its id and its token, which is shown this once.

    With its `public_key`, all its requests must be signed from now on. Raises a 403 refusal for a code that is
    unknown, used or void, and 429 when `address` tries too often.
    """
    platform.enrolment_rate.check(address)
    terminal_id, token = f"T{secrets.token_hex(6)}", new_token()
    with platform.database.writing() as session:
        kept = session.get(EnrolmentCode, _code_hash(code))
        now = platform.clock.now()
        good = kept is not None and kept.used_by is None and now < kept.expires_at
        if kept is not None and good:
            kept.used_by = terminal_id
            session.add(
                Terminal(
                    terminal_id=terminal_id,
                    name=name,
                    token_hash=token_hash(token),
                    enrolled_at=now,
                    revoked_at=None,
                )
            )
            session.flush()
            if public_key is not None:
                session.add(key_row(terminal_id, public_key, now))
    if not good:
        platform.enrolment_rate.take(address)
        raise Refusal(403, "B403", "this code is unknown, used or void")
    platform.journal.write(Event.TERMINAL_ENROLLED, terminal=terminal_id)
    return terminal_id, token


def revoke(platform: Platform, terminal_id: str) -> Terminal:
    """Make the token of `terminal_id` void from now on; repeating it changes nothing. 404 when unknown."""
    with platform.database.writing() as session:
        terminal = session.get(Terminal, terminal_id)
        if terminal is None:
            raise Refusal(404, "B404", "no such terminal")
        if terminal.revoked_at is None:
            terminal.revoked_at = platform.clock.now()
            platform.journal.write(Event.TERMINAL_REVOKED, terminal=terminal_id)
        return terminal


def restore(platform: Platform, terminal_id: str) -> Terminal:
    """A revoked terminal is known again by the token and the key that it has; repeating it changes nothing."""
    with platform.database.writing() as session:
        terminal = session.get(Terminal, terminal_id)
        if terminal is None:
            raise Refusal(404, "B404", "no such terminal")
        if terminal.revoked_at is not None:
            terminal.revoked_at = None
            platform.journal.write(Event.TERMINAL_RESTORED, terminal=terminal_id)
        return terminal


def public_keys(platform: Platform) -> dict[str, tuple[str, str]]:
    """Terminal id → id of the public key that it gave, and the key."""
    with platform.database.reading() as session:
        return {key.terminal_id: (key.key_id, key.public_key) for key in session.scalars(select(TerminalKey))}


def terminals(platform: Platform) -> list[Terminal]:
    """Every terminal ever enrolled, oldest first."""
    with platform.database.reading() as session:
        return list(session.scalars(select(Terminal).order_by(Terminal.enrolled_at, Terminal.terminal_id)))
