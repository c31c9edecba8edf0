"""`enrol`: trade an operator's one-time code for this terminal's identity; make the key that it signs with."""

import argparse
from pathlib import Path
from tempfile import TemporaryFile

from config.schema import TerminalConfig
from ground.clock import RealClock
from ground.durable import sync_folder
from offline_cache.errors import CacheError, Unsigned, UploadError
from offline_cache.keys import FILE, TerminalKey
from offline_cache.platform import Platform
from offline_cache.replies import GivenKey
from offline_cache.signing import RequestSigner
from tools.assemble import open_platform
from tools.credentials import signing_key
from tools.out import complain, say
from tools.settings import BAD_INPUT, Credentials, settings

_PENDING = FILE + ".new"  # made and perhaps given to the platform, not yet the one that signs


def run(asked: argparse.Namespace) -> int:
    """Enrol and keep the credentials in the data folder, or change the key of an enrolled terminal."""
    config = settings(asked)
    if config is None:
        return BAD_INPUT
    folder = config.storage.data_folder
    try:  # before the code is spent: it works only once
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        complain(f"{folder}: {error.strerror}; see storage.data_folder")
        return 1
    try:
        return _renew(config, folder) if asked.renew_key else _enrol(config, folder, asked.code)
    except (UploadError, CacheError) as error:
        complain(f"{error.code} {error}")
        return 1


def _enrol(config: TerminalConfig, folder: Path, code: str) -> int:
    platform = open_platform(config, RealClock())
    try:
        say(enrol_at(platform, folder, code, config.terminal.name))
    finally:
        platform.close()
    return 0


def enrol_at(platform: Platform, folder: Path, code: str, name: str) -> str:
    """Enrol at `platform` and keep in `folder` what it gave, and the key; the terminal's id there.

    The key is on the disk before the platform hears of it, and signs once the credentials are there too. Raises
    `UploadError` and `CacheError`.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = TerminalKey.new()
    key.save(folder / _PENDING)
    given = platform.enrol(code, name, key.public)
    Credentials(given.terminal_id, given.token, given.recipients, given.publishers).save(folder)
    if given.key_id == key.key_id:
        _take_up(folder)
    else:  # a platform that knows no keys
        (folder / _PENDING).unlink()
    return given.terminal_id


def _renew(config: TerminalConfig, folder: Path) -> int:
    """A new key, given under the old one's signature. Cut short, it may be run again."""
    if config.platform.token is None:
        complain("this terminal is not enrolled yet: run_kiosk.py enrol --code CODE")
        return BAD_INPUT
    pending = TerminalKey.read(folder / _PENDING)
    new = pending or TerminalKey.new()
    if pending is None:
        new.save(folder / _PENDING)
    given = _give(config, new)
    _take_up(folder)
    held = Credentials.of(folder)
    Credentials(held.terminal_id, held.token, held.recipients, given.publishers or held.publishers).save(
        folder
    )
    say(given.key_id)
    return 0


def _give(config: TerminalConfig, new: TerminalKey) -> GivenKey:
    """Signed with the new key: right the first time, and when an earlier answer was lost; else with the old one."""
    old = signing_key(config)
    try:
        return _asked(config, new, new)
    except Unsigned:
        if old is None:
            raise
        return _asked(config, old, new)


def _asked(config: TerminalConfig, signing: TerminalKey, new: TerminalKey) -> GivenKey:
    clock = RealClock()
    platform: Platform = open_platform(config, clock, RequestSigner(signing, config.terminal.id, clock))
    try:
        return platform.give_key(new.public)
    finally:
        platform.close()


def _take_up(folder: Path) -> None:
    (folder / _PENDING).replace(folder / FILE)
    sync_folder(folder)
