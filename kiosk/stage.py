"""What a journey may ask of the world. Nothing here blocks: answers come back as events that bear the ticket."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from devices.receipt_printer import Slip
from kiosk.capture.bind import Binding
from kiosk.capture.fingerprint import Seen
from kiosk.capture.flatten import SheetSize
from kiosk.capture.page import Page
from kiosk.domain.case import Evaluation
from kiosk.intake.stick import StickFile
from kiosk.kept_visit import DraftToSave, KeptVisit, Note
from kiosk.reading.values import Kind
from offline_cache.drafts import OwnKey

#: code of `CardFailed`: the card that lies there was read already, it must be lifted and laid down again
CARD_AGAIN = "condition.card_again"


@dataclass(frozen=True, slots=True)
class SealingCase:
    """A case on its way to disk: the manifest (JSON-able) and the parts that it names."""

    case_id: str
    matter_code: str
    manifest: dict[str, Any] = field(repr=False)
    parts: tuple[tuple[str, bytes], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """Something else than a case on its way to disk: a correction, a withdrawal, a report, a wish to be called."""

    message_id: str  #: UUIDv4; asked twice with one id it is kept once
    kind: str
    body: Mapping[str, Any]  #: in clear: nothing personal; its ticket number is added to it
    content: Mapping[str, Any] = field(repr=False)  #: JSON-able, sealed
    case_id: str | None = None  #: the case that it is about, whichever terminal took it in
    parts: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)  #: sealed, too


@dataclass(frozen=True, slots=True)
class Sheet:
    """A notice on its way to the page printer; names nobody."""

    title: str
    lines: tuple[str, ...]
    mark: str = ""  #: at the head of every page: what it is not


class Stage(Protocol):
    """The world, as far as a visit is concerned."""

    def watch_card(self, ticket: int, *, anew: bool = False) -> None:
        """Poll the reader until a card is read: `CardRead`; `CardFailed` each time that one cannot be read.

        A card that was read already gives `CardFailed` with "condition.card_again", and with "" when it is
        lifted; `anew`: none may be read before the reader was seen empty.
        """
        ...

    def stop_card(self) -> None:
        """Stop polling."""
        ...

    def watch_sheet(self, ticket: int, size: SheetSize, *, again: bool = False) -> None:
        """Show the live picture and watch for a steady sheet: `SheetSeen`, `SheetReady`.

        The sheet that was taken last is not ready until it is changed, unless it is to be taken `again`.
        """
        ...

    def take_page(self, ticket: int, size: SheetSize, *, insist: bool, seen: Seen | None = None) -> None:
        """Take a still and make a page of it: `PageTaken` or `PageFailed`. `insist`: also when no sheet is found.

        `seen` are the pages that she keeps already.
        """
        ...

    def read_page(self, ticket: int, sha256: str, jpeg: bytes, kind: Kind | None, *, codes: bool) -> None:
        """Read what a page says as a `kind` (None: not at all), and with `codes` the codes on it.

        `PageRead` or `ReadFailed`, which name the page by `sha256`.
        """
        ...

    def scan_pages(self, ticket: int, size: SheetSize, most: int, *, seen: Seen | None = None) -> None:
        """Take in what lies in the document scanner, at most `most` pages: `PagesScanned` or `PageFailed`.

        `seen` are the pages that she keeps already.
        """
        ...

    def stop_camera(self) -> None:
        """Stop the live picture."""
        ...

    def open_phone(self, ticket: int, label: str, size: SheetSize, most: int) -> None:
        """Wait for pictures from her phone: `PhoneReady`, `PhoneOpened`, `PhoneArrived`, `PhoneOver`.

        What arrives gives `PageTaken`, `PagesScanned` (a file of several pages) or `PageFailed`, with the same ticket.
        `label` is seen on the phone and names nobody.
        """
        ...

    def close_phone(self) -> None:
        """Wait no more: the code is void."""
        ...

    def open_stick(self, ticket: int) -> None:
        """Look what is on her USB stick: `StickSeen`, each time that it changes, and `FilePictured`."""
        ...

    def read_stick(self, ticket: int, file: StickFile, size: SheetSize, most: int) -> None:
        """Make pages of a file on the stick: `PageTaken`, `PagesScanned` (several pages) or `PageFailed`."""
        ...

    def close_stick(self) -> None:
        """Look at the stick no more."""
        ...

    def bind(self, ticket: int, papers: Sequence[Binding]) -> None:
        """Make a PDF of each material's pages: `Bound` or `BindFailed`."""
        ...

    def seal(self, ticket: int, case: SealingCase) -> None:
        """Seal and store: `Sealed` (durable) or `SealFailed`; then watch for `Delivered`."""
        ...

    def keep_for(self, key: OwnKey | None) -> None:
        """The owner of this card is there: what is kept is sealed to it. None: nothing is kept."""
        ...

    def keep_page(self, slot: str, page: Page) -> None:
        """Make a page that she confirmed durable, sealed, for the case of a power cut. Nothing comes back."""
        ...

    def keep_note(self, note: Note) -> None:
        """The same for all else that she told, and for which pages are still hers."""
        ...

    def find_kept(self, ticket: int, wanted: Note) -> None:
        """Look whether a power cut ended an earlier visit of the same person at the same matter: `KeptFound`.

        Nothing comes back where there is none.
        """
        ...

    def take_up(self, kept: KeptVisit) -> None:
        """She goes on with it: its drafts are this visit's now."""
        ...

    def drop_kept(self, visit: str) -> None:
        """She does not want it any more."""
        ...

    def ask_earlier(self, ticket: int, number: str, matter: str, consented_at: datetime) -> None:
        """Ask the platform what it knows of her, who agreed to it: `EarlierFound` or `EarlierFailed`."""
        ...

    def save_draft(self, ticket: int, draft: DraftToSave) -> None:
        """Seal a visit that she wants to go on with another time, and queue it: `DraftSaved` or `DraftFailed`."""
        ...

    def find_saved(self, ticket: int, wanted: Note) -> None:
        """Ask the platform whether the same person had a visit at the same matter kept: `KeptFound`.

        Nothing comes back where there is none, or the platform does not answer.
        """
        ...

    def drop_saved(self, number: str, draft_id: str) -> None:
        """She does not want it any more; the platform is told."""
        ...

    def print_slip(self, ticket: int, slip: Slip) -> None:
        """Print: `Printed` or `PrintFailed`."""
        ...

    def ask_rating(self, ticket: int, window_s: int) -> None:
        """Light the keypad, if there is one: `Pressed`."""
        ...

    def cancel_rating(self) -> None:
        """Switch the keypad's lights off."""
        ...

    def keep_evaluation(self, case_id: str, evaluation: Evaluation) -> None:
        """Queue the evaluation behind its case."""
        ...

    def ask_cases(self, ticket: int, number: str) -> None:
        """Ask the platform for all cases of the person with this id number: `CasesFound` or `AskFailed`."""
        ...

    def ask_progress(self, ticket: int, acceptance_number: str, check: str) -> None:
        """Ask how far a case is; `check` are the last four of her id number: `ProgressFound` or `AskFailed`.

        A local number is taken, too: the case is sought in this terminal's own outbox first.
        """
        ...

    def stop_asking(self) -> None:
        """Nobody waits for an answer any more."""
        ...

    def send(self, ticket: int, message: Message) -> None:
        """Seal and store a message, to be sent when there is a link: `MessageKept` (durable) or `MessageFailed`."""
        ...

    def watch_codes(self, ticket: int, *, camera: bool = False) -> None:
        """Look for codes: `CodeScanned`. `camera`: where no scanner is, the document camera looks."""
        ...

    def stop_codes(self) -> None:
        """Look no more."""
        ...

    def print_sheet(self, ticket: int, sheet: Sheet) -> None:
        """Print on A4: `Printed` or `PrintFailed`."""
        ...

    def forget(self, *, keep_drafts: bool = False) -> None:
        """Stop everything and drop all that could name the citizen: frames, pages, drafts, slips, pending answers.

        `keep_drafts`: what lies sealed to her card stays, as after a power cut.
        """
        ...
