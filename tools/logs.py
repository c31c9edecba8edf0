"""The event log of this terminal: where it lies, who writes, and whose keys seal it."""

import base64
from pathlib import Path
from typing import Any

from config.schema import TerminalConfig
from ground.clock import Clock
from ground.log.book import ChainedLogbook
from ground.log.chain import Signer
from ground.log.files import LogFile, Rules
from ground.log.head import read_head
from offline_cache.errors import BadKey
from offline_cache.keys import PublicKey
from tools.credentials import signing_key

FOLDER = "log"
_MB = 1024 * 1024


def log_folder(config: TerminalConfig) -> Path:
    """Where the log lies."""
    return config.storage.data_folder / FOLDER


def open_logbook(config: TerminalConfig, clock: Clock, by: str) -> ChainedLogbook:
    """The logbook of process `by` (face, uploader …). Raises OSError when the folder cannot be made."""
    return ChainedLogbook(
        log_folder(config), clock, by, config.terminal.id, lambda: sealing_key(config), rules_of(config)
    )


def rules_of(config: TerminalConfig) -> Rules:
    """How much of the log is kept."""
    kept = config.storage
    hashes = "sm3" if config.security.suite == "sm" else kept.log_hash
    return Rules(kept.log_file_mb * _MB, kept.log_days, kept.log_most_mb * _MB, hashes)


def sealing_key(config: TerminalConfig) -> Signer | None:
    """The terminal's key as it is now; None when there is none, or it cannot be read (`doctor` says so)."""
    try:
        return signing_key(config)
    except BadKey:
        return None


def signed_by(raw: bytes, content: bytes, signature: bytes) -> bool:
    """Whether `signature` is that of the raw public key under `content`."""
    try:
        return PublicKey(raw).signed(content, signature)
    except BadKey:
        return False


def believed(config: TerminalConfig, given: str = "") -> dict[str, bytes]:
    """The public key that was `given`, else this terminal's own, by its id; empty when it has none. Raises `BadKey`."""
    if given:
        public = PublicKey.parse(given)
        return {public.key_id: public.raw}
    key = sealing_key(config)
    return {} if key is None else {key.key_id: base64.b64decode(key.public)}


def log_end(config: TerminalConfig) -> dict[str, Any] | None:
    """The log's last seal, for the heartbeat: the platform notices when it goes back. None while nothing is sealed."""
    try:
        head = read_head(log_folder(config))
    except OSError:
        return None
    if head is None or not head.sealed_hash:
        return None
    return {"seq": head.sealed, "hash": head.sealed_hash, "key": head.key}


def as_file(path: Path) -> LogFile:
    """A whole file of lines. Raises OSError."""
    return LogFile(path.name, path, path.stat().st_size)
