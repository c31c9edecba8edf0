"""The way to the platform: silence, cuts, doors that are shut, and bytes that are not sent twice."""

import errno
import io
import os
import random
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from ground.clock import ManualClock, RealClock
from ground.logbook import Event, MemoryLogbook
from offline_cache.answers import retry_after_s
from offline_cache.errors import Corrupt, Denied, Garbled, Portal, ServerTrouble, Unreachable
from offline_cache.items import CaseJob, CaseState
from offline_cache.link import PIECE_BYTES, Pieces, Reply, Timeouts
from offline_cache.platform import Platform
from offline_cache.uploader import Uploader
from tests.offline_cache.bench_terminal import BenchTerminal, a_case, assert_arrived
from tests.offline_cache.loopback_platform import TOKEN, Cut, Fault, LoopbackPlatform, Says, Silence


def _client(url: str, read_s: float = 30.0) -> Platform:
    return Platform(url, TOKEN, ManualClock(), timeouts=Timeouts(5.0, read_s))


def _why(ask: Callable[[], object]) -> object:
    with pytest.raises(Unreachable) as caught:
        ask()
    return caught.value.facts["why"]


@pytest.fixture
def raw_server() -> Iterator[Callable[[bytes], str]]:
    """A port that answers every request with the same raw bytes and hangs up."""
    opened: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def serve(answer: bytes) -> str:
        door = socket.create_server(("127.0.0.1", 0))
        opened.append(door)

        def work() -> None:
            try:
                while True:
                    guest, _ = door.accept()
                    with guest:
                        guest.recv(65536)
                        guest.sendall(answer)
            except OSError:
                return

        threads.append(threading.Thread(target=work))
        threads[-1].start()
        return f"http://127.0.0.1:{door.getsockname()[1]}"

    yield serve
    for door in opened:
        door.shutdown(socket.SHUT_RDWR)
        door.close()
    for thread in threads:
        thread.join()


def test_silence_ends_at_the_read_timeout(platform: LoopbackPlatform) -> None:
    platform.fail_once("GET", "/health", Silence())
    client = _client(platform.url, read_s=0.2)
    assert _why(client.health) == "timeout"
    client.close()


def test_a_shut_door_is_refused_and_an_unknown_name_is_dns(platform: LoopbackPlatform) -> None:
    platform.down()
    for url, why in ((platform.url, "refused"), ("http://no-such-host.invalid", "dns")):
        client = _client(url)
        assert _why(client.health) == why
        client.close()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"", Unreachable),
        (b"220 mail.example ESMTP\r\n", Garbled),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{", Unreachable),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", Unreachable),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", Garbled),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", Garbled),
        (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n\xff\xfe", Portal),
        (b"HTTP/1.1 200 OK\r\n\r\n<html>no content type</html>", Portal),
        (b"HTTP/1.1 301 Moved\r\nLocation: http://login.invalid/\r\nContent-Length: 0\r\n\r\n", Portal),
        (b"HTTP/1.1 511 Login\r\nContent-Length: 0\r\n\r\n", Portal),
        (b"HTTP/1.1 204 No Content\r\n\r\n", Garbled),
        (b"HTTP/1.1 999 ?\r\nContent-Length: 0\r\n\r\n", ServerTrouble),
    ],
)
def test_whatever_answers_at_the_address_is_told_apart(
    raw_server: Callable[[bytes], str], answer: bytes, error: type[Exception]
) -> None:
    client = _client(raw_server(answer))
    with pytest.raises(error):
        client.health()
    client.close()


def test_a_reply_in_chunks_is_a_reply(raw_server: Callable[[bytes], str]) -> None:
    said = b'{"service": "joint-service", "status": "ok", "version": "1", "time": "2026-11-21T02:00:00Z"}'
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    client = _client(raw_server(head + b"%x\r\n%b\r\n0\r\n\r\n" % (len(said), said)))
    assert client.health().status == "ok"
    client.close()


def test_a_plain_server_behind_a_tls_address(raw_server: Callable[[bytes], str]) -> None:
    client = _client(raw_server(b"HTTP/1.1 400 Bad Request\r\n\r\n").replace("http:", "https:"))
    assert _why(client.health) == "tls"
    client.close()


