"""A visit that she has kept goes through the real outbox to the real platform, and comes back to her card alone.

So do earlier cases and e-licences: asked for with her consent, each value with where it came from.
"""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from kiosk.case_desk import CaseDesk
from kiosk.catalogue.load import load_catalogue
from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.kept_visit import DraftToSave, Note
from kiosk.saved_visits import SavedVisits, note_of, page_of
from kiosk.words import Words
from kiosk.workers import Worker
from tests.journeys.any_matter import step
from tests.journeys.walked_world import GRADUATE, PERSON, World
from tests.offline_cache.citizen import Hall
from tests.system.test_put_right_at_the_terminal import AtOnce, RealOutbox, Terminal
from tools.assemble import CATALOGUE, WORDS

OTHER = replace(PERSON, name="李小红", number="429006199205120029", sex="女", photo=PERSON.photo[::-1])


class Keeping(RealOutbox):
    """What is kept for another time goes the real way, too."""

    def __init__(self, hall: Hall) -> None:
        super().__init__(hall)
        self.network = hall
        self.visits = SavedVisits(
            cast(Worker[Any], AtOnce(hall.platform)),
            cast(Worker[CaseDesk], AtOnce(self.desk)),
            lambda event: self.post(event),
        )

    def ask_earlier(self, ticket: int, number: str, matter: str, consented_at: datetime) -> None:
        self.visits.earlier(ticket, number, matter, consented_at)

    def save_draft(self, ticket: int, draft: DraftToSave) -> None:
        super().save_draft(ticket, draft)
        self.visits.save(ticket, draft)
        if self.network.network:
            self.network.deliver()

    def find_saved(self, ticket: int, wanted: Note) -> None:
        self.visits.find(ticket, wanted)

    def drop_saved(self, number: str, draft_id: str) -> None:
        self.visits.drop(number, draft_id)


class KeepingTerminal(Terminal):
    """One terminal of several with the same platform; each walks with a stage of its own."""

    def __init__(self, hall: Hall) -> None:
        catalogue, words = load_catalogue(CATALOGUE, date(2026, 11, 21)), Words.load(WORDS, "zh-Hans")
        World.__init__(self, catalogue, words, Keeping(hall), lambda: str(uuid.uuid4()))
        self.hall = hall

    def kept(self) -> views.View:
        """Two pages of her identity card are kept, then she has to go."""
        view = self.to_capture("owned")
        while isinstance(view, views.Capture) and view.material.slot == "00":
            view = self.do(ev.Continue()) if view.enough else self.take()
        question = self.do(ev.AskLeave())
        assert isinstance(question, views.LeaveQuestion) and question.can_save
        goodbye = self.do(ev.SaveDraft())
        assert isinstance(goodbye, views.Goodbye) and goodbye.draft == "saved"
        assert isinstance(self.turn(20.0), views.Idle)
        return goodbye


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    made = Hall(tmp_path)
    yield made
    made.close()


def again(hall: Hall, card: Any = PERSON) -> World:
    """Another terminal; she lays her card on the reader."""
    there = KeepingTerminal(hall)
    there.to_identified(card)
    return there


def test_she_goes_on_at_another_terminal(hall: Hall) -> None:
    KeepingTerminal(hall).kept()
    there = again(hall)
    view = there.do(ev.Continue())
    assert isinstance(view, views.Unfinished)
    assert (view.saved, view.pages) == (True, 2)
    view = there.do(ev.Continue())
    assert isinstance(view, views.Capture) and view.material.slot == "03"
    record = there.visit.record
    assert record.filled["phone"] == "19900000001"
    assert [len(record.kept(slot)) for slot in ("00", "03")] == [2, 0]


def test_handing_it_in_ends_what_was_kept(hall: Hall) -> None:
    KeepingTerminal(hall).kept()
    there = again(hall)
    view = there.do(ev.Continue(), ev.Continue())
    while isinstance(view, views.Capture):
        view = there.do(ev.Continue()) if view.enough else there.take()
    there.do(ev.Continue(), ev.Sign((((0.1, 0.1), (0.9, 0.2)),)))
    assert isinstance(there.view, views.Done)
    assert hall.platform.people.drafts(PERSON.number) == ()
    assert isinstance(again(hall).do(ev.Continue()), views.Situation)


