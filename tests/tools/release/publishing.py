"""A real publisher with real keys, and a real server over HTTP that can be told to misbehave."""

import http.server
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ground.clock import Clock
from tools.release.keyring import new_key, public_key, signer
from tools.release.publisher import about_of
from tools.release.repository import Holders, Repository

OFFLINE = ("anna", "bo", "chen")


class Publisher:
    """Keys and a repository."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.keys, self.folder, self.clock = folder / "keys", folder / "repository", clock
        self.repository = Repository(self.folder, clock)
        for name in (*OFFLINE, "release", "online"):
            new_key(self.keys, name, "")

    def signer(self, name: str) -> Any:
        return signer(self.keys / f"{name}.key", "")

    def holders(self, *offline: str, release: str = "release", threshold: int = 2) -> Holders:
        public = [public_key(self.keys / f"{name}.pub") for name in offline or OFFLINE]
        release_key = public_key(self.keys / f"{release}.pub")
        return Holders(public, threshold, release_key, public_key(self.keys / "online.pub"))

    def begin(self) -> None:
        self.repository.draft(self.holders())
        for name in OFFLINE[:2]:
            self.repository.sign(self.signer(name))

    def publish(self, version: str, content: bytes = b"", key: str = "release") -> None:
        package = self.keys.parent / f"tiantianshun_{version}_amd64.deb"
        package.write_bytes(content or version.encode() * 40_000)
        about = {"version": version, "channel": "stable", "architecture": "amd64", "database": 3}
        self.repository.publish(package, about, self.signer(key), self.signer("online"))

    def release(self, package: Path) -> None:
        """A real package, as `release publish` does."""
        about = about_of(package) | {"channel": "stable"}
        self.repository.publish(package, about, self.signer("release"), self.signer("online"))

    def copy(self, folder: Path) -> "Publisher":
        """The same, of one's own."""
        shutil.copytree(self.keys.parent, folder)
        own = object.__new__(Publisher)
        own.keys, own.folder, own.clock = folder / "keys", folder / "repository", self.clock
        own.repository = Repository(own.folder, own.clock)
        return own

    @property
    def root(self) -> bytes:
        return (self.folder / "metadata" / "1.root.json").read_bytes()


@dataclass
class Server:
    """What is served, and how it misbehaves."""

    folder: Path
    url: str = ""
    cut_after: int = 0  #: bytes of a package, then the line breaks
    endless: str = ""  #: the end of a path that never ends
    drips: Callable[[], object] | None = None  #: called between two bytes of a package
    asked: list[tuple[str, str]] = field(default_factory=list)  #: path, Range


def _handler(server: Server) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append((self.path, self.headers.get("Range", "")))
            path = server.folder / self.path.lstrip("/")
            if not path.is_file():
                self.send_error(404)
                return
            content, start = path.read_bytes(), 0
            if (wanted := self.headers.get("Range", "")) and not server.endless:
                start = int(wanted.removeprefix("bytes=").rstrip("-"))
            self.send_response(206 if start else 200)
            endless = bool(server.endless) and self.path.endswith(server.endless)
            if not endless:
                self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            try:
                if endless:
                    while True:
                        self.wfile.write(b"x" * 65536)
                if server.drips is not None and path.suffix == ".deb":
                    for byte in content[start:]:
                        self.wfile.write(bytes([byte]))
                        self.wfile.flush()
                        server.drips()
                end = start + server.cut_after if server.cut_after and path.suffix == ".deb" else None
                self.wfile.write(content[start:end])
            except OSError:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Nothing on the test's standard error."""

    return Handler


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """Serves a folder on a port of its own."""
    server = Server(folder)
    http_server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler(server))
    server.url = f"http://127.0.0.1:{http_server.server_address[1]}"
    thread = threading.Thread(target=http_server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        http_server.shutdown()
        thread.join()
        http_server.server_close()
