"""HTTP for the health page: login, page, style sheet, logout; nothing else is answered with anything but a refusal."""

import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs

from ground.logbook import Event, Logbook
from kiosk.tending.entry import EntryDesk
from kiosk.tending.events import Rejected
from kiosk.tending.roles import Role
from kiosk.words import Words
from offline_cache.errors import CacheError
from tools.health import page as pages
from tools.health.looks import Looked
from tools.health.near import Place, is_near
from tools.health.sessions import IDLE_S, Session, Sessions

MAY_LOOK: Final = frozenset({Role.TECHNICIAN, Role.AUDITOR})
WAY: Final = "lan"
_MOST_AT_ONCE: Final = 16
_SILENCE_S: Final = 10.0  # of a browser, in the middle of a request
_LONGEST_FORM: Final = 1024


class Desk:
    """What all requests share."""

    def __init__(
        self, where: Place, entry: EntryDesk, sessions: Sessions, looked: Looked,
        words: Mapping[str, Words], logbook: Logbook, *, tls: bool,
    ) -> None:  # fmt: skip
        """`words`: by tag, the terminal's own language first."""
        self.where, self.sessions, self.looked, self.words, self.tls = where, sessions, looked, words, tls
        self._entry, self._logbook, self._turn = entry, logbook, threading.Lock()

    @property
    def origin(self) -> str:
        """As a browser writes it."""
        return f"{'https' if self.tls else 'http'}://{self.where.authority}"

    @property
    def cookie(self) -> str:
        """`__Host-`: a browser takes it from this origin alone, and over TLS alone (RFC 6265bis)."""
        return "__Host-health" if self.tls else "health"

    def enter(self, person: str, pin: str) -> str | Rejected:
        """A token, or why not. One at a time: guesses are counted in turn. Raises `CacheError`."""
        with self._turn:
            said = self._entry.by_pin(0, person, pin, WAY)
        if isinstance(said, Rejected):
            return said
        if said.role not in MAY_LOOK:
            self._logbook.write(Event.TENDING_REFUSED, way=WAY, why="role", failures=0, wait_s=0)
            return Rejected(0, "role")
        self._logbook.write(Event.TENDING_ENTERED, way=WAY, person=said.person, role=said.role.value)
        return self.sessions.begin(said.person, said.role)

    def leave(self, token: str) -> None:
        """The session ends."""
        who = self.sessions.end(token)
        if who is not None:
            self._logbook.write(Event.TENDING_LEFT, outcome="left", person=who.person, role=who.role.value)


