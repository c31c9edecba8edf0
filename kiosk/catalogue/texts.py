"""Every text of the catalogue that a citizen reads: what a translation must know. Pure.

The catalogue itself is Chinese, and stays so in every case that is handed in; see docs/adr/0058.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from kiosk.catalogue.load import Catalogue
from kiosk.catalogue.model import Choice, Field, Item, Material, Matter, Notice, Question

#: the part of a report that belongs to no matter in particular
AROUND = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a matter is translated."""

    matter: str  #: its code; `AROUND` for what stands around the matters
    texts: int
    lacking: tuple[str, ...]  #: in the order in which they are met


def coverage(catalogue: Catalogue, known: Mapping[str, str]) -> tuple[Coverage, ...]:
    """Matter by matter, then what stands around them; `known`: Chinese text → its translation."""
    parts = [(matter.code, dict.fromkeys(texts_of(matter))) for matter in catalogue.matters]
    parts.append((AROUND, dict.fromkeys(texts_around(catalogue))))
    return tuple(
        Coverage(code, len(texts), tuple(text for text in texts if text not in known))
        for code, texts in parts
    )


def named_in(matters: Iterable[Matter], query: str, translate: Callable[[str], str]) -> tuple[Matter, ...]:
    """The matters in whose translated names each word of `query` begins a word; the shortest name first."""
    wanted = re.findall(r"\w+", query.casefold())
    found = []
    for matter in matters:
        names = translate(matter.name), translate(matter.short_name)
        words = re.findall(r"\w+", " ".join(names).casefold())
        if wanted and all(any(word.startswith(one) for word in words) for one in wanted):
            found.append((len(names[0]), matter))
    return tuple(matter for _, matter in sorted(found, key=lambda one: one[0]))


def texts_of(matter: Matter) -> Iterator[str]:
    """What a citizen may read of a matter, beginning with its name; some more than once."""
    yield from _told(matter.name, matter.short_name, matter.lead, *matter.partners)
    if matter.notice is not None:
        yield from _of_notice(matter.notice)
    for question in matter.questions:
        yield from _of_question(question)
    for field in matter.fields:
        yield from _of_field(field)
    for material in matter.materials:
        yield from _of_material(material)
    for item in matter.items:
        yield from _of_item(item)
    for promise in matter.promises:
        yield from _told(promise.title, promise.text, promise.false_means)


def texts_around(catalogue: Catalogue) -> Iterator[str]:
    """Why a matter is recommended, and places to go to."""
    for rule in catalogue.suggestions.rules:
        yield rule.reason
    for point in catalogue.offices.points:
        yield from _told(point.name, point.address, point.hours)


def _told(*texts: str) -> Iterable[str]:
    return (text for text in texts if text)


def _of_notice(notice: Notice) -> Iterable[str]:
    return _told(
        notice.what,
        notice.who_for,
        notice.who_decides,
        notice.how_long,
        notice.fee,
        *notice.not_here,
        *notice.next_steps,
        notice.ask,
    )


def _of_question(question: Question) -> Iterator[str]:
    yield question.text
    yield from _of_choices(question.choices)


def _of_choices(choices: tuple[Choice, ...]) -> Iterator[str]:
    for choice in choices:
        yield from _told(choice.label, choice.explanation)


def _of_field(field: Field) -> Iterator[str]:
    yield from _told(field.label, field.section, field.hint)
    yield from _of_choices(field.choices)
    if field.repeat is not None:
        yield field.repeat.label


def _of_material(material: Material) -> Iterable[str]:
    return _told(material.name, material.hint, material.source, material.licence)


def _of_item(item: Item) -> Iterator[str]:
    yield from _told(item.name, item.department)
    if item.in_person is not None:
        told = item.in_person
        yield from _told(told.why, told.where, told.address, told.hours)
