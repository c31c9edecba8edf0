"""The link: HTTP to one platform over one `requests.Session`, always with time-outs, and stoppable at any
moment.

A request ends in a `Reply`, whatever its status, or in `Unreachable`, `Portal` (a foreign TLS name) or
`Garbled` (what answers does not speak HTTP). What a reply means is for `answers` to say.
"""

import http.client
import http.cookiejar
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import requests
import urllib3

from ground.clock import Clock
from offline_cache.errors import Corrupt, Garbled, Unreachable, UploadError
from offline_cache.link_faults import fault
from offline_cache.link_sockets import Adapter, Sockets
from offline_cache.signing import RequestSigner
from offline_cache.trust import Trust

LONGEST_REPLY_BYTES = 4 * 1024 * 1024  # chosen: far above any reply of the contract; longer is nonsense
PIECE_BYTES = 64 * 1024  # one time-out covers one piece, so a link of 4 kB/s still delivers


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long a silent platform is waited for."""

    connect_s: float = 5.0
    read_s: float = 20.0  #: between two pieces, in either direction
    reply_s: float = 60.0  #: for the whole body of a reply, however it trickles


USUAL_TIMEOUTS = Timeouts()


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP reply, not yet judged."""

    status: int
    headers: Mapping[str, str]  #: names in any case
    body: bytes = field(repr=False)

    @property
    def media_type(self) -> str:
        """Such as application/json; "" when there is none."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    @property
    def is_html(self) -> bool:
        """Whether it is a page for people, which the platform never sends to a terminal."""
        return "html" in self.media_type or self.body[:256].lstrip().lower().startswith(
            (b"<!doctype", b"<html")
        )

    @property
    def is_json(self) -> bool:
        """Whether it says of itself that it is JSON; a reply to HEAD says so without a body."""
        return self.media_type == "application/json" or self.media_type.endswith("+json")

    def json(self) -> Any:
        """The body as JSON. Raises `Garbled`."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise Garbled(status=self.status, why="no JSON") from error


class Pieces:
    """Part of a file as a request body that never lies in memory as a whole."""

    def __init__(
        self,
        file: BinaryIO,
        offset: int,
        length: int,
        before: Callable[[int, int], None] = lambda at, count: None,
        piece_bytes: int = PIECE_BYTES,
    ) -> None:
        """`before` is called with place and length of each piece, and may rest, or raise to break off."""
        self._file = file
        self._offset = offset
        self._length = length
        self._before = before
        self._piece = piece_bytes

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[bytes]:
        """The pieces. Raises `Corrupt` when the disk does not give them: that is no fault of the line."""
        at, end = self._offset, self._offset + self._length
        while at < end and (piece := self._read(at, min(self._piece, end - at))):
            self._before(at, len(piece))
            at += len(piece)
            yield piece

    def _read(self, at: int, most: int) -> bytes:
        try:
            self._file.seek(at)
            return self._file.read(most)
        except OSError as error:
            raise Corrupt(why="unreadable", errno=error.errno) from error


class Listening:
    """A reply that comes line by line while something else goes on. Every method raises `UploadError`."""

    def __init__(self, response: requests.Response) -> None:
        self._response = response
        self._rest = b""
        self.status = response.status_code
        self.lines = 0  #: that came

    def line(self) -> bytes | None:
        """The next line, without its end; None at the end of all."""
        while b"\n" not in self._rest:
            try:
                piece = self._response.raw.read1(PIECE_BYTES, decode_content=True)
            except (urllib3.exceptions.HTTPError, OSError) as error:
                raise fault(error) from error
            if not piece or len(self._rest) > PIECE_BYTES:
                return None
            self._rest += piece
        line, _, self._rest = self._rest.partition(b"\n")
        self.lines += 1
        return line


