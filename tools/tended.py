"""Puts together what lets somebody look after the terminal on its glass."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from config.load import ConfigError
from config.schema import TerminalConfig
from devices.errors import DeviceError
from ground.clock import Clock
from ground.logbook import Logbook
from kiosk.device_stage import Workers
from kiosk.health import Health
from kiosk.journey import events as ev
from kiosk.journey.journey import Journey
from kiosk.journey.show import Show
from kiosk.journey.tended import TendedJourney
from kiosk.journey.training import TrainingJourney
from kiosk.journey.visit import Visit
from kiosk.tending.bench import Bench
from kiosk.tending.desk import Keys, TendingDesk
from kiosk.tending.entry import EntryDesk
from kiosk.tending.people import FOLDER
from kiosk.tending.tending import Tending
from kiosk.words import Words
from kiosk.workers import Worker
from offline_cache.errors import BadKey, CacheError, UploadError
from offline_cache.keys import PublicKey
from tools.version import VERSION

PRACTICE = "training"  #: what a training makes, in the data folder
MARK = "KIOSK_TRAINING"  #: in the environment of a face that is for training
#: what looking and testing may fail of; the bench stays as it is
_ERRORS = (DeviceError, CacheError, UploadError, ConfigError, OSError)


@dataclass(frozen=True, slots=True)
class Around:
    """What of the terminal is shared."""

    config: TerminalConfig
    workers: Workers
    words: Words
    clock: Clock
    logbook: Logbook
    post: Callable[[ev.WorldEvent], None]
    train: Callable[[], None]  #: begins training, and in one ends it
    training: bool = False
    renew: Callable[[], None] = lambda: None  #: a fresh face is wanted, once nobody is here


def bench_worker(build: Callable[[], Bench], clock: Clock, health: Health, logbook: Logbook) -> Worker[Bench]:
    """The thread on which a technician's tests and pages are made; it reads in what that takes when one comes."""
    return Worker(
        "bench",
        at_once=False,
        start=build,
        stop=lambda _: None,
        errors=_ERRORS,
        refusals=_ERRORS,
        clock=clock,
        health=health,
        logbook=logbook,
    )


def operators(config: TerminalConfig) -> tuple[PublicKey, ...]:
    """Whose signature makes a pass; a key that is none is left out, `config check` has named it."""
    found = []
    for text in config.tending.operators:
        try:
            found.append(PublicKey.parse(text))
        except BadKey:
            continue
    return tuple(found)


def entry_desk(config: TerminalConfig, clock: Clock, logbook: Logbook) -> EntryDesk:
    """The door of this terminal."""
    folder = config.storage.data_folder / FOLDER
    return EntryDesk(folder, config.terminal.id, lambda: operators(config), clock, logbook)


def tended_journey(around: Around, visit: Visit, show: Show) -> Journey:
    """The journey of a terminal that can be looked after (without a bench nobody can), or of a training."""
    workers, config = around.workers, around.config
    if around.training:
        return TrainingJourney(visit, show, around.clock, around.train)
    if workers.bench is None:
        return Journey(visit, show, around.clock)
    chip = next((worker for worker in workers.others if worker.name == "chip_card"), None)
    desk = TendingDesk(
        entry_desk(config, around.clock, around.logbook),
        workers.bench,
        workers.devices(),
        Keys(workers.id_card, chip, workers.stick),
        around.post,
        around.clock,
        around.train,
        around.renew,
    )
    tending = Tending(
        desk,
        around.clock,
        around.logbook,
        version=VERSION,
        close_s=config.tending.close_after_s,
        clean=lambda: journey.handle(ev.Clean()),
    )
    journey = TendedJourney(visit, show, around.clock, tending, around.words)
    return journey


def sweep(config: TerminalConfig) -> int:
    """Delete what a training left; how many files are still there."""
    folder = config.storage.data_folder / PRACTICE
    if folder.exists():
        with suppress(OSError):
            shutil.rmtree(folder)
    return sum(1 for path in folder.rglob("*") if path.is_file()) if folder.exists() else 0
