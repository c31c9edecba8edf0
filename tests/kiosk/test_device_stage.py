"""The stage of a real terminal: real drivers on emulators, a real outbox, real threads."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyrage
import pytest

from devices.catalog import driver
from devices.document_camera.opencv import OpencvSettings
from devices.emulators.escpos import EscposEmulator
from devices.emulators.neutral_evaluator import NeutralEvaluatorEmulator
from devices.emulators.opencv import CameraEmulator
from devices.emulators.sdt import SdtEmulator
from devices.errors import DeviceError, Refused
from devices.evaluator import Level
from devices.evaluator.neutral_evaluator import NeutralEvaluatorSettings
from devices.id_card.sdt import SdtSettings
from devices.receipt_printer import Slip, Text
from devices.receipt_printer.escpos import EscposSettings
from devices.rig import InProcessRig, register_emulators
from ground.clock import RealClock
from ground.logbook import MemoryLogbook
from kiosk.capture.flatten import SheetSize
from kiosk.case_desk import CaseDesk
from kiosk.catalogue.load import load_catalogue
from kiosk.device_stage import DeviceStage, Workers
from kiosk.domain.case import Evaluation
from kiosk.health import Health
from kiosk.journey import events as ev
from kiosk.preview import PreviewSlot
from kiosk.stage import CARD_AGAIN, SealingCase
from kiosk.words import Words
from kiosk.workers import Worker
from offline_cache.errors import CacheError
from offline_cache.items import CaseState, LinkState
from offline_cache.outbox import Outbox
from offline_cache.seal import Recipients
from offline_cache.spool import Spool
from tests.journeys.walked_world import World
from tools.assemble import CATALOGUE, WORDS

LONG_S = 30.0  # for a slow, busy machine; nothing waits that long when all is well
CLOCK = RealClock()
NUMBER = "429006-20261121-000001-7"
SLIP = Slip((Text("天天顺"),))


class Inbox:
    """Everything that was posted; waits for what is wanted."""

    def __init__(self) -> None:
        self.events: list[ev.WorldEvent] = []
        self._news = threading.Condition()

    def post(self, event: ev.WorldEvent) -> None:
        with self._news:
            self.events.append(event)
            self._news.notify_all()

    def wait_for(self, wanted: Callable[[Any], bool]) -> Any:
        with self._news:
            found = self._news.wait_for(lambda: next(filter(wanted, self.events), None), LONG_S)
        assert found is not None, self.events
        return found

    def answer_to(self, ticket: int) -> Any:
        """Wait for the first event with this ticket."""
        return self.wait_for(lambda event: event.ticket == ticket)

    def of(self, kind: type, ticket: int) -> Any:
        """Wait for the first event of this kind with this ticket."""
        return self.wait_for(lambda event: event.ticket == ticket and isinstance(event, kind))


class Terminal:
    """A stage on emulated devices."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.card, self.printer = SdtEmulator(CLOCK), EscposEmulator(CLOCK)
        self.keypad, self.camera = NeutralEvaluatorEmulator(CLOCK), CameraEmulator(CLOCK)
        self.card.read_s, self.printer.speed_mm_s = 0.05, 0.0
        self.rigs: dict[str, InProcessRig] = register_emulators(
            {"card": self.card, "printer": self.printer, "keypad": self.keypad}
        )
        self.camera.start()
        self.health, self.inbox, self.preview = Health(CLOCK), Inbox(), PreviewSlot()
        identity = pyrage.x25519.Identity.generate()
        self.recipients: Recipients | None = Recipients.parse([str(identity.to_public())])
        camera = OpencvSettings(
            url=self.camera.url, preview_size=(640, 480), still_size=(1600, 1200), warm_up_frames=5
        )
        self.workers = Workers(
            id_card=self._device("id_card", SdtSettings(url="emu://card")),
            document_camera=self._device("document_camera", camera),
            receipt_printer=self._device("receipt_printer", EscposSettings(url="emu://printer")),
            evaluator=self._device("evaluator", NeutralEvaluatorSettings(url="emu://keypad")),
            pages=self._worker("pages", start=object, stop=lambda _: None, errors=()),
            cases=self._worker(
                "outbox",
                start=lambda: CaseDesk(self.outbox(), self.health, "sample"),
                stop=lambda desk: desk.close(),
                check=lambda desk: desk.look(),
                check_every_s=0.1,
                errors=(CacheError,),
                refusals=(CacheError,),
            ),
        )
        self.stage = DeviceStage(self.workers, self.inbox.post, self.preview, countdown_s=0.5)

    def outbox(self) -> Outbox:
        """The terminal's outbox, opened once more, as another process does."""
        path, spool = self.folder / "outbox.sqlite", Spool(self.folder / "spool", reserve_bytes=0)
        return Outbox(path, spool, CLOCK, recipients=self.recipients)

    def _device(self, kind: str, settings: Any) -> Any:
        def start() -> Any:
            device = driver(settings.driver).build(settings, CLOCK)
            device.open()
            return device

        return self._worker(
            kind, start=start, stop=lambda device: device.close(), errors=(DeviceError,), refusals=(Refused,)
        )

    def _worker(self, name: str, **ways: Any) -> Any:
        worker: Worker[Any] = Worker(name, clock=CLOCK, health=self.health, logbook=MemoryLogbook(), **ways)
        return worker

    def begin(self, *names: str) -> None:
        """Start the workers that a test needs."""
        for worker in self.workers.all():
            if worker.name in names:
                worker.begin()

    def end(self) -> None:
        for worker in self.workers.all():
            worker.end(LONG_S)
        self.camera.close()

    def settled(self, worker: Any) -> None:
        """Wait until `worker` has done all that it was asked before."""
        done = threading.Event()
        worker.ask(lambda _: done.set(), lambda code: done.set(), LONG_S)
        assert done.wait(LONG_S)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    before = set(threading.enumerate())
    terminal = Terminal(tmp_path)
    yield terminal
    terminal.end()
    assert set(threading.enumerate()) <= before, "a thread outlives the terminal"


