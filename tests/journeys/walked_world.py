"""A world in memory: a stage that notes what was asked, a manual clock, an invented citizen."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import cv2
import numpy as np

from devices.id_card import CardKind, IdCard
from devices.receipt_printer import Slip
from ground.clock import ManualClock
from ground.logbook import MemoryLogbook
from kiosk.capture.bind import Binding, Document, bound
from kiosk.capture.fingerprint import Seen
from kiosk.capture.flatten import SheetSize
from kiosk.capture.judge import Measures, Verdict
from kiosk.capture.page import Page
from kiosk.catalogue.load import Catalogue
from kiosk.catalogue.model import Check
from kiosk.conductor import Conductor
from kiosk.domain.case import Evaluation
from kiosk.domain.standing import Correction, DepartmentStanding, Standing
from kiosk.intake.stick import FileKind, StickFile
from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.journey.arranged import EarlierValue, HeldLicence
from kiosk.journey.delays import DEFAULTS
from kiosk.journey.journey import Journey
from kiosk.journey.record import Strokes
from kiosk.journey.show import Show
from kiosk.journey.surroundings import Surroundings
from kiosk.journey.visit import Visit
from kiosk.kept_visit import DraftToSave, KeptVisit, Note
from kiosk.reading import Kind
from kiosk.stage import Message, SealingCase, Sheet
from kiosk.words import Words
from offline_cache.drafts import OwnKey

NOW = datetime(2026, 11, 21, 1, 41, tzinfo=UTC)
CASE_ID = "7f3c0f9e-5a0e-4c39-9d56-0d3b9a4f1c11"
PERSON = IdCard(
    kind=CardKind.RESIDENT,
    name="王小明",
    sex="男",
    ethnicity="汉",
    birth=date(1990, 3, 7),
    address="湖北省天门市竟陵街道示例路1号",
    number="429006199003070019",
    authority="天门市公安局",
    valid_from=date(2020, 5, 1),
    valid_to=date(2040, 5, 1),
    long_term=False,
    photo=bytes(range(256)) * 4,
)
#: what the platform knows of her: what she wrote in an earlier case, and two of her licences
KNOWN_VALUES = (EarlierValue("phone", "19900000001", "居住证办理一件事", NOW - timedelta(days=250)),)
KNOWN_LICENCES = (
    HeldLicence("高等教育学历电子证书", "高等教育学历电子证书", "示例-XL-1", "教育部门"),
    HeldLicence("电子居民户口簿", "电子居民户口簿", "示例-HK-1", "公安部门"),
)
CODE_LASTS_S = 300.0
NUMBER = "429006-20261121-000001-0"  # its check character is right: what she types is checked
CORRECTION = Correction(
    correction_id="c-1",
    department="公安局",
    reason="租房合同缺第 2 页，联系电话少一位",
    fields=("phone",),
    materials=(("01", "房屋租赁合同"),),
    asked_at=NOW - timedelta(hours=3),
)
STANDING = Standing(
    case_id="5e0c0f9e-5a0e-4c39-9d56-0d3b9a4f1c22",
    acceptance_number=NUMBER,
    matter_code="N02",
    matter="居住证办理",
    state="correction",
    received_at=NOW - timedelta(days=1),
    departments=(
        DepartmentStanding(
            "公安局", ("居住登记", "居住证办理"), "correction", "请补正", NOW - timedelta(hours=3)
        ),
        DepartmentStanding("卫生健康局", (), "waiting", "等公安局办好", NOW - timedelta(days=1)),
    ),
    correction=CORRECTION,
    can_withdraw=True,
)
OTHER = replace(STANDING, case_id="6e0c0f9e-5a0e-4c39-9d56-0d3b9a4f1c33", state="accepted", correction=None)
STROKES: Strokes = (((0.1, 0.1), (0.5, 0.2), (0.9, 0.1)),)


def page(*verdicts: Verdict, shade: int = 250) -> Page:
    """A small page that is a real JPEG."""
    jpeg = bytes(cv2.imencode(".jpg", np.full((120, 80, 3), shade, np.uint8))[1])
    return Page(
        jpeg=jpeg,
        view_jpeg=jpeg,
        thumbnail_jpeg=jpeg,
        width=80,
        height=120,
        dpi=300,
        size=SheetSize.A4,
        sha256=hashlib.sha256(jpeg).hexdigest(),
        source_sha256="0" * 64,
        corners=None,
        confidence=1.0,
        verdicts=verdicts,
        measures=Measures(0.0, 0.0, 240.0, 0.1),
    )


def files(*names: str) -> tuple[StickFile, ...]:
    """What a stick has."""
    return tuple(
        StickFile(
            number=number,
            kind=FileKind.PDF if name.endswith("pdf") else FileKind.PICTURE,
            name=name,
            parts=(name,),
            length=1000,
            identity=(1, number, 1),
        )
        for number, name in enumerate(names, start=1)
    )


def kept_visit(world: "World", **told: Any) -> KeptVisit:
    """What the power cut left of her visit: all answers given, the form filled, one page of the lease kept."""
    wanted = world.stage.wanted
    assert wanted is not None
    note = replace(
        wanted,
        answers={"applicant": "mainland", "errand": "first", "housing": "rented"},
        filled={
            "phone": "19900000001",
            "residence_address": "天门市岳口镇示例路2号",
            "residence_since": "2026-03-01",
            "residence_purpose": "work",
        },
        form_seen=True,
    )
    note = replace(note, **told)
    pages = (("00", replace(page(), sha256="1" * 64)),)
    return KeptVisit(visit="a-visit", at=NOW - timedelta(hours=1), note=note, last_place=1, pages=pages)


#: answers that switch on licences, a promise and a result that may come by post
GRADUATE = {"job": "flexible", "subsidy": "has", "archive": "stay", "card": "has", "settle": "none"}
#: something right for every kind of field
FILLED = {
    Check.TEXT: "示例",
    Check.NAME: "李明",
    Check.PHONE: "19900000001",
    Check.DATE: "2026-03-01",
    Check.ADDRESS: "天门市岳口镇示例路2号",
    Check.ID_NUMBER: "429006199205120029",
    Check.CREDIT_CODE: "91429006MA4ABCDE1R",
    Check.BANK_CARD: "6222021001112223334",
    Check.WHOLE_NUMBER: "12",
}


class MemoryStage:
    """Notes what was asked; the test answers."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.ticket = 0
        self.case: SealingCase | None = None
        self.message: Message | None = None
        self.sheet: Sheet | None = None
        self.sought: tuple[str, ...] = ()
        self.code_ticket = 0
        self.code_by_camera = False
        self.slip: Slip | None = None
        self.evaluations: list[tuple[str, Evaluation]] = []
        self.reads: list[tuple[int, str, Kind | None, bool]] = []
        self.drafts: list[tuple[str, Page]] = []
        self.notes: list[Note] = []
        self.wanted: Note | None = None
        self.kept_ticket = 0
        self.card: OwnKey | None = None
        self.taken_up: list[str] = []
        self.dropped: list[str] = []
        self.earlier: tuple[str, str] = ("", "")
        self.saved: DraftToSave | None = None
        self.saved_ticket = 0
        self.saved_dropped: list[str] = []
        self.searched: list[str] = []
        self.most = 0
        self.label = ""
        self.file: StickFile | None = None
        self.seen: Seen | None = None
        self.insisted = self.anew = self.again = False
        self.kept_drafts = False
        self.papers: tuple[Binding, ...] = ()
        self.binds_at_once = True  #: False: the test answers, as for everything else
        self.post: Callable[[ev.WorldEvent], None] = lambda event: None

    def _note(self, what: str, ticket: int = 0) -> None:
        self.asked.append(what)
        self.ticket = ticket or self.ticket

    def watch_card(self, ticket: int, *, anew: bool = False) -> None:
        self.anew = anew
        self._note("watch_card", ticket)

    def stop_card(self) -> None:
        self._note("stop_card")

    def watch_sheet(self, ticket: int, size: SheetSize, *, again: bool = False) -> None:
        self.again = again
        self._note("watch_sheet", ticket)

    def take_page(self, ticket: int, size: SheetSize, *, insist: bool, seen: Seen | None = None) -> None:
        self.insisted, self.seen = insist, seen
        self._note("take_page", ticket)

    def read_page(self, ticket: int, sha256: str, jpeg: bytes, kind: Kind | None, *, codes: bool) -> None:
        self.reads.append((ticket, sha256, kind, codes))

    def scan_pages(self, ticket: int, size: SheetSize, most: int, *, seen: Seen | None = None) -> None:
        self.most = most
        self._note("scan_pages", ticket)

    def stop_camera(self) -> None:
        self._note("stop_camera")

    def open_phone(self, ticket: int, label: str, size: SheetSize, most: int) -> None:
        self.label, self.most = label, most
        self._note("open_phone", ticket)

    def close_phone(self) -> None:
        self._note("close_phone")

    def open_stick(self, ticket: int) -> None:
        self._note("open_stick", ticket)

    def read_stick(self, ticket: int, file: StickFile, size: SheetSize, most: int) -> None:
        self.file, self.most = file, most
        self._note("read_stick", ticket)

    def close_stick(self) -> None:
        self._note("close_stick")

    def bind(self, ticket: int, papers: Sequence[Binding]) -> None:
        self.papers = tuple(papers)
        self._note("bind", ticket)
        if self.binds_at_once:
            self.post(ev.Bound(ticket, self.bound()))

    def bound(self) -> tuple[Document, ...]:
        """What a real stage would answer."""
        return tuple(bound(paper) for paper in self.papers)

    def seal(self, ticket: int, case: SealingCase) -> None:
        self.case = case
        self._note("seal", ticket)

    def print_slip(self, ticket: int, slip: Slip) -> None:
        self.slip = slip
        self._note("print_slip", ticket)

    def ask_rating(self, ticket: int, window_s: int) -> None:
        self._note("ask_rating", ticket)

    def cancel_rating(self) -> None:
        self._note("cancel_rating")

    def keep_for(self, key: OwnKey | None) -> None:
        self.card = key

    def keep_page(self, slot: str, page: Page) -> None:
        self.drafts.append((slot, page))

    def keep_note(self, note: Note) -> None:
        self.notes.append(note)

    def find_kept(self, ticket: int, wanted: Note) -> None:
        self.kept_ticket, self.wanted = ticket, wanted

    def take_up(self, kept: KeptVisit) -> None:
        self.taken_up.append(kept.visit)

    def drop_kept(self, visit: str) -> None:
        self.dropped.append(visit)

    def ask_earlier(self, ticket: int, number: str, matter: str, consented_at: datetime) -> None:
        self.earlier = (number, matter)
        self._note("ask_earlier", ticket)

    def save_draft(self, ticket: int, draft: DraftToSave) -> None:
        self.saved, self.saved_ticket = draft, ticket
        self._note("save_draft")

    def find_saved(self, ticket: int, wanted: Note) -> None:
        self.searched.append(wanted.matter)

    def drop_saved(self, number: str, draft_id: str) -> None:
        self.saved_dropped.append(draft_id)

    def keep_evaluation(self, case_id: str, evaluation: Evaluation) -> None:
        self.evaluations.append((case_id, evaluation))

    def ask_cases(self, ticket: int, number: str) -> None:
        self.sought = (number,)
        self._note("ask_cases", ticket)

    def ask_progress(self, ticket: int, acceptance_number: str, check: str) -> None:
        self.sought = (acceptance_number, check)
        self._note("ask_progress", ticket)

    def stop_asking(self) -> None:
        self._note("stop_asking")

    def send(self, ticket: int, message: Message) -> None:
        self.message = message
        self._note("send", ticket)

    def watch_codes(self, ticket: int, *, camera: bool = False) -> None:
        self.code_ticket, self.code_by_camera = ticket, camera

    def stop_codes(self) -> None:
        self.code_by_camera = False

    def print_sheet(self, ticket: int, sheet: Sheet) -> None:
        self.sheet = sheet
        self._note("print_sheet", ticket)

    def forget(self, *, keep_drafts: bool = False) -> None:
        self.kept_drafts = keep_drafts
        self.case = self.slip = self.message = None
        self.sought = ()
        self.drafts, self.notes, self.wanted, self.card = [], [], None, None
        self.papers = ()
        self._note("forget")


