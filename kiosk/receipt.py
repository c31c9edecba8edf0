"""The slip that a citizen takes home. Her name and number on it are masked; everything else says what happens next.

In another language the Chinese stands beside what an official looks for: what the slip is, of which case, which papers.
"""

from datetime import datetime

from devices.receipt_printer import Element, Feed, Pair, Qr, Rule, Slip, Text
from kiosk.domain.identity import mask_name, mask_number
from kiosk.domain.scanned import RECEIPT_PREFIX
from kiosk.journey import acting
from kiosk.journey.overview import saved
from kiosk.journey.record import Record
from kiosk.journey.result import result_of
from kiosk.journey.surroundings import Surroundings
from kiosk.words import Words


def qr_content(number: str) -> str:
    """What the QR code holds: the case's or the local number, nothing about the citizen."""
    return RECEIPT_PREFIX + number


def slip(record: Record, words: Words, around: Surroundings, at: datetime) -> Slip:
    """The receipt for what was handed in; with the case number when there is one, else with the local number."""
    elements: list[Element] = [*_head(record, words), *_facts(record, words, around, at)]
    elements += _items(record, words)
    elements += _materials(record, words)
    elements += _arranged(record, words, around)
    elements += _next(record, words, around)
    return Slip(tuple(elements), document=f"receipt/{record.case_id}")


def as_copy(original: Slip, copy: int, words: Words) -> Slip:
    """The `copy`-th reprint of `original`, 1 or more: the same, with a mark on top that nobody can overlook."""
    mark = Text(words("receipt.copy", number=copy), align="center", size=2, bold=True)
    return Slip((mark, Rule(), *original.elements), original.document)


def for_training(slip: Slip, words: Words) -> Slip:
    """The same, with a mark at both ends that it is worth nothing."""
    mark = Text(words("training.receipt"), align="center", size=2, bold=True)
    return Slip((mark, Rule(), *slip.elements, Rule(), mark), slip.document)


def _head(record: Record, words: Words) -> list[Element]:
    title = "receipt.title_received" if record.case_number else "receipt.title_kept"
    return [
        Text(words("receipt.brand"), align="center", size=2, bold=True),
        Text(words.both(title), align="center", size=2),
        Rule(),
    ]


def _facts(record: Record, words: Words, around: Surroundings, at: datetime) -> list[Element]:
    person, agent = record.people()
    firm, code = acting.enterprise(record.chosen, record.confirmed())
    who = f"{firm} {mask_number(code)}" if firm else f"{mask_name(person.name)} {mask_number(person.number)}"
    acts = agent or (person if firm else None)
    number = record.case_number or record.local_number
    label = "receipt.case_number" if record.case_number else "receipt.local_number"
    return [
        Text(words.both(label)),
        Text(number, align="center", size=2 if len(number) <= _LARGE_NUMBER else 1, bold=True),
        Pair(words.both("receipt.matter"), words.both_texts(record.chosen.name)),
        Pair(words.both("receipt.applicant"), who),
        *((Pair(words("receipt.agent"), mask_name(acts.name)),) if acts else ()),
        Pair(words("receipt.at"), f"{at:%Y-%m-%d %H:%M}"),
        Pair(words("receipt.place"), around.place),
        Pair(words("receipt.terminal"), around.terminal_id),
        Rule(),
    ]


_LARGE_NUMBER = 16  # characters that fit on 58 mm paper in double width
#: so many are named each; of more only how many: chosen, so that the slip of sixteen items stays under forty lines
_NAMED = 5


def _items(record: Record, words: Words) -> list[Element]:
    """Who does what. A single item is what the matter's name says already."""
    items = record.plan().items
    if len(items) < 2:
        return []
    offices: dict[str, list[str]] = {}
    for item in items:
        offices.setdefault(words.text(item.department), []).append(words.text(item.name))
    lines: list[Element] = [Text(words("receipt.items", items=len(items), offices=len(offices)), bold=True)]
    comma = words("list.comma")
    for department, names in offices.items():
        said = comma.join(names) if len(items) <= _NAMED else words("receipt.item_count", count=len(names))
        lines.append(Pair(department, said))
    return [*lines, Rule()]


def _arranged(record: Record, words: Words, around: Surroundings) -> list[Element]:
    """What she need not bring, what she promised, how the result comes, what she was spared."""
    plan, comma = record.plan(), words("list.comma")
    spared_papers = _named(
        [words.text(one.material.name) for one in plan.replaced if one.by == "licence"], words
    )
    promised = _named([words.text(promise.title) for promise in plan.promises], words)
    result = result_of(record, prints=around.page_printer)
    way = words(f"delivery.way.{result.way}") if result.way else ""
    spared = comma.join(
        words(f"saved.{one.kind}", count=one.before - one.after) for one in saved(record.chosen, plan)
    )
    told = (
        (words("receipt.licences"), spared_papers),
        (words("receipt.promises"), promised),
        (words("receipt.result"), way),
    )
    lines: list[Element] = [Pair(label, value) for label, value in told if value]
    if spared:
        lines.append(Text(words("receipt.saved", saved=spared)))
    return [*lines, Rule()] if lines else []


def _named(names: list[str], words: Words) -> str:
    return (
        words("list.comma").join(names) if len(names) <= _NAMED else words("receipt.count", count=len(names))
    )


def _materials(record: Record, words: Words) -> list[Element]:
    handed = [
        (words.both_texts(m.name), len(record.kept(m.slot)))
        for m in record.plan().materials
        if record.kept(m.slot)
    ]
    if not handed:
        return []
    total = sum(count for _, count in handed)
    named = handed if len(handed) <= _NAMED else []
    return [
        Text(words.both("receipt.materials"), bold=True),
        *(Pair(name, words("receipt.pages", count=count)) for name, count in named),
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
        *(Pair(f"{place}.", words.text(step)) for place, step in enumerate(steps, start=1)),
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