@pytest.fixture(scope="module")
def case() -> SealingCase:
    """The case of a whole visit."""
    world = World(load_catalogue(CATALOGUE, date(2026, 11, 21)), Words.load(WORDS, "zh-Hans"))
    world.to_handing_in()
    assert world.stage.case is not None
    return world.stage.case


class TestCard:
    def test_laid_on(self, terminal: Terminal) -> None:
        terminal.begin("id_card")
        terminal.stage.watch_card(1)
        terminal.card.card_on = True
        assert terminal.inbox.of(ev.CardRead, 1).card.name == terminal.card.card.name

    @pytest.mark.parametrize("strict", [True, False])
    def test_not_me_the_same_card_is_only_read_after_it_was_lifted(
        self, terminal: Terminal, strict: bool
    ) -> None:
        terminal.card.strict_refind = strict
        terminal.card.card_on = True
        terminal.begin("id_card")
        terminal.stage.watch_card(1)
        terminal.inbox.of(ev.CardRead, 1)
        terminal.stage.stop_card()
        terminal.stage.watch_card(2, anew=True)
        terminal.settled(terminal.workers.id_card)
        terminal.card.card_on = False
        assert terminal.inbox.of(ev.CardFailed, 2).code == ""  # it was lifted
        terminal.card.card_on = True
        terminal.inbox.of(ev.CardRead, 2)
        of_two = [type(event) for event in terminal.inbox.events if event.ticket == 2]
        assert of_two[:2] == [ev.CardFailed, ev.CardRead]

    def test_a_card_that_still_lies_there_from_before_must_be_lifted(self, terminal: Terminal) -> None:
        terminal.card.card_on = True
        terminal.begin("id_card")
        terminal.stage.watch_card(1)
        terminal.inbox.of(ev.CardRead, 1)
        terminal.stage.stop_card()
        terminal.stage.watch_card(2)  # the next visit
        assert terminal.inbox.of(ev.CardFailed, 2).code == CARD_AGAIN
        terminal.card.card_on = False
        terminal.inbox.wait_for(lambda event: event == ev.CardFailed(2, ""))

    def test_the_reader_is_unplugged_and_back(self, terminal: Terminal) -> None:
        terminal.begin("id_card")
        terminal.stage.watch_card(1)
        terminal.settled(terminal.workers.id_card)
        terminal.rigs["card"].unplug()
        terminal.inbox.wait_for(lambda event: event == ev.CardFailed(1, "D101"))
        terminal.rigs["card"].replug()
        terminal.inbox.wait_for(lambda event: event == ev.CardFailed(1, ""))
        terminal.card.card_on = True
        terminal.inbox.of(ev.CardRead, 1)


