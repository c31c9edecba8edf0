"""`outbox status|list|show|retry|export|verify|rebuild|drain`."""

import argparse
import dataclasses
import enum
from datetime import datetime
from typing import Any

from config.schema import TerminalConfig
from ground.clock import RealClock
from kiosk.words import Words
from offline_cache.errors import CacheError, UnknownCase
from offline_cache.items import CaseRecord, MessageRecord, OutboxStatus
from offline_cache.local_number import is_local_number
from offline_cache.outbox import Outbox
from tools.assemble import WORDS, open_outbox
from tools.out import complain, say, say_json
from tools.outbox_away import drain, to_stick
from tools.settings import BAD_INPUT, settings


def run(asked: argparse.Namespace) -> int:
    """Do what was asked with this terminal's outbox."""
    config = settings(asked)
    if config is None:
        return BAD_INPUT
    try:
        outbox = open_outbox(config, RealClock(), to_deliver=asked.what == "drain")
        try:
            return _do(asked, config, outbox)
        finally:
            outbox.close()
    except CacheError as error:
        complain(f"{error.code} {error}")
        complain(Words.load(WORDS, config.language.first)(f"errors.{error.code}.hint"))
        return 1


def _do(asked: argparse.Namespace, config: TerminalConfig, outbox: Outbox) -> int:
    words = Words.load(WORDS, config.language.first)
    match asked.what:
        case "status":
            return _status(asked, outbox, words)
        case "list":
            return _list(asked, outbox, words)
        case "show":
            return _show(asked, outbox, words)
        case "retry":
            say(words("outbox.retried", count=str(outbox.retry(_id_of(outbox, asked.id)))))
            return 0
        case "export":
            return to_stick(asked, config, outbox, words)
        case "verify":
            return _verify(asked, outbox, words)
        case "rebuild":
            return _rebuild(asked, outbox, words)
        case _:
            return drain(asked, config, outbox, words)


def as_json(status: OutboxStatus, words: Words) -> dict[str, Any]:
    """The contract's fields; the last error with its hint in words."""
    told: dict[str, Any] = {}
    for field in dataclasses.fields(status):
        value = getattr(status, field.name)
        told[field.name] = value.value if isinstance(value, enum.Enum) else value
    error, clock = status.last_error, status.clock
    if error is not None:
        told["last_error"] = {
            "code": error.code,
            "hint": words(f"errors.{error.code}.hint"),
            "since": error.since.isoformat() if isinstance(error.since, datetime) else error.since,
        }
    told["clock"] = {
        "state": clock.state.value,
        "off_s": clock.off_s,
        "since": None if clock.since is None else clock.since.isoformat(),
    }
    return told


def _status(asked: argparse.Namespace, outbox: Outbox, words: Words) -> int:
    told = as_json(outbox.status(), words)
    if asked.json:
        say_json(told)
    else:
        for name, value in told.items():
            say(f"{name:22}{'-' if value is None else value}")
    return 0


def _list(asked: argparse.Namespace, outbox: Outbox, words: Words) -> int:
    cases = outbox.list_cases(open_only=not asked.all, most=asked.most)
    messages = outbox.list_messages(open_only=not asked.all, most=asked.most)
    if asked.json:
        told = {"cases": [_told(each, words) for each in cases]}
        say_json(told | {"messages": [_told(each, words) for each in messages]})
        return 0
    for case in cases:
        _line(case, case.local_number, case.handed_in_at, case.case_id)
    for message in messages:
        _line(message, message.kind, message.came_at, message.message_id)
    if not cases and not messages:
        complain(words("outbox.nothing_waits"))
    return 0


def _line(record: CaseRecord | MessageRecord, name: str, at: str, item_id: str) -> None:
    say(f"{name:14}{record.state.value:11}{record.tries:4}  {record.error_code or '-':6}{at:32}{item_id}")


def _show(asked: argparse.Namespace, outbox: Outbox, words: Words) -> int:
    told = _told(_found(outbox, asked.id), words)
    if asked.json:
        say_json(told)
    else:
        for name, value in told.items():
            say(f"{name:22}{'-' if value is None else value}")
    return 0


def _verify(asked: argparse.Namespace, outbox: Outbox, words: Words) -> int:
    flaws = outbox.verify()
    if asked.json:
        say_json({"flaws": [dataclasses.asdict(flaw) for flaw in flaws]})
    else:
        for flaw in flaws:
            say(f"{flaw.what} {flaw.file or ''}".rstrip())
        complain(words("outbox.sound" if not flaws else "outbox.flawed", count=str(len(flaws))))
    return 1 if flaws else 0


def _rebuild(asked: argparse.Namespace, outbox: Outbox, words: Words) -> int:
    done = outbox.rebuild()
    if asked.json:
        say_json(dataclasses.asdict(done))
    else:
        facts = {name: str(value) for name, value in dataclasses.asdict(done).items()}
        say(words("outbox.rebuilt", **facts))
    return 0


def _found(outbox: Outbox, text: str) -> CaseRecord | MessageRecord:
    """A case by its id or local number, or a message by its id. Raises `UnknownCase`."""
    try:
        return outbox.case(_id_of(outbox, text))
    except UnknownCase:
        return outbox.message(text)


def _id_of(outbox: Outbox, text: str) -> str:
    """The id behind what a technician types: an id, or the number on a receipt."""
    if not is_local_number(text):
        return text
    for case in outbox.list_cases(most=1_000_000):
        if case.local_number == text:
            return case.case_id
    raise UnknownCase(number=text)


def _told(record: CaseRecord | MessageRecord, words: Words) -> dict[str, Any]:
    told = dataclasses.asdict(record)
    told["state"] = record.state.value
    told["hint"] = words(f"errors.{record.error_code}.hint") if record.error_code else None
    return told
