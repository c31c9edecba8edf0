"""`setup …`: the wizard, and the versions of terminal.toml. Exit: 0 fine, 1 not finished or failed, 2 bad input."""

import argparse
import getpass
import os
import sys
from collections.abc import Callable

from config.history import History, Unusable
from config.load import ConfigError, load_config
from config.schema import TerminalConfig
from ground.clock import Clock, RealClock
from kiosk.setup import labels
from kiosk.setup.clone import NoClone, clone_of, format_clone, parse_clone
from kiosk.setup.draft import Premises
from kiosk.setup.held import Store
from kiosk.setup.wizard import Wizard
from kiosk.setup.workshop import Person
from kiosk.words import Words
from screens.input import regions
from tools.cli import ROOT
from tools.out import complain, say, say_json
from tools.settings import BAD_INPUT
from tools.setup.answers import Absent, NoAnswers, load_answers
from tools.setup.plain import PlainFace, Typist
from tools.setup.shop import RealShop
from tools.setup.unattended import walk
from tools.where import SHIPPED

_WORDS = ROOT / "config" / "words"
_NOT_FINE = 1


def run(asked: argparse.Namespace) -> int:
    """One of them."""
    words = Words.load(_WORDS, asked.language)
    acts: dict[str, Callable[[argparse.Namespace, Words, Clock], int]] = {
        "export": _export,
        "clone": _clone,
        "diff": _diff,
        "versions": _versions,
        "rollback": _roll_back,
        "undo": _undo,
    }
    try:
        if asked.what is not None:
            return acts[asked.what](asked, words, RealClock())
        if asked.status:
            return _status(asked, words, RealClock())
        if asked.answers is not None:
            return _unattended(asked, words, RealClock())
        return _by_hand(asked, words, RealClock())
    except ConfigError as error:
        for line in error.describe_mistakes(words.language):
            complain(line)
        return BAD_INPUT
    except OSError as error:
        complain(f"{error.filename or ''} {error.strerror or error}".strip())
        return _NOT_FINE
    except KeyboardInterrupt:
        complain(words("setup.text.stopped"))
        return _NOT_FINE


def premises_of(asked: argparse.Namespace) -> Premises:
    """Where this terminal's wizard works. Raises `ConfigError`."""
    there = asked.config if asked.config.exists() else SHIPPED
    data = load_config(there, env=os.environ).storage.data_folder
    townships = tuple(regions.below(regions.HOME))
    return Premises(asked.config, SHIPPED, data / "setup", os.environ, townships)


def wizard_of(asked: argparse.Namespace, words: Words, clock: Clock, person: Person) -> Wizard:
    """The wizard with the real workshop. Raises `ConfigError` and OSError."""
    shop = RealShop(words, clock, network=not getattr(asked, "no_network_search", False))
    return Wizard(premises_of(asked), shop, person, words, clock.now, role())


