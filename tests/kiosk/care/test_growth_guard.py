"""A process that grows is found and asks for a fresh one: once, and never for what is given back."""

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.care_settings import Care
from ground.clock import ManualClock
from ground.logbook import Event, MemoryLogbook
from kiosk.care.codes import GROWN
from kiosk.care.growth import Growth, History, Sample, growth, sample, slope, told_of
from kiosk.care.guard import Guard
from kiosk.care.tree import Tree
from kiosk.renewal import Reason
from tests.kiosk.care.laid_out import put

FIRST = Sample(at="2026-11-21T00:00:00+00:00", life="7/100", age_s=0, pss_kb=200 * 1024, fds=60, threads=30)
LIMITS = Care()


def life(hours: float, grown: Callable[[float], Sample], every_min: float = 5) -> list[Sample]:
    """Samples of one process, `grown` by its age in hours."""
    ages = [each * every_min / 60 for each in range(int(hours * 60 / every_min) + 1)]
    return [replace(grown(age), age_s=age * 3600) for age in ages]


def memory(mb_h: float) -> Callable[[float], Sample]:
    return lambda age: replace(FIRST, pss_kb=int((200 + mb_h * age) * 1024))


# --- what is too much ---


def test_a_process_that_stays_as_it_is() -> None:
    assert growth(life(24, memory(0)), LIMITS) is None
    assert growth([], LIMITS) is None


@pytest.mark.parametrize(
    ("one", "what", "now"),
    [
        (replace(FIRST, pss_kb=1500 * 1024), "memory", 1500),
        (replace(FIRST, fds=1025), "descriptors", 1025),
        (replace(FIRST, threads=161), "threads", 161),
    ],
)
def test_a_limit_that_is_passed(one: Sample, what: str, now: float) -> None:
    assert growth(life(1, lambda _: one), LIMITS) == Growth(what, False, now, 0.0)


@pytest.mark.parametrize(
    ("grown", "what", "per_hour"),
    [
        (memory(20), "memory", 20),
        (lambda age: replace(FIRST, fds=60 + round(age * 12)), "descriptors", 12),
        (lambda age: replace(FIRST, threads=30 + round(age * 6)), "threads", 6),
    ],
)
def test_steady_growth_is_found_long_before_the_limit(
    grown: Callable[[float], Sample], what: str, per_hour: float
) -> None:
    found = growth(life(8, grown), LIMITS)
    assert found is not None
    assert (found.what, found.steady) == (what, True)
    assert found.per_hour == pytest.approx(per_hour, rel=0.1)


def test_a_leak_of_little_is_left_to_the_night() -> None:
    assert growth(life(24, memory(5)), LIMITS) is None


def test_a_busy_morning_is_no_leak() -> None:
    assert growth(life(5, memory(40)), LIMITS) is None, "less than six hours prove nothing"


def test_what_is_given_back_is_no_leak() -> None:
    saw = life(12, lambda age: replace(FIRST, pss_kb=int((200 + 60 * (age % 2)) * 1024)))
    assert growth(saw, LIMITS) is None
    up_and_down = life(12, lambda age: memory(30)(age if age < 8 else 16 - age))
    assert growth(up_and_down, LIMITS) is None


def test_the_first_half_hour_does_not_count() -> None:
    warming = life(0.4, lambda age: replace(FIRST, pss_kb=1600 * 1024))
    assert growth(warming, LIMITS) is None


def test_another_process_begins_anew() -> None:
    before = life(8, memory(20))
    after = [replace(each, life="7/900") for each in life(1, memory(0))]
    assert growth(before + after, LIMITS) is None


def test_one_busy_visit_does_not_bend_the_slope() -> None:
    hours = [each / 12 for each in range(96)]
    flat = [200.0] * 96
    flat[40:44] = [900.0] * 4
    assert slope(hours, flat) == 0.0
    assert slope(hours[:5], flat[:5]) is None


# --- the kernel's own files ---


def process(root: Path, number: int, *, threads: str = "Threads:\t34", fds: int = 5) -> Tree:
    """A process as proc(5) shows it."""
    rollup = "55d0-7ffe ---p 00000000 00:00 0 [rollup]\nRss: 200000 kB\nPss:              123456 kB\n"
    put(root, f"proc/{number}/smaps_rollup", rollup)
    put(root, f"proc/{number}/status", f"Name:\tpython\nVmRSS:\t  200000 kB\n{threads}\n")
    for each in range(fds):
        put(root, f"proc/{number}/fd/{each}", "")
    return Tree(root)


