"""A cabinet with a board in it, on a manual clock."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from devices.emulators.base import SerialEmulator
from devices.emulators.modbus_signals import ModbusSignalsEmulator
from devices.rig import register_emulators
from devices.signals.modbus_signals import ModbusSignals, ModbusSignalsSettings
from ground.clock import ManualClock


class Wiretap(SerialEmulator):
    """The board, with an ear and a hand on its line."""

    def __init__(self, board: SerialEmulator) -> None:
        super().__init__(board.clock)
        self.board = board
        self.sent: list[bytes] = []  #: what the driver sent, write by write
        self.hand: Callable[[bytes], bytes] = bytes  #: what the line makes of the board's bytes

    def connected(self) -> None:
        self.board.connected()

    def receive(self, data: bytes) -> None:
        self.sent.append(data)
        self.board.receive(data)

    def take(self) -> bytes:
        return self.hand(self.board.take())

    def next_due(self) -> float | None:
        return self.board.next_due()


class Cabinet:
    """A terminal's cabinet: sensor, door and lamps."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.board = ModbusSignalsEmulator(self.clock)
        self.line = Wiretap(self.board)
        self.rig = register_emulators({"signals": self.line})["signals"]

    def signals(self, **settings: Any) -> ModbusSignals:
        """The driver, closed."""
        return ModbusSignals(ModbusSignalsSettings(url=self.rig.url, **settings), self.clock)


@pytest.fixture
def cabinet() -> Cabinet:
    return Cabinet()


@pytest.fixture
def signals(cabinet: Cabinet) -> Iterator[ModbusSignals]:
    """The open driver."""
    driver = cabinet.signals()
    driver.open()
    yield driver
    driver.close()
