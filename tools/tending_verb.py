"""`tending`: who may look after this terminal on its glass. No PIN ever stands in an argument or a log."""

import argparse
import getpass
import secrets
import sys
from datetime import datetime, timedelta
from pathlib import Path

from config.schema import TerminalConfig
from devices.errors import DeviceError
from ground.clock import Clock, RealClock
from ground.logbook import Event
from kiosk.tending import passes, people
from kiosk.tending.roles import Role
from kiosk.words import Words
from kiosk.workers import code_of
from offline_cache.errors import BadKey, CacheError
from offline_cache.keys import TerminalKey
from tools.assemble import WORDS
from tools.logs import open_logbook
from tools.out import complain, say, say_json
from tools.settings import BAD_INPUT, settings
from tools.technician.fitted import built, fitted

_NOT_FINE = 1
_CARD_S = 30.0
_POLL_S = 0.3
_MOST_DAYS = 90


def run(asked: argparse.Namespace) -> int:
    """One of pin, card, remove, list, pass. Exit codes: 0 fine, 1 not done, 2 bad input."""
    config = settings(asked)
    if config is None:
        return BAD_INPUT
    words = Words.load(WORDS, config.language.first)
    clock = RealClock()
    try:
        if asked.what == "pass":
            return _pass(asked, words, clock)
        known = people.load(_folder(config))
        if asked.what == "list":
            return _list(asked, known, words)
        return _change(asked, config, known, words, clock)
    except people.BadPeople:
        complain(words("tending_verb.unreadable", file=str(_folder(config) / people.FILE)))
    except people.WeakPin as weak:
        complain(words(f"tending_verb.weak.{weak}"))
    except (ValueError, BadKey) as error:
        complain(words("tending_verb.bad", what=str(error)))
    except (OSError, CacheError) as error:
        complain(str(error))
        return _NOT_FINE
    except DeviceError as error:
        complain(f"{code_of(error)} {words(f'errors.{code_of(error)}.hint')}")
        return _NOT_FINE
    return BAD_INPUT


def _folder(config: TerminalConfig) -> Path:
    return config.storage.data_folder / people.FOLDER


def _list(asked: argparse.Namespace, known: people.People, words: Words) -> int:
    everybody = sorted(known.all.values(), key=lambda one: one.id)
    if asked.json:
        rows = [
            {"person": one.id, "role": one.role.value, "pin": bool(one.pin), "card": bool(one.card)}
            for one in everybody
        ]
        say_json({"people": rows})
        return 0
    for one in everybody:
        ways = " ".join(words(f"tending_verb.way.{way}") for way in ("pin", "card") if getattr(one, way))
        role = words(f"tending.role.{one.role}", person="")
        say(f"{one.id:6}{role:12}{ways}")
    if not everybody:
        say(words("tending_verb.nobody"))
    return 0


def _change(
    asked: argparse.Namespace, config: TerminalConfig, known: people.People, words: Words, clock: Clock
) -> int:
    role = Role(asked.role) if asked.what != "remove" else Role.STAFF
    match asked.what:
        case "pin":
            changed = people.with_pin(known, asked.person, role, _typed(words))
        case "card":
            changed = people.with_card(known, asked.person, role, _laid(config, words, clock))
        case _:
            if asked.person not in known.all:
                complain(words("tending_verb.unknown", person=asked.person))
                return BAD_INPUT
            role, changed = known.all[asked.person].role, people.without(known, asked.person)
    people.save(_folder(config), changed)
    logbook = open_logbook(config, clock, "technician")
    change = "removed" if asked.what == "remove" else asked.what
    logbook.write(Event.TENDING_SET_UP, person=asked.person, role=role.value, change=change)
    logbook.close()
    say(
        words(
            f"tending_verb.done.{change}", person=asked.person, role=words(f"tending.role.{role}", person="")
        )
    )
    return 0


def _typed(words: Words) -> str:
    """Twice at a keyboard; one line where there is none. Raises ValueError when the two differ."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    pin = getpass.getpass(words("tending_verb.type"))
    if getpass.getpass(words("tending_verb.again")) != pin:
        raise ValueError(words("tending_verb.differ"))
    return pin


def _laid(config: TerminalConfig, words: Words, clock: Clock) -> str:
    """What the first card says of itself that is laid on a reader. Raises `DeviceError`, and ValueError for none."""
    there = fitted(config)
    kind = next((kind for kind in ("chip_card", "id_card") if kind in there), None)
    if kind is None:
        raise ValueError(words("tending_verb.no_reader"))
    reader = built(there[kind], clock)
    reader.open()
    try:
        say(words("tending_verb.lay"))
        give_up = clock.after(_CARD_S)
        while not clock.due(give_up):
            card = reader.read_card()  # type: ignore[attr-defined]
            said = "" if card is None else card_says(kind, card)
            if said:
                return said
            clock.wait(_POLL_S)
    finally:
        reader.close()
    raise ValueError(words("tending_verb.no_card"))


def card_says(kind: str, card: object) -> str:
    """What tells one card from another, as the glass hears it."""
    if kind == "id_card":
        return f"id:{getattr(card, 'number', '')}"
    said = getattr(card, "identification_code", "") or getattr(card, "card_number", "")
    return f"chip:{said}" if said else ""


def _pass(asked: argparse.Namespace, words: Words, clock: Clock) -> int:
    """The operator's side: where the private key is."""
    if not 1 <= asked.days <= _MOST_DAYS:
        raise ValueError(f"--days {asked.days}")
    if not people.PERSON.fullmatch(asked.person):
        raise ValueError(f"--person {asked.person}")
    key = TerminalKey.read(asked.key)
    if key is None:
        raise ValueError(str(asked.key))
    now: datetime = clock.now().replace(microsecond=0)
    one = passes.Pass(
        terminal=asked.terminal,
        person=asked.person,
        role=Role(asked.role).value,
        serial=secrets.token_hex(8),
        issued=now.isoformat(),
        until=(now + timedelta(days=asked.days)).isoformat(),
    )
    path = asked.folder / passes.NAME
    path.write_text(passes.written(one, key), encoding="ascii")
    say(words("tending_verb.passed", file=str(path), until=one.until, public=key.public))
    return 0
