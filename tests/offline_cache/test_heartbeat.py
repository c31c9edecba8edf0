"""The heartbeat: once a minute, at each change, to the reference platform; and nothing stops for it."""

import io
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from backend.serve import LiveServer
from ground.clock import ManualClock
from ground.logbook import MemoryLogbook
from offline_cache.heartbeat import FACE_NOTE, Board, Heart
from offline_cache.items import ClockReading, ClockState, LinkState
from offline_cache.outbox import Outbox
from offline_cache.platform import Platform
from offline_cache.seal import Recipients
from offline_cache.spool import Spool
from offline_cache.uploader import Uploader
from tests.offline_cache.bench_terminal import BenchTerminal
from tests.offline_cache.loopback_platform import Cut, Fault, LoopbackPlatform, Says

RIGHT = ClockReading(state=ClockState.RIGHT, off_s=0, since=None)
PRINTER: dict[str, Any] = {"name": "receipt_printer", "ok": True, "code": "", "supplies": {"paper": "full"}}


class Town:
    """A terminal with a heart at the reference platform."""

    def __init__(self, folder: Path, server: LiveServer) -> None:
        self.operator = {"Authorization": f"Bearer {server.operator_token}"}
        self.url, self.clock = server.url, ManualClock()
        code = requests.post(f"{server.url}/v1/operator/codes", headers=self.operator, timeout=30).json()[
            "code"
        ]
        newcomer = Platform(server.url, None, self.clock)
        enrolment = newcomer.enrol(code, "岳口镇")
        newcomer.close()
        self.outbox = Outbox(
            folder / "outbox.sqlite",
            Spool(folder / "spool", reserve_bytes=0),
            self.clock,
            recipients=Recipients.parse(enrolment.recipients),
        )
        self.platform = Platform(server.url, enrolment.token, self.clock)
        self.heart = Heart(self.outbox, self.clock, "0.1.0", lambda: 1e6)
        self.uploader = Uploader(
            self.outbox, self.platform, self.clock, MemoryLogbook(), random.Random(1), heart=self.heart
        )

    def leave_board(self, *devices: dict[str, Any]) -> None:
        """As the face does."""
        self.outbox.note(FACE_NOTE, Board(devices, self.outbox.era(), self.clock.instant()).text())

    def shown(self) -> dict[str, Any]:
        board = requests.get(f"{self.url}/v1/operator/board", headers=self.operator, timeout=30).json()
        (mine,) = [each for each in board if each["site"] == "岳口镇"]
        return dict(mine)

    def close(self) -> None:
        self.platform.close()
        self.outbox.close()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with LiveServer(tmp_path / "platform", journal=io.StringIO()) as server:
        town = Town(tmp_path, server)
        yield town
        town.close()


def test_the_platform_hears_of_a_paper_that_ran_out_within_seconds(town: Town) -> None:
    town.leave_board(PRINTER)
    town.uploader.step()
    first = town.shown()
    assert first["heartbeat"]["devices"][0]["supplies"] == {"paper": "full"}
    assert first["heartbeat"]["face_s"] == 0.0
    assert not [each for each in first["alarms"] if not each.startswith("clock")]  # this clock stands still
    town.clock.turn(6.0)
    town.leave_board(PRINTER | {"supplies": {"paper": "out"}})
    town.uploader.step()
    assert "supply:receipt_printer paper out" in town.shown()["alarms"]


def test_a_dead_printer_and_a_hung_face_are_seen(town: Town) -> None:
    town.leave_board(PRINTER | {"ok": False, "code": "D101", "state": "noDevice"})
    town.uploader.step()
    assert "device:receipt_printer D101" in town.shown()["alarms"]
    for _ in range(4):  # the uploader lives, the face says nothing more
        town.clock.turn(61.0)
        town.uploader.step()
    assert "face" in town.shown()["alarms"]


def test_without_news_it_is_said_once_a_minute(terminal: BenchTerminal, platform: LoopbackPlatform) -> None:
    heart = Heart(terminal.outbox, terminal.clock, "1")
    heard = 0
    for _ in range(600):
        body = heart.due(LinkState.UP, RIGHT)
        if body is not None:
            heard += 1
            heart.told(body)
        terminal.clock.turn(1.0)
    assert 9 <= heard <= 11


