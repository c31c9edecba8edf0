"""Where else there is a terminal, nearest first. Pure; the places are data (offices.yaml), this one is a setting.

Distances are as the crow flies: how far it is by road nobody has told us, and the words say so.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kiosk.catalogue.offices import TerminalPlace

Position = tuple[float, float]  #: latitude and longitude, degrees (WGS 84)

#: chosen: what somebody who is sent away can take in at a glance
MOST: Final = 3
_EARTH_M = 6_371_008.8  # mean radius, IUGG
#: clockwise from the north; words `direction.<name>`
DIRECTIONS: Final = (
    "north", "north_east", "east", "south_east", "south", "south_west", "west", "north_west",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Nearby:
    """Another terminal as it is shown to whoever cannot be served here."""

    name: str
    address: str
    hours: str
    phone: str
    way: str
    metres: int | None  #: as the crow flies, rounded as it may be said; None where a position is not known
    direction: str  #: one of `DIRECTIONS`; "" where a position is not known
    offset: tuple[float, float] | None  #: metres to the east and to the north of here
    sample: bool


def nearest(
    places: Sequence[TerminalPlace],
    *,
    here: str,
    township: str = "",
    position: Position | None = None,
    most: int = MOST,
) -> tuple[Nearby, ...]:
    """The nearest of `places` but this one, which is the one called `here`.

    `position`: of this place; None: as the list knows it. Places without a position follow in the order of the list.
    """
    own = next((place for place in places if place.name == here), None)
    at = position or (own.at if own is not None else None)
    others = [_seen(place, at) for place in places if place is not own]
    of_township = {place.name for place in places if township and place.township == township}

    def far(one: Nearby) -> tuple[bool, float, bool]:
        return (one.metres is None, one.metres or 0.0, one.name not in of_township)

    return tuple(sorted(others, key=far)[:most])


def _seen(place: TerminalPlace, at: Position | None) -> Nearby:
    offset = None if at is None or place.at is None else _offset(at, place.at)
    return Nearby(
        name=place.name,
        address=place.address,
        hours=place.hours,
        phone=place.phone,
        way=place.way,
        metres=None if offset is None else _sayable(math.hypot(*offset)),
        direction="" if offset is None else _direction(offset),
        offset=offset,
        sample=place.sample,
    )


def _offset(here: Position, there: Position) -> tuple[float, float]:
    """(metres to the east, metres to the north); a plane is true enough over one city."""
    middle = math.radians((here[0] + there[0]) / 2)
    east = math.radians(there[1] - here[1]) * math.cos(middle) * _EARTH_M
    return (east, math.radians(there[0] - here[0]) * _EARTH_M)


def _direction(offset: tuple[float, float]) -> str:
    bearing = math.degrees(math.atan2(*offset)) % 360
    return DIRECTIONS[round(bearing / 45) % len(DIRECTIONS)]


def _sayable(metres: float) -> int:
    """To 50 m below a kilometre, to 500 m above: nobody walks by the metre."""
    step = 50 if metres < 1000 else 500
    return max(step, round(metres / step) * step)