class Link:
    """One platform, one session, one thread at a time; only `abort` may come from another thread."""

    def __init__(
        self,
        base_url: str,
        token: str | None,
        clock: Clock,
        timeouts: Timeouts = USUAL_TIMEOUTS,
        *,
        signer: RequestSigner | None = None,
        trust: Trust | None = None,
    ) -> None:
        """`base_url` such as https://platform.example/kiosk; raises ValueError for anything but http(s).

        With a `signer` every request is signed; `trust` None trusts whom the system trusts.
        """
        address = urlsplit(base_url)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise ValueError(f"not an http or https address: {base_url}")
        if token is not None and not (token.isascii() and token.isprintable()):
            raise ValueError("the token must be printable ASCII")
        self._base = base_url.rstrip("/")
        self._clock = clock
        self._timeouts = timeouts
        self._sockets = Sockets()
        self._session = requests.Session()
        self._signer = signer
        self._trust = trust or Trust()
        self._session.auth = _Bearer(token, signer)
        self._session.cookies.set_policy(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, Adapter(self._sockets, timeouts.read_s, self._trust))

    @property
    def base_url(self) -> str:
        """The platform's address, without a slash at its end."""
        return self._base

    @property
    def clock(self) -> Clock:
        """What its time-outs are measured with."""
        return self._clock

    @property
    def certificate_until(self) -> datetime | None:
        """When the certificate that the platform showed last ends; None without TLS."""
        return self._sockets.certificate_until

    @property
    def aborted(self) -> bool:
        """Whether nothing will go out any more."""
        return self._sockets.aborted

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | Pieces | None = None,
        longest_reply: int = LONGEST_REPLY_BYTES,
    ) -> Reply:
        """One request, one reply of at most `longest_reply` bytes. Redirects are not followed: none are sent.

        One that the platform refuses for the time of its signature alone is signed by the platform's time and repeated.
        """
        reply = self._once(method, path, query, headers, body, longest_reply)
        signer, refused = self._signer, reply.status == 401 and reply.is_json
        if refused and signer is not None and signer.learns(reply.json()):
            return self._once(method, path, query, headers, body, longest_reply)
        return reply

    def _once(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None,
        headers: Mapping[str, str] | None,
        body: bytes | Pieces | None,
        longest_reply: int,
    ) -> Reply:
        try:
            with self._begun(method, path, query, headers, body) as response:
                return Reply(response.status_code, response.headers, self._read(response, longest_reply))
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise self._fault(error) from error

    @contextmanager
    def listening(self, path: str) -> Iterator[Listening]:
        """A reply that is read while another request of this link goes out. Raises `UploadError`."""
        try:
            response = self._begun("GET", path, None, None, None)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise self._fault(error) from error
        with response:
            yield Listening(response)

    def _begun(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None,
        headers: Mapping[str, str] | None,
        body: bytes | Pieces | None,
    ) -> requests.Response:
        """The one place where requests leave. The reply's body is still to be read."""
        return self._session.request(
            method,
            self._base + path,
            params=query,
            headers=headers,
            data=body,
            allow_redirects=False,
            stream=True,
            timeout=(self._timeouts.connect_s, self._timeouts.read_s),
            verify=self._trust.verify,  # on each request, or REQUESTS_CA_BUNDLE would overrule it
        )

    def _fault(self, error: Exception) -> UploadError:
        return Unreachable(why="stopping") if self._sockets.aborted else fault(error)

    def _read(self, response: requests.Response, longest: int) -> bytes:
        body = bytearray()
        end = self._clock.after(self._timeouts.reply_s)
        while piece := response.raw.read1(PIECE_BYTES, decode_content=True):
            body += piece
            if len(body) > longest:
                raise Garbled(status=response.status_code, why="endless")
            if self._clock.due(end):
                raise Unreachable(why="timeout", while_="reading")
        return bytes(body)

    def abort(self) -> None:
        """Break off whatever is under way, and refuse everything from now on. May come from any thread."""
        self._sockets.abort()

    def close(self) -> None:
        """Let go of all connections."""
        self._session.close()


class _Bearer(requests.auth.AuthBase):
    """The terminal's token and signature. An auth object, because otherwise a ~/.netrc would overrule the header."""

    def __init__(self, token: str | None, signer: RequestSigner | None = None) -> None:
        self._token = token
        self._signer = signer

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        if self._signer is not None:
            method, url = str(request.method), str(request.url)
            request.headers.update(self._signer.signed(method, url, request.headers, request.body))
        return request
