"""The `sane` driver over SANE's own `test` backend: real scanimage, real processes, every status of the standard."""

import os
import stat
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from devices.document_scanner import ColourMode, PaperSource, ScanJob, Side
from devices.document_scanner.sane import SaneScanner, SaneSettings
from devices.document_scanner.sane_process import page_folder, taken
from devices.emulators.sane import SaneTestBackend
from devices.errors import Condition, DeviceError, Refused, TimedOut, Unreachable
from devices.status import State
from ground.clock import RealClock
from tests.conformance.leaks import nothing_left_behind

CLOCK = RealClock()
PATIENCE_S = 60.0
SMALL = {"area_mm": (50.0, 40.0), "resolution_dpi": 200}


@pytest.fixture
def backend(tmp_path: Path) -> SaneTestBackend:
    return SaneTestBackend(tmp_path)


def scanner(backend: SaneTestBackend, url: str = "sane:test:0", **changes: Any) -> SaneScanner:
    settings = {"open_timeout_s": PATIENCE_S, "page_timeout_s": PATIENCE_S, **changes}
    return SaneScanner(SaneSettings(url=url, sane_config_dir=backend.sane_config_dir, **settings), CLOCK)


def opened(backend: SaneTestBackend, **changes: Any) -> SaneScanner:
    device = scanner(backend, **changes)
    device.open()
    return device


def page_folders() -> list[Path]:
    own = f"kiosk-scan-{os.getpid()}-*"
    return [folder for base in (Path("/dev/shm"), Path("/tmp")) if base.is_dir() for folder in base.glob(own)]


def refusal(device: SaneScanner, **job: Any) -> DeviceError:
    with pytest.raises(DeviceError) as raised:
        list(device.scan(ScanJob(**SMALL, **job)))
    assert page_folders() == []
    return raised.value


def test_ten_pages_come_out_of_the_feeder_and_then_it_is_empty(backend: SaneTestBackend) -> None:
    with nothing_left_behind():
        device = opened(backend)
        pages = list(device.scan(ScanJob(**SMALL)))
        assert [page.number for page in pages] == list(range(1, 11))
        assert {page.side for page in pages} == {Side.FRONT}
        assert {page.resolution_dpi for page in pages} == {200}
        assert pages[0].size_mm == pytest.approx((50, 40), abs=0.3)
        assert pages[0].pixels.shape[2] == 3 and pages[0].pixels.dtype == np.uint8
        assert page_folders() == []
        device.close()


def test_a_whole_sheet_in_grey_from_the_glass(backend: SaneTestBackend) -> None:
    device = opened(backend)
    (page,) = device.scan(ScanJob(source=PaperSource.FLATBED, mode=ColourMode.GREY))
    assert page.size_mm == pytest.approx((210, 297), abs=0.3)
    assert page.resolution_dpi == 300
    assert (page.pixels[:, :, 0] == page.pixels[:, :, 2]).all()
    assert page.pixels.std() > 10  # the test picture, not an empty canvas


def test_no_more_pages_than_were_asked_for(backend: SaneTestBackend) -> None:
    assert len(list(opened(backend).scan(ScanJob(**SMALL, most_pages=3)))) == 3


@pytest.mark.parametrize(
    ("status", "condition"),
    [
        ("SANE_STATUS_JAMMED", Condition.PAPER_JAM),
        ("SANE_STATUS_NO_DOCS", Condition.FEEDER_EMPTY),
        ("SANE_STATUS_COVER_OPEN", Condition.COVER_OPEN),
        ("SANE_STATUS_DEVICE_BUSY", Condition.BUSY),
        ("SANE_STATUS_INVAL", Condition.BAD_COMMAND),
        ("SANE_STATUS_UNSUPPORTED", Condition.BAD_COMMAND),
        ("SANE_STATUS_NO_MEM", Condition.OUT_OF_SERVICE),
    ],
)
@pytest.mark.parametrize("source", [PaperSource.FLATBED, PaperSource.FEEDER])
def test_what_the_scanner_refuses(
    backend: SaneTestBackend, status: str, condition: Condition, source: PaperSource
) -> None:
    device = opened(backend)
    backend.put(status=status)
    error = refusal(device, source=source)
    assert isinstance(error, Refused) and error.condition is condition
    backend.put(status="Default")  # mended while it runs
    assert list(device.scan(ScanJob(**SMALL, source=source)))


@pytest.mark.parametrize("status", ["SANE_STATUS_IO_ERROR", "SANE_STATUS_ACCESS_DENIED"])
def test_a_scanner_that_cannot_be_spoken_to(backend: SaneTestBackend, status: str) -> None:
    device = opened(backend)
    backend.put(status=status)
    assert isinstance(refusal(device), Unreachable)


def test_both_sides_of_a_scanner_that_has_one(backend: SaneTestBackend) -> None:
    device = opened(backend)
    error = refusal(device, source=PaperSource.FEEDER_DUPLEX)
    assert isinstance(error, Refused) and error.condition is Condition.BAD_COMMAND
    assert device.capabilities()["sources"] == ["flatbed", "feeder"]


def test_a_page_that_takes_too_long(backend: SaneTestBackend) -> None:
    """300 dpi in colour is 400 buffers: 80 seconds at this pace."""
    device = opened(backend, page_timeout_s=1.0)
    backend.put(delay_us=200_000)
    begun = CLOCK.instant()
    with nothing_left_behind():
        with pytest.raises(TimedOut):
            list(device.scan(ScanJob(source=PaperSource.FLATBED)))
        assert page_folders() == []
    assert CLOCK.instant() - begun < PATIENCE_S
    backend.put(delay_us=0)
    assert list(device.scan(ScanJob(**SMALL, source=PaperSource.FLATBED)))


