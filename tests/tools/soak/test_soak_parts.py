"""The parts of a soak that can be wrong without anybody noticing: whom it finds, what grows, what is left out."""

from pathlib import Path

import pytest

from devices.emulators import EMULATORS, SERVICES
from kiosk.domain.identity import number_problem
from tools.soak.citizens import citizen_of, strangers
from tools.soak.clock import TurnedClock
from tools.soak.faults import DEVICE_FAULTS
from tools.soak.growth import WARM_UP, slope
from tools.soak.hall import FITS
from tools.soak.ledger import Ledger, Line
from tools.soak.plan import plan_of

_MANY = 5000
#: emulators that a visit never meets, and why
_LEFT_OUT = {"linux_watchdog": "systemd has it", "sane": "its program is not installed everywhere"}


def test_no_two_citizens_have_anything_in_common() -> None:
    citizens = [citizen_of(visit) for visit in range(_MANY)]
    for told in ("number", "name", "address", "photo"):
        assert len({getattr(one.card, told) for one in citizens}) == _MANY, told
    assert len({one.phone for one in citizens}) == _MANY
    assert all(number_problem(one.card.number) is None for one in citizens)


@pytest.mark.parametrize("told", ["number", "veiled", "phone", "name"])
def test_a_stranger_is_seen_and_oneself_is_not(told: str) -> None:
    her, other = citizen_of(7), citizen_of(8)
    says = {
        one: {
            "number": one.card.number,
            "veiled": one.veiled_number,
            "phone": one.phone,
            "name": one.card.name,
        }[told]
        for one in (her, other)
    }
    assert list(strangers(f"申请人 {says[her]}。", her)) == []
    assert len(list(strangers(f"申请人 {says[other]}。", her))) == 1
    assert len(list(strangers(f"申请人 {says[her]}。", None))) == 1


def test_growth_is_told_from_steps_and_from_warming_up() -> None:
    warming = [1000.0 * step for step in range(WARM_UP)]
    flat = [15_000.0 + (300 if visit % 7 == 0 else 0) for visit in range(100)]
    leaking = [15_000.0 + 5 * visit for visit in range(100)]
    assert slope([warming + flat]) == 0.0
    assert slope([warming + leaking]) == 5.0
    assert slope([warming + flat, warming + flat]) == 0.0, "from life to life nothing is compared"
    assert slope([warming]) == 0.0


def test_every_emulator_is_fitted_now_and_then_and_fails() -> None:
    fitted = {driver for makes in FITS.values() for driver in makes}
    assert fitted | _LEFT_OUT.keys() == EMULATORS.keys() | SERVICES.keys()
    assert fitted == DEVICE_FAULTS.keys()


def test_every_fault_is_a_knob_that_takes_that_value(tmp_path: Path) -> None:
    clock = TurnedClock(tmp_path / "time")
    for driver, faults in DEVICE_FAULTS.items():
        made = EMULATORS[driver](clock) if driver in EMULATORS else SERVICES[driver](clock, 0)
        for knobs in faults:
            for knob, value in knobs.items():
                assert knob in made.knobs, f"{driver}.{knob}"
                assert isinstance(value, type(getattr(made, knob))), f"{driver}.{knob}"


def test_every_fault_is_drawn_sooner_or_later() -> None:
    slots = sorted(FITS)
    drawn = {
        (trouble.kind, trouble.where if trouble.kind in ("device", "unplug", "kill") else "")
        for visit in range(1000)
        for trouble in plan_of(1, visit, slots).troubles
    }
    assert {("device", slot) for slot in slots} | {("unplug", slot) for slot in slots} <= drawn
    assert {("link", ""), ("cut", ""), ("disk", ""), ("clock", "")} <= drawn
    assert {("kill", member) for member in ("desk", "uploader", "backend")} <= drawn


def test_a_line_that_a_kill_cut_off_is_walked_again(tmp_path: Path) -> None:
    path = tmp_path / "visits.jsonl"
    ledger = Ledger(path)
    for visit in range(2):
        ledger.write(Line(visit, "leave", "N02", "", "", "left"))
    ledger.close()
    with path.open("a", encoding="utf-8") as file:
        file.write('{"visit": 2, "wish": "le')
    again = Ledger(path)
    assert again.next_visit == 2
    again.write(Line(2, "leave", "N02", "", "", "left"))
    again.close()
    final = Ledger(path)
    final.close()
    assert [line.visit for line in final.lines] == [0, 1, 2]


def test_a_turned_clock_is_seen_by_all_who_hold_it(tmp_path: Path) -> None:
    one, other = TurnedClock(tmp_path / "time"), TurnedClock(tmp_path / "time")
    hands = TurnedClock(tmp_path / "time", turns=False)
    before, before_hands = other.instant(), hands.instant()
    one.turn(3600.0)
    one.set_wrong(-86400.0)
    assert 3600 <= other.instant() - before < 3660
    assert hands.instant() - before_hands < 60
    assert 86000 < (one.now() - hands.now()).total_seconds() + 86400 < 87000
