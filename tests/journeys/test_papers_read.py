"""Pages are read while she goes on: warnings, proposals for the form that she confirms, pages for another material."""

from dataclasses import replace

import pytest

from kiosk.domain.scanned import format_form_code
from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.reading import Field, Kind, Reading, Warning
from tests.journeys.walked_world import SECRETS, STROKES, World, page

ADDRESS = "湖北省天门市皂市镇示例街22号"
FRONT = Reading(
    Kind.ID_FRONT,
    {"ethnicity": Field("土家", 0.99), "address": Field(ADDRESS, 0.9), "sex": Field("男", 0.1)},
    True,
)
BACK = Reading(Kind.ID_BACK, {"valid_to": Field("2030-01-01", 0.99)}, True)


def to_papers(world: World) -> views.View:
    """Nothing could tell what stands on her card but its photograph: she typed name and number alone."""
    world.to_typed()
    world.do(ev.Continue())
    world.do(
        ev.Answer("applicant", "mainland"),
        ev.Answer("errand", "first"),
        ev.Answer("housing", "owned"),
        ev.Continue(),
    )
    world.fill_form()
    return world.do(ev.Continue())


def read(world: World, reading: Reading, codes: tuple[str, ...] = ()) -> views.View:
    """The reader answers what it was asked last."""
    ticket, sha256, _, _ = world.stage.reads[-1]
    return world.answer(ev.PageRead(ticket, sha256, reading, codes))


def photograph(world: World, shade: int) -> views.View:
    world.do(ev.TakePicture())
    return world.answer(ev.PageTaken(world.stage.ticket, page(shade=shade)))


def to_review(world: World) -> views.View:
    """Both sides of her card are read, and the rest of the materials photographed."""
    to_papers(world)
    photograph(world, 201)
    read(world, FRONT)
    world.do(ev.Continue())
    photograph(world, 202)
    read(world, BACK)
    view = world.do(ev.Continue())
    while isinstance(view, views.Capture):
        view = world.do(ev.Continue()) if view.enough else world.take(page(shade=210))
    return view


def entry(view: views.View, name: str) -> views.FormEntry:
    assert isinstance(view, views.Form)
    return next(each for each in (*view.known, *view.asked) if each.field.name == name)


def test_she_need_not_write_what_her_paper_will_tell(world: World) -> None:
    view = to_papers(world)
    assert isinstance(view, views.Capture)
    assert "ethnicity" not in world.visit.record.values()


def test_the_page_on_the_screen_is_read_as_what_is_wanted_there(world: World) -> None:
    to_papers(world)
    photograph(world, 201)
    world.do(ev.Continue())
    photograph(world, 202)
    world.do(ev.Continue())
    assert [kind for _, _, kind, _ in world.stage.reads] == [Kind.ID_FRONT, Kind.ID_BACK]


def test_what_was_read_is_a_proposal_until_she_confirms_it(world: World) -> None:
    assert isinstance(to_review(world), views.Review)
    form = world.do(ev.Continue())
    asked = entry(form, "ethnicity")
    assert (asked.value, asked.source, asked.problem) == ("土家", "ocr", "ocr.confirm")
    assert world.do(ev.Continue()) == replace(form, show_problems=True)  # not without her word
    world.do(ev.Fill("ethnicity", "土家"))
    view = world.do(ev.Fill("household_address", "湖北省天门市示例路7号"))
    assert entry(view, "ethnicity").source == "citizen"
    assert isinstance(world.do(ev.Continue()), views.Review)
    world.do(ev.Continue(), ev.Sign(STROKES))
    assert world.stage.case is not None
    told = world.stage.case.manifest["form"]
    assert (told["ethnicity"], told["household_address"]) == ("土家", "湖北省天门市示例路7号")


def test_what_she_has_written_counts_more_than_what_was_read(world: World) -> None:
    world.to_typed()
    world.do(ev.Continue())
    world.do(
        ev.Answer("applicant", "mainland"),
        ev.Answer("errand", "first"),
        ev.Answer("housing", "owned"),
        ev.Continue(),
    )
    world.do(ev.Fill("ethnicity", "回"))
    world.fill_form()
    world.do(ev.Continue())
    photograph(world, 201)
    read(world, FRONT)
    world.do(ev.Continue())
    assert world.visit.record.values()["ethnicity"].value == "回"


def test_what_could_hardly_be_read_is_not_proposed(world: World) -> None:
    to_papers(world)
    photograph(world, 201)
    doubtful = replace(FRONT, fields={"ethnicity": Field("土家", 0.2)})
    read(world, doubtful)
    world.do(ev.Continue())
    assert "ethnicity" not in world.visit.record.values()


