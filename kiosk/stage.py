"""What a journey may ask of the world. Nothing here blocks: answers come back as events that bear the ticket."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from devices.receipt_printer import Slip
from kiosk.capture.bind import Binding
from kiosk.capture.flatten import SheetSize
from kiosk.domain.case import Evaluation

#: code of `CardFailed`: the card that lies there was read already, it must be lifted and laid down again
CARD_AGAIN = "condition.card_again"


@dataclass(frozen=True, slots=True)
class SealingCase:
    """A case on its way to disk: the manifest (JSON-able) and the parts that it names."""

    case_id: str
    matter_code: str
    manifest: dict[str, Any] = field(repr=False)
    parts: tuple[tuple[str, bytes], ...] = field(repr=False)


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

    def take_page(self, ticket: int, size: SheetSize, *, insist: bool) -> None:
        """Take a still and make a page of it: `PageTaken` or `PageFailed`. `insist`: also when no sheet is found."""
        ...

    def scan_pages(self, ticket: int, size: SheetSize, most: int) -> None:
        """Take in what lies in the document scanner, at most `most` pages: `PagesScanned` or `PageFailed`."""
        ...

    def stop_camera(self) -> None:
        """Stop the live picture."""
        ...

    def bind(self, ticket: int, papers: Sequence[Binding]) -> None:
        """Make a PDF of each material's pages: `Bound` or `BindFailed`."""
        ...

    def seal(self, ticket: int, case: SealingCase) -> None:
        """Seal and store: `Sealed` (durable) or `SealFailed`; then watch for `Delivered`."""
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

    def forget(self) -> None:
        """Stop everything and drop all that could name the citizen: frames, pages, slips, pending answers."""
        ...
