"""One question to an IPP printer: encoded by pyipp, sent over HTTP, answered or failed in the devices' own words.

Source: RFC 8010 (encoding, transport), RFC 8011 (status codes, section B.1). pyipp's own client is not used for the
sending: it reads the answer without a deadline or a limit and follows redirections, document and all.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from itertools import count
from typing import Any, Final, TypeVar

import aiohttp
from pyipp.enums import IppOperation, IppStatus, IppTag
from pyipp.serializer import construct_attribute, encode_dict
from yarl import URL

from devices.errors import Condition, Garbled, Refused, TimedOut, Unreachable
from devices.page_printer.ipp_message import Message, parse_message

#: attributes of a request, in the order in which they are sent; a list is a set of values
Attributes = Mapping[str, Any]

_LARGEST_ANSWER: Final = 8 << 20  # bytes; attributes of a printer are some 50 kB, a long history of jobs 1 MB
_PORT: Final = 631
_CHUNK: Final = 1 << 16
_NO_OTHER_TIMEOUT: Final = aiohttp.ClientTimeout(total=None)

Told = TypeVar("Told")

# pyipp leaves out, without a word, what its table has no syntax for, and calls a medium a name; these are its
# syntaxes by RFC 8011 and PWG 5100.13
_SYNTAXES: Final[Mapping[str, IppTag]] = {
    "media": IppTag.KEYWORD,
    "print-scaling": IppTag.KEYWORD,
    "limit": IppTag.INTEGER,
}

_STATUS_CONDITIONS: Final[Mapping[int, Condition]] = {
    IppStatus.ERROR_NOT_FOUND: Condition.OFFLINE,  # a queue of another name
    IppStatus.ERROR_GONE: Condition.OFFLINE,
    IppStatus.ERROR_INTERNAL: Condition.UNRECOVERABLE,
    IppStatus.ERROR_DEVICE: Condition.UNRECOVERABLE,
    IppStatus.ERROR_SERVICE_UNAVAILABLE: Condition.BUSY,
    IppStatus.ERROR_TEMPORARY: Condition.BUSY,
    IppStatus.ERROR_BUSY: Condition.BUSY,
    IppStatus.ERROR_TOO_MANY_JOBS: Condition.BUSY,
    IppStatus.ERROR_NOT_ACCEPTING_JOBS: Condition.QUEUE_STOPPED,
    IppStatus.ERROR_PRINTER_IS_DEACTIVATED: Condition.QUEUE_STOPPED,
}
_HTTP_CONDITIONS: Final[Mapping[int, Condition]] = {
    404: Condition.OFFLINE,
    429: Condition.BUSY,
    503: Condition.BUSY,
}


class StatusRefused(Refused):
    """The printer answered with a status that is no success."""

    def __init__(self, status: int) -> None:
        self.status = status
        condition = _STATUS_CONDITIONS.get(status, Condition.BAD_COMMAND)
        super().__init__(condition, ipp_status=_name(status))


class NeverSent(Unreachable):
    """The printer is not there, so not a byte of the request reached it."""


def _name(status: int) -> str:
    try:
        return IppStatus(status).name.lower()
    except ValueError:
        return f"0x{status & 0xFFFF:04x}"


class IppLine:
    """Where a printer is. Holds no connection: every `ask` makes its own and closes it."""

    def __init__(self, url: str, user: str, *, verify_tls: bool = False) -> None:
        self.url = url
        self._user = user
        self._verify_tls = verify_tls
        self._numbers = count(1)
        self._version = (2, 0)
        self.endpoint = _endpoint(url)

    async def ask(
        self,
        operation: IppOperation,
        target: Attributes,
        *,
        job: Attributes | None = None,
        document: bytes = b"",
        session: aiohttp.ClientSession,
    ) -> Message:
        """The printer's answer; a success.

        Raises `StatusRefused` for any other status, `Refused`, `Garbled`, `Unreachable`. How long it may take is
        the caller's affair.
        """
        answer = await self._exchange(operation, target, job, document, session)
        if answer.code == IppStatus.ERROR_VERSION_NOT_SUPPORTED and self._version != (1, 1):
            self._version = (1, 1)  # RFC 8011, 4.1.8: a client asks again in the version that the printer has
            answer = await self._exchange(operation, target, job, document, session)
        if not 0 <= answer.code < 0x0100:
            raise StatusRefused(answer.code)
        return answer

    async def _exchange(
        self,
        operation: IppOperation,
        target: Attributes,
        job: Attributes | None,
        document: bytes,
        session: aiohttp.ClientSession,
    ) -> Message:
        body = self.request(operation, target, job) + document
        try:
            async with session.post(
                self.endpoint,
                data=body,
                headers={"Content-Type": "application/ipp"},
                allow_redirects=False,
                ssl=self._verify_tls,
            ) as response:
                return parse_message(await _body(response))
        except aiohttp.ClientConnectorError as error:
            raise NeverSent(url=self.url, reason=type(error).__name__) from error
        except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, OSError) as error:
            raise Unreachable(url=self.url, reason=type(error).__name__) from error
        except (aiohttp.ClientError, ValueError) as error:  # no HTTP, or headers that make no sense
            raise Garbled(protocol="http", why=type(error).__name__) from error

    def request(self, operation: IppOperation, target: Attributes, job: Attributes | None = None) -> bytes:
        """The bytes of a request without its document. `target` comes after printer-uri: job-id and the like."""
        operation_attributes: dict[str, Any] = {
            "attributes-charset": "utf-8",
            "attributes-natural-language": "en",
            "printer-uri": self.url,
        }
        if "job-id" in target:  # the target stands together (RFC 8011, 4.1.5)
            operation_attributes["job-id"] = target["job-id"]
        operation_attributes["requesting-user-name"] = self._user
        operation_attributes |= target
        encoded = encode_dict(
            {
                "version": self._version,
                "operation": operation,
                "request-id": next(self._numbers),
                "operation-attributes-tag": _known(operation_attributes),
            }
        )[:-1]
        encoded += _own(operation_attributes)
        if job:
            encoded += bytes([IppTag.JOB])
            encoded += b"".join(construct_attribute(name, value) for name, value in _known(job).items())
            encoded += _own(job)
        return encoded + bytes([IppTag.END])


def _known(attributes: Attributes) -> dict[str, Any]:
    return {name: value for name, value in attributes.items() if name not in _SYNTAXES}


def _own(attributes: Attributes) -> bytes:
    return b"".join(
        construct_attribute(name, value, _SYNTAXES[name])
        for name, value in attributes.items()
        if name in _SYNTAXES
    )


async def _body(response: aiohttp.ClientResponse) -> bytes:
    if response.status in _HTTP_CONDITIONS:
        raise Refused(_HTTP_CONDITIONS[response.status], http_status=response.status)
    if 400 <= response.status < 500:
        raise Refused(Condition.BAD_COMMAND, http_status=response.status)
    if response.status != 200:
        raise Garbled(protocol="http", http_status=response.status)
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > _LARGEST_ANSWER:
            raise Garbled(protocol="ipp", why="answer too long")
    return bytes(body)


def _endpoint(url: str) -> URL:
    """`ipp://host/path` is HTTP on port 631, `ipps` the same over TLS (RFC 3510, RFC 7472)."""
    parsed = URL(url)
    return URL.build(
        scheme="https" if parsed.scheme == "ipps" else "http",
        host=parsed.host or "localhost",
        port=parsed.explicit_port or _PORT,
        path=parsed.path or "/",
    )


def within(seconds: float, url: str, talk: Callable[[aiohttp.ClientSession], Awaitable[Told]]) -> Told:
    """Hold a whole conversation, and end it at its deadline. Blocks; raises `TimedOut` and what `talk` raises."""

    async def whole() -> Told:
        async with asyncio.timeout(seconds), aiohttp.ClientSession(timeout=_NO_OTHER_TIMEOUT) as session:
            return await talk(session)

    try:
        return asyncio.run(whole())
    except TimeoutError as error:
        raise TimedOut(url=url, within_s=seconds) from error
