"""Dates and addresses by touches alone: what cannot be is not offered, and what is chosen is what is written."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.catalogue.checks import problem
from kiosk.catalogue.model import Check, Field
from screens.input import local_words, regions
from screens.input.dates import EARLIEST, RECENT, DateSteps

TODAY = date(2026, 11, 21)
FIELD = Field(name="since", label="日期", check=Check.DATE, section="")


def numbers(steps: DateSteps) -> list[int]:
    return [option.number for option in steps.options()]


def test_a_birthday_is_four_touches() -> None:
    steps = DateSteps("", TODAY)
    for name, text in (
        ("decade.1950", ""),
        ("year.1954", "1954"),
        ("month.3", "1954-03"),
        ("day.12", "1954-03-12"),
    ):
        assert name in [option.name for option in steps.options()]
        steps.choose(name)
        assert steps.text == text
    assert steps.complete


def test_this_year_is_three_touches_and_tomorrow_is_not_offered() -> None:
    steps = DateSteps("", TODAY)
    assert numbers(steps)[:RECENT] == [2026, 2025, 2024]
    steps.choose("year.2026")
    assert numbers(steps) == list(range(1, 12))
    steps.choose("month.11")
    assert numbers(steps)[-1] == 21


@pytest.mark.parametrize(("year", "last"), [(2024, 29), (2025, 28), (1900, 28), (2000, 29)])
def test_a_month_has_its_own_days(year: int, last: int) -> None:
    steps = DateSteps(f"{year}-02", TODAY)
    assert (steps.step, numbers(steps)[-1]) == ("day", last)


def test_one_part_is_chosen_anew_and_the_others_stay_as_far_as_they_can() -> None:
    steps = DateSteps("2024-02-29", TODAY)
    steps.choose("part.0")
    assert steps.step == "decade"
    steps.choose("year.2025")
    assert (steps.text, steps.step) == ("2025-02", "day")
    steps.choose("day.28")
    steps.choose("part.1")
    steps.choose("month.12")
    assert steps.text == "2025-12-28"
    steps.choose("part.0")
    steps.choose("year.2026")
    assert (steps.text, steps.step) == ("2026", "month"), "December is not yet"
    steps.clear()
    assert (steps.text, steps.step) == ("", "decade")


@given(st.integers(0, (TODAY - date(EARLIEST, 1, 1)).days))
def test_every_past_day_can_be_chosen_and_is_right(back: int) -> None:
    day = TODAY - timedelta(days=back)
    steps = DateSteps("", TODAY)
    for name in (f"decade.{day.year // 10 * 10}", f"year.{day.year}", f"month.{day.month}", f"day.{day.day}"):
        assert name in [option.name for option in steps.options()]
        steps.choose(name)
    assert steps.text == day.isoformat()
    assert problem(FIELD, steps.text, TODAY) is None


def test_the_country_has_its_provinces_and_the_city_its_towns() -> None:
    provinces = regions.below(())
    assert len(provinces) == 31
    assert {"湖北省", "北京市", "西藏自治区"} <= set(provinces)
    towns = regions.below(regions.HOME)
    assert len(towns) == 28
    assert {"竟陵街道", "岳口镇", "净潭乡", "白茅湖农场"} <= set(towns)


def test_no_filler_of_the_statisticians_is_offered() -> None:
    assert regions.below(("北京市",))[0] == "东城区"
    assert "天门市" in regions.below(("湖北省",)), "directly below the province, as on an envelope"
    villages = regions.below((*regions.HOME, "岳口镇"))
    assert len(villages) > 20
    assert not any("委员会" in village for village in villages)
    assert not any(
        name.startswith("虚拟")
        for town in regions.below(regions.HOME)
        for name in regions.below((*regions.HOME, town))
    )


def test_where_the_file_knows_no_more_nothing_is_below() -> None:
    assert regions.below(("北京市", "东城区", "东华门街道")) == ()
    assert regions.below(("不知道省",)) == ()
    assert regions.below(("湖北省", "不知道市")) == ()


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("湖北省天门市岳口镇健康路 12 号", ("湖北省", "天门市", "岳口镇")),
        ("天门市竟陵街道人民大道 8 号", ("湖北省", "天门市", "竟陵街道")),
        ("湖北省", ("湖北省",)),
        ("吉林省吉林市昌邑区", ("吉林省", "吉林市", "昌邑区")),
        ("人民大道 8 号", ()),
        ("", ()),
    ],
)
def test_an_address_is_recognised_as_far_as_it_names_places(text: str, path: tuple[str, ...]) -> None:
    assert regions.written(text) == path


def test_towns_that_pinyin_offers_are_towns_that_can_be_chosen() -> None:
    towns = set(regions.below(regions.HOME))
    spelled = {word for word in local_words.shipped() if word[-1] in "镇乡" and len(word) > 2}
    assert spelled <= towns
