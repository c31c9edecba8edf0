"""How many days paper and toner last, from what was used; and "unknown" wherever too little is known."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from devices.receipt_printer import Slip, Text
from ground.clock import ManualClock
from kiosk.care import supplies
from kiosk.care.codes import SUPPLY_LOW
from kiosk.care.supplies import Forecast, UseBook, forecast
from kiosk.print_journal import Outcome, PrintJournal

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)  # noon in Tianmen
DAY_S = 86400


def test_a_week_of_even_use() -> None:
    expected = forecast(120, [12.0] * 7)
    assert (expected.days, expected.a_day) == (pytest.approx(10.0), pytest.approx(12.0))


def test_the_last_days_count_most() -> None:
    rising = forecast(100, [0.0] * 7 + [20.0] * 7)
    assert rising.a_day == pytest.approx(20 * 2 / 3)  # the last week weighs twice the one before
    assert forecast(100, [20.0] * 7 + [0.0] * 7).a_day == pytest.approx(20 / 3)


@pytest.mark.parametrize(
    ("left", "used", "why"),
    [
        (100, [5.0] * 6, "short"),
        (100, [], "short"),
        (None, [5.0] * 8, "no_refill"),
        (-3, [5.0] * 8, "beyond"),
        (100, [0.0] * 30, "unused"),
        (100, [0.0] * 30 + [1.0] + [0.0] * 30, "unused"),
    ],
)
def test_what_is_not_known_is_said_to_be_unknown(left: float | None, used: list[float], why: str) -> None:
    expected = forecast(left, used)
    assert (expected.days, expected.why) == (None, why)
    found = supplies.found(expected, 7)
    assert (found.said, found.code, found.soon) == (f"supply.{why}", "", "")


@pytest.mark.parametrize(("days", "soon"), [(6.9, SUPPLY_LOW), (0.0, SUPPLY_LOW), (7.0, "")])
def test_what_lasts_no_week_is_warned_of(days: float, soon: str) -> None:
    found = supplies.found(Forecast(days, "", 10, 2.0, 9), 7)
    assert (found.said, found.code, found.soon) == ("supply.days", "", soon)


# --- slips, from the print journal ---


def journal_of(folder: Path, clock: ManualClock, a_day: list[int]) -> Path:
    """A journal in which so many slips came out on each day up to yesterday; the clock ends at today's noon."""
    path = folder / "prints.sqlite"
    journal = PrintJournal(path, clock)
    slip = Slip((Text("x"),))
    for number, slips in enumerate(a_day):
        for one in range(slips):
            job = journal.ask(f"receipt/{number}-{one}", repr(slip))
            journal.begin(job)
            journal.finished(job, Outcome.PRINTED)
        clock.turn(DAY_S)
    return path


def test_slips_are_counted_by_the_print_journal_since_the_refill(tmp_path: Path) -> None:
    clock = ManualClock(NOON)
    book = UseBook(tmp_path / "care" / "use.json")
    assert supplies.slips(tmp_path / "prints.sqlite", book, clock.now()).why == "short"
    book.refilled("slips", 350, clock.now() + timedelta(days=4))
    path = journal_of(tmp_path, clock, [10] * 9)
    expected = supplies.slips(path, book, clock.now())
    assert (expected.left, expected.known_days) == (350 - 50, 9)
    assert expected.days == pytest.approx(30)


def test_a_job_that_printed_nothing_uses_no_paper(tmp_path: Path) -> None:
    clock = ManualClock(NOON)
    path = journal_of(tmp_path, clock, [1] * 8)
    journal = PrintJournal(path, clock)
    job = journal.ask("receipt/refused", "x")
    journal.finished(job, Outcome.REFUSED, "paper_out")
    book = UseBook(tmp_path / "use.json")
    book.refilled("slips", 100, NOON)
    assert supplies.slips(path, book, clock.now()).left == 92


def test_a_journal_that_cannot_be_read_counts_nothing(tmp_path: Path) -> None:
    (tmp_path / "prints.sqlite").write_bytes(b"no database at all, and rather longer than a header" * 100)
    assert supplies.slips(tmp_path / "prints.sqlite", UseBook(tmp_path / "use.json"), NOON).why == "short"


# --- sheets and toner, from the book ---


def test_sheets_are_counted_by_the_day_of_the_hall(tmp_path: Path) -> None:
    book = UseBook(tmp_path / "use.json")
    book.refilled("sheets", 250, NOON)
    for day in range(8):
        book.count("sheets", 2, NOON + timedelta(days=day))
        book.count("sheets", 3, NOON + timedelta(days=day, hours=11))  # 23:00
    expected = supplies.sheets(book, NOON + timedelta(days=8))
    assert (expected.left, expected.known_days) == (210, 8)
    assert expected.days == pytest.approx(42)


def test_days_without_use_count_too() -> None:
    used = {"2026-11-10": 7.0, "2026-11-14": 7.0, "2026-11-21": 99.0, "2099-01-01": 5.0}
    assert supplies.by_day(used, NOON) == [7.0, 0, 0, 0, 7.0, 0, 0, 0, 0, 0, 0]


def test_toner_falls_and_a_new_cartridge_begins_anew(tmp_path: Path) -> None:
    book = UseBook(tmp_path / "use.json")
    for day, percent in enumerate([9, 8, 7, 100, 99, 98, 98, 97, 95, 94, 93]):
        book.level("toner", percent, NOON + timedelta(days=day))
    expected = supplies.toner(book, NOON + timedelta(days=10))
    assert (expected.left, expected.known_days) == (93, 7)
    assert expected.days is not None
    assert 70 < expected.days < 100


def test_a_gauge_that_was_not_read_for_days_falls_evenly() -> None:
    assert supplies.fallen({"2026-11-10": 80, "2026-11-14": 76}, NOON) == [1.0, 1.0, 1.0, 1.0]


# --- the book ---


def test_the_book_outlives_the_process_and_forgets_what_is_old(tmp_path: Path) -> None:
    book = UseBook(tmp_path / "care" / "use.json")
    book.count("sheets", 4, NOON)
    book.refilled("sheets", 250, NOON)
    again = UseBook(tmp_path / "care" / "use.json")
    assert again.used("sheets") == {"2026-11-21": 4.0}
    assert again.refill_of("sheets") == (NOON, 250)
    again.count("sheets", 1, NOON + timedelta(days=100))
    assert again.used("sheets") == {"2027-03-01": 1.0}
    assert again.refill_of("sheets") == (NOON, 250)


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "7", '{"used": 7}', '{"used": {"sheets": 7}, "refilled": {"sheets": {}}}'),
        '{"used": {"sheets": {"yesterday": 4, "2026-11-20": "four"}}, "levels": null, "refilled": {"sheets": 3}}',
    ],
)
def test_a_book_that_makes_no_sense_is_an_empty_one(tmp_path: Path, text: str) -> None:
    path = tmp_path / "use.json"
    path.write_text(text, encoding="ascii")
    book = UseBook(path)
    assert (book.used("sheets"), book.levels("toner"), book.refill_of("sheets")) == ({}, {}, None)
    book.count("sheets", 1, NOON)
    assert book.used("sheets") == {"2026-11-21": 1.0}
