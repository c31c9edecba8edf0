"""一次告知 to take home: on the slip printer's paper, on A4, and as a QR code. Nothing of the citizen is in it.

See docs/adr/0049 for what the code holds.
"""

from urllib.parse import quote

from devices.receipt_printer import Element, Feed, Pair, Rule, Slip, Text
from kiosk.catalogue.model import Matter
from kiosk.journey.surroundings import Surroundings
from kiosk.stage import Sheet
from kiosk.words import Words

#: bytes; a QR code of version 15 at level M holds 412 (ISO/IEC 18004 table 7) and is 77 modules wide: at 480 px on the
#: screen a module is 1.5 mm, which a phone reads from an arm's length
MOST_BYTES = 400


def notice_lines(matter: Matter, words: Words, around: Surroundings) -> tuple[tuple[str, str], ...]:
    """(head, text) of everything that the notice says; a head of "" belongs to the line before."""
    told, comma = matter.notice, words("list.comma")
    departments = comma.join(map(words.text, (matter.lead, *matter.partners)))
    brought = tuple(words.text(material.name) for material in matter.materials)
    facts = [
        (words("notice.items"), comma.join(words.text(item.name) for item in matter.items)),
        (words("notice.who_for"), told.who_for if told else ""),
        (words("notice.how_long"), told.how_long if told else ""),
        (words("notice.fee"), told.fee if told else ""),
        (words("notice.who_decides"), (told.who_decides if told else "") or departments),
        (
            words("notice.not_here"),
            words("list.semicolon").join(map(words.text, told.not_here)) if told else "",
        ),
        (words("notice.bring"), comma.join(brought)),
        (words("notice.ask"), (told.ask if told else "") or _ask(around)),
    ]
    return tuple((head, words.text(text)) for head, text in facts if text)


def notice_slip(matter: Matter, words: Words, around: Surroundings) -> Slip:
    """The notice on the slip printer's paper. Printed as often as anybody likes: it proves nothing."""
    elements: list[Element] = [
        Text(words("receipt.brand"), align="center", size=2, bold=True),
        Text(words("notice.slip"), align="center", size=2),
        Text(words.both_texts(matter.name), bold=True),
        Rule(),
    ]
    for head, text in notice_lines(matter, words, around):
        elements += [Text(head, bold=True), Text(text), Feed()]
    elements.append(Pair(words("receipt.place"), around.place))
    if matter.sample:
        elements.append(Text(words("receipt.sample")))
    return Slip(tuple(elements))


def notice_sheet(matter: Matter, words: Words, around: Surroundings) -> Sheet:
    """The notice on A4."""
    lines = [f"{head}{words('notice.colon')}{text}" for head, text in notice_lines(matter, words, around)]
    if matter.sample:
        lines.append(words("receipt.sample"))
    return Sheet(title=words.both_texts(matter.name), lines=(*lines, around.place))


def notice_code(matter: Matter, words: Words, around: Surroundings) -> str:
    """What the QR code holds: the notice's address where it lies on the web, else its most useful words."""
    if around.notices_url:
        return f"{around.notices_url}/{quote(matter.code, safe='')}.html"
    colon = words("notice.colon")
    first = [
        words.text(matter.name),
        *(f"{head}{colon}{text}" for head, text in _short(matter, words, around)),
    ]
    text = "\n".join(first)
    while len(text.encode("utf-8")) > MOST_BYTES:
        text = text[:-2] + "…"
    return text


def _short(matter: Matter, words: Words, around: Surroundings) -> tuple[tuple[str, str], ...]:
    """Whom to ask and who does it first, then what to bring: what is cut off is cut off at the end."""
    told = matter.notice
    found = (
        (words("notice.ask"), (told.ask if told else "") or _ask(around)),
        (words("notice.who_decides"), matter.lead),
        (words("notice.how_long"), told.how_long if told else ""),
        (words("notice.bring"), words("list.comma").join(words.text(m.name) for m in matter.materials)),
    )
    return tuple((head, words.text(text)) for head, text in found if text)


def _ask(around: Surroundings) -> str:
    return " ".join(dict.fromkeys(number for number in (around.phone, around.hotline) if number))
