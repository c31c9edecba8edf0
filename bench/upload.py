"""What resuming costs: one sealed part of 128 MiB to the platform on loopback, whole and over a line that breaks.

The peer is `requests.put` of the same file to the same server process (a route that writes what comes and syncs it
once, but compares no SHA-256), and to a bare `http.server` that does the same. Each is measured in turns with ours.
Cut, the line is a proxy that resets both ends at random places, five times a file on average; counted is every byte
that left the file again.
"""

import contextlib
import hashlib
import http.server
import io
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import requests
import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from backend.app import create_app
from backend.settings import Settings
from backend.terminals import enrol, make_code
from bench.report import Ratio
from ground.clock import RealClock
from offline_cache.errors import UploadError
from offline_cache.platform import Platform

FILE_BYTES = 128 * 1024 * 1024
SMALL_FILE_BYTES = 8 * 1024 * 1024
CUTS_A_FILE = 5
ROUNDS = 5
FULL_SIZE = 3  # rounds
FOUR_FIFTHS = 1 / 0.8  # of the peer's speed, as a ratio of times
TWICE = 0.03
BLOCK = 256 * 1024
ROOT = Path(__file__).parents[1]


def measure(rounds: int = ROUNDS) -> list[Ratio]:
    """All ratios of this file; with fewer than `FULL_SIZE` rounds of a small file, which shows only that it runs."""
    size = FILE_BYTES if rounds >= FULL_SIZE else SMALL_FILE_BYTES
    with tempfile.TemporaryDirectory(prefix="bench-upload-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        content = os.urandom(size)
        (folder / "part").write_bytes(content)
        server = stack.enter_context(_child("bench.upload", "platform", str(folder / "platform"))).split()
        bare = stack.enter_context(_child("bench.upload", "bare", str(folder))).split()[0]
        sending = Sending(folder / "part", hashlib.sha256(content).hexdigest(), *server)
        stack.callback(sending.close)
        return [*_whole(sending, bare, rounds), *_cut(sending, rounds)]


class Sending:
    """The file on its way, by whichever client."""

    def __init__(self, file: Path, sha256: str, url: str, token: str) -> None:
        self.file, self.size, self.url = file, file.stat().st_size, url
        self._sha256 = sha256
        self._token, self._case = token, ""
        self._platform = self._at(url)

    def _at(self, url: str, chunk_bytes: int | None = None) -> Platform:
        return Platform(url, self._token, RealClock(), chunk_bytes=chunk_bytes)

    def ours(self) -> None:
        """By the terminal's client."""
        self._send(self._platform)

    def verified(self) -> None:
        """Wait until the platform has compared the SHA-256 of what was sent last."""
        (there,) = self._platform.files(self._case)
        assert there.complete

    def put(self, url: str) -> None:
        """By a bare PUT."""
        with self.file.open("rb") as file:
            requests.put(f"{url}/bench", data=file, timeout=600).raise_for_status()

    def over(self, url: str, chunk_bytes: int | None) -> int:
        """By the terminal's client over a line that breaks, as often as it takes; the bytes that left the file."""
        platform = self._at(url, chunk_bytes)
        try:
            return self._send(platform)
        finally:
            platform.close()

    def _send(self, platform: Platform) -> int:
        self._case = uuid.uuid4().hex
        what = {"case": self._case, "part": "p00", "sha256": self._sha256}
        location = until_it_works(lambda: platform.uploads.create(self.size, what))
        with self.file.open("rb") as raw:
            counted = Counted(raw)

            def rest() -> None:
                there = platform.uploads.offset(location, self.size)
                assert there is not None
                platform.uploads.send(location, counted, self.size, there, lambda _: None)  # type: ignore[arg-type]

            try:
                platform.uploads.send(location, counted, self.size, 0, lambda _: None)  # type: ignore[arg-type]
            except UploadError:
                until_it_works(rest)
            return counted.bytes

    def close(self) -> None:
        """Let go of the connection."""
        self._platform.close()


class Counted:
    """A file that counts what is read from it: no more can have been handed to the line."""

    def __init__(self, file: io.BufferedReader) -> None:
        self._file = file
        self.seek = file.seek
        self.bytes = 0

    def read(self, count: int) -> bytes:
        piece = self._file.read(count)
        self.bytes += len(piece)
        return piece


def until_it_works(work: Callable[[], Any]) -> Any:
    """What `work` gives once the line lets it."""
    while True:
        with contextlib.suppress(UploadError):
            return work()


def _whole(sending: Sending, bare: str, rounds: int) -> list[Ratio]:
    works: dict[str, Callable[[], object]] = {
        "ours": sending.ours,
        "put": lambda: sending.put(sending.url),
        "bare": lambda: sending.put(bare),
    }
    sending.put(sending.url)  # the first of each finds caches cold
    sending.ours()
    took: dict[str, list[float]] = {name: [] for name in [*works, "verified"]}
    order = list(works)
    for _ in range(rounds):
        order.reverse()
        for name in order:
            took[name].append(_seconds(works[name]))
            if name == "ours":  # a PUT verifies nothing, so it is not kept waiting by our verifying either
                took["verified"].append(_seconds(sending.verified))
    ours_s, put_s, bare_s, verified_s = (statistics.median(times) for times in took.values())
    mega = sending.size / 1e6
    size = f"{sending.size // 2**20} MiB: {mega / ours_s:.0f} MB/s"
    same = f"{size} / {mega / put_s:.0f} MB/s; its SHA-256 is known {verified_s * 1e3:.0f} ms later"
    return [
        Ratio(
            "upload: resumable, uncut / requests PUT to the same server", ours_s / put_s, FOUR_FIFTHS, same
        ),
        Ratio(
            "upload: resumable, uncut / requests PUT to a bare http.server",
            ours_s / bare_s,
            None,
            f"{size} / {mega / bare_s:.0f} MB/s",
        ),
    ]


def _seconds(work: Callable[[], object]) -> float:
    clock = RealClock()
    began = clock.instant()
    work()
    return clock.instant() - began


def _cut(sending: Sending, rounds: int) -> list[Ratio]:
    ratios = []
    for name, chunk_bytes, limit in (
        ("as the platform tells how far it got", None, TWICE),
        ("in PATCHes of 4 MiB", 4 * 1024 * 1024, None),
    ):
        sent = cuts = 0
        for seed in range(rounds):
            with _line(sending, seed) as (url, count):
                sent += sending.over(url, chunk_bytes)
                cuts += count()
        twice = sent / (rounds * sending.size) - 1
        detail = f"{cuts} cuts in {rounds} files of {sending.size // 2**20} MiB"
        ratios.append(Ratio(f"upload: sent again {name} / the file", twice, limit, detail))
    return ratios


@contextlib.contextmanager
def _line(sending: Sending, seed: int) -> Iterator[tuple[str, Callable[[], int]]]:
    """A line that breaks: its address, and how often it broke so far."""
    port = sending.url.rpartition(":")[2]
    with _process("bench.cutting_proxy", port, str(sending.size / CUTS_A_FILE), str(seed)) as proxy:

        def count() -> int:
            print(file=proxy.stdin, flush=True)
            return int(_said(proxy))

        yield f"http://127.0.0.1:{_said(proxy)}", count


@contextlib.contextmanager
def _child(*command: str) -> Iterator[str]:
    """The first line that it says."""
    with _process(*command) as process:
        yield _said(process)


@contextlib.contextmanager
def _process(*command: str) -> Iterator["subprocess.Popen[str]"]:
    """`python -m …`, which ends when its standard input closes."""
    asked = [sys.executable, "-m", *command]
    with subprocess.Popen(
        asked, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        try:
            yield process
        finally:
            process.communicate(timeout=60)


def _said(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    if not line:
        raise RuntimeError("a process of this bench said nothing")
    return line


def _serve_platform(data: Path) -> None:
    """The platform with one route more, the peer's; prints its address and the token of a terminal."""
    platform_app = create_app(data, settings=Settings(part_max_bytes=2 * FILE_BYTES), journal=io.StringIO())
    platform = platform_app.state.platform

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("path") != "/bench":
            await platform_app(scope, receive, send)
            return
        with data.with_name("same-server").open("wb") as file:
            async for piece in Request(scope, receive).stream():
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        await Response(status_code=201)(scope, receive, send)

    with socket.create_server(("127.0.0.1", 0)) as door:
        server = uvicorn.Server(
            uvicorn.Config(app, http="h11", ws="none", log_level="warning", access_log=False)
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        token = enrol(platform, make_code(platform)[0], "bench", "")[1]
        print(f"http://127.0.0.1:{door.getsockname()[1]}", token, flush=True)
        sys.stdin.read()
        server.should_exit = True
        thread.join()


def _serve_bare(folder: Path) -> None:
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *said: object) -> None:
            """Quiet."""

        def do_PUT(self) -> None:
            left = int(self.headers["Content-Length"])
            with (folder / "bare").open("wb") as file:
                while left:
                    piece = self.rfile.read1(min(left, BLOCK))
                    file.write(piece)
                    left -= len(piece)
                file.flush()
                os.fsync(file.fileno())
            self.send_response(201)
            self.send_header("Content-Length", "0")
            self.end_headers()

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(f"http://127.0.0.1:{server.server_port}", flush=True)
        sys.stdin.read()
        server.shutdown()


if __name__ == "__main__":
    {"platform": _serve_platform, "bare": _serve_bare}[sys.argv[1]](Path(sys.argv[2]))
