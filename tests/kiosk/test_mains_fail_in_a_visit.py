"""The mains fail: nobody begins, who has begun may finish, the machine is asked to go down, and all comes back."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from devices.emulators.nut import NutEmulator
from devices.rig import register_emulators
from devices.ups.nut import NutSettings, NutUps
from ground.clock import ManualClock
from ground.logbook import Event, MemoryLogbook
from kiosk.power import PowerRules, PowerWatch
from tools.unattended import started

RULES = {"finish_s": 300.0, "down_charge_percent": 50.0}


class Supplied:
    """A supply behind real lines of NUT, and what follows from it."""

    def __init__(self) -> None:
        self.clock, self.logbook, self.asked = ManualClock(), MemoryLogbook(), 0
        self.supply = NutEmulator(self.clock)
        self.driver = NutUps(NutSettings(url="emu://supply"), self.clock)
        self.watch = PowerWatch(PowerRules(**RULES, down=self._down), self.clock, self.logbook)

    def _down(self) -> None:
        self.asked += 1

    def see(self, state: str = "idle", turn_s: float = 0.0) -> tuple[Any, str]:
        self.clock.turn(turn_s)
        self.watch.look_at(self.driver)
        return self.watch.see(state), self.watch.code

    @property
    def told(self) -> list[Event]:
        return [event for event, _ in self.logbook.lines]


@pytest.fixture
def power() -> Iterator[Supplied]:
    made = Supplied()
    register_emulators({"supply": made.supply})
    made.driver.open()
    yield made
    made.driver.close()


def test_on_battery_nobody_begins_and_with_the_mains_all_is_well_again(power: Supplied) -> None:
    assert power.see() == ("mains", "")
    power.supply.mains = False
    assert power.see("form") == ("battery", "W101")
    assert power.see("form", 299) == ("battery", "W101")
    power.supply.mains = True
    assert power.see("form") == ("mains", "")
    assert (power.told, power.asked) == ([Event.POWER_CHANGED] * 2, 0)


@pytest.mark.parametrize(
    ("why", "knobs", "turn_s"),
    [
        ("time", {}, 300.0),
        ("charge", {"charge_percent": 49.0}, 0.0),
        ("low", {"low_battery": True}, 0.0),
        ("low", {"shutdown": True}, 0.0),
    ],
)
def test_at_a_limit_the_visit_ends_then_the_machine_goes_down_once(
    power: Supplied, why: str, knobs: dict[str, Any], turn_s: float
) -> None:
    power.supply.mains = False
    assert power.see("form") == ("battery", "W101")
    for knob, value in knobs.items():
        setattr(power.supply, knob, value)
    assert power.see("form", turn_s) == ("ending", "W102")
    assert power.see("goodbye", 1) == ("battery", "W102")
    assert power.asked == 0
    assert power.see("idle", 8) == ("down", "W102")
    assert power.see("idle", 1) == ("down", "W102")
    assert power.asked == 1
    limit = next(facts for event, facts in power.logbook.lines if event is Event.POWER_LIMIT)
    assert limit["why"] == why


def test_a_hand_in_is_waited_for_but_not_for_ever(power: Supplied) -> None:
    power.supply.mains = False
    power.see("handing_in")
    power.supply.low_battery = True
    assert power.see("handing_in") == ("battery", "W102")
    assert power.see("handing_in", 19) == ("battery", "W102")
    assert power.asked == 0
    assert power.see("handing_in", 1) == ("down", "W102")
    assert power.asked == 1


def test_a_machine_that_did_not_go_down_is_asked_again_and_comes_back_with_the_mains(power: Supplied) -> None:
    power.supply.mains = False
    power.see("idle")
    power.supply.low_battery = True
    power.see("idle")
    power.see("idle", 119)
    assert power.asked == 1
    power.see("idle", 1)
    assert power.asked == 2
    power.supply.mains = True
    power.supply.low_battery = False
    assert power.see("idle") == ("mains", "")


def test_a_supply_that_falls_silent_changes_nothing(power: Supplied) -> None:
    power.supply.mains = False
    power.see("idle")
    assert power.watch.see("idle") == "battery"
    assert power.watch.code == "W101"


def test_a_supply_that_tells_no_charge_has_the_time_alone(power: Supplied) -> None:
    power.supply.mains, power.supply.tells_charge = False, False
    assert power.see("idle") == ("battery", "W101")
    assert power.see("idle", 300) == ("down", "W102")


def test_what_asks_the_machine_to_go_down_is_a_command_of_the_configuration(tmp_path: Path) -> None:
    """The shipped one leaves the file that `tiantianshun-power-off.path` waits for."""
    wanted = tmp_path / "power-off"
    started(("/usr/bin/touch", str(wanted)))()
    (asked,) = (thread for thread in threading.enumerate() if thread.name == "power-down")
    asked.join(60)
    assert wanted.exists()
