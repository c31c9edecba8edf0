"""A reader and its emulator on one manual clock, joined by `emu://`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from devices.emulators.sdt import SdtEmulator
from devices.id_card.sdt import SdtReader, SdtSettings
from devices.rig import InProcessRig, register_emulators
from ground.clock import ManualClock


@dataclass
class Desk:
    """What stands on the citizen's side of the counter."""

    clock: ManualClock
    emulator: SdtEmulator
    rig: InProcessRig
    settings: SdtSettings
    reader: SdtReader  #: open


@contextmanager
def desk_with(emulator: SdtEmulator, clock: ManualClock) -> Iterator[Desk]:
    """An open reader that talks to `emulator`."""
    rig = register_emulators({"reader": emulator})["reader"]
    settings = SdtSettings(url=rig.url)
    reader = SdtReader(settings, clock)
    reader.open()
    yield Desk(clock, emulator, rig, settings, reader)
    reader.close()


@pytest.fixture(params=["strict", "lenient"])
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    """A desk with firmware that does not find a read card again, and one with firmware that does (§7.4)."""
    clock = ManualClock()
    emulator = SdtEmulator(clock)
    emulator.strict_refind = request.param == "strict"
    with desk_with(emulator, clock) as desk:
        yield desk
