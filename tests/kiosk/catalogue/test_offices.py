"""Whom to ask and where to go: published facts, the terminal's own place, and nothing invented."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from kiosk.catalogue.load import load_catalogue
from kiosk.catalogue.offices import Contact, Here, Offices, Point, contacts, points

SHIPPED = Path(__file__).parents[3] / "config" / "catalogue"
CATALOGUE = load_catalogue(SHIPPED, date(2026, 11, 21))
VETERAN = CATALOGUE.matter("C28")
CARD = next(item for item in VETERAN.items if item.code == "C28-6")
YUEKOU = Here(name="岳口便民服务中心", township="岳口镇", phone="0728-0000000")


def test_no_number_is_shipped_but_the_hotline() -> None:
    assert CATALOGUE.offices.hotline.number == "12345"
    assert CATALOGUE.offices.departments == ()
    assert not [point for point in CATALOGUE.offices.points if point.phone or point.address]


def test_the_place_the_department_and_the_hotline_in_this_order() -> None:
    found = contacts(CATALOGUE.offices, VETERAN, YUEKOU)
    assert [(one.kind, one.name, one.number) for one in found] == [
        ("place", "岳口镇", "0728-0000000"),
        ("department", "天门市退役军人事务局", ""),
        ("hotline", "政务服务便民热线", "12345"),
    ]
    assert [one.kind for one in contacts(CATALOGUE.offices, None, Here())] == ["hotline"]


def test_the_terminal_s_own_hotline_counts() -> None:
    assert contacts(CATALOGUE.offices, None, Here(hotline="0728-12345"))[0].number == "0728-12345"


def test_a_published_number_is_used() -> None:
    known = Contact(kind="department", name=VETERAN.lead, number="0728-1111111")
    offices = replace(CATALOGUE.offices, departments=(known,))
    assert contacts(offices, VETERAN, Here())[0] == known


def test_the_windows_of_the_bulletin_are_the_veterans_alone() -> None:
    names = [point.name for point in points(CATALOGUE.offices, VETERAN, None, Here())]
    assert names[0] == "市政务服务大厅 B24 窗口（一事联办）" and len(names) == 3
    assert points(CATALOGUE.offices, CATALOGUE.matter("N02"), None, Here()) == ()


def test_an_unknown_place_is_what_the_package_says() -> None:
    (place,) = points(CATALOGUE.offices, VETERAN, CARD, YUEKOU)
    assert (place.name, place.address, place.sample) == ("就近的派出所户籍窗口", "", True)


def test_the_township_s_own_point_comes_first() -> None:
    where = CARD.in_person.where if CARD.in_person else ""
    made = tuple(
        Point(name=name, serves=(where,), township=town)
        for name, town in (("远处的", "皂市镇"), ("全市的", ""), ("近处的", "岳口镇"))
    )
    found = points(Offices(points=made), VETERAN, CARD, YUEKOU)
    assert [point.name for point in found] == ["近处的", "全市的", "远处的"]


def test_an_item_that_needs_nobody_leads_nowhere() -> None:
    assert points(CATALOGUE.offices, VETERAN, VETERAN.items[0], YUEKOU) == ()
