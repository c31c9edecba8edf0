"""`log verify` and `log export`: whether anybody changed the event log, and its way to an auditor."""

import argparse
import base64
import dataclasses
import os
from pathlib import Path
from typing import Any

from config.schema import TerminalConfig
from ground.clock import Clock, RealClock
from ground.log.chain import LogChain
from ground.log.check import Check
from ground.log.export import (
    ExportFailed,
    Statement,
    export,
    exported_until,
    is_its_file,
    keep_exported,
    read_statement,
)
from ground.log.files import LogFile
from ground.log.flaws import Code, Flaw, Report
from ground.log.head import first_of, this_boot
from ground.log.reading import records, standing
from ground.logbook import Event
from kiosk.words import Words
from offline_cache.errors import BadKey
from tools.assemble import WORDS
from tools.log_show import show
from tools.logs import as_file, believed, log_folder, rules_of, sealing_key, signed_by
from tools.out import complain, say, say_json
from tools.settings import BAD_INPUT, settings

_FLAWED = 2  # the contract: anything wrong with the log
_MOST_LINES = 50


def run(asked: argparse.Namespace) -> int:
    """One of verify, export, show."""
    config = settings(asked)
    if config is None:
        return BAD_INPUT
    words = Words.load(WORDS, config.language.first)
    try:
        match asked.what:
            case "verify":
                return _verify(asked, config, words)
            case "export":
                return _export(asked, config, words, RealClock())
            case _:
                return show(asked, config, words)
    except OSError as error:
        complain(words("log.unreadable", what=f"{error.filename or ''} {error.strerror}"))
        return BAD_INPUT
    except ValueError as error:  # chained with an algorithm that this machine lacks
        complain(words("log.unreadable", what=str(error)))
        return BAD_INPUT


def _verify(asked: argparse.Namespace, config: TerminalConfig, words: Words) -> int:
    try:
        keys = believed(config, asked.key)
    except BadKey:
        complain(words("log.bad_key", said=asked.key))
        return BAD_INPUT
    if asked.exports:
        report = check_exports(asked.exports, keys)
    else:
        report = check_log(config, keys, asked.against)
    if asked.json:
        say_json(as_json(report, words))
    else:
        _tell(report, words)
    return 0 if report.ok else _FLAWED


def check_log(config: TerminalConfig, keys: dict[str, bytes], against: list[Path]) -> Report:
    """The terminal's own log, held against the last export that it remembers and those in `against`. Raises OSError."""
    folder = log_folder(config)
    files, head = standing(folder) if folder.is_dir() else ([], None)
    last, known = exported_until(folder)
    anchors = {last: known} if last else {}
    flaws: list[Flaw] = []
    for path in against:
        statement = _statement(path, keys, flaws)
        if statement is not None:
            anchors[statement.last] = statement.hash
    check = Check(
        files, head, keys, signed_by, terminal=config.terminal.id, boot=this_boot(), anchors=anchors
    )
    report = check.run()
    report.flaws += flaws
    return report


def check_exports(paths: list[Path], keys: dict[str, bytes]) -> Report:
    """Exports, each for itself and all in a row. The report is that of the last one, with everybody's flaws."""
    flaws: list[Flaw] = []
    stated = [(path, statement) for path in paths if (statement := _statement(path, keys, flaws))]
    report, records, due = Report(), 0, ("", 0, "")
    for path, statement in sorted(stated, key=lambda each: (each[1].terminal, each[1].first)):
        if due[0] == statement.terminal and due[1:] != (statement.first, statement.before):
            flaws.append(Flaw(Code.GAP, path.name, 0, due[1], "an export is missing between"))
        since = (statement.first - 1, statement.before)
        report = Check([as_file(path)], None, keys, signed_by, terminal=statement.terminal, since=since).run()
        flaws += report.flaws
        records += report.records
        if (report.last, report.hash) != (statement.last, statement.hash):
            flaws.append(Flaw(Code.DIFFERS, path.name, 0, statement.last, "it ends with another record"))
        due = (statement.terminal, statement.last + 1, statement.hash)
    report.flaws, report.records, report.files = flaws, records, len(paths)
    report.first = min((statement.first for _, statement in stated), default=0)
    return report