class TestCamera:
    def test_a_sheet_is_seen_waited_for_and_taken_once(self, terminal: Terminal) -> None:
        terminal.camera.sheet = "lease-1"
        terminal.begin("document_camera", "pages")
        terminal.stage.watch_sheet(1, SheetSize.A4)
        terminal.inbox.wait_for(lambda event: event == ev.SheetSeen(1, "steady"))
        terminal.inbox.of(ev.SheetReady, 1)
        picture = terminal.preview.take()
        assert picture is None or picture.pixels.shape == (480, 640, 3)
        terminal.stage.take_page(2, SheetSize.A4, insist=False)
        page = terminal.inbox.of(ev.PageTaken, 2).page
        assert page.size is SheetSize.A4 and page.corners is not None
        terminal.stage.watch_sheet(3, SheetSize.A4)
        assert terminal.inbox.of(ev.SheetSeen, 3).sheet == "taken"
        terminal.camera.sheet, terminal.camera.offset = "lease-2", (25.0, 12.0)
        terminal.inbox.of(ev.SheetReady, 3)

    def test_the_same_sheet_is_taken_again_when_it_is_to_be(self, terminal: Terminal) -> None:
        terminal.camera.sheet = "lease-1"
        terminal.begin("document_camera", "pages")
        terminal.stage.watch_sheet(1, SheetSize.A4)
        terminal.inbox.of(ev.SheetReady, 1)
        terminal.stage.take_page(2, SheetSize.A4, insist=False)
        terminal.inbox.of(ev.PageTaken, 2)
        terminal.stage.watch_sheet(3, SheetSize.A4, again=True)
        terminal.inbox.of(ev.SheetReady, 3)

    def test_an_empty_desk_is_refused_and_taken_if_she_insists(self, terminal: Terminal) -> None:
        terminal.begin("document_camera", "pages")
        terminal.stage.take_page(1, SheetSize.A4, insist=False)
        assert terminal.inbox.of(ev.PageFailed, 1).code == "no_sheet"
        terminal.stage.take_page(2, SheetSize.A4, insist=True)
        assert "no_sheet" in [v.value for v in terminal.inbox.of(ev.PageTaken, 2).page.verdicts]

    def test_it_is_unplugged_and_back(self, terminal: Terminal) -> None:
        terminal.begin("document_camera", "pages")
        terminal.stage.watch_sheet(1, SheetSize.A4)
        terminal.inbox.of(ev.SheetSeen, 1)
        terminal.camera.unplug()
        code = terminal.inbox.of(ev.CameraFailed, 1).code
        assert code in ("D101", "D102", "D103")
        terminal.camera.start()
        terminal.inbox.wait_for(lambda event: event == ev.CameraFailed(1, ""))

    def test_a_page_asked_for_while_it_is_gone_is_refused_at_once(self, terminal: Terminal) -> None:
        terminal.camera.unplug()
        terminal.begin("document_camera", "pages")
        terminal.stage.take_page(1, SheetSize.A4, insist=False)
        assert terminal.inbox.of(ev.PageFailed, 1).code == "D101"

    def test_no_frame_waits_for_the_next_citizen(self, terminal: Terminal) -> None:
        terminal.camera.sheet = "lease-1"
        terminal.begin("document_camera")
        for ticket in (1, 2, 3):
            terminal.stage.watch_sheet(ticket, SheetSize.A4)
            terminal.inbox.of(ev.SheetSeen, ticket)
            terminal.stage.forget()
            terminal.settled(terminal.workers.document_camera)  # a look that was under way is over
            assert terminal.preview.take() is None


