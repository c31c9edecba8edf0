"""What nobody else deletes, by the rules of `kiosk.retention`."""

import contextlib

from config.schema import TerminalConfig
from ground.clock import Clock
from ground.logbook import Logbook
from kiosk.retention import CLASSES, Kept, delete, standing_of

_OURS = "unchained_logs"  # every other class has a cleaner of its own


def kept(config: TerminalConfig) -> Kept:
    """How long this terminal keeps what can be set."""
    return Kept(drafts=config.storage.drafts_days, log=config.storage.log_days)


def tidy(config: TerminalConfig, clock: Clock, logbook: Logbook) -> None:
    """Delete logs from before there was a chain, once they are old. What cannot be deleted now will be later."""
    with contextlib.suppress(OSError):
        for of in CLASSES:
            if of.name == _OURS:
                delete(standing_of(of, config.storage.data_folder, kept(config), clock.now()), logbook)
