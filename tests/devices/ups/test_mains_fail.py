"""The mains fail, the battery empties, the supply is lost: what the driver says at each step."""

import pytest

from devices.errors import Condition, Refused, TimedOut, Unreachable
from devices.status import State, Supply
from devices.ups.nut import NutUps
from tests.devices.ups.conftest import Cabinet


def test_from_mains_to_the_end(cabinet: Cabinet, ups: NutUps) -> None:
    physics = cabinet.emulator
    physics.mains = False
    power = ups.power()
    assert (power.on_mains, power.battery_low, power.input_v) == (False, False, 0.0)
    assert ups.status().ready, "without mains the terminal still works"
    assert ups.status().supplies["battery"] is Supply.FULL

    physics.charge_percent, physics.runtime_s = 39.5, 400
    assert ups.status().supplies["battery"] is Supply.LOW
    assert ups.status().ready

    physics.charge_percent, physics.runtime_s, physics.low_battery = 8.0, 60, True
    status = ups.status()
    assert (status.state, status.condition) == (State.HARDWARE_ERROR, Condition.BATTERY_LOW)
    assert status.supplies["battery"] is Supply.OUT
    assert status.readings["runtime_s"] == 60
    assert ups.power().battery_low

    physics.mains = True
    status = ups.status()
    assert status.ready, "there are mains again: nothing needs to go down"
    assert status.supplies["battery"] is Supply.LOW


def test_a_forced_shutdown_is_like_an_empty_battery(cabinet: Cabinet, ups: NutUps) -> None:
    cabinet.emulator.shutdown = True
    assert ups.status().condition is Condition.BATTERY_LOW


def test_an_old_battery(cabinet: Cabinet, ups: NutUps) -> None:
    cabinet.emulator.replace_battery = True
    status = ups.status()
    assert status.ready
    assert status.supplies["battery"] is Supply.LOW
    assert status.readings["replace_battery"] is True


@pytest.mark.parametrize("gone", ["stale", "driver"])
def test_the_supply_is_lost_and_comes_back(cabinet: Cabinet, ups: NutUps, gone: str) -> None:
    cabinet.emulator.ups_gone = gone
    with pytest.raises(Refused) as caught:
        ups.power()
    assert caught.value.condition is Condition.OFFLINE
    assert ups.status().state is State.OFFLINE
    cabinet.emulator.ups_gone = ""
    assert ups.status().ready


def test_the_supply_leaves_ups_conf(cabinet: Cabinet, ups: NutUps) -> None:
    cabinet.emulator.ups_gone = "unknown"
    with pytest.raises(Unreachable):
        ups.status()
    cabinet.emulator.ups_gone = ""
    assert ups.status().ready


def test_silence_costs_one_deadline_and_the_connection(cabinet: Cabinet, ups: NutUps) -> None:
    cabinet.emulator.mute = True
    before = cabinet.clock.instant()
    with pytest.raises(TimedOut):
        ups.power()
    assert 2.0 <= cabinet.clock.instant() - before <= 2.2
    cabinet.emulator.mute = False
    assert ups.power().on_mains


def test_nothing_is_asked_but_what_the_page_says(cabinet: Cabinet) -> None:
    heard = bytearray()
    receive = cabinet.emulator.receive

    def listen(data: bytes) -> None:
        heard.extend(data)
        receive(data)

    cabinet.emulator.receive = listen  # type: ignore[method-assign]
    ups = cabinet.ups()
    ups.open()
    ups.status()
    ups.close()
    questions = heard.decode().splitlines()
    assert questions[0] == "LIST UPS" and questions[-1] == "LOGOUT"
    assert all(line.startswith("GET VAR kiosk ") for line in questions[1:-1])
