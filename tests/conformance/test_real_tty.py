"""Every serial driver on a real pty and over TCP: it works, survives the plug, and leaves nothing behind."""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from devices.catalog import DriverEntry
from devices.emulators import EMULATORS
from devices.errors import DeviceError, Unreachable
from devices.rig import PtyRig, Rig, TcpRig
from ground.clock import RealClock
from tests.conformance.exchanges import EXCHANGES
from tests.conformance.leaks import nothing_left_behind
from tests.conformance.stage import WITH_EXCHANGE, Line, built

PATIENCE_S = 60.0
MOST_TRIES = 100
every_driver = pytest.mark.parametrize("entry", WITH_EXCHANGE, ids=lambda entry: entry.name)


@contextmanager
def served(entry: DriverEntry, how: str, folder: Path) -> Iterator[tuple[Rig, Line]]:
    """The emulator of `entry` at a real address, on a line that can be spoiled."""
    line = Line(EMULATORS[entry.name](RealClock()))
    EXCHANGES[entry.name].prepare(line.device)
    with PtyRig(line, folder / entry.name) if how == "pty" else TcpRig(line) as rig:
        yield rig, line


def right_at_last(entry: DriverEntry, device: object, emulator: object) -> bool:
    """Whether the exchange succeeds; a machine that stalls may cost a try."""
    exchange = EXCHANGES[entry.name]
    for _ in range(20):
        try:
            if exchange.right(exchange.asked(device, emulator)):
                return True
        except DeviceError:
            continue
    return False


@every_driver
@pytest.mark.parametrize("how", ["pty", "tcp"])
def test_nothing_outlives_close(entry: DriverEntry, how: str, tmp_path: Path) -> None:
    with served(entry, how, tmp_path) as (rig, line):
        device = built(entry, rig.url, RealClock())
        with nothing_left_behind():
            for _ in range(2):
                EXCHANGES[entry.name].prepare(line.device)
                device.open()
                assert right_at_last(entry, device, line.device)
                device.close()
                device.close()


@every_driver
def test_nothing_outlives_an_open_that_failed(entry: DriverEntry, tmp_path: Path) -> None:
    with served(entry, "pty", tmp_path) as (rig, line):
        if EXCHANGES[entry.name].speaks_only:
            rig.unplug()  # its silence would be no failure
        line.device.mute = True
        device = built(entry, rig.url, RealClock())
        with nothing_left_behind(), pytest.raises(DeviceError):
            device.open()


@every_driver
def test_unplugged_in_the_middle_and_replugged_elsewhere(entry: DriverEntry, tmp_path: Path) -> None:
    exchange = EXCHANGES[entry.name]
    with served(entry, "pty", tmp_path) as (rig, line), ThreadPoolExecutor(1) as worker:
        device = built(entry, rig.url, RealClock())
        device.open()
        first_tty = Path(rig.url).readlink()
        spoke = threading.Event()

        def first_byte_only(said: bytes) -> bytes:
            out = b"" if spoke.is_set() else said[:1]
            if said:
                spoke.set()
            return out

        line.hand = first_byte_only

        def ask_until_it_spoke() -> object:
            said, tries = exchange.asked(device, line.device), 1
            # what only speaks may have spoken before the rig had seen the host
            while exchange.speaks_only and not spoke.is_set() and tries < MOST_TRIES:
                said, tries = exchange.asked(device, line.device), tries + 1
            return said

        asked = worker.submit(ask_until_it_spoke)
        assert spoke.wait(PATIENCE_S)
        rig.unplug()
        error = asked.exception(PATIENCE_S)
        assert isinstance(error, DeviceError) or exchange.unsure(asked.result())
        with pytest.raises(Unreachable):
            exchange.ask(device)
        device.close()

        line.hand = bytes
        taken = os.openpty()  # so that the number of the old tty is not given out again
        rig.replug()
        assert Path(rig.url).readlink() != first_tty
        exchange.prepare(line.device)
        device.open()
        assert right_at_last(entry, device, line.device)
        device.close()
        for end in taken:
            os.close(end)
