"""Between the last question and the camera: nothing is asked that is settled, nothing of hers is used unasked."""

import pytest

from ground.logbook import Event
from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.journey.delays import DEFAULTS
from kiosk.journey.replacing import text_sha256
from tests.journeys.any_matter import fill, sealed
from tests.journeys.walked_world import KNOWN_VALUES, PERSON, World, page


def test_one_item_and_nothing_to_choose_has_no_overview(world: World) -> None:
    world.to_identified()
    world.do(ev.Continue())
    view = world.do(
        ev.Answer("applicant", "mainland"), ev.Answer("errand", "endorse"), ev.Answer("housing", "owned")
    )
    assert isinstance(view, views.Form)


def test_two_items_are_put_together_with_honest_numbers(world: World) -> None:
    view = world.to_overview()
    assert isinstance(view, views.Overview)
    saved = {one.kind: (one.before, one.after) for one in view.saved}
    assert saved == {"forms": (2, 1), "materials": (6, 3), "visits": (2, 1)}
    assert world.scene.chrome.sample


def test_an_overview_that_was_seen_is_not_shown_twice(world: World) -> None:
    world.to_review()
    world.do(ev.GoTo("situation"))
    view = world.do(ev.Continue(), ev.Continue(), ev.Continue())
    assert isinstance(view, views.Review)


def test_offline_nobody_is_asked_for_her_earlier_cases(world: World) -> None:
    world.offline()
    assert isinstance(world.to_graduate(), views.Overview)
    assert world.stage.earlier == ("", "")


def test_a_number_that_was_typed_opens_nobodys_earlier_cases(world: World) -> None:
    world.to_typed()
    world.do(ev.Continue())
    assert not world.visit.earlier_offered()
    assert world.stage.searched == []


def test_refusing_costs_nothing(world: World) -> None:
    world.to_graduate()
    assert isinstance(world.do(ev.Refuse()), views.Overview)
    assert world.stage.earlier == ("", "")
    assert world.visit.record.arranged.consented_at is None


def test_she_is_asked_for_with_her_consent_alone(world: World) -> None:
    world.to_graduate()
    view = world.do(ev.Continue())
    assert isinstance(view, views.EarlierCases) and view.asking
    assert world.stage.earlier == (PERSON.number, "N04")
    found = [facts for event, facts in world.logbook.lines if event is Event.EARLIER_FOUND]
    assert found == []


def test_a_platform_that_does_not_answer_is_not_waited_for(world: World) -> None:
    world.to_graduate()
    world.do(ev.Continue())
    ticket = world.stage.ticket
    slow = world.turn(DEFAULTS.slow_after_s)
    assert isinstance(slow, views.EarlierCases) and slow.slow
    view = world.turn(DEFAULTS.earlier_s - DEFAULTS.slow_after_s)
    assert isinstance(view, views.Overview) and view.earlier == "failed"
    late = world.answer(ev.EarlierFound(ticket, KNOWN_VALUES, ()))
    assert isinstance(late, views.Overview) and late.found == 0


def test_what_was_found_is_hers_only_when_she_says_so(world: World) -> None:
    world.to_known()
    form = world.do(ev.Continue())
    assert isinstance(form, views.Form)
    (phone,) = [entry for entry in form.asked if entry.field.name == "phone"]
    assert (phone.source, phone.from_matter) == ("earlier", "居住证办理一件事")
    assert not phone.field.locked and "phone" not in world.visit.record.confirmed()
    world.do(ev.AllRight())
    assert world.visit.record.confirmed()["phone"].source == "citizen"


def test_a_licence_that_was_found_counts_and_may_be_taken_back(world: World) -> None:
    view = world.to_known()
    assert isinstance(view, views.Overview)
    before = {one.kind: one.after for one in view.saved}
    assert {c.slot: c.chosen for c in view.choices} == {"01": "licence", "07": "paper", "08": "licence"}
    view = world.do(ev.ChooseProof("01", "paper"))
    assert isinstance(view, views.Overview)
    assert {one.kind: one.after for one in view.saved}["materials"] == before["materials"] + 1


def test_for_somebody_else_nothing_that_is_known_of_her_is_used(world: World) -> None:
    world.do(ev.Start(), ev.ShowAll(), ev.ChooseMatter("C32"), *[ev.Continue()] * 3)
    world.answer(ev.CardRead(world.stage.ticket, PERSON))
    view = world.do(ev.Continue())
    while isinstance(view, views.Situation):
        view = world.do(ev.Answer(view.question.name, view.question.choices[0].value))
    assert isinstance(view, views.EarlierCases)
    world.do(ev.Continue())
    world.answer(ev.EarlierFound(world.stage.ticket, KNOWN_VALUES, world.held(view.licences)))
    world.do(ev.Back())
    while isinstance(world.view, views.Situation) and world.view.question.name != "who":
        world.do(ev.Back())
    view = world.do(ev.Answer("who", "agent"))
    while isinstance(view, views.Situation):
        view = world.do(ev.Continue())
    assert isinstance(view, views.Overview)
    arranged = world.visit.record.arranged
    assert (arranged.values, arranged.licences, arranged.consented_at) == ({}, (), None)
    assert all("licence" not in choice.ways for choice in view.choices)


