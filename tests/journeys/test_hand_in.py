"""Backend down, disk full, answers that come late: what is said is true at the moment at which it is said."""

from typing import Any

from devices.receipt_printer import Qr, Text
from ground.logbook import Event as Log
from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.journey.delays import DEFAULTS
from tests.journeys.walked_world import CASE_ID

LOCAL, NUMBER = "T-000001-3", "429006-20261121-000001-7"


def texts(world: Any) -> str:
    return " ".join(e.text for e in world.stage.slip.elements if isinstance(e, Text))


def test_no_network(world: Any) -> None:
    world.offline()
    world.to_handing_in()
    world.answer(ev.Sealed(world.stage.ticket, LOCAL))
    assert isinstance(world.turn(DEFAULTS.delivery_wait_offline_s - 0.1), views.HandingIn)
    done = world.turn(0.1)
    assert (done.received, done.number, done.qr) == (False, LOCAL, f"TTS1:{LOCAL}")
    assert world.scene.chrome.offline
    assert "暂存" in texts(world) and "收件" not in texts(world) and LOCAL in texts(world)
    assert [e.content for e in world.stage.slip.elements if isinstance(e, Qr)] == [f"TTS1:{LOCAL}"]


def test_a_slow_backend_is_waited_for_longer(world: Any) -> None:
    world.to_handing_in()
    world.answer(ev.Sealed(world.stage.ticket, LOCAL))
    assert isinstance(world.turn(DEFAULTS.delivery_wait_s - 0.1), views.HandingIn)
    assert not world.turn(0.1).received


def test_the_number_that_comes_after_done_changes_nothing(world: Any) -> None:
    world.to_handing_in()
    case = world.stage.ticket
    world.answer(ev.Sealed(case, LOCAL))
    done = world.turn(DEFAULTS.delivery_wait_s)
    assert world.answer(ev.Delivered(case, NUMBER)) == done
    assert world.stage.asked.count("print_slip") == 1


def test_what_was_sealed_is_not_held_any_longer(world: Any) -> None:
    world.to_handing_in()
    world.answer(ev.Sealed(world.stage.ticket, LOCAL))
    assert vars(world.visit)["_composed"] is None


def test_not_saved_tried_again_and_delivered(world: Any) -> None:
    failed = world.to_not_saved()
    assert failed == views.NotSaved("S101")
    assert world.scene.chrome.patience_left_s == DEFAULTS.patience_s
    assert world.do(ev.TryAgain()) == views.HandingIn("sealing", "")
    assert world.scene.chrome.patience_left_s is None
    assert world.stage.asked.count("seal") == 2
    assert world.stage.case.case_id == CASE_ID
    world.answer(ev.Sealed(world.stage.ticket, LOCAL))
    assert world.answer(ev.Delivered(world.stage.ticket, NUMBER)).received


def test_not_saved_promises_nothing(world: Any) -> None:
    world.to_not_saved()
    assert "print_slip" not in world.stage.asked
    world.do(ev.AskLeave())
    assert world.view == views.LeaveQuestion(handed_in=False)
    assert world.do(ev.Leave()) == views.Goodbye(handed_in=False, slip=False, card=True, papers=True)


def test_the_answer_of_an_earlier_try_is_dropped(world: Any) -> None:
    world.to_not_saved()
    old = world.stage.ticket
    world.do(ev.TryAgain())
    assert world.answer(ev.SealFailed(old, "S101")) == views.HandingIn("sealing", "")


def test_given_up_as_lost_and_durable_after_all(world: Any) -> None:
    world.to_not_saved()
    case = world.stage.ticket
    world.do(ev.AskLeave())
    assert world.answer(ev.Sealed(case, LOCAL)) == views.HandingIn("saved", LOCAL)
    assert world.stage.asked.count("seal") == 1
    assert world.answer(ev.Delivered(case, NUMBER)).received


def test_help_is_there_while_it_is_handed_in(world: Any) -> None:
    world.to_handing_in()
    assert not world.scene.chrome.can_leave
    assert isinstance(world.do(ev.AskHelp()), views.Help)
    world.answer(ev.Sealed(world.stage.ticket, LOCAL))
    world.answer(ev.Delivered(world.stage.ticket, NUMBER))
    assert isinstance(world.do(ev.Stay()), views.Done)


def test_she_changes_her_mind_before_she_signs(world: Any) -> None:
    world.at("sign")
    first = world.view.digest
    world.do(ev.Back(), ev.GoTo("form"), ev.Fill("phone", "19900000002"), ev.Continue())
    again = world.do(ev.Continue())
    assert again.digest != first
    world.do(ev.Sign((((0.2, 0.2), (0.8, 0.3)),)))
    assert world.stage.case.manifest["form"]["phone"] == "19900000002"
    assert world.stage.case.manifest["signature"]["signs"].startswith(again.digest)


def test_the_logbook_tells_the_case_and_never_the_citizen(world: Any) -> None:
    world.to_done()
    world.answer(ev.PrintFailed(world.stage.ticket, "condition.paper_out"))
    told = dict(world.logbook.lines)
    assert told[Log.CASE_SEALED] == {"case": CASE_ID}
    assert told[Log.RECEIPT_FAILED] == {"case": CASE_ID, "code": "condition.paper_out"}
