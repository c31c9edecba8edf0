"""Looking at an outbox from outside: the figures are those of the owner, and nothing is left behind by looking."""

import os
import random
import sqlite3
from pathlib import Path

import pytest

from ground.clock import RealClock
from kiosk.case_desk import CaseDesk
from kiosk.health import Health
from offline_cache.connection import doubt_of
from offline_cache.durable import explained
from offline_cache.errors import Corrupt, DatabaseCorrupt, NotAllowed, NotDurable
from offline_cache.glance import glance
from offline_cache.items import ClockState, LinkState
from offline_cache.outbox import Outbox
from offline_cache.seal import Recipients
from offline_cache.spool import Spool
from offline_cache.store import not_ours
from tests.system.cases import invented_case

_KEY = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"  # age's own README


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    """An outbox with one case, still open."""
    clock, folder = RealClock(), tmp_path / "data"
    spool = Spool(folder / "spool", reserve_bytes=0)
    made = Outbox(folder / "outbox.sqlite", spool, clock, recipients=Recipients.parse([_KEY]))
    CaseDesk(made, Health(clock), "sample").hand_in(invented_case(random.Random(1)))
    made.note_link(LinkState.DOWN, "U101")
    made.note_clock(ClockState.RIGHT, 0.2)
    return made


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*")}


def test_no_outbox_is_made_by_looking(tmp_path: Path) -> None:
    assert glance(tmp_path / "data" / "outbox.sqlite", RealClock()) is None
    assert list(tmp_path.iterdir()) == []


def test_the_figures_are_the_owners_while_it_is_open_and_after(outbox: Outbox, tmp_path: Path) -> None:
    path, clock = tmp_path / "data" / "outbox.sqlite", RealClock()
    before = names(path.parent)
    seen, own = glance(path, clock), outbox.status()
    assert seen is not None
    assert (seen.waiting, seen.bytes_waiting, seen.link, seen.link_code) == (
        *(1, own.bytes_waiting, LinkState.DOWN, "U101"),
    )
    assert seen.clock == own.clock
    assert names(path.parent) == before
    outbox.close()
    again = glance(path, clock)
    assert again is not None
    assert again.waiting == 1
    assert names(path.parent) <= before
    assert not doubt_of(path).exists()


def test_an_outbox_that_is_just_being_made(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    path.touch()
    assert glance(path, RealClock()) is None


def test_one_of_a_newer_program_is_left_alone(outbox: Outbox, tmp_path: Path) -> None:
    outbox.close()
    path = tmp_path / "data" / "outbox.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 999")
    db.close()
    with pytest.raises(Corrupt, match="999"):
        glance(path, RealClock())


def test_a_damaged_one_is_told_and_not_moved(outbox: Outbox, tmp_path: Path) -> None:
    outbox.close()
    path = tmp_path / "data" / "outbox.sqlite"
    spoilt = b"no database" * 1000
    path.write_bytes(spoilt)
    with pytest.raises(DatabaseCorrupt):
        glance(path, RealClock())
    assert path.read_bytes() == spoilt


@pytest.mark.parametrize("number", [13, 1])  # EACCES, EPERM
def test_files_of_another_user_are_no_fault_of_the_disk(number: int) -> None:
    error = explained(OSError(number, os.strerror(number)), Path("/data/outbox.sqlite.lock"))
    assert isinstance(error, NotAllowed)
    assert isinstance(error, NotDurable), "who catches that it was not kept, still does"
    assert error.code == "S112"


def test_an_own_database_is_ours(outbox: Outbox, tmp_path: Path) -> None:
    outbox.close()
    assert not not_ours(tmp_path / "data" / "outbox.sqlite")
    assert not not_ours(tmp_path / "none" / "outbox.sqlite")