def _statement(path: Path, keys: dict[str, bytes], flaws: list[Flaw]) -> Statement | None:
    """What an export says of itself, when that can be believed."""
    try:
        statement = read_statement(path)
        whole = is_its_file(statement, path)
    except ValueError:
        flaws.append(Flaw(Code.DIFFERS, path.name, 0, 0, "no statement"))
        return None
    if not whole:
        flaws.append(Flaw(Code.EDITED, path.name, 0, 0, "the file is not the one that was signed"))
    if keys:
        raw = keys.get(statement.key)
        if raw is None:
            flaws.append(Flaw(Code.FOREIGN, path.name, 0, 0, f"key {statement.key or 'none'}"))
        elif not signed_by(raw, statement.content(), _decoded(statement.signature)):
            flaws.append(Flaw(Code.BAD_SEAL, path.name, 0, 0, "the statement's signature"))
    return statement


def _decoded(signature: str) -> bytes:
    try:
        return base64.b64decode(signature, validate=True)
    except ValueError:
        return b""


def as_json(report: Report, words: Words) -> dict[str, Any]:
    """`ok`, figures, `flaws` and `notes`, each with its sentence."""
    told = dataclasses.asdict(report)
    for flaw in told["flaws"]:
        flaw["code"] = flaw["code"].value
        flaw["hint"] = words(f"log.flaw.{flaw['code']}")
    for note in told["notes"]:
        note["notice"] = note["notice"].value
        note["hint"] = words(f"log.note.{note['notice']}", count=note["count"])
    return {"ok": report.ok} | told


def _tell(report: Report, words: Words) -> None:
    for note in report.notes:
        place = words("log.place", file=note.file, line=note.line, seq=note.seq)
        say(f"-     {place}  {words(f'log.note.{note.notice.value}', count=note.count)}")
    for flaw in report.flaws[:_MOST_LINES]:
        place = words("log.place", file=flaw.file, line=flaw.line, seq=flaw.seq)
        say(f"{flaw.code.value}  {place}  {words(f'log.flaw.{flaw.code.value}')} ({flaw.said})")
    if len(report.flaws) > _MOST_LINES:
        say(words("log.more", count=len(report.flaws) - _MOST_LINES))
    if report.flaws:
        complain(words("log.flawed", count=len(report.flaws)))
    elif not report.records:
        complain(words("log.none"))
    else:
        facts = {name: getattr(report, name) for name in ("files", "records", "first", "last", "sealed")}
        complain(words("log.sound", **facts))


def _export(asked: argparse.Namespace, config: TerminalConfig, words: Words, clock: Clock) -> int:
    if not asked.folder.is_dir() or not os.access(asked.folder, os.W_OK):
        complain(words("log.no_folder", folder=str(asked.folder)))
        return BAD_INPUT
    key, folder = sealing_key(config), log_folder(config)
    chain = LogChain(folder, clock, "technician", config.terminal.id, lambda: key, rules_of(config))
    chain.seal()
    files, head = standing(folder)
    last = head.seq if head else 0
    since = asked.since if asked.since is not None else exported_until(folder)[0] + 1
    first = max(since, _first_there(files))
    if not _anything_new(files, first):
        complain(words("log.nothing_new"))
        return 0
    try:
        path, statement = export(
            files, (first, last), asked.folder, config.terminal.id, clock.now().isoformat(), key
        )
    except (ExportFailed, OSError):
        complain(words("log.stick_failed"))
        return 1
    keep_exported(folder, statement)
    chain.append([chain.entry(Event.LOG_EXPORTED, {"first": first, "last": last})])
    chain.seal()
    if asked.json:
        say_json({"file": str(path), "signed": bool(statement.signature), **dataclasses.asdict(statement)})
    else:
        say(words("log.exported", first=first, last=last, file=str(path)))
    if key is None:
        complain(words("log.no_key"))
    return 0


def _anything_new(files: list[LogFile], first: int) -> bool:
    """More than that an export was made."""
    own = (Event.LOG_EXPORTED, Event.LOG_SEALED)
    return any(record.seq >= first and record.event not in own for _, _, record in records(files))


def _first_there(files: list[LogFile]) -> int:
    """The number that the oldest file is named after."""
    return first_of(files[0].name) if files else 1