class TestPrinter:
    def test_the_slip_comes_out(self, terminal: Terminal) -> None:
        terminal.begin("receipt_printer")
        terminal.stage.print_slip(1, SLIP)
        terminal.inbox.of(ev.Printed, 1)
        assert len(terminal.printer.tickets) == 1

    def test_no_paper(self, terminal: Terminal) -> None:
        terminal.printer.paper_mm = 0.0
        terminal.begin("receipt_printer")
        terminal.stage.print_slip(1, SLIP)
        assert terminal.inbox.of(ev.PrintFailed, 1).code == "condition.paper_out"

    def test_a_slip_for_a_printer_that_is_gone_is_never_printed_later(self, terminal: Terminal) -> None:
        terminal.rigs["printer"].unplug()
        terminal.begin("receipt_printer")
        terminal.stage.print_slip(1, SLIP)
        assert terminal.inbox.of(ev.PrintFailed, 1).code == "D101"
        terminal.rigs["printer"].replug()
        terminal.stage.print_slip(2, SLIP)
        terminal.inbox.answer_to(2)
        ticket = 2
        while not isinstance(terminal.inbox.events[-1], ev.Printed):  # until it is open again
            ticket += 1
            terminal.stage.print_slip(ticket, SLIP)
            terminal.inbox.answer_to(ticket)
        assert len(terminal.printer.tickets) == 1


class TestKeypad:
    def test_a_key_is_pressed(self, terminal: Terminal) -> None:
        terminal.begin("evaluator")
        terminal.stage.ask_rating(1, 20)
        terminal.settled(terminal.workers.evaluator)
        terminal.keypad.press = 5
        assert terminal.inbox.of(ev.Pressed, 1).level is Level.VERY_SATISFIED

    def test_cancelled_before_it_was_asked(self, terminal: Terminal) -> None:
        terminal.stage.ask_rating(1, 20)
        terminal.stage.cancel_rating()
        terminal.begin("evaluator")
        terminal.settled(terminal.workers.evaluator)
        assert not terminal.keypad.lit
        assert vars(terminal.workers.evaluator)["_watch"] is None