def test_an_endless_reply_is_left(raw_server: Callable[[bytes], str]) -> None:
    client = _client(raw_server(b"HTTP/1.1 200 OK\r\n\r\n" + b"a" * 5_000_000))
    with pytest.raises(Garbled):
        client.health()
    client.close()


@pytest.mark.parametrize(
    ("headers", "asked"),
    [
        ((("Retry-After", "120"),), 120.0),
        (
            (("Retry-After", "Sat, 21 Nov 2026 02:05:00 GMT"), ("Date", "Sat, 21 Nov 2026 02:00:00 GMT")),
            300.0,
        ),
        ((("Retry-After", "Sat, 21 Nov 2026 01:05:00 GMT"), ("Date", "Sat, 21 Nov 2026 02:00:00 GMT")), 0.0),
        ((("Retry-After", "-5"),), None),
        ((("Retry-After", "soon"),), None),
        ((("Retry-After", "Sat, 21 Nov 2026 02:05:00 GMT"),), None),
        ((("Retry-After", "9" * 400),), 999_999_999.0),
        ((), None),
    ],
)
def test_retry_after_needs_no_clock_of_ours(
    headers: tuple[tuple[str, str], ...], asked: float | None
) -> None:
    assert retry_after_s(Reply(503, dict(headers), b"")) == asked


def test_what_is_asked_at_once(platform: LoopbackPlatform, terminal: BenchTerminal) -> None:
    client = Platform(platform.url, None, ManualClock())
    with pytest.raises(Denied):
        client.terminal()
    enrolment = client.enrol("CODE-1", "hall 3")
    assert (enrolment.token, enrolment.recipients) == (TOKEN, (platform.recipient,))
    with pytest.raises(Denied):
        client.enrol("CODE-1", "hall 3")
    client.close()
    case = terminal.hand_in()
    terminal.drain()
    number = terminal.outbox.acceptance_number(case.case_id)
    assert number is not None
    assert terminal.platform.terminal().terminal_id == "T-1"
    progress = terminal.platform.progress(number, "002X")
    assert progress is not None and progress.timeline[0].what == "w"
    assert terminal.platform.progress(number, "0000") is None
    assert terminal.platform.progress("../../health", "002X") is None


@pytest.mark.parametrize("url", ["ftp://x", "x", "", "http://"])
def test_an_unfit_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        Platform(url, None, ManualClock())


def test_a_token_with_a_line_break_is_refused() -> None:
    with pytest.raises(ValueError):
        Platform("http://x", "a\r\nX: y", ManualClock())


def test_after_cuts_only_what_did_not_arrive_is_sent(
    terminal: BenchTerminal, platform: LoopbackPlatform
) -> None:
    rng = random.Random(3)

    def mood(method: str, path: str) -> Fault | None:
        return Cut(rng.randrange(64 * 1024)) if method == "PATCH" and rng.random() < 0.3 else None

    platform.mood = mood
    case = a_case(pages=3, size=1_000_000)
    handed_in = terminal.hand_in(case)
    terminal.drain()
    assert_arrived(platform, case, handed_in)
    assert platform.body_bytes == handed_in.bytes
    assert len(platform.uploads) == handed_in.parts


@pytest.mark.parametrize("noted", [True, False], ids=["noted here", "known to the server only"])
def test_an_upload_goes_on_after_a_restart(
    terminal: BenchTerminal, platform: LoopbackPlatform, noted: bool
) -> None:
    case = a_case(pages=1, size=1_000_000)
    handed_in = terminal.hand_in(case)
    faults: list[Fault | None] = [None, Cut(60_000), Says(500)]  # the manifest, then the first page
    platform.mood = lambda method, path: faults.pop(0) if method == "PATCH" and faults else None
    terminal.uploader.step()
    arrived = platform.body_bytes
    assert arrived >= 60_000
    if not noted:  # a power cut took the note, which is not synced
        terminal.clock.turn(60.0)
        job = terminal.outbox.claim(60)
        assert isinstance(job, CaseJob) and job.parts[1].location is not None
        terminal.outbox.note_location(job, job.parts[1].part, None)
    terminal.close()
    fresh = BenchTerminal(terminal.folder, platform.url, platform.recipient)
    fresh.machine.boot = "boot-2"
    fresh.drain()
    assert_arrived(platform, case, handed_in)
    assert platform.body_bytes == handed_in.bytes
    fresh.close()


