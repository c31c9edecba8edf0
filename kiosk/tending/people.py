"""Who may enter: a short number, a role, and of PIN and card nothing but hashes.

The file lies in the data folder, 0600, and belongs to this terminal alone: no export of its settings takes it along. A
PIN is kept as scrypt (RFC 7914) with a salt of its own; what a card says of itself as HMAC-SHA-256 under a key of this
terminal, because a card's number is short enough to be guessed from a plain hash.
"""

import hashlib
import hmac
import itertools
import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from kiosk.tending.roles import Role
from offline_cache.durable import write_secret

FOLDER: Final = "tending"  #: in the data folder
FILE: Final = "people.json"
#: a person's number: short, so that it can be typed and is nobody's name
PERSON: Final = re.compile(r"[0-9]{2,4}")
PIN: Final = re.compile(r"[0-9]{6,12}")
#: 2**15 blocks of 8: 32 MB of memory a guess; chosen, twice what RFC 7914 was written with for a login
_COST: Final = 1 << 15
_BLOCK, _LANES = 8, 1
_MEMORY: Final = 64 * 1024 * 1024
_MOST_PEOPLE: Final = 40
#: compared with when there is no such person, so that the answer takes as long
_NOBODY_SALT: Final = bytes(16)


class BadPeople(Exception):
    """The list of who may enter cannot be read."""


class WeakPin(ValueError):
    """A PIN that is guessed first. The argument says why: length, same, run, repeated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who may enter. Salt and hashes are hex; "" where that way is not set up."""

    id: str
    role: Role
    salt: str = ""
    pin: str = ""
    card: str = ""


@dataclass(frozen=True, slots=True)
class People:
    """All of them, and the key under which their cards are hashed (hex, 32 bytes)."""

    card_key: str
    all: Mapping[str, Person]

    def of_pin(self, person: str, pin: str) -> Person | None:
        """Whoever has this number and this PIN; takes as long when there is nobody."""
        known = self.all.get(person)
        with_pin = known is not None and bool(known.pin)
        salt = bytes.fromhex(known.salt) if known is not None and with_pin else _NOBODY_SALT
        right = bytes.fromhex(known.pin) if known is not None and with_pin else bytes(32)
        same = hmac.compare_digest(_scrypt(pin, salt), right)
        return known if same and with_pin else None

    def of_card(self, said: str) -> Person | None:
        """Whose card says this of itself."""
        mark = self.card_mark(said)
        return next(
            (one for one in self.all.values() if one.card and hmac.compare_digest(one.card, mark)), None
        )

    def card_mark(self, said: str) -> str:
        """What is kept of a card."""
        return hmac.new(bytes.fromhex(self.card_key), said.encode("utf-8"), hashlib.sha256).hexdigest()

    @property
    def anybody(self) -> bool:
        """Whether anybody could enter by PIN or card at all."""
        return any(one.pin or one.card for one in self.all.values())


def judge_pin(pin: str) -> None:
    """Raises `WeakPin`."""
    if not PIN.fullmatch(pin):
        raise WeakPin("length")
    if len(set(pin)) == 1:
        raise WeakPin("same")
    steps = {(int(b) - int(a)) % 10 for a, b in itertools.pairwise(pin)}
    if steps in ({1}, {9}):
        raise WeakPin("run")
    if any(pin == pin[:size] * (len(pin) // size) for size in (2, 3) if len(pin) % size == 0):
        raise WeakPin("repeated")


def load(folder: Path) -> People:
    """Everybody who may enter; nobody where none was ever set up. Raises `BadPeople`."""
    try:
        told: Any = json.loads((folder / FILE).read_text(encoding="utf-8"))
        people = [Person(**{**one, "role": Role(one["role"])}) for one in told["people"]]
        bytes.fromhex(told["card_key"])
        for one in people:
            bytes.fromhex(one.salt + one.pin + one.card)
        return People(told["card_key"], {one.id: one for one in people})
    except FileNotFoundError:
        return People(os.urandom(32).hex(), {})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise BadPeople from error


def with_pin(people: People, person: str, role: Role, pin: str) -> People:
    """The same, and this PIN and role for `person`. Raises `WeakPin`, and ValueError for a number that is none."""
    judge_pin(pin)
    salt = os.urandom(16)
    return _with(people, replace(_one(people, person, role), salt=salt.hex(), pin=_scrypt(pin, salt).hex()))


def with_card(people: People, person: str, role: Role, said: str) -> People:
    """The same, and the card that says `said` of itself for `person`."""
    return _with(people, replace(_one(people, person, role), card=people.card_mark(said)))


def without(people: People, person: str) -> People:
    """The same without `person`."""
    return replace(people, all={name: one for name, one in people.all.items() if name != person})


def save(folder: Path, people: People) -> None:
    """On disk on return, readable by this user alone. Raises `CacheError`."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    told = {"card_key": people.card_key, "people": [asdict(one) for one in people.all.values()]}
    write_secret(folder / FILE, json.dumps(told, indent=1).encode("ascii"))


def _one(people: People, person: str, role: Role) -> Person:
    if not PERSON.fullmatch(person):
        raise ValueError("person")
    if person not in people.all and len(people.all) >= _MOST_PEOPLE:
        raise ValueError("many")
    return replace(people.all.get(person, Person(id=person, role=role)), role=role)


def _with(people: People, person: Person) -> People:
    return replace(people, all={**people.all, person.id: person})


def _scrypt(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(
        pin.encode("ascii", "replace"), salt=salt, n=_COST, r=_BLOCK, p=_LANES, maxmem=_MEMORY, dklen=32
    )
