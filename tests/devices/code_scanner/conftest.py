"""A scanner on a manual clock."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from devices.code_scanner import Code
from devices.code_scanner.serial_scanner import SerialScanner, SerialScannerSettings
from devices.code_scanner.wedge_scanner import WedgeScanner, WedgeScannerSettings
from devices.emulators.serial_scanner import SerialScannerEmulator
from devices.emulators.wedge_scanner import WedgeScannerEmulator
from devices.rig import InProcessRig, register_emulators
from ground.clock import ManualClock

Scanner = SerialScanner | WedgeScanner


class Hatch:
    """The window under which citizens hold their codes."""

    def __init__(self, build: Callable[[ManualClock], SerialScannerEmulator]) -> None:
        self.clock = ManualClock()
        self.emulator = build(self.clock)
        self.rig: InProcessRig = register_emulators({"hatch": self.emulator})["hatch"]

    def serial(self, **settings: Any) -> SerialScanner:
        scanner = SerialScanner(SerialScannerSettings(url=self.rig.url, **settings), self.clock)
        scanner.open()
        return scanner

    def wedge(self, **settings: Any) -> WedgeScanner:
        scanner = WedgeScanner(WedgeScannerSettings(url=self.rig.url, **settings), self.clock)
        scanner.open()
        return scanner

    def scanned(self, scanner: Scanner, looks: int = 60) -> list[Code]:
        """All that is read within `looks` looks (of 30 ms, so 1.8 s)."""
        return [code for _ in range(looks) if (code := scanner.scan()) is not None]

    def texts(self, scanner: Scanner, looks: int = 60) -> list[str]:
        return [code.text for code in self.scanned(scanner, looks)]


@pytest.fixture
def hatch() -> Hatch:
    return Hatch(SerialScannerEmulator)


@pytest.fixture
def typing_hatch() -> Hatch:
    return Hatch(WedgeScannerEmulator)


@pytest.fixture
def scanner(hatch: Hatch) -> Iterator[SerialScanner]:
    """An open scanner with default settings."""
    scanner = hatch.serial()
    yield scanner
    scanner.close()
