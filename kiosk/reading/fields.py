"""From texts to values: what a name, a date, a number may look like, and how sure one can be of it.

Confidence is the engine's own likelihood of all signs together, raised where a check digit or another field bears
witness, at most 0.5 where one contradicts.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from kiosk.reading.line import Line, Sign, without_spaces
from kiosk.reading.numbers import LENGTH, settled
from kiosk.reading.simplified import SIMPLIFIED
from kiosk.reading.values import Field
from kiosk.reading.zones import Sight

DOUBTED = 0.5  #: no field that fails its check is surer

_USUAL_FROM = 0.02  # of likelihood
_SINGLE = 0.85  # of a name that was only looked at once; chosen, so that it is not among the sure ones
_STRANGE = 0.002  # likelihood that is kept for a value that nobody knows
_DATE = re.compile(r"([12][0-9]{3})[^0-9]{1,2}([0-9]{1,2})[^0-9]{1,2}([0-9]{1,2})(?![0-9])", re.ASCII)
_DIGITS_ALIKE = str.maketrans("OoQDIlｌ丨|ZzSsBbGg", "00001111122558869"[:17])
_HAN = re.compile(r"[〇\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def text(lines: Sequence[Line]) -> str:
    """What the lines say, one after another, without spaces."""
    return "".join(sign.text for sign in signs(lines))


def signs(lines: Sequence[Line]) -> tuple[Sign, ...]:
    """The signs of the lines, one after another, without spaces, rare forms for common ones where in doubt."""
    return tuple(_usual(sign) for line in lines for sign in without_spaces(line.signs))


def _usual(sign: Sign) -> Sign:
    """Documents of today are set in simplified signs: 粵 for 粤 is the engine's slip, if it thought of both.

    Only a sign's own simplified form is taken for it: names have signs that are rare (烜 is not 恒).
    """
    usual = SIMPLIFIED.get(sign.text)
    sure = dict(sign.others).get(usual, 0.0) if usual is not None else 0.0
    if usual is None or sure < _USUAL_FROM:
        return sign
    return Sign(usual, sign.x, max(sure, sign.likely) * 0.9, ((sign.text, sign.likely), *sign.others))


def likely(lines: Sequence[Line]) -> float:
    """0…1: that all signs of all lines are right."""
    product = 1.0
    for line in lines:
        product *= line.likely
    return product


def plain(lines: Sequence[Line], strip: str = ":：.。,，;；-—_ ") -> Field | None:
    """Text as it stands there; None when nothing does."""
    value = text(lines).lstrip(strip)
    return Field(value, likely(lines)) if value else None


def name(lines: Sequence[Line], sight: Sight) -> Field | None:
    """A person's name: Han signs, perhaps with a dot between the parts. Further looks must agree."""
    first = _person(lines)
    if first is None:
        return None
    opinions = [first, *_further(lines, sight)]
    best = max(
        {o.value for o in opinions}, key=lambda value: sum(o.confidence for o in opinions if o.value == value)
    )
    alike = [o for o in opinions if o.value == best]
    sure = max(o.confidence for o in alike)
    if len(alike) < len(opinions):
        sure = min(sure, len(alike) / (len(opinions) + 1))
    if len(opinions) == 1:
        sure = min(sure, _SINGLE)
    return Field(best, sure if len(best) >= 2 else min(sure, DOUBTED))


def _further(lines: Sequence[Line], sight: Sight) -> Iterator[Field]:
    """Other opinions on a name: its box shown otherwise, and what stands around it, should the box end too early."""
    if len(lines) != 1 or lines[0].place < 0:
        return
    line, room = lines[0], lines[0].height
    seen = len(without_spaces(line.signs))
    looks = [other.part(without_spaces(other.signs)[-seen:]) for other in sight.again(line.place)]
    end = max(line.right, line.left + 3 * room) + room
    around = sight.within(line.left - 0.1 * room, line.top, end, line.bottom)
    for look in (*looks, *((around,) if around is not None else ())):
        opinion = _person((look,))
        if opinion is not None:
            yield opinion


