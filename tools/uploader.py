"""`uploader`: the process that empties the outbox. It shares one SQLite file with the face, and nothing else."""

import argparse
import contextlib
import dataclasses
import os
import random
import signal
import sys
import threading
from collections.abc import Callable, Iterator

from config.schema import TerminalConfig
from ground.clock import Clock, RealClock
from ground.logbook import Event, Fact, Logbook
from kiosk.care.desk import UPLOADER
from kiosk.care.guard import Guard
from kiosk.care.tree import MACHINE, Tree
from kiosk.journey.show import CHINA
from kiosk.renewal import Reason
from offline_cache.clockcheck import ClockCheck
from offline_cache.errors import CacheError, DatabaseCorrupt
from offline_cache.items import LinkState
from offline_cache.platform import Platform
from tools.assemble import open_outbox, open_platform
from tools.care import care_folder
from tools.delivery import pace_of, uploader_of
from tools.downloads import Refresher, checks, downloads_of
from tools.logs import open_logbook
from tools.out import complain
from tools.release.mark import Marker
from tools.settings import BAD_INPUT, settings
from tools.watchdog import Watchdog

_OPEN = (LinkState.UP.value, LinkState.LIMITED.value)


def run(asked: argparse.Namespace, clock: Clock | None = None) -> int:
    """Deliver until told to end. `clock`: another than the machine's, for a soak."""
    config = settings(asked)
    if config is None:
        return BAD_INPUT
    if config.platform.token is None:
        complain("this terminal is not enrolled yet: run_kiosk.py enrol --code CODE")
        return BAD_INPUT
    clock, stop = clock or RealClock(), threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    check = ClockCheck(clock)
    platform = open_platform(config, clock, pace=pace_of(config, clock, check))
    written = open_logbook(config, clock, "uploader")
    mark = Marker(config.storage.data_folder, "uploader", clock)
    logbook = _Marked(written, mark)
    watchdog = Watchdog.from_environment(clock)
    grown: list[Reason] = []
    alive = gets_on(config, clock, logbook, watchdog, stop, grown)
    try:
        with _refreshing(asked, config, clock, logbook, stop):
            while _deliver(config, platform, clock, check, logbook, alive, stop):
                pass
    except CacheError as error:
        complain(f"{error.code} {error}")
        return 1
    finally:
        if not grown:  # never before it renews itself: systemd would take that for its end
            watchdog.stopping()
        platform.close()
        written.close()
        if stop.is_set():
            mark.ended()
    if grown:  # a claim that was given up is void with its process, so nothing waits for it
        os.execv(sys.executable, sys.orig_argv)
    return 0


def gets_on(
    config: TerminalConfig,
    clock: Clock,
    logbook: Logbook,
    watchdog: Watchdog,
    stop: threading.Event,
    grown: list[Reason],
    tree: Tree = MACHINE,
) -> Callable[[], None]:
    """What is called whenever the uploader gets on. Too big, it notes why in `grown`, and stops."""

    def fresh(reason: Reason) -> None:
        grown.append(reason)
        stop.set()

    guard = Guard(care_folder(config) / UPLOADER, config.care, clock, logbook, fresh, tree)

    def alive() -> None:
        watchdog.feed()
        guard.look()

    return alive


class _Marked:
    """The logbook, and the mark once the link is up: a release on trial must have spoken with the platform."""

    def __init__(self, logbook: Logbook, mark: Marker) -> None:
        self._logbook, self._mark = logbook, mark

    def write(self, event: Event, **facts: Fact) -> None:
        """See `Logbook`."""
        self._logbook.write(event, **facts)
        if event is Event.LINK_CHANGED and facts["link"] in _OPEN:
            self._mark.at_work()


@contextlib.contextmanager
def _refreshing(
    asked: argparse.Namespace,
    config: TerminalConfig,
    clock: Clock,
    logbook: Logbook,
    stop: threading.Event,
) -> Iterator[None]:
    """Beside the delivery, fetch what the platform hands out, on a thread and over a link of its own."""
    if not config.platform.publishers:  # nobody whose signature would count
        yield
        return
    platform = open_platform(config, clock)
    today = clock.now().astimezone(CHINA).date()
    checked = checks(asked.config, asked.profile, today)
    refresher = Refresher(platform, downloads_of(config), checked, logbook, random.Random())
    thread = threading.Thread(target=refresher.run, args=(stop,), name="downloads")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        platform.abort()
        thread.join()
        platform.close()


def _deliver(
    config: TerminalConfig,
    platform: Platform,
    clock: Clock,
    check: ClockCheck,
    logbook: Logbook,
    alive: Callable[[], None],
    stop: threading.Event,
) -> bool:
    """Deliver until told to end; True when the database was damaged, and is to be opened anew. Raises `CacheError`.

    Damage that was met leaves a note, so the next opening checks all of it and makes it anew from the spool.
    """
    outbox = open_outbox(config, clock, to_deliver=True)
    if outbox.rebuilt is not None:
        logbook.write(Event.OUTBOX_REBUILT, **dataclasses.asdict(outbox.rebuilt))
    try:
        uploader_of(config, outbox, platform, clock, logbook, check, alive).run(stop)
    except DatabaseCorrupt:
        if outbox.rebuilt is not None:  # made anew just now, and damaged again: the disk is beyond us
            raise
        return True
    finally:
        outbox.close()
    return False