def test_news_are_said_at_once_but_not_too_often(terminal: BenchTerminal) -> None:
    heart, heard = Heart(terminal.outbox, terminal.clock, "1"), 0
    for second in range(60):
        board = Board([PRINTER | {"ok": second % 2 == 0}], terminal.outbox.era(), terminal.clock.instant())
        terminal.outbox.note(FACE_NOTE, board.text())
        body = heart.due(LinkState.UP, RIGHT)
        if body is not None:
            heard += 1
            heart.told(body)
        terminal.clock.turn(1.0)
    assert 6 <= heard <= 13


@pytest.mark.parametrize("answer", [Says(404), Says(500), Says(422), Says(200, b"x")])
def test_a_platform_that_takes_no_heartbeats_gets_its_cases(
    terminal: BenchTerminal, platform: LoopbackPlatform, answer: Says
) -> None:
    terminal.uploader._heart = Heart(terminal.outbox, terminal.clock, "1")
    platform.mood = lambda method, path: answer if path.endswith("/heartbeat") else None
    case = terminal.hand_in()
    terminal.uploader.step()
    terminal.uploader.step()
    assert case.case_id in platform.cases or answer.status == 200  # that one is somebody else's answer
    if answer.status != 200:
        assert terminal.outbox.status().link is LinkState.UP


def _half_an_hour(terminal: BenchTerminal, platform: LoopbackPlatform) -> list[tuple[str, str]]:
    """What a terminal asks in half an hour, looking each second, once it was told to wait for longer."""
    terminal.uploader._heart = Heart(terminal.outbox, terminal.clock, "1")
    terminal.hand_in()
    terminal.uploader.step()
    platform.asked.clear()
    for second in range(1800):
        board = Board([PRINTER | {"ok": second % 2 == 0}], terminal.outbox.era(), terminal.clock.instant())
        terminal.outbox.note(FACE_NOTE, board.text())
        terminal.uploader.step()
        terminal.clock.turn(1.0)
    return platform.asked


def test_asked_to_wait_it_sends_its_heartbeat_once_a_minute_and_nothing_else(
    terminal: BenchTerminal, platform: LoopbackPlatform
) -> None:
    later = Says(503, b"", (("Retry-After", "3000"),))
    platform.mood = lambda method, path: None if path.endswith("/heartbeat") else later
    asked = _half_an_hour(terminal, platform)
    assert 29 <= len(asked) <= 31
    assert {path for _, path in asked} == {"/v1/terminal/heartbeat"}


def test_heartbeats_wait_as_well_when_they_are_asked_to(
    terminal: BenchTerminal, platform: LoopbackPlatform
) -> None:
    def mood(method: str, path: str) -> Fault:
        return Says(503, b"", (("Retry-After", "800" if path.endswith("/heartbeat") else "3000"),))

    platform.mood = mood
    assert len(_half_an_hour(terminal, platform)) == 3


def test_a_heartbeat_that_does_not_get_through_shortens_no_pause(
    terminal: BenchTerminal, platform: LoopbackPlatform
) -> None:
    def mood(method: str, path: str) -> Fault:
        return Cut(0) if path.endswith("/heartbeat") else Says(503, b"", (("Retry-After", "3000"),))

    platform.mood = mood
    asked = _half_an_hour(terminal, platform)
    assert {path for _, path in asked} == {"/v1/terminal/heartbeat"}
    assert 29 <= len(asked) <= 31


def test_a_note_that_makes_no_sense_is_no_board(terminal: BenchTerminal) -> None:
    for text in (None, "", "x", "[]", "{}", '{"devices": 3, "era": "", "instant": "x"}'):
        assert Board.read(text) is None
    terminal.outbox.note(FACE_NOTE, Board([PRINTER], "another boot", 3.0).text())
    body = Heart(terminal.outbox, terminal.clock, "1").body(LinkState.UP, RIGHT)
    assert (body["face_s"], len(body["devices"])) == (None, 1)


def test_nothing_personal_is_in_it(terminal: BenchTerminal) -> None:
    terminal.hand_in()
    body = Heart(terminal.outbox, terminal.clock, "1").body(LinkState.DOWN, RIGHT)
    said = json.dumps(body, ensure_ascii=False)
    assert "王小样" not in said and "11010519491231002X" not in said
    assert terminal.outbox.list_cases()[0].case_id not in said