def test_found_by_its_backend_or_because_it_is_the_only_one(backend: SaneTestBackend) -> None:
    alone = opened(backend, url="sane:")
    assert alone.identity() == "Noname frontend-tester (test:0)"
    assert opened(backend, url="sane:test").identity() == "test"
    backend.put(scanners=2)
    with pytest.raises(Unreachable, match="several"):
        opened(backend, url="sane:")
    assert opened(backend, url="sane:test:1").status().ready


def test_unplugged_and_plugged_in_again(backend: SaneTestBackend) -> None:
    device = opened(backend)
    backend.put(plugged=0)
    with pytest.raises(Unreachable):
        device.status()
    assert isinstance(refusal(device), Unreachable)
    device.close()
    for url in ("sane:test:0", "sane:"):
        with pytest.raises(Unreachable):
            opened(backend, url=url)
    backend.put(plugged=1)
    device.open()
    assert device.status().state is State.ONLINE


def test_opens_and_closes_twice(backend: SaneTestBackend) -> None:
    device = scanner(backend)
    device.close()
    with nothing_left_behind():
        for _ in range(2):
            device.open()
            device.open()
            assert device.capabilities()["highest_resolution_dpi"] == 1200
            device.close()
            device.close()
            with pytest.raises(Unreachable):
                next(device.scan(ScanJob()))
            with pytest.raises(Unreachable):
                device.status()


def test_dropping_the_pages_ends_the_job(backend: SaneTestBackend) -> None:
    device = opened(backend)
    with nothing_left_behind():
        pages = device.scan(ScanJob(**SMALL))
        assert next(pages).number == 1
        with pytest.raises(Refused, match="busy"):
            next(device.scan(ScanJob(**SMALL)))
        pages.close()  # type: ignore[attr-defined]
        assert page_folders() == []
    assert len(list(device.scan(ScanJob(**SMALL)))) == 10


def test_a_page_lies_in_a_folder_of_ours_alone_and_only_until_it_is_read() -> None:
    with page_folder() as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        page = folder / "1.pnm"
        page.write_bytes(b"her papers")
        kept_open = page.open("rb")  # as a thief of the descriptor would
        assert taken(page) == b"her papers"
        assert not page.exists()
        assert kept_open.read() == b""
        kept_open.close()
        (folder / "2.pnm.part").write_bytes(b"half a page")
    assert not folder.exists()


def test_what_a_killed_kiosk_left_is_wiped_by_the_next_scan(backend: SaneTestBackend) -> None:
    with page_folder() as folder:
        base = folder.parent
    # No process has this number: Linux stops at 4194304.
    orphan = Path(tempfile.mkdtemp(prefix="kiosk-scan-999999999-", dir=base))
    (orphan / "00001.pnm").write_bytes(b"her papers")
    assert list(opened(backend).scan(ScanJob(**SMALL, source=PaperSource.FLATBED)))
    assert not orphan.exists()


def test_without_sane_utils(backend: SaneTestBackend) -> None:
    with nothing_left_behind(), pytest.raises(Unreachable, match="not installed"):
        scanner(backend, program="scanimage-that-is-not-there").open()


def test_a_program_that_is_no_scanimage(backend: SaneTestBackend) -> None:
    for program in ("true", "false", "yes"):
        with nothing_left_behind(), pytest.raises(DeviceError):
            scanner(backend, program=program, open_timeout_s=2.0).open()


def test_the_child_is_told_no_secrets(
    backend: SaneTestBackend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIOSK__PLATFORM__TOKEN", "secret")
    spy = tmp_path / "spy"
    spy.write_text(f"#!/bin/sh\nenv > {tmp_path}/heard\n")
    spy.chmod(0o700)
    with pytest.raises(DeviceError):
        scanner(backend, program=str(spy)).open()
    heard = (tmp_path / "heard").read_text()
    assert "LC_ALL=C" in heard and f"SANE_CONFIG_DIR={backend.sane_config_dir}" in heard
    assert "KIOSK__" not in heard and "secret" not in heard


def test_a_backend_that_forks_and_hears_nothing_is_killed_with_its_helpers(
    backend: SaneTestBackend, tmp_path: Path
) -> None:
    stubborn = tmp_path / "stubborn"
    helper = tmp_path / "helper"
    stubborn.write_text(f"#!/bin/sh\ntrap '' TERM\nsleep 600 &\necho $! > {helper}\nwait\n")
    stubborn.chmod(0o700)
    with nothing_left_behind(), pytest.raises(TimedOut):
        scanner(backend, program=str(stubborn), open_timeout_s=2.0).open()
    number = int(helper.read_text())
    deadline = CLOCK.after(PATIENCE_S)
    while (lives := runs(number)) and not CLOCK.due(deadline):
        CLOCK.wait(0.02)  # killed, and buried by whoever inherited it
    assert not lives


def runs(number: int) -> bool:
    """Whether that process is alive; one that is dead and not yet buried is not."""
    try:
        return "State:\tZ" not in Path(f"/proc/{number}/status").read_text()
    except OSError:
        return False


@pytest.mark.parametrize("url", ["", "test:0", "sane: ", "/dev/usb/scanner0", "sane:a\0b"])
def test_settings_that_make_no_sense(url: str) -> None:
    with pytest.raises(ValidationError):
        SaneSettings(url=url)
