"""`uploader`: the process that empties the outbox. It shares one SQLite file with the face, and nothing else."""

import argparse
import signal
import threading

from ground.clock import RealClock
from ground.logbook import StreamLogbook
from offline_cache.errors import CacheError
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
    try:
        outbox = open_outbox(config, clock)
    except CacheError as error:
        complain(f"{error.code} {error}")
        return 1
    platform = open_platform(config, clock)
    logbook = StreamLogbook.at(config.storage.data_folder / "log" / "uploader.jsonl", clock)
    try:
        Uploader(outbox, platform, clock, logbook, version=VERSION).run(stop)
    finally:
        platform.close()
        outbox.close()
        logbook.close()
    return 0
