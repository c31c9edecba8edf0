"""`support-bundle`: what support needs to know of this terminal, to a file, a stick or the platform; and its check."""

import argparse
import hashlib
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from config.schema import TerminalConfig
from ground.clock import Clock, RealClock
from ground.durable import write_whole
from kiosk.care.tree import Tree
from kiosk.words import Words
from offline_cache.errors import BadKey, UploadError
from tools.assemble import WORDS, open_platform
from tools.bundle import archive
from tools.bundle.gather import LOG, Bundle, Gatherer, NotClean, TooLarge, note
from tools.bundle.log_part import check_chain
from tools.bundle.second_look import found_in
from tools.logs import believed, signed_by
from tools.out import complain, say, say_json
from tools.settings import BAD_INPUT, settings

_NOT_FINE: Final = 1


def run(asked: argparse.Namespace) -> int:
    """Make one, or check one. Exit 1: not sent, or not as it was made; 2: nothing was written."""
    config = settings(asked)
    if config is None:
        return BAD_INPUT
    words = Words.load(WORDS, config.language.first)
    try:
        return _check(asked, config, words) if asked.check else _make(asked, config, words, RealClock())
    except (NotClean, TooLarge) as error:
        complain(f"{error.code} {words(f'errors.{error.code}.hint')} {error}".strip())
        if asked.json:
            say_json({"ok": False, "code": error.code})
        return BAD_INPUT
    except OSError as error:
        complain(words("bundle.unwritable", what=error.strerror or type(error).__name__))
        return BAD_INPUT


def _make(asked: argparse.Namespace, config: TerminalConfig, words: Words, clock: Clock) -> int:
    if not asked.out.parent.is_dir():
        complain(words("bundle.unwritable", what=str(asked.out.parent)))
        return BAD_INPUT
    bundle = Gatherer(config, asked.config, clock, Tree(asked.machine), devices=asked.devices).bundle()
    write_whole(asked.out, bundle.content)
    code = _send(config, bundle, clock) if asked.to_backend else ""
    _noted(config, clock, bundle, "platform" if asked.to_backend and not code else "file", words)
    told: dict[str, Any] = {
        "ok": not code, "code": code, "bytes": len(bundle.content), "files": bundle.files,
        "records": bundle.records, "withheld": bundle.withheld, "sent": asked.to_backend and not code,
        "sha256": hashlib.sha256(bundle.content).hexdigest(),
    }  # fmt: skip
    if asked.json:
        say_json(told)
    else:
        facts = {"kb": len(bundle.content) // 1024, "records": bundle.records, "withheld": bundle.withheld}
        say(words("bundle.made", file=str(asked.out), **facts))
        if asked.to_backend:
            said = f"{code} {words(f'errors.{code}.hint')}" if code else words("bundle.sent")
            (complain if code else say)(said)
    return _NOT_FINE if code else 0


def _send(config: TerminalConfig, bundle: Bundle, clock: Clock) -> str:
    """ "" once the platform has it, else the code of what went wrong."""
    platform = open_platform(config, clock)
    try:
        platform.put_bundle(bundle.content)
    except UploadError as error:
        return error.code
    finally:
        platform.close()
    return ""


def _noted(config: TerminalConfig, clock: Clock, bundle: Bundle, to: str, words: Words) -> None:
    """A log that cannot be written to keeps nobody from getting help."""
    try:
        note(config, clock, bundle, to)
    except OSError as error:
        complain(words("log.unreadable", what=error.strerror or ""))


def _check(asked: argparse.Namespace, config: TerminalConfig, words: Words) -> int:
    """List, signature, chain, and the second look once more."""
    try:
        keys = believed(config, asked.key)
    except BadKey:
        complain(words("log.bad_key", said=asked.key))
        return BAD_INPUT
    told = checked(asked.out, keys)
    if asked.json:
        say_json(told)
    elif told["problems"]:
        for problem in told["problems"]:
            complain(words(f"bundle.problem.{problem}"))
    else:
        say(words("bundle.sound", records=told["log"]["records"], sealed=told["log"]["sealed"]))
    return _NOT_FINE if told["problems"] else 0


def checked(path: Path, keys: dict[str, bytes]) -> dict[str, Any]:
    """`ok`, `problems` (words `bundle.problem.…`), `log`. Raises OSError."""
    with path.open("rb") as file:
        content = file.read(archive.MOST_BYTES + 1)
    try:
        members, manifest, signature = archive.unpacked(content)
        signed = archive.signed_part(content)
    except archive.BadBundle as error:
        return {"ok": False, "problems": [str(error)], "log": {}}
    problems = []
    raw = keys.get(str(manifest.get("key")))
    if raw is None or not signed_by(raw, signed, signature):
        problems.append("signature")
    report = check_chain(members.get(LOG, b"").splitlines(), keys, signed_by)
    if report.flaws:
        problems.append("chain")
    if found_in(members):
        problems.append("personal")
    return {"ok": not problems, "problems": problems, "log": asdict(report)}
