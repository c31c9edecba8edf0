"""A supply on a manual clock, and the driver that asks its server."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from devices.emulators.nut import NutEmulator
from devices.rig import InProcessRig, register_emulators
from devices.ups.nut import NutSettings, NutUps
from ground.clock import ManualClock


@dataclass
class Cabinet:
    """A terminal's cabinet with a supply in it."""

    clock: ManualClock
    emulator: NutEmulator
    rig: InProcessRig

    def ups(self, name: str = "") -> NutUps:
        return NutUps(NutSettings(url=self.rig.url, ups=name), self.clock)


@pytest.fixture
def cabinet() -> Cabinet:
    clock = ManualClock()
    emulator = NutEmulator(clock)
    return Cabinet(clock, emulator, register_emulators({"ups": emulator})["ups"])


@pytest.fixture
def ups(cabinet: Cabinet) -> Iterator[NutUps]:
    """The open driver."""
    driver = cabinet.ups()
    driver.open()
    yield driver
    driver.close()