def test_kept_again_it_replaces_what_was_kept_before(hall: Hall) -> None:
    KeepingTerminal(hall).kept()
    there = again(hall)
    there.do(ev.Continue(), ev.Continue(), ev.Back(), ev.Back(), ev.AskLeave(), ev.SaveDraft())
    assert len(hall.platform.people.drafts(PERSON.number)) == 1


def test_starting_over_deletes_it_and_leaving_does_not(hall: Hall) -> None:
    KeepingTerminal(hall).kept()
    there = again(hall)
    there.do(ev.Continue(), ev.AskLeave(), ev.Leave())
    assert len(hall.platform.people.drafts(PERSON.number)) == 1
    there = again(hall)
    assert isinstance(there.do(ev.Continue(), ev.StartOver()), views.Situation)
    assert hall.platform.people.drafts(PERSON.number) == ()


def test_nobody_else_finds_it(hall: Hall) -> None:
    KeepingTerminal(hall).kept()
    assert isinstance(again(hall, OTHER).do(ev.Continue()), views.Situation)


def test_without_a_network_it_is_safe_and_travels_later(hall: Hall) -> None:
    hall.network = False
    KeepingTerminal(hall).kept()
    hall.network = True
    hall.deliver()
    assert len(hall.platform.people.drafts(PERSON.number)) == 1


def test_another_release_asks_for_other_things(hall: Hall) -> None:
    KeepingTerminal(hall).kept()
    there = KeepingTerminal(hall)
    seen: list[Note] = []
    find = there.stage.find_saved
    there.stage.find_saved = lambda ticket, wanted: seen.append(wanted)  # type: ignore[method-assign]
    there.to_identified()
    find(there.stage.kept_ticket, replace(seen[0], version="of another year"))
    assert isinstance(there.do(ev.Continue()), views.Situation)


@pytest.mark.parametrize("damaged", [None, "text", {}, {"matter": "N02"}, {"unknown": 1}])
def test_a_note_that_cannot_be_read_is_none(damaged: object) -> None:
    assert note_of(damaged) is None


@pytest.mark.parametrize("damaged", [b"", b"{}\n", b'{"slot": "00"}\nno page', b"\xff\n"])
def test_a_page_that_is_damaged_is_photographed_again(damaged: bytes) -> None:
    assert page_of(damaged) is None


def test_her_licences_stand_for_papers_and_the_platform_takes_it(hall: Hall) -> None:
    """The sample library holds two licences of her that this matter may use."""
    there = KeepingTerminal(hall)
    view = there.to_graduate()
    assert isinstance(view, views.EarlierCases)
    view = there.do(ev.Continue())
    assert isinstance(view, views.Overview)
    assert {choice.slot: choice.chosen for choice in view.choices} == {
        "01": "licence",
        "07": "paper",
        "08": "licence",
    }
    for _ in range(200):
        view = there.view
        if isinstance(view, views.Done):
            break
        step(there, view, GRADUATE, proof="best", way="post", agree=True)
    case_id = there.visit.record.case_id
    told = hall.operator("GET", f"cases/{case_id}").json()
    assert {one["slot"]: one["by"] for one in told["replaced"]} == {
        "01": "licence",
        "07": "promise",
        "08": "licence",
    }


def test_what_she_wrote_before_is_proposed_with_where_it_came_from(hall: Hall) -> None:
    there = KeepingTerminal(hall)
    there.handed_in()
    there.to_graduate()
    overview = there.do(ev.Continue())
    assert isinstance(overview, views.Overview) and overview.found
    form = there.do(ev.Continue())
    assert isinstance(form, views.Form)
    (phone,) = [entry for entry in form.asked if entry.field.name == "phone"]
    assert (phone.value, phone.source, phone.from_matter) == ("19900000001", "earlier", "居住证办理一件事")
    assert phone.problem and there.visit.record.confirmed().get("phone") is None
    there.do(ev.AllRight())
    assert there.visit.record.confirmed()["phone"].value == "19900000001"
