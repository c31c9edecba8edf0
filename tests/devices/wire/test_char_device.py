"""The wire over a character device: a pty stands in for usblp, a FIFO for a line with one direction."""

import os
import threading
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.emulators.escpos import EscposEmulator
from devices.errors import Unreachable
from devices.receipt_printer import Slip, Text
from devices.receipt_printer.escpos import EscposPrinter, EscposSettings
from devices.rig import PtyRig
from devices.status import State, Supply
from devices.wire import char_device, open_wire
from ground.clock import RealClock

CLOCK = RealClock()
LONG = bytes(range(256)) * 1200  # 300 kB, more than any tty or pipe holds


class Pty:
    """A raw pty: `device` is what the host opens, `far` the device's own end."""

    def __init__(self) -> None:
        self.far, near = os.openpty()
        tty.setraw(near)
        self.device = os.ttyname(near)
        self._near: int | None = near  # kept, as a driver's other descriptors would be

    def unplug(self) -> None:
        os.close(self.far)
        self.far = -1

    def close(self) -> None:
        for descriptor in (self.far, self._near):
            if descriptor is not None and descriptor >= 0:
                os.close(descriptor)


@pytest.fixture
def pty() -> Iterator[Pty]:
    pty = Pty()
    yield pty
    pty.close()


@pytest.fixture
def wire(pty: Pty) -> Iterator[char_device.CharDeviceWire]:
    wire = char_device.open_url(f"file://{pty.device}", 115200)
    yield wire
    wire.close()


def test_the_scheme_leads_here(pty: Pty) -> None:
    wire = open_wire(f"file://{pty.device}")
    assert isinstance(wire, char_device.CharDeviceWire)
    wire.close()


def test_bytes_go_both_ways(pty: Pty, wire: char_device.CharDeviceWire) -> None:
    wire.write(b"\x10\x04\x01")
    assert os.read(pty.far, 100) == b"\x10\x04\x01"
    os.write(pty.far, b"\x12\x00\xff\x0a\x0d")
    assert wire.read(1, 5.0) == b"\x12"
    assert wire.read(4, 5.0) == b"\x00\xff\x0a\x0d"
    assert wire.readable


def test_a_read_waits_until_its_deadline_and_gives_what_is_there(
    pty: Pty, wire: char_device.CharDeviceWire
) -> None:
    os.write(pty.far, b"ab")
    began = CLOCK.instant()
    assert wire.read(5, 0.2) == b"ab"
    assert CLOCK.instant() - began >= 0.2
    assert wire.read(5, 0.0) == b""


def test_a_read_ends_with_the_byte_that_completes_it(pty: Pty, wire: char_device.CharDeviceWire) -> None:
    speaker = threading.Timer(0.05, lambda: os.write(pty.far, b"xyz"))
    speaker.start()
    assert wire.read(2, 60.0) == b"xy"
    speaker.join()
    assert wire.read(1, 60.0) == b"z"


def test_what_was_not_read_can_be_thrown_away(pty: Pty, wire: char_device.CharDeviceWire) -> None:
    os.write(pty.far, b"late")
    assert wire.read(1, 5.0) == b"l"
    os.write(pty.far, b"later")
    wire.discard()
    os.write(pty.far, b"now")
    assert wire.read(3, 5.0) == b"now"


def test_more_than_the_device_holds_goes_out_in_pieces(pty: Pty, wire: char_device.CharDeviceWire) -> None:
    taken = bytearray()

    def take() -> None:
        while len(taken) < len(LONG):
            taken.extend(os.read(pty.far, 4096))

    printer = threading.Thread(target=take)
    printer.start()
    wire.write(LONG)
    printer.join()
    assert bytes(taken) == LONG


def test_a_device_that_stops_taking_is_unreachable(
    wire: char_device.CharDeviceWire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(char_device, "_WRITE_PATIENCE_S", 0.1)
    with pytest.raises(Unreachable) as caught:
        wire.write(LONG)
    assert "takes no more" in str(caught.value)


def test_unplugged(pty: Pty, wire: char_device.CharDeviceWire) -> None:
    pty.unplug()
    with pytest.raises(Unreachable):
        wire.read(1, 5.0)  # EIO of a tty whose other end is gone; usblp says ENODEV
    with pytest.raises(Unreachable):
        wire.write(b"x")
    with pytest.raises(Unreachable):
        wire.discard()


def test_it_belongs_to_one(pty: Pty, wire: char_device.CharDeviceWire) -> None:
    with pytest.raises(Unreachable):
        char_device.open_url(f"file://{pty.device}", 115200)
    wire.close()
    wire.close()
    char_device.open_url(f"file://{pty.device}", 115200).close()


@pytest.mark.parametrize("path", ["/dev/usb/no-such-lp", "/dev/null/lp0"])
def test_not_there(path: str) -> None:
    with pytest.raises(Unreachable) as caught:
        char_device.open_url(f"file://{path}", 115200)
    assert path in str(caught.value)


def test_closed(wire: char_device.CharDeviceWire) -> None:
    wire.close()
    for use in (lambda: wire.read(1, 0.1), lambda: wire.write(b"x"), wire.discard):
        with pytest.raises(Unreachable):
            use()


@pytest.fixture
def fifo(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    path = tmp_path / "lp 0"
    os.mkfifo(path)
    end = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    yield path, end
    os.close(end)


def test_a_line_with_one_direction_never_says_anything(fifo: tuple[Path, int]) -> None:
    path, end = fifo
    wire = char_device.open_url(f"file://{str(path).replace(' ', '%20')}", 115200)
    assert not wire.readable
    wire.write(b"paper")
    assert os.read(end, 100) == b"paper"
    began = CLOCK.instant()
    assert wire.read(1, 0.1) == b""
    assert CLOCK.instant() - began >= 0.1
    wire.discard()
    wire.close()


def test_nobody_at_the_other_end_of_a_fifo(fifo: tuple[Path, int]) -> None:
    path, end = fifo
    wire = char_device.CharDeviceWire(path)
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, end)  # the reader hangs up
    os.close(nowhere)
    with pytest.raises(Unreachable):
        wire.write(b"paper")
    wire.close()


def test_a_slip_on_a_printer_that_says_nothing(fifo: tuple[Path, int]) -> None:
    path, end = fifo
    printer = EscposPrinter(EscposSettings(url=f"file://{path.parent}/lp%200", profile="blind"), CLOCK)
    printer.open()
    status = printer.status()
    assert (status.state, status.supplies) == (State.ONLINE, {"paper": Supply.UNKNOWN})
    printer.print(Slip((Text("天门"),)))
    printer.close()
    assert "天门".encode("gb18030") in os.read(end, 4096)


def test_a_slip_on_a_device_that_answers(tmp_path: Path) -> None:
    emulator = EscposEmulator(CLOCK, speed_mm_s=0.0)
    with PtyRig(emulator, tmp_path / "lp0") as rig:
        printer = EscposPrinter(EscposSettings(url=f"file://{rig.url}", timeout_s=4.0), CLOCK)
        printer.open()
        printer.print(Slip((Text("天门"),)))
        assert printer.identity() == "TIANMEN EMULATOR-80"
        printer.close()
    assert [ticket.lines for ticket in emulator.tickets] == [("天门",)]
