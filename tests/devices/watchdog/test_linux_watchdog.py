"""The driver on the emulated watchdog: fed, starved, stopped, and never started by accident."""

from collections.abc import Iterator

import pytest
from pydantic import ValidationError

from devices.emulators.linux_watchdog import WatchdogEmulator
from devices.errors import Condition, Refused, TimedOut, Unreachable
from devices.watchdog.linux_watchdog import LinuxWatchdog, LinuxWatchdogSettings
from ground.clock import ManualClock


@pytest.fixture
def dog() -> Iterator[WatchdogEmulator]:
    dog = WatchdogEmulator(ManualClock())
    dog.start()
    yield dog
    dog.close()


def driver(dog: WatchdogEmulator, timeout_s: int = 60, armed: bool = True) -> LinuxWatchdog:
    return LinuxWatchdog(LinuxWatchdogSettings(url=dog.url, armed=armed, timeout_s=timeout_s), dog.clock)


@pytest.fixture
def watchdog(dog: WatchdogEmulator) -> Iterator[LinuxWatchdog]:
    """The open driver."""
    watchdog = driver(dog)
    watchdog.open()
    yield watchdog
    watchdog.close()


def turn(dog: WatchdogEmulator, seconds: float) -> None:
    assert isinstance(dog.clock, ManualClock)
    dog.clock.turn(seconds)


def test_it_is_not_touched_unless_armed(dog: WatchdogEmulator) -> None:
    assert LinuxWatchdogSettings().armed is False
    watchdog = driver(dog, armed=False)
    with pytest.raises(Unreachable, match="not armed"):
        watchdog.open()
    assert not dog.armed and dog.meals == 0


def test_fed_it_never_bites(dog: WatchdogEmulator, watchdog: LinuxWatchdog) -> None:
    for _ in range(100):
        turn(dog, 59)
        watchdog.feed()
    assert dog.armed and not dog.bitten


def test_starved_it_bites_and_the_next_start_knows(dog: WatchdogEmulator, watchdog: LinuxWatchdog) -> None:
    assert watchdog.boot_was_watchdog() is False
    turn(dog, 60)
    assert dog.bitten and not dog.armed
    with pytest.raises(Unreachable):
        watchdog.feed()
    watchdog.close()
    watchdog.open()
    assert watchdog.boot_was_watchdog() is True
    assert watchdog.status().readings["boot_was_watchdog"] is True


def test_looking_at_it_is_not_food(dog: WatchdogEmulator, watchdog: LinuxWatchdog) -> None:
    turn(dog, 30)
    readings = watchdog.status().readings
    assert (readings["timeout_s"], readings["time_left_s"], readings["nowayout"]) == (60, 30, False)
    turn(dog, 30)
    assert dog.bitten


def test_disarmed_it_stops(dog: WatchdogEmulator, watchdog: LinuxWatchdog) -> None:
    watchdog.disarm()
    turn(dog, 1000)
    assert not dog.bitten and not dog.armed
    with pytest.raises(Unreachable, match="not open"):
        watchdog.feed()


def test_an_orderly_close_stops_it(dog: WatchdogEmulator, watchdog: LinuxWatchdog) -> None:
    watchdog.close()
    watchdog.close()
    turn(dog, 1000)
    assert not dog.bitten


def test_a_program_that_dies_does_not(dog: WatchdogEmulator) -> None:
    from devices.watchdog.watchdog_file import FOOD, open_watchdog

    file = open_watchdog(dog.url)
    file.write(FOOD)
    file.close()
    turn(dog, 59)
    assert not dog.bitten
    turn(dog, 1)
    assert dog.bitten


def test_no_way_out(dog: WatchdogEmulator, watchdog: LinuxWatchdog) -> None:
    dog.nowayout = True
    with pytest.raises(Refused) as caught:
        watchdog.disarm()
    assert caught.value.condition is Condition.BAD_COMMAND
    watchdog.feed()
    watchdog.close()
    turn(dog, 60)
    assert dog.bitten, "closing does not stop it"


@pytest.mark.parametrize(("asked", "took"), [(30, 30), (3600, 600)])
def test_the_timeout_that_it_took(dog: WatchdogEmulator, asked: int, took: int) -> None:
    watchdog = driver(dog, timeout_s=asked)
    watchdog.open()
    assert watchdog.status().readings["timeout_s"] == took
    assert watchdog.capabilities() == {"timeout_s": asked, "magic_close": True}
    watchdog.close()


def test_one_that_can_only_be_fed(dog: WatchdogEmulator) -> None:
    dog.knows_questions = False
    watchdog = driver(dog)
    watchdog.open()
    watchdog.feed()
    assert watchdog.identity() == dog.url
    assert watchdog.boot_was_watchdog() is None
    status = watchdog.status()
    assert status.ready and status.readings["timeout_s"] is None
    assert watchdog.capabilities()["magic_close"] is None
    watchdog.disarm()
    assert not dog.armed


def test_somebody_else_feeds_it(dog: WatchdogEmulator) -> None:
    dog.in_use = True
    with pytest.raises(Refused) as caught:
        driver(dog).open()
    assert caught.value.condition is Condition.BUSY
    assert not dog.armed


def test_silent_and_gone(dog: WatchdogEmulator, watchdog: LinuxWatchdog) -> None:
    assert watchdog.identity() == "Emulated watchdog"
    dog.mute = True
    for ask in (watchdog.feed, watchdog.status, watchdog.boot_was_watchdog):
        with pytest.raises(TimedOut):
            ask()
    dog.mute = False
    dog.unplug()
    with pytest.raises(Unreachable):
        watchdog.feed()
    watchdog.close()
    with pytest.raises(Unreachable):
        watchdog.open()
    dog.replug()
    watchdog.open()
    watchdog.feed()


@pytest.mark.parametrize("timeout_s", [0, 4, 3601])
def test_timeouts_that_cannot_be(timeout_s: int) -> None:
    with pytest.raises(ValidationError):
        LinuxWatchdogSettings(timeout_s=timeout_s)
