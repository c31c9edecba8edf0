"""One wire over every pyserial URL: deadlines, exclusiveness, and one exception for every fault."""

import os
import socket
import termios
import threading
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.errors import Unreachable
from devices.wire import open_wire, register_scheme
from devices.wire.serial_url import SerialWire
from ground.clock import RealClock
from tests.conformance.leaks import nothing_left_behind

PATIENCE_S = 60.0  # for what surely comes; nothing here waits for it


class Tty:
    """A pty whose other side belongs to the test."""

    def __init__(self) -> None:
        self.far, self._near = os.openpty()
        tty.setraw(self._near)
        self.path = os.ttyname(self._near)

    def unplug(self) -> None:
        """Pull it out."""
        for end in (self.far, self._near):
            if end >= 0:
                os.close(end)
        self.far = self._near = -1


@pytest.fixture
def pty() -> Iterator[Tty]:
    with nothing_left_behind():
        tty = Tty()
        yield tty
        tty.unplug()


@pytest.fixture
def peer() -> Iterator[tuple[str, socket.socket]]:
    """A URL and the listening socket behind it."""
    with nothing_left_behind(), socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"socket://127.0.0.1:{listener.getsockname()[1]}", listener


def test_both_ways_over_a_tty(pty: Tty) -> None:
    wire = open_wire(pty.path)
    wire.write(b"\x00\x11\x13\xff\r\n")  # none of these may be eaten by a line discipline
    assert os.read(pty.far, 100) == b"\x00\x11\x13\xff\r\n"
    os.write(pty.far, b"\x00\x11\x13\xff\r\n")
    assert wire.read(6, PATIENCE_S) == b"\x00\x11\x13\xff\r\n"
    wire.close()
    wire.close()


def test_a_read_ends_with_its_last_byte(pty: Tty) -> None:
    """No read waits for more than it was asked for; were it so, this would take ten minutes."""
    wire = open_wire(pty.path)
    os.write(pty.far, b"abcdef")
    for size, expected in ((0, b""), (2, b"ab"), (4, b"cdef")):
        assert wire.read(size, 600.0) == expected
    wire.close()


def test_a_read_waits_for_its_last_byte(pty: Tty) -> None:
    wire = open_wire(pty.path)
    os.write(pty.far, b"ab")
    later = threading.Timer(0.05, os.write, (pty.far, b"cd"))
    later.start()
    assert wire.read(4, PATIENCE_S) == b"abcd"
    later.join()
    wire.close()


def test_a_read_ends_at_its_deadline_with_what_there_is(pty: Tty) -> None:
    clock = RealClock()
    wire = open_wire(pty.path)
    os.write(pty.far, b"ab")
    before = clock.instant()
    assert wire.read(4, 0.1) == b"ab"
    assert clock.instant() - before >= 0.1
    assert wire.read(4, -1.0) == b""
    wire.close()


def test_discarded_bytes_never_come(pty: Tty) -> None:
    wire = open_wire(pty.path)
    os.write(pty.far, b"late")
    wire.discard()
    os.write(pty.far, b"fresh")
    assert wire.read(5, PATIENCE_S) == b"fresh"
    wire.close()


def test_two_hosts_on_one_tty(pty: Tty) -> None:
    wire = open_wire(pty.path)
    with pytest.raises(Unreachable):
        open_wire(pty.path)
    wire.close()
    open_wire(pty.path).close()


@pytest.mark.parametrize("verb", ["read", "write", "discard"])
def test_pulled_out(pty: Tty, verb: str) -> None:
    wire = open_wire(pty.path)
    pty.unplug()
    with pytest.raises(Unreachable) as caught:
        {
            "read": lambda: wire.read(1, PATIENCE_S),
            "write": lambda: wire.write(b"x"),
            "discard": wire.discard,
        }[verb]()
    assert caught.value.facts["url"] == pty.path
    wire.close()


def test_termios_errors_are_translated_too(pty: Tty) -> None:
    """House style, trap 1: termios.error is neither an OSError nor a SerialException."""
    wire = open_wire(pty.path)
    pty.unplug()
    with pytest.raises(Unreachable) as caught:
        wire.discard()
    assert isinstance(caught.value.__cause__, termios.error)
    wire.close()


def test_pulled_out_while_reading(pty: Tty) -> None:
    wire = open_wire(pty.path)
    later = threading.Timer(0.05, pty.unplug)
    later.start()
    with pytest.raises(Unreachable):
        wire.read(1, PATIENCE_S)
    later.join()
    wire.close()


def test_used_after_close(pty: Tty) -> None:
    wire = open_wire(pty.path)
    wire.close()
    with pytest.raises(Unreachable):
        wire.read(1, 0.0)


@pytest.mark.parametrize(
    "url",
    [
        "/dev/serial/by-id/nothing-here",
        "hwgrep://FFFF:FFFE",
        "socket://127.0.0.1:1",
        "socket://no-port-at-all",
        "nonsense://somewhere",
        "",
    ],
)
def test_nothing_there(url: str) -> None:
    with nothing_left_behind(), pytest.raises(Unreachable) as caught:
        open_wire(url)
    assert caught.value.facts["url"] == url


def test_a_file_is_no_tty(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"")
    with nothing_left_behind(), pytest.raises(Unreachable):
        open_wire(str(file))


def test_both_ways_over_tcp(peer: tuple[str, socket.socket]) -> None:
    url, listener = peer
    wire = open_wire(url)
    far, _ = listener.accept()
    with far:
        wire.write(b"ping")
        assert far.recv(4) == b"ping"
        far.sendall(b"pong")
        assert wire.read(4, 600.0) == b"pong"
    wire.close()


@pytest.mark.parametrize("linger", [True, False], ids=["reset", "orderly"])
def test_the_peer_hangs_up(peer: tuple[str, socket.socket], linger: bool) -> None:
    url, listener = peer
    wire = open_wire(url)
    far, _ = listener.accept()
    if linger:
        far.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    far.close()
    with pytest.raises(Unreachable):
        wire.read(1, PATIENCE_S)
    wire.close()  # and its descriptor is gone, which pyserial alone does not see to


def test_loop() -> None:
    with nothing_left_behind():
        wire = open_wire("loop://")
        wire.write(b"echo")
        assert wire.read(4, PATIENCE_S) == b"echo"
        wire.close()


def test_schemes_from_outside() -> None:
    asked = []

    def factory(url: str, baud: int) -> SerialWire:
        asked.append((url, baud))
        return SerialWire("loop://", baud)

    register_scheme("test-scheme", factory)
    open_wire("test-scheme://x", 9600).close()
    assert asked == [("test-scheme://x", 9600)]
