"""The sockets under a link: one time-out for both directions, the certificate shown, a way to wake who waits there."""

import socket
import ssl
import threading
import weakref
from datetime import UTC, datetime
from typing import Any, cast

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from offline_cache.trust import Trust


class Sockets:
    """The open sockets of a link, so that another thread can wake the one that waits at them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self.aborted = False
        self.certificate_until: datetime | None = None

    def note_certificate(self, opened: ssl.SSLSocket) -> None:
        """Remember until when the peer's certificate holds."""
        until = (opened.getpeercert() or {}).get("notAfter")
        if isinstance(until, str):
            self.certificate_until = datetime.fromtimestamp(ssl.cert_time_to_seconds(until), UTC)

    def add(self, opened: socket.socket) -> None:
        with self._lock:
            if self.aborted:
                opened.close()
                raise ConnectionAbortedError("stopping")
            self._open.add(opened)

    def abort(self) -> None:
        with self._lock:
            self.aborted = True
            for opened in list(self._open):
                try:
                    # Not SSLSocket.shutdown, which takes the TLS layer away under the feet of the reader.
                    socket.socket.shutdown(opened, socket.SHUT_RDWR)
                except OSError:
                    continue  # closed already


class Adapter(HTTPAdapter):
    """Tells its sockets to `Sockets`, and gives them the time-out of reading for writing too.

    Without that, urllib3 leaves the connect time-out on a fresh socket while it sends the body.
    """

    def __init__(self, sockets: Sockets, write_timeout_s: float, trust: Trust) -> None:
        self._pools = _pools(sockets, write_timeout_s, trust)
        super().__init__(pool_maxsize=2, max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: Any, **options: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **options)
        manager.pool_classes_by_scheme = self._pools
        return manager


def _pools(sockets: Sockets, write_timeout_s: float, trust: Trust) -> dict[str, type[HTTPConnectionPool]]:
    def ready(opened: Any) -> None:
        opened.settimeout(write_timeout_s)
        sockets.add(opened)

    class Plain(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            ready(self.sock)

    class Secure(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            trust.check(self.sock)
            sockets.note_certificate(cast(ssl.SSLSocket, self.sock))
            ready(self.sock)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
