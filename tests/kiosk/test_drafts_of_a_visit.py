"""A page is on the disk as soon as she confirmed it; it goes with the hand-in, and when she leaves."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyrage
import pytest

from ground.clock import RealClock
from ground.logbook import MemoryLogbook
from kiosk.capture.flatten import SheetSize
from kiosk.capture.origin import Origin, Way
from kiosk.capture.packed import packed, unpacked
from kiosk.capture.page import Page, take_page
from kiosk.case_desk import CaseDesk
from kiosk.health import Health
from kiosk.kept_visit import KeptVisit, Note
from kiosk.page_drafts import PageDrafts, kept_visit
from kiosk.workers import Worker
from offline_cache.card_key import card_key
from offline_cache.drafts import OwnKey
from offline_cache.errors import CacheError
from offline_cache.items import CaseToSeal, PartToSeal
from offline_cache.outbox import Outbox
from offline_cache.seal import Recipients
from offline_cache.spool import Spool

NOTE = Note(matter="N02", version="1", who="resident 429006199003070019")


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
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    recipients = Recipients.parse([str(pyrage.x25519.Identity.generate().to_public())])
    spool = Spool(tmp_path / "spool", reserve_bytes=0)
    opened = Outbox(tmp_path / "outbox.sqlite", spool, RealClock(), recipients=recipients)
    yield opened
    opened.close()


def _page(shade: int) -> Page:
    picture = np.full((480, 640, 3), 230, np.uint8)
    picture[100:300, 100 : 100 + 2 * shade] = 20
    taken = take_page(picture, SheetSize.A4, insist=True)
    assert isinstance(taken, Page)
    origin = Origin(way=Way.CAMERA, device="emulated", at=datetime(2026, 11, 21, 9, 41, tzinfo=UTC))
    return replace(taken, original=None, origin=origin, ms={})


def _walk(outbox: Outbox, *steps: Callable[[PageDrafts], object]) -> PageDrafts:
    """A face process: it begins, does this, and ends without tidying up."""
    worker = _worker(outbox)
    drafts = PageDrafts(worker)
    drafts.keep_for(_key(1))
    worker.begin()
    for step in steps:
        step(drafts)
    _finish(worker)
    return drafts


def _found(outbox: Outbox, wanted: Note = NOTE, key: OwnKey | None = None) -> KeptVisit | None:
    return kept_visit(CaseDesk(outbox, Health(RealClock()), "sample"), wanted, key or _key(1))


def _key(card: int) -> OwnKey:
    key = card_key(bytes([card, *range(255)]) * 4, "429006199003070019")
    assert key is not None
    return key


def test_a_page_survives_packing_to_the_last_field() -> None:
    page = _page(200)
    assert unpacked(packed(page)) == page
    assert unpacked(packed(replace(page, origin=None, corners=((0.5, 1.0),) * 4))).origin is None


@pytest.mark.parametrize(
    "spoilt", [b"", b"{}\n", b"[1]\nx", b"\xff\n", packed(_page(9))[:-1], packed(_page(9)) + b"x"]
)
def test_what_is_no_packed_page_says_so(spoilt: bytes) -> None:
    with pytest.raises(ValueError, match="no packed page"):
        unpacked(spoilt)


def test_pages_lie_sealed_until_the_visit_ends(outbox: Outbox) -> None:
    first, second = _page(200), _page(100)
    drafts = _walk(outbox, lambda d: d.keep("lease", first), lambda d: d.keep("photo", second))
    kept = outbox.drafts()
    assert [(draft.visit, draft.place) for draft in kept] == [(drafts.visit, 1), (drafts.visit, 2)]
    assert (outbox.open_draft(kept[1], _key(1)) or b"").startswith(b'{"slot": "photo"}\n')
    _walk(outbox, lambda d: d.keep("lease", first), lambda d: d.drop())
    assert {draft.visit for draft in outbox.drafts()} == {drafts.visit}, (
        "another visit's drafts are left alone"
    )


def test_a_visit_that_was_cut_is_found_again_by_its_person(outbox: Outbox) -> None:
    first, second, third = _page(200), _page(100), _page(50)
    drafts = _walk(
        outbox,
        lambda d: d.note(NOTE),
        lambda d: d.keep("lease", first),
        lambda d: d.keep("lease", second),
        lambda d: d.note(
            replace(NOTE, answers={"housing": "rented"}, pages=(second.sha256,))
        ),  # the first is deleted
        lambda d: d.keep("photo", third),  # the power goes before the next note
    )
    kept = _found(outbox)
    assert kept is not None
    assert kept.visit == drafts.visit
    assert kept.note.answers == {"housing": "rented"}
    assert [(slot, page.sha256) for slot, page in kept.pages] == [
        ("lease", second.sha256),
        ("photo", third.sha256),
    ]
    for other in (replace(NOTE, who="resident 2"), replace(NOTE, matter="C02"), replace(NOTE, version="2")):
        assert _found(outbox, other) is None
    more = _page(20)
    _walk(outbox, lambda d: d.take_up(kept), lambda d: d.keep("photo", more))
    again = _found(outbox)
    assert again is not None
    assert [page.sha256 for _, page in again.pages][-1] == more.sha256
    assert len(outbox.drafts()) == 5
    _walk(outbox, lambda d: d.take_up(kept), lambda d: d.drop())
    assert outbox.drafts() == []


def test_the_present_visit_is_not_an_earlier_one(outbox: Outbox) -> None:
    heard: list[KeptVisit] = []
    _walk(outbox, lambda d: d.note(NOTE), lambda d: d.find(NOTE, heard.append))
    assert heard == []
    _walk(outbox, lambda d: d.find(NOTE, heard.append))
    assert len(heard) == 1


def test_a_damaged_page_is_photographed_again_and_the_rest_stays(outbox: Outbox, tmp_path: Path) -> None:
    _walk(
        outbox,
        lambda d: d.note(NOTE),
        lambda d: d.keep("lease", _page(200)),
        lambda d: d.keep("lease", _page(90)),
    )
    spoilt = tmp_path / "drafts" / outbox.drafts()[1].file
    content = bytearray(spoilt.read_bytes())
    content[-3] ^= 1
    spoilt.write_bytes(content)
    kept = _found(outbox)
    assert kept is not None
    assert len(kept.pages) == 1


def test_what_was_handed_in_is_not_offered_again(outbox: Outbox) -> None:
    """The power went between the commit of the case and the tidying up of its drafts."""
    case = CaseToSeal(
        case_id="7f3c0f9e-5a0e-4c39-9d56-0d3b9a4f1c11", matter_code="N02", manifest={"materials": [{"part": "p01"}]},
        parts=(PartToSeal(name_in_manifest="p01", content=b"pdf"),),
    )  # fmt: skip
    noted = replace(NOTE, case_id=case.case_id)
    _walk(outbox, lambda d: d.note(noted), lambda d: d.keep("lease", _page(200)))
    assert _found(outbox) is not None
    outbox.hand_in(case)
    assert _found(outbox) is None
    assert outbox.drafts() == []


def test_without_the_card_nothing_is_opened_and_without_a_key_nothing_is_written(outbox: Outbox) -> None:
    _walk(outbox, lambda d: d.note(NOTE), lambda d: d.keep("lease", _page(200)))
    assert _found(outbox, key=_key(2)) is None
    assert outbox.open_draft(outbox.drafts()[0]) is None, "the terminal itself holds no key"
    before = outbox.drafts()
    heard: list[KeptVisit] = []
    _walk(
        outbox,
        lambda d: d.keep_for(None),
        lambda d: d.note(NOTE),
        lambda d: d.keep("lease", _page(200)),
        lambda d: d.find(NOTE, heard.append),
    )
    assert outbox.drafts() == before
    assert heard == []


def test_what_the_person_before_her_told_goes_when_another_card_comes(outbox: Outbox) -> None:
    drafts = _walk(outbox, lambda d: d.note(NOTE), lambda d: d.keep_for(_key(2)), lambda d: d.note(NOTE))
    assert [draft.visit for draft in outbox.drafts()] == [drafts.visit]
    assert _found(outbox) is None
    assert _found(outbox, key=_key(2)) is not None