class TestCase:
    def test_sealed_then_delivered(self, terminal: Terminal, case: SealingCase) -> None:
        terminal.begin("outbox")
        terminal.stage.seal(1, case)
        number = terminal.inbox.of(ev.Sealed, 1).local_number
        other = terminal.outbox()
        try:
            assert other.case(case.case_id).local_number == number
            assert other.case_state(case.case_id) is not CaseState.DELIVERED
            other.delivered(case.case_id, NUMBER)
            assert terminal.inbox.of(ev.Delivered, 1).case_number == NUMBER
        finally:
            other.close()

    def test_the_link_is_looked_after_while_delivery_is_awaited(
        self, terminal: Terminal, case: SealingCase
    ) -> None:
        terminal.begin("outbox")
        terminal.stage.seal(1, case)
        terminal.inbox.of(ev.Sealed, 1)
        other = terminal.outbox()
        try:
            other.note_link(LinkState.UP, None)
        finally:
            other.close()
        deadline = CLOCK.after(LONG_S)
        while not terminal.health.ok("link") and not CLOCK.due(deadline):
            terminal.settled(terminal.workers.cases)
        assert terminal.health.ok("link")

    def test_the_same_case_again_has_the_same_number(self, terminal: Terminal, case: SealingCase) -> None:
        terminal.begin("outbox")
        terminal.stage.seal(1, case)
        first = terminal.inbox.of(ev.Sealed, 1)
        terminal.stage.seal(2, case)
        again = terminal.inbox.of(ev.Sealed, 2)
        assert first.local_number == again.local_number
        other = terminal.outbox()
        try:
            assert len(other.list_cases()) == 1
        finally:
            other.close()

    def test_nothing_is_handed_in_behind_her_back(self, terminal: Terminal, case: SealingCase) -> None:
        """She left while the hand-in still waited for its turn."""
        terminal.stage.seal(1, case)
        terminal.stage.forget()
        terminal.begin("outbox")
        terminal.settled(terminal.workers.cases)
        other = terminal.outbox()
        try:
            assert other.list_cases() == []
        finally:
            other.close()
        assert not [event for event in terminal.inbox.events if isinstance(event, ev.Sealed)]

    def test_nobody_to_seal_to(self, terminal: Terminal, case: SealingCase) -> None:
        terminal.recipients = None
        terminal.begin("outbox")
        terminal.stage.seal(1, case)
        assert terminal.inbox.of(ev.SealFailed, 1).code == "S104"

    def test_an_outbox_that_cannot_be_opened_keeps_nobody_waiting(
        self, terminal: Terminal, case: SealingCase
    ) -> None:
        (terminal.folder / "outbox.sqlite").write_bytes(b"this is no database" * 100)
        terminal.begin("outbox")
        terminal.stage.seal(1, case)
        assert terminal.inbox.of(ev.SealFailed, 1).code.startswith("S")

    def test_the_evaluation_is_kept_although_she_left(self, terminal: Terminal, case: SealingCase) -> None:
        terminal.begin("outbox")
        terminal.stage.seal(1, case)
        terminal.inbox.of(ev.Sealed, 1)
        evaluation = Evaluation(level=Level.FAIR, at=datetime(2026, 11, 21, tzinfo=UTC))
        terminal.stage.keep_evaluation(case.case_id, evaluation)
        terminal.stage.forget()
        terminal.settled(terminal.workers.cases)
        other = terminal.outbox()
        try:
            assert other.case(case.case_id).evaluation is not None
        finally:
            other.close()


def test_nothing_asked_survives_forgetting(terminal: Terminal) -> None:
    terminal.stage.watch_card(1)
    terminal.stage.watch_sheet(2, SheetSize.A4)
    terminal.stage.take_page(3, SheetSize.A4, insist=True)
    terminal.stage.print_slip(4, SLIP)
    terminal.stage.forget()
    terminal.begin("id_card", "document_camera", "receipt_printer", "pages")
    for worker in terminal.workers.all():
        if worker.name in ("document_camera", "receipt_printer", "pages"):
            terminal.settled(worker)
        assert vars(worker)["_watch"] is None
    assert terminal.inbox.events == [] and terminal.printer.tickets == []


def test_a_device_that_is_not_fitted_is_said_to_be_missing(terminal: Terminal) -> None:
    workers = Workers(None, None, None, None, terminal.workers.pages, terminal.workers.cases)
    stage = DeviceStage(workers, terminal.inbox.post, terminal.preview, countdown_s=0.5)
    stage.watch_card(1)
    stage.watch_sheet(2, SheetSize.A4)
    stage.take_page(3, SheetSize.A4, insist=True)
    stage.print_slip(4, SLIP)
    stage.ask_rating(5, 20)
    stage.cancel_rating()
    stage.forget()
    assert terminal.inbox.events == [
        ev.CardFailed(1, "D101"),
        ev.CameraFailed(2, "D101"),
        ev.PageFailed(3, "D101"),
        ev.PrintFailed(4, "D101"),
    ]
