"""`version`: what runs here, signed, as text or QR code; a release's list of files; and the check of either."""

import argparse
import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import qrcode
from qrcode.constants import ERROR_CORRECT_M

from config.schema import TerminalConfig
from ground.clock import Clock, RealClock
from kiosk.running import (
    NoStatement,
    Statement,
    code_files,
    config_files,
    differences,
    digest,
    packages,
    parse,
    signed_text,
)
from kiosk.words import Words
from offline_cache.errors import BadKey
from offline_cache.keys import PublicKey, TerminalKey
from tools.assemble import WORDS
from tools.cli import ROOT
from tools.credentials import signing_key
from tools.downloads import SETTINGS_FILE, downloads_of
from tools.locked import Locked, locked
from tools.out import complain, say, say_json
from tools.release.tree import Tree
from tools.settings import BAD_INPUT, settings
from tools.version import VERSION

_NOT_FINE = 1
_PICTURES = (".png", ".jpg", ".jpeg")
_AHEAD = timedelta(minutes=10)  # a terminal's clock may be a little fast


@dataclass(frozen=True, slots=True)
class Release:
    """The list of files that a release consists of, written where it was built."""

    version: str
    code: str
    files: Mapping[str, str]

    @classmethod
    def read(cls, path: Path) -> "Release":
        """Raises OSError and ValueError."""
        told = json.loads(path.read_bytes())
        try:
            release = cls(str(told["version"]), str(told["code"]), dict(told["files"]))
        except (KeyError, TypeError) as error:
            raise ValueError("no list of a release") from error
        if digest(release.files) != release.code:
            raise ValueError("the list and its digest differ")
        return release


def run(asked: argparse.Namespace) -> int:
    """Say what runs here, or check what a terminal said."""
    config = settings(asked)
    if config is None:
        return BAD_INPUT
    words = Words.load(WORDS, config.language.first)
    try:
        if asked.check:
            return _check(asked, config, words, RealClock())
        if asked.manifest:
            return _manifest(asked)
        return _say(asked, config, words, RealClock())
    except (OSError, ValueError) as error:
        complain(words("version.unreadable", what=str(error)))
        return BAD_INPUT


def statement_of(
    config: TerminalConfig, asked_config: Path, clock: Clock, key: TerminalKey | None
) -> Statement:
    """What runs here and now. Raises OSError."""
    held = downloads_of(config).held("config")
    others = [asked_config] + ([held.folder / SETTINGS_FILE] if held else [])
    return Statement(
        terminal=config.terminal.id,
        version=VERSION,
        code=digest(code_files(ROOT)),
        config=digest(config_files(ROOT, others)),
        packages=digest(packages()),
        at=clock.now().isoformat(timespec="seconds"),
        key=key.key_id if key else "",
    )


def unlocked(lock: Sequence[Locked], installed: Mapping[str, str]) -> list[str]:
    """Packages that are installed in another version than the lock's. What the lock does not name is let be."""
    here = {each.name: each.version for each in lock if each.here}
    return sorted(
        f"{name} {installed[name]} (lock: {version})"
        for name, version in here.items()
        if name in installed and installed[name] != version
    )


def _say(asked: argparse.Namespace, config: TerminalConfig, words: Words, clock: Clock) -> int:
    try:
        key = signing_key(config)
    except BadKey:
        key = None
    statement = statement_of(config, asked.config, clock, key)
    text = signed_text(statement, key) if key else ""
    changed = list(differences(code_files(ROOT), Release.read(asked.against).files)) if asked.against else []
    others = unlocked(locked(), packages())
    trial = Tree(config.release.folder).ledger().trial
    candidate = trial.version if trial else ""
    if asked.qr:
        if not text:
            complain(words("version.no_key"))
            return _NOT_FINE
        _draw(text, asked.qr)
    if asked.json:
        beside = {"signed": bool(text), "statement": text, "unlocked": others, "on_trial": candidate}
        say_json(
            asdict(statement) | beside | {"changed": [{"how": how, "file": file} for how, file in changed]}
        )
    else:
        for name, value in asdict(statement).items():
            say(f"{name:10}{value or '-'}")
        if candidate:
            say(f"{'on trial':10}{candidate}")
        for how, file in changed:
            say(f"{words(f'version.{how}')}  {file}")
        for other in others:
            complain(words("version.unlocked", what=other))
        if not text:
            complain(words("version.no_key"))
    return _NOT_FINE if changed else 0


def _draw(text: str, path: Path) -> None:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=4)
    code.add_data(text)
    code.make(fit=True)
    code.make_image().save(str(path))


def _manifest(asked: argparse.Namespace) -> int:
    """The list of this installation's files, to be kept with a release."""
    files = code_files(ROOT)
    code = digest(files)
    told = {"version": VERSION, "code": code, "files": dict(sorted(files.items()))}
    asked.manifest.write_text(json.dumps(told, indent=1) + "\n", encoding="ascii")
    say(code)
    return 0


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether a statement holds. `problems`: keys of `version.problem`."""

    statement: Statement
    problems: tuple[str, ...]


def checked(
    text: str, key: PublicKey, now: datetime, most_age: timedelta | None, release: Release | None
) -> Checked:
    """A statement held against a terminal's public key, the time and a release. Raises `NoStatement`."""
    statement, content, signature = parse(text)
    problems = []
    if not key.signed(content, signature):
        problems.append("signature")
    try:
        at = datetime.fromisoformat(statement.at)
        age = now - at
    except (ValueError, TypeError):
        problems.append("time")
    else:
        if age < -_AHEAD or (most_age is not None and age > most_age):
            problems.append("time")
    if release is not None and (statement.code, statement.version) != (release.code, release.version):
        problems.append("code")
    return Checked(statement, tuple(problems))


def _check(asked: argparse.Namespace, config: TerminalConfig, words: Words, clock: Clock) -> int:
    key = _key(asked.key, config)
    if key is None:
        complain(words("version.which_key"))
        return BAD_INPUT
    most_age = timedelta(minutes=asked.max_age_min) if asked.max_age_min else None
    release = Release.read(asked.against) if asked.against else None
    try:
        found = checked(_text(asked.check), key, clock.now(), most_age, release)
    except NoStatement as error:
        complain(words("version.no_statement", why=str(error)))
        return BAD_INPUT
    if asked.json:
        say_json({"ok": not found.problems, "problems": list(found.problems)} | asdict(found.statement))
    else:
        for name, value in asdict(found.statement).items():
            say(f"{name:10}{value or '-'}")
        for problem in found.problems:
            complain(words(f"version.problem.{problem}"))
        if not found.problems:
            complain(words("version.holds"))
    return _NOT_FINE if found.problems else 0


def _key(given: str | None, config: TerminalConfig) -> PublicKey | None:
    try:
        if given:
            return PublicKey.parse(given)
        own: Any = signing_key(config)
    except BadKey:
        return None
    return PublicKey(base64.b64decode(own.public)) if own else None


def _text(asked: str) -> str:
    """What a QR code said: the text itself, a file of it, or a picture of the code. Raises OSError, `NoStatement`."""
    path = Path(asked)
    if asked.startswith("TTSV1:"):
        return asked
    if path.suffix.lower() in _PICTURES:
        return _pictured(path)
    return path.read_bytes()[:8192].decode("ascii", "replace")


def _pictured(path: Path) -> str:
    from kiosk.capture.codes import find_codes
    from tools.codes import NoPicture, picture

    try:
        codes = find_codes(picture(path), every=True)
    except NoPicture as error:
        raise NoStatement(str(error)) from error
    return next((code.text for code in codes if code.text.startswith("TTSV1:")), "")
