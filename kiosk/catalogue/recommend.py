"""政策找人: which matters may concern somebody, each with a plain reason. Pure; the rules are data (recommend.yaml).

Nothing is looked up and nothing kept: the caller hands in what she has consented to, and does not ask at all when
she has refused. A recommendation says what it goes by and promises nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

from kiosk.catalogue.combine import holds
from kiosk.catalogue.model import When

if TYPE_CHECKING:
    from kiosk.catalogue.load import Catalogue

Basis = Literal["age", "sex", "home", "earlier", "answers"]
MOST = 3  # chosen: more is advertising, and does not fit beside what she came for


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is known of somebody, as far as she lets it be used. No rule holds about what is missing."""

    born: date | None = field(default=None, repr=False)
    sex: str = field(default="", repr=False)  #: 男 or 女
    address: str = field(default="", repr=False)  #: on her card
    answers: Mapping[str, str] = field(default_factory=dict, repr=False)  #: question → value, of this visit
    earlier: tuple[str, ...] = ()  #: codes of matters that she handed in before
    refused: frozenset[str] = frozenset()  #: codes that she does not want to see (again)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One rule of recommend.yaml. Everything that is not None or empty must hold."""

    matter: str
    reason: str
    sample: bool
    age: tuple[int, int] | None = None  #: full years, both included
    sex: str | None = None
    home: Literal["here", "elsewhere"] | None = None
    earlier: tuple[str, ...] = ()
    when: tuple[When, ...] = ()
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """All rules, and by what an address is known to be in the city."""

    city: tuple[str, ...] = ()
    rules: tuple[Suggestion, ...] = ()


NO_SUGGESTIONS = Suggestions()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """A matter that may concern her."""

    code: str
    name: str
    reason: str  #: one sentence, to be shown beside it
    because: tuple[Basis, ...]  #: what of her it goes by
    complete: bool  #: can be handed in here
    sample: bool  #: the rule is ours


def recommend(
    catalogue: "Catalogue", about: About, today: date, most: int = MOST
) -> tuple[Recommendation, ...]:
    """At most `most` matters, each once: those that can be handed in here first, then the more particular rules.

    Never one that she refused, and none that she has handed in, unless its rule says `again`.
    """
    known = {matter.code: matter for matter in catalogue.matters}
    found: dict[str, tuple[tuple[bool, int, int], Recommendation]] = {}
    for position, rule in enumerate(catalogue.suggestions.rules):
        matter = known.get(rule.matter)
        if (
            matter is None
            or rule.matter in about.refused
            or (rule.matter in about.earlier and not rule.again)
        ):
            continue
        because = _because(rule, about, catalogue.suggestions.city, today)
        if because:
            made = Recommendation(
                code=matter.code,
                name=matter.name,
                reason=rule.reason,
                because=because,
                complete=matter.complete,
                sample=rule.sample or matter.sample,
            )
            rank = (not matter.complete, -len(because), position)
            if matter.code not in found or rank < found[matter.code][0]:
                found[matter.code] = (rank, made)
    ranked = sorted(found.values(), key=lambda one: one[0])
    return tuple(made for _, made in ranked[:most])


def _because(rule: Suggestion, about: About, city: tuple[str, ...], today: date) -> tuple[Basis, ...]:
    """What the rule goes by; () when it does not hold."""
    checks: tuple[tuple[Basis, bool, bool], ...] = (
        ("age", rule.age is not None, _aged(rule.age, about.born, today)),
        ("sex", rule.sex is not None, rule.sex == about.sex),
        ("home", rule.home is not None, rule.home == home_of(about.address, city)),
        ("earlier", bool(rule.earlier), any(code in about.earlier for code in rule.earlier)),
        ("answers", bool(rule.when), holds(rule.when, about.answers)),
    )
    if not all(true for _, asked, true in checks if asked):
        return ()
    return tuple(basis for basis, asked, _ in checks if asked)


def _aged(limits: tuple[int, int] | None, born: date | None, today: date) -> bool:
    return limits is not None and born is not None and limits[0] <= full_years(born, today) <= limits[1]


def full_years(born: date, today: date) -> int:
    """Her age today; negative before her birth. Somebody born on 29 February is a year older on 1 March."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def home_of(address: str, city: tuple[str, ...]) -> Literal["here", "elsewhere"] | None:
    """Whether the address on a card lies in the city; None when there is none, or nobody said how to tell."""
    if not address.strip() or not city:
        return None
    return "here" if any(name in address for name in city) else "elsewhere"
