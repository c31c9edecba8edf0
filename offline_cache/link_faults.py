"""What an exception of requests, urllib3 or the socket says about the way to the platform."""

import errno
import http.client
import socket
import ssl

import requests
import urllib3

from ground.causes import causes
from offline_cache.errors import Garbled, NameUnknown, ProxyTrouble, Unreachable, UploadError
from offline_cache.trust import tls_fault

#: a socket that was shut down under our feet, by `Link.abort` or by the system when an interface went away
_BROKEN = {errno.ENOTCONN, errno.ESHUTDOWN, errno.EBADF, errno.ENETDOWN, errno.ENETRESET}


def fault(error: Exception) -> UploadError:
    """What an exception of requests, urllib3 or the socket says about the way to the platform."""
    behind = list(causes(error))

    def has(*kinds: type[BaseException]) -> bool:
        return any(isinstance(cause, kinds) for cause in behind)

    if has(ssl.SSLError):
        return tls_fault(behind)
    if has(urllib3.exceptions.ProxyError, requests.exceptions.ProxyError):
        return ProxyTrouble(why="proxy")
    if has(socket.gaierror, urllib3.exceptions.NameResolutionError, UnicodeError):
        return NameUnknown(why="dns")
    if has(ConnectionRefusedError):
        return Unreachable(why="refused")
    if has(TimeoutError, urllib3.exceptions.TimeoutError, requests.exceptions.Timeout):
        return Unreachable(why="timeout")
    if has(urllib3.exceptions.InvalidChunkLength, urllib3.exceptions.InvalidHeader):
        return Garbled(
            why="no HTTP"
        )  # asked before "cut": urllib3 counts a wrong chunk among incomplete reads
    if has(ConnectionError, http.client.IncompleteRead, urllib3.exceptions.IncompleteRead):
        return Unreachable(why="cut")
    if any(isinstance(cause, OSError) and cause.errno in _BROKEN for cause in behind):
        return Unreachable(why="cut")
    if has(http.client.HTTPException, urllib3.exceptions.DecodeError, requests.exceptions.InvalidHeader):
        return Garbled(why="no HTTP")
    return Unreachable(why="network", error=type(behind[-1]).__name__)
