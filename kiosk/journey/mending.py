"""补正 and 撤回: putting right what a department sent back, and taking a case back. Both are messages about a case.

The form, the camera, the review and the signature are those of any case; `Record.plan` leaves only what was sent back.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ground.logbook import Event as Log
from kiosk.catalogue.model import Matter
from kiosk.journey.asking import Asking
from kiosk.journey.beside import mendable
from kiosk.journey.confirming import Confirmation
from kiosk.journey.handin import Composed
from kiosk.journey.mended import Mended, withdrawal
from kiosk.journey.papers_read import PapersRead
from kiosk.journey.patience import Patience
from kiosk.journey.surroundings import CHINA
from kiosk.notice_paper import notice_sheet, notice_slip
from kiosk.receipt_beside import Told, noted_slip
from kiosk.words import Words


class Mending(Asking):
    """The part of a visit that changes a case which is already there, and what is sent about it."""

    patience: Patience
    _words: Words
    _fonts: Sequence[Path]
    _new_id: Callable[[], str]
    _composed: Composed | Mended | None

    def _bind(self) -> None:
        raise TypeError("a visit has its pages bound")

    def confirmation(self) -> Confirmation | None:
        """What she confirmed by key in place of a signature; None when she wrote her name."""
        record = self.record
        if not record.instead:
            return None
        said = (self._words(f"sign.instead.{record.instead}"), self._words("sign.instead.counts"))
        return Confirmation(record.instead, (record.chosen.name, *said), self._fonts)

    # --- guards ---

    def mending(self) -> bool:
        return self.record.beside.doing == "correction"

    def can_mend(self) -> bool:
        """Whether everything that was sent back can be put right here, now."""
        case = self.record.beside.chosen
        return mendable(self._matter_of(case.matter_code), case.correction, self._surroundings().faults)

    def mends_fields(self) -> bool:
        correction = self.record.beside.chosen.correction
        return correction is not None and bool(correction.fields)

    def mends_pages_only(self) -> bool:
        return self.mending() and not self.mends_fields()

    def mends_fields_only(self) -> bool:
        return self.mending() and not self._slots()

    def not_to_be_mended(self, part: str) -> bool:
        """The review of a correction has no questions, and a form or pages only where they were sent back."""
        return self.mending() and (part == "situation" or (part == "form" and not self.mends_fields()))

    def can_withdraw(self) -> bool:
        return self.record.beside.chosen.can_withdraw

    def sure(self) -> bool:
        return self.record.beside.sure

    def _matter_of(self, code: str) -> Matter | None:
        return next((matter for matter in self._catalogue.matters if matter.code == code), None)

    # --- correction ---

    def on_mend(self, target: Any) -> None:
        """Only what was sent back is asked again. What she put right of this case before she went back is there yet."""
        record = self.record
        if target.id not in ("form", "capture"):
            return
        case = record.beside.chosen
        record.matter, record.beside.doing = self._matter_of(case.matter_code), "correction"
        record.beside.message_id = self._new_id()
        if record.case_id != case.case_id:
            record.case_id, record.filled, record.pages, record.read = case.case_id, {}, {}, PapersRead()
        slots = self._slots()
        record.slot = (record.lacking() or slots or ("",))[0]

    # --- withdrawal ---

    def on_enter_withdraw(self, event: str) -> None:
        beside = self.record.beside
        beside.sure, beside.doing = event == "go_on", "withdrawal"
        if not beside.sure:
            beside.message_id = self._new_id()

    # --- both ---

    def on_enter_sending(self) -> None:
        """Sealed and durable first. A correction waits for its PDFs, should they not be ready."""
        self.patience.stop()
        record = self.record
        record.trouble = ""
        if record.beside.doing == "withdrawal":
            self._stage.send(self._ticket("message"), withdrawal(record))
        elif self._composed is not None:
            self.hand_over()
        elif "papers" not in self.awaited:
            self._bind()

    def hand_over(self) -> None:
        """Send the signed correction."""
        record, composed = self.record, self._composed
        if record.signed_at is None or not isinstance(composed, Mended):
            raise LookupError("no correction was signed to be sent")
        signed = composed.signed(record.strokes, record.signed_at, self.confirmation())
        self._stage.send(self._ticket("message"), signed.message())

    def on_message_kept(self, number: str) -> None:
        record = self.record
        record.beside.number, record.strokes, self._composed = number, (), None
        self._logbook.write(Log.MESSAGE_KEPT, kind=record.beside.doing)

    def on_message_failed(self, code: str) -> None:
        self.record.trouble = code

    def on_enter_not_sent(self) -> None:
        self.patience.start(self._delays.patience_s)

    def on_enter_noted(self) -> None:
        record = self.record
        self.awaited.pop("message", None)
        self.patience.start(self._delays.after_hand_in_s)
        record.local_number, record.sent = record.beside.number, record.beside.doing
        record.slip, record.slip_trouble = "printing", ""
        self.print_noted()

    def print_noted(self) -> None:
        """The slip of what was sent."""
        beside = self.record.beside
        told = Told(
            kind=beside.doing,
            number=beside.number,
            message_id=beside.message_id,
            matter=beside.chosen.matter,
            case_number=beside.chosen.acceptance_number,
        )
        made = noted_slip(told, self._words, self._surroundings(), self._clock.now().astimezone(CHINA))
        self._stage.print_slip(self._ticket("slip"), made)

    # --- the notice, to take home ---

    def on_enter_take_home(self) -> None:
        self.record.to_go = ""

    def on_print_notice(self) -> None:
        """On A4 where that can be, else on the slip printer's paper."""
        record, around = self.record, self._surroundings()
        if record.to_go == "printing":
            return
        record.to_go, record.slip_trouble = "printing", ""
        ticket = self._ticket("slip")
        if around.page_printer:
            self._stage.print_sheet(ticket, notice_sheet(record.chosen, self._words, around))
        else:
            self._stage.print_slip(ticket, notice_slip(record.chosen, self._words, around))

    def on_exit_take_home(self) -> None:
        """A sheet that comes out later was wanted all the same."""
        self.awaited.pop("slip", None)
        self.record.slip, self.record.slip_trouble = "printing", ""
