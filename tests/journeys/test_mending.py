"""补正 and 撤回: only what was sent back is asked again, signed, durable before thanked; withdrawing is asked twice."""

import hashlib
from dataclasses import replace

import pytest

from kiosk.domain.case import canonical
from kiosk.journey import events as ev
from kiosk.journey import views
from tests.journeys.walked_world import CORRECTION, PERSON, STANDING, STROKES, World

FIELDS_ONLY = replace(STANDING, correction=replace(CORRECTION, materials=()))
PAGES_ONLY = replace(STANDING, correction=replace(CORRECTION, fields=()))


def test_only_what_was_sent_back_is_asked(world: World) -> None:
    case = world.to_standing()
    assert case.mendable and case.asked_again.materials == ("房屋租赁合同",)
    form = world.do(ev.Mend())
    assert [entry.field.name for entry in form.asked] == ["phone"] and form.known == ()
    assert world.scene.chrome.steps == ()
    capture = world.do(ev.Fill("phone", "19900000001"), ev.Continue())
    assert (capture.material.slot, capture.of) == ("01", 1)
    world.take()
    review = world.do(ev.Continue())
    assert (review.situations, review.items) == ((), ())
    assert [value for _, value in review.fields] == ["199****0001"]
    assert [material.slot for material in review.materials] == ["01"]
    assert isinstance(world.do(ev.Continue()), views.SignView)


def test_what_is_sent_is_signed_and_names_nobody_in_clear(world: World) -> None:
    assert world.to_mended() == views.HandingIn("sealing")
    message = world.stage.message
    assert (message.kind, message.case_id) == ("correction", STANDING.case_id)
    assert dict(message.body) == {"correction_id": CORRECTION.correction_id}
    content = dict(message.content)
    signature = content.pop("signature")
    assert (content.pop("schema"), content.pop("number")) == (1, PERSON.number)
    assert content["form"] == {"phone": "19900000001"}
    assert [material["slot"] for material in content["materials"]] == ["01"]
    signed = {"case_id": STANDING.case_id, "correction_id": CORRECTION.correction_id, **content}
    assert signature["signs"] == hashlib.sha256(canonical(signed)).hexdigest()
    assert [name for name, _ in message.parts] == ["p01", "p02"]
    assert hashlib.sha256(dict(message.parts)["p02"]).hexdigest() == signature["sha256"]


def test_durable_before_thanked_and_with_a_slip(world: World) -> None:
    world.to_mended()
    assert world.scene.chrome.patience_left_s is None
    assert isinstance(world.turn(600), views.HandingIn)
    noted = world.answer(ev.MessageKept(world.stage.ticket, "T-000002-1"))
    assert (noted.kind, noted.number, noted.receipt) == ("correction", "T-000002-1", "printing")
    printed = repr(world.stage.slip)
    assert "T-000002-1" in printed and PERSON.name not in printed and PERSON.number not in printed
    assert world.answer(ev.Printed(world.stage.ticket)).receipt == "printed"
    assert isinstance(world.do(ev.Continue()), views.Goodbye)


def test_what_could_not_be_kept_is_tried_again(world: World) -> None:
    world.to_mended()
    first = world.stage.message
    assert world.answer(ev.MessageFailed(world.stage.ticket, "S101")) == views.NotSaved("S101")
    world.do(ev.TryAgain())
    assert world.stage.message == first
    assert isinstance(world.answer(ev.MessageKept(world.stage.ticket, "T-000002-1")), views.Noted)


def test_it_waits_for_its_pdfs(world: World) -> None:
    world.to_standing(PAGES_ONLY)
    world.do(ev.Mend())
    world.take()
    world.do(ev.Continue())
    world.stage.binds_at_once = False
    world.do(ev.Continue(), ev.Sign(STROKES))
    assert world.stage.message is None
    world.answer(ev.Bound(world.visit.awaited["papers"], world.stage.bound()))
    assert world.stage.message is not None


def test_pages_only_and_back(world: World) -> None:
    world.to_standing(PAGES_ONLY)
    capture = world.do(ev.Mend())
    assert capture.material.slot == "01"
    world.take()
    case = world.do(ev.Back())
    assert isinstance(case, views.CaseStanding)
    again = world.do(ev.Mend())
    assert isinstance(again, views.Capture) and len(again.taken) == 1  # what she photographed is there yet


