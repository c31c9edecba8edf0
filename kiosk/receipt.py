"""The slip that a citizen takes home. Her name and number on it are masked; everything else says what happens next."""

from datetime import datetime

from devices.receipt_printer import Element, Feed, Pair, Qr, Rule, Slip, Text
from kiosk.domain.identity import mask_name, mask_number
from kiosk.journey.record import Record
from kiosk.journey.surroundings import Surroundings
from kiosk.words import Words

#: a prefix of ours, so that a scanner knows what it holds; a number alone could be anything
_QR_PREFIX = "TTS1:"


def qr_content(number: str) -> str:
    """What the QR code holds: the case's or the local number, nothing about the citizen."""
    return _QR_PREFIX + number


def slip(record: Record, words: Words, around: Surroundings, at: datetime) -> Slip:
    """The receipt for what was handed in; with the case number when there is one, else with the local number."""
    elements: list[Element] = [*_head(record, words), *_facts(record, words, around, at)]
    elements += _materials(record, words)
    elements += _next(record, words, around)
    return Slip(tuple(elements), document=f"receipt/{record.case_id}")


def as_copy(original: Slip, copy: int, words: Words) -> Slip:
    """The `copy`-th reprint of `original`, 1 or more: the same, with a mark on top that nobody can overlook."""
    mark = Text(words("receipt.copy", number=copy), align="center", size=2, bold=True)
    return Slip((mark, Rule(), *original.elements), original.document)


def _head(record: Record, words: Words) -> list[Element]:
    title = "receipt.title_received" if record.case_number else "receipt.title_kept"
    return [
        Text(words("receipt.brand"), align="center", size=2, bold=True),
        Text(words(title), align="center", size=2),
        Rule(),
    ]


def _facts(record: Record, words: Words, around: Surroundings, at: datetime) -> list[Element]:
    person = record.known_applicant
    number = record.case_number or record.local_number
    label = "receipt.case_number" if record.case_number else "receipt.local_number"
    return [
        Text(words(label)),
        Text(number, align="center", size=2 if len(number) <= _LARGE_NUMBER else 1, bold=True),
        Pair(words("receipt.matter"), record.chosen.name),
        Pair(words("receipt.applicant"), f"{mask_name(person.name)} {mask_number(person.number)}"),
        Pair(words("receipt.at"), f"{at:%Y-%m-%d %H:%M}"),
        Pair(words("receipt.place"), around.place),
        Pair(words("receipt.terminal"), around.terminal_id),
        Rule(),
    ]


_LARGE_NUMBER = 16  # characters that fit on 58 mm paper in double width


def _materials(record: Record, words: Words) -> list[Element]:
    handed = [(m.name, len(record.kept(m.slot))) for m in record.plan().materials if record.kept(m.slot)]
    total = sum(count for _, count in handed)
    return [
        Text(words("receipt.materials"), bold=True),
        *(Pair(name, words("receipt.pages", count=count)) for name, count in handed),
        Pair("", words("receipt.total", materials=len(handed), pages=total)),
        Text(words("receipt.trust")),
        Rule(),
    ]


def _next(record: Record, words: Words, around: Surroundings) -> list[Element]:
    notice = record.chosen.notice
    steps = notice.next_steps if notice else ()
    number = record.case_number or record.local_number
    note = "receipt.received_note" if record.case_number else "receipt.kept_note"
    elements: list[Element] = [
        Text(words("receipt.next"), bold=True),
        Text(words(note)),
        *(Pair(f"{place}.", step) for place, step in enumerate(steps, start=1)),
        Feed(),
        Qr(qr_content(number)),
        Text(words("receipt.scan"), align="center"),
        Feed(),
        *_rate_later(record, words, around),
        Pair(words("receipt.ask"), around.phone),
        Text(words("receipt.keep")),
    ]
    if record.chosen.sample:
        elements.append(Text(words("receipt.sample")))
    return elements


def _rate_later(record: Record, words: Words, around: Surroundings) -> list[Element]:
    """She may rate at home, once, by her phone: where phones reach the platform. A case that was rated says so."""
    if not around.public_url or not record.case_id:
        return []
    address = f"{around.public_url.rstrip('/')}/e/{record.case_id}"
    return [Qr(address), Text(words("receipt.rate_later"), align="center"), Feed()]
