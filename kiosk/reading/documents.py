"""What each kind of document says: texts beside labels become checked fields, and a verdict on the kind."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from statistics import median
from typing import assert_never

from kiosk.domain.identity import number_facts
from kiosk.reading import fields as f
from kiosk.reading.known_values import ETHNICITIES, RELATIONS, SEXES
from kiosk.reading.labels import ENOUGH, LABELS, SIGNS_OF, TAILS
from kiosk.reading.layout import cells, values
from kiosk.reading.line import Line
from kiosk.reading.numbers import NUMBER_SIGNS, USCC_SIGNS, number_is_right, uscc_is_right
from kiosk.reading.values import FIELDS, LONG_TERM, Field, Kind, Reading, Warning
from kiosk.reading.zones import Sight, overlooked, with_tail

Texts = Mapping[str, tuple[Line, ...]]
Found = dict[str, Field | None]

#: fields that may be wrapped
_LONG: Mapping[Kind, tuple[str, ...]] = {
    Kind.ID_FRONT: ("address",),
    Kind.ID_BACK: ("authority",),
    Kind.BUSINESS_LICENCE: ("name", "type", "address", "scope"),
    Kind.HOUSEHOLD: ("address",),
}
_TERMS = (5, 10, 20)  # years; GA 461 and the law on identity cards, art. 5
_OPEN_ENDED = ("长期", "永久", "无固定")


def understood(lines: Sequence[Line], kind: Kind, today: date, sight: Sight) -> Reading:
    """What a page that should be a `kind` says. `lines` lie upright; `sight` is for further looks."""
    scores = {each: score(lines, each) for each in Kind}
    page = cells(lines, LABELS[kind], TAILS[kind], anywhere=kind is Kind.ID_FRONT)
    texts: dict[str, tuple[Line, ...]] = values(page)
    if scores[kind] >= ENOUGH:
        texts |= overlooked(page, texts, sight)
        texts |= {name: with_tail(texts[name], page, sight) for name in _LONG[kind] if name in texts}
    match kind:
        case Kind.ID_FRONT:
            found = _id_front(texts, lines, today, sight)
        case Kind.ID_BACK:
            found = _id_back(texts, lines)
        case Kind.BUSINESS_LICENCE:
            found = _licence(texts, lines, today, sight)
        case Kind.HOUSEHOLD:
            found = _household(texts, lines, today, sight)
        case _:
            assert_never(kind)
    told = {name: field for name in FIELDS[kind] if (field := found.get(name)) is not None}
    matches = _matches(kind, scores)
    if not matches:  # perhaps a copy of which little was found; never to be relied on
        told = {name: Field(field.value, min(field.confidence, f.DOUBTED)) for name, field in told.items()}
    return Reading(kind, told, matches, _warnings(kind, scores, texts, told, today))


def score(lines: Sequence[Line], kind: Kind) -> int:
    """How much speaks for a kind; from `ENOUGH` on it is one."""
    words = ["".join(sign.text for sign in line.signs if not sign.text.isspace()) for line in lines]
    all_ = "\n".join(words) + "\n" + "".join(words[place] for place in _reading_order(lines))
    total = sum(weight for word, weight in SIGNS_OF[kind].items() if word in all_)
    if kind is Kind.ID_FRONT and any(_looks_like_number(word) for word in words):
        total += 1
    return total


def _reading_order(lines: Sequence[Line]) -> list[int]:
    """Row by row, so that a title set wide, which came as several lines, is one again."""
    height = median(line.height for line in lines) if lines else 1.0
    return sorted(
        range(len(lines)), key=lambda place: (round(lines[place].middle / height), lines[place].left)
    )


def _looks_like_number(word: str) -> bool:
    return len(word) >= 18 and sum(sign in NUMBER_SIGNS for sign in word[-18:]) >= 16


def _matches(kind: Kind, scores: Mapping[Kind, int]) -> bool:
    """The kind itself speaks clearly, and no other does more. Both sides of a card may lie on one sheet."""
    card = (Kind.ID_FRONT, Kind.ID_BACK)
    rivals = [other for other in Kind if other is not kind and not (kind in card and other in card)]
    return scores[kind] >= ENOUGH and all(scores[kind] >= scores[other] for other in rivals)


def _warnings(
    kind: Kind, scores: Mapping[Kind, int], texts: Texts, told: Mapping[str, Field], today: date
) -> tuple[Warning, ...]:
    if _matches(kind, scores):
        return (Warning.EXPIRED,) if _is_over(kind, texts, told, today) else ()
    other = {Kind.ID_FRONT: Kind.ID_BACK, Kind.ID_BACK: Kind.ID_FRONT}.get(kind)
    if other is not None and _matches(other, scores):
        return (Warning.WRONG_SIDE,)
    return (Warning.NOT_THIS_KIND,)


def _is_over(kind: Kind, texts: Texts, told: Mapping[str, Field], today: date) -> bool:
    if kind is Kind.ID_BACK and "valid_to" in told and told["valid_to"].value != LONG_TERM:
        return date.fromisoformat(told["valid_to"].value) < today
    if kind is Kind.BUSINESS_LICENCE and "validity" in texts:
        written = f.text(texts["validity"])
        ends = f.dates(written)
        unlimited = any(word in written for word in _OPEN_ENDED)
        return len(ends) >= 2 and not unlimited and ends[-1] < today
    return False


def _id_front(texts: Texts, lines: Sequence[Line], today: date, sight: Sight) -> Found:
    found: Found = {
        "name": f.name(texts.get("name", ()), sight),
        "sex": f.one_of(texts.get("sex", ()), SEXES),
        "ethnicity": f.one_of(texts.get("ethnicity", ()), ETHNICITIES),
        "birth": f.day(texts.get("birth", ()), today),
        "address": f.plain(texts.get("address", ())),
    }
    return _agreeing(found | {"number": _citizen_number(texts, lines, sight, found["birth"])})


def _citizen_number(texts: Texts, lines: Sequence[Line], sight: Sight, birth: Field | None) -> Field | None:
    """The number that has the printed birth in it; else one that has not."""

    def agrees(number: str) -> bool:
        return number_is_right(number) and birth is not None and number[6:14] == birth.value.replace("-", "")

    def sought(right: Callable[[str], bool]) -> Field | None:
        beside = texts.get("number", ())
        return _anywhere(beside, lines, lambda some: f.number(some, sight, NUMBER_SIGNS, right))

    found = sought(agrees)
    return found if found is not None and agrees(found.value) else sought(number_is_right)


def _anywhere(
    beside: Sequence[Line], lines: Sequence[Line], read: Callable[[Sequence[Line]], Field | None]
) -> Field | None:
    """What stands beside the label; or, when that is nothing sound, whatever on the page passes for it."""
    best = read(beside) if beside else None
    for line in lines if best is None or best.confidence <= f.DOUBTED else ():
        other = read((line,))
        if other is not None and (best is None or other.confidence > best.confidence):
            best = other
    return best


def _agreeing(found: Found) -> Found:
    """The number tells birth and sex, too: what agrees is surer, what does not is doubted, what is missing is known."""
    number = found.get("number")
    if number is None or not number_is_right(number.value):
        return found
    told = number_facts(number.value)
    assert told.birth is not None
    witnesses = 0
    for name, value in (("birth", told.birth.isoformat()), ("sex", told.sex)):
        field = found.get(name)
        if field is None:
            found[name] = Field(value, number.confidence * 0.9)
        elif field.value == value:
            found[name] = Field(value, 1 - (1 - field.confidence) * (1 - number.confidence))
            witnesses += 1
        else:
            found[name] = Field(field.value, min(field.confidence, f.DOUBTED))
            witnesses -= 1
    if witnesses > 0:
        found["number"] = Field(number.value, 1 - (1 - number.confidence) / 4)
    elif witnesses < 0:
        found["number"] = Field(number.value, min(number.confidence, 0.8))
    return found


def _id_back(texts: Texts, lines: Sequence[Line]) -> Found:
    authority = f.plain(texts.get("authority", ()))
    if authority is not None and not authority.value.endswith(("局", "厅", "部")):
        authority = Field(authority.value, min(authority.confidence, f.DOUBTED))
    found: Found = {"authority": authority}
    for some in (texts.get("validity", ()), *((line,) for line in lines)):
        if some and (span := validity(some)) is not None:
            return found | {"valid_from": span[0], "valid_to": span[1]}
    return found


def validity(some: Sequence[Line]) -> tuple[Field, Field] | None:
    """`2020.05.01-2040.05.01` or `2010.01.15-长期`. A term that no card has is doubted."""
    written = f.text(some)
    days, sure = f.dates(written), f.likely(some)
    if days and any(sign in written for sign in LONG_TERM):
        return Field(days[0].isoformat(), sure), Field(LONG_TERM, sure)
    if len(days) != 2:
        return None
    first, last = days
    if not any(_is_term(first, last, years) for years in _TERMS):
        sure = min(sure, f.DOUBTED)
    else:
        sure = 1 - (1 - sure) / 8
    return Field(first.isoformat(), sure), Field(last.isoformat(), sure)


def _is_term(first: date, last: date, years: int) -> bool:
    leap = (first.month, first.day) == (2, 29) and (last.month, last.day) in ((2, 28), (3, 1))
    return last.year - first.year == years and (leap or (first.month, first.day) == (last.month, last.day))


def _licence(texts: Texts, lines: Sequence[Line], today: date, sight: Sight) -> Found:
    return {
        "uscc": _anywhere(
            texts.get("uscc", ()), lines, lambda some: f.number(some, sight, USCC_SIGNS, uscc_is_right)
        ),
        "name": f.plain(texts.get("name", ())),
        "type": f.plain(texts.get("type", ())),
        "legal_person": f.name(texts.get("legal_person", ()), sight),
        "capital": f.plain(texts.get("capital", ())),
        "established": f.day(texts.get("established", ()), today),
        "address": f.plain(texts.get("address", ())),
        "scope": f.plain(texts.get("scope", ())),
    }


def _household(texts: Texts, lines: Sequence[Line], today: date, sight: Sight) -> Found:
    found: Found = {
        "head": f.name(texts.get("head", ()), sight),
        "name": f.name(texts.get("name", ()), sight),
        "relation": f.one_of(texts.get("relation", ()), RELATIONS),
        "sex": f.one_of(texts.get("sex", ()), SEXES),
        "birth": f.day(texts.get("birth", ()), today),
        "address": f.plain(texts.get("address", ())),
    }
    found["number"] = _citizen_number(texts, lines, sight, found["birth"])
    relation, name = found["relation"], found["name"]
    if found["head"] is None and name is not None and relation is not None and relation.value == "户主":
        found["head"] = Field(name.value, min(name.confidence, relation.confidence))
    return _agreeing(found)
