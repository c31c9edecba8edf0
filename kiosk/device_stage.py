"""The stage of a real terminal: hands each wish to the worker that owns the device; answers are posted."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from devices.code_scanner import CodeScanner
from devices.document_camera import DocumentCamera
from devices.document_scanner import DocumentScanner
from devices.evaluator import Evaluator
from devices.headphones import Headphones
from devices.id_card import IdCardReader
from devices.keypad import Keypad
from devices.page_printer import PagePrinter
from devices.receipt_printer import ReceiptPrinter, Slip
from devices.signals import Signals
from kiosk.asking_desk import AskingDesk
from kiosk.capture.bind import Binding, bound
from kiosk.capture.buffers import BUFFERS
from kiosk.capture.calibration import Calibration, kept
from kiosk.capture.fingerprint import Seen
from kiosk.capture.flatten import SheetSize
from kiosk.capture.live import Sight, Watch
from kiosk.capture.origin import Origin, Way
from kiosk.capture.page import Page, take_page
from kiosk.capture.still import Still
from kiosk.capture.watermark import FONTS
from kiosk.capture.watermark import forget as forget_the_mark
from kiosk.card_desk import CardDesk
from kiosk.case_desk import CaseDesk
from kiosk.code_desk import CodeDesk
from kiosk.domain.case import Evaluation
from kiosk.intake.making import PageMaker
from kiosk.intake.phone_desk import PhoneDesk
from kiosk.intake.stick import Stick, StickFile
from kiosk.intake.stick_desk import StickDesk
from kiosk.journey import events as ev
from kiosk.kept_visit import DraftToSave, KeptVisit, Note
from kiosk.lamps import Lamps
from kiosk.page_drafts import PageDrafts
from kiosk.preview import LivePicture, PreviewSlot
from kiosk.print_journal import print_plainly
from kiosk.reading import Kind, Reader
from kiosk.reading_desk import ReadingDesk
from kiosk.saved_visits import SavedVisits
from kiosk.scanning import ScanDesk
from kiosk.sheet_desk import SheetDesk
from kiosk.speech.choosing import ChosenSpeaker
from kiosk.stage import Message, SealingCase, Sheet
from kiosk.tending.bench import Bench
from kiosk.workers import Worker
from offline_cache.drafts import OwnKey
from offline_cache.platform import Platform

#: seconds between a reader's "no card" and the next question. Vendors advise 300 ms and more from question to question
#: (id_card_reader.md §7.2), of which a module thinks for 30 to 80 (§8). This rest begins with its answer: the module is
#: idle for two thirds of the time, a slower one is asked less often, and a card waits 0.1 s for its question, not 0.15
_CARD_EVERY_S = 0.2
_CARD_DEADLINE_S = 12.0  # find, select and read with the driver's own retries
_FRAME_DEADLINE_S = 12.0  # OpenCV itself may block 10 s (document_camera.md §3)
_STILL_DEADLINE_S = (
    25.0  # a mode switch takes up to 1 s, warm-up 0.8 s, a 13 MP still 0.5 s; USB hubs are slower
)
_PAGE_DEADLINE_S = 15.0
#: 60 pages (six materials of ten) take 6 s on a desktop's core when they are marked, 20 s when they must also be made
#: smaller; a terminal's core is a third of that
_BIND_DEADLINE_S = 90.0
_PRINT_DEADLINE_S = 60.0
_KEY_EVERY_S = 0.1
_KEY_DEADLINE_S = 5.0
_SEAL_DEADLINE_S = 60.0  # a worn-out eMMC writes some MB/s; a case has up to 100 MB
_DELIVERY_EVERY_S = 0.2


@dataclass(frozen=True, slots=True)
class Workers:
    """Who owns what. None: the terminal has no such device."""

    id_card: Worker[IdCardReader] | None
    document_camera: Worker[DocumentCamera] | None
    receipt_printer: Worker[ReceiptPrinter] | None
    evaluator: Worker[Evaluator] | None
    pages: Worker[object]  #: image work
    cases: Worker[CaseDesk]  #: the outbox
    document_scanner: Worker[DocumentScanner] | None = None
    signals: Worker[Signals] | None = None
    platform: Worker[Platform] | None = None  #: what must be asked of the backend at once
    stick: Worker[Stick] | None = None  #: where USB sticks appear
    reader: Worker[Reader] | None = None  #: reads what stands on pages
    code_scanner: Worker[CodeScanner] | None = None
    page_printer: Worker[PagePrinter] | None = None
    keypads: tuple[Worker[Keypad], ...] = ()  #: what presses keys for whom cannot touch the glass
    headphones: Worker[Headphones] | None = None
    voice: Worker[ChosenSpeaker] | None = None
    #: devices that no step of a visit asks for; they are only looked after
    others: tuple[Worker[Any], ...] = ()
    bench: Worker[Bench] | None = None  #: for whoever looks after the terminal

    def devices(self) -> tuple[Worker[Any], ...]:
        """Those that own a device: what somebody who tests them must be lent."""
        those: tuple[Worker[Any] | None, ...] = (
            self.id_card,
            self.document_camera,
            self.receipt_printer,
            self.evaluator,
            self.document_scanner,
            self.signals,
            self.code_scanner,
            self.page_printer,
            *self.keypads,
            self.headphones,
            *self.others,
        )
        return tuple(worker for worker in those if worker is not None)

    def all(self) -> tuple[Worker[object], ...]:
        """Every worker there is."""
        those = (
            self.id_card,
            self.document_camera,
            self.receipt_printer,
            self.evaluator,
            self.pages,
            self.cases,
            self.document_scanner,
            self.signals,
            self.platform,
            self.stick,
            self.reader,
            self.code_scanner,
            self.page_printer,
            *self.keypads,
            self.headphones,
            self.voice,
            *self.others,
            self.bench,
        )
        return tuple(worker for worker in those if worker is not None)  # type: ignore[misc]


class DeviceStage:
    """Implements `kiosk.stage.Stage`. `post` may be called from any thread."""

    def __init__(
        self,
        workers: Workers,
        post: Callable[[ev.WorldEvent], None],
        preview: PreviewSlot,
        countdown_s: float,
        put_out: Callable[[ReceiptPrinter, Slip], None] = print_plainly,
        fonts: Sequence[Path] = FONTS,
        phone_minutes: int = 5,
        calibrations: Path | None = None,
        sheets_out: Callable[[int], None] = lambda sheets: None,
        paper_shift_mm: tuple[float, float] = (0.0, 0.0),
        paper_mark: str = "",
    ) -> None:
        """`put_out` prints a slip on the printer's thread; `JournalledPrinting` sees to a single original.

        `fonts` draw the watermark; a code for a phone lives `phone_minutes`; `calibrations` is the folder where
        the cameras' scales are kept. `sheets_out`, `paper_shift_mm`, `paper_mark`: as for `SheetDesk`.
        """
        self._workers = workers
        self._calibrations = calibrations
        self._post = post
        self._preview = preview
        self._countdown_s = countdown_s
        self._put_out = put_out
        self._fonts = fonts
        self._printing = 0  #: the ticket of the slip that was asked for last
        self._lamps = Lamps(workers.signals)
        scanner = workers.document_scanner
        self._scans = None if scanner is None else ScanDesk(scanner, workers.pages, post)
        self._maker = PageMaker(workers.pages, post)
        platform, stick = workers.platform, workers.stick
        self._phone = None if platform is None else PhoneDesk(platform, self._maker, post, phone_minutes)
        self._stick = None if stick is None else StickDesk(stick, self._maker, post)
        self._drafts = PageDrafts(workers.cases)
        self._saved = SavedVisits(platform, workers.cases, post)
        self._readings = ReadingDesk(workers.reader, post)
        self._questions = AskingDesk(platform, workers.cases, post)
        self._codes = CodeDesk(workers.code_scanner, workers.document_camera, post)
        printer = workers.page_printer
        self._sheet_desk = (
            None
            if printer is None
            else SheetDesk(printer, post, fonts, sheets_out, paper_shift_mm, paper_mark)
        )
        self._sheets = Watch()
        self._sealing = 0  #: the ticket of the case that is to be sealed; 0: none
        self._shown = 0  #: the request whose frames may be seen; 0: none may
        self._showing = threading.Lock()  #: guards `_shown` together with the preview slot

    # --- card ---

    def watch_card(self, ticket: int, *, anew: bool = False) -> None:
        """See `Stage`."""
        worker = self._workers.id_card
        if worker is None:
            self._post(ev.CardFailed(ticket, "D101"))
            return

        def failed(code: str) -> None:
            self._post(ev.CardFailed(ticket, code))

        seen = CardDesk(failed, waits=anew)

        def look(reader: IdCardReader) -> None:
            card = seen.look(reader)
            if card is not None:
                self._post(ev.CardRead(ticket, card))

        self._lamps.light("id_card")
        worker.watch(look, failed, _CARD_EVERY_S, _CARD_DEADLINE_S)

    def stop_card(self) -> None:
        """See `Stage`."""
        self._lamps.out("id_card")
        if self._workers.id_card is not None:
            self._workers.id_card.unwatch()

    # --- camera ---

    def watch_sheet(self, ticket: int, size: SheetSize, *, again: bool = False) -> None:
        """See `Stage`."""
        worker = self._workers.document_camera
        if worker is None:
            self._post(ev.CameraFailed(ticket, "D101"))
            return
        self._lamps.light("document_camera")
        if again:
            self._sheets = Watch()
        with self._showing:
            self._shown = ticket
        said, sheets = "", self._sheets

        def look(camera: DocumentCamera) -> None:
            nonlocal said
            frame = camera.preview()
            sight = sheets.look(frame.pixels, frame.taken_at)
            counted = min(1.0, sight.still_s / self._countdown_s) if sight.ready else 0.0
            corners = sight.corners
            outline = (
                None if corners is None else np.array(corners, np.float32) * np.array(frame.size, np.float32)
            )
            self._show(ticket, LivePicture(frame.pixels, outline, counted))
            state = _sheet_state(sight)
            if state != said:
                said = state
                self._post(ev.SheetSeen(ticket, state))
            if counted >= 1.0:
                self._post(ev.SheetReady(ticket))

        worker.watch(look, lambda code: self._post(ev.CameraFailed(ticket, code)), 0.0, _FRAME_DEADLINE_S)

    def _show(self, ticket: int, picture: LivePicture) -> None:
        """A frame that comes late must not wait in the slot for the next citizen."""
        with self._showing:
            if ticket == self._shown:
                self._preview.put(picture)

    def take_page(self, ticket: int, size: SheetSize, *, insist: bool, seen: Seen | None = None) -> None:
        """See `Stage`."""
        worker = self._workers.document_camera
        if worker is None:
            self._post(ev.PageFailed(ticket, "D101"))
            return

        def failed(code: str) -> None:
            self._post(ev.PageFailed(ticket, code))

        sheets = self._sheets

        def take(camera: DocumentCamera) -> None:
            frame = camera.still()
            still = Still(frame.pixels, frame.jpeg, camera.identity())
            scale = self._scale_of(still)
            origin = Origin(way=Way.CAMERA, device=camera.identity())

            def make(_: object) -> None:
                made = take_page(still, size, insist=insist, calibration=scale, seen=seen)
                if isinstance(made, Page):
                    sheets.taken()
                    self._post(ev.PageTaken(ticket, replace(made, origin=origin)))
                else:
                    failed(made.verdicts[0].value)

            self._workers.pages.ask(make, failed, _PAGE_DEADLINE_S)

        worker.ask(take, failed, _STILL_DEADLINE_S)

    def _scale_of(self, still: Still) -> Calibration | None:
        if self._calibrations is None:
            return None
        height, width = still.pixels.shape[:2]
        return kept(self._calibrations, still.source, (width, height))

    def read_page(self, ticket: int, sha256: str, jpeg: bytes, kind: Kind | None, *, codes: bool) -> None:
        """See `Stage`."""
        self._readings.read(ticket, sha256, jpeg, kind, codes=codes)

    def scan_pages(self, ticket: int, size: SheetSize, most: int, *, seen: Seen | None = None) -> None:
        """See `Stage`."""
        if self._scans is None:
            self._post(ev.PageFailed(ticket, "D101"))
            return
        self._lamps.light("document_scanner")
        self._scans.scan_in(ticket, size, most, seen=seen)

    def stop_camera(self) -> None:
        """See `Stage`."""
        self._lamps.out("document_camera")
        if self._workers.document_camera is not None:
            self._workers.document_camera.unwatch()
        with self._showing:
            self._shown = 0
            self._preview.clear()
        self._workers.pages.ask(lambda _: BUFFERS.forget(), lambda code: None, _PAGE_DEADLINE_S)

    # --- her phone, her stick ---

    def open_phone(self, ticket: int, label: str, size: SheetSize, most: int) -> None:
        """See `Stage`."""
        if self._phone is None:
            self._post(ev.PhoneOver(ticket, "U101"))
            return
        self._phone.open(ticket, label, size, most)

    def close_phone(self) -> None:
        """See `Stage`."""
        if self._phone is not None:
            self._phone.close()

    def open_stick(self, ticket: int) -> None:
        """See `Stage`."""
        if self._stick is None:
            self._post(ev.StickSeen(ticket, "out"))
            return
        self._stick.open(ticket)

    def read_stick(self, ticket: int, file: StickFile, size: SheetSize, most: int) -> None:
        """See `Stage`."""
        if self._stick is None:
            self._post(ev.PageFailed(ticket, "F132"))
            return
        self._stick.read(ticket, file, size, most)

    def close_stick(self) -> None:
        """See `Stage`."""
        if self._stick is not None:
            self._stick.close()

    # --- case ---

    def bind(self, ticket: int, papers: Sequence[Binding]) -> None:
        """See `Stage`."""
        fonts = self._fonts

        def do(_: object) -> None:
            self._post(ev.Bound(ticket, tuple(bound(paper, fonts) for paper in papers)))

        self._workers.pages.ask(do, lambda code: self._post(ev.BindFailed(ticket, code)), _BIND_DEADLINE_S)

    def seal(self, ticket: int, case: SealingCase) -> None:
        """See `Stage`."""
        worker, case_id, visit = self._workers.cases, case.case_id, self._drafts.visit
        self._sealing = ticket

        def do(desk: CaseDesk) -> None:
            if self._sealing != ticket:
                return  # she left while it waited: nothing is handed in behind her back
            number = desk.hand_in(case)
            # before anybody hears of it: what follows may be that she leaves and nothing is watched any more
            if self._sealing == ticket:
                worker.watch(look, lambda code: None, _DELIVERY_EVERY_S, _SEAL_DEADLINE_S)
            self._post(ev.Sealed(ticket, number))
            desk.drop_pages(visit)

        def look(desk: CaseDesk) -> None:  # holds the case's id only, not its papers
            number = desk.case_number(case_id)
            if number:
                worker.unwatch()
                self._post(ev.Delivered(ticket, number))

        worker.ask(do, lambda code: self._post(ev.SealFailed(ticket, code)), _SEAL_DEADLINE_S)

    def keep_for(self, key: OwnKey | None) -> None:
        """See `Stage`."""
        self._drafts.keep_for(key)

    def keep_page(self, slot: str, page: Page) -> None:
        """See `Stage`."""
        self._drafts.keep(slot, page)

    def keep_note(self, note: Note) -> None:
        """See `Stage`."""
        self._drafts.note(note)

    def find_kept(self, ticket: int, wanted: Note) -> None:
        """See `Stage`."""
        self._drafts.find(wanted, lambda kept: self._post(ev.KeptFound(ticket, kept)))

    def take_up(self, kept: KeptVisit) -> None:
        """See `Stage`."""
        self._drafts.take_up(kept)

    def drop_kept(self, visit: str) -> None:
        """See `Stage`."""
        self._drafts.drop_other(visit)

    def ask_earlier(self, ticket: int, number: str, matter: str, consented_at: datetime) -> None:
        """See `Stage`."""
        self._saved.earlier(ticket, number, matter, consented_at)

    def save_draft(self, ticket: int, draft: DraftToSave) -> None:
        """See `Stage`."""
        self._saved.save(ticket, draft)

    def find_saved(self, ticket: int, wanted: Note) -> None:
        """See `Stage`."""
        self._saved.find(ticket, wanted)

    def drop_saved(self, number: str, draft_id: str) -> None:
        """See `Stage`."""
        self._saved.drop(number, draft_id)

    def keep_evaluation(self, case_id: str, evaluation: Evaluation) -> None:
        """See `Stage`."""
        self._workers.cases.ask(
            lambda desk: desk.keep_evaluation(case_id, evaluation), lambda code: None, _SEAL_DEADLINE_S
        )

    # --- receipt ---

    def print_slip(self, ticket: int, slip: Slip) -> None:
        """See `Stage`. Asked twice with one ticket, it prints once."""
        worker = self._workers.receipt_printer
        if worker is None:
            self._post(ev.PrintFailed(ticket, "D101"))
            return
        if ticket == self._printing:
            return
        self._printing = ticket
        self._lamps.light("receipt_printer")

        def do(printer: ReceiptPrinter) -> None:
            self._put_out(printer, slip)
            self._post(ev.Printed(ticket))

        worker.ask(do, lambda code: self._post(ev.PrintFailed(ticket, code)), _PRINT_DEADLINE_S)

    # --- beside a case ---

    def ask_cases(self, ticket: int, number: str) -> None:
        """See `Stage`."""
        self._questions.cases(ticket, number)

    def ask_progress(self, ticket: int, acceptance_number: str, check: str) -> None:
        """See `Stage`."""
        self._questions.progress(ticket, acceptance_number, check)

    def stop_asking(self) -> None:
        """See `Stage`."""
        self._questions.stop()

    def send(self, ticket: int, message: Message) -> None:
        """See `Stage`. It is kept also when she leaves meanwhile: she pressed the button that says so."""
        self._workers.cases.ask(
            lambda desk: self._post(ev.MessageKept(ticket, desk.send(message))),
            lambda code: self._post(ev.MessageFailed(ticket, code)),
            _SEAL_DEADLINE_S,
        )

    def watch_codes(self, ticket: int, *, camera: bool = False) -> None:
        """See `Stage`."""
        self._codes.watch(ticket, camera=camera)

    def stop_codes(self) -> None:
        """See `Stage`."""
        self._codes.stop()

    def print_sheet(self, ticket: int, sheet: Sheet) -> None:
        """See `Stage`."""
        if self._sheet_desk is None:
            self._post(ev.PrintFailed(ticket, "D101"))
        else:
            self._sheet_desk.put_out(ticket, sheet)

    # --- evaluation ---

    def ask_rating(self, ticket: int, window_s: int) -> None:
        """See `Stage`."""
        worker = self._workers.evaluator
        if worker is None:
            return

        def look(keypad: Evaluator) -> None:
            press = keypad.pressed()
            if press is not None:
                self._post(ev.Pressed(ticket, press.level))

        def ask(keypad: Evaluator) -> None:
            keypad.ask(window_s)
            worker.watch(look, lambda code: None, _KEY_EVERY_S, _KEY_DEADLINE_S)

        self._lamps.light("evaluator")
        worker.ask(ask, lambda code: None, _KEY_DEADLINE_S)

    def cancel_rating(self) -> None:
        """See `Stage`."""
        self._lamps.out("evaluator")
        worker = self._workers.evaluator

        def cancel(keypad: Evaluator) -> None:
            if worker is not None:
                worker.unwatch()  # again: she may have been quicker than the question
            keypad.cancel()

        if worker is not None:
            worker.unwatch()
            worker.ask(cancel, lambda code: None, _KEY_DEADLINE_S)

    # --- the end ---

    def forget(self, *, keep_drafts: bool = False) -> None:
        """See `Stage`."""
        self._sealing = 0
        self.stop_card()
        self.stop_camera()
        self._sheets = Watch()
        self._lamps.all_out()
        self._workers.pages.drop_jobs()
        BUFFERS.forget()
        forget_the_mark()
        mine = self._workers
        for worker in (mine.document_camera, mine.receipt_printer):
            if worker is not None:
                worker.drop_jobs()
        if self._scans is not None:
            self._scans.give_up()
        self._maker.forget()
        self._drafts.forget(keep=keep_drafts)
        self._saved.forget()
        self._readings.forget()
        self.close_phone()
        self.close_stick()
        self.stop_asking()
        self.stop_codes()
        self._workers.cases.unwatch()


def _sheet_state(sight: Sight) -> ev.SheetState:
    if not sight.fresh:
        return "taken"  # also while it is only lost for a glimpse
    if sight.corners is None:
        return "none"
    return "steady" if sight.steady else "moving"
