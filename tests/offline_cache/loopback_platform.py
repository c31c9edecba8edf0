"""A joint-service platform on a loopback port, made to the letter of docs/backend-api.md, that can be told to fail.

Written for these tests and independent of `backend/`: if both are right, the terminal cannot tell them apart.
"""

import base64
import contextlib
import hashlib
import json
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyrage

TOKEN = "a-terminal-token"
LOGIN_PAGE = b"<!DOCTYPE html><html><title>Wi-Fi login</title></html>"


@dataclass(frozen=True)
class Says:
    """Answer this instead of doing anything."""

    status: int
    body: bytes = b"{}"
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)


@dataclass(frozen=True)
class Silence:
    """Take the request and never answer."""


@dataclass(frozen=True)
class Cut:
    """Reset the connection after so many bytes of the request's body; those are kept."""

    after_bytes: int


@dataclass(frozen=True)
class LostReply:
    """Do it, then reset the connection instead of answering."""


@dataclass(frozen=True)
class Twisted:
    """Do it, then change the JSON answer."""

    change: Callable[[dict[str, Any]], Any]


Fault = Says | Silence | Cut | LostReply | Twisted
PORTAL_PAGE = Says(200, LOGIN_PAGE, (("Content-Type", "text/html"),))
REDIRECT = Says(302, b"", (("Location", "http://login.invalid/"),))


@dataclass
class Upload:
    """One tus upload."""

    case: str
    part: str
    sha256: str
    length: int
    content: bytearray = field(default_factory=bytearray)

    @property
    def complete(self) -> bool:
        return len(self.content) == self.length

    @property
    def right(self) -> bool:
        return self.complete and hashlib.sha256(self.content).hexdigest() == self.sha256


@dataclass
class Taken:
    """One case that was accepted."""

    acceptance_number: str
    parts: dict[str, str]
    opened: dict[str, bytes]
    puts: int = 1


