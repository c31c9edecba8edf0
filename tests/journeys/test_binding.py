"""Papers are bound while she reads and signs: nobody waits for it, and nothing is lost when it fails."""

from dataclasses import replace
from typing import Any

import pytest

from ground.logbook import Event as Log
from kiosk.capture.bind import Layout
from kiosk.capture.budget import DEFAULT_BUDGET, OVER_BUDGET
from kiosk.capture.flatten import SheetSize
from kiosk.capture.judge import Verdict
from kiosk.capture.origin import Origin, Way
from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.journey.delays import DEFAULTS
from tests.journeys.walked_world import NOW, SECRETS, STROKES, page


@pytest.fixture
def slow(world: Any) -> Any:
    """A world whose binding the test answers, at the signature."""
    world.stage.binds_at_once = False
    world.at("sign")
    return world


def answer_bound(world: Any) -> Any:
    return world.answer(ev.Bound(world.visit.awaited["papers"], world.stage.bound()))


def test_the_signature_is_there_before_its_code(slow: Any) -> None:
    assert slow.view.digest == ""
    shown = answer_bound(slow)
    assert len(shown.digest) == 16
    slow.do(ev.Sign(STROKES))
    assert slow.stage.case.manifest["signature"]["signs"].startswith(shown.digest)


def test_she_signs_before_it_is_bound(slow: Any) -> None:
    assert slow.do(ev.Sign(STROKES)) == views.HandingIn("sealing", "")
    assert slow.stage.case is None
    signed_at = slow.clock.now()
    slow.turn(3.0)
    answer_bound(slow)
    assert slow.stage.case.manifest["signature"]["at"] == signed_at.isoformat()
    assert slow.stage.asked.count("bind") == 1
    slow.answer(ev.Sealed(slow.stage.ticket, "T-000001-3"))
    assert isinstance(slow.answer(ev.Delivered(slow.stage.ticket, "429006-1")), views.Done)


def test_it_failed_while_she_signed_and_is_tried_again(slow: Any) -> None:
    slow.answer(ev.BindFailed(slow.stage.ticket, "D100"))
    assert isinstance(slow.view, views.SignView)
    slow.do(ev.Sign(STROKES))
    assert slow.stage.asked.count("bind") == 2
    answer_bound(slow)
    assert slow.stage.case is not None


def test_it_failed_for_good_and_she_tries_again(slow: Any) -> None:
    slow.do(ev.Sign(STROKES))
    lost = slow.stage.ticket
    assert slow.answer(ev.BindFailed(lost, "D102")) == views.NotSaved("D102")
    assert slow.view == slow.answer(
        ev.Bound(lost, slow.stage.bound())
    )  # the worker that was given up as lost
    assert slow.do(ev.TryAgain()) == views.HandingIn("sealing", "")
    answer_bound(slow)
    assert len(slow.stage.case.manifest["materials"]) == 3


def test_going_back_makes_the_answer_late(slow: Any) -> None:
    late, documents = slow.stage.ticket, slow.stage.bound()
    slow.do(ev.Back())
    slow.answer(ev.Bound(late, documents))
    again = slow.do(ev.Continue())
    assert again.digest == ""
    assert slow.answer(ev.Bound(late, documents)).digest == ""
    assert answer_bound(slow).digest


def test_leaving_wipes_signature_and_papers(slow: Any) -> None:
    slow.do(ev.Sign(STROKES))
    slow.answer(ev.BindFailed(slow.stage.ticket, "D102"))
    slow.do(ev.AskLeave(), ev.Leave())
    assert not any(secret in slow.traces for secret in SECRETS)
    assert slow.visit.record.strokes == ()
    slow.turn(DEFAULTS.goodbye_s)
    assert slow.stage.papers == ()


def test_what_is_asked_for(world: Any) -> None:
    world.at("sign")
    card, lease, _ = world.stage.papers
    assert (card.slot, card.layout) == ("00", Layout.BOTH_SIDES)
    assert (lease.slot, lease.layout) == ("01", Layout.EACH)
    assert card.watermark == lease.watermark == f"仅供办理{world.visit.record.chosen.name}使用 2026-11-21"
    assert lease.budget == DEFAULT_BUDGET


def test_without_a_mark_where_the_terminal_is_set_so(world: Any) -> None:
    world.around = replace(world.around, watermark=False)
    world.at("sign")
    assert {paper.watermark for paper in world.stage.papers} == {""}
    world.do(ev.Sign(STROKES))
    made = [page for m in world.stage.case.manifest["materials"] for page in m["pages_made"]]
    assert {page["watermark"] for page in made} == {False}


def test_where_each_page_came_from_is_handed_in(world: Any) -> None:
    world.to_capture()
    world.take(replace(page(Verdict.BLURRED), size=SheetSize.CARD))
    world.take(replace(page(), size=SheetSize.CARD, origin=Origin(way=Way.PHONE)))
    world.do(ev.Scan())
    scanned = replace(page(shade=200), origin=Origin(way=Way.SCANNER, device="示例扫描仪"))
    view = world.answer(ev.PagesScanned(world.stage.ticket, (scanned,)))
    while isinstance(view, views.Capture):
        view = world.do(ev.Continue()) if view.enough else world.take()
    world.do(ev.Continue(), ev.Sign(STROKES))
    card, lease, _ = world.stage.case.manifest["materials"]
    assert (card["pages"], lease["pages"]) == (1, 1)
    first, second = card["pages_made"]
    assert (first["way"], first["verdicts"], first["page"]) == ("camera", ["blurred"], 1)
    assert (second["way"], second["device"], second["verdicts"], second["page"]) == ("phone", "", [], 1)
    (sheet,) = lease["pages_made"]
    assert (sheet["way"], sheet["device"], sheet["clock"]) == ("scanner", "示例扫描仪", "unchecked")
    assert sheet["at"] == NOW.isoformat()
    assert sheet["shown_sha256"] == scanned.sha256
    assert {made["trust"] for made in (first, second, sheet)} == {"C"}


def test_the_untouched_picture_goes_when_she_confirms(world: Any) -> None:
    world.to_capture()
    world.do(ev.TakePicture())
    world.answer(ev.PageTaken(world.stage.ticket, replace(page(), original=b"the camera's own file")))
    assert world.visit.record.pending.original
    world.do(ev.Continue())
    assert [kept.original for kept in world.visit.record.kept("00")] == [None]
    assert "the camera's own file" not in world.traces


def test_a_material_that_is_too_large_is_handed_in_and_told(slow: Any) -> None:
    first, *rest = slow.stage.bound()
    slow.answer(ev.Bound(slow.stage.ticket, (replace(first, code=OVER_BUDGET), *rest)))
    slow.do(ev.Sign(STROKES))
    assert [m["over_budget"] for m in slow.stage.case.manifest["materials"]] == [True, False, False]
    told = dict(slow.logbook.lines)[Log.PAPERS_BOUND]
    assert (told["over_budget"], told["sheets"]) == (1, 4)
