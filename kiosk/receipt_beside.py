"""The slip for what is no case: a correction, a withdrawal, a report, a wish to be called. It names nobody."""

from dataclasses import dataclass
from datetime import datetime

from devices.receipt_printer import Element, Feed, Pair, Rule, Slip, Text
from kiosk.journey.surroundings import Surroundings
from kiosk.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was told, and under which number."""

    kind: str  #: correction, withdrawal, hardship, callback; words `noted.<kind>.*`
    number: str
    message_id: str
    matter: str = ""
    case_number: str = ""


def noted_slip(told: Told, words: Words, around: Surroundings, at: datetime) -> Slip:
    """The slip with the ticket number, what follows, and whom to ask."""
    elements: list[Element] = [
        Text(words("receipt.brand"), align="center", size=2, bold=True),
        Text(words.both(f"noted.{told.kind}.slip"), align="center", size=2),
        Rule(),
        Text(words("noted.number")),
        Text(told.number, align="center", size=2, bold=True),
        *((Pair(words.both("receipt.matter"), words.both_texts(told.matter)),) if told.matter else ()),
        *((Pair(words.both("receipt.case_number"), told.case_number),) if told.case_number else ()),
        Pair(words("receipt.at"), f"{at:%Y-%m-%d %H:%M}"),
        Pair(words("receipt.place"), around.place),
        Pair(words("receipt.terminal"), around.terminal_id),
        Rule(),
        Text(words(f"noted.{told.kind}.next")),
        Feed(),
        Pair(words("receipt.ask"), around.phone),
        *(
            (Pair(words("noted.hotline"), around.hotline),)
            if around.hotline not in ("", around.phone)
            else ()
        ),
        Text(words("receipt.keep")),
    ]
    return Slip(tuple(elements), document=f"{told.kind}/{told.message_id}")
