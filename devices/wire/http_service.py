"""A vendor's service on this machine, over HTTP: one question, one JSON object, within a deadline.

Cabinet makers put their devices behind small HTTP servers on 127.0.0.1 instead of under the operating system. What
they have in common is here; verbs and field names are the drivers'. One connection a question: it costs a tenth of a
millisecond on this machine, and neither a dead kept-alive connection nor a late answer can be taken for the next one.

Neither proxies nor redirects are followed, only this machine is talked to unless the settings allow another, and what
a service said never stands in an error: it may be a citizen's name.
"""

import json
import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Literal, Self

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool

from devices.errors import DeviceError, Garbled, TimedOut, Unreachable
from devices.wire.service_settings import ServiceSettings
from ground.causes import causes
from ground.clock import Clock

Method = Literal["GET", "POST"]

LONGEST_ANSWER = 4 << 20  # bytes; chosen: a card with its portrait has some 50 kB. Cameras set more
_SHORTEST_S = 0.001  # time-out; requests takes none that has passed already
_PIECE = 64 << 10  # bytes read at once
#: vendors' encodings: UTF-8, with a byte order mark at times, or the Chinese Windows code page
_ENCODINGS = ("utf-8-sig", "gb18030")
_JSONP = re.compile(r"\A\s*[\w$.]+\s*\(\s*(\{.*\})\s*\)\s*;?\s*\Z", re.S)


class HttpService:
    """One service. Has no state but its address: any thread may ask, and several at once."""

    def __init__(self, settings: ServiceSettings, clock: Clock, longest_answer: int = LONGEST_ANSWER) -> None:
        self._base = settings.url.rstrip("/")
        self._settings = settings
        self._clock = clock
        self._longest = longest_answer

    def ask(
        self,
        method: Method,
        path: str,
        body: object | None = None,
        *,
        query: Mapping[str, str] | None = None,
        patience_s: float | None = None,
        deadline: float | None = None,
    ) -> dict[str, Any]:
        """The JSON object that the service answers; `body` goes out as JSON.

        `patience_s` replaces the time-out for silence, for what takes its time; `deadline` (an instant of the clock)
        the one for the whole question. Raises Unreachable, TimedOut, Garbled.
        """
        deadline = self._clock.after(self._settings.deadline_s) if deadline is None else deadline
        with self._call(patience_s, deadline) as call, call.asked(method, path, body, query) as answer:
            text = call.whole(answer, self._longest)
        return parse_object(text, path)

    def stream(self, path: str, query: Mapping[str, str] | None = None) -> "Stream":
        """An endless answer, not yet asked for."""
        return Stream(self._call(None, None), path, query)

    def _call(self, patience_s: float | None, deadline: float | None) -> "_Call":
        settings = self._settings
        patience_s = settings.answer_timeout_s if patience_s is None else patience_s
        return _Call(self._base, self._clock, settings.connect_timeout_s, patience_s, deadline)


class Stream:
    """An endless answer: read by one thread, broken off by any other."""

    def __init__(self, call: "_Call", path: str, query: Mapping[str, str] | None) -> None:
        self._call = call
        self._path = path
        self._query = query

    def pieces(self) -> Iterator[bytes]:
        """What comes, as it comes; ends when the service ends it. Raises Unreachable, TimedOut, Garbled."""
        with self._call as call, call.asked("GET", self._path, None, self._query) as answer:
            while piece := answer.raw.read1(_PIECE, decode_content=False):
                yield piece

    def abort(self) -> None:
        """Make `pieces` end now. Called by another thread, at any time, also before or after."""
        self._call.abort()


class _Call:
    """One connection and what goes over it."""

    def __init__(
        self, base: str, clock: Clock, connect_s: float, patience_s: float, deadline: float | None
    ) -> None:
        self._base = base
        self._adapter = _Adapter(clock, patience_s, deadline)
        left = connect_s if deadline is None else clock.left(deadline)
        self._timeouts = (min(connect_s, max(_SHORTEST_S, left)), max(_SHORTEST_S, patience_s))
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy of the environment has no business on this machine
        self._session.mount("http://", self._adapter)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()
        self._adapter.close()

    def abort(self) -> None:
        """Break off what is under way, and let nothing begin."""
        self._adapter.abort()

    @contextmanager
    def asked(
        self, method: Method, path: str, body: object | None, query: Mapping[str, str] | None
    ) -> Iterator[requests.Response]:
        """The answer with its body still to come; what goes wrong until its end is translated."""
        headers = {"Accept-Encoding": "identity", "Connection": "close"}
        if body is not None:
            headers["Content-Type"] = "application/json; charset=utf-8"
        try:
            with self._session.request(
                method,
                f"{self._base}/{path.lstrip('/')}",
                params=query,
                data=None if body is None else json.dumps(body, ensure_ascii=False).encode(),
                headers=headers,
                allow_redirects=False,
                stream=True,
                timeout=self._timeouts,
            ) as answer:
                if not 200 <= answer.status_code < 300:
                    raise Garbled(path=path, status=answer.status_code)
                yield answer
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise _fault(error, path) from error

    def whole(self, answer: requests.Response, longest: int) -> bytes:
        """The body to its end. Raises Garbled when there is no end to it."""
        body = bytearray()
        while piece := answer.raw.read1(_PIECE, decode_content=False):
            body += piece
            if len(body) > longest:
                raise Garbled(reason="answer too long", bytes=len(body))
        return bytes(body)


