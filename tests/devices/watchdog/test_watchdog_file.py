"""The kernel's side: request numbers and structures, and a real file that knows no question."""

import os
import select
import struct
import tty
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from devices.errors import Unreachable
from devices.watchdog import watchdog_file
from devices.watchdog.linux_watchdog import LinuxWatchdog, LinuxWatchdogSettings
from devices.watchdog.watchdog_file import KernelWatchdog, Support, parse_support
from ground.clock import ManualClock
from tests.conformance.leaks import nothing_left_behind

READ, WRITE = 2, 1
PATIENCE_S = 30.0


def request(direction: int, number: int, size: int) -> int:
    """`_IOC(direction, 'W', number, size)` of asm-generic/ioctl.h."""
    return direction << 30 | size << 16 | ord("W") << 8 | number


def test_request_numbers() -> None:
    # include/uapi/linux/watchdog.h: GETSUPPORT 0, GETBOOTSTATUS 2, SETTIMEOUT 6, GETTIMEOUT 7, GETTIMELEFT 10
    assert request(READ, 0, 40) == watchdog_file.GETSUPPORT
    assert request(READ, 2, 4) == watchdog_file.GETBOOTSTATUS
    assert request(READ | WRITE, 6, 4) == watchdog_file.SETTIMEOUT
    assert request(READ, 7, 4) == watchdog_file.GETTIMEOUT
    assert request(READ, 10, 4) == watchdog_file.GETTIMELEFT


def test_a_literal_watchdog_info() -> None:
    told = bytes.fromhex("80810000 00000000") + b"iTCO_wdt".ljust(32, b"\0")
    assert len(told) == struct.calcsize("=II32s")
    assert parse_support(told) == Support("iTCO_wdt", 0x8180)


@pytest.fixture
def line() -> Iterator[tuple[int, str]]:
    """A character device that takes bytes and knows no question of a watchdog: the far end, and its path."""
    far, near = os.openpty()
    tty.setraw(near)
    yield far, os.ttyname(near)
    for end in (far, near):
        with suppress(OSError):
            os.close(end)


def heard(far: int, size: int) -> bytes:
    """The next `size` bytes: a tty hands them on in its own time."""
    out = b""
    while len(out) < size and select.select([far], [], [], PATIENCE_S)[0]:
        out += os.read(far, size - len(out))
    return out


def test_a_real_file_is_fed_and_let_go(line: tuple[int, str]) -> None:
    far, path = line
    watchdog = LinuxWatchdog(LinuxWatchdogSettings(url=path, armed=True), ManualClock())
    watchdog.open()
    assert heard(far, 1) == b"\0"
    watchdog.feed()
    watchdog.feed()
    assert heard(far, 2) == b"\0\0"
    assert watchdog.status().readings == {
        "timeout_s": None,
        "time_left_s": None,
        "nowayout": None,
        "boot_was_watchdog": None,
    }
    watchdog.close()
    assert heard(far, 1) == b"V"


def test_no_file_is_left_open(line: tuple[int, str]) -> None:
    with nothing_left_behind():
        file = KernelWatchdog(line[1])
        assert file.support() is None and file.set_timeout(30) is None
        file.close()


def test_no_such_file(tmp_path: Path) -> None:
    settings = LinuxWatchdogSettings(url=str(tmp_path / "watchdog"), armed=True)
    with pytest.raises(Unreachable):
        LinuxWatchdog(settings, ManualClock()).open()
