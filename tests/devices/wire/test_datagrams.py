"""A wire of datagrams: one write is one, one read is at most one, and strangers are not heard."""

import socket
from collections.abc import Iterator

import pytest

from devices.errors import Unreachable
from devices.wire import Wire, open_wire
from devices.wire.datagrams import LONGEST, DatagramWire
from tests.conformance.leaks import nothing_left_behind

PATIENCE_S = 60.0  # for what surely comes; nothing here waits for it


@pytest.fixture
def device() -> Iterator[socket.socket]:
    with nothing_left_behind(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as device:
        device.bind(("127.0.0.1", 0))
        device.settimeout(PATIENCE_S)
        yield device


@pytest.fixture
def wire(device: socket.socket) -> Iterator[DatagramWire]:
    wire = open_wire(f"udp://127.0.0.1:{device.getsockname()[1]}")
    assert isinstance(wire, DatagramWire)
    yield wire
    wire.close()


def test_a_write_is_a_datagram(device: socket.socket, wire: DatagramWire) -> None:
    wire.write(b"S02E")
    wire.write(b"SE")
    assert device.recv(100) == b"S02E"
    assert device.recv(100) == b"SE"


def test_a_read_never_joins_two(device: socket.socket, wire: DatagramWire) -> None:
    for said in (b"S02OK", b"S95OK"):
        device.sendto(said, ("127.0.0.1", wire.listens_at))
    assert wire.read(1, PATIENCE_S) + wire.read(LONGEST, 0.0) == b"S02OK"
    assert wire.read(LONGEST, PATIENCE_S) == b"S95OK"
    assert wire.read(1, 0.0) == b""


def test_it_listens_where_it_was_agreed(device: socket.socket) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        listen = probe.getsockname()[1]
    wire = open_wire(f"udp://127.0.0.1:{device.getsockname()[1]}?listen={listen}")
    device.sendto(b"S95OK", ("127.0.0.1", listen))
    assert wire.read(9, PATIENCE_S) == b"S95OK"
    with pytest.raises(Unreachable):  # the port is taken
        open_wire(f"udp://127.0.0.1:{device.getsockname()[1]}?listen={listen}")
    wire.close()


def test_the_devices_other_ports_are_heard(device: socket.socket, wire: DatagramWire) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.sendto(b"S95OK", ("127.0.0.1", wire.listens_at))
    assert wire.read(9, PATIENCE_S) == b"S95OK"


def test_strangers_are_not_heard(device: socket.socket) -> None:
    # all of 127.0.0.0/8 is this machine: 127.0.0.2 plays the stranger
    wire = open_wire(f"udp://127.0.0.1:{device.getsockname()[1]}")
    assert isinstance(wire, DatagramWire)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.bind(("127.0.0.2", 0))
        stranger.sendto(b"S02||x||1||", ("127.0.0.1", wire.listens_at))
    device.sendto(b"S95OK", ("127.0.0.1", wire.listens_at))
    assert wire.read(99, PATIENCE_S) == b"S95OK"
    wire.close()


def test_discard_takes_all_that_has_come(device: socket.socket, wire: DatagramWire) -> None:
    for _ in range(3):
        device.sendto(b"late", ("127.0.0.1", wire.listens_at))
    assert wire.read(1, PATIENCE_S) == b"l"
    wire.discard()
    assert wire.read(9, 0.0) == b""


def test_nobody_there_is_unreachable(device: socket.socket, wire: DatagramWire) -> None:
    device.close()
    with pytest.raises(Unreachable):
        wire.write(b"S95E")
        wire.read(1, PATIENCE_S)


def test_somebody_there_again(device: socket.socket, wire: DatagramWire) -> None:
    """One refusal is told once, not for ever."""
    address = device.getsockname()
    device.close()
    for _ in range(2):
        with pytest.raises(Unreachable):
            wire.write(b"S95E")
            wire.read(1, PATIENCE_S)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as back:
        back.bind(address)
        back.settimeout(PATIENCE_S)
        wire.write(b"S95E")
        assert back.recv(9) == b"S95E"


def test_closed_is_unreachable(wire: DatagramWire) -> None:
    wire.close()
    wire.close()
    for use in (lambda w: w.write(b"x"), lambda w: w.read(1, 0.0), lambda w: w.discard()):
        with pytest.raises(Unreachable):
            use(wire)


def test_too_long_for_a_datagram(wire: Wire) -> None:
    with pytest.raises(Unreachable):
        wire.write(b"x" * (LONGEST + 1))


@pytest.mark.parametrize(
    "url",
    [
        "udp://",
        "udp://127.0.0.1",
        "udp://127.0.0.1:99999",
        "udp://127.0.0.1:9?listen=x",
        "udp://127.0.0.1:9?listen=70000",
        "udp://127.0.0.1:9?listen=1&listen=2",
        "udp://127.0.0.1:9?other=1",
        "udp://127.0.0.1:9?listen",
        "udp://[::1:9",
    ],
)
def test_urls_that_mean_nothing(url: str) -> None:
    with pytest.raises(Unreachable):
        open_wire(url)