class _Bounded(socket.socket):
    """A socket whose reads stop at a deadline, however the other side trickles; urllib3 knows only pauses."""

    clock: Clock
    patience_s: float
    deadline: float | None

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        left = self.patience_s
        if self.deadline is not None:
            left = min(left, self.clock.left(self.deadline))
        if left <= 0:
            raise TimeoutError("deadline")
        self.settimeout(left)
        return super().recv_into(buffer, nbytes, flags)


class _Adapter(HTTPAdapter):
    """Opens `_Bounded` connections, which can be broken off from another thread."""

    def __init__(self, clock: Clock, patience_s: float, deadline: float | None) -> None:
        super().__init__(max_retries=0)
        self._bounds = (clock, patience_s, deadline)
        self._open: list[socket.socket] = []
        self._aborted = False

    def get_connection_with_tls_context(
        self, request: Any, verify: Any, proxies: Any = None, cert: Any = None
    ) -> HTTPConnectionPool:
        pool = super().get_connection_with_tls_context(request, verify, proxies, cert)
        assert isinstance(pool, HTTPConnectionPool)
        adapter = self

        class Connection(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return adapter.bounded(super()._new_conn())

        pool.ConnectionCls = Connection  # of this pool, which is this call's alone
        return pool

    def bounded(self, plain: socket.socket) -> socket.socket:
        """The same connection with a deadline."""
        pause = plain.gettimeout()
        connection = _Bounded(fileno=plain.detach())
        connection.settimeout(pause)
        connection.clock, connection.patience_s, connection.deadline = self._bounds
        self._open.append(connection)
        if self._aborted:
            self.abort()
        return connection

    def abort(self) -> None:
        """Wake whoever reads."""
        self._aborted = True
        for connection in self._open:
            with suppress(OSError):  # not connected any more
                connection.shutdown(socket.SHUT_RDWR)


def parse_object(body: bytes, path: str) -> dict[str, Any]:
    """The JSON object that `body` is, bare or as JSONP. Raises Garbled, whose facts hold nothing of it."""
    text = _decoded(body, path)
    wrapped = _JSONP.match(text)
    said: object = None
    with suppress(ValueError, RecursionError):  # not chained: a JSONDecodeError carries the whole text along
        said = json.loads(wrapped[1] if wrapped else text)
    if not isinstance(said, dict):
        raise Garbled(path=path, reason="no JSON object", bytes=len(body))
    return said


def _decoded(body: bytes, path: str) -> str:
    for encoding in _ENCODINGS:
        with suppress(UnicodeDecodeError):
            return body.decode(encoding)
    raise Garbled(path=path, reason="neither UTF-8 nor GB18030", bytes=len(body))


def _fault(error: Exception, path: str) -> DeviceError:
    """What an exception of requests, urllib3 or the socket says about the service."""
    behind = list(causes(error))

    def has(*kinds: type[BaseException]) -> bool:
        return any(isinstance(cause, kinds) for cause in behind)

    if has(ConnectionRefusedError):  # asked first: urllib3 counts it among the time-outs
        return Unreachable(path=path, reason="refused")
    if has(socket.gaierror, urllib3.exceptions.NameResolutionError):
        return Unreachable(path=path, reason="no such address")
    if has(TimeoutError, requests.Timeout, urllib3.exceptions.ReadTimeoutError):
        return TimedOut(path=path)
    if has(urllib3.exceptions.InvalidChunkLength, urllib3.exceptions.InvalidHeader):
        return Garbled(path=path, reason="no HTTP")  # urllib3 counts a wrong chunk among incomplete reads
    if has(ConnectionError, urllib3.exceptions.IncompleteRead):
        return Unreachable(path=path, reason="cut")
    if has(urllib3.exceptions.NewConnectionError):
        return Unreachable(path=path, reason="no way there")
    return Garbled(path=path, reason="no HTTP", error=type(error).__name__)