class HealthServer(ThreadingHTTPServer):
    """Serves one desk. Whoever does not come from a local network is not heard."""

    daemon_threads = False  # closing waits for requests under way, each of which has its limits

    def __init__(self, desk: Desk, context: ssl.SSLContext | None) -> None:
        """Raises OSError when the address cannot be had."""
        self.desk, self._context = desk, context
        self.address_family = socket.AF_INET6 if ":" in desk.where.host else socket.AF_INET
        self._room = threading.BoundedSemaphore(_MOST_AT_ONCE)
        super().__init__((desk.where.host, desk.where.port), _Handler)
        self.timeout = 1.0

    def server_bind(self) -> None:
        """Without asking a name server who this is, as the library does."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = self.server_address[0], self.server_address[1]  # type: ignore[assignment]

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Only neighbours."""
        return is_near(str(client_address[0]))

    def process_request(self, request: Any, client_address: Any) -> None:
        """No more at once than there is room for."""
        if self._room.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """On a thread of its own."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()

    def finish_request(self, request: Any, client_address: Any) -> None:
        """TLS is spoken here, where a slow one holds up nobody else."""
        request.settimeout(_SILENCE_S)
        with suppress(OSError):  # whoever breaks off is not waited for
            if self._context is None:
                super().finish_request(request, client_address)
                return
            with self._context.wrap_socket(request, server_side=True) as secured:
                super().finish_request(secured, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing is printed: a library's error likes to quote what it choked on."""


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    server: HealthServer
    server_version, sys_version = "health", ""

    def do_GET(self) -> None:
        if not self._is_for_us():
            return
        match self.path:
            case "/":
                self._show()
            case "/login":
                self._say(HTTPStatus.OK, pages.login(self._words()))
            case "/style.css":
                self._say(HTTPStatus.OK, pages.STYLE, "text/css")
            case _:
                self._refuse(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        if not self._is_for_us():
            return
        if self.headers.get("Origin", self.server.desk.origin) != self.server.desk.origin:
            self._refuse(HTTPStatus.FORBIDDEN)
        elif self.path == "/login":
            self._enter()
        elif self.path == "/logout":
            self.server.desk.leave(self._token())
            self._go("/login", f"{self.server.desk.cookie}=; Max-Age=0")
        else:
            self._refuse(HTTPStatus.METHOD_NOT_ALLOWED)

    def _show(self) -> None:
        if self._session() is None:
            self._go("/login")
            return
        try:
            page = self.server.desk.looked.page(self._words())
        except (OSError, ValueError):
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)
            return
        self._say(HTTPStatus.OK, page)

    def _enter(self) -> None:
        form = self._form()
        if form is None:
            self._refuse(HTTPStatus.BAD_REQUEST)
            return
        try:
            said = self.server.desk.enter(form.get("person", ""), form.get("pin", ""))
        except CacheError:  # what cannot be counted is not judged
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)
            return
        if isinstance(said, str):
            self._go("/", f"{self.server.desk.cookie}={said}; Max-Age={int(IDLE_S)}")
            return
        wait = max(1, round(said.wait_s)) if said.wait_s else 0
        status = HTTPStatus.TOO_MANY_REQUESTS if wait else HTTPStatus.UNAUTHORIZED
        more = {"Retry-After": str(wait)} if wait else {}
        why = said.why if said.why in ("wait", "wrong_last", "unset", "role") else "wrong"
        self._say(status, pages.login(self._words(), why, wait), more=more)

    def _is_for_us(self) -> bool:
        """A page elsewhere whose name was turned to this address (DNS rebinding) has its own name in `Host`."""
        if self.headers.get_all("Host") == [self.server.desk.where.authority]:
            return True
        self._refuse(HTTPStatus.MISDIRECTED_REQUEST)
        return False

    def _form(self) -> dict[str, str] | None:
        length = self.headers.get("Content-Length", "")
        kind = self.headers.get_content_type()
        if kind != "application/x-www-form-urlencoded" or not (length.isascii() and length.isdigit()):
            return None
        if int(length) > _LONGEST_FORM:
            return None
        try:
            found = parse_qs(self.rfile.read(int(length)).decode("ascii"), max_num_fields=4)
        except ValueError:
            return None
        return {name: values[0] for name, values in found.items()}

    def _token(self) -> str:
        try:
            held = SimpleCookie(self.headers.get("Cookie", "")).get(self.server.desk.cookie)
        except CookieError:
            return ""
        return "" if held is None else held.value

    def _session(self) -> Session | None:
        token = self._token()
        return self.server.desk.sessions.of(token) if token else None

    def _words(self) -> Words:
        """Chinese, unless the browser asks for English before it."""
        known = self.server.desk.words
        for asked in self.headers.get("Accept-Language", "")[:200].lower().split(","):
            for tag, words in known.items():
                if asked.strip().startswith(tag.partition("-")[0]):
                    return words
        return next(iter(known.values()))

    def _go(self, where: str, cookie: str = "") -> None:
        more = {"Location": where}
        if cookie:
            secure = "; Secure" if self.server.desk.tls else ""
            more["Set-Cookie"] = f"{cookie}; Path=/; HttpOnly; SameSite=Strict{secure}"
        self._say(HTTPStatus.SEE_OTHER, "", more=more)

    def _refuse(self, status: HTTPStatus) -> None:
        self._say(status, f"{status.value}\n", "text/plain")

    def _say(
        self, status: HTTPStatus, text: str, kind: str = "text/html", more: Mapping[str, str] | None = None
    ) -> None:
        content = text.encode("utf-8")
        self.send_response(status)
        tls = {"Strict-Transport-Security": "max-age=31536000"} if self.server.desk.tls else {}
        headers = {"Content-Type": f"{kind}; charset=utf-8", "Content-Length": str(len(content))}
        for name, value in {**pages.HEADERS, **tls, **headers, **(more or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the library refuses by itself (another verb, no HTTP) is said without quoting it."""
        status = HTTPStatus(code)
        self._refuse(HTTPStatus.METHOD_NOT_ALLOWED if status is HTTPStatus.NOT_IMPLEMENTED else status)

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not noted; who enters is."""