def role() -> str:
    """Whose changes they are: the system's user, never a person's name."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return str(os.getuid())


def _by_hand(asked: argparse.Namespace, words: Words, clock: Clock) -> int:
    typist = Typist(words, say, _line)
    wizard = wizard_of(asked, words, clock, typist)
    if wizard.finished and not asked.resume:
        wizard.go_to(wizard.steps[0].key)
    if not PlainFace(wizard, typist, words).run():
        return _NOT_FINE
    left = [
        step for step in wizard.steps if (one := wizard.outcome(step.key)) is None or one.result != "pass"
    ]
    if left:
        names = words("list.comma").join(labels.title(step, words) for step in left)
        say(words("setup.text.not_all", steps=names))
    say(words("setup.text.finished", path=wizard.bench.report))
    return _NOT_FINE if left else 0


def _unattended(asked: argparse.Namespace, words: Words, clock: Clock) -> int:
    try:
        file = load_answers(asked.answers)
    except NoAnswers as error:
        complain(words("setup.verb.no_answers", why=error))
        return BAD_INPUT
    begun = clock.instant()
    tell = complain if asked.json else say
    wizard = wizard_of(asked, words, clock, Absent(tell, file.saw))
    if not asked.resume:
        wizard.forget()
    ended = []
    for one in walk(wizard, file, words, clock):
        tell(f"{words(f'setup.verb.result_{one.outcome.result}')}  {labels.title(one.step, words)}")
        for line in one.problems:
            tell(f"    {line}")
        ended.append(one)
    bad_answers = any(one.outcome.code.startswith("W1") for one in ended)
    fine = wizard.finished and all(one.outcome.result in ("pass", "skipped") for one in ended)
    if asked.json:
        say_json(
            {
                "ok": fine,
                "finished": wizard.finished,
                "steps": [one.as_json() for one in ended],
                "config": str(asked.config),
                "report": str(wizard.bench.report) if wizard.finished else None,
                "seconds": round(clock.instant() - begun, 1),
            }
        )
    return 0 if fine else BAD_INPUT if bad_answers and not wizard.finished else _NOT_FINE


def _status(asked: argparse.Namespace, words: Words, clock: Clock) -> int:
    premises = premises_of(asked)
    held = Store(premises.folder).load()
    if held is None:
        if asked.json:
            say_json({"begun": False, "finished": False, "step": None, "steps": []})
        else:
            say(words("setup.verb.never"))
        return _NOT_FINE
    wizard = wizard_of(asked, words, clock, Typist(words, say, _line))
    results = [(step, wizard.outcome(step.key)) for step in wizard.steps]
    if asked.json:
        steps = [{"step": step.key, "result": one.result if one else "open"} for step, one in results]
        say_json(
            {
                "begun": True, "finished": wizard.finished, "step": wizard.step.key, "phase": wizard.phase,
                "number": wizard.number, "of": len(wizard.steps), "steps": steps, "who": held.who,
                "begun_at": held.begun_at.isoformat(),
            }
        )  # fmt: skip
    else:
        facts = {"number": wizard.number, "of": len(results), "step": labels.title(wizard.step, words)}
        say(words("setup.verb.status", **facts))
        for step, one in results:
            result = one.result if one else "open"
            say(f"{words(f'setup.verb.result_{result}')}  {labels.title(step, words)}")
    return 0 if wizard.finished else _NOT_FINE


# --- what there is beside the walk ---


def _export(asked: argparse.Namespace, words: Words, clock: Clock) -> int:
    config: TerminalConfig = load_config(asked.config, env={})
    held = Store(premises_of(asked).folder).load()
    clone = clone_of(config, load_config(SHIPPED, env={}), held.answers if held else {})
    asked.out.write_text(format_clone(clone), encoding="utf-8")
    say(words("setup.verb.exported", path=asked.out))
    return 0


def _clone(asked: argparse.Namespace, words: Words, clock: Clock) -> int:
    try:
        clone = parse_clone(asked.file.read_text(encoding="utf-8"))
    except (NoClone, UnicodeDecodeError) as error:
        complain(words("setup.verb.no_clone", path=asked.file, why=error))
        return BAD_INPUT
    wizard_of(asked, words, clock, Typist(words, say, _line)).take_over(clone)
    say(words("setup.verb.cloned"))
    return 0


def _diff(asked: argparse.Namespace, words: Words, clock: Clock) -> int:
    history = History(asked.config)
    try:
        if asked.version is None:
            told = wizard_of(asked, words, clock, Typist(words, say, _line)).draft.difference()
        else:
            told = history.diff(asked.version, asked.to)
    except LookupError as error:
        complain(words("setup.verb.no_version", number=error))
        return BAD_INPUT
    say(told or words("setup.verb.same"))
    return 0


def _versions(asked: argparse.Namespace, words: Words, clock: Clock) -> int:
    versions = History(asked.config).versions()
    if asked.json:
        say_json(
            [
                {"number": one.number, "at": one.at.isoformat(), "who": one.who, "why": one.why}
                for one in versions
            ]
        )
        return 0
    for one in versions:
        say(f"{one.number:4}  {one.at.astimezone():%Y-%m-%d %H:%M}  {one.who}  {one.why}")
    if not versions:
        say(words("setup.verb.no_versions"))
    return 0


def _roll_back(asked: argparse.Namespace, words: Words, clock: Clock) -> int:
    try:
        version = History(asked.config).roll_back(asked.version, who=role(), at=clock.now())
    except LookupError:
        complain(words("setup.verb.no_version", number=asked.version))
        return BAD_INPUT
    except Unusable as error:
        for mistake in error.mistakes:
            complain(mistake.said(words.language))
        return BAD_INPUT
    say(words("setup.verb.rolled_back", number=asked.version, new=version.number))
    return 0


def _undo(asked: argparse.Namespace, words: Words, clock: Clock) -> int:
    wizard = wizard_of(asked, words, clock, Typist(words, say, _line))
    try:
        wizard.undo(asked.step)
    except LookupError:
        complain(words("setup.verb.no_step", step=asked.step))
        return BAD_INPUT
    say(words("setup.verb.undone", step=labels.title(wizard.step, words)))
    return 0


def _line() -> str | None:
    line = sys.stdin.readline()
    return line.rstrip("\r\n") if line else None
