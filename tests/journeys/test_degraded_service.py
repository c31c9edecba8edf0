"""One device is dead: what it is needed for is grey with its reason, everything else goes on."""

from dataclasses import replace

import pytest

from kiosk.catalogue.load import Catalogue
from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.service import blocked, needed, stopped_by
from tests.journeys.walked_world import PERSON, STROKES, World, page


def broken(world: World, **faults: str) -> None:
    world.around = replace(world.around, faults=faults)


def card_of(view: views.View) -> views.MatterCard:
    assert isinstance(view, views.Home)
    return next(card for card in view.popular if card.code == "N02")


# --- what needs what ---


def test_a_matter_says_which_steps_it_needs(catalogue: Catalogue) -> None:
    matter = catalogue.matter("N02")
    assert needed(matter) == ("photograph",)  # a name may be typed
    assert needed(replace(matter, by_hand=False)) == ("identify", "photograph")


def test_a_matter_without_sheets_needs_no_camera(catalogue: Catalogue) -> None:
    matter = catalogue.matter("N02")
    without = replace(matter, items=tuple(replace(item, materials=()) for item in matter.items))
    assert needed(without) == ()
    assert blocked(without, {"document_camera": "D101"}) is None


def test_a_sheet_that_only_some_need_sends_nobody_away(catalogue: Catalogue) -> None:
    matter = catalogue.matter("N02")
    only_tenants = tuple(
        replace(
            item, materials=tuple((slot, rules) for slot, rules in item.materials if slot in ("01", "02"))
        )
        for item in matter.items
    )
    assert "photograph" not in needed(replace(matter, items=only_tenants))


def test_the_scanner_stands_in_for_the_camera(catalogue: Catalogue) -> None:
    matter = catalogue.matter("N02")
    assert blocked(matter, {"document_camera": "D101"}) is None
    assert blocked(matter, {"document_camera": "D101", "document_scanner": "D101"}) == "photograph"


def test_a_dead_printer_or_keypad_stops_no_matter(catalogue: Catalogue) -> None:
    assert stopped_by({"receipt_printer": "D101", "evaluator": "D102"}, catalogue.matters) == ()
    faults = {"document_camera": "D101", "document_scanner": "D101"}
    assert stopped_by(faults, catalogue.matters) == tuple(m for m in catalogue.matters if m.complete)


# --- on the screen ---


def test_what_cannot_be_done_is_grey_with_its_reason(world: World) -> None:
    assert card_of(world.do(ev.Start())).blocked == ""
    broken(world, document_camera="D101", document_scanner="D101")
    assert card_of(world.view).blocked == "photograph"
    listed = world.do(ev.ShowAll())
    assert isinstance(listed, views.Matters)
    assert [card.code for card in listed.cards if card.blocked] == [
        c.code for c in listed.cards if c.complete
    ]
    broken(world)
    assert card_of(world.do(ev.Back())).blocked == ""  # it is back


def test_its_notice_can_be_read_and_leads_nowhere(world: World) -> None:
    world.do(ev.Start())
    broken(world, document_camera="D102", document_scanner="D101")
    view = world.do(ev.ChooseMatter("N02"))
    assert isinstance(view, views.Notice)
    assert view.blocked == "photograph"
    world.do(ev.Continue())  # touched in the moment in which the camera failed
    assert world.journey.state == "notice"
    broken(world)
    world.do(ev.Continue())
    assert world.journey.state == "readiness"


# --- no card can be read ---


def test_a_dead_reader_offers_to_type_and_the_window_is_told(world: World) -> None:
    world.to_card()
    view = world.answer(ev.CardFailed(world.stage.ticket, "D101"))
    assert view == views.PlaceCard("D101", by_hand=True)
    form = world.do(ev.EnterByHand())
    assert isinstance(form, views.Form)
    assert form.by_hand
    assert [entry.field.name for entry in form.asked] == ["name", "number"]
    assert world.stage.asked[-1] == "stop_card"
    confirm = world.do(ev.Fill("name", "王小明"), ev.Fill("number", PERSON.number), ev.Continue())
    assert isinstance(confirm, views.ConfirmIdentity)
    assert confirm.typed
    assert (confirm.name, confirm.number) == ("王*", "429***********0019")
    world.do(ev.Continue())
    world.do(
        ev.Answer("applicant", "mainland"),
        ev.Answer("errand", "first"),
        ev.Answer("housing", "owned"),
        ev.Continue(),
    )
    world.do(ev.Fill("household_address", "湖北省天门市竟陵街道示例路1号"), ev.Fill("ethnicity", "汉"))
    view = world.fill_form()
    assert isinstance(view, views.Form)
    view = world.do(ev.Continue())
    while isinstance(view, views.Capture):
        view = world.do(ev.Continue()) if view.enough else world.take()
    world.do(ev.Continue(), ev.Sign(STROKES))
    assert world.stage.case is not None
    applicant = world.stage.case.manifest["applicant"]
    assert (applicant["entered"], applicant["name"], applicant["number"]) == (
        "manual",
        "王小明",
        PERSON.number,
    )
    assert applicant["birth"] == "1990-03-07"


