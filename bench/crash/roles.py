"""The three processes under test, as the product runs them; a fork of a warmed one begins in milliseconds.

What a citizen was shown goes, a line at a time, into the file that stands for her pocket. Only what stands there was
promised, and a kill takes none of it back.
"""

import argparse
import ctypes
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import tools.uploader
from backend.serve import serve
from bench.crash.visits import Visit, visit_of
from config.load import load_config
from devices.evaluator import Level
from ground.clock import RealClock
from kiosk.case_desk import CaseDesk
from kiosk.domain.case import Evaluation
from kiosk.health import Health
from offline_cache.drafts import OwnKey
from offline_cache.errors import CacheError
from offline_cache.outbox import Outbox
from offline_cache.seal import Recipients
from offline_cache.spool import Spool
from tools.assemble import open_outbox
from tools.settings import with_credentials

MOST_WAITING = 30  # no further citizen comes while so much waits; what is delivered sets the pace
_SEE_S = 0.4  # so long a citizen stays for the platform's number
_AT = datetime(2026, 11, 21, 1, 41, tzinfo=UTC)
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


@dataclass(frozen=True, slots=True)
class Place:
    """Where everything is."""

    config: Path
    platform: Path  #: data folder of the backend
    port: int  #: of the backend
    pockets: Path
    logs: Path


def face(place: Place, life: int, first: int, *, tight: bool) -> None:
    """Citizens one after the other, from visit number `first`. `tight`: without a reserve, until the disk is full."""
    _begin(place, "face")
    pocket = os.open(place.pockets / f"{life:05d}", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def show(*words: object) -> None:
        os.write(pocket, (" ".join(map(str, words)) + "\n").encode("ascii"))

    clock = RealClock()
    outbox = _tight_outbox(place) if tight else _outbox(place, clock)
    desk = CaseDesk(outbox, Health(clock), "sample")
    for number in range(first, first + 1_000_000):
        try:
            _serve_citizen(desk, visit_of(number), show, clock)
        except CacheError as error:
            show("sorry", number, error.code)
            clock.wait(0.1)
        while outbox.status().waiting >= MOST_WAITING:
            clock.wait(0.1)


def _serve_citizen(desk: CaseDesk, visit: Visit, show: Callable[..., None], clock: RealClock) -> None:
    number, case = visit.number, visit.case
    for at, page in enumerate(visit.pages):
        desk.keep_page(case.case_id, at, page)
        show("page", number, at)
    show("kept", number, desk.hand_in(case))
    desk.drop_pages(case.case_id)
    if visit.level is not None:
        desk.keep_evaluation(case.case_id, Evaluation(level=Level(visit.level), at=_AT))
        show("rated", number, visit.level)
    leaves = clock.after(_SEE_S)
    while not clock.due(leaves):
        accepted = desk.case_number(case.case_id)
        if accepted is not None:
            show("accepted", number, accepted)
            return
        clock.wait(0.05)


def uploader(place: Place) -> None:
    """`run_kiosk.py uploader`."""
    _begin(place, "uploader")
    asked = argparse.Namespace(config=place.config, profile=None)
    sys.exit(tools.uploader.run(asked))


def backend(place: Place) -> None:
    """`run_kiosk.py backend serve`."""
    _begin(place, "backend")
    serve("127.0.0.1", place.port, place.platform)


def _outbox(place: Place, clock: RealClock) -> Outbox:
    return open_outbox(with_credentials(load_config(place.config, None, {})), clock)


def _tight_outbox(place: Place) -> Outbox:
    """As `open_outbox`, but nothing is held back, so that writes fail in the middle and not before the first."""
    config = with_credentials(load_config(place.config, None, {}))
    folder = config.storage.data_folder
    return Outbox(
        folder / "outbox.sqlite",
        Spool(folder / "spool", reserve_bytes=0),
        RealClock(),
        recipients=Recipients.parse(config.platform.recipients),
        letters=config.terminal.letters,
        own_key=OwnKey.read(folder / "own.key"),
    )


def _begin(place: Place, name: str) -> None:
    """Die with the one that started us; say troubles where they can be read afterwards."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    log = os.open(place.logs / f"{name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for descriptor in (1, 2):
        os.dup2(log, descriptor)
    os.close(log)
