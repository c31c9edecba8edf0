"""Our tus client at servers that are not ours, and a client that is not ours at our platform: does every byte arrive?

    python -m bench.interop --setup   # once: pip and npm put the peers into build/interop, a throwaway folder
    python -m bench.interop           # prints a line for each pair; exit 1 unless all arrived

Peers: tuspyserver and tuspy (PyPI), @tus/server with @tus/file-store (npm). They are no dependency of ours, so this is
no part of `make test`, and of `make bench` only where they are installed. Each upload runs whole and over a line that
breaks five times a file (bench/cutting_proxy.py).
"""

import argparse
import contextlib
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.report import Ratio
from bench.upload import CUTS_A_FILE, Counted, until_it_works
from ground.clock import RealClock
from offline_cache.errors import UploadError
from offline_cache.link import Link, Timeouts
from offline_cache.platform import Platform
from offline_cache.tus import Tus

ROOT = Path(__file__).parents[1]
PEERS = ROOT / "build" / "interop"
PYTHON = PEERS / "venv" / "bin" / "python"
FILE_BYTES = 16 * 1024 * 1024
WAIT_S = 60.0

_TUSPYSERVER = """
import sys, uvicorn
from fastapi import FastAPI
from tuspyserver import create_tus_router
app = FastAPI()
app.include_router(create_tus_router(files_dir=sys.argv[2], prefix="files"))
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error")
"""
_TUS_NODE = """
const {Server} = require("@tus/server");
const {FileStore} = require("@tus/file-store");
const server = new Server({path: "/files", datastore: new FileStore({directory: process.argv[2]})});
server.listen({host: "127.0.0.1", port: Number(process.argv[1])});
"""
_TUSPY = """
import sys
from tusclient.client import TusClient
url, token, file, case, sha256, chunk = sys.argv[1:]
client = TusClient(url + "/v1/files", headers={"Authorization": "Bearer " + token})
told = {"case": case, "part": "p00", "sha256": sha256}
client.uploader(file, chunk_size=int(chunk), metadata=told, retries=60, retry_delay=0).upload()
"""


_WAYS: tuple[tuple[str, int | None], ...] = (("whole", None), ("over a line that breaks", 3))


@dataclass(frozen=True)
class Met:
    """One pair that met."""

    name: str
    arrived: bool
    detail: str


def main(arguments: Sequence[str]) -> int:
    """Meet them all; 0 when every byte arrived everywhere."""
    parser = argparse.ArgumentParser(prog="python -m bench.interop")
    parser.add_argument("--setup", action="store_true", help="install the peers into build/interop first")
    if parser.parse_args(arguments).setup:
        set_up()
    if not PYTHON.exists():
        print("the peers are not here: python -m bench.interop --setup", file=sys.stderr)
        return 2
    good = True
    for met in meetings():
        print(f"{'ok  ' if met.arrived else 'LOST'}  {met.name}  ({met.detail})", flush=True)
        good = good and met.arrived
    return 0 if good else 1


def set_up() -> None:
    """Put the peers into the throwaway folder. Raises CalledProcessError."""
    shutil.rmtree(PEERS, ignore_errors=True)
    PEERS.mkdir(parents=True)
    subprocess.run([sys.executable, "-m", "venv", PEERS / "venv"], check=True)
    subprocess.run([PYTHON, "-m", "pip", "-q", "install", "tuspy", "tuspyserver", "uvicorn"], check=True)
    if shutil.which("npm"):
        subprocess.run(["npm", "init", "-y"], cwd=PEERS, check=True, stdout=subprocess.DEVNULL)
        quiet = ["--silent", "--no-audit", "--no-fund"]
        subprocess.run(["npm", "install", *quiet, "@tus/server", "@tus/file-store"], cwd=PEERS, check=True)


def measure(_rounds: int = 1) -> list[Ratio]:
    """For `make bench`: what did not arrive of the file, a ratio a pair; none where the peers are not installed."""
    if not PYTHON.exists():
        return []
    return [
        Ratio(f"interop: {met.name}: lost / sent", 0.0 if met.arrived else 1.0, 0.0, met.detail)
        for met in meetings()
    ]


def meetings() -> Iterator[Met]:
    """Every pair, one after the other."""
    with tempfile.TemporaryDirectory(prefix="interop-") as name:
        folder = Path(name)
        file = folder / "part"
        file.write_bytes(os.urandom(FILE_BYTES))
        servers: dict[str, list[str]] = {"tuspyserver": [str(PYTHON), "-c", _TUSPYSERVER]}
        if shutil.which("node") and (PEERS / "node_modules" / "@tus" / "server").is_dir():
            servers["@tus/server"] = ["node", "-e", _TUS_NODE]
        for server, command in servers.items():
            yield from _at_a_foreign_server(
                server, command, file, folder / server.strip("@").replace("/", "-")
            )
        yield from _at_our_platform(file, folder)


