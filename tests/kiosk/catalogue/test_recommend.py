"""政策找人: only what she lets be used, explained, never what she refused, never more than a few."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.catalogue.load import Catalogue, load_catalogue
from kiosk.catalogue.recommend import MOST, About, Recommendation, full_years, home_of, recommend

SHIPPED = Path(__file__).parents[3] / "config" / "catalogue"
TODAY = date(2026, 11, 21)
CATALOGUE = load_catalogue(SHIPPED, TODAY)
GRANDMOTHER = About(born=date(1954, 3, 1), sex="女", address="湖北省天门市岳口镇某村3组")
CODES = [matter.code for matter in CATALOGUE.matters]


def codes(about: About, catalogue: Catalogue = CATALOGUE) -> list[str]:
    return [one.code for one in recommend(catalogue, about, TODAY)]


def test_who_is_nobody_is_recommended_nothing() -> None:
    assert recommend(CATALOGUE, About(), TODAY) == ()


def test_each_comes_with_its_reason_and_says_that_it_is_ours() -> None:
    (one,) = recommend(CATALOGUE, GRANDMOTHER, TODAY)
    assert one == Recommendation(
        code="C29",
        name="城乡居民医保参保缴费一件事",
        reason="居民医保每年要缴一次费，缴费这里可以一起办。",
        because=("age", "home"),
        complete=True,
        sample=True,
    )


def test_who_comes_from_elsewhere_hears_of_the_residence_permit() -> None:
    stranger = replace(GRANDMOTHER, address="湖北省武汉市江岸区某路1号")
    assert codes(stranger) == ["N02"]
    assert codes(replace(stranger, earlier=("N02",))) == []
    assert codes(replace(stranger, refused=frozenset({"N02"}))) == []


def test_what_is_done_every_year_comes_again_but_not_when_refused() -> None:
    assert codes(replace(GRANDMOTHER, earlier=("C29",))) == ["C29"]
    assert codes(replace(GRANDMOTHER, refused=frozenset({"C29"}))) == []


@pytest.mark.parametrize(
    ("sex", "years", "found"), [("男", 60, True), ("男", 50, False), ("女", 50, True), ("", 60, False)]
)
def test_age_and_sex_together(sex: str, years: int, found: bool) -> None:
    about = About(born=date(2026 - years, 1, 1), sex=sex)
    assert ("C26" in codes(about)) is found


def test_earlier_cases_lead_on() -> None:
    assert codes(About(earlier=("N03",))) == ["N04"]
    assert codes(About(earlier=("N03", "N04"))) == []


def test_answers_of_this_visit_count() -> None:
    assert codes(About(answers={"disabled": "has"})) == ["C32"]
    assert codes(About(answers={"disabled": "none"})) == []


def test_what_is_known_of_her_is_not_printed() -> None:
    said = repr(replace(GRANDMOTHER, answers={"disabled": "has"}))
    assert not any(told in said for told in ("1954", "岳口", "disabled", "女"))


def test_years_are_full_years() -> None:
    assert full_years(date(1966, 11, 21), TODAY) == 60
    assert full_years(date(1966, 11, 22), TODAY) == 59
    assert full_years(date(2004, 2, 29), date(2026, 2, 28)) == 21


def test_an_address_is_here_or_elsewhere_or_unknown() -> None:
    assert home_of("湖北省天门市竟陵", ("天门",)) == "here"
    assert home_of("", ("天门",)) is home_of("湖北省天门市", ()) is None


@given(
    born=st.none() | st.dates(date(1900, 1, 1), TODAY),
    sex=st.sampled_from(["男", "女", ""]),
    address=st.sampled_from(["", "湖北省天门市某镇", "广东省某市"]),
    earlier=st.lists(st.sampled_from(CODES), max_size=5),
    refused=st.frozensets(st.sampled_from(CODES), max_size=5),
)
def test_never_refused_never_twice_never_too_many(
    born: date | None, sex: str, address: str, earlier: list[str], refused: frozenset[str]
) -> None:
    about = About(born=born, sex=sex, address=address, earlier=tuple(earlier), refused=refused)
    found = codes(about)
    assert len(found) <= MOST
    assert len(set(found)) == len(found)
    assert not refused & set(found)
    assert set(found) & set(earlier) <= {"C29"}
    again = About(born=born, sex=sex, address=address, earlier=tuple(earlier), refused=refused | set(found))
    assert not set(codes(again)) & set(found)