def test_a_module_that_failed_its_self_test_is_a_dead_reader(world: World) -> None:
    world.to_card()
    view = world.answer(ev.CardFailed(world.stage.ticket, "condition.out_of_service"))
    assert view == views.PlaceCard("condition.out_of_service", by_hand=True)


def test_a_card_that_she_can_lay_down_again_is_no_reason_to_type(world: World) -> None:
    world.to_card()
    view = world.answer(ev.CardFailed(world.stage.ticket, "condition.card_unreadable"))
    assert view == views.PlaceCard("condition.card_unreadable", by_hand=False)


@pytest.mark.parametrize("number", ["", "429006199003070010", "42900619900307", "429006199013070019"])
def test_a_number_that_cannot_be_is_sent_back(world: World, number: str) -> None:
    world.to_card()
    world.answer(ev.CardFailed(world.stage.ticket, "D101"))
    world.do(ev.EnterByHand(), ev.Fill("name", "王小明"), ev.Fill("number", number), ev.Continue())
    form = world.view
    assert isinstance(form, views.Form)
    assert form.show_problems
    assert [bool(entry.problem) for entry in form.asked] == [False, True]


def test_the_way_back_from_what_was_typed(world: World) -> None:
    world.to_typed()
    form = world.do(ev.Back())
    assert isinstance(form, views.Form)
    assert [entry.value for entry in form.asked] == ["王小明", PERSON.number]  # nothing is to be typed twice
    assert isinstance(world.do(ev.Back()), views.PlaceCard)
    world.answer(
        ev.CardFailed(world.stage.ticket, "")
    )  # the reader is back, and a card can be read after all
    confirm = world.answer(ev.CardRead(world.stage.ticket, PERSON))
    assert isinstance(confirm, views.ConfirmIdentity)
    assert not confirm.typed


def test_what_only_a_card_could_tell_is_asked(world: World) -> None:
    world.to_typed()
    world.do(ev.Continue())
    form = world.do(
        ev.Answer("applicant", "mainland"),
        ev.Answer("errand", "first"),
        ev.Answer("housing", "owned"),
        ev.Continue(),
    )
    assert isinstance(form, views.Form)
    assert {entry.field.name for entry in form.known} >= {"name"}
    assert all(entry.value for entry in form.known)


def test_typed_data_is_wiped_with_the_visit(world: World) -> None:
    world.to_typed()
    world.do(ev.AskLeave(), ev.Leave())
    assert "王小明" not in world.traces
    assert PERSON.number not in world.traces


# --- the document scanner ---


def with_scanner(world: World) -> None:
    world.around = replace(world.around, scanner=True, faults={"document_camera": "D101"})


def test_many_sheets_in_one_go(world: World) -> None:
    world.to_capture()
    assert isinstance(world.view, views.Capture)
    assert not world.view.scanner
    with_scanner(world)
    view = world.view
    assert isinstance(view, views.Capture)
    assert view.scanner
    world.do(ev.Scan())
    assert world.stage.asked[-1] == "scan_pages"
    assert world.stage.most == view.max_pages
    sheets = tuple(page(shade=200 + number) for number in range(view.max_pages + 1))
    after = world.answer(ev.PagesScanned(world.stage.ticket, sheets[:2]))
    assert isinstance(after, views.Capture)
    assert (len(after.taken), after.taking, after.enough) == (2, False, True)


def test_never_more_pages_than_the_material_takes(world: World) -> None:
    world.to_capture()
    with_scanner(world)
    view = world.do(ev.Scan())
    assert isinstance(view, views.Capture)
    world.answer(ev.PagesScanned(world.stage.ticket, tuple(page() for _ in range(view.max_pages + 3))))
    full = world.view
    assert isinstance(full, views.Capture)
    assert len(full.taken) == view.max_pages


def test_what_went_through_before_a_jam_is_kept(world: World) -> None:
    world.to_capture()
    with_scanner(world)
    world.do(ev.Scan())
    view = world.answer(ev.PagesScanned(world.stage.ticket, (page(),), "condition.paper_jam"))
    assert isinstance(view, views.Capture)
    assert (len(view.taken), view.trouble) == (1, "condition.paper_jam")


def test_an_empty_feeder_says_so(world: World) -> None:
    world.to_capture()
    with_scanner(world)
    world.do(ev.Scan())
    view = world.answer(ev.PageFailed(world.stage.ticket, "condition.feeder_empty"))
    assert isinstance(view, views.Capture)
    assert (view.trouble, view.taking) == ("condition.feeder_empty", False)
