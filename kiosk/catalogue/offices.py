"""Whom to ask and where to go, in context. Pure; the facts are data (offices.yaml) and the terminal's own site.

A number or address that nobody published is "": the screen says 见窗口公示 and gives the hotline.
"""

from dataclasses import dataclass, replace
from typing import Literal

from kiosk.catalogue.model import Item, Matter


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A place to go to."""

    name: str
    serves: tuple[str, ...] = ()  #: `InPerson.where` of the items that it is for
    matters: tuple[str, ...] = ()  #: codes of the matters that it is for
    township: str = ""  #: "": the whole city
    address: str = ""
    hours: str = ""
    phone: str = ""
    sample: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom to ask. `number` "": not published."""

    kind: Literal["place", "department", "hotline"]
    name: str
    number: str
    sample: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalPlace:
    """A place where a terminal stands."""

    name: str
    township: str = ""
    address: str = ""
    hours: str = ""
    phone: str = ""
    way: str = ""  #: how one gets there from the middle of the town; ""
    at: tuple[float, float] | None = None  #: latitude and longitude, degrees (WGS 84)
    sample: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Offices:
    """offices.yaml"""

    hotline: Contact = Contact(kind="hotline", name="政务服务便民热线", number="12345")
    departments: tuple[Contact, ...] = ()
    points: tuple[Point, ...] = ()
    terminals: tuple[TerminalPlace, ...] = ()  #: for `kiosk.catalogue.nearby`


ONLY_THE_HOTLINE = Offices()


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """What the terminal's settings say of its own place (`[site]`)."""

    name: str = ""
    township: str = ""
    phone: str = ""  #: "": it has none
    hotline: str = ""  #: another number for the hotline than the catalogue's; "": the same


NOWHERE = Here()


def contacts(offices: Offices, matter: Matter | None, here: Here) -> tuple[Contact, ...]:
    """Whom to ask about `matter` at this place, nearest first: this place, the department in charge, the hotline.

    The place is left out when it has no telephone of its own; a department's unknown number is "".
    """
    found = []
    if here.phone:
        found.append(Contact(kind="place", name=here.township or here.name, number=here.phone))
    if matter is not None:
        published = {contact.name: contact for contact in offices.departments}
        unknown = Contact(kind="department", name=matter.lead, number="")
        found.append(published.get(matter.lead, unknown))
    number = here.hotline or offices.hotline.number
    return (*found, replace(offices.hotline, number=number))


def points(offices: Offices, matter: Matter, item: Item | None, here: Here) -> tuple[Point, ...]:
    """Where to go for `item` (for the matter as a whole: None), those of this township first.

    Without a known place an item that must be seen in person names what its package says, address "" when unknown.
    """
    place = item.in_person if item is not None else None
    if item is not None and place is None:
        return ()
    fitting = [point for point in offices.points if _fits(point, matter, place.where if place else None)]
    nearest = sorted(fitting, key=lambda point: (point.township != here.township, bool(point.township)))
    if place is not None and not nearest:
        return (
            Point(
                name=place.where,
                serves=(place.where,),
                address=place.address,
                hours=place.hours,
                sample=matter.sample,
            ),
        )
    return tuple(nearest)


def _fits(point: Point, matter: Matter, where: str | None) -> bool:
    if point.matters and matter.code not in point.matters:
        return False
    return where in point.serves if where is not None else not point.serves