def test_a_promise_is_read_ticked_and_confirmed(world: World) -> None:
    view = world.to_promise()
    assert isinstance(view, views.PromiseText)
    assert view.instead_of == ("灵活就业证明",) and view.false_means
    assert isinstance(world.do(ev.Continue()), views.PromiseText), "nobody promises by touching on"
    world.do(ev.TickPromise())
    assert isinstance(world.do(ev.Continue()), views.Form)
    assert world.visit.record.arranged.promised == {"flexible"}


def test_rather_the_paper(world: World) -> None:
    world.to_promise()
    assert isinstance(world.do(ev.RatherPaper()), views.Form)
    assert "07" in {m.slot for m in world.visit.record.plan().materials}
    assert world.visit.record.plan().promises == ()


def test_the_signature_covers_the_promises_very_words(world: World) -> None:
    manifest = sealed(world, "C25", {})
    promise = world.visit.record.plan().promises[0]
    told = [one["promise"] for one in manifest["replaced"] if one["by"] == "promise"]
    assert {"name": promise.name, "title": promise.title, "text_sha256": text_sha256(promise)} in told


def test_pages_of_a_paper_that_is_spared_do_not_travel(world: World) -> None:
    world.to_graduates_form()
    record = world.visit.record
    record.kept("08").append(page())
    world.do(ev.Back(), ev.Continue())
    assert "08" not in record.pages


def test_the_way_of_the_result_needs_what_it_needs(world: World) -> None:
    view = world.to_delivery()
    assert isinstance(view, views.Form) and view.delivery
    assert [entry.field.name for entry in view.asked] == ["way"]
    view = world.do(ev.Fill("way", "post"))
    assert isinstance(view, views.Form)
    assert [(entry.field.name, bool(entry.value)) for entry in view.asked] == [
        ("way", True),
        ("phone", True),
        ("address", True),
    ]
    assert [entry.value for entry in view.known] == ["王*"]


def test_without_an_a4_printer_nothing_is_printed_here(world: World) -> None:
    view = world.to_delivery()
    assert isinstance(view, views.Form)
    assert "print" not in [choice.value for choice in view.asked[0].field.choices]


def test_naming_herself_is_a_mistake_of_whoever_acts(world: World) -> None:
    world.do(ev.Start(), ev.ShowAll(), ev.ChooseMatter("C29"), *[ev.Continue()] * 3)
    world.answer(ev.CardRead(world.stage.ticket, PERSON))
    view = world.do(ev.Continue(), ev.Answer("who", "agent"))
    while not isinstance(view, views.Form):
        match view:
            case views.Situation():
                view = world.do(ev.Answer(view.question.name, view.question.choices[0].value))
            case _:
                view = world.do(ev.Continue())
    fill(world, view, "")
    view = world.do(ev.Fill("insured_number", PERSON.number), ev.Continue())
    assert isinstance(view, views.Form)
    problems = {entry.field.name: entry.problem for entry in view.asked if entry.problem}
    assert problems == {"insured_number": "form.problem.same_person"}


@pytest.mark.parametrize("state", ["form", "capture", "review"])
def test_kept_for_another_time(world: World, state: str) -> None:
    world.at(state)
    note = world.visit.record.note()
    question = world.do(ev.AskLeave())
    assert isinstance(question, views.LeaveQuestion) and question.can_save
    view = world.do(ev.SaveDraft())
    assert isinstance(view, views.Goodbye) and view.draft == "saving"
    assert world.stage.saved is not None and world.stage.saved.note == note
    assert world.stage.saved.number == PERSON.number
    world.answer(ev.DraftSaved(world.stage.saved_ticket))
    assert isinstance(world.view, views.Goodbye) and world.view.draft == "saved"
    assert PERSON.number not in world.traces


def test_it_is_said_honestly_that_it_could_not_be_kept(world: World) -> None:
    world.to_capture()
    world.do(ev.AskLeave(), ev.SaveDraft())
    view = world.answer(ev.DraftFailed(world.stage.saved_ticket, "S101"))
    assert isinstance(view, views.Goodbye) and view.draft == "failed"


@pytest.mark.parametrize("state", ["confirm", "done", "evaluate", "situation"])
def test_nothing_told_or_handed_in_is_not_kept(world: World, state: str) -> None:
    world.at(state)
    question = world.do(ev.AskLeave())
    assert isinstance(question, views.LeaveQuestion) and not question.can_save