def test_a_cut_that_got_on_is_mended_without_a_pause(
    terminal: BenchTerminal, platform: LoopbackPlatform
) -> None:
    platform.mood = lambda method, path: Cut(50_000) if method == "PATCH" else None
    case = a_case(pages=1, size=1_000_000)
    terminal.hand_in(case)
    while terminal.uploader.step():
        pass
    assert case.case_id in platform.cases


def test_an_upload_that_the_server_forgot_begins_anew(
    terminal: BenchTerminal, platform: LoopbackPlatform
) -> None:
    case = a_case(pages=1, size=200_000)
    handed_in = terminal.hand_in(case)
    platform.fail("PATCH", "/v1/files/.*", [Cut(0), Cut(0)])
    terminal.uploader.step()
    platform.uploads = {"other": platform.uploads.popitem()[1]}
    platform.uploads["other"].case = "somebody-else"
    terminal.drain()
    assert_arrived(platform, case, handed_in)


def test_the_uploader_stops_in_the_middle_of_a_silent_request(
    terminal: BenchTerminal, platform: LoopbackPlatform
) -> None:
    case = terminal.hand_in()
    asked = threading.Event()

    def mood(method: str, path: str) -> Fault | None:
        if method == "PUT":
            asked.set()
            return Silence()
        return None

    platform.mood = mood
    clock, stop, logbook = RealClock(), threading.Event(), MemoryLogbook()
    client = Platform(platform.url, TOKEN, clock, timeouts=Timeouts(5.0, 3600.0))
    worker = threading.Thread(target=Uploader(terminal.outbox, client, clock, logbook).run, args=(stop,))
    worker.start()
    assert asked.wait(60)
    stop.set()
    worker.join(60)
    assert not worker.is_alive()
    assert logbook.lines[-1] == (Event.UPLOADER_FINISHED, {"outcome": "stopped"})
    assert terminal.outbox.case_state(case.case_id) is CaseState.WAITING
    assert terminal.outbox.case(case.case_id).tries == 0
    client.close()


def test_a_running_uploader_takes_a_new_case_by_itself(
    terminal: BenchTerminal, platform: LoopbackPlatform
) -> None:
    clock, stop = RealClock(), threading.Event()
    uploader = Uploader(terminal.outbox, terminal.platform, clock, terminal.logbook)
    worker = threading.Thread(target=uploader.run, args=(stop,))
    worker.start()
    other = terminal.open_outbox()  # as the face's process would
    case = other.hand_in(a_case())
    end = clock.after(60)
    while other.acceptance_number(case.case_id) is None and not clock.due(end):
        clock.wait(0.02)
    stop.set()
    worker.join(60)
    assert other.acceptance_number(case.case_id) == platform.cases[case.case_id].acceptance_number
    other.close()


def test_a_netrc_does_not_overrule_the_token(
    platform: LoopbackPlatform, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    client = _client(platform.url)
    assert client.terminal().terminal_id == "T-1"
    client.close()


def test_a_body_goes_out_in_pieces_and_whole() -> None:
    content = random.Random(1).randbytes(3 * PIECE_BYTES)
    pieces = Pieces(io.BytesIO(content), 10, 2 * PIECE_BYTES + 5)
    assert b"".join(pieces) == content[10 : 2 * PIECE_BYTES + 15]
    assert max(map(len, pieces)) <= PIECE_BYTES
    assert len(pieces) == 2 * PIECE_BYTES + 5


class _BadDisk(io.BytesIO):
    """A file whose second piece the disk does not give."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() >= PIECE_BYTES:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return super().read(size)


def test_a_disk_that_fails_while_it_is_sent_is_no_fault_of_the_line(platform: LoopbackPlatform) -> None:
    """It goes to the technician's list; tried for ever like a dead line, nobody would ever hear of it."""
    client, length = _client(platform.url), 3 * PIECE_BYTES
    place = client.uploads.create(length, {"case": "c", "part": "p01", "sha256": "0" * 64})
    with pytest.raises(Corrupt) as caught:
        client.uploads.send(place, _BadDisk(bytes(length)), length, 0, lambda _: None)
    assert caught.value.facts["why"] == "unreadable"
    client.close()
