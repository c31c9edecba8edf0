"""The disk is full, read-only or failing: said before a visit begins, and not by losing one."""

import errno
import os
from pathlib import Path

import pyrage
import pytest

from ground.clock import ManualClock
from kiosk.case_desk import PROBE_EVERY_S, CaseDesk
from kiosk.health import Health
from offline_cache import disk
from offline_cache.errors import CacheError, Corrupt, DiskFull, NotDurable, ReadOnlyDisk
from offline_cache.outbox import Outbox
from offline_cache.seal import Recipients
from offline_cache.spool import Spool


class _Place:
    """A desk over a real folder, and how long ago the disk began to fail."""

    def __init__(self, folder: Path, biggest_case_bytes: int) -> None:
        self.clock = ManualClock()
        self.health = Health(self.clock)
        recipients = Recipients.parse([str(pyrage.x25519.Identity.generate().to_public())])
        self.outbox = Outbox(
            folder / "outbox.sqlite",
            Spool(folder / "spool", reserve_bytes=0),
            self.clock,
            recipients=recipients,
            biggest_case_bytes=biggest_case_bytes,
        )
        self.desk = CaseDesk(self.outbox, self.health, "sample", self.clock)


def test_room_for_a_visit_is_said_before_it_begins(tmp_path: Path) -> None:
    roomy, full = _Place(tmp_path / "a", 1024), _Place(tmp_path / "b", 1 << 60)
    for place in (roomy, full):
        place.desk.look()
        place.desk.close()
    fine, not_fine = roomy.health.of("storage"), full.health.of("storage")
    assert fine is not None and fine.ok
    assert not_fine is not None and (not_fine.broken, not_fine.code) == (True, "S101")


@pytest.mark.parametrize(
    ("number", "kind"),
    [(errno.ENOSPC, DiskFull), (errno.EROFS, ReadOnlyDisk), (errno.EIO, NotDurable)],
)
def test_a_probe_tells_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[CacheError]
) -> None:
    def fails(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(CacheError) as caught:
        disk.probe(tmp_path)
    assert type(caught.value) is kind
    assert caught.value.facts["why"] == errno.errorcode[number]
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_gives_back_other_bytes_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "pread", lambda descriptor, size, at: bytes(size))
    with pytest.raises(Corrupt):
        disk.probe(tmp_path)


def test_the_disk_is_probed_at_the_start_and_every_minute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = _Place(tmp_path, 1024)
    place.desk.look()

    def fails(descriptor: int, content: bytes) -> int:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(os, "write", fails)
    place.desk.look()
    place.clock.turn(PROBE_EVERY_S)
    with pytest.raises(ReadOnlyDisk):
        place.desk.look()
    place.desk.close()


def test_drafts_are_deleted_by_rule_and_the_log_is_told(tmp_path: Path) -> None:
    place = _Place(tmp_path, 1024)
    told: list[int] = []
    desk = CaseDesk(place.outbox, place.health, "sample", place.clock, told.append, drafts_days=2)
    desk.keep_page("0" * 36, 1, b"a page")
    desk.look()
    place.clock.turn(2 * 86400.0 + 1)
    desk.look()
    assert told == [1]
    assert place.outbox.drafts() == []
    desk.close()
