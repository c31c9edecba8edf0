"""An HTTP relay before a real platform that answers what it likes, loses replies, or breaks at a given byte."""

import http.client
import json
import re
import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from tests.offline_cache.loopback_platform import Cut, Fault, LostReply, Says, Twisted

_RESET = struct.pack("ii", 1, 0)  # SO_LINGER 0: both sides see a reset, as when a link breaks


class LyingLink:
    """Relays to the platform at `url`, unless it was told to fail the next request that fits."""

    def __init__(self, url: str) -> None:
        self.up = True
        self.lies_told = 0
        self._to = urlsplit(url)
        self._faults: list[tuple[str, str, Fault]] = []
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"link": self}))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def close(self) -> None:
        """Nobody gets through any more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def fail(self, method: str, path: str, faults: list[Fault]) -> None:
        """Fail the next requests whose method and path fit, each with the next fault. Both are patterns."""
        with self._lock:
            self._faults = [(method, path, fault) for fault in faults]

    def be_honest(self) -> None:
        """Forget what was to be failed, and let everything through."""
        self.up = True
        self.fail("", "", [])

    def fault_for(self, method: str, path: str) -> Fault | None:
        """What is to happen to this request."""
        with self._lock:
            if not self._faults or not (
                re.fullmatch(self._faults[0][0], method) and re.fullmatch(self._faults[0][1], path)
            ):
                return None
            self.lies_told += 1
            return self._faults.pop(0)[2]

    def platform(self) -> socket.socket:
        """A new connection to it."""
        assert self._to.hostname is not None and self._to.port is not None
        return socket.create_connection((self._to.hostname, self._to.port), timeout=60)


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what these tests are about."""


class _Handler(BaseHTTPRequestHandler):
    link: LyingLink
    timeout = 60

    def do_GET(self) -> None:
        self._serve()

    do_HEAD = do_POST = do_PUT = do_PATCH = do_GET

    def log_message(self, *args: Any) -> None:
        """Quiet."""

    def _serve(self) -> None:
        """HTTP/1.0 towards the terminal: one request a connection, so that a cut hits one request alone."""
        length = int(self.headers.get("Content-Length") or 0)
        fault = self.link.fault_for(self.command, urlsplit(self.path).path)
        if not self.link.up:
            self._reset(self.connection)
        elif isinstance(fault, Cut) and fault.after_bytes < length:
            self._break_off(self.rfile.read(fault.after_bytes))
        elif isinstance(fault, Says):
            self.rfile.read(length)
            self._answer(fault.status, fault.headers, fault.body)
        else:
            self._relay(self.rfile.read(length), fault)

    def _relay(self, body: bytes, fault: Fault | None) -> None:
        with self.link.platform() as platform:
            platform.sendall(self._head() + body)
            reply = http.client.HTTPResponse(platform, method=self.command)
            reply.begin()
            content = reply.read()
        if isinstance(fault, (LostReply, Cut)):
            self._reset(self.connection)
            return
        if isinstance(fault, Twisted) and content:
            twisted = fault.change(json.loads(content))
            content = twisted if isinstance(twisted, bytes) else json.dumps(twisted).encode()
        kept = [pair for pair in reply.getheaders() if pair[0].lower() not in _OWN]
        self._answer(reply.status, tuple(kept), content, reply.getheader("Content-Length"))

    def _break_off(self, first: bytes) -> None:
        with self.link.platform() as platform:
            platform.sendall(self._head() + first)
            self._reset(platform)
        self._reset(self.connection)

    def _head(self) -> bytes:
        lines = [self.raw_requestline.strip().decode("latin-1")]
        lines += [f"{name}: {value}" for name, value in self.headers.items() if name.lower() != "connection"]
        return ("\r\n".join([*lines, "Connection: close"]) + "\r\n\r\n").encode("latin-1")

    def _answer(
        self, status: int, headers: tuple[tuple[str, str], ...], body: bytes, told: str | None = None
    ) -> None:
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        length = told if self.command == "HEAD" and told is not None else str(len(body))
        if status != 204:
            self.send_header("Content-Length", length)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _reset(self, end: socket.socket) -> None:
        self.close_connection = True
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        end.close()


_OWN = {"content-length", "connection", "transfer-encoding"}