def taken(tree: Tree, number: int | None = None) -> Sample | None:
    return sample(tree, ManualClock().now(), "7/100", 3600.54, number)


def test_a_process_as_proc_tells_it(tmp_path: Path) -> None:
    found = taken(process(tmp_path, 812), 812)
    assert found is not None
    assert (found.pss_kb, found.fds, found.threads, found.age_s) == (123456, 5, 34, 3600.5)


def test_a_kernel_without_pss_tells_rss(tmp_path: Path) -> None:
    tree = process(tmp_path, 812)
    tree.path("proc/812/smaps_rollup").unlink()
    found = taken(tree, 812)
    assert found is not None
    assert found.pss_kb == 200000


def test_a_process_of_which_too_little_is_told(tmp_path: Path) -> None:
    assert taken(Tree(tmp_path), 812) is None
    tree = process(tmp_path, 812)
    put(tmp_path, "proc/812/status", "")
    assert taken(tree, 812) is None
    assert taken(process(tmp_path, 812, threads="Threads:\tmany"), 812) is None


def test_this_very_process_can_be_counted() -> None:
    found = taken(Tree())
    assert found is not None
    assert found.pss_kb > 10_000
    assert found.threads >= threading.active_count()
    assert found.fds >= 3


# --- history ---


def test_the_history_outlives_the_process_and_stays_small(tmp_path: Path) -> None:
    path = tmp_path / "care" / "face.jsonl"
    for number in range(5000):
        History(path).add(replace(FIRST, fds=number))
    kept = History(path).read()
    assert len(kept) == 2016
    assert (kept[0].fds, kept[-1].fds) == (5000 - 2016, 4999)
    assert path.stat().st_size < 2 * 2016 * 150


def test_torn_and_foreign_lines_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "face.jsonl"
    History(path).add(FIRST)
    with path.open("ab") as file:
        file.write(b'{"at": "2026\n\x00\x00\xff\n[]\n7\n{}\n{"at": 1, "life": 2, "age_s": "x"}\n')
    History(path).add(replace(FIRST, fds=61))
    assert [each.fds for each in History(path).read()] == [60, 61]
    assert History(tmp_path / "none").read() == []


def test_what_the_doctor_says_of_it() -> None:
    now = datetime(2026, 11, 21, 0, 10, tzinfo=UTC)
    assert told_of([], LIMITS, now).said == "growth.none"
    well = told_of(life(8, memory(1)), LIMITS, now)
    assert (well.said, well.code, well.facts["rate"], well.facts["mb"]) == ("growth.now", "", "+1.0", 208)
    assert told_of(life(8, memory(20)), LIMITS, now).code == GROWN
    assert told_of(life(1, memory(0)), LIMITS, now).facts["rate"] == "?"
    old = told_of(life(8, memory(20)), LIMITS, now + timedelta(hours=1))
    assert (old.said, old.code, old.facts["at"]) == ("growth.old", "", FIRST.at)
    undated = [replace(FIRST, at="yesterday")]
    assert told_of(undated, LIMITS, now).said == "growth.now"


# --- the guard ---


def test_the_guard_asks_once_and_the_log_says_why(tmp_path: Path) -> None:
    tree = process(tmp_path / "machine", os.getpid(), fds=70)
    clock, logbook = ManualClock(), MemoryLogbook()
    asked: list[Reason] = []
    guard = Guard(tmp_path / "face.jsonl", Care(descriptors_most=64), clock, logbook, asked.append, tree)
    for _ in range(30):
        guard.look()
        clock.turn(60)
    assert len(History(tmp_path / "face.jsonl").read()) == 6, "one every five minutes"
    assert asked == [], "a process that has just begun is left alone"
    for _ in range(30):
        guard.look()
        clock.turn(60)
    assert asked == [Reason.DESCRIPTORS]
    (event, facts), *more = logbook.lines
    assert (event, more) == (Event.GROWTH_FOUND, [])
    assert facts == {"what": "descriptors", "steady": False, "now": 70.0, "per_hour": 0.0}


def test_a_full_disk_stops_no_guard(tmp_path: Path) -> None:
    (tmp_path / "care").write_bytes(b"a file where the folder should be")
    guard = Guard(tmp_path / "care" / "face.jsonl", Care(), ManualClock(), MemoryLogbook(), lambda _: None)
    guard.look()
    assert (tmp_path / "care").is_file()
