"""The face's care beside visits: what changes stands in the log and on the board, and a refill is noticed."""

from pathlib import Path

import pytest

from config.care_settings import Care
from devices.status import Supply
from ground.clock import ManualClock
from ground.logbook import Event, MemoryLogbook
from kiosk.care import machine, timekeeping
from kiosk.care.check import Check, Found, Probe, Round, told
from kiosk.care.desk import CareDesk
from kiosk.care.supplies import UseBook
from kiosk.care.tree import Tree
from kiosk.health import Health
from kiosk.words import Words
from offline_cache.errors import DiskFull
from tests.kiosk.care import laid_out
from tools.assemble import WORDS

CHINESE = Words.load(WORDS, "zh-Hans")


class Bench:
    """A desk with a laid-out machine, on a clock that a test turns."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "care"
        self.tree: Tree = laid_out.healthy(folder / "machine", folder)
        self.clock, self.logbook = ManualClock(), MemoryLogbook()
        self.health = Health(self.clock)
        self.clock_is_right = False
        self.looked: list[str] = []
        probes = (
            Probe("temperature", lambda: machine.temperature(self.tree, 75, 88)),
            Probe("storage_room", self._full),
            Probe("dear", self._dear, live=False),
        )
        self.full = False
        self.desk = CareDesk(
            self.folder,
            Care(),
            Round(probes, CHINESE, (DiskFull,)),
            self.clock,
            self.health,
            self.logbook,
            lambda _: None,
            lambda: self.clock_is_right,
            UseBook(self.folder / "use.json"),
        )

    def _full(self) -> str:
        if self.full:
            raise DiskFull(free_mb=1)
        return "room"

    def _dear(self) -> Found:
        self.looked.append("dear")
        return Found("memory.unknown")

    def heat(self, milli: int) -> None:
        laid_out.put(self.tree.root, "sys/class/thermal/thermal_zone0/temp", f"{milli}\n")

    def pass_by(self, seconds: float, step_s: float = 15.0) -> None:
        for _ in range(int(seconds / step_s)):
            self.desk.look()
            self.clock.turn(step_s)

    def told(self, event: Event) -> list[dict[str, object]]:
        return [dict(facts) for said, facts in self.logbook.lines if said is event]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_nothing_is_known_before_the_first_round(bench: Bench) -> None:
    assert bench.desk.latest == ()
    assert bench.desk.look() == "2 checks, 0 not well"
    assert [check.name for check in bench.desk.latest] == ["temperature", "storage_room"]
    assert bench.looked == [], "what takes long is not looked at beside a visit"


def test_a_change_is_written_down_once_and_told_to_the_board(bench: Bench) -> None:
    bench.pass_by(1200)
    assert bench.told(Event.CHECK_CHANGED) == []
    assert bench.health.of("temperature") is None
    bench.heat(90_000)
    bench.pass_by(1800)
    assert bench.told(Event.CHECK_CHANGED) == [{"check": "temperature", "ok": False, "code": "M104"}]
    hot = bench.health.of("temperature")
    assert hot is not None
    assert (hot.ok, hot.code) == (False, "M104")
    bench.heat(50_000)
    bench.pass_by(1200)
    assert bench.told(Event.CHECK_CHANGED)[1:] == [{"check": "temperature", "ok": True, "code": ""}]
    assert bench.health.ok("temperature")


def test_what_others_watch_is_not_told_to_the_board_twice(bench: Bench) -> None:
    bench.full = True
    bench.pass_by(60)
    assert bench.told(Event.CHECK_CHANGED) == [{"check": "storage_room", "ok": False, "code": "S101"}]
    assert bench.health.of("storage_room") is None
    assert bench.desk.look() == "2 checks, 1 not well"


def test_the_process_is_counted(bench: Bench) -> None:
    bench.pass_by(900)
    assert len((bench.folder / "face.jsonl").read_text(encoding="ascii").splitlines()) == 3


def test_the_right_time_is_remembered_only_when_it_is_known_to_be_right(bench: Bench) -> None:
    bench.pass_by(900)
    assert timekeeping.last_good(bench.folder) is None
    bench.clock_is_right = True
    bench.pass_by(900)
    good = timekeeping.last_good(bench.folder)
    assert good is not None
    assert (bench.clock.now() - good).total_seconds() <= 615


def paper(bench: Bench, level: Supply) -> None:
    bench.health.note("receipt_printer", ok=True, supplies={"paper": level})
    bench.pass_by(120)


def test_a_printer_that_is_full_again_was_refilled(bench: Bench) -> None:
    paper(bench, Supply.FULL)
    assert bench.desk.book.refill_of("slips") is None, "how full it is at a start is not known"
    paper(bench, Supply.LOW)
    paper(bench, Supply.UNKNOWN)
    paper(bench, Supply.FULL)
    refill = bench.desk.book.refill_of("slips")
    assert refill is not None
    assert refill[1] == 350
    assert bench.told(Event.SUPPLY_REFILLED) == [{"supply": "slips", "holds": 350, "by": "printer"}]


def test_the_toner_gauge_is_kept_by_the_day(bench: Bench) -> None:
    bench.health.note("page_printer", ok=True, readings={"toner_percent": 64, "busy": False})
    bench.pass_by(120)
    bench.health.note("page_printer", ok=True, readings={"toner_percent": None})
    bench.pass_by(120)
    assert bench.desk.book.levels("toner") == {"2026-11-21": 64}


# --- lines ---


def test_a_finding_as_a_line() -> None:
    well = told(
        "temperature", Found("temperature.hottest", {"degrees": "47", "sensor": "cpu", "sensors": 1}), CHINESE
    )
    assert well == Check("temperature", True, "", "", "47 °C（cpu，共 1 处测温）")
    soon = told("temperature", Found("temperature.unknown", soon="M104"), CHINESE)
    assert (soon.ok, soon.code, soon.hint) == (True, "", CHINESE("errors.M104.hint"))
    wrong = told("temperature", Found("temperature.unknown", code="M104"), CHINESE)
    assert (wrong.ok, wrong.code, wrong.hint) == (False, "M104", soon.hint)


def test_only_errors_with_a_code_are_findings() -> None:
    def broken() -> str:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(Round([Probe("x", broken)], CHINESE, (DiskFull,)).checks())
