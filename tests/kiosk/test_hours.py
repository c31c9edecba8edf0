"""When somebody is behind the window: over midnight, over holidays, and wherever the clock jumps to."""

from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from kiosk.hours import Holidays, Hours, Spell, read_holidays
from kiosk.journey.surroundings import CHINA

WEEK = frozenset({1, 2, 3, 4, 5})
OFFICE = (Spell(WEEK, time(8, 30), time(12)), Spell(WEEK, time(14), time(17, 30)))
NIGHT = Spell(frozenset({5}), time(22), time(2))  # Friday night
#: invented: a holiday from Thursday to Sunday, paid for by the Saturday before
YEAR = """
source = "示例"
closed = [{ begins = 2026-10-01, ends = 2026-10-04, name = "示例假期" }]
worked = [{ day = 2026-09-26, like = 5 }]
"""


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("now", "is_open", "opens"),
    [
        ("2026-11-20T08:29", False, "2026-11-20T08:30"),  # a Friday
        ("2026-11-20T08:30", True, "2026-11-20T14:00"),
        ("2026-11-20T12:00", False, "2026-11-20T14:00"),
        ("2026-11-20T17:30", False, "2026-11-23T08:30"),  # Monday
        ("2026-11-20T23:59", False, "2026-11-23T08:30"),
        ("2026-11-21T00:00", False, "2026-11-23T08:30"),
        ("2026-11-22T23:59", False, "2026-11-23T08:30"),
        ("2026-11-23T00:00", False, "2026-11-23T08:30"),
    ],
)
def test_the_week(now: str, is_open: bool, opens: str) -> None:
    hours = Hours(OFFICE)
    assert hours.open_at(at(now)) is is_open
    assert hours.opens_after(at(now)) == at(opens)


def test_a_spell_over_midnight_belongs_to_the_day_on_which_it_begins() -> None:
    hours = Hours((NIGHT,))
    answers = [
        hours.open_at(at(now))
        for now in ("2026-11-20T21:59", "2026-11-20T22:00", "2026-11-21T01:59", "2026-11-21T02:00")
    ]
    assert answers == [False, True, True, False]
    assert not hours.open_at(at("2026-11-20T01:00")), "that would be Thursday night"


def test_the_calendar_takes_days_out_and_puts_days_in(tmp_path: Path) -> None:
    (tmp_path / "holidays.toml").write_text(YEAR, "utf-8")
    hours = Hours(OFFICE, read_holidays(tmp_path / "holidays.toml"))
    assert hours.open_at(at("2026-09-26T09:00")), "a Saturday that is worked"
    assert not hours.open_at(at("2026-09-27T09:00"))
    assert not hours.open_at(at("2026-10-01T09:00")), "a Thursday that is a holiday"
    assert hours.opens_after(at("2026-09-30T18:00")) == at("2026-10-05T08:30")


@pytest.mark.parametrize("text", ["closed = 3", "closed = [{ begins = 2026-10-01 }]", "open = 1", "[[["])
def test_a_bad_list_is_refused_in_words(tmp_path: Path, text: str) -> None:
    (tmp_path / "holidays.toml").write_text(text, "utf-8")
    with pytest.raises(ValueError, match=r"\S"):
        read_holidays(tmp_path / "holidays.toml")


def test_closed_for_longer_than_anybody_looks_ahead() -> None:
    days = frozenset(at("2026-11-20T00:00").date() + timedelta(days=n) for n in range(60))
    assert Hours(OFFICE, Holidays(days)).opens_after(at("2026-11-20T09:00")) is None
    assert Hours().opens_after(at("2026-11-20T09:00")) is None


def test_every_minute_of_a_week_agrees_with_the_next_opening() -> None:
    hours, now = Hours((*OFFICE, NIGHT)), at("2026-11-16T00:00")
    was_open = hours.open_at(now - timedelta(minutes=10))
    for _ in range(7 * 144):
        opens = hours.opens_after(now)
        assert opens is not None
        assert opens > now
        assert hours.open_at(opens)
        if hours.open_at(now) and not was_open:
            assert hours.opens_after(now - timedelta(minutes=10)) == now
        was_open, now = hours.open_at(now), now + timedelta(minutes=10)
