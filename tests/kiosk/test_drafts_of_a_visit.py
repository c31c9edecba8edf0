"""A page is on the disk as soon as she confirmed it; it goes with the hand-in, and when she leaves."""

import threading
from pathlib import Path

import pyrage
import pytest

from ground.clock import RealClock
from ground.logbook import MemoryLogbook
from kiosk.case_desk import CaseDesk
from kiosk.health import Health
from kiosk.page_drafts import PageDrafts
from kiosk.workers import Worker
from offline_cache.drafts import OwnKey
from offline_cache.errors import CacheError
from offline_cache.outbox import Outbox
from offline_cache.seal import Recipients
from offline_cache.spool import Spool

_JPEG = b"\xff\xd8 a page"


def _worker(outbox: Outbox) -> Worker[CaseDesk]:
    clock = RealClock()
    health = Health(clock)
    return Worker(
        "outbox",
        start=lambda: CaseDesk(outbox, health, "sample"),
        stop=lambda desk: None,
        errors=(CacheError,),
        clock=clock,
        health=health,
        logbook=MemoryLogbook(),
    )


def _finish(worker: Worker[CaseDesk]) -> None:
    """Let it do what was asked before, and end it."""
    done = threading.Event()
    worker.ask(lambda desk: done.set(), lambda code: None, 60.0)
    assert done.wait(60.0)
    worker.end(60.0)


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    own = OwnKey(str(pyrage.x25519.Identity.generate()))
    recipients = Recipients.parse([str(pyrage.x25519.Identity.generate().to_public())])
    spool = Spool(tmp_path / "spool", reserve_bytes=0)
    return Outbox(tmp_path / "outbox.sqlite", spool, RealClock(), recipients=recipients, own_key=own)


def test_pages_lie_sealed_until_the_visit_ends(outbox: Outbox) -> None:
    worker = _worker(outbox)
    drafts = PageDrafts(worker)
    worker.begin()
    drafts.keep("lease", _JPEG)
    drafts.keep("photo", _JPEG)
    visit = drafts.visit
    _finish(worker)
    kept = outbox.drafts()
    assert [(draft.visit, draft.place) for draft in kept] == [(visit, 1), (visit, 2)]
    assert outbox.open_draft(kept[1]) == b'{"slot": "photo", "place": 2}\n' + _JPEG
    worker = _worker(outbox)
    again = PageDrafts(worker)
    worker.begin()
    again.keep("lease", _JPEG)
    again.drop()
    assert again.visit == ""
    _finish(worker)
    assert [draft.visit for draft in outbox.drafts()] == [visit, visit], (
        "another visit's drafts are left alone"
    )
    outbox.close()
