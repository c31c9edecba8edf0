"""`log show`: the event log in sentences, by time, event, process and visit."""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from config.schema import TerminalConfig
from ground.log.reading import records, standing
from ground.log.record import Record
from ground.logbook import Event
from kiosk.journey.show import CHINA
from kiosk.words import Words
from tools.logs import as_file, log_folder
from tools.out import complain, say, say_json
from tools.settings import BAD_INPUT

_HOUSEKEEPING = (Event.LOG_SEALED, Event.LOG_FILE_BEGUN)


@dataclass(frozen=True, slots=True)
class Shown:
    """A record that was asked for. `visit`: the number of the record that began the visit, 0 outside of one."""

    record: Record
    visit: int
    file: str
    line: int


class _Facts(dict[str, object]):
    """A fact that a record lacks (an older version wrote it) is a dash."""

    def __missing__(self, name: str) -> object:
        return "-"


def show(asked: argparse.Namespace, config: TerminalConfig, words: Words) -> int:
    """Print what was asked for, oldest first. Raises OSError."""
    try:
        since, until = _moment(asked.since), _moment(asked.until)
    except ValueError as error:
        complain(words("log.bad_time", said=str(error)))
        return BAD_INPUT
    found: list[Shown] = []
    visits: list[int] = []
    for shown in _all(asked, config):
        if shown.visit and (not visits or visits[-1] != shown.visit):
            visits.append(shown.visit)
        if _wanted(shown, asked, since, until):
            found.append(shown)
    if asked.visit == "last":
        found = [shown for shown in found if visits and shown.visit == visits[-1]]
    found = found[-asked.last :] if asked.last > 0 else found
    if asked.json:
        say_json({"records": [as_json(shown, words) for shown in found]})
        return 0
    for shown in found:
        say(_line(shown, words))
    return 0


def _all(asked: argparse.Namespace, config: TerminalConfig) -> Iterator[Shown]:
    folder = log_folder(config)
    if asked.exports:
        files = [as_file(path) for path in asked.exports]
    else:
        files = standing(folder)[0] if folder.is_dir() else []
    visit = 0
    for file, line, record in records(files):
        by_face = record.fields.get("by") == "face"
        if by_face and record.event in (Event.VISIT_STARTED, Event.TERMINAL_STARTED):
            visit = record.seq if record.event == Event.VISIT_STARTED else 0
        yield Shown(record, visit if by_face else 0, file, line)
        if by_face and record.event == Event.VISIT_FINISHED:
            visit = 0


def _wanted(shown: Shown, asked: argparse.Namespace, since: datetime | None, until: datetime | None) -> bool:
    record = shown.record
    if asked.event:
        if record.event not in asked.event:
            return False
    elif record.event in _HOUSEKEEPING and not asked.json:
        return False
    if asked.by and record.fields.get("by") != asked.by:
        return False
    if asked.case and record.facts.get("case") != asked.case:
        return False
    if asked.visit and (not shown.visit or asked.visit not in ("last", str(shown.visit))):
        return False
    if since is None and until is None:
        return True
    at = moment_of(record)
    return at is not None and (since is None or at >= since) and (until is None or at < until)


def moment_of(record: Record) -> datetime | None:
    """When it was written, by the clock of then; None when it does not say."""
    try:
        at = datetime.fromisoformat(str(record.fields.get("at")))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _moment(text: str | None) -> datetime | None:
    """A time as people write it: China's, unless it says otherwise. Raises ValueError with the text."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(text) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)


def sentence(record: Record, words: Words) -> str:
    """What the record says, with the hint for its code."""
    key = f"log.event.{record.event}"
    if key not in words:
        return record.event  # of a newer version
    said = words.raw(key).format_map(
        _Facts({name: value for name, value in record.facts.items() if value != ""})
    )
    hint = f"errors.{record.facts.get('code')}.hint"
    return f"{said} → {words(hint)}" if hint in words else said


def as_json(shown: Shown, words: Words) -> dict[str, Any]:
    """The record's own fields, and what is known about it."""
    beside = {"hash": shown.record.hash, "file": shown.file, "line": shown.line, "sound": shown.record.sound}
    return {**shown.record.fields, **beside, "visit": shown.visit, "said": sentence(shown.record, words)}


def _line(shown: Shown, words: Words) -> str:
    record, at = shown.record, moment_of(shown.record)
    when = f"{at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}" if at else "?"
    by = str(record.fields.get("by"))
    who = words(f"log.process.{by}") if f"log.process.{by}" in words else by
    visit = f" ({shown.visit})" if shown.visit else ""
    return f"{when}  {record.seq:>7}  {who}{visit}  {sentence(record, words)}"
