"""Her phone or her USB stick brings the pages: the same slot, the same look at each page, the same last word."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ground.logbook import Event
from kiosk.capture.fingerprint import fingerprint
from kiosk.capture.judge import Verdict
from kiosk.capture.origin import Origin, Way
from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.journey.delays import DEFAULTS
from tests.journeys.walked_world import CODE_LASTS_S, files, page

URL = "https://ywt.example.cn/u/ABCD"


def brought(*verdicts: Verdict, shade: int = 250, way: Way = Way.PHONE) -> Any:
    return replace(page(*verdicts, shade=shade), origin=Origin(way=way))


def kept(world: Any, slot: str = "00") -> list[Any]:
    return list(world.visit.record.kept(slot))


def test_the_ways_are_offered_only_when_they_are_there(world: Any) -> None:
    view = world.to_capture()
    assert (view.phone, view.stick) == (False, False)
    assert isinstance(world.do(ev.UsePhone()), views.Capture)  # gone between drawing and touching
    world.around = replace(world.around, phone_upload=True, stick_in=True)
    assert (world.view.phone, world.view.stick) == (True, True)


def test_from_the_code_to_the_page(world: Any) -> None:
    world.around = replace(world.around, phone_upload=True)
    world.to_capture()
    asking = world.do(ev.UsePhone())
    assert (asking.state, asking.url) == ("asking", "")
    assert world.stage.asked[-2:] == ["stop_camera", "open_phone"]
    assert world.stage.label == asking.material.name and world.stage.most == asking.max_pages
    ticket = world.stage.ticket
    assert world.turn(DEFAULTS.slow_after_s) == replace(
        asking, slow=True
    )  # she may go back and photograph here
    waiting = world.answer(ev.PhoneReady(ticket, URL, CODE_LASTS_S))
    assert (waiting.state, waiting.url, waiting.minutes_left) == ("waiting", URL, 5)
    assert world.answer(ev.PhoneOpened(ticket)).state == "opened"
    arrived = world.answer(ev.PhoneArrived(ticket, 1))
    assert (arrived.arrived, arrived.working) == (1, True)
    look = world.answer(ev.PageTaken(ticket, brought()))
    assert look.brought, "no lamp of ours is spoken of"
    assert isinstance(look, views.CheckPage) and look.page == 1
    again = world.do(ev.Continue())
    assert isinstance(again, views.Phone)  # the code still lives: the next page may come
    assert (again.kept, again.url, again.working) == (1, URL, False)
    assert world.stage.asked.count("open_phone") == 1
    (first,) = kept(world)
    assert first.origin.way is Way.PHONE and first.origin.at == world.clock.now()


def test_nobody_is_named_to_the_platform(world: Any) -> None:
    world.to_phone()
    assert world.stage.label == world.visit.record.material().name


def test_several_pictures_are_looked_at_one_by_one(world: Any) -> None:
    world.to_phone()
    ticket = world.stage.ticket
    world.answer(ev.PhoneArrived(ticket, 2), ev.PageTaken(ticket, brought()))
    world.answer(ev.PageTaken(ticket, brought(Verdict.BLURRED, shade=200)))
    assert world.view.verdicts == ()
    number = world.scene.number
    second = world.do(ev.Continue())
    assert isinstance(second, views.CheckPage) and second.verdicts == ("blurred",) and second.page == 2
    world.conductor.touch(ev.Continue(), number)  # the second tap of a trembling finger
    assert world.view == second
    world.do(ev.Continue())  # she insists
    assert [one.verdicts for one in kept(world)] == [(), (Verdict.BLURRED,)]
    # two pages are all that the identity card has: the next material comes under the camera, and the code is void
    assert isinstance(world.view, views.Capture) and world.view.material.slot == "01"
    assert world.stage.asked.count("close_phone") == 1


def test_more_than_fits_is_dropped(world: Any) -> None:
    world.to_phone()
    ticket = world.stage.ticket
    for shade in (250, 200, 150):
        world.answer(ev.PageTaken(ticket, brought(shade=shade)))
    world.do(ev.Continue(), ev.Continue())
    assert isinstance(world.view, views.Capture) and len(kept(world)) == 2
    assert not world.visit.record.brought.waiting


def test_a_page_that_is_sent_back_is_not_kept(world: Any) -> None:
    world.to_phone()
    ticket = world.stage.ticket
    world.answer(ev.PageTaken(ticket, brought(Verdict.GLARE)))
    world.answer(ev.PageTaken(ticket, brought(shade=200)))
    assert isinstance(world.do(ev.Retake()), views.CheckPage)
    assert isinstance(world.do(ev.Back()), views.Phone)
    assert kept(world) == [] and "close_phone" not in world.stage.asked


def test_the_same_page_twice_is_noticed(world: Any) -> None:
    world.to_phone()
    ticket, one = world.stage.ticket, replace(brought(), fingerprint=page_print())
    world.answer(ev.PageTaken(ticket, one))
    assert isinstance(world.do(ev.Retake()), views.Phone)
    assert world.answer(ev.PageTaken(ticket, one)).verdicts == ()  # what was sent back does not count
    world.do(ev.Continue())
    assert world.answer(ev.PageTaken(ticket, one)).verdicts == ("duplicate",)


def page_print() -> bytes:

    random = np.random.default_rng(5)
    sheet = np.full((1400, 990, 3), 245, np.uint8)
    for row in range(30):
        sheet[60 + row * 42 : 84 + row * 42, 80 : int(random.integers(300, 900))] = 60
    return fingerprint(sheet)


def test_a_pdf_of_several_pages_goes_straight_into_the_slot(world: Any) -> None:
    world.to_phone()
    view = world.answer(ev.PagesScanned(world.stage.ticket, (brought(), brought(Verdict.DARK), brought())))
    assert isinstance(view, views.Phone) and (view.kept, view.enough) == (2, True)
    assert [one.verdicts for one in kept(world)] == [(), (Verdict.DARK,)]
    assert isinstance(world.do(ev.Continue()), views.Capture)
    assert "close_phone" in world.stage.asked


def test_a_file_that_cannot_be_used(world: Any) -> None:
    world.to_phone()
    ticket = world.stage.ticket
    world.answer(ev.PhoneArrived(ticket, 1))
    view = world.answer(ev.PageFailed(ticket, "F104"))
    assert (view.trouble, view.working, view.state) == ("F104", False, "opened")
    assert world.answer(ev.PhoneArrived(ticket, 2)).trouble == ""


def test_the_code_becomes_void_and_a_new_one_is_asked_for(world: Any) -> None:
    world.to_phone()
    first = world.stage.ticket
    world.do(ev.Touched())
    over = world.answer(ev.PhoneOver(first, ""))
    assert (over.state, over.url, over.trouble) == ("over", "", "")
    assert (
        world.scene.chrome.patience_left_s == DEFAULTS.patience_s
    )  # she is not waited for any longer than usual
    assert world.do(ev.TryAgain()).state == "asking"
    assert world.stage.asked.count("open_phone") == 2
    world.answer(ev.PhoneReady(first, "https://ywt.example.cn/u/LATE", 300.0))  # an answer of the first
    assert world.view.url == ""
    assert world.answer(ev.PhoneReady(world.stage.ticket, URL, 300.0)).url == URL


def test_it_becomes_void_without_a_word_from_the_platform(world: Any) -> None:
    world.to_phone()
    world.turn(CODE_LASTS_S - 100)
    assert world.do(ev.Touched()).minutes_left == 2
    assert world.turn(120).state == "over"
    assert world.stage.asked[-1] == "close_phone"


def test_it_becomes_void_while_she_looks_at_a_page(world: Any) -> None:
    world.to_phone()
    ticket = world.stage.ticket
    world.answer(ev.PageTaken(ticket, brought()))
    for _ in range(4):
        world.turn(80)
        world.do(ev.Touched())
    assert isinstance(world.view, views.CheckPage)
    assert world.do(ev.Continue()).state == "asking"  # a new code, at once
    assert len(kept(world)) == 1


def test_the_platform_cannot_be_asked(world: Any) -> None:
    world.around = replace(world.around, phone_upload=True)
    world.to_capture()
    world.do(ev.UsePhone())
    view = world.answer(ev.PhoneOver(world.stage.ticket, "U101"))
    assert (view.state, view.trouble) == ("over", "U101")
    assert isinstance(world.do(ev.Back()), views.Capture)


def test_she_is_waited_for_as_long_as_the_code_lives(world: Any) -> None:
    world.to_phone()
    assert world.scene.chrome.patience_left_s == CODE_LASTS_S > DEFAULTS.patience_s
    world.turn(200)
    world.answer(ev.PhoneOpened(world.stage.ticket))  # the phone is there, so she is
    assert world.scene.chrome.patience_left_s == CODE_LASTS_S
    world.answer(ev.PageTaken(world.stage.ticket, brought()))
    assert world.scene.chrome.patience_left_s == DEFAULTS.patience_s


def test_back_to_the_camera_voids_the_code(world: Any) -> None:
    world.to_phone()
    ticket = world.stage.ticket
    view = world.do(ev.Back())
    assert isinstance(view, views.Capture) and "close_phone" in world.stage.asked
    assert isinstance(world.answer(ev.PageTaken(ticket, brought())), views.Capture)  # too late
    assert kept(world) == []


@pytest.mark.parametrize("state", ["phone", "check_page"])
def test_leaving_voids_the_code(world: Any, state: str) -> None:
    world.to_phone()
    if state == "check_page":
        world.answer(ev.PageTaken(world.stage.ticket, brought()))
        world.answer(ev.PageTaken(world.stage.ticket, brought(shade=200)))
    assert world.journey.state == state
    world.do(ev.AskLeave(), ev.Leave())
    assert "close_phone" in world.stage.asked and world.stage.asked[-1] == "forget"
    assert URL not in world.traces and not world.visit.record.brought.waiting


def test_the_logbook_knows_the_way_and_no_address(world: Any) -> None:
    world.to_phone()
    world.answer(ev.PageTaken(world.stage.ticket, brought()))
    (facts,) = [facts for event, facts in world.logbook.lines if event is Event.PAGE_TAKEN]
    assert facts["way"] == "phone"
    assert "ABCD" not in repr(world.logbook.lines)


# --- stick ---


def test_what_is_on_the_stick(world: Any) -> None:
    view = world.to_stick("a.jpg", "b.pdf")
    assert (view.state, [card.pdf for card in view.files]) == ("in", [False, True])
    ticket = world.stage.ticket
    world.answer(ev.FilePictured(ticket, 1, b"jpeg"))
    view = world.answer(ev.FilePictured(ticket, 2, b"", "F112"))
    assert view.files[0].picture == b"jpeg" and view.files[1].code == "F112"


def test_a_file_becomes_a_page(world: Any) -> None:
    world.to_stick()
    view = world.do(ev.ChooseFile(3))
    assert view.working and world.stage.file.number == 3 and world.stage.most == 2
    world.do(ev.ChooseFile(1))  # one at a time
    assert world.stage.asked.count("read_stick") == 1
    look = world.answer(ev.PageTaken(world.stage.ticket, brought(Verdict.BLURRED, way=Way.STICK)))
    assert isinstance(look, views.CheckPage) and look.verdicts == ("blurred",)
    view = world.do(ev.Continue())
    assert isinstance(view, views.Stick) and (view.kept, view.working) == (1, False)
    assert [card.number for card in view.files] == [1, 2, 3]  # what was listed is still there
    assert kept(world)[0].origin.way is Way.STICK


def test_what_cannot_be_used_cannot_be_chosen(world: Any) -> None:
    world.to_stick()
    world.answer(ev.FilePictured(world.stage.ticket, 2, b"", "F112"))
    world.do(ev.ChooseFile(2), ev.ChooseFile(9))
    assert "read_stick" not in world.stage.asked


def test_a_bad_file_is_told(world: Any) -> None:
    world.to_stick()
    world.do(ev.ChooseFile(1))
    view = world.answer(ev.PageFailed(world.stage.ticket, "F105"))
    assert (view.trouble, view.working) == ("F105", False)


def test_pulled_out_and_put_in_again(world: Any) -> None:
    world.to_stick()
    ticket = world.stage.ticket
    view = world.answer(ev.StickSeen(ticket, "out"))
    assert (view.state, view.files) == ("out", ())
    view = world.answer(ev.StickSeen(ticket, "in", files("z.png")))
    assert (view.state, len(view.files)) == ("in", 1)


def test_a_pdf_fills_the_slot_and_the_next_material_follows(world: Any) -> None:
    world.to_stick()
    world.do(ev.ChooseFile(2))
    view = world.answer(ev.PagesScanned(world.stage.ticket, (brought(way=Way.STICK),) * 2))
    assert isinstance(view, views.Stick) and view.enough
    world.do(ev.ChooseFile(1))
    assert world.stage.asked.count("read_stick") == 1  # no room
    assert world.do(ev.Continue()).material.slot == "01"
    assert world.stage.asked.count("close_stick") == 1


def test_the_goodbye_reminds_of_the_stick(world: Any) -> None:
    world.to_stick()
    goodbye = world.do(ev.AskLeave(), ev.Leave())
    assert goodbye.stick and "close_stick" in world.stage.asked
