"""The catalogue that is shipped: the city's facts, all of them, and one honest sample package."""

from datetime import date
from pathlib import Path

import pytest

from kiosk.catalogue.check import check_catalogue
from kiosk.catalogue.load import Catalogue, load_catalogue
from kiosk.catalogue.model import Check
from kiosk.domain.case import CARD_VALUES

PACKAGES = ("N02", "N03", "N04", "C02", "C08", "C12", "C25", "C28", "C29", "C32", "C52", "H01")
SHIPPED = Path(__file__).parents[3] / "config" / "catalogue"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(SHIPPED, date(2026, 11, 21))


def test_all_published_matters_are_there(catalogue: Catalogue) -> None:
    consolidated = [m.code for m in catalogue.matters if m.origin == "consolidated"]
    new = [m.code for m in catalogue.matters if m.origin == "new"]
    assert consolidated == [f"C{n:02}" for n in range(1, 55)]
    assert new == [f"N{n:02}" for n in range(1, 11)]
    assert sum(len(m.items) for m in catalogue.matters if not any(item.sample for item in m.items)) == 36
    assert [m.code for m in catalogue.matters if m.origin == "licence"] == ["H01"]  # none of the 64


def test_some_facts_word_by_word(catalogue: Catalogue) -> None:
    assert catalogue.matter("C02").aliases == ("新生儿出生",)
    assert catalogue.matter("C45").partners == ("市场监管", "城管")
    assert not catalogue.matter("C45").open_ended
    assert catalogue.matter("C08").open_ended
    assert catalogue.matter("C39").aliases == ("我要开水产养殖企业",)
    permit = catalogue.matter("N02")
    assert (permit.name, permit.lead) == ("居住证办理一件事", "市公安局")
    assert [(item.code, item.name, item.level) for item in permit.items] == [
        ("N02-1", "核发居住证（首次申领、签注、激活、注销）", "town"),
        ("N02-2", "流动人口登记", "town"),
        ("N02-3", "核发港澳台居民居住证", "city"),
    ]
    assert [item.online for item in catalogue.matter("N09").items] == [False, True, True]


def test_departments_of_the_items_take_part_where_no_partners_are_listed(catalogue: Catalogue) -> None:
    assert catalogue.matter("N03").partners == ("市人社局",)
    assert catalogue.matter("N02").partners == ()


def test_only_what_has_a_package_can_be_handed_in_and_says_that_it_is_a_sample(catalogue: Catalogue) -> None:
    complete = [matter for matter in catalogue.matters if matter.complete]
    assert sorted(matter.code for matter in complete) == sorted(PACKAGES)
    for matter in complete:
        assert matter.sample
        assert matter.notice is not None
        assert all(material.sample for material in matter.materials)
        assert matter.minutes > 0


def test_the_city_s_own_slips_are_warned_about() -> None:
    report = check_catalogue(SHIPPED)
    assert report.mistakes == ()
    assert [(w.code, w.facts["name"]) for w in report.warnings] == [
        ("K307", "市国动办"),
        ("K308", "体育彩票销售网点申请办理（初审）"),
    ]


def test_the_card_fills_in_what_is_locked(catalogue: Catalogue) -> None:
    fields = catalogue.matter("N02").fields
    assert {f.prefill for f in fields if f.prefill} <= {f"card.{name}" for name in CARD_VALUES}
    locked = [f.name for f in fields if f.locked]
    assert locked == ["name", "sex", "ethnicity", "birth", "number", "household_address"]
    assert next(f for f in fields if f.name == "number").check is Check.ID_NUMBER


def test_a_package_is_not_used_before_its_day() -> None:
    early = load_catalogue(SHIPPED, date(2025, 12, 31)).matter("N02")
    assert not early.complete
    assert early.materials == ()
    assert len(early.items) == 3


def test_an_unknown_code_is_an_error(catalogue: Catalogue) -> None:
    with pytest.raises(KeyError):
        catalogue.matter("N99")
