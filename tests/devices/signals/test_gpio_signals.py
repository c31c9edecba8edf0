"""The driver on the emulated chip: inputs, lamps, and every way in which a chip is not there."""

from collections.abc import Iterator

import pytest
from pydantic import ValidationError

from devices.emulators.gpio_signals import GpioChipEmulator
from devices.errors import Condition, Refused, TimedOut, Unreachable
from devices.signals.gpio_signals import USUAL_GPIO_LAMPS, GpioContact, GpioSignals, GpioSignalsSettings
from devices.status import State
from ground.clock import ManualClock


@pytest.fixture
def chip() -> Iterator[GpioChipEmulator]:
    chip = GpioChipEmulator(ManualClock())
    chip.start()
    yield chip
    chip.close()


@pytest.fixture
def signals(chip: GpioChipEmulator) -> Iterator[GpioSignals]:
    """The open driver."""
    driver = GpioSignals(GpioSignalsSettings(url=chip.url), chip.clock)
    driver.open()
    yield driver
    driver.close()


def test_somebody_comes_and_opens_the_door(chip: GpioChipEmulator, signals: GpioSignals) -> None:
    assert signals.inputs() == {"presence": False, "door_open": False}
    chip.presence = True
    assert signals.inputs() == {"presence": True, "door_open": False}
    chip.door_open = True
    assert signals.inputs() == {"presence": True, "door_open": True}
    assert signals.status().readings == {"presence": True, "door_open": True}
    assert signals.capabilities()["inputs"] == ["door_open", "presence"]
    assert signals.identity() == chip.url


def test_a_cut_cable_reads_as_an_open_door(chip: GpioChipEmulator, signals: GpioSignals) -> None:
    chip.contacts = (False,) * 8
    assert signals.inputs() == {"presence": False, "door_open": True}


def test_each_lamp_is_its_line(chip: GpioChipEmulator, signals: GpioSignals) -> None:
    for name, lamp in USUAL_GPIO_LAMPS.items():
        signals.light(name, True)
        assert chip.levels == tuple(line == lamp.line for line in range(8))
        signals.light(name, False)
    signals.light("camera", True)
    signals.light("fountain", True)
    signals.lights_out()
    assert chip.levels == (False,) * 8


def test_a_lamp_that_is_dark_when_high(chip: GpioChipEmulator) -> None:
    lamps = {"camera": GpioContact(line=4, active_low=True)}
    signals = GpioSignals(GpioSignalsSettings(url=chip.url, lamps=lamps), chip.clock)
    signals.open()
    assert chip.levels == (False,) * 4 + (True,) + (False,) * 3, "taken dark"
    signals.light("camera", True)
    assert chip.levels == (False,) * 8
    signals.close()


def test_a_bouncing_contact_changes_nothing(chip: GpioChipEmulator, signals: GpioSignals) -> None:
    chip.bounces = 2
    before = chip.clock.instant()
    assert signals.inputs() == {"presence": False, "door_open": False}
    assert chip.clock.instant() - before == pytest.approx(0.05)
    assert chip.bounces == 0


def test_another_program_holds_the_lines(chip: GpioChipEmulator) -> None:
    chip.taken = True
    signals = GpioSignals(GpioSignalsSettings(url=chip.url), chip.clock)
    with pytest.raises(Refused) as caught:
        signals.open()
    assert caught.value.condition is Condition.BUSY
    chip.taken = False
    signals.open()
    rival = GpioSignals(GpioSignalsSettings(url=chip.url), chip.clock)
    with pytest.raises(Refused):
        rival.open()
    signals.close()
    signals.close()
    rival.open()
    rival.close()


def test_a_line_that_the_chip_has_not(chip: GpioChipEmulator) -> None:
    inputs = {"presence": GpioContact(line=40)}
    with pytest.raises(Refused) as caught:
        GpioSignals(GpioSignalsSettings(url=chip.url, inputs=inputs), chip.clock).open()
    assert caught.value.condition is Condition.BAD_COMMAND


def test_a_chip_that_is_silent(chip: GpioChipEmulator, signals: GpioSignals) -> None:
    chip.mute = True
    for ask in (signals.inputs, signals.status, lambda: signals.light("camera", True)):
        with pytest.raises(TimedOut):
            ask()
    other = GpioSignals(GpioSignalsSettings(url=chip.url), chip.clock)
    with pytest.raises(TimedOut):
        other.open()
    chip.mute = False
    assert signals.status().state is State.ONLINE


def test_a_chip_that_goes_and_comes_back(chip: GpioChipEmulator, signals: GpioSignals) -> None:
    chip.unplug()
    with pytest.raises(Unreachable):
        signals.inputs()
    signals.close()
    with pytest.raises(Unreachable):
        signals.open()
    chip.replug()
    signals.open()
    assert signals.status().ready


def test_asked_while_closed(chip: GpioChipEmulator) -> None:
    signals = GpioSignals(GpioSignalsSettings(url=chip.url), chip.clock)
    for ask in (signals.inputs, signals.status, signals.lights_out, lambda: signals.light("camera", True)):
        with pytest.raises(Unreachable, match="not open"):
            ask()


def test_each_line_is_one_thing() -> None:
    with pytest.raises(ValidationError, match="one input or one lamp"):
        GpioSignalsSettings(url="/dev/gpiochip0", lamps={"camera": GpioContact(line=1)})
