"""The chart's model: what happens on entering a state and at an event. Asks the stage; decides by the record."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from devices.evaluator import Level
from devices.id_card import IdCard
from ground.clock import Clock
from ground.logbook import Event as Log
from ground.logbook import Logbook
from kiosk.capture.bind import Document
from kiosk.capture.budget import OVER_BUDGET
from kiosk.capture.origin import Origin, Way
from kiosk.capture.page import Page
from kiosk.capture.watermark import FONTS
from kiosk.catalogue.load import Catalogue
from kiosk.domain.case import Applicant, Evaluation
from kiosk.domain.identity import doubts
from kiosk.journey.aside import About, Aside
from kiosk.journey.asking import CODE_UNKNOWN
from kiosk.journey.confirming import Reason
from kiosk.journey.delays import Delays
from kiosk.journey.events import Answer, Continue, Event, PageRead, ReadFailed, SheetState
from kiosk.journey.going_on import GoingOn
from kiosk.journey.handin import Composed, bindings, compose
from kiosk.journey.in_her_language import in_her_language
from kiosk.journey.inside import Inside
from kiosk.journey.intake import Intake
from kiosk.journey.look import Look
from kiosk.journey.mended import Mended, mended
from kiosk.journey.mending import Mending
from kiosk.journey.papers_read import slot_of
from kiosk.journey.patience import Patience
from kiosk.journey.record import Record, Strokes
from kiosk.journey.show import CHINA, reasons_for
from kiosk.journey.surroundings import Surroundings
from kiosk.journey.views import Chrome, View
from kiosk.journey.voice import Voice
from kiosk.reading.values import Kind
from kiosk.receipt import slip
from kiosk.stage import CARD_AGAIN, Stage
from kiosk.words import Language, Words
from offline_cache.card_key import card_key


class Visit(GoingOn, Inside, Intake, Mending):
    """One citizen's visit. `state` is set by the chart."""

    state: str

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        words: Words,
        stage: Stage,
        clock: Clock,
        delays: Delays,
        logbook: Logbook,
        surroundings: Callable[[], Surroundings],
        new_id: Callable[[], str],
        fonts: Sequence[Path] = FONTS,
    ) -> None:
        """`fonts` draw what is confirmed in place of a signature."""
        super().__init__(clock, surroundings)
        self._catalogue = catalogue
        self._words = words
        self._stage = stage
        self._delays = delays
        self._logbook = logbook
        self._new_id = new_id
        self._fonts = fonts
        self.patience = Patience(clock, delays.warning_s)
        self.timer: tuple[float, str] | None = (
            None  #: (instant, trigger) of the one delay of the present state
        )
        self._tickets = 0
        self._late: tuple[float, str] | None = None  #: (instant, trigger) of what follows `slow`
        self.awaited: dict[str, int] = {}  #: what was asked → the ticket whose answer counts
        self._composed: Composed | Mended | None = None
        self._cut = False  #: the visit ends although nobody wants it to
        self._drawn: tuple[View, View] | None = None  #: the view as it was drawn, and in her language

    # --- in which language ---

    @property
    def languages(self) -> tuple[Language, ...]:
        """Between which she may choose."""
        return self._words.offered

    def wear(self, look: Look) -> None:
        """Speak to her and ask her as she wants from now on."""
        self.patience.stretch(look.patience)
        self._words.speak(look.language)
        self.simple = look.simple
        self._drawn = None

    def told(self, view: View, chrome: Chrome) -> tuple[View, Chrome]:
        """What there is to see, as she wants it asked, in her language. Asked 30 times a second."""
        view = self.simply(view)
        if not self._words.translates:
            return view, chrome
        if self._drawn is None or self._drawn[0] != view:
            self._drawn = view, in_her_language(view, self._words.text)
        return self._drawn[1], in_her_language(chrome, self._words.text)

    # --- plumbing ---

    @property
    def delays(self) -> Delays:
        """Every delay, as configured."""
        return self._delays

    @property
    def personal(self) -> bool:
        """Whether anything of hers is known, and so may be on the glass."""
        record = self.record
        return bool(
            record.applicant or record.typed or record.filled or record.beside.typed or record.beside.found
        )

    @property
    def is_night(self) -> bool:
        """Whether the hall has its night hours."""
        return self._surroundings().night

    @property
    def usual_voice(self) -> Voice | None:
        """How a visit that begins now is spoken to; None: nothing can speak here."""
        return self._surroundings().voice

    @property
    def headphones(self) -> bool:
        """Whether somebody has plugged hers in."""
        return self._surroundings().headphones

    def _ticket(self, what: str) -> int:
        self.awaited[what] = self._new_ticket()
        return self.awaited[what]

    def _new_ticket(self) -> int:
        self._tickets += 1
        return self._tickets

    def _after(self, seconds: float, trigger: str) -> None:
        self.timer = (self._clock.after(seconds), trigger)

    def _wait_for_platform(self, seconds: float = 0.0, late: str = "") -> None:
        """`slow` comes first, then `late` when `seconds` are over; without `late` it is waited on and on."""
        slow_s = self._delays.slow_after_s
        self._late = (self._clock.after(seconds), late) if late and seconds > slow_s else None
        if late and self._late is None:
            self._after(seconds, late)
        else:
            self._after(slow_s, "slow")

    def on_slow(self) -> None:
        """Nothing came yet. She is told, and what was asked is waited for as before."""
        self.record.slow, self.timer = True, self._late

    def cutting(self, cut: bool) -> None:
        """From now on a visit that ends is cut short, and what lies sealed to her card stays for her to go on."""
        self._cut = cut

    def _wipe(self) -> None:
        self._stage.forget(keep_drafts=self._cut)
        self._noted = self._drawn = None
        # the slip may still come out; that it did names nobody, and it must not be left in the slot
        self.awaited = {what: ticket for what, ticket in self.awaited.items() if what in ("slip", "draft")}
        self._composed = None

    def on_enter_state(self, target: Any) -> None:
        """Every state is noted by its name; nothing else is."""
        self.timer, self.record.slow = None, False
        if target.id != "idle":
            self._logbook.write(Log.STEP_ENTERED, state=target.id)
        self.entered(target.id)

    def write_down(self, event: Event) -> None:
        """What an event says enters the record before the guards look at it."""
        record = self.record
        match event:
            case Answer():
                record.answers[event.question] = event.choice
            case Continue() if self.state == "check_page" and record.pending is not None:
                self._keep(record.pending)
            case Continue() if self.state == "unfinished" and record.kept_visit is not None:
                self._take_up(record.kept_visit)
            case Continue() if self.state == "form":
                self.confirm_question()
            case _ if self.state in ("earlier", "promise"):
                self.arrange(event)
            case _:
                self.note_beside(event)

    def _keep(self, page: Page) -> None:
        """A page is hers, and lies sealed on the disk from now on."""
        slot = self.record.keep(page)
        self._stage.keep_page(slot, page)
        self._have_read(page, slot, len(self.record.kept(slot)) - 1)

    def _have_read(self, page: Page, slot: str, number: int) -> None:
        """Have a page read once as the document that is wanted there, and look for the code of its form."""
        record = self.record
        kind = record.wanted_kind(slot, number)
        asking = f"{page.sha256} {kind}"
        if asking in record.read.asked:
            return
        record.read.asked.add(asking)
        ticket = self.awaited.get("reading") or self._ticket("reading")  # all pages of a visit share one
        self._stage.read_page(ticket, page.sha256, page.jpeg, Kind(kind) if kind else None, codes=True)

    def hear(self, event: PageRead | ReadFailed) -> None:
        """What the reader said of a page. No state follows from it; it may come in any, and for any page."""
        record = self.record
        if isinstance(event, ReadFailed):
            self._logbook.write(Log.PAGE_READ, kind="", known=False, code=event.code)
            return
        if event.reading is not None:
            record.read.readings[event.sha256] = event.reading
            reading = event.reading
            said = ",".join(warning.value for warning in reading.warnings)
            self._logbook.write(Log.PAGE_READ, kind=reading.kind.value, known=reading.kind_matches, code=said)
        if record.matter is None:
            return
        slot = slot_of(event.codes, record.chosen.code, record.plan().materials)
        if not slot:
            return
        record.read.belongs[event.sha256] = slot
        pending = record.pending
        if pending is not None and pending.sha256 == event.sha256 and record.other_slot(pending):
            record.read.readings.pop(event.sha256, None)  # it was read as what another material wants
            self._have_read(pending, slot, len(record.kept(slot)))

    def on_enter_check_page(self) -> None:
        """See `Intake`; the page is read while she looks at it."""
        super().on_enter_check_page()
        page, record = self.record.pending, self.record
        if page is not None:
            self._have_read(page, record.slot, len(record.kept(record.slot)))

    def aside(self, kind: Literal["hardship", "callback"]) -> Aside:
        """Begin a report, or a wish to be called, over the state that the visit is in."""
        record = self.record
        about = About(
            step=self.state,
            matter=record.matter.code if record.matter else "",
            matter_name=record.matter.short_name if record.matter else "",
            name=record.applicant.name if record.applicant else "",
        )
        self._logbook.write(Log.REPORT_BEGUN, kind=kind, state=self.state)
        return Aside(
            kind,
            about,
            stage=self._stage,
            words=self._words,
            surroundings=self._surroundings,
            now=self._clock.now,
            new_ticket=self._new_ticket,
            message_id=self._new_id(),
        )

    # --- choosing ---

    def on_start(self) -> None:
        self.record = Record()
        self.patience.start(self._delays.patience_s)
        self._logbook.write(Log.VISIT_STARTED)

    def on_search(self, text: str) -> None:
        self.record.query = text

    def on_show_all(self) -> None:
        self.record.query = ""

    def on_choose_matter(self, source: Any, code: str) -> None:
        listed = source.id == "matters"
        self.record = Record(matter=self._catalogue.matter(code), query=self.record.query, listed=listed)

    def on_enter_matters(self) -> None:
        self.record = Record(query=self.record.query)

    def on_enter_home(self, event: str = "") -> None:
        self.record = Record(trouble=CODE_UNKNOWN if event == "code_scanned" else "")
        self.listen()

    def on_tick(self, slot: str) -> None:
        self.record.ticks ^= {slot}

    # --- who ---

    def on_exit_consent(self, event: str) -> None:
        if event == "go_on":
            self.record.consented_at = self._clock.now()

    def on_enter_card(self) -> None:
        record = self.record
        record.applicant = None
        anew = bool(record.identified)
        record.trouble = CARD_AGAIN if anew else ""
        self._stage.watch_card(self._ticket("card"), anew=anew)

    def on_exit_card(self) -> None:
        self.awaited.pop("card", None)
        self._stage.stop_card()

    def on_card_read(self, card: IdCard) -> None:
        found = doubts(card, self._clock.now().astimezone(CHINA).date())
        key = card_key(card.photo, card.number)
        self.record.identify(Applicant.from_card(card, found), key)
        self.record.lying |= {"card"}
        self._logbook.write(Log.CARD_READ, kind=card.kind, doubts=",".join(d.value for d in found))

    def on_card_failed(self, code: str) -> None:
        self.record.trouble = code
        if not code:  # lifted
            self.record.lying -= {"card"}

    def on_enter_by_hand(self, source: Any, event: str) -> None:
        self.record.applicant = None
        self.record.show_problems = event == "go_on"
        self.ask_one("by_hand", source.id, event, again=bool(self.record.typed))

    def on_exit_by_hand(self, target: Any) -> None:
        typed = self.record.typed
        if target.id == "confirm":
            applicant = Applicant.by_hand(typed["name"], typed["number"])
            self.record.identify(applicant)
            self._logbook.write(Log.IDENTITY_TYPED, doubts=",".join(d.value for d in applicant.doubts))

    # --- what ---

    def on_enter_situation(self, source: Any, event: str) -> None:
        record = self.record
        last = max(len(record.asked()) - 1, 0)
        if source.id in ("confirm", "review"):
            record.asking = 0
        elif source.id == "unfinished":
            record.asking = record.first_unanswered() or 0
        elif source.id in ("form", "earlier", "overview"):
            record.asking = last
        elif source.id == "situation":
            record.asking = min(max(record.asking + (-1 if event == "back" else 1), 0), last)

    def on_exit_situation(self, target: Any) -> None:
        """Not at each answer: one that was touched by mistake must not cost her the pages."""
        if target.id not in ("situation", "confirm", "goodbye"):
            self.forget_if_for_another()
            self.record.drop_unneeded_pages()

    def on_enter_form(self, source: Any, event: str) -> None:
        self.record.show_problems = source.id == "form" and event == "go_on"
        self.ask_one("form", source.id, event, again=self.record.form_seen)
        self.record.form_seen = True

    def on_fill(self, name: str, value: str) -> None:
        if self.state == "by_hand":
            self.record.typed[name] = value
        elif self.state == "case_number":
            self.record.beside.typed[name] = value
        elif self.state == "delivery":
            self.record.arranged.delivery[name] = value
        else:
            self.record.filled[name] = value

    # --- materials ---

    def on_enter_capture(self, source: Any, event: str, part: str = "") -> None:
        record = self.record
        record.slot = self._slot_to_take(source.id, event, part)
        record.trouble, record.sheet, record.taking, record.picture_failed = "", "none", False, ""
        self._stage.watch_sheet(self._ticket("sheet"), self._size(), again=event == "retake")

    def _slot_to_take(self, source: str, event: str, part: str) -> str:
        """Which material comes under the camera: what she asked for, else the first that lacks pages."""
        record, slots = self.record, self._slots()
        if part:
            return part.removeprefix("material:")
        if event == "back" and source == "capture":
            return slots[slots.index(record.slot) - 1]
        if event == "back" and source == "review":
            return slots[-1]
        full = source == "check_page" and len(record.kept(record.slot)) >= record.material().max_pages
        if event in ("go_on", "answer") and (source != "check_page" or full):
            return record.lacking()[0]
        return record.slot

    def on_exit_capture(self, target: Any) -> None:
        self.awaited.pop("sheet", None)
        self.awaited.pop("page", None)
        if target.id not in ("capture", "check_page"):
            self._stage.stop_camera()

    def on_sheet_seen(self, sheet: SheetState) -> None:
        self.record.sheet = sheet
        self.record.lying = (
            self.record.lying - {"papers"} if sheet == "none" else self.record.lying | {"papers"}
        )

    def on_sheet_ready(self) -> None:
        self._take(insist=False)

    def on_camera_failed(self, code: str) -> None:
        """Its trouble, or ("") that it is back: then she still reads what became of the picture that she asked for."""
        self.record.trouble, self.record.sheet = code or self.record.picture_failed, "none"

    def on_take_picture(self) -> None:
        """By touch; the second time that no sheet is found she has the last word, and all is taken as it lies."""
        self._take(insist=self.record.trouble == "no_sheet")

    def _take(self, *, insist: bool) -> None:
        record = self.record
        if record.taking or len(record.kept(record.slot)) >= record.material().max_pages:
            return
        record.taking, record.trouble, record.picture_failed = True, "", ""
        self._stage.take_page(self._ticket("page"), self._size(), insist=insist, seen=record.seen())

    def on_page_taken(self, page: Page) -> None:
        page = self.noticed(self._dated(page, Way.CAMERA))
        if page.origin is not None and page.origin.way is Way.CAMERA:
            self.record.lying |= {"papers"}
        if self.state == "check_page":
            self.record.brought.waiting.append(page)
        else:
            self.record.pending = page
        self._note_page(page)

    def _note_page(self, page: Page) -> None:
        verdicts = ",".join(verdict.value for verdict in page.verdicts)
        way = page.origin.way.value if page.origin else ""
        self._logbook.write(
            Log.PAGE_TAKEN, slot=self.record.slot, way=way, accepted=not page.verdicts, verdicts=verdicts
        )

    def _dated(self, page: Page, way: Way) -> Page:
        """The page, knowing where and when it came from. Who brought it knows better by which `way`."""
        origin = page.origin or Origin(way=way)
        at, clock = origin.at or self._clock.now(), self._surroundings().clock
        return replace(page, origin=replace(origin, at=at, clock=clock))

    def on_scan(self) -> None:
        """All sheets of the feeder, as many as this material takes."""
        record = self.record
        room = record.material().max_pages - len(record.kept(record.slot))
        if record.taking or room <= 0:
            return
        record.taking, record.trouble = True, ""
        self._stage.scan_pages(self._ticket("page"), self._size(), room, seen=record.seen())

    def on_pages_scanned(self, pages: tuple[Page, ...], code: str) -> None:
        record, room = self.record, self._room()
        record.taking, record.trouble = False, code
        record.lying |= {"papers"} if pages and self.state == "capture" else set()
        for page in pages[:room]:
            dated = self.noticed(self._dated(page, Way.SCANNER))
            self._keep(dated)
            self._note_page(dated)
        record.brought.made += 1

    def on_page_failed(self, code: str) -> None:
        self.record.taking, self.record.trouble, self.record.picture_failed = False, code, code
        self.record.brought.made += 1

    def on_exit_check_page(self, target: Any) -> None:
        """The camera watches on while she looks at the page, so that a sheet changed meanwhile is noticed."""
        self.record.pending = None
        if target.id != "capture":
            self._stage.stop_camera()
        self.looked_at(target)

    def on_delete_page(self, slot: str, index: int) -> None:
        pages = self.record.kept(slot)
        if 0 <= index < len(pages):
            del pages[index]

    # --- hand in ---

    def on_enter_sign(self) -> None:
        if not self.record.case_id:
            self.record.case_id = self._new_id()
            self._note_down()
        self.record.strokes, self.record.signed_at, self.record.digest = (), None, ""
        self.record.instead = ""
        self._bind()

    def _bind(self) -> None:
        """Have the PDFs made while she reads and signs; they are what her signature is bound to."""
        record, day = self.record, self._clock.now().astimezone(CHINA).date()
        official = self._words.official or self._words  # departments read it, whatever she speaks
        line = official("watermark.line", matter=record.chosen.name, day=day.isoformat())
        self._composed = None
        self._stage.bind(
            self._ticket("papers"), bindings(record, line if self._surroundings().watermark else "")
        )

    def on_bound(self, documents: tuple[Document, ...]) -> None:
        self.awaited.pop("papers", None)
        around = self._surroundings()
        if self.mending():
            self._composed = mended(self.record, documents)
        else:
            self._composed = compose(
                self.record, documents, around.terminal_id, self._clock.now(), prints=around.page_printer
            )
        self.record.digest = self._composed.digest
        self._logbook.write(
            Log.PAPERS_BOUND,
            case=self.record.case_id,
            sheets=sum(document.sheets for document in documents),
            kb=sum(len(document.pdf) for document in documents) // 1000,
            over_budget=sum(document.code == OVER_BUDGET for document in documents),
        )
        if self.record.signed_at is None:
            return
        if isinstance(self._composed, Mended):
            self.hand_over()
        else:
            self._seal(self._composed)

    def on_bind_failed(self, code: str) -> None:
        """While she still signs, nothing is lost: it is tried again when she is done."""
        self.awaited.pop("papers", None)
        self.record.trouble = code

    def on_exit_sign(self, target: Any) -> None:
        if target.id not in ("handing_in", "sending"):
            self._composed = None
            self.awaited.pop("papers", None)

    def on_signed(self, strokes: Strokes, instead: Reason) -> None:
        self.record.strokes, self.record.signed_at = strokes, self._clock.now()
        self.record.instead = instead

    def on_enter_handing_in(self, event: str) -> None:
        self.patience.stop()
        self.record.trouble = ""
        if event == "sealed":  # given up as lost, and durable after all
            self._await_delivery()
            return
        if isinstance(self._composed, Composed):
            self._seal(self._composed)
        elif "papers" not in self.awaited:
            self._bind()

    def _seal(self, composed: Composed) -> None:
        if self.record.signed_at is None:
            raise LookupError("nothing was signed to be handed in")
        self._composed = composed.signed(self.record.strokes, self.record.signed_at, self.confirmation())
        self._stage.seal(self._ticket("case"), self._composed.sealing())

    def on_sealed(self, local_number: str) -> None:
        self.record.local_number = local_number
        self._composed, self.record.strokes = None, ()
        self._logbook.write(Log.CASE_SEALED, case=self.record.case_id)
        self._await_delivery()

    def _await_delivery(self) -> None:
        online = self._surroundings().online
        wait = self._delays.delivery_wait_s if online else self._delays.delivery_wait_offline_s
        self._after(wait, "delivery_late")

    def on_seal_failed(self, code: str) -> None:
        self.record.trouble = code

    def on_enter_not_saved(self) -> None:
        self.patience.start(self._delays.patience_s)

    def on_delivered(self, case_number: str) -> None:
        self.record.case_number = case_number

    def on_enter_done(self) -> None:
        self.awaited.pop("case", None)
        self.patience.start(self._delays.after_hand_in_s)
        self._print_receipt()

    def _print_receipt(self) -> None:
        made = slip(self.record, self._words, self._surroundings(), self._clock.now().astimezone(CHINA))
        self._stage.print_slip(self._ticket("slip"), made)

    def on_reprint(self) -> None:
        """Only after a slip failed; the print journal knows whether it is the original or a copy."""
        if self.record.slip != "failed":
            return
        self.record.slip, self.record.slip_trouble = "printing", ""
        if self.state == "noted":
            self.print_noted()
        else:
            self._print_receipt()

    def on_printed(self) -> None:
        if self.state == "take_home":
            self.record.to_go = "printed"
            return
        self.record.slip, self.record.slip_trouble = "printed", ""
        self._logbook.write(Log.RECEIPT_PRINTED, case=self.record.case_id)
        if self.state == "done":
            self._after(self._delays.to_evaluation_s, "go_on")

    def on_print_failed(self, code: str) -> None:
        if self.state == "take_home":
            self.record.to_go, self.record.slip_trouble = "failed", code
            return
        self.record.slip, self.record.slip_trouble = "failed", code
        self._logbook.write(Log.RECEIPT_FAILED, case=self.record.case_id, code=code)

    # --- evaluation ---

    def on_enter_evaluate(self) -> None:
        self._stage.ask_rating(self._ticket("rating"), self._delays.rating_window_s)

    def on_rate(self, level: Level | None) -> None:
        if level != self.record.level:
            self.record.reasons, self.record.indicators = set(), set()
        self.record.level = level

    def on_toggle_reason(self, code: str) -> None:
        if code in reasons_for(self.record.level, self._words):
            self.record.reasons ^= {code}

    def on_toggle_indicator(self, code: str) -> None:
        if self.record.level is not None and code in self._words.under("evaluation.indicators"):
            self.record.indicators ^= {code}

    def on_pressed(self, level: Level) -> None:
        self.record.level, self.record.reasons, self.record.indicators = level, set(), set()
        self._keep_evaluation("device")

    def on_exit_evaluate(self, event: str) -> None:
        self.awaited.pop("rating", None)
        self._stage.cancel_rating()
        if event == "go_on":
            self._keep_evaluation("screen")

    def _keep_evaluation(self, channel: Any) -> None:
        record = self.record
        if record.level is not None:
            named = {f"indicator.{code}" for code in record.indicators}  # of the version that travels along
            reasons = tuple(sorted(record.reasons | named))
            self._stage.keep_evaluation(
                record.case_id,
                Evaluation(level=record.level, reasons=reasons, channel=channel, at=self._clock.now()),
            )

    # --- the end ---

    def on_enter_goodbye(self, source: Any, event: str) -> None:
        self._end(source.id, event)
        self._after(self._delays.goodbye_s, "finish")

    def on_enter_idle(self, source: Any = None, event: str = "") -> None:
        if source is not None and source.id in ("home", "matters", "notice", "finding", "take_home"):
            self._end(source.id, event)
        self.record = Record()
        self.awaited.clear()
        self.patience.stop()
        self.listen()

    def _end(self, last: str, event: str) -> None:
        outcome = "done" if self.record.local_number else "left"
        self._logbook.write(Log.VISIT_FINISHED, outcome=outcome, last=last)
        self.patience.stop()
        if self._cut and self._surroundings().drafts_days and self.can_save():
            self.record.draft = "cut"
        self._wipe()
        ended = self.record
        self.record = Record(
            slip=ended.slip,
            local_number=ended.local_number,
            draft=ended.draft,
            sent=ended.sent,
            lying=ended.lying,
        )

    def on_apologise(self, reference: str) -> None:
        self.record = Record(reference=reference)

    def on_enter_sorry(self) -> None:
        self._after(self._delays.sorry_s, "finish")
