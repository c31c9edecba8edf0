"""`enrol`: trade an operator's one-time code for this terminal's identity and credentials."""

import argparse
from tempfile import TemporaryFile

from ground.clock import RealClock
from offline_cache.errors import UploadError
from tools.assemble import open_platform
from tools.out import complain, say
from tools.settings import BAD_INPUT, Credentials, settings


def run(asked: argparse.Namespace) -> int:
    """Enrol and keep the credentials in the data folder."""
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
    platform = open_platform(config, RealClock())
    try:
        given = platform.enrol(asked.code, config.terminal.name)
    except UploadError as error:
        complain(f"{error.code} {error}")
        return 1
    finally:
        platform.close()
    Credentials(given.terminal_id, given.token, tuple(given.recipients)).save(folder)
    say(given.terminal_id)
    return 0