def _at_a_foreign_server(name: str, command: list[str], file: Path, kept: Path) -> Iterator[Met]:
    kept.mkdir()
    port = _free_port()
    with _running([*command, str(port), str(kept)], port):
        for way, through in _WAYS:
            with _line(port, through) as (at, cuts):
                sent, location = _upload(f"http://127.0.0.1:{at}", file)
                arrived = _sha256(_stored(kept, location)) == _sha256(file)
                twice = sent / FILE_BYTES - 1
                detail = f"{FILE_BYTES // 2**20} MiB, {cuts()} cuts, {twice:.1%} sent twice"
                yield Met(f"our client at {name}, {way}", arrived, detail)


def _upload(url: str, file: Path) -> tuple[int, str]:
    """By our client; the bytes that left the file, and where it was told to send them."""
    link = Link(url, None, RealClock(), Timeouts(5.0, 30.0))
    tus = Tus(link, "/files")
    what = {"filename": "part", "filetype": "application/octet-stream"}
    try:
        location: str = until_it_works(lambda: tus.create(FILE_BYTES, what))
        with file.open("rb") as raw:
            counted = Counted(raw)

            def rest() -> None:
                there = tus.offset(location, FILE_BYTES)
                assert there is not None
                tus.send(location, counted, FILE_BYTES, there, lambda _: None)  # type: ignore[arg-type]

            try:
                tus.send(location, counted, FILE_BYTES, 0, lambda _: None)  # type: ignore[arg-type]
            except UploadError:
                until_it_works(rest)
            return counted.bytes, location
    finally:
        link.close()


def _stored(kept: Path, location: str) -> Path:
    name = location.rpartition("/")[2]
    return next(path for path in kept.rglob(f"{name}*") if path.suffix not in (".info", ".json", ".lock"))


def _at_our_platform(file: Path, folder: Path) -> Iterator[Met]:
    asked = [sys.executable, "-m", "bench.upload", "platform", str(folder / "platform")]
    with subprocess.Popen(
        asked, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        url, token = process.stdout.readline().split()
        for way, through in _WAYS:
            with _line(int(url.rpartition(":")[2]), through) as (at, cuts):
                case = uuid.uuid4().hex
                command = [str(PYTHON), "-c", _TUSPY, f"http://127.0.0.1:{at}", token, str(file), case]
                command += [_sha256(file), str(1024 * 1024)]
                done = subprocess.run(command, capture_output=True, text=True, timeout=600)
                detail = (
                    f"{FILE_BYTES // 2**20} MiB in pieces of 1 MiB, {cuts()} cuts; exit {done.returncode}"
                )
            yield Met(f"tuspy at our platform, {way}", _is_there(url, token, case), detail)
        process.communicate()


def _is_there(url: str, token: str, case: str) -> bool:
    """Whether the platform has all of it and found its SHA-256 right."""
    platform = Platform(url, token, RealClock())
    try:
        return [each.complete for each in platform.files(case)] == [True]
    finally:
        platform.close()


@contextlib.contextmanager
def _line(port: int, seed: int | None) -> Iterator[tuple[int, Callable[[], int]]]:
    """The port itself, or one of a line to it that breaks; and how often it broke."""
    if seed is None:
        yield port, lambda: 0
        return
    mean = str(FILE_BYTES / CUTS_A_FILE)
    asked = [sys.executable, "-m", "bench.cutting_proxy", str(port), mean, str(seed)]
    with subprocess.Popen(
        asked, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        out = process.stdout

        def cuts() -> int:
            print(file=process.stdin, flush=True)
            return int(out.readline())

        yield int(out.readline()), cuts
        process.communicate()


@contextlib.contextmanager
def _running(command: list[str], port: int) -> Iterator[None]:
    """A foreign server, from when it answers; ended by its own process id."""
    environment = os.environ | {"NODE_PATH": str(PEERS / "node_modules")}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            _await(port)
            yield
        finally:
            process.terminate()


def _await(port: int) -> None:
    clock = RealClock()
    end = clock.after(WAIT_S)
    while not clock.due(end):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1.0):
            return
        clock.wait(0.1)
    raise TimeoutError("a foreign server does not answer")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