class World:
    """One terminal without devices, walked by hand."""

    def __init__(
        self,
        catalogue: Catalogue,
        words: Words,
        stage: MemoryStage | None = None,
        new_id: Callable[[], str] = lambda: CASE_ID,
    ) -> None:
        self.clock = ManualClock(NOW)
        self.stage = stage or MemoryStage()
        self.logbook = MemoryLogbook()
        self.around = Surroundings(
            place="岳口镇便民服务中心", phone="12345", terminal_id="demo", online=True, printer_ready=True
        )
        words.speak("")  # a world of its own; the words are shared
        self.visit = Visit(
            catalogue=catalogue,
            words=words,
            stage=self.stage,
            clock=self.clock,
            delays=DEFAULTS,
            logbook=self.logbook,
            surroundings=lambda: self.around,
            new_id=new_id,
        )
        show = Show(catalogue, words, ("N02",), lambda: self.around, self.clock.now)
        self.journey = Journey(self.visit, show, self.clock)
        self.conductor = Conductor(self.journey)
        self.stage.post = self.conductor.post

    @property
    def scene(self) -> views.Scene:
        return self.conductor.pump()

    @property
    def view(self) -> views.View:
        return self.scene.view

    def do(self, *events: ev.CitizenEvent) -> views.View:
        """The citizen does this, each on the scene that she sees then."""
        for event in events:
            self.conductor.touch(event, self.scene.number)
            self.conductor.pump()
        return self.view

    def answer(self, *events: ev.WorldEvent) -> views.View:
        """The world answers."""
        for event in events:
            self.conductor.post(event)
        return self.view

    def turn(self, seconds: float) -> views.View:
        """Time passes."""
        self.clock.turn(seconds)
        return self.view

    def to_phone(self) -> views.View:
        """At the first material, her phone shall take the pictures; the code is on the screen."""
        self.around = replace(self.around, phone_upload=True)
        self.to_capture()
        self.do(ev.UsePhone())
        return self.answer(ev.PhoneReady(self.stage.ticket, "https://ywt.example.cn/u/ABCD", CODE_LASTS_S))

    def to_stick(self, *names: str) -> views.View:
        """At the first material, the stick is looked into."""
        self.around = replace(self.around, stick_in=True)
        self.to_capture()
        self.do(ev.UseStick())
        seen = files(*(names or ("a.jpg", "b.pdf", "c.png")))
        return self.answer(ev.StickSeen(self.stage.ticket, "in", seen))

    def offline(self) -> None:
        """The uploader found no way to the backend."""
        self.around = replace(self.around, online=False)

    # --- legs of the walk ---

    def to_card(self) -> views.View:
        return self.do(ev.Start(), ev.ChooseMatter("N02"), *[ev.Continue()] * 3)

    def to_identified(self, card: IdCard = PERSON) -> views.View:
        self.to_card()
        return self.answer(ev.CardRead(self.stage.ticket, card))

    def to_unfinished(self) -> views.View:
        """A power cut had ended her last visit."""
        self.to_identified()
        self.answer(ev.KeptFound(self.stage.kept_ticket, kept_visit(self)))
        return self.do(ev.Continue())

    def to_typed(self) -> views.View:
        """No card can be read; name and number were typed."""
        self.to_card()
        self.answer(ev.CardFailed(self.stage.ticket, "D101"))
        return self.do(
            ev.EnterByHand(), ev.Fill("name", PERSON.name), ev.Fill("number", PERSON.number), ev.Continue()
        )

    def to_rest_of_the_way(self, strokes: Strokes = STROKES) -> views.View:
        """From the confirmed card to the hand-in."""
        self.do(ev.Continue())
        self.do(
            ev.Answer("applicant", "mainland"), ev.Answer("errand", "first"), ev.Answer("housing", "owned")
        )
        self.do(ev.Continue())
        self.fill_form()
        view = self.do(ev.Continue())
        while isinstance(view, views.Capture):
            view = self.do(ev.Continue()) if view.enough else self.take()
        return self.do(ev.Continue(), ev.Sign(strokes))

    def to_form(self, housing: str = "rented") -> views.View:
        self.to_overview(housing)
        return self.do(ev.Continue())

    def to_overview(self, housing: str = "rented") -> views.View:
        """All questions are answered; two items are put together."""
        self.to_identified()
        self.do(ev.Continue())
        return self.do(
            ev.Answer("applicant", "mainland"), ev.Answer("errand", "first"), ev.Answer("housing", housing)
        )

    def to_graduate(self, card: IdCard = PERSON, **answers: str) -> views.View:
        """高校毕业生就业: all questions answered; licences may stand for papers, so she is asked for her consent."""
        self.do(ev.Start(), ev.ShowAll(), ev.ChooseMatter("N04"), *[ev.Continue()] * 3)
        self.answer(ev.CardRead(self.stage.ticket, card))
        told = GRADUATE | answers
        view = self.do(ev.Continue())
        while isinstance(view, views.Situation):
            view = self.do(ev.Answer(view.question.name, told[view.question.name]))
        return view

    def held(self, kinds: Sequence[str]) -> tuple[HeldLicence, ...]:
        """An invented licence of each kind."""
        return tuple(HeldLicence(kind, kind, f"SAMPLE-{kind}", "示例部门") for kind in kinds)

    def to_known(self) -> views.View:
        """She agreed, and the platform answered."""
        self.to_graduate()
        self.do(ev.Continue())
        return self.answer(ev.EarlierFound(self.stage.ticket, KNOWN_VALUES, KNOWN_LICENCES))

    def to_promise(self) -> views.View:
        """She rather promises than brings the proof of her work."""
        self.to_known()
        return self.do(ev.ChooseProof("07", "promise"), ev.Continue())

    def to_graduates_form(self) -> views.View:
        self.to_promise()
        return self.do(ev.TickPromise(), ev.Continue())

    def to_delivery(self) -> views.View:
        """Her form is filled; the card may come by post."""
        view = self.to_graduates_form()
        self.do(ev.AllRight())
        assert isinstance(view, views.Form)
        for entry in view.asked:
            if not entry.value:
                choices = entry.field.choices
                value = choices[0].value if choices else FILLED[entry.field.check]
                self.do(ev.Fill(entry.field.name, value))
        return self.do(ev.Continue())

    def fill_form(self) -> views.View:
        return self.do(
            ev.Fill("phone", "19900000001"),
            ev.Fill("residence_address", "天门市岳口镇示例路2号"),
            ev.Fill("residence_since", "2026-03-01"),
            ev.Fill("residence_purpose", "work"),
        )

    def to_capture(self, housing: str = "rented") -> views.View:
        self.to_form(housing)
        self.fill_form()
        return self.do(ev.Continue())

    def take(self, taken: Page | None = None) -> views.View:
        """A page by touch, kept."""
        self.do(ev.TakePicture())
        self.answer(ev.PageTaken(self.stage.ticket, taken or page()))
        return self.do(ev.Continue())

    def to_review(self, housing: str = "rented") -> views.View:
        view = self.to_capture(housing)
        while isinstance(view, views.Capture):
            view = self.do(ev.Continue()) if view.enough else self.take()
        return view

    def to_handing_in(self, housing: str = "rented") -> views.View:
        self.to_review(housing)
        return self.do(ev.Continue(), ev.Sign(STROKES))

    def to_done(self, housing: str = "rented", number: str = "429006-20261121-000001-7") -> views.View:
        self.to_handing_in(housing)
        self.answer(ev.Sealed(self.stage.ticket, "T-000001-3"))
        return self.answer(ev.Delivered(self.stage.ticket, number))

    def to_not_saved(self) -> views.View:
        self.to_handing_in()
        return self.answer(ev.SealFailed(self.stage.ticket, "S101"))

    def to_evaluate(self) -> views.View:
        self.to_done()
        self.answer(ev.Printed(self.stage.ticket))
        return self.do(ev.Continue())

    def to_own_card(self) -> views.View:
        return self.do(ev.Start(), ev.FindCases(), ev.LayCard())

    def to_cases(self, *cases: Standing) -> views.View:
        """By card; what the platform knows, two cases if nothing else is said."""
        self.to_own_card()
        self.answer(ev.CardRead(self.stage.ticket, PERSON))
        return self.answer(ev.CasesFound(self.stage.ticket, cases or (STANDING, OTHER)))

    def to_standing(self, case: Standing = STANDING) -> views.View:
        return self.to_cases(case)

    def to_mended(self) -> views.View:
        """From one case to the signature of what was put right: a number and the lease."""
        self.to_standing()
        self.do(ev.Mend(), ev.Fill("phone", "19900000001"), ev.Continue())
        view = self.view
        while isinstance(view, views.Capture):
            view = self.do(ev.Continue()) if view.enough else self.take()
        return self.do(ev.Continue(), ev.Sign(STROKES))

    def to_withdrawing(self) -> views.View:
        self.to_standing()
        return self.do(ev.AskWithdraw(), ev.Continue(), ev.Continue())

    def to_noted(self) -> views.View:
        self.to_mended()
        return self.answer(ev.MessageKept(self.stage.ticket, "T-000002-1"))

    def at(self, state: str) -> views.View:
        """The shortest way to `state`, one of STATES."""
        view = _WAYS[state](self)
        assert self.journey.state == state
        return view

    @property
    def traces(self) -> str:
        """Everything of a visit that is still held: record, scene and what was composed."""
        composed = vars(self.visit)["_composed"]
        kept = [getattr(self.visit.record, name) for name in self.visit.record.__slots__]
        return repr((kept, self.scene, composed, self.stage.papers, self.stage.case, self.stage.slip))


