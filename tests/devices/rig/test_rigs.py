"""What every rig does: carries bytes both ways, unplugs, comes back, and leaves nothing behind."""

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devices.emulators.base import SerialEmulator
from devices.errors import Unreachable
from devices.rig import PtyRig, Rig, TcpRig, register_emulators
from devices.wire import Wire, open_wire
from ground.clock import ManualClock, RealClock
from tests.conformance.leaks import nothing_left_behind

PATIENCE_S = 60.0


class Parrot(SerialEmulator):
    """Says back what it hears, and counts who comes."""

    knobs = ("pause_s",)

    def __init__(self, clock: RealClock | ManualClock) -> None:
        super().__init__(clock)
        self.pause_s = 0.0
        self.visits = 0

    def connected(self) -> None:
        super().connected()
        self.visits += 1

    def receive(self, data: bytes) -> None:
        self.say(data, self.pause_s)


@pytest.fixture(params=["pty", "tcp", "emu"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    makers: dict[str, Callable[[SerialEmulator], Rig]] = {
        "pty": lambda parrot: PtyRig(parrot, tmp_path / "by-id" / "parrot"),
        "tcp": TcpRig,
        "emu": lambda parrot: register_emulators({"parrot": parrot})["parrot"],
    }
    with nothing_left_behind():
        rig = makers[request.param](Parrot(RealClock()))
        yield rig
        rig.close()
        rig.close()


def exchange(wire: Wire, said: bytes) -> None:
    wire.write(said)
    assert wire.read(len(said), PATIENCE_S) == said


def dead(wire: Wire) -> bool:
    """Whether the wire notices that its other end is gone."""
    with pytest.raises(Unreachable):
        for _ in range(3):  # TCP notices at the read, a tty at either
            wire.write(b"?")
            wire.read(1, PATIENCE_S)
    return True


def test_all_bytes_both_ways(rig: Rig) -> None:
    wire = open_wire(rig.url)
    exchange(wire, bytes(range(256)) * 8)
    wire.close()


def test_unplug_and_replug(rig: Rig) -> None:
    wire = open_wire(rig.url)
    exchange(wire, b"before")
    rig.unplug()
    rig.unplug()
    assert dead(wire)
    wire.close()
    with pytest.raises(Unreachable):
        open_wire(rig.url)
    rig.replug()
    rig.replug()
    wire = open_wire(rig.url)
    exchange(wire, b"after")
    wire.close()


def test_closed_under_the_host(rig: Rig) -> None:
    wire = open_wire(rig.url)
    rig.close()
    assert dead(wire)
    wire.close()


def test_hosts_one_after_the_other(rig: Rig) -> None:
    for _ in range(3):
        wire = open_wire(rig.url)
        exchange(wire, b"hello")
        wire.close()


def test_what_is_said_to_nobody_is_lost(rig: Rig) -> None:
    rig.unplug()
    rig.emulator.say(b"anybody?")
    rig.replug()
    wire = open_wire(rig.url)
    exchange(wire, b"hello")
    wire.close()


def test_an_emulator_that_takes_its_time(rig: Rig) -> None:
    assert isinstance(rig.emulator, Parrot)
    rig.emulator.pause_s = 0.05
    clock = RealClock()
    wire = open_wire(rig.url)
    before = clock.instant()
    exchange(wire, b"hello")
    assert clock.instant() - before >= 0.05
    wire.close()


def test_a_new_tty_at_each_replug(tmp_path: Path) -> None:
    link = tmp_path / "parrot"
    with nothing_left_behind(), PtyRig(Parrot(RealClock()), link) as rig:
        first = link.readlink()
        rig.unplug()
        assert not link.is_symlink()
        taken = os.openpty()  # somebody else gets the number that became free
        rig.replug()
        assert link.readlink() != first
        wire = open_wire(str(link))
        exchange(wire, b"hello")
        wire.close()
        for end in taken:
            os.close(end)
    assert not link.is_symlink()


def test_a_link_left_by_a_crash_is_replaced(tmp_path: Path) -> None:
    link = tmp_path / "parrot"
    link.symlink_to("/dev/nowhere")
    with PtyRig(Parrot(RealClock()), link):
        wire = open_wire(str(link))
        exchange(wire, b"hello")
        wire.close()


def test_a_link_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with nothing_left_behind(), pytest.raises(OSError, match="file"):
        PtyRig(Parrot(RealClock()), tmp_path / "file" / "parrot")


def test_other_line_settings_after_a_replug(tmp_path: Path) -> None:
    """House style, trap 1: a tty that was once open refuses other settings; a fresh one takes them."""
    link = tmp_path / "parrot"
    with PtyRig(Parrot(RealClock()), link) as rig:
        for baud in (9600, 115200, 19200):
            wire = open_wire(str(link), baud)
            exchange(wire, b"hello")
            wire.close()
            rig.unplug()
            rig.replug()


def test_one_host_at_a_time_over_tcp() -> None:
    with nothing_left_behind(), TcpRig(Parrot(RealClock())) as rig:
        first = open_wire(rig.url)
        exchange(first, b"first")
        with socket.create_connection(("127.0.0.1", rig.port), timeout=PATIENCE_S) as second:
            assert second.recv(1) == b""
        exchange(first, b"still the first")
        first.close()


def test_the_same_port_after_a_replug() -> None:
    with nothing_left_behind(), TcpRig(Parrot(RealClock())) as rig:
        url = rig.url
        rig.unplug()
        rig.replug()
        assert rig.url == url


def test_a_port_that_is_taken() -> None:
    with nothing_left_behind(), socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError):
        TcpRig(Parrot(RealClock()), port=taken.getsockname()[1])


def test_a_closed_rig_stays_closed() -> None:
    rig = TcpRig(Parrot(RealClock()))
    rig.close()
    with pytest.raises(RuntimeError):
        rig.replug()


def test_in_process_time_is_the_emulators() -> None:
    clock = ManualClock()
    parrot = Parrot(clock)
    parrot.pause_s = 30.0
    wire = open_wire(register_emulators({"parrot": parrot})["parrot"].url)
    wire.write(b"hello")
    assert wire.read(5, 29.0) == b""
    assert clock.instant() == pytest.approx(29.0)
    assert wire.read(5, 29.0) == b"hello"
    assert clock.instant() == pytest.approx(30.0)
    wire.close()


def test_in_process_wires_are_exclusive() -> None:
    rig = register_emulators({"parrot": Parrot(ManualClock())})["parrot"]
    wire = open_wire(rig.url)
    with pytest.raises(Unreachable):
        open_wire(rig.url)
    wire.close()
    open_wire(rig.url).close()


def test_in_process_names() -> None:
    register_emulators({"parrot": Parrot(ManualClock())})
    with pytest.raises(Unreachable):
        open_wire("emu://cockatoo")


def test_in_process_discards_what_came_late() -> None:
    clock = ManualClock()
    parrot = Parrot(clock)
    wire = open_wire(register_emulators({"parrot": parrot})["parrot"].url)
    wire.write(b"late")
    wire.discard()
    wire.write(b"fresh")
    assert wire.read(5, 1.0) == b"fresh"
    wire.close()
