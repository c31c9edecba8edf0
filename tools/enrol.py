"""`enrol`: trade an operator's one-time code for this terminal's identity and credentials."""

import argparse

from ground.clock import RealClock
from offline_cache.errors import UploadError
from offline_cache.platform import Platform
from tools.out import complain, say
from tools.settings import BAD_INPUT, Credentials, settings


def run(asked: argparse.Namespace) -> int:
    """Enrol and keep the credentials in the data folder."""
    config = settings(asked)
    if config is None:
        return BAD_INPUT
    platform = Platform(config.platform.url, None, RealClock())
    try:
        given = platform.enrol(asked.code, config.terminal.name)
    except UploadError as error:
        complain(f"{error.code} {error}")
        return 1
    finally:
        platform.close()
    Credentials(given.terminal_id, given.token, tuple(given.recipients)).save(config.storage.data_folder)
    say(given.terminal_id)
    return 0
