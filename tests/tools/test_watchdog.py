"""systemd hears READY once and WATCHDOG often enough, on a real datagram socket."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from ground.clock import ManualClock
from tools.watchdog import Watchdog


class Systemd:
    """The other end of NOTIFY_SOCKET."""

    def __init__(self, address: str) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind("\0" + address[1:] if address.startswith("@") else address)
        self.socket.setblocking(False)

    def heard(self) -> list[bytes]:
        """Everything since the last time."""
        words = []
        while True:
            try:
                words.append(self.socket.recv(100))
            except BlockingIOError:
                return words


@pytest.fixture(params=["path", "abstract"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(tmp_path / "n") if request.param == "path" else f"@{tmp_path.name}-{id(request)}"


@pytest.fixture
def systemd(address: str) -> Iterator[Systemd]:
    systemd = Systemd(address)
    yield systemd
    systemd.socket.close()


def test_ready_once_then_alive_every_so_often(address: str, systemd: Systemd) -> None:
    clock = ManualClock()
    watchdog = Watchdog(address, 10.0, clock)
    watchdog.feed()
    assert systemd.heard() == [b"READY=1"]
    for _ in range(300):  # ten seconds of pumping
        watchdog.feed()
        clock.turn(1 / 30)
    assert systemd.heard() == []
    clock.turn(0.1)
    watchdog.feed()
    watchdog.feed()
    assert systemd.heard() == [b"WATCHDOG=1"]
    clock.turn(10.0)
    watchdog.feed()
    assert systemd.heard() == [b"WATCHDOG=1"]


def test_a_face_that_does_not_pump_says_nothing(address: str, systemd: Systemd) -> None:
    clock = ManualClock()
    watchdog = Watchdog(address, 10.0, clock)
    watchdog.feed()
    systemd.heard()
    clock.turn(3600.0)
    assert systemd.heard() == []


def test_half_the_limit_as_the_manual_advises(address: str, systemd: Systemd) -> None:
    clock = ManualClock()
    watchdog = Watchdog.from_environment(clock, {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "6000000"})
    watchdog.feed()
    clock.turn(2.9)
    watchdog.feed()
    assert systemd.heard() == [b"READY=1"]
    clock.turn(0.1)
    watchdog.feed()
    assert systemd.heard() == [b"WATCHDOG=1"]


def test_ready_is_repeated_until_it_was_heard(tmp_path: Path) -> None:
    clock, address = ManualClock(), str(tmp_path / "n")
    watchdog = Watchdog(address, 10.0, clock)
    watchdog.feed()  # nobody listens yet
    systemd = Systemd(address)
    clock.turn(10.0)
    watchdog.feed()
    assert systemd.heard() == [b"READY=1"]
    systemd.socket.close()
    clock.turn(10.0)
    watchdog.feed()  # nobody listens any more, and the pump goes on


def test_without_systemd_there_is_nobody_to_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "socket", None)  # a socket would be an error
    Watchdog.from_environment(ManualClock(), {}).feed()
