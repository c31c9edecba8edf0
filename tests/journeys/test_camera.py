"""The camera dies and comes back, finds no sheet, takes a bad page; pages are taken again, deleted, enough."""

from typing import Any

import pytest

from kiosk.capture.judge import Verdict
from kiosk.journey import events as ev
from kiosk.journey import views
from tests.journeys.walked_world import page


def taken(world: Any) -> list[bool]:
    """Of the present material, whether each kept page is flagged."""
    return [card.flagged for card in world.view.taken]


def test_the_camera_dies_and_is_back(world: Any) -> None:
    world.to_capture()
    ticket = world.stage.ticket
    world.answer(ev.SheetSeen(ticket, "steady"))
    dead = world.answer(ev.CameraFailed(ticket, "D101"))
    assert (dead.trouble, dead.sheet) == ("D101", "none")
    assert world.answer(ev.CameraFailed(ticket, "")).trouble == ""
    assert world.answer(ev.SheetSeen(ticket, "moving")).sheet == "moving"


def test_it_dies_while_it_takes_the_page(world: Any) -> None:
    world.to_capture()
    assert world.do(ev.TakePicture()).taking
    view = world.answer(ev.PageFailed(world.stage.ticket, "D102"))
    assert (view.taking, view.trouble) == (False, "D102")
    world.do(ev.TryAgain())
    assert world.stage.asked[-1] == "watch_sheet" and world.view.trouble == ""
    assert world.take().page == 2


def test_it_is_back_and_she_still_reads_that_her_picture_was_not_taken(world: Any) -> None:
    """As happens when she asks while it is just being opened: told for a moment and wiped, she would wait for ever."""
    world.to_capture()
    sheet = world.stage.ticket
    world.do(ev.TakePicture())
    world.answer(ev.PageFailed(world.stage.ticket, "D102"))
    assert world.answer(ev.CameraFailed(sheet, "")).trouble == "D102"
    assert world.answer(ev.CameraFailed(sheet, "D101")).trouble == "D101"
    assert world.answer(ev.CameraFailed(sheet, ""), ev.SheetSeen(sheet, "none")).trouble == "D102"
    assert (world.do(ev.TakePicture()).taking, world.view.trouble) == (True, "")
    assert world.answer(ev.CameraFailed(sheet, "")).trouble == ""


def test_no_sheet_twice_and_all_is_taken_as_it_lies(world: Any) -> None:
    world.to_capture()
    world.do(ev.TakePicture())
    assert not world.stage.insisted
    assert world.answer(ev.PageFailed(world.stage.ticket, "no_sheet")).trouble == "no_sheet"
    world.do(ev.TakePicture())
    assert world.stage.insisted
    view = world.answer(ev.PageTaken(world.stage.ticket, page(Verdict.NO_SHEET)))
    assert view.verdicts == ("no_sheet",)
    world.do(ev.Continue())
    assert taken(world) == [True]


def test_the_automatic_shot_never_insists(world: Any) -> None:
    world.to_capture()
    sheet = world.stage.ticket
    world.do(ev.TakePicture())
    world.answer(ev.PageFailed(world.stage.ticket, "no_sheet"), ev.SheetReady(sheet))
    assert world.stage.asked.count("take_page") == 2 and not world.stage.insisted


def test_a_page_that_she_kept_against_advice_is_flagged_to_the_end(world: Any) -> None:
    world.to_capture("owned")
    world.take(page(Verdict.BLURRED, Verdict.DARK))
    world.take()
    while isinstance(world.view, views.Capture):
        world.do(ev.Continue()) if world.view.enough else world.take()
    assert [card.flagged for card in world.view.materials[0].pages] == [True, False]


def test_taken_again(world: Any) -> None:
    world.to_capture()
    world.do(ev.TakePicture())
    world.answer(ev.PageTaken(world.stage.ticket, page(Verdict.GLARE)))
    view = world.do(ev.Retake())
    assert (view.page, taken(world)) == (1, [])
    assert world.stage.again  # the same sheet may be taken by itself once more
    world.take()
    assert not world.stage.again


def test_the_camera_watches_on_while_she_looks_at_the_page(world: Any) -> None:
    world.at("check_page")
    assert "stop_camera" not in world.stage.asked
    world.do(ev.AskLeave(), ev.Leave())
    assert "stop_camera" in world.stage.asked


def test_a_late_page_of_an_earlier_try_is_dropped(world: Any) -> None:
    world.to_capture()
    world.do(ev.TakePicture())
    old = world.stage.ticket
    world.answer(ev.PageFailed(old, "D102"))
    world.do(ev.TakePicture())
    world.answer(ev.PageTaken(old, page()))
    assert world.view.taking
    assert isinstance(world.answer(ev.PageTaken(world.stage.ticket, page())), views.CheckPage)


def test_two_requests_are_never_under_way(world: Any) -> None:
    world.to_capture()
    sheet = world.stage.ticket
    world.do(ev.TakePicture(), ev.TakePicture())
    world.answer(ev.SheetReady(sheet), ev.SheetReady(sheet))
    assert world.stage.asked.count("take_page") == 1


def test_deleted(world: Any) -> None:
    world.to_capture()
    world.take(page(Verdict.DARK))
    assert taken(world) == [True]
    view = world.do(ev.DeletePage("00", 0))
    assert (taken(world), view.page, view.enough) == ([], 1, False)
    world.do(ev.DeletePage("00", 0))  # none is left
    assert taken(world) == []


def test_no_more_pages_than_the_material_may_have(world: Any) -> None:
    world.to_capture()
    world.take()
    view = world.take()
    assert view.material.slot == "01"  # the identity card has two sides, the next material follows by itself
    for _ in range(view.max_pages):
        view = world.take()
    assert view.material.slot == "02"
    world.take()
    world.do(ev.Continue())
    full = world.do(ev.GoTo("material:01"))
    assert len(full.taken) == full.max_pages == 10
    world.answer(ev.SheetReady(world.stage.ticket))
    world.do(ev.TakePicture())
    assert not world.view.taking


@pytest.mark.parametrize("times", [1, 3])
def test_several_pages(world: Any, times: int) -> None:
    world.to_capture()
    world.take()
    world.take()
    for _ in range(times):
        view = world.take()
    assert view.material.slot == "01" and len(view.taken) == times
    assert world.do(ev.Continue()).material.slot == "02"
