"""The platform is killed (kill -9), or its link is: what it told stays true."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from backend.clock import ManualClock
from backend.serve import LiveServer
from backend.settings import Settings
from tests.backend.sealing_terminal import NAME, NUMBER, SealedCase, SealingTerminal, draft_case, sha256

CASE = "case-0123456789"
LARGE = bytes(range(251)) * 16_384  # 4.1 MB
_SERVE = """
import resource, sys
from pathlib import Path
from backend.serve import serve
if int(sys.argv[2]):
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), -1))
serve("127.0.0.1", 0, Path(sys.argv[1]), on_ready=lambda address: print(address, flush=True))
"""


@contextmanager
def platform_process(
    data: Path, log: Path, largest_file: int = 0
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A platform that is a process of its own, and its address; killed at the end if it still runs."""
    with log.open("a", encoding="utf-8") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-c", _SERVE, str(data), str(largest_file)],
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
    with process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        try:
            yield process, address
        finally:
            process.kill()


def operator_token(data: Path) -> str:
    return (data / "keys" / "operator.token").read_text(encoding="utf-8").strip()


def enrolled(data: Path, address: str) -> SealingTerminal:
    """A new terminal of the platform at `address`."""
    terminal = SealingTerminal(address, operator_token(data))
    assert terminal.enrol(terminal.ask("POST", "/v1/operator/codes").json()["code"]).ok
    return terminal


def begin_patch(
    terminal: SealingTerminal, location: str, offset: int, length: int, first: bytes = b""
) -> socket.socket:
    """A PATCH whose head is sent, with the `first` bytes of its body, on a raw connection."""
    at = urlsplit(terminal.url)
    connection = socket.create_connection((at.hostname, at.port), timeout=60)
    lines = [
        f"PATCH {location} HTTP/1.1",
        "Host: platform",
        f"Authorization: {terminal.session.headers['Authorization']!s}",
        "Tus-Resumable: 1.0.0",
        f"Upload-Offset: {offset}",
        "Content-Type: application/offset+octet-stream",
        f"Content-Length: {length}",
    ]
    connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode() + first)
    return connection


def await_offset(terminal: SealingTerminal, location: str, least: int) -> int:
    """Ask until at least `least` bytes are durable."""
    while True:
        told = terminal.offset(location)
        if told >= least:
            return told


def test_killed_in_the_middle_of_a_patch(tmp_path: Path) -> None:
    data, log = tmp_path / "platform", tmp_path / "log"
    with platform_process(data, log) as (process, address):
        terminal = enrolled(data, address)
        location = terminal.create(CASE, "p01", LARGE).headers["Location"]
        with begin_patch(terminal, location, 0, len(LARGE)) as connection:
            connection.sendall(LARGE[:2_000_000])
            told = await_offset(terminal, location, 1_000_000)
            process.kill()
            process.wait()
    with platform_process(data, log) as (_, address):
        terminal.url = address
        here = terminal.offset(location)
        assert told <= here <= 2_000_000
        assert terminal.patch(location, here, LARGE[here:]).status_code == 204
        assert terminal.files(CASE)[0]["complete"] is True
    terminal.close()
    assert (data / "files" / location.rsplit("/", 1)[1]).read_bytes() == LARGE


def test_killed_after_the_answer_to_a_case(tmp_path: Path) -> None:
    data, log = tmp_path / "platform", tmp_path / "log"
    with platform_process(data, log) as (process, address):
        terminal = enrolled(data, address)
        case = draft_case().seal(terminal.recipients)
        terminal.send_all(case)
        first = terminal.hand_in(case)
        assert first.status_code == 201
        process.kill()
        process.wait()
    with platform_process(data, log) as (_, address):
        terminal.url = address
        again = terminal.hand_in(case)
        assert (again.status_code, again.json()) == (200, first.json())
        with closing(SealingTerminal(address, operator_token(data))) as operator:
            (row,) = operator.ask("GET", "/v1/operator/cases").json()
            assert (row["copies"], row["citizen_name"]) == (1, NAME)
    terminal.close()


def test_a_link_that_died_keeps_what_came(terminal: SealingTerminal) -> None:
    location = terminal.create(CASE, "p01", LARGE).headers["Location"]
    with begin_patch(terminal, location, 0, len(LARGE)) as connection:
        connection.sendall(LARGE[:500_000])
        await_offset(terminal, location, 500_000)
    assert terminal.offset(location) == 500_000
    assert terminal.patch(location, 500_000, LARGE[500_000:]).status_code == 204
    assert terminal.files(CASE)[0]["complete"] is True


