"""Delivered content is deleted by rule, seen to be gone, and noted. What is not delivered is never deleted."""

import random
from pathlib import Path
from typing import Any

import pytest

from ground.logbook import Event
from offline_cache.errors import DiskFull
from offline_cache.items import LinkState
from offline_cache.spool import Spool
from tests.offline_cache.bench_terminal import BenchTerminal, a_case
from tests.offline_cache.loopback_platform import LoopbackPlatform, LostReply, Says

NOT_YET = [
    Says(503),
    Says(200, b"<html>log in</html>", (("Content-Type", "text/html"),)),
    Says(422, b'{"code": "B452"}'),
    Says(409, b'{"code": "U410"}'),
    Says(401, b'{"code": "B466", "detail": "revoked"}'),
    Says(200, b'{"case_id": "another", "acceptance_number": "1", "received_at": "2026-11-21T02:00:00Z"}'),
    Says(201, b"{}"),
    LostReply(),
]


def sealed(terminal: BenchTerminal) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in terminal.spool.folder.iterdir() if path.name != ".lock"}


@pytest.mark.parametrize("fault", NOT_YET, ids=lambda fault: str(getattr(fault, "status", "lost reply")))
def test_until_the_platform_itself_confirms_the_case_not_a_byte_is_deleted(
    terminal: BenchTerminal, platform: LoopbackPlatform, fault: Any
) -> None:
    case = a_case()
    terminal.hand_in(case)
    before = sealed(terminal)
    platform.fail("PUT", "/v1/cases/[^/]+", [fault])
    terminal.uploader.step()
    terminal.outbox.sweep()
    assert ("PUT", f"/v1/cases/{case.case_id}") in platform.asked
    assert terminal.outbox.acceptance_number(case.case_id) is None
    assert sealed(terminal) == before


def test_once_confirmed_the_files_are_gone_and_that_is_noted(terminal: BenchTerminal) -> None:
    case = a_case(pages=3)
    terminal.hand_in(case)
    terminal.drain()
    assert sealed(terminal) == {}
    (noted,) = terminal.events(Event.CASE_DELIVERED)
    assert noted["files_deleted"] == 5  # manifest, three pages, signature


def test_a_file_that_cannot_be_deleted_is_deleted_later_and_noted_then(
    terminal: BenchTerminal, platform: LoopbackPlatform
) -> None:
    case = a_case(pages=1)
    terminal.hand_in(case)
    files = sorted(path for path in terminal.spool.folder.iterdir() if path.suffix == ".age")
    stubborn, content = files[0], files[0].read_bytes()

    def in_the_way(method: str, path: str) -> None:
        if method == "PUT" and stubborn.is_file():  # everything is at the platform; now it cannot be unlinked
            stubborn.unlink()
            stubborn.mkdir()

    platform.mood = in_the_way  # type: ignore[assignment]
    while terminal.uploader.step():
        pass
    assert terminal.outbox.acceptance_number(case.case_id)
    assert stubborn.exists()
    assert terminal.events(Event.DELIVERY_FAILED)[-1]["code"] == "S102"
    stubborn.rmdir()
    stubborn.write_bytes(content)
    terminal.clock.turn(3700.0)
    while terminal.uploader.step():
        pass
    assert not stubborn.exists()
    assert terminal.events(Event.FILES_SWEPT)[-1]["files"] >= 1


def test_a_full_disk_deletes_nothing_that_waits(tmp_path: Path, platform: LoopbackPlatform) -> None:
    terminal = BenchTerminal(tmp_path, platform.url, platform.recipient)
    cases = [a_case(random.Random(seed)) for seed in range(3)]
    for case in cases:
        terminal.hand_in(case)
    before = sealed(terminal)
    platform.down()
    full = Spool(terminal.spool.folder, reserve_bytes=1 << 60)  # the disk has less than is to be left free
    terminal.close()
    terminal.spool = full
    terminal.outbox = terminal.open_outbox()
    with pytest.raises(DiskFull):
        terminal.outbox.hand_in(a_case(random.Random(9)))
    terminal.outbox.sweep()
    assert sealed(terminal) == before
    assert terminal.outbox.verify() == []
    assert terminal.outbox.status().waiting == 3
    terminal.outbox.close()


def test_revoked_set_aside_or_long_forgotten_it_stays(
    terminal: BenchTerminal, platform: LoopbackPlatform
) -> None:
    refused, waiting = a_case(random.Random(1)), a_case(random.Random(2))
    terminal.hand_in(refused)
    platform.fail("PUT", "/v1/cases/[^/]+", [Says(422, b'{"code": "B452"}')])
    while terminal.uploader.step():
        pass
    assert terminal.outbox.status().stuck == 1
    platform.tokens.clear()
    terminal.hand_in(waiting)
    before = sealed(terminal)
    for _ in range(40):  # forty days
        terminal.clock.turn(86400.0)
        while terminal.uploader.step():
            pass
    assert sealed(terminal) == before
    assert terminal.outbox.status().link is LinkState.DOWN
    platform.tokens.add("a-terminal-token")
    terminal.outbox.retry(refused.case_id)
    terminal.drain()
    assert {refused.case_id, waiting.case_id} == set(platform.cases)
