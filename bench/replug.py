"""Every device that hangs on a wire, pulled out and put back a thousand times on a real pty: does anything stay behind?

Each cycle opens the device, asks for its status, pulls the plug under it, asks again (it must say that it is gone),
closes, and puts the plug in under another tty. What grows is counted: threads, descriptors, memory.
"""

import gc
import os
import tempfile
import threading
from pathlib import Path

from bench.report import Ratio
from devices.catalog import DRIVERS, Device, DriverEntry
from devices.emulators import EMULATORS
from devices.errors import DeviceError, TimedOut, Unreachable
from devices.rig import PtyRig
from ground.clock import RealClock

ROUNDS = 1000
_WARM = (
    0.2  # the share of the cycles after which memory has found its level: caches, allocator, first imports
)
_GROWTH = 0.02  # of the resident memory from there to the end; "a slope of about nothing"
_TRIES = 5  # a machine that stalls may cost a status its deadline


def measure(rounds: int = ROUNDS) -> list[Ratio]:
    """Three figures for each wire driver: growth of memory, threads and descriptors left behind."""
    found = []
    for entry in DRIVERS:
        if entry.reach == "wire" and entry.name in EMULATORS:
            found += cycles(entry, rounds)
    return found


def cycles(entry: DriverEntry, rounds: int) -> list[Ratio]:
    """`rounds` cycles of one driver."""
    clock = RealClock()
    begun = clock.instant()
    with tempfile.TemporaryDirectory() as folder:
        before = (threading.active_count(), _descriptors())
        with PtyRig(EMULATORS[entry.name](clock), Path(folder) / entry.name) as rig:
            settings = entry.settings.model_validate(
                {"driver": entry.name, "url": rig.url, **_EXTRA.get(entry.name, {})}
            )
            device = entry.build(settings, clock)
            warm = 0
            for number in range(rounds):
                _cycle(device, rig)
                if number == round(rounds * _WARM):
                    warm = _resident()
            grown = _resident() - warm
        threads, descriptors = (
            now - then for now, then in zip((threading.active_count(), _descriptors()), before, strict=True)
        )
    each_ms = (clock.instant() - begun) / rounds * 1000
    detail = f"{rounds} cycles, {each_ms:.1f} ms each"
    return [
        Ratio(f"{entry.name}: growth of memory", grown / warm, _GROWTH, f"{grown / 1024:+.0f} KiB, {detail}"),
        Ratio(f"{entry.name}: threads left behind", float(threads), 0.0, detail),
        Ratio(f"{entry.name}: descriptors left behind", float(descriptors), 0.0, detail),
    ]


#: a watchdog does nothing before it is armed
_EXTRA: dict[str, dict[str, object]] = {"linux_watchdog": {"armed": True}}


def _cycle(device: Device, rig: PtyRig) -> None:
    _opened(device)
    rig.unplug()
    try:
        device.status()
    except DeviceError:
        pass
    else:
        raise AssertionError(f"{device.identity()}: well without its plug")
    device.close()
    rig.replug()


def _opened(device: Device) -> None:
    for left in reversed(range(_TRIES)):
        try:
            device.open()
            device.status()
            return
        except (TimedOut, Unreachable):
            device.close()
            if not left:
                raise


def _descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def _resident() -> int:
    """Resident memory in bytes, after what is not referred to any more has gone."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
