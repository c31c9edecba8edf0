"""`uploader`: the process that empties the outbox. It shares one SQLite file with the face, and nothing else."""

import argparse
import signal
import threading

from ground.clock import RealClock
from ground.logbook import StreamLogbook
from offline_cache.link import Timeouts
from offline_cache.platform import Platform
from offline_cache.uploader import Uploader
from tools.assemble import open_outbox
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
    outbox = open_outbox(config, clock)
    timeouts = Timeouts(
        connect_s=config.platform.connect_timeout_s,
        read_s=config.platform.read_timeout_s,
        reply_s=config.platform.reply_timeout_s,
    )
    platform = Platform(
        config.platform.url, config.platform.token.get_secret_value(), clock, timeouts=timeouts
    )
    logbook = StreamLogbook.at(config.storage.data_folder / "log" / "uploader.jsonl", clock)
    try:
        Uploader(outbox, platform, clock, logbook, version=VERSION).run(stop)
    finally:
        platform.close()
        outbox.close()
        logbook.close()
    return 0
