"""A receipt printer on one pair of bulk endpoints: the same wire as the card reader, whole frames."""

from collections.abc import Iterator

import pytest

from devices.emulators.escpos import EscposEmulator
from devices.errors import Unreachable
from devices.receipt_printer.escpos import EscposPrinter, EscposSettings
from devices.rig import UsbBus, UsbRig
from ground.clock import ManualClock
from tests.conformance.exchanges import EXCHANGES
from tests.conformance.leaks import nothing_left_behind


@pytest.fixture
def bus() -> Iterator[UsbBus]:
    with nothing_left_behind(), UsbBus(ManualClock()) as bus:
        yield bus


def test_it_says_how_it_fares_is_unplugged_and_comes_back(bus: UsbBus) -> None:
    exchange = EXCHANGES["escpos"]
    emulator = EscposEmulator(bus.clock)
    rig = UsbRig(bus, emulator, vid=0x0483, pid=0x5743, serial="P7")
    printer = EscposPrinter(EscposSettings.model_validate({"driver": "escpos", "url": rig.url}), bus.clock)
    printer.open()
    assert exchange.right(exchange.ask(printer))
    exchange.change(emulator)
    assert exchange.changed(exchange.ask(printer))
    rig.unplug()
    with pytest.raises(Unreachable):
        exchange.ask(printer)
    printer.close()
    rig.replug()
    exchange.prepare(emulator)
    printer.open()
    assert exchange.right(exchange.ask(printer))
    printer.close()
    printer.close()
