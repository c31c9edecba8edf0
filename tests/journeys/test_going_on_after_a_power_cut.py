"""A power cut ended her visit: with her card she goes on where she was; nobody else ever sees a word of it."""

from dataclasses import replace

from kiosk.journey import events as ev
from kiosk.journey import views
from tests.journeys.walked_world import CASE_ID, PERSON, World, kept_visit, page

OTHER = replace(PERSON, name="李小红", number="429006199205120028", sex="女", photo=PERSON.photo[::-1])


def test_what_she_tells_is_kept_as_she_goes_along(world: World) -> None:
    world.to_capture()
    assert world.stage.notes[0].answers == {}
    assert world.stage.notes[-1].filled["phone"] == "19900000001"
    assert world.stage.notes[-1].pages == ()
    kept = page(shade=240)
    world.take(kept)
    assert [(slot, kept_page.sha256) for slot, kept_page in world.stage.drafts] == [("00", kept.sha256)]
    world.do(ev.Back())
    assert world.stage.notes[-1].pages == (kept.sha256,)
    before = len(world.stage.notes)
    world.do(ev.Continue())
    assert len(world.stage.notes) == before, "what did not change is not written again"


def test_a_deleted_page_is_noted_as_gone(world: World) -> None:
    view = world.to_capture("owned")
    while not (isinstance(view, views.Capture) and view.taken and view.max_pages > 1):
        view = world.do(ev.Continue()) if isinstance(view, views.Capture) and view.enough else world.take()
    world.do(ev.DeletePage(view.material.slot, 0))
    noted = world.stage.notes[-1].pages
    assert len(noted) == world.visit.record.page_count()


def test_the_case_has_its_number_before_she_signs(world: World) -> None:
    world.at("sign")
    assert world.stage.notes[-1].case_id == CASE_ID


def test_nothing_is_noted_of_a_number_that_was_typed(world: World) -> None:
    world.around = replace(world.around, faults={"id_card_reader": "D101"})
    world.to_typed()
    world.do(ev.Continue())
    assert world.stage.notes == []
    assert world.stage.wanted is None, "whoever types her number must not get her pages"
    assert world.stage.card is None


def test_nothing_is_kept_of_a_card_whose_portrait_the_reader_does_not_hand_out(world: World) -> None:
    world.to_identified(replace(PERSON, photo=b""))
    assert world.stage.card is None
    world.do(ev.Continue())
    assert world.stage.notes == []


def test_what_is_kept_is_sealed_to_the_card_that_was_read(world: World) -> None:
    world.to_identified()
    first = world.stage.card
    world.do(ev.Back())
    world.answer(ev.CardRead(world.stage.ticket, OTHER))
    assert first is not None and world.stage.card not in (None, first)


def test_she_goes_on_where_she_was(world: World) -> None:
    view = world.to_unfinished()
    assert isinstance(view, views.Unfinished)
    assert view.pages == 1
    view = world.do(ev.Continue())
    assert isinstance(view, views.Capture)
    assert view.material.slot == world.visit.record.lacking()[0]
    assert world.stage.taken_up == ["a-visit"]
    assert world.stage.dropped == []
    record = world.visit.record
    assert record.filled["phone"] == "19900000001"
    assert [p.sha256 for p in record.kept("00")] == ["1" * 64]


def test_a_case_id_that_was_drawn_stays(world: World) -> None:
    world.to_identified()
    kept = kept_visit(world, case_id="a-case")
    world.answer(ev.KeptFound(world.stage.kept_ticket, kept))
    view = world.do(ev.Continue(), ev.Continue())
    while isinstance(view, views.Capture):
        view = world.do(ev.Continue()) if view.enough else world.take()
    world.do(ev.Continue())
    assert world.visit.record.case_id == "a-case"


def test_with_a_question_open_she_is_asked_it_first(world: World) -> None:
    world.to_identified()
    kept = kept_visit(world, answers={"applicant": "mainland"}, form_seen=False)
    world.answer(ev.KeptFound(world.stage.kept_ticket, kept))
    view = world.do(ev.Continue(), ev.Continue())
    assert isinstance(view, views.Situation)
    assert view.question.name == "errand"


def test_starting_over_deletes_it(world: World) -> None:
    world.to_unfinished()
    view = world.do(ev.StartOver())
    assert isinstance(view, views.Situation)
    assert not view.chosen
    assert world.stage.dropped == ["a-visit"]
    assert world.visit.record.page_count() == 0


def test_leaving_deletes_it_and_going_back_does_not(world: World) -> None:
    world.to_unfinished()
    assert isinstance(world.do(ev.Back()), views.ConfirmIdentity)
    assert world.stage.dropped == []
    world.answer(ev.KeptFound(world.stage.kept_ticket, kept_visit(world)))
    world.do(ev.Continue(), ev.AskLeave(), ev.Leave())
    assert world.stage.dropped == ["a-visit"]
    assert "示例路2号" not in world.traces


def test_the_next_person_is_asked_for_anew(world: World) -> None:
    world.to_unfinished()
    world.do(ev.Back(), ev.Back())
    world.answer(ev.CardRead(world.stage.ticket, OTHER))
    assert world.stage.wanted is not None
    assert OTHER.number in world.stage.wanted.who
    assert isinstance(world.do(ev.Continue()), views.Situation), "hers is not offered to another person"


def test_found_while_she_looks_at_the_first_question(world: World) -> None:
    world.to_identified()
    ticket, kept = world.stage.kept_ticket, kept_visit(world)
    world.do(ev.Continue())
    assert isinstance(world.answer(ev.KeptFound(ticket, kept)), views.Unfinished)
    assert isinstance(world.do(ev.Continue()), views.Capture)


def test_found_when_she_has_answered_it_goes_by(world: World) -> None:
    world.to_identified()
    ticket, kept = world.stage.kept_ticket, kept_visit(world)
    world.do(ev.Continue(), ev.Answer("applicant", "mainland"))
    assert isinstance(world.answer(ev.KeptFound(ticket, kept)), views.Situation)
    assert world.stage.dropped == []
