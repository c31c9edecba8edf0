"""What can be wrong with a card, with the reader, and with who holds it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kiosk.domain.identity import Doubt
from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.stage import CARD_AGAIN
from tests.journeys.walked_world import PERSON, STROKES

SISTER = replace(PERSON, name="王小红", sex="女", number="429006199003070027", birth=date(1990, 3, 7))
DISAGREEING = {
    Doubt.NUMBER_FORM: replace(PERSON, number="42900619900307"),
    Doubt.CHECK_DIGIT: replace(PERSON, number="429006199003070010"),
    Doubt.REGION_UNKNOWN: replace(PERSON, number="999006199003070010"),
    Doubt.BIRTH: replace(PERSON, birth=date(1990, 3, 8)),
    Doubt.BIRTH_MISSING: replace(PERSON, birth=None),
    Doubt.SEX: replace(PERSON, sex="女"),
    Doubt.EXPIRED: replace(PERSON, valid_to=date(2026, 11, 20)),
    Doubt.NOT_YET_VALID: replace(PERSON, valid_from=date(2026, 11, 22)),
    Doubt.VALIDITY_MISSING: replace(PERSON, valid_from=None),
}


@pytest.mark.parametrize("doubt", list(Doubt))
def test_what_disagrees_is_shown_and_sent_along(world: Any, doubt: Doubt) -> None:
    confirm = world.to_identified(DISAGREEING[doubt])
    assert doubt.value in confirm.doubts
    world.to_rest_of_the_way()
    assert doubt.value in world.stage.case.manifest["applicant"]["doubts"]


def test_a_card_that_agrees_has_no_doubts(world: Any) -> None:
    assert world.to_identified().doubts == ()


@pytest.mark.parametrize(
    "code",
    ["condition.card_unreadable", "condition.not_an_id_card", "condition.suspect_card", "D101", "D102"],
)
def test_trouble_is_told_and_goes_away_by_itself(world: Any, code: str) -> None:
    world.to_card()
    ticket = world.stage.ticket
    assert world.answer(ev.CardFailed(ticket, code)) == views.PlaceCard(
        code, by_hand=code in ("D101", "D102")
    )
    assert world.answer(ev.CardFailed(ticket, "")) == views.PlaceCard("")
    assert isinstance(world.answer(ev.CardRead(ticket, PERSON)), views.ConfirmIdentity)
    assert world.stage.asked[-1] == "stop_card"


def test_the_reader_is_tried_again_by_touch(world: Any) -> None:
    world.to_card()
    old = world.stage.ticket
    world.answer(ev.CardFailed(old, "D101"))
    assert world.do(ev.TryAgain()) == views.PlaceCard("")
    assert world.stage.asked[-2:] == ["stop_card", "watch_card"]
    world.answer(ev.CardRead(old, PERSON))
    assert world.journey.state == "card"  # the old question's answer


def test_the_card_that_is_lifted_early_is_no_matter(world: Any) -> None:
    confirm = world.to_identified()
    world.answer(ev.CardFailed(world.stage.ticket, "condition.card_unreadable"))
    assert world.view == confirm


def test_not_me_lift_the_card_and_lay_another(world: Any) -> None:
    world.to_identified()
    assert not world.stage.anew
    assert world.do(ev.Back()) == views.PlaceCard(CARD_AGAIN)
    assert world.stage.anew
    assert world.scene.chrome.who == ""
    ticket = world.stage.ticket
    assert world.answer(ev.CardFailed(ticket, "")) == views.PlaceCard("")
    assert world.answer(ev.CardRead(ticket, SISTER)).number.endswith("0027")


def test_coming_back_to_the_reader_from_before_it_says_so_too(world: Any) -> None:
    world.to_identified()
    world.do(ev.Back(), ev.Back(), ev.Continue())
    assert world.view == views.PlaceCard(CARD_AGAIN)


def back_to_the_card(world: Any) -> None:
    while world.journey.state != "card":
        world.do(ev.Back())


def test_another_persons_card_starts_an_empty_case(world: Any) -> None:
    world.to_review()
    back_to_the_card(world)
    world.answer(ev.CardRead(world.stage.ticket, SISTER))
    record = world.visit.record
    assert (record.answers, record.filled, record.pages, record.form_seen) == ({}, {}, {}, False)
    assert world.do(ev.Continue()).chosen == ""


def test_the_same_persons_card_keeps_what_she_did(world: Any) -> None:
    world.to_review()
    back_to_the_card(world)
    world.answer(ev.CardRead(world.stage.ticket, PERSON))
    record = world.visit.record
    assert record.page_count() == 4 and record.filled["phone"] == "19900000001"


def test_what_was_composed_does_not_survive_the_way_back(world: Any) -> None:
    world.at("sign")
    world.do(ev.Back())
    assert vars(world.visit)["_composed"] is None


def test_a_signature_is_bound_to_the_person_whose_card_was_read_last(world: Any) -> None:
    world.to_review()
    back_to_the_card(world)
    world.answer(ev.CardRead(world.stage.ticket, SISTER))
    world.to_rest_of_the_way(STROKES)
    assert world.stage.case.manifest["applicant"]["number"] == SISTER.number
