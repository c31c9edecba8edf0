"""`retention`: what lies on this terminal, how old it is, what was deleted when; exit 1 when something is overdue."""

import argparse
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from config.schema import TerminalConfig
from ground.clock import RealClock
from ground.log.reading import records
from ground.log.reading import standing as log_standing
from kiosk.retention import CLASSES, Deleter, Standing, delete, standing
from kiosk.words import Words
from tools.assemble import WORDS
from tools.logs import log_folder, open_logbook
from tools.out import complain, say, say_json
from tools.settings import BAD_INPUT, settings
from tools.tidy import kept

_OVERDUE = 1


@dataclass(slots=True)
class Deleted:
    """What the event log tells of deletions of one class."""

    times: int = 0
    items: int = 0
    last_at: str = ""


def run(asked: argparse.Namespace) -> int:
    """Report, or delete what is a technician's to delete."""
    config = settings(asked)
    if config is None:
        return BAD_INPUT
    words, clock = Words.load(WORDS, config.language.first), RealClock()
    try:
        if asked.clear:
            return _clear(asked.clear, config, words, clock)
        found = standing(config.storage.data_folder, kept(config), clock.now())
        deleted = deletions(config)
    except OSError as error:
        complain(words("retention.unreadable", what=f"{error.filename}: {error.strerror}"))
        return BAD_INPUT
    overdue = [each for each in found if each.overdue]
    if asked.json:
        told = [as_json(each, deleted[each.of.name], clock.now()) for each in found]
        say_json({"ok": not overdue, "classes": told})
    else:
        for each in found:
            _tell(each, deleted[each.of.name], clock.now(), words)
        complain(words("retention.overdue" if overdue else "retention.fine", count=len(overdue)))
    return _OVERDUE if overdue else 0


def deletions(config: TerminalConfig) -> dict[str, Deleted]:
    """What was deleted, by class, as far back as the event log goes. Raises OSError."""
    found: dict[str, Deleted] = defaultdict(Deleted)
    folder = log_folder(config)
    if not folder.is_dir():
        return found
    by_event = {event.value: of for of in CLASSES for event in of.events}
    for _, _, record in records(log_standing(folder)[0]):
        of = by_event.get(record.event)
        if of is None:
            continue
        count = record.facts.get(of.count, record.facts.get("files"))
        if isinstance(count, int) and count:
            one = found[str(record.facts.get("of", of.name))]
            one.times, one.items, one.last_at = one.times + 1, one.items + count, str(record.fields.get("at"))
    return found


def as_json(found: Standing, deleted: Deleted, now: datetime) -> dict[str, Any]:
    """One class."""
    return {
        "name": found.of.name,
        "personal": found.of.personal.value,
        "deleted_by": found.of.deleter.value,
        "days": found.days,
        "items": found.items,
        "bytes": found.bytes,
        "oldest": found.oldest.isoformat() if found.oldest else None,
        "oldest_days": _days(found, now),
        "overdue": len(found.overdue),
        "undated": found.undated,
        "verified": not found.overdue,
        "deleted": {"times": deleted.times, "items": deleted.items, "last_at": deleted.last_at or None},
    }


def _days(found: Standing, now: datetime) -> int | None:
    return (now - found.oldest).days if found.oldest else None


def _tell(found: Standing, deleted: Deleted, now: datetime, words: Words) -> None:
    name = found.of.name
    rule = words(
        f"retention.rule.{found.of.deleter.value}", days=found.days if found.days is not None else "-"
    )
    say(
        f"{words(f'retention.class.{name}')}  [{words(f'retention.personal.{found.of.personal.value}')}]  {rule}"
    )
    oldest = _days(found, now)
    facts = {"items": found.items, "kb": found.bytes // 1024, "oldest": "-" if oldest is None else oldest}
    say("    " + words("retention.here", **facts))
    if deleted.times:
        say("    " + words("retention.deleted", items=deleted.items, last=deleted.last_at))
    if found.undated:
        say("    " + words("retention.undated", count=found.undated))
    for path in found.overdue:
        say("    " + words("retention.late", file=path.name))


def _clear(name: str, config: TerminalConfig, words: Words, clock: RealClock) -> int:
    """Delete what the terminal leaves to a person: only what is overdue, and told of in the event log."""
    found = standing(config.storage.data_folder, kept(config), clock.now())
    one = next((each for each in found if each.of.name == name), None)
    if one is None or one.of.deleter is not Deleter.PERSON:
        complain(words("retention.not_yours", name=name))
        return BAD_INPUT
    logbook = open_logbook(config, clock, "technician")
    try:
        gone = delete(one, logbook)
    finally:
        logbook.close()
    complain(words("retention.cleared", count=gone))
    return 0 if gone == len(one.overdue) else _OVERDUE
