"""`uploader`: the process that empties the outbox. It shares one SQLite file with the face, and nothing else."""

import argparse
import dataclasses
import signal
import threading

from config.schema import TerminalConfig
from ground.clock import RealClock
from ground.logbook import Event, Logbook, StreamLogbook
from offline_cache.errors import CacheError, DatabaseCorrupt
from offline_cache.platform import Platform
from offline_cache.uploader import Uploader
from tools.assemble import open_outbox, open_platform
from tools.out import complain
from tools.settings import BAD_INPUT, settings
from tools.version import VERSION


def run(asked: argparse.Namespace) -> int:
    """Deliver until told to end."""
    config = settings(asked)
    if config is None:
        return BAD_INPUT
    if config.platform.token is None:
        complain("this terminal is not enrolled yet: run_kiosk.py enrol --code CODE")
        return BAD_INPUT
    clock, stop = RealClock(), threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    platform = open_platform(config, clock)
    logbook = StreamLogbook.at(config.storage.data_folder / "log" / "uploader.jsonl", clock)
    try:
        while _deliver(config, platform, clock, logbook, stop):
            pass
    except CacheError as error:
        complain(f"{error.code} {error}")
        return 1
    finally:
        platform.close()
        logbook.close()
    return 0


def _deliver(
    config: TerminalConfig, platform: Platform, clock: RealClock, logbook: Logbook, stop: threading.Event
) -> bool:
    """Deliver until told to end; True when the database was damaged, and is to be opened anew. Raises `CacheError`.

    Damage that was met leaves a note, so the next opening checks all of it and makes it anew from the spool.
    """
    outbox = open_outbox(config, clock)
    if outbox.rebuilt is not None:
        logbook.write(Event.OUTBOX_REBUILT, **dataclasses.asdict(outbox.rebuilt))
    try:
        Uploader(outbox, platform, clock, logbook, version=VERSION).run(stop)
    except DatabaseCorrupt:
        if outbox.rebuilt is not None:  # made anew just now, and damaged again: the disk is beyond us
            raise
        return True
    finally:
        outbox.close()
    return False
