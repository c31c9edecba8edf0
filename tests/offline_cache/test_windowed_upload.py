"""One PATCH for all the rest, never more on its way than the window, and what arrived is still there a month later."""

import contextlib
import hashlib
import io
import random
import socket
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

import backend.clock
from backend.serve import LiveServer
from ground.clock import ManualClock
from offline_cache.errors import Unreachable, UploadError
from offline_cache.link import PIECE_BYTES
from offline_cache.pace_window import LEAST_BYTES
from offline_cache.platform import Platform
from offline_cache.uploader import SPREAD_S, Uploader
from tests.offline_cache.bench_terminal import BenchTerminal, a_case, assert_arrived
from tests.offline_cache.loopback_platform import Fault, LoopbackPlatform

SIZE = 6 * 1024 * 1024
CONTENT = random.Random(5).randbytes(SIZE)
MONTH_S = 30 * 86400.0


class Watched(io.BytesIO):
    """The file, and what is read of it: `at` is called with each place before a piece leaves."""

    def __init__(self, at: Callable[[int], None]) -> None:
        super().__init__(CONTENT)
        self._at = at
        self.sent = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self._at(self.tell())
        piece = super().read(size)
        self.sent += len(piece)
        return piece


class Sender:
    """An enrolled terminal's client, and the platform's folder beside it."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "platform"
        self.server_clock, self.clock = backend.clock.ManualClock(), ManualClock()
        self.server = self._up()
        operator = {"Authorization": f"Bearer {self.server.operator_token}"}
        code = requests.post(f"{self.server.url}/v1/operator/codes", headers=operator, timeout=30).json()[
            "code"
        ]
        newcomer = Platform(self.server.url, None, self.clock)
        self.token = newcomer.enrol(code, "hall").token
        newcomer.close()
        self.platform = Platform(self.server.url, self.token, self.clock)
        self.case = uuid.uuid4().hex

    def _up(self) -> LiveServer:
        return LiveServer(self.data, clock=self.server_clock, journal=io.StringIO()).start()

    def create(self) -> str:
        said = {"case": self.case, "part": "p01", "sha256": hashlib.sha256(CONTENT).hexdigest()}
        return self.platform.uploads.create(SIZE, said)

    def kept(self) -> int:
        """Bytes that lie at the platform."""
        return max(file.stat().st_size for file in (self.data / "files").iterdir())

    def cut(self) -> None:
        """The link breaks, whatever is on its way."""
        for each in list(self.platform._link._sockets._open):
            with contextlib.suppress(OSError):  # it was closed a moment ago
                each.shutdown(socket.SHUT_RDWR)

    def months_later(self) -> None:
        """Both machines were off, and everybody's clock went on."""
        self.platform.close()
        self.server.stop()
        self.server_clock.turn(MONTH_S)
        self.clock.turn(MONTH_S)
        self.server = self._up()
        self.platform = Platform(self.server.url, self.token, self.clock)

    def whole(self) -> bool:
        (there,) = self.platform.files(self.case)
        return there.complete

    def close(self) -> None:
        self.platform.close()
        self.server.stop()


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    sender = Sender(tmp_path)
    yield sender
    sender.close()


def test_no_more_is_on_its_way_than_the_window(sender: Sender) -> None:
    on_its_way: list[int] = []
    file = Watched(lambda at: on_its_way.append(at - sender.kept()))
    sender.platform.uploads.send(sender.create(), file, SIZE, 0, lambda _: None)
    assert sender.whole() and file.sent == SIZE
    assert max(on_its_way) <= sender.platform.uploads.window.size + PIECE_BYTES


def test_a_line_that_breaks_all_the_time_costs_a_window_each_time(sender: Sender) -> None:
    # more than a window apart: a cut before anything was told would rightly end the attempt
    places = [1_000_000, 2_100_000, 3_300_000, 5_500_000]

    def at(place: int) -> None:
        if places and place > places[0]:
            places.pop(0)
            sender.cut()

    file = Watched(at)
    told: list[int] = []
    sender.platform.uploads.send(sender.create(), file, SIZE, 0, told.append)
    assert sender.whole() and not places
    assert file.sent <= SIZE + 4 * (LEAST_BYTES * 2)
    assert told == sorted(told) and told[-1] == SIZE