_WAYS: dict[str, Callable[[World], views.View]] = {
    "home": lambda world: world.do(ev.Start()),
    "matters": lambda world: world.do(ev.Start(), ev.ShowAll()),
    "by_hand": lambda world: (world.to_typed(), world.do(ev.Back()))[1],
    "notice": lambda world: world.do(ev.Start(), ev.ChooseMatter("N02")),
    "readiness": lambda world: world.do(ev.Start(), ev.ChooseMatter("N02"), ev.Continue()),
    "consent": lambda world: world.do(ev.Start(), ev.ChooseMatter("N02"), *[ev.Continue()] * 2),
    "card": World.to_card,
    "confirm": World.to_identified,
    "unfinished": World.to_unfinished,
    "situation": lambda world: (world.to_identified(), world.do(ev.Continue()))[1],
    "earlier": World.to_graduate,
    "overview": World.to_overview,
    "promise": World.to_promise,
    "delivery": World.to_delivery,
    "form": lambda world: (world.to_form(), world.fill_form())[1],
    "capture": World.to_capture,
    "phone": World.to_phone,
    "stick": World.to_stick,
    "check_page": lambda world: (
        world.to_capture(),
        world.do(ev.TakePicture()),
        world.answer(ev.PageTaken(world.stage.ticket, page())),
    )[2],
    "review": World.to_review,
    "sign": lambda world: (world.to_review(), world.do(ev.Continue()))[1],
    "not_saved": World.to_not_saved,
    "take_home": lambda world: world.do(ev.Start(), ev.ChooseMatter("N02"), ev.TakeHome()),
    "finding": lambda world: world.do(ev.Start(), ev.FindCases()),
    "case_number": lambda world: world.do(ev.Start(), ev.FindCases(), ev.TypeNumber()),
    "own_card": World.to_own_card,
    "cases": World.to_cases,
    "standing": World.to_standing,
    "withdraw": lambda world: (world.to_standing(), world.do(ev.AskWithdraw()))[1],
    "not_sent": lambda world: (
        world.to_withdrawing(),
        world.answer(ev.MessageFailed(world.stage.ticket, "S101")),
    )[1],
    "noted": World.to_noted,
    "done": World.to_done,
    "tips": lambda world: (world.to_done(), world.do(ev.ShowTips()))[1],
    "evaluate": World.to_evaluate,
}
#: every state in which a visit can be left, in the order of a visit
STATES = tuple(_WAYS)
SECRETS = (PERSON.name, PERSON.number, PERSON.address, "19900000001", "示例路2号")
