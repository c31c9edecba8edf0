"""`health`: serve the health page to the local network until told to end."""

import argparse
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from config.schema import TerminalConfig
from ground.clock import Clock, RealClock
from ground.logbook import Logbook
from kiosk.care.tree import MACHINE, Tree
from kiosk.tending.entry import EntryDesk
from kiosk.tending.people import FOLDER
from kiosk.tending.tries import Tries
from kiosk.words import Words
from offline_cache.errors import CacheError
from tools.assemble import WORDS
from tools.health import certificate
from tools.health.looks import Looked
from tools.health.near import NotLocal, Place, place
from tools.health.server import WAY, Desk, HealthServer
from tools.health.sessions import Sessions
from tools.logs import open_logbook
from tools.out import complain, say
from tools.settings import BAD_INPUT, settings
from tools.watchdog import Watchdog

_LANGUAGES: Final = ("zh-Hans", "en")


def run(asked: argparse.Namespace, stop: threading.Event | None = None) -> int:
    """Serve. Exit 2: nothing is configured, or the address is not a local one; 1: it cannot be had now."""
    config = settings(asked)
    if config is None:
        return BAD_INPUT
    words, clock = Words.load(WORDS, config.language.first), RealClock()
    listen = asked.listen or config.health_view.listen
    if not listen:
        complain(words("health_view.off"))
        return BAD_INPUT
    try:
        where = place(listen)
    except NotLocal:
        complain(words("health_view.not_local", address=listen))
        return BAD_INPUT
    if stop is None:
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
    logbook = open_logbook(config, clock, "health")
    try:
        with serving(config, where, clock, logbook) as server:
            say(f"{server.desk.origin} {certificate.fingerprint(certificate.files_of(config)[0])}".strip())
            _until(stop, server, clock)
    except (OSError, CacheError) as error:
        complain(words("health_view.failed", what=str(error)))
        return 1
    finally:
        logbook.close()
    return 0


@contextmanager
def serving(
    config: TerminalConfig, where: Place, clock: Clock, logbook: Logbook, tree: Tree = MACHINE
) -> Iterator[HealthServer]:
    """The server, ready to be asked. TLS everywhere but on this machine itself. Raises OSError, `CacheError`."""
    tls = not where.loopback or config.health_view.certificate is not None
    context = certificate.context(*certificate.ready(config, where, clock)) if tls else None
    folder = config.storage.data_folder / FOLDER
    # tries of its own: whoever guesses on the network does not lock out who stands before the glass
    tries = Tries(folder / WAY, clock)
    entry = EntryDesk(folder, config.terminal.id, lambda: (), clock, logbook, tries)
    spoken = {tag: Words.load(WORDS, tag) for tag in _LANGUAGES}
    desk = Desk(where, entry, Sessions(clock), Looked(config, clock, tree), spoken, logbook, tls=tls)
    with HealthServer(desk, context) as server:
        yield server


def _until(stop: threading.Event, server: HealthServer, clock: Clock) -> None:
    watchdog = Watchdog.from_environment(clock)
    while not stop.is_set():
        watchdog.feed()
        server.handle_request()
    watchdog.stopping()
