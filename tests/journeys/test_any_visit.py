"""A citizen who touches anything that can be touched, a world that answers anything in any order, and time."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from devices.evaluator import Level
from kiosk.capture.judge import Verdict
from kiosk.catalogue.load import load_catalogue
from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.journey.delays import DEFAULTS
from kiosk.words import Words
from tests.journeys.posts import postable
from tests.journeys.walked_world import (
    CODE_LASTS_S,
    KNOWN_LICENCES,
    KNOWN_VALUES,
    OTHER,
    PERSON,
    STANDING,
    STATES,
    World,
    files,
    page,
)
from tools.assemble import CATALOGUE, WORDS

_CATALOGUE = load_catalogue(CATALOGUE, date(2026, 11, 21))
_WORDS = Words.load(WORDS, "zh-Hans")
_PAGES = (page(), page(Verdict.BLURRED), page(Verdict.NO_SHEET))
#: longer than any patience together with the goodbye after it
_LONG_ENOUGH_S = (CODE_LASTS_S + 60, DEFAULTS.patience_s, DEFAULTS.goodbye_s, DEFAULTS.sorry_s)


def answers(asked: str, ticket: int) -> list[ev.WorldEvent]:
    """Everything that the world may say to a request, good and bad."""
    match asked:
        case "card":
            codes = ("", "D101", "condition.card_unreadable", "condition.card_again")
            return [ev.CardRead(ticket, PERSON), *(ev.CardFailed(ticket, code) for code in codes)]
        case "sheet":
            seen = ("none", "moving", "steady", "taken")
            told: list[ev.WorldEvent] = [ev.SheetSeen(ticket, state) for state in seen]  # type: ignore[arg-type]
            return [
                *told,
                ev.SheetReady(ticket),
                ev.CameraFailed(ticket, "D101"),
                ev.CameraFailed(ticket, ""),
            ]
        case "page":
            taken = [ev.PageTaken(ticket, one) for one in _PAGES]
            scanned = [ev.PagesScanned(ticket, _PAGES), ev.PagesScanned(ticket, (), "condition.paper_jam")]
            return [*taken, *scanned, ev.PageFailed(ticket, "no_sheet"), ev.PageFailed(ticket, "D102")]
        case "phone":
            return [
                ev.PhoneReady(ticket, "https://ywt.example.cn/u/ABCD", 300.0),
                ev.PhoneOpened(ticket),
                ev.PhoneArrived(ticket, 2),
                ev.PhoneOver(ticket, ""),
                ev.PhoneOver(ticket, "U101"),
            ]
        case "stick":
            return [
                ev.StickSeen(ticket, "in", files("a.jpg", "b.pdf")),
                ev.StickSeen(ticket, "out"),
                ev.StickSeen(ticket, "out", code="F133"),
                ev.FilePictured(ticket, 1, b"jpeg"),
                ev.FilePictured(ticket, 2, b"", "F112"),
            ]
        case "slip":
            return [ev.Printed(ticket), ev.PrintFailed(ticket, "condition.paper_out")]
        case "asking":
            return [
                ev.CasesFound(ticket, (STANDING, OTHER)),
                ev.CasesFound(ticket, (STANDING,)),
                ev.CasesFound(ticket, ()),
                ev.ProgressFound(ticket, None),
                ev.ProgressFound(ticket, STANDING),
                ev.AskFailed(ticket, "U101"),
                ev.AskFailed(ticket, "waits"),
            ]
        case "message":
            return [ev.MessageKept(ticket, "T-000002-1"), ev.MessageFailed(ticket, "S101")]
        case "code":
            texts = (
                "TTM1:N02",
                "TTM1:Z99",
                "TTS1:T-000001-3",
                "TTF1:N02:01",
                "http://a.example/b",
                "\x00",
                "",
            )
            return [ev.CodeScanned(ticket, text) for text in texts]
        case "earlier":
            found = (ev.EarlierFound(ticket), ev.EarlierFound(ticket, KNOWN_VALUES, KNOWN_LICENCES))
            return [*found, ev.EarlierFailed(ticket, "U101")]
        case "draft":
            return [ev.DraftSaved(ticket), ev.DraftFailed(ticket, "S101")]
        case "rating":
            return [ev.Pressed(ticket, level) for level in Level]
    return []


class AnyVisit(RuleBasedStateMachine):
    """The stage keeps its promises (a case is sealed, then delivered); everything else may come in any order."""

    @initialize(state=st.sampled_from(("idle", *STATES)), binds_at_once=st.booleans())
    def begin(self, state: str, binds_at_once: bool) -> None:
        """Anywhere in a visit: by random touches alone hardly anybody would come to its end."""
        self.world = World(_CATALOGUE, _WORDS)
        if state != "idle":
            self.world.at(state)
        self.world.stage.binds_at_once = binds_at_once
        self.acknowledged = int(state in ("done", "evaluate", "tips"))

    @rule(which=st.integers(0, 10**6))
    def touches(self, which: int) -> None:
        events = postable(self.world.scene)
        self.world.do(events[which % len(events)])

    @precondition(lambda self: not isinstance(self.world.view, views.Idle))
    @rule(steps=st.integers(1, 12))
    def goes_on(self, steps: int) -> None:
        """As most people do; random touches alone would seldom come far."""
        for _ in range(steps):
            self._step()

    def _step(self) -> None:
        world, view = self.world, self.world.view
        match view:
            case views.Home() | views.Matters():
                world.do(ev.ChooseMatter("N02"))
            case views.Situation():
                world.do(ev.Answer(view.question.name, view.question.choices[0].value))
            case views.Form() if any(not entry.value for entry in view.asked):
                world.fill_form()
            case views.Capture() if not view.enough:
                world.do(ev.TakePicture())
            case views.SignView():
                world.do(ev.Sign((((0.1, 0.1), (0.9, 0.2)),)))
            case views.StillThere() | views.LeaveQuestion() | views.Help():
                world.do(ev.Stay())
            case _ if ev.Continue() in postable(world.scene):
                world.do(ev.Continue())
        kinds = (
            ("card", ev.CardRead), ("page", ev.PageTaken), ("papers", ev.Bound), ("case", ev.Sealed)
        )  # fmt: skip
        for asked, kind in kinds:
            if asked in world.visit.awaited:
                self._answer(asked, next((a for a in self._possible(asked) if isinstance(a, kind)), None))

    @rule(which=st.integers(0, 10**6), late=st.booleans())
    def the_world_answers(self, which: int, late: bool) -> None:
        awaited = self.world.visit.awaited
        if awaited:
            asked = sorted(awaited)[which % len(awaited)]
            possible = self._possible(asked, late=late)
            self._answer(asked, possible[which % len(possible)] if possible else None)

    def _possible(self, asked: str, *, late: bool = False) -> list[Any]:
        ticket = self.world.visit.awaited[asked] - (1 if late else 0)
        if asked == "papers":
            return [ev.Bound(ticket, self.world.stage.bound()), ev.BindFailed(ticket, "D102")]
        if asked != "case":
            return answers(asked, ticket)
        if self.world.visit.record.local_number:
            return [ev.Delivered(ticket, "429006-20261121-000001-7")]
        return [ev.Sealed(ticket, "T-000001-3"), ev.SealFailed(ticket, "S101")]

    def _answer(self, asked: str, answer: ev.WorldEvent | None) -> None:
        if answer is None:
            return
        heard = getattr(answer, "ticket", 0) == self.world.visit.awaited.get(asked)
        if isinstance(answer, ev.SealFailed) and self.world.journey.state == "not_saved":
            return  # each request is answered once
        if isinstance(answer, ev.MessageFailed) and self.world.journey.state == "not_sent":
            return
        self.world.answer(answer)
        if isinstance(answer, ev.Sealed) and heard:
            self.acknowledged += 1

    @rule(seconds=st.sampled_from([0.1, 1.0, 2.0, 8.0, 12.0, 31.0, 61.0, 95.0]))
    def time_passes(self, seconds: float) -> None:
        self.world.turn(seconds)

    @rule()
    def the_network_goes(self) -> None:
        self.world.offline()

    @rule(
        kinds=st.sets(st.sampled_from(("id_card", "document_camera", "document_scanner"))),
        scanner=st.booleans(),
    )
    def devices_fail_and_come_back(self, kinds: set[str], scanner: bool) -> None:
        faults = dict.fromkeys(kinds, "D101")
        self.world.around = replace(self.world.around, faults=faults, scanner=scanner)

    @rule(phone=st.booleans(), stick=st.booleans())
    def other_ways_come_and_go(self, phone: bool, stick: bool) -> None:
        self.world.around = replace(self.world.around, phone_upload=phone, stick_in=stick)

    def teardown(self) -> None:
        """From everywhere the idle screen comes back by itself; only a case that is being sealed is waited for."""
        if not hasattr(self, "world"):
            return  # not even begun
        while (state := self.world.journey.state) in ("handing_in", "sending"):
            last = "case" if state == "handing_in" else "message"
            asked = "papers" if "papers" in self.world.visit.awaited else last
            self._answer(asked, self._possible(asked)[-1])
        for seconds in _LONG_ENOUGH_S:
            self.world.turn(seconds)
        assert isinstance(self.world.view, views.Idle)
        assert PERSON.name not in self.world.traces

    @invariant()
    def nobody_reads_her_name_or_number(self) -> None:
        event(f"was in {self.world.journey.state}")
        if self.world.journey.state == "by_hand":
            return  # what she types herself, while she types it
        seen = repr(self.world.scene)
        if not self.world.visit.record.revealed:  # she had it shown herself, for some seconds
            assert PERSON.name not in seen and PERSON.number not in seen

    @invariant()
    def each_visit_is_acknowledged_once_at_most(self) -> None:
        assert self.acknowledged <= 1
        if isinstance(self.world.view, views.Idle):
            self.acknowledged = 0
            record = self.world.visit.record
            assert record.applicant is None and not record.pages and not record.filled

    @invariant()
    def only_what_is_durable_is_said_to_be_saved(self) -> None:
        view = self.world.view
        if isinstance(view, views.Done) or (isinstance(view, views.HandingIn) and view.stage == "saved"):
            assert self.acknowledged == 1


AnyVisit.TestCase.settings = settings(
    max_examples=100, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
TestAnyVisit = AnyVisit.TestCase
