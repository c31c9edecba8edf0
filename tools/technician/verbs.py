"""`devices suggest|probe|watch|test|report|record|replay`: reads arguments, asks the person, says what came out."""

import argparse
import json
import sys
from collections.abc import Callable

from pydantic import ValidationError

from config.schema import TerminalConfig
from devices.wire.tape import TapeError, load_tape
from ground.clock import Clock, RealClock
from kiosk.words import Words
from tools.assemble import WORDS
from tools.fonts import placed
from tools.out import complain, say, say_json
from tools.settings import BAD_INPUT, settings
from tools.technician import trials
from tools.technician.discovery import ipp_printers, scanners
from tools.technician.fitted import NotFitted, fitted, named
from tools.technician.machine import Machine
from tools.technician.probe import probe
from tools.technician.record import NotRecorded, recorded, write_tape
from tools.technician.replay import replayed
from tools.technician.report import rows, write_report
from tools.technician.suggest import suggestions
from tools.technician.trial import Trial, tried
from tools.technician.watch import line, statuses

NOT_FINE = 1


def run(asked: argparse.Namespace) -> int:
    """One of the seven. Exit codes: 0 fine, 1 the device is not, 2 bad input."""
    clock = RealClock()
    if asked.what == "suggest":
        return _suggest(asked, clock)
    if asked.what == "replay":
        return _replay(asked)
    config = settings(asked)
    if config is None:
        return BAD_INPUT
    words = Words.load(WORDS, config.language.first)
    verb: Callable[[argparse.Namespace, TerminalConfig, Words, Clock], int] = {
        "probe": _probe,
        "watch": _watch,
        "test": _test,
        "report": _report,
        "record": _record,
    }[asked.what]
    try:
        return verb(asked, config, words, clock)
    except NotFitted as error:
        complain(str(error))
        return BAD_INPUT
    except KeyboardInterrupt:
        return 0 if asked.what == "watch" else NOT_FINE  # a test that was broken off did not pass
    except OSError as error:
        complain(f"{error.filename or ''} {error.strerror or error}".strip())
        return BAD_INPUT


def _suggest(asked: argparse.Namespace, clock: Clock) -> int:
    words = Words.load(WORDS, "zh-Hans")
    found = suggestions(
        Machine(), clock, ask=asked.ask, ipp_printers=lambda: ipp_printers(clock), scanners=scanners
    )
    if asked.json:
        say_json(
            [
                {
                    "kind": one.kind,
                    "driver": one.driver,
                    "url": one.url,
                    "confidence": one.confidence,
                    "reason": words(f"suggest.reason.{one.reason}"),
                    "label": one.label,
                    "toml": one.toml(),
                }
                for one in found
            ]
        )
        return 0
    for one in found:
        why = words(f"suggest.reason.{one.reason}")
        label = f" · {one.label}" if one.label else ""
        say(f"# {words(f'suggest.{one.confidence}')}: {why}{label}\n{one.toml()}\n")
    if not found:
        complain(words("suggest.nothing"))
    return 0 if found else NOT_FINE


def _probe(asked: argparse.Namespace, config: TerminalConfig, words: Words, clock: Clock) -> int:
    name, of_device = named(config, asked.name)
    found = probe(name, of_device, words, clock)
    if asked.json:
        say_json(found.as_json())
    else:
        for key, value in found.as_json().items():
            say(f"{key:14}{value if value not in (None, '', {}) else '–'}")
    return 0 if found.fine else NOT_FINE


def _watch(asked: argparse.Namespace, config: TerminalConfig, words: Words, clock: Clock) -> int:
    _, of_device = named(config, asked.name)
    until = clock.after(asked.seconds) if asked.seconds else None
    before = ""
    for status, code in statuses(of_device, clock, lambda: until is None or not clock.due(until)):
        now = line(status, code, words)
        if now != before:
            say(f"{clock.now().astimezone():%H:%M:%S}  {now}")
            before = now
    return 0


def _test(asked: argparse.Namespace, config: TerminalConfig, words: Words, clock: Clock) -> int:
    names = [named(config, name) for name in asked.name] or list(fitted(config).items())
    results = []
    for name, of_device in names:
        say(f"== {words(f'trial.kind.{name}')}")
        trial = tried(name, of_device, words, clock, say, _passed(asked.answer, words))
        trials.keep(config.storage.data_folder, trial)
        say(words(f"report.result_{trial.result}"))
        results.append(trial.result)
    return 0 if set(results) <= {"pass"} else NOT_FINE


def _passed(answer: str | None, words: Words) -> Callable[[str], bool]:
    """Asks at the keyboard; `--answer` answers for scripts."""

    def ask(question: str) -> bool:
        if answer is not None:
            say(f"{question} {answer}")
            return answer == "pass"
        say(f"{question} [y/n]")
        return sys.stdin.readline().strip().lower() in ("y", "yes", "是", "好")

    return ask


def _report(asked: argparse.Namespace, config: TerminalConfig, words: Words, clock: Clock) -> int:
    last: dict[str, Trial] = trials.latest(config.storage.data_folder)
    listed = rows(fitted(config), last)
    write_report(asked.out, config, listed, words, clock.now(), placed(config.face.fonts_folder))
    say(str(asked.out))
    return 0


def _record(asked: argparse.Namespace, config: TerminalConfig, words: Words, clock: Clock) -> int:
    name, of_device = named(config, asked.name)
    try:
        tape, trial = recorded(
            name, of_device, words, clock, say, _passed(asked.answer, words), test_media=asked.test_media
        )
    except NotRecorded as error:
        complain(words(f"record.{error}"))
        return BAD_INPUT
    write_tape(asked.tape, tape)
    say(f"{asked.tape}  {len(tape.entries)}")
    return 0 if trial.result == "pass" else NOT_FINE


def _replay(asked: argparse.Namespace) -> int:
    try:
        told = replayed(load_tape(asked.tape), Words.load(WORDS, "zh-Hans"))
    except (OSError, TapeError, KeyError, ValidationError) as error:
        complain(f"{asked.tape}: {error}")
        return BAD_INPUT
    say(json.dumps(told, ensure_ascii=False, indent=1))
    return NOT_FINE if told["strayed"] else 0
