"""A reader on a manual clock, with the emulated card and an ear on the line."""

from collections.abc import Iterator

import pytest

from devices.chip_card.sse_card import SseCardReader, SseCardSettings
from devices.emulators.sse_card import SseCardEmulator
from devices.rig import InProcessRig, register_emulators
from ground.clock import ManualClock


class Slot:
    """A card slot."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.emulator = SseCardEmulator(self.clock)
        self.rig: InProcessRig = register_emulators({"chip_card": self.emulator})["chip_card"]

    def reader(self) -> SseCardReader:
        """The driver, closed."""
        return SseCardReader(SseCardSettings(url=self.rig.url), self.clock)


@pytest.fixture
def slot() -> Slot:
    return Slot()


@pytest.fixture
def reader(slot: Slot) -> Iterator[SseCardReader]:
    """The open driver."""
    reader = slot.reader()
    reader.open()
    yield reader
    reader.close()