def _person(lines: Sequence[Line]) -> Field | None:
    kept = [sign for sign in signs(lines) if _HAN.match(sign.text) or sign.text in "·•."]
    value = "".join(sign.text for sign in kept).strip("·•.").replace("•", "·").replace(".", "·")
    sure = 1.0
    for sign in kept:
        sure *= sign.likely
    return Field(value, sure) if value else None


def one_of(lines: Sequence[Line], among: Sequence[str]) -> Field | None:
    """One of known values: as it was read, or the one that the engine also thought of, or the only one inside."""
    read = signs(lines)
    value = "".join(sign.text for sign in read)
    if value in among:
        return Field(value, 1 - (1 - likely(lines)) / 4)  # a misreading is seldom another known value
    inside = [known for known in among if known in value]
    if inside:
        return Field(max(inside, key=len), min(0.8, likely(lines)))
    thought = {known: _thought(known, read) for known in among if len(known) == len(read)}
    total = sum(thought.values())
    if total > 0:
        best = max(thought, key=lambda known: thought[known])
        return Field(best, min(0.9, thought[best] / (total + _STRANGE)))
    near = [known for known in thought if len(known) > 1 and _differ(known, value) == 1]
    if len(near) == 1:
        return Field(near[0], DOUBTED)
    return Field(value, min(DOUBTED, likely(lines))) if value else None


def _thought(known: str, read: Sequence[Sign]) -> float:
    """How likely the engine takes it that these signs are a known value, were it one."""
    product = 1.0
    for wanted, sign in zip(known, read, strict=True):
        ways = dict(sign.others) | {sign.text: sign.likely}
        product *= ways.get(wanted, 0.0)
    return product


def _differ(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


def dates(written: str) -> list[date]:
    """The dates in a text, whatever stands between year, month and day."""
    found = []
    for match in _DATE.finditer(written.translate(_DIGITS_ALIKE)):
        try:
            found.append(date(*(int(part) for part in match.groups())))
        except ValueError:
            continue
    return found


def day(lines: Sequence[Line], today: date) -> Field | None:
    """A date in the past, as YYYY-MM-DD."""
    found = dates(text(lines))
    if not found:
        return None
    sure = likely(lines)
    fits = found[0] <= today and found[0].year >= 1900
    return Field(found[0].isoformat(), sure if fits else min(DOUBTED, sure))


def number(lines: Sequence[Line], sight: Sight, alphabet: str, right: Callable[[str], bool]) -> Field | None:
    """A number of 18 signs with a check character; looked at again until one look passes the check."""
    best: Field | None = None
    for look in _looks(lines, sight):
        for stretch in _stretches(look, alphabet):
            value, sure = settled(stretch, alphabet, right)
            field = Field(value, sure)
            if right(value) and sure > 0.8:
                return field
            if best is None or field.confidence > best.confidence:
                best = field
    return best or _remnant(lines)


def _looks(lines: Sequence[Line], sight: Sight) -> Iterable[tuple[Sign, ...]]:
    yield signs(lines)
    for line in lines:
        for other in sight.again(line.place):
            yield without_spaces(other.signs)


def _stretches(seen: Sequence[Sign], alphabet: str) -> Iterable[Sequence[Sign]]:
    """Every 18 signs in a row that may be a number, the last ones first: a label stands before its number."""
    for start in range(len(seen) - LENGTH, -1, -1):
        stretch = seen[start : start + LENGTH]
        strange = sum(sign.text not in alphabet for sign in stretch)
        if strange <= 3 and all(len(sign.text) == 1 and ord(sign.text) < 0x2E80 for sign in stretch):
            yield stretch


def _remnant(lines: Sequence[Line]) -> Field | None:
    """Too few or too many signs: shown as it was read, for she can mend it."""
    value = "".join(sign.text for sign in signs(lines) if sign.text.isascii() and sign.text.isalnum())
    return Field(value, min(0.2, likely(lines))) if len(value) >= LENGTH - 4 else None