class LoopbackPlatform:
    """The platform's memory, and its front door."""

    def __init__(self) -> None:
        self.identity = pyrage.x25519.Identity.generate()
        self.recipient = str(self.identity.to_public())
        self.lock = threading.RLock()
        self.mood: Callable[[str, str], Fault | None] = lambda method, path: None
        self.tokens = {TOKEN}
        self.codes = {"CODE-1": "T-1"}
        self.uploads: dict[str, Upload] = {}
        self.cases: dict[str, Taken] = {}
        self.evaluations: dict[str, dict[str, Any]] = {}
        self.evaluations_before_their_case = 0
        self.body_bytes = 0  # of PATCH requests, as far as they were read
        self.asked: list[tuple[str, str]] = []
        self.released = threading.Event()
        self.host = "127.0.0.1"  #: or "::1"
        self._port = 0
        self._server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        return (
            f"http://[{self.host}]:{self._port}" if ":" in self.host else f"http://{self.host}:{self._port}"
        )

    def up(self) -> None:
        """Open the door, always at the same port."""
        self.released.clear()
        server = _Server6 if ":" in self.host else _Server
        self._server = server((self.host, self._port), _handler(self))
        self._port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def down(self) -> None:
        """Shut the door and cut who is inside."""
        if self._server is not None:
            self.released.set()
            self._server.shutdown()
            self._server.cut_all()
            self._server.server_close()
            self._thread.join()
            self._server = None

    def fail_once(self, method: str, path: str, fault: Fault) -> None:
        """Fail the next request whose path matches the pattern, then be well again."""
        self.fail(method, path, [fault])

    def fail(self, method: str, path: str, faults: list[Fault]) -> None:
        """Fail the next requests whose path matches the pattern, each with the next fault of the list."""

        def mood(asked: str, at: str) -> Fault | None:
            if faults and asked == method and re.fullmatch(path, at):
                return faults.pop(0)
            return None

        self.mood = mood

    def open(self, sealed: bytes) -> bytes:
        opened: bytes = pyrage.decrypt(sealed, [self.identity])
        return opened

    def find(self, case: str, part: str, sha256: str) -> Upload | None:
        for upload in self.uploads.values():
            if (upload.case, upload.part, upload.sha256) == (case, part, sha256) and upload.right:
                return upload
        return None

    def take(self, envelope: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """The answer to an envelope."""
        case_id, parts = envelope["case_id"], {each["part"]: each["sha256"] for each in envelope["parts"]}
        known = self.cases.get(case_id)
        if known is not None:
            known.puts += 1
            if known.parts != parts:
                return 409, {"code": "U410"}
            return 200, self._accepted(case_id, known)
        found = {part: self.find(case_id, part, sha256) for part, sha256 in parts.items()}
        missing = [part for part, upload in found.items() if upload is None]
        if missing:
            return 409, {"code": "U409", "missing": missing}
        opened = {part: self.open(bytes(upload.content)) for part, upload in found.items() if upload}
        self.cases[case_id] = Taken(f"429006-{len(self.cases) + 1:05d}", parts, opened)
        return 201, self._accepted(case_id, self.cases[case_id])

    def _accepted(self, case_id: str, taken: Taken) -> dict[str, Any]:
        return {
            "case_id": case_id,
            "acceptance_number": taken.acceptance_number,
            "received_at": "2026-11-21T02:00:00Z",
        }


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, *args: Any) -> None:
        self.inside: set[socket.socket] = set()
        super().__init__(*args)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.inside.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.inside.discard(request)
        super().shutdown_request(request)

    def cut_all(self) -> None:
        for each in list(self.inside):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what these tests are about."""


class _Server6(_Server):
    address_family = socket.AF_INET6


def _handler(platform: LoopbackPlatform) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        shop = platform

    return Handler


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one segment, or delayed acknowledgements cost 40 ms a reply
    shop: LoopbackPlatform
    fault: Fault | None

    def do_GET(self) -> None:
        self._serve()

    do_HEAD = do_POST = do_PUT = do_PATCH = do_GET

    def log_message(self, *args: Any) -> None:
        """Quiet."""

    def _serve(self) -> None:
        path = urlsplit(self.path).path
        with self.shop.lock:
            self.shop.asked.append((self.command, path))
            self.fault = self.shop.mood(self.command, path)
        match self.fault:
            case Silence():
                self.shop.released.wait()
                self.close_connection = True
            case Says(status, body, headers):
                self._drain()
                self._answer(status, body, headers)
            case _:
                self._do(path)

    def _do(self, path: str) -> None:
        if self.command == "PATCH":
            self._patch(path)
            return
        body = self._drain()
        with self.shop.lock:
            status, content, headers = self._route(path, body)
        if isinstance(self.fault, LostReply):
            self._reset()
        elif isinstance(self.fault, Twisted):
            self._json(status, self.fault.change(content))
        elif content is None:
            self._answer(status, b"", headers)
        else:
            self._json(status, content)

    def _route(self, path: str, body: bytes) -> tuple[int, Any, tuple[tuple[str, str], ...]]:
        if (self.command, path) == ("GET", "/health"):
            said = {
                "service": "joint-service",
                "status": "ok",
                "version": "1",
                "time": "2026-11-21T02:00:00Z",
            }
            return 200, said, ()
        if path == "/v1/terminals/enrol":
            code = json.loads(body)["code"]
            terminal = self.shop.codes.pop(code, None)
            if terminal is None:
                return 403, {"code": "U403", "detail": "used"}, ()
            return 200, {"terminal_id": terminal, "token": TOKEN, "recipients": [self.shop.recipient]}, ()
        if self.headers.get("Authorization", "").removeprefix("Bearer ") not in self.shop.tokens:
            return 401, {"code": "U401"}, ()
        return self._known_terminal(path, body)

    def _known_terminal(self, path: str, body: bytes) -> tuple[int, Any, tuple[tuple[str, str], ...]]:
        shop, tus = self.shop, (("Tus-Resumable", "1.0.0"),)
        if path == "/v1/terminal":
            said = {
                "terminal_id": "T-1",
                "name": "x",
                "recipients": [shop.recipient],
                "time": "2026-11-21T02:00:00Z",
            }
            return 200, said, ()
        if (self.command, path) == ("GET", "/v1/files"):
            case = parse_qs(urlsplit(self.path).query)["case"][0]
            files = [
                {
                    "part": each.part,
                    "sha256": each.sha256,
                    "complete": each.complete,
                    "location": f"/v1/files/{name}",
                }
                for name, each in shop.uploads.items()
                if each.case == case
            ]
            return 200, {"files": files}, ()
        if (self.command, path) == ("POST", "/v1/files"):
            name = f"{len(shop.uploads):08x}"
            shop.uploads[name] = Upload(**_metadata(self.headers), length=int(self.headers["Upload-Length"]))
            return 201, None, (*tus, ("Location", f"http://wrong-host.invalid/v1/files/{name}"))
        if self.command == "HEAD":
            upload = shop.uploads.get(path.rpartition("/")[2])
            if upload is None:
                return 404, {"detail": "Not Found"}, ()
            offset = (("Upload-Offset", str(len(upload.content))), ("Upload-Length", str(upload.length)))
            return 200, None, (*tus, *offset)
        if found := re.fullmatch(r"/v1/cases/([^/]+)", path):
            assert found[1] == json.loads(body)["case_id"]
            return *shop.take(json.loads(body)), ()
        if found := re.fullmatch(r"/v1/cases/([^/]+)/evaluation", path):
            if found[1] not in shop.cases:
                shop.evaluations_before_their_case += 1
                return 404, {"code": "U404"}, ()
            shop.evaluations[found[1]] = json.loads(body)
            return 201, {}, ()
        if found := re.fullmatch(r"/v1/progress/([^/]+)", path):
            return self._progress(found[1])
        return 404, {"detail": "Not Found"}, ()

    def _progress(self, number: str) -> tuple[int, Any, tuple[tuple[str, str], ...]]:
        check = parse_qs(urlsplit(self.path).query)["check"][0]
        known = {taken.acceptance_number for taken in self.shop.cases.values()}
        if number not in known or check != "002X":
            return 404, {"code": "U404"}, ()
        step = {"at": "2026-11-21T02:00:00Z", "department": "d", "what": "w"}
        return 200, {"acceptance_number": number, "matter": "m", "state": "s", "timeline": [step]}, ()

    def _patch(self, path: str) -> None:
        upload = self.shop.uploads[path.rpartition("/")[2]]
        left = int(self.headers["Content-Length"])
        tus = (("Tus-Resumable", "1.0.0"),)
        if int(self.headers["Upload-Offset"]) != len(upload.content):
            self._drain()
            self._answer(409, b"", tus)
            return
        stop_at = self.fault.after_bytes if isinstance(self.fault, Cut) else None
        read = 0
        while left:
            most = left if stop_at is None else min(left, stop_at - read)
            if most == 0:
                self._reset()
                return
            piece = self.rfile.read1(min(most, 16384))
            if not piece:
                self.close_connection = True
                return
            read, left = read + len(piece), left - len(piece)
            with self.shop.lock:
                upload.content += piece
                self.shop.body_bytes += len(piece)
        if isinstance(self.fault, LostReply):
            self._reset()
        else:
            self._answer(204, b"", (*tus, ("Upload-Offset", str(len(upload.content)))))

    def _drain(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _json(self, status: int, content: Any) -> None:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self._answer(status, body, (("Content-Type", "application/json"),))

    def _answer(self, status: int, body: bytes, headers: tuple[tuple[str, str], ...]) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _reset(self) -> None:
        self.close_connection = True
        # Linger 0: the peer sees a reset, as when a link breaks, and not an orderly end.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


def _metadata(headers: Any) -> dict[str, str]:
    pairs = (pair.strip().split(" ") for pair in headers["Upload-Metadata"].split(","))
    return {name: base64.b64decode(value).decode() for name, value in pairs}


@contextlib.contextmanager
def loopback_platform() -> Iterator[LoopbackPlatform]:
    """A platform that is up, and gone at the end."""
    platform = LoopbackPlatform()
    platform.up()
    try:
        yield platform
    finally:
        platform.down()
