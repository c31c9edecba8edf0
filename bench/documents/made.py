"""Documents with everything that stands on them: what a reader is measured with."""

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from bench.documents import cards, licences, people, registers
from bench.documents.ink import FACES, FACES_HELD_BACK, NUMBERS, NUMBERS_HELD_BACK, Face, Pixels
from kiosk.reading import LONG_TERM, Kind


class Part(enum.StrEnum):
    """Which part of the generator's faces of type and of its dice."""

    TUNED = "tuned"
    HELD_BACK = "held-back"


@dataclass(frozen=True, slots=True)
class Document:
    """A flat document at 300 dpi and its truth."""

    kind: Kind
    number: int  #: within its kind
    truth: Mapping[str, str]  #: field → value, as a reading tells it
    sheet: Pixels = field(repr=False)
    dice: Generator = field(repr=False)  #: for the photograph


def documents(part: Part, each: int, kinds: tuple[Kind, ...] = tuple(Kind)) -> Iterator[Document]:
    """`each` of every kind; the same every time."""
    for kind in kinds:
        for number in range(each):
            dice = np.random.default_rng((25004, list(Part).index(part), list(Kind).index(kind), number))
            truth, sheet = _MAKERS[kind](_type(part, dice), dice)
            yield Document(kind, number, truth, sheet, dice)


def _type(part: Part, dice: Generator) -> cards.Type:
    held = part is Part.HELD_BACK
    faces, numbers = (FACES_HELD_BACK, NUMBERS_HELD_BACK) if held else (FACES, NUMBERS)

    def one(those: tuple[Face, ...]) -> Face:
        return those[int(dice.integers(0, len(those)))]

    return cards.Type(one(faces), one(faces), one(numbers))


def _front(type_: cards.Type, dice: Generator) -> tuple[dict[str, str], Pixels]:
    who = people.person(dice)
    truth = {
        "name": who.name,
        "sex": who.sex,
        "ethnicity": who.ethnicity,
        "birth": who.birth.isoformat(),
        "address": who.address,
        "number": who.number,
    }
    return truth, cards.front(who, type_, dice)


def _back(type_: cards.Type, dice: Generator) -> tuple[dict[str, str], Pixels]:
    who = people.person(dice)
    truth = {
        "authority": who.authority,
        "valid_from": who.valid_from.isoformat(),
        "valid_to": who.valid_to.isoformat() if who.valid_to else LONG_TERM,
    }
    return truth, cards.back(who, type_, dice)


def _licence(type_: cards.Type, dice: Generator) -> tuple[dict[str, str], Pixels]:
    firm = people.firm(dice)
    truth = {
        "uscc": firm.uscc,
        "name": firm.name,
        "type": firm.type,
        "legal_person": firm.legal_person,
        "established": firm.established.isoformat(),
        "address": firm.address,
        "scope": firm.scope,
    }
    if firm.type != "个体工商户":
        truth["capital"] = firm.capital
    return truth, licences.licence(firm, type_, dice)


def _register(type_: cards.Type, dice: Generator) -> tuple[dict[str, str], Pixels]:
    who = people.person(dice)
    if dice.random() < 0.35:
        return {"head": who.name, "address": who.address}, registers.index_page(
            who.name, who.address, type_, dice
        )
    relation = people.RELATIONS[int(dice.integers(0, len(people.RELATIONS)))]
    truth = {
        "name": who.name,
        "relation": relation,
        "sex": who.sex,
        "birth": who.birth.isoformat(),
        "number": who.number,
    }
    if relation == "户主":
        truth["head"] = who.name
    return truth, registers.person_page(who, relation, type_, dice)


_MAKERS = {
    Kind.ID_FRONT: _front,
    Kind.ID_BACK: _back,
    Kind.BUSINESS_LICENCE: _licence,
    Kind.HOUSEHOLD: _register,
}