def test_a_newer_patch_need_not_wait_for_a_dead_one(terminal: SealingTerminal) -> None:
    location = terminal.create(CASE, "p01", LARGE).headers["Location"]
    with begin_patch(terminal, location, 0, len(LARGE)) as stuck:  # stays open, says nothing more
        stuck.sendall(LARGE[:500_000])
        here = await_offset(terminal, location, 500_000)
        assert terminal.patch(location, here, LARGE[here:]).status_code == 204
        assert terminal.files(CASE)[0]["sha256"] == sha256(LARGE)
        assert terminal.files(CASE)[0]["complete"] is True
        assert stuck.recv(4096).startswith(b"HTTP/1.1 423 ")


def test_a_patch_that_brings_nothing_is_ended(tmp_path: Path, clock: ManualClock) -> None:
    with LiveServer(tmp_path / "p", clock=clock, settings=Settings(patch_idle_s=0.05)) as live:
        terminal = enrolled(live.data, live.url)
        location = terminal.create(CASE, "p01", LARGE).headers["Location"]
        with begin_patch(terminal, location, 0, len(LARGE), first=LARGE[:700]) as silent:
            assert silent.recv(4096).startswith(b"HTTP/1.1 423 ")
        assert terminal.offset(location) == 700
        terminal.close()


def test_a_full_disk_keeps_what_fitted(tmp_path: Path) -> None:
    """The process may write no file beyond 3 MB: to a program that is what a full disk looks like."""
    data, log = tmp_path / "platform", tmp_path / "log"
    with platform_process(data, log, largest_file=3_000_000) as (_, address):
        terminal = enrolled(data, address)
        location = terminal.create(CASE, "p01", LARGE).headers["Location"]
        full = terminal.patch(location, 0, LARGE)
        assert (full.status_code, full.json()["code"]) == (507, "B507")
        assert terminal.offset(location) == 3_000_000
    with platform_process(data, log) as (_, address):
        terminal.url = address
        assert terminal.patch(location, 3_000_000, LARGE[3_000_000:]).status_code == 204
        assert terminal.files(CASE)[0]["complete"] is True
    terminal.close()


def test_a_whole_part_that_was_not_settled_is_settled_later(tmp_path: Path, clock: ManualClock) -> None:
    """The power fails between the last byte and the look at its SHA-256."""
    data = tmp_path / "p"
    with LiveServer(data, clock=clock) as live:
        terminal = enrolled(data, live.url)
        good = terminal.create(CASE, "p01", LARGE).headers["Location"]
        bad = terminal.create(CASE, "p02", LARGE).headers["Location"]
    (data / "files" / good.rsplit("/", 1)[1]).write_bytes(LARGE)
    (data / "files" / bad.rsplit("/", 1)[1]).write_bytes(LARGE[::-1])
    with LiveServer(data, clock=clock) as live:
        terminal.url = live.url
        assert [(file["part"], file["complete"]) for file in terminal.files(CASE)] == [("p01", True)]
        terminal.close()


def leftovers(folder: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_nothing_names_the_citizen(tmp_path: Path) -> None:
    """A case, wrong cases, questions and a department's view: and then every byte that is left is searched."""
    data, log = tmp_path / "platform", tmp_path / "log"
    with platform_process(data, log) as (process, address):
        terminal = enrolled(data, address)
        case = draft_case().seal(terminal.recipients)
        terminal.send_all(case)
        number = terminal.hand_in(case).json()["acceptance_number"]
        for check in (NUMBER[-4:], "0000"):
            terminal.ask("GET", f"/v1/progress/{number}?check={check}")
        terminal.ask("PUT", f"/v1/cases/{case.case_id}", json=case.envelope | {"applicant": NAME})
        broken = _broken_case(terminal)
        assert terminal.hand_in(broken).status_code == 422
        with closing(SealingTerminal(address, operator_token(data))) as operator:
            assert operator.ask("GET", "/v1/operator/cases").json()[0]["citizen_name"] == NAME
            assert operator.ask("GET", f"/v1/operator/cases/{case.case_id}/document.pdf").ok
        terminal.close()
        found = leftovers(tmp_path)  # while it runs: the write-ahead log is there too
        process.terminate()
        process.wait()
    found |= {f"{name} (stopped)": content for name, content in leftovers(tmp_path).items()}
    assert any(b"case_received" in content for content in found.values())
    for name, content in found.items():
        for secret in (NAME, NUMBER, NUMBER[6:14], "示例路1号", "13800000000"):
            assert secret.encode("utf-8") not in content, (name, secret)
            assert secret.encode("utf-16-le") not in content, (name, secret)
            assert secret.encode("unicode_escape") not in content, (name, secret)


def _broken_case(terminal: SealingTerminal) -> SealedCase:
    case = draft_case()
    case.manifest["applicant"]["number"] = [NUMBER]
    case.manifest[NAME] = NUMBER
    case.seal(terminal.recipients)
    terminal.send_all(case)
    return case