def test_when_nothing_could_be_read_she_is_asked(world: World) -> None:
    to_papers(world)
    photograph(world, 201)
    ticket, sha256, _, _ = world.stage.reads[-1]
    world.answer(ev.ReadFailed(ticket, sha256, "R102"))
    view = world.do(ev.Continue())
    while isinstance(view, views.Capture):
        view = world.do(ev.Continue()) if view.enough else world.take(page(shade=210))
    form = world.do(ev.Continue())
    assert entry(form, "ethnicity").value == ""
    assert isinstance(world.do(ev.Continue()), views.Form)


@pytest.mark.parametrize("warning", Warning)
def test_a_page_that_is_not_what_is_wanted_is_said_so_and_she_may_insist(
    world: World, warning: Warning
) -> None:
    to_papers(world)
    assert photograph(world, 201).warnings == ()
    view = read(world, Reading(Kind.ID_FRONT, {}, False, (warning,)))
    assert isinstance(view, views.CheckPage)
    assert view.warnings == (warning.value,)
    view = world.do(ev.Continue())
    assert isinstance(view, views.Capture)
    assert len(view.taken) == 1


def test_a_reading_that_comes_late_is_for_its_own_page(world: World) -> None:
    to_papers(world)
    photograph(world, 201)
    first = world.stage.reads[-1]
    world.do(ev.Continue())
    view = photograph(world, 202)
    view = world.answer(ev.PageRead(first[0], first[1], replace(FRONT, warnings=(Warning.EXPIRED,))))
    assert view.warnings == ()
    assert world.visit.record.values()["ethnicity"].value == "土家"


def test_a_page_that_was_deleted_proposes_nothing(world: World) -> None:
    to_papers(world)
    photograph(world, 201)
    read(world, FRONT)
    world.do(ev.Continue(), ev.DeletePage("00", 0))
    assert "ethnicity" not in world.visit.record.values()


def test_a_reading_of_the_last_visit_is_not_heard(world: World) -> None:
    to_papers(world)
    photograph(world, 201)
    ticket, sha256, _, _ = world.stage.reads[-1]
    world.do(ev.AskLeave(), ev.Leave())
    world.answer(ev.PageRead(ticket, sha256, FRONT))
    assert world.visit.record.read.readings == {}
    assert ADDRESS not in world.traces


def test_nothing_that_was_read_is_in_the_logbook(world: World) -> None:
    to_review(world)
    said = repr(world.logbook.lines)
    assert "page_read" in said
    assert not any(secret in said for secret in (ADDRESS, "土家", *SECRETS))


def coded(world: World, **codes: str) -> None:
    """The forms of these slots bear printed codes."""
    record = world.visit.record
    materials = tuple(replace(m, form_code=codes.get(f"slot_{m.slot}", "")) for m in record.chosen.materials)
    record.matter = replace(record.chosen, materials=materials)


def test_a_form_with_a_printed_code_goes_to_its_own_material(world: World) -> None:
    to_papers(world)
    coded(world, slot_03="TM-HOUSE-")
    photograph(world, 201)
    assert world.stage.reads[-1][3]  # its codes are looked for
    view = read(
        world, Reading(Kind.ID_FRONT, {}, False, (Warning.NOT_THIS_KIND,)), ("https://x", "TM-HOUSE-0001")
    )
    assert view.goes_to == "房产证、购房合同或购房发票"
    assert view.warnings == ()  # it is only not what the other slot wants
    world.do(ev.Continue())
    record = world.visit.record
    assert (len(record.kept("00")), len(record.kept("03"))) == (0, 1)


def test_a_blank_form_of_this_system_names_its_material(world: World) -> None:
    to_papers(world)
    photograph(world, 201)
    for code in (format_form_code("C01", "03"), format_form_code("N02", "99")):
        assert read(world, FRONT, (code,)).goes_to == ""  # another matter's; a slot that there is not
    view = read(world, FRONT, (format_form_code("N02", "03"),))
    assert view.goes_to == "房产证、购房合同或购房发票"


def test_a_code_of_the_open_material_or_of_none_changes_nothing(world: World) -> None:
    to_papers(world)
    coded(world, slot_00="TM-CARD-", slot_03="TM-HOUSE-")
    for shade, code in ((201, "TM-CARD-1"), (202, "TM-OTHER-1")):
        photograph(world, shade)
        assert read(world, FRONT, (code,)).goes_to == ""
        world.do(ev.Continue())
    assert len(world.visit.record.kept("00")) == 2


def test_a_full_material_takes_no_page_from_another(world: World) -> None:
    to_papers(world)
    coded(world, slot_03="TM-HOUSE-")
    record = world.visit.record
    most = next(m.max_pages for m in record.plan().materials if m.slot == "03")
    record.pages["03"] = [page(shade=100 + number) for number in range(most)]
    photograph(world, 201)
    assert read(world, FRONT, ("TM-HOUSE-1",)).goes_to == ""
