"""What nobody else deletes, by the rules of `kiosk.retention`."""

import contextlib

from config.schema import TerminalConfig
from ground.clock import Clock
from ground.logbook import Logbook
from kiosk.retention import Deleter, Kept, delete, standing


def kept(config: TerminalConfig) -> Kept:
    """How long this terminal keeps what can be set."""
    return Kept(drafts=config.storage.drafts_days, log=config.storage.log_days)


def tidy(config: TerminalConfig, clock: Clock, logbook: Logbook) -> None:
    """Delete logs from before there was a chain, once they are old. What cannot be deleted now will be later."""
    with contextlib.suppress(OSError):
        for each in standing(config.storage.data_folder, kept(config), clock.now()):
            if each.of.name == "unchained_logs" and each.of.deleter is Deleter.CLOCK:
                delete(each, logbook)
