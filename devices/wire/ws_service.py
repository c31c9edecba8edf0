"""A vendor's service on this machine, over a WebSocket: texts both ways.

The same rules as for `http_service`: only this machine unless the settings allow another, no proxy, and nothing of what
was said in an error.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import ClientConnection, connect

from devices.errors import DeviceError, Garbled, TimedOut, Unreachable
from devices.wire.service_settings import WsServiceSettings

LONGEST_TEXT = 64 << 20  # bytes; an 18 MP JPEG as base64 has 14 MB at most
_GOODBYE_S = 0.5  # that the other side may take over the closing handshake
#: close codes by which this side says that what came was no WebSocket, no UTF-8, or too long (RFC 6455, 7.4.1)
_NONSENSE = (1002, 1007, 1009)


class WsLink:
    """One open connection: one thread hears, any thread says or closes."""

    def __init__(self, settings: WsServiceSettings, timeout_s: float) -> None:
        """Connect within `timeout_s`. Raises Unreachable, TimedOut, Garbled."""
        self._url = settings.url
        with self._translated():
            self._connection: ClientConnection = connect(
                settings.url,
                legacy=True,
                proxy=None,
                compression=None,
                open_timeout=min(timeout_s, settings.connect_timeout_s),
                ping_interval=None,  # vendors' servers are not sure to answer pings; deadlines find a dead one
                close_timeout=_GOODBYE_S,
                max_size=LONGEST_TEXT,
            )

    def say(self, text: str) -> None:
        """Send one text. Raises Unreachable."""
        with self._translated():
            self._connection.send(text)

    def texts(self) -> Iterator[str]:
        """What comes, until the connection ends; binary messages are passed over. Raises Unreachable, Garbled."""
        while True:
            with self._translated():
                said = self._connection.recv()
            if isinstance(said, str):
                yield said

    def close(self) -> None:
        """Hang up; `texts` ends in another thread. May be called twice."""
        with suppress(WebSocketException, OSError):
            self._connection.close()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (WebSocketException, OSError, EOFError) as error:
            raise _fault(error, self._url) from error


def _fault(error: Exception, url: str) -> DeviceError:
    """What an exception of websockets or the socket says about the service."""
    if isinstance(error, TimeoutError):
        return TimedOut(url=url)
    if isinstance(error, ConnectionClosed):
        nonsense = error.sent is not None and error.sent.code in _NONSENSE and not error.rcvd_then_sent
        return (
            Garbled(url=url, code=error.sent.code)
            if nonsense and error.sent
            else Unreachable(url=url, reason="cut")
        )
    if isinstance(error, OSError | EOFError) or isinstance(error.__cause__, OSError | EOFError):
        return Unreachable(url=url, reason="refused" if isinstance(error, ConnectionRefusedError) else "cut")
    return Garbled(url=url, reason="no WebSocket")