def test_a_month_without_a_network_costs_the_open_window_at_most(sender: Sender) -> None:
    class Off(Exception):
        """The power went."""

    def at(place: int) -> None:
        if place > SIZE // 2:
            sender.cut()
            raise Off

    location, first = sender.create(), Watched(at)
    with pytest.raises(Off):
        sender.platform.uploads.send(location, first, SIZE, 0, lambda _: None)
    sender.months_later()
    there = sender.platform.uploads.offset(location, SIZE)
    assert there is not None and there >= SIZE // 2 - LEAST_BYTES * 2
    rest = Watched(lambda _: None)
    sender.platform.uploads.send(location, rest, SIZE, there, lambda _: None)
    assert sender.whole()
    assert first.sent + rest.sent <= SIZE + LEAST_BYTES * 2


def test_who_takes_over_is_told_an_offset_that_stays(sender: Sender) -> None:
    location = sender.create()

    def ask(place: int) -> None:
        if place > 2_000_000 and not asked:
            asked.append(other.uploads.offset(location, SIZE) or 0)

    asked: list[int] = []
    other = Platform(sender.server.url, sender.token, sender.clock)
    with contextlib.suppress(UploadError):  # its PATCH was ended, which is what taking over means
        sender.platform.uploads.send(location, Watched(ask), SIZE, 0, lambda _: None)
    assert asked and sender.kept() >= asked[0]
    other.close()


def test_a_stop_ends_it_in_the_middle(sender: Sender) -> None:
    location = sender.create()
    file = Watched(lambda place: sender.platform.abort() if place > 1_000_000 else None)
    with pytest.raises(Unreachable) as caught:
        sender.platform.uploads.send(location, file, SIZE, 0, lambda _: None)
    assert caught.value.facts["why"] == "stopping"
    assert file.sent < SIZE


def test_an_outbox_that_was_off_for_a_month_sends_what_is_missing(
    terminal: BenchTerminal, platform: LoopbackPlatform
) -> None:
    case = a_case(pages=1, size=900_000)
    handed_in = terminal.hand_in(case)
    seen: list[str] = []

    def mood(method: str, path: str) -> Fault | None:
        seen.append(method)
        if seen.count("PATCH") > 6:
            platform.released.set()
            terminal.platform.abort()
        return None

    platform.mood = mood
    terminal.uploader.step()
    sent = platform.body_bytes
    assert 0 < sent < handed_in.bytes
    terminal.close()
    platform.mood = lambda method, path: None
    later = BenchTerminal(terminal.folder, platform.url, platform.recipient)
    later.machine.boot = "a month later"
    later.clock.turn(MONTH_S)
    later.drain()
    assert_arrived(platform, case, handed_in)
    assert platform.body_bytes <= handed_in.bytes + 64 * 1024
    later.close()


def test_a_whole_fleet_does_not_come_back_in_the_same_second(
    tmp_path: Path, platform: LoopbackPlatform
) -> None:
    fleet = [BenchTerminal(tmp_path / str(at), platform.url, platform.recipient) for at in range(26)]
    for at, each in enumerate(fleet):
        each.uploader = Uploader(each.outbox, each.platform, each.clock, each.logbook, random.Random(at))
        each.hand_in(a_case(pages=0))
    platform.down()
    for _ in range(8):
        for each in fleet:
            each.uploader.step()
            each.clock.turn(75.0)
    platform.up()
    a_second: list[int] = []
    for _ in range(int(60 + SPREAD_S) + 2):
        before = len(platform.cases)
        for each in [each for each in fleet if not each.outbox.status().delivered]:
            each.uploader.step()
            each.clock.turn(1.0)
        a_second.append(len(platform.cases) - before)
    assert sum(a_second) == 26
    assert max(a_second) <= 6
    for each in fleet:
        each.close()
