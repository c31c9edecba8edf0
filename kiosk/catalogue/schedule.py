"""Which items run beside each other and which after one another, and how long the whole takes. Pure functions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kiosk.catalogue.model import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Items that begin together, as soon as all that they wait for is done."""

    number: int  #: from 1
    items: tuple[Item, ...]

    @property
    def departments(self) -> tuple[str, ...]:
        """Who works beside whom."""
        return tuple(dict.fromkeys(item.department for item in self.items))


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The stages of a case. Days are working days; items of which nothing is known count as none."""

    stages: tuple[Stage, ...]
    statutory_days: int  #: along the longest chain
    promised_days: int
    days_one_by_one: int  #: statutory, one item after the other, as without the joint matter
    unknown_days: tuple[str, ...]  #: codes of items whose days nobody has told


class CircleError(ValueError):
    """Items wait for each other in a circle."""

    def __init__(self, codes: tuple[str, ...]) -> None:
        self.codes = codes
        super().__init__(" → ".join(codes))


def schedule(items: Iterable[Item]) -> Schedule:
    """The stages of `items`. What an item waits for and is not among them is no longer waited for.

    Raises `CircleError`; a checked catalogue has none.
    """
    known = {item.code: item for item in items}
    stage_of = dict.fromkeys(known, 1)
    for code in in_order({code: item.after for code, item in known.items()}):
        before = [stage_of[other] for other in known[code].after if other in known]
        stage_of[code] = max(before, default=0) + 1
    numbers = sorted(set(stage_of.values()))
    stages = tuple(
        Stage(number=number, items=tuple(item for item in known.values() if stage_of[item.code] == number))
        for number in numbers
    )
    statutory = {code: item.days.statutory if item.days else 0 for code, item in known.items()}
    promised = {code: item.days.promised if item.days else 0 for code, item in known.items()}
    return Schedule(
        stages=stages,
        statutory_days=_longest(stages, statutory),
        promised_days=_longest(stages, promised),
        days_one_by_one=sum(statutory.values()),
        unknown_days=tuple(code for code, item in known.items() if item.days is None),
    )


def in_order(after: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Every code behind those that it waits for. Raises `CircleError` with the codes that wait for each other."""
    done: list[str] = []
    waiting = {code: {other for other in others if other in after} for code, others in after.items()}
    while waiting:
        ready = [code for code, others in waiting.items() if others <= set(done)]
        if not ready:
            raise CircleError(tuple(sorted(waiting)))
        done.extend(ready)
        for code in ready:
            del waiting[code]
    return tuple(done)


def _longest(stages: Iterable[Stage], days: Mapping[str, int]) -> int:
    """The latest day on which any item is done, each beginning when the last of those before it is."""
    finished: dict[str, int] = {}
    for stage in stages:
        for item in stage.items:
            start = max((finished[other] for other in item.after if other in finished), default=0)
            finished[item.code] = start + days[item.code]
    return max(finished.values(), default=0)
