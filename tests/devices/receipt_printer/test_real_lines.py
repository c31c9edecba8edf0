"""One slip over a real tty and over real TCP, with a thread in between; and a plug that is pulled in mid-slip."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from devices.emulators.escpos import EscposEmulator
from devices.errors import Unreachable
from devices.receipt_printer.escpos import EscposPrinter, EscposSettings
from devices.rig import PtyRig, Rig, TcpRig
from devices.status import Supply
from ground.clock import RealClock
from tests.devices.receipt_printer.sample_slip import SAMPLE_SLIP

_GENEROUS_S = 4.0  # for one status byte on a machine with other things to do


def on_a_tty(emulator: EscposEmulator, folder: Path) -> Rig:
    return PtyRig(emulator, folder / "printer")


def on_tcp(emulator: EscposEmulator, folder: Path) -> Rig:
    return TcpRig(emulator)


@pytest.mark.parametrize("line", [on_a_tty, on_tcp])
def test_a_slip_over_a_real_line(line: Callable[[EscposEmulator, Path], Rig], tmp_path: Path) -> None:
    clock = RealClock()
    emulator = EscposEmulator(clock, speed_mm_s=2000.0)
    rig = line(emulator, tmp_path)
    printer = EscposPrinter(EscposSettings(url=rig.url, timeout_s=_GENEROUS_S), clock)
    try:
        printer.open()
        assert printer.identity() == "TIANMEN EMULATOR-80"
        assert printer.sensors().paper is Supply.FULL
        printer.print(SAMPLE_SLIP)
        assert emulator.unknown == []
        assert (
            emulator.tickets[0].raw
            == Path(__file__).with_name("golden").joinpath("receipt-80mm.bin").read_bytes()
        )
    finally:
        printer.close()
        rig.close()


@pytest.mark.parametrize("line", [on_a_tty, on_tcp])
def test_a_plug_pulled_in_mid_slip(line: Callable[[EscposEmulator, Path], Rig], tmp_path: Path) -> None:
    clock = RealClock()
    emulator = EscposEmulator(clock, speed_mm_s=50.0)
    rig = line(emulator, tmp_path)
    settings = EscposSettings(url=rig.url, timeout_s=_GENEROUS_S, silence_s=30, job_timeout_s=120)
    printer = EscposPrinter(settings, clock)
    pulled = threading.Event()

    def pull_when_printing() -> None:
        while not pulled.is_set() and emulator.paper_mm > 49_980:
            pulled.wait(0.01)
        rig.unplug()

    hand = threading.Thread(target=pull_when_printing)
    try:
        printer.open()
        hand.start()
        with pytest.raises(Unreachable):
            printer.print(SAMPLE_SLIP)
        hand.join()
        assert emulator.tickets == []
        printer.close()
        rig.replug()
        printer.open()
        assert printer.sensors().online
    finally:
        pulled.set()
        if hand.is_alive():
            hand.join()
        printer.close()
        rig.close()
