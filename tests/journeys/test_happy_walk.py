"""The whole visit, headless: what she sees, what is asked of the world, what is handed in."""

import json
from hashlib import sha256
from typing import Any

import pytest

from devices.evaluator import Level
from devices.receipt_printer import Pair, Qr, Text
from ground.logbook import Event
from kiosk.domain.case import canonical
from kiosk.journey import events as ev
from kiosk.journey import views


def test_idle_home_notice(world: Any) -> None:
    assert isinstance(world.view, views.Idle)
    home = world.do(ev.Start())
    assert isinstance(home, views.Home)
    assert [card.code for card in home.popular] == ["N02"]
    assert home.total == 65
    notice = world.do(ev.ChooseMatter("N02"))
    assert isinstance(notice, views.Notice)
    assert notice.complete and notice.sample
    ready = world.do(ev.Continue())
    assert isinstance(ready, views.Readiness)
    assert [m.slot for m in ready.always] == ["00"]
    assert "出租房屋" in [label for label, _ in ready.depends]


def test_the_card_is_not_asked_for_before_she_agreed(world: Any) -> None:
    world.do(ev.Start(), ev.ChooseMatter("N02"), ev.Continue(), ev.Continue())
    assert isinstance(world.view, views.Consent)
    assert "watch_card" not in world.stage.asked
    world.do(ev.Continue())
    assert world.stage.asked[-1] == "watch_card"


def test_her_name_and_number_are_masked_everywhere(world: Any) -> None:
    confirm = world.to_identified()
    assert isinstance(confirm, views.ConfirmIdentity)
    assert confirm.name == "王*"
    assert confirm.number.startswith("429") and confirm.number.endswith("0019")
    assert "19900307" not in confirm.number
    assert "王小明" not in repr(world.scene)


def test_no_view_of_the_walk_shows_name_or_number(world: Any) -> None:
    world.to_done()
    seen = repr(world.scene)
    assert "王小明" not in seen and "429006199003070019" not in seen


@pytest.mark.parametrize(
    ("housing", "slots"),
    [
        ("rented", ["00", "01", "02"]),
        ("owned", ["00", "03"]),
        ("employer", ["00", "07", "08"]),
        ("school", ["00", "06"]),
        ("relative", ["00", "03", "05"]),
    ],
)
def test_the_situation_decides_the_materials(world: Any, housing: str, slots: list[str]) -> None:
    world.to_form(housing)
    assert [material.slot for material in world.visit.record.plan().materials] == slots


def test_the_case_that_is_sealed_is_the_case_that_was_signed(world: Any) -> None:
    world.to_handing_in()
    case = world.stage.case
    told = case.manifest
    six = ("matter", "situation", "items", "applicant", "form", "materials")
    signed = {name: told[name] for name in (*six, "plan", "replaced", "delivery", "agent") if name in told}
    assert set(signed) == {*six, "plan"}
    assert told["signature"]["signs"] == sha256(canonical(signed)).hexdigest()
    parts = dict(case.parts)
    for material in told["materials"]:
        assert sha256(parts[material["part"]]).hexdigest() == material["sha256"]
    assert parts[told["signature"]["part"]].startswith(b"\x89PNG")
    assert told["sample"] is True
    assert told["situation"] == {"applicant": "mainland", "errand": "first", "housing": "rented"}
    json.dumps(told)


def test_hand_in_says_saved_only_after_it_is_durable(world: Any) -> None:
    view = world.to_handing_in()
    assert view == views.HandingIn("sealing", "")
    assert world.scene.chrome.patience_left_s is None  # the machine keeps her waiting, not she the machine
    view = world.answer(ev.Sealed(world.stage.ticket, "T-000001-3"))
    assert view == views.HandingIn("saved", "T-000001-3")
    done = world.answer(ev.Delivered(world.stage.ticket, "429006-20261121-000001-7"))
    assert isinstance(done, views.Done)
    assert done.received and done.number == "429006-20261121-000001-7"


def test_the_slip_is_masked_and_scannable(world: Any) -> None:
    world.to_done()
    elements = world.stage.slip.elements
    texts = " ".join(
        e.text if isinstance(e, Text) else f"{e.label}{e.value}"
        for e in elements
        if isinstance(e, Text | Pair)
    )
    assert "王小明" not in texts and "429006199003070019" not in texts
    assert "王*" in texts and "居住证办理一件事" in texts and "429006-20261121-000001-7" in texts
    assert "示例" in texts
    assert [e.content for e in elements if isinstance(e, Qr)] == ["TTS1:429006-20261121-000001-7"]


def test_evaluation_on_the_screen(world: Any) -> None:
    world.to_done()
    world.answer(ev.Printed(world.stage.ticket))
    view = world.do(ev.Continue())
    assert isinstance(view, views.Evaluate)
    assert view.level is None and view.reasons == ()
    view = world.do(ev.Rate(Level.DISSATISFIED))
    assert isinstance(view, views.Evaluate)
    world.do(ev.ToggleReason(view.reasons[0].code))
    goodbye = world.do(ev.Continue())
    assert isinstance(goodbye, views.Goodbye) and goodbye.handed_in and goodbye.slip
    [(case_id, evaluation)] = world.stage.evaluations
    assert case_id == "7f3c0f9e-5a0e-4c39-9d56-0d3b9a4f1c11"
    assert evaluation.level is Level.DISSATISFIED and evaluation.channel == "screen"
    assert evaluation.reasons == (view.reasons[0].code,)


def test_evaluation_on_the_keypad(world: Any) -> None:
    world.to_done()
    world.answer(ev.Printed(world.stage.ticket))
    world.do(ev.Continue())
    assert isinstance(world.answer(ev.Pressed(world.stage.ticket, Level.VERY_SATISFIED)), views.Goodbye)
    assert [e.channel for _, e in world.stage.evaluations] == ["device"]


def test_evaluation_is_never_forced(world: Any) -> None:
    world.to_done()
    world.answer(ev.Printed(world.stage.ticket))
    world.do(ev.Continue())
    assert isinstance(world.do(ev.Skip()), views.Goodbye)
    assert world.stage.evaluations == []


def test_the_evaluation_follows_the_receipt_by_itself(world: Any) -> None:
    world.to_done()
    world.answer(ev.Printed(world.stage.ticket))
    assert isinstance(world.turn(12.1), views.Evaluate)


def test_goodbye_wipes_and_goes_idle(world: Any) -> None:
    world.to_done()
    world.answer(ev.Printed(world.stage.ticket))
    world.do(ev.Continue(), ev.Skip())
    assert "forget" in world.stage.asked
    assert "王小明" not in repr(world.visit.record) and world.visit.record.applicant is None
    assert isinstance(world.turn(8.1), views.Idle)
    finished = [facts for event, facts in world.logbook.lines if event is Event.VISIT_FINISHED]
    assert finished == [{"outcome": "done", "last": "evaluate"}]


def test_nothing_personal_in_the_logbook(world: Any) -> None:
    world.to_done()
    assert not [
        line for line in world.logbook.lines if "王" in str(line) or "429006199003070019" in str(line)
    ]


def test_what_the_camera_sees_reaches_the_screen(world: Any) -> None:
    world.to_capture()
    ticket = world.stage.ticket
    assert world.answer(ev.SheetSeen(ticket, "steady")).sheet == "steady"
    assert world.answer(ev.SheetSeen(ticket, "taken")).sheet == "taken"
    assert world.answer(ev.SheetReady(ticket)).taking
    assert world.stage.asked[-1] == "take_page"
