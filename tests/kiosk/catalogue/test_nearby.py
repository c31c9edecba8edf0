"""Where else there is a terminal: nearest first, said as people say it."""

from datetime import date
from pathlib import Path

import pytest

from kiosk.catalogue.load import load_catalogue
from kiosk.catalogue.messages import CityMessage, in_force
from kiosk.catalogue.nearby import DIRECTIONS, MOST, nearest
from kiosk.catalogue.offices import TerminalPlace

CATALOGUE = load_catalogue(Path("config/catalogue"), date(2026, 11, 21))
HERE = (30.66, 113.16)


def place(
    name: str, north: float = 0.0, east: float = 0.0, *, known: bool = True, township: str = ""
) -> TerminalPlace:
    at = (HERE[0] + north, HERE[1] + east) if known else None
    return TerminalPlace(name=name, at=at, township=township)


def test_the_nearest_come_first_and_this_place_is_not_among_them() -> None:
    places = (
        place("far", 0.3),
        place("here"),
        place("near", 0.01),
        place("middle", 0, 0.1),
        place("further", 0.2),
    )
    found = nearest(places, here="here")
    assert [one.name for one in found] == ["near", "middle", "further"] and len(found) == MOST


def test_without_its_own_position_the_list_keeps_its_order_but_the_township_comes_first() -> None:
    places = (place("a", known=False), place("b", known=False, township="岳口镇"), place("c", 0.1))
    found = nearest(places, here="nowhere", township="岳口镇")
    assert [(one.name, one.metres, one.direction) for one in found] == [
        ("b", None, ""), ("a", None, ""), ("c", None, "")
    ]  # fmt: skip


def test_a_setting_counts_more_than_the_list() -> None:
    places = (place("here"), place("north", 1.0))
    (one,) = nearest(places, here="here", position=(HERE[0] + 2.0, HERE[1]))
    assert one.direction == "south"


@pytest.mark.parametrize(("step", "metres"), [(0.0001, 50), (0.0045, 500), (0.009, 1000), (0.1, 11_000)])
def test_a_degree_of_latitude_is_111_km(step: float, metres: int) -> None:
    assert nearest((place("there", step),), here="", position=HERE)[0].metres == metres


@pytest.mark.parametrize(
    ("north", "east", "direction"),
    [(1, 0, "north"), (1, 1.16, "north_east"), (0, 1, "east"), (-1, 1.16, "south_east"), (-1, 0, "south"),
     (-1, -1.16, "south_west"), (0, -1, "west"), (1, -1.16, "north_west")],
)  # fmt: skip
def test_all_eight_directions(north: float, east: float, direction: str) -> None:
    (one,) = nearest((place("there", north / 10, east / 10),), here="", position=HERE)
    assert one.direction == direction and direction in DIRECTIONS


def test_what_is_shipped_is_ours_and_says_so() -> None:
    assert CATALOGUE.offices.terminals and all(one.sample for one in CATALOGUE.offices.terminals)
    assert CATALOGUE.messages and all(one.sample for one in CATALOGUE.messages)


def test_a_message_has_its_first_and_its_last_day() -> None:
    one = CityMessage(title="t", text="x", source="s", since=date(2026, 11, 2), until=date(2026, 11, 4))
    days = [day for day in range(1, 7) if in_force((one,), date(2026, 11, day))]
    assert days == [2, 3, 4]
