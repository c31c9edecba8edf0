"""What this terminal proves itself with and whom it believes: key files, signer, pinned authorities."""

import os
from pathlib import Path

from config.schema import TerminalConfig
from ground.clock import Clock
from offline_cache.drafts import OwnKey
from offline_cache.errors import BadKey
from offline_cache.keys import FILE, TerminalKey
from offline_cache.signing import RequestSigner
from offline_cache.trust import Trust

OWN_KEY = "own.key"  #: file of the age key that opens cases where a platform cannot


def credentials_folder(config: TerminalConfig) -> Path:
    """Where secrets lie: what systemd hands this service (LoadCredential=), else the data folder."""
    handed = os.environ.get("CREDENTIALS_DIRECTORY")
    return Path(handed) if handed else config.storage.data_folder


def signing_key(config: TerminalConfig) -> TerminalKey | None:
    """This terminal's key: of the credentials folder, else of the data folder; None when none was made.

    Raises `BadKey`.
    """
    for folder in (credentials_folder(config), config.storage.data_folder):
        key = TerminalKey.read(folder / FILE)
        if key is not None:
            return key
    return None


def request_signer(config: TerminalConfig, clock: Clock) -> RequestSigner | None:
    """Signs this terminal's requests; None when it has no key, or one that cannot be read.

    Without it the platform refuses (U112), which every screen of the technician's shows; `doctor` says why.
    """
    try:
        key = signing_key(config)
    except BadKey:
        return None
    return None if key is None else RequestSigner(key, config.terminal.id, clock)


def trust(config: TerminalConfig) -> Trust:
    """Whose certificates are believed."""
    return Trust(config.platform.ca_file, config.platform.pins)


def own_key(config: TerminalConfig) -> OwnKey | None:
    """The age key that opens cases where the platform cannot: of the credentials folder, else of the data folder.

    None when none was made. Raises `BadRecipient`.
    """
    for folder in (credentials_folder(config), config.storage.data_folder):
        key = OwnKey.read(folder / OWN_KEY)
        if key is not None:
            return key
    return None
