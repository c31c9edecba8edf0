"""The `sane` driver and a feeder that jams, runs out and scans both sides: over the emulated network scanner."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from devices.document_scanner import ColourMode, PaperSource, ScanJob, ScannedPage, Side
from devices.document_scanner.sane import SaneScanner, SaneSettings
from devices.emulators.desk_sheets import drawn
from devices.emulators.sane import ScannerEmulator
from devices.errors import Condition, DeviceError, Refused, TimedOut, Unreachable
from devices.status import State, Supply
from ground.clock import Clock, RealClock
from tests.conformance.leaks import nothing_left_behind

PATIENCE_S = 60.0
SMALL = {"area_mm": (60.0, 40.0), "resolution_dpi": 200}


@pytest.fixture
def emulator() -> Iterator[ScannerEmulator]:
    with nothing_left_behind(PATIENCE_S):
        emulator = ScannerEmulator(RealClock())
        emulator.start()
        yield emulator
        emulator.close()
        emulator.close()


def opened(emulator: ScannerEmulator, clock: Clock | None = None, **changes: Any) -> SaneScanner:
    settings = {
        "url": emulator.url,
        "sane_config_dir": emulator.sane_config_dir,
        "open_timeout_s": PATIENCE_S,
        "page_timeout_s": PATIENCE_S,
    }
    device = SaneScanner(SaneSettings.model_validate(settings | changes), clock or RealClock())
    device.open()
    return device


def refusal(pages: Iterator[ScannedPage]) -> tuple[int, DeviceError]:
    """How many pages came before the error, and the error."""
    count = 0
    with pytest.raises(DeviceError) as raised:
        for _ in pages:
            count += 1
    return count, raised.value


def condition(error: DeviceError) -> Condition | None:
    return error.condition if isinstance(error, Refused) else None


def test_both_sides_of_every_sheet_in_order(emulator: ScannerEmulator) -> None:
    emulator.feeder = ["lease-1/lease-2", "deed"]
    emulator.skew_deg = 0.0
    pages = list(opened(emulator).scan(ScanJob(source=PaperSource.FEEDER_DUPLEX)))
    assert [(page.number, page.side) for page in pages] == [
        (1, Side.FRONT), (2, Side.BACK), (3, Side.FRONT), (4, Side.BACK),
    ]  # fmt: skip
    for page, name in zip(pages, ("lease-1", "lease-2", "deed"), strict=False):
        truth = cv2.resize(drawn(name, 12.0), (2480, 3508), interpolation=cv2.INTER_AREA)
        assert np.abs(page.pixels[::5, ::5].astype(int) - truth[::5, ::5]).mean() < 4, name
    assert pages[3].pixels.min() == 255  # the deed's back is blank: a white roller
    seal = pages[1].pixels.reshape(-1, 3).astype(int)
    assert (seal[:, 2] - seal[:, 0] > 120).any() and not (seal[:, 0] - seal[:, 2] > 120).any()


def test_an_empty_feeder_is_the_end_after_a_page_and_a_fault_before_one(emulator: ScannerEmulator) -> None:
    device = opened(emulator)
    emulator.feeder = ["deed", "deed", "deed"]
    assert device.status().supplies == {"feeder": Supply.FULL}
    assert len(list(device.scan(ScanJob(**SMALL)))) == 3
    assert device.status().supplies == {"feeder": Supply.OUT}
    count, error = refusal(device.scan(ScanJob(**SMALL)))
    assert (count, condition(error)) == (0, Condition.FEEDER_EMPTY)


def test_a_jam_keeps_the_pages_before_it_and_is_no_empty_feeder(emulator: ScannerEmulator) -> None:
    device = opened(emulator)
    emulator.feeder = ["deed"] * 5
    emulator.jam_at = 3
    count, error = refusal(device.scan(ScanJob(mode=ColourMode.GREY, resolution_dpi=200)))
    assert (count, condition(error)) == (2, Condition.PAPER_JAM)
    assert emulator.feeder == ["deed"] * 2
    emulator.jam_at = 0  # somebody pulled the sheet out
    assert len(list(device.scan(ScanJob(**SMALL)))) == 2


def test_cover_open_and_busy_show_in_the_status_and_in_the_job(emulator: ScannerEmulator) -> None:
    device = opened(emulator)
    emulator.feeder = ["deed"]
    emulator.cover_open = True
    assert device.status().condition is Condition.COVER_OPEN
    assert device.status().state is State.USER_ERROR
    assert condition(refusal(device.scan(ScanJob(**SMALL)))[1]) is Condition.COVER_OPEN
    emulator.cover_open = False
    emulator.busy = True
    assert device.status().state is State.DEVICE_BUSY
    assert condition(refusal(device.scan(ScanJob(**SMALL)))[1]) is Condition.BUSY
    emulator.busy = False
    assert len(list(device.scan(ScanJob(**SMALL)))) == 1


def test_the_glass_gives_one_page_and_leaves_the_feeder_alone(emulator: ScannerEmulator) -> None:
    emulator.glass, emulator.feeder = "lease-2", ["deed"]
    (page,) = opened(emulator).scan(ScanJob(source=PaperSource.FLATBED, resolution_dpi=200))
    assert page.side is Side.FRONT and page.resolution_dpi == 200
    assert emulator.feeder == ["deed"]


def test_a_resolution_between_two_that_are_offered(emulator: ScannerEmulator) -> None:
    emulator.feeder = ["deed"]
    (page,) = opened(emulator).scan(ScanJob(resolution_dpi=250, area_mm=(60.0, 40.0)))
    assert page.resolution_dpi == 300
    assert page.size_mm == pytest.approx((60, 40), abs=0.2)


def test_a_scanner_that_hangs_is_given_up_and_killed(emulator: ScannerEmulator) -> None:
    device = opened(emulator, page_timeout_s=1.0)
    emulator.feeder = ["deed"]
    emulator.mute = True
    assert isinstance(refusal(device.scan(ScanJob(**SMALL)))[1], TimedOut)
    assert no_child_is_left()
    hung = SaneScanner(SaneSettings(url=emulator.url, open_timeout_s=1.0), RealClock())
    with pytest.raises(TimedOut):
        hung.open()
    assert no_child_is_left()


def test_cancelled_from_another_thread_after_the_first_page(emulator: ScannerEmulator) -> None:
    device = opened(emulator)
    emulator.feeder = ["deed"] * 50
    pages = device.scan(ScanJob(**SMALL))
    assert next(pages).number == 1
    emulator.page_s = 5.0  # what is under way now would take minutes
    canceller = threading.Thread(target=device.cancel)
    canceller.start()
    rest = list(pages)
    canceller.join()
    assert len(rest) < 49
    assert no_child_is_left()
    emulator.page_s = 0.0
    emulator.feeder = ["deed"]
    assert len(list(device.scan(ScanJob(**SMALL)))) == 1  # the order to stop was for that job alone


def test_closed_in_the_middle_of_a_job(emulator: ScannerEmulator) -> None:
    device = opened(emulator)
    emulator.feeder = ["deed"] * 50
    pages = device.scan(ScanJob(**SMALL))
    assert next(pages).number == 1
    emulator.page_s = 5.0
    device.close()
    _, error = refusal(pages)
    assert isinstance(error, Unreachable)
    assert no_child_is_left()


def test_unplugged_in_the_middle_of_a_page(emulator: ScannerEmulator) -> None:
    """libsane-net 1.1.1 spins when its data line is cut, so the deadline ends the page."""
    device = opened(emulator, page_timeout_s=3.0)
    emulator.feeder = ["deed"] * 50
    pages = device.scan(ScanJob(**SMALL))
    assert next(pages).number == 1
    emulator.page_s = 5.0
    emulator.unplug()
    _, error = refusal(pages)
    assert isinstance(error, TimedOut | Unreachable)
    assert no_child_is_left()
    with pytest.raises(Unreachable):
        device.status()
    device.close()
    with pytest.raises(Unreachable):
        device.open()
    emulator.page_s = 0.0
    emulator.replug()
    emulator.feeder = ["deed"]
    device.open()
    assert len(list(device.scan(ScanJob(**SMALL)))) == 1


def test_found_as_the_only_scanner_of_the_network(emulator: ScannerEmulator) -> None:
    device = opened(emulator, url="sane:")
    assert device.identity() == f"Kiosk Emulated Feeder (net:{emulator.address}:feeder)"
    assert device.capabilities() == {
        "sources": ["flatbed", "feeder", "feeder_duplex"],
        "lowest_resolution_dpi": 75,
        "highest_resolution_dpi": 600,
    }


def test_every_knob_exists_and_can_be_set() -> None:
    emulator = ScannerEmulator(RealClock())
    values = {
        "feeder": ["房产证", "lease-1/lease-2"], "glass": "deed", "skew_deg": 1.5, "backdrop": 0,
        "jam_at": 2, "cover_open": True, "busy": True, "page_s": 1.0, "plugged": False, "mute": True,
    }  # fmt: skip
    assert set(values) == set(ScannerEmulator.knobs)
    for name, value in values.items():
        setattr(emulator, name, value)
    assert emulator.feeder[1:] == ["lease-1/lease-2"]
    with pytest.raises(KeyError):
        emulator.feeder = ["passport"]


def test_two_scanners_have_two_addresses(emulator: ScannerEmulator) -> None:
    other = ScannerEmulator(RealClock())
    other.start()
    try:
        assert other.address != emulator.address
        address = other.address
        other.plugged = False
        other.plugged = True
        assert other.address == address
    finally:
        other.close()


def no_child_is_left() -> bool:
    """Neither a living nor an unburied scanimage of this process."""
    stats = [stat for stat in map(words, Path("/proc").glob("[0-9]*/stat")) if stat]
    assert any(stat[0] == str(os.getpid()) for stat in stats), "this very process must be seen"
    own = str(os.getpid())
    return not [stat for stat in stats if "scanimage" in stat[1] and stat[3] == own]


def words(stat: Path) -> list[str]:
    """The fields of a process's state: number, name, state, parent, group …; none when it has just ended."""
    try:
        return stat.read_text().split()
    except OSError:
        return []


def test_the_look_for_children_finds_one(emulator: ScannerEmulator) -> None:
    device = opened(emulator)
    emulator.feeder = ["deed"] * 3
    pages = device.scan(ScanJob(**SMALL))
    next(pages)
    assert not no_child_is_left()
    pages.close()  # type: ignore[attr-defined]
    assert no_child_is_left()