def test_fields_only_and_back(world: World) -> None:
    world.to_standing(FIELDS_ONLY)
    world.do(ev.Mend(), ev.Fill("phone", "19900000001"))
    review = world.do(ev.Continue())
    assert isinstance(review, views.Review) and review.materials == ()
    assert world.do(ev.GoTo("situation")) == review
    assert isinstance(world.do(ev.Back()), views.Form)
    assert isinstance(world.do(ev.Back()), views.CaseStanding)


def test_what_this_terminal_does_not_know_goes_to_the_window(world: World) -> None:
    for unknown in (
        replace(STANDING, matter_code="Z99"),
        replace(STANDING, correction=replace(CORRECTION, fields=("no_such_field",))),
        replace(STANDING, correction=replace(CORRECTION, materials=(("99", "别的"),))),
    ):
        world = World(world.visit._catalogue, world.visit._words)
        case = world.to_standing(unknown)
        assert case.asked_again is not None and not case.mendable
        assert world.do(ev.Mend()) == case


def test_without_a_camera_pages_cannot_be_put_right_here(world: World) -> None:
    world.around = replace(world.around, faults={"document_camera": "D101", "document_scanner": "D101"})
    assert not world.to_standing().mendable
    world = World(world.visit._catalogue, world.visit._words)
    world.around = replace(world.around, faults={"document_camera": "D101", "document_scanner": "D101"})
    assert world.to_standing(FIELDS_ONLY).mendable


@pytest.mark.parametrize("event", [ev.Mend(), ev.AskWithdraw()])
def test_who_has_only_the_slip_may_look_and_change_nothing(world: World, event: ev.CitizenEvent) -> None:
    world.at("case_number")
    world.do(ev.Fill("number", STANDING.acceptance_number), ev.Fill("check", "0019"), ev.Continue())
    world.answer(ev.ProgressFound(world.stage.ticket, STANDING))
    assert world.do(event) == views.PlaceCard(purpose="progress")


def test_withdrawing_is_asked_twice(world: World) -> None:
    world.to_standing()
    assert world.do(ev.AskWithdraw()).sure is False
    scene = world.scene
    assert world.do(ev.Continue()).sure is True
    world.conductor.touch(ev.Continue(), scene.number)  # the second tap of a trembling finger
    assert world.view.sure is True and world.stage.message is None
    world.do(ev.Continue())
    message = world.stage.message
    assert (message.kind, message.case_id, dict(message.body)) == ("withdrawal", STANDING.case_id, {})
    assert message.content == {"schema": 1, "number": PERSON.number, "reason": ""}
    assert world.answer(ev.MessageKept(world.stage.ticket, "T-000003-3")).kind == "withdrawal"


def test_after_a_withdrawal_nobody_is_told_that_something_was_handed_in(world: World) -> None:
    world.to_standing()
    assert leave_asked(world).about == "looking"
    world.do(ev.AskWithdraw())
    assert leave_asked(world).about == "looking", "it is still thought over"
    world.do(ev.Continue(), ev.Continue())
    world.answer(ev.MessageKept(world.stage.ticket, "T-000003-3"))
    question = leave_asked(world)
    assert (question.handed_in, question.about) == (True, "withdrawal")
    goodbye = world.do(ev.Leave())
    assert isinstance(goodbye, views.Goodbye)
    assert (goodbye.sent, goodbye.card, goodbye.papers) == ("withdrawal", True, False)


def leave_asked(world: World) -> views.LeaveQuestion:
    question = world.do(ev.AskLeave())
    assert isinstance(question, views.LeaveQuestion)
    world.do(ev.Stay())
    return question


def test_withdrawing_is_thought_better_of(world: World) -> None:
    case = world.to_standing()
    assert world.do(ev.AskWithdraw(), ev.Continue(), ev.Back()) == case
    assert world.do(ev.AskWithdraw()).sure is False


def test_what_cannot_be_withdrawn_is_not(world: World) -> None:
    case = world.to_standing(replace(STANDING, can_withdraw=False))
    assert world.do(ev.AskWithdraw()) == case


def test_a_correction_is_no_visit_that_a_power_cut_ended(world: World) -> None:
    world.to_standing()
    world.do(ev.Mend(), ev.Fill("phone", "19900000001"), ev.Continue())
    assert world.stage.notes == []


def test_another_persons_card_finds_nothing_of_the_first(world: World) -> None:
    world.to_standing()
    world.do(ev.Mend(), ev.Fill("phone", "19900000001"), ev.Back(), ev.Back())
    world.do(ev.LayCard())
    assert world.stage.anew is False and world.visit.record.filled == {}
