"""Carries the calls of a seam between processes, for devices that are neither a stream of bytes nor a service.

One connection is one open device. Each line is a call, `{"call": "write", "with": ["00"]}`, and its answer:
`{"value": …}`, `{"fault": [errno, reason]}` for an OSError, `{"wrong": reason}` for a ValueError. The first call is
"open". When the connection ends, for whatever reason, the device is let go of as the kernel does for a dead program.
"""

import errno
import json
import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from devices.errors import DeviceError
from devices.rig.line_server import LineServer

_PATIENCE_S = 10.0  # an emulator answers at once; a busy machine does not
_LONGEST_LINE = 65536


@dataclass(frozen=True, slots=True)
class Opened:
    """An open device: what can be called on it with values that JSON knows, and how to let go of it."""

    calls: Mapping[str, Callable[..., Any]]
    close: Callable[[], None]


class SeamServer:
    """Lets other processes open a device at `SCHEME://127.0.0.1:PORT`."""

    def __init__(self, scheme: str, open_it: Callable[..., Opened], port: int = 0) -> None:
        """Serving on return. Raises OSError."""
        self._scheme, self._open = scheme, open_it
        self._server = LineServer(self._converse, port, "seam")

    @property
    def url(self) -> str:
        """What the driver's settings must say."""
        return f"{self._scheme}://127.0.0.1:{self._server.port}"

    def close(self) -> None:
        """Hang up on every client. May be called twice."""
        self._server.close()

    def _converse(self, said: BinaryIO, answers: BinaryIO) -> None:
        opened: Opened | None = None
        try:
            while line := said.readline(_LONGEST_LINE):
                answer, opened = self._answer(line, opened)
                answers.write(json.dumps(answer).encode() + b"\n")
        finally:
            if opened is not None:
                opened.close()

    def _answer(self, line: bytes, opened: Opened | None) -> tuple[dict[str, Any], Opened | None]:
        try:
            asked = json.loads(line)
            if opened is None and asked["call"] == "open":
                return {"value": None}, self._open(*asked["with"])
            if opened is None:
                raise ValueError("open it first")
            return {"value": opened.calls[asked["call"]](*asked["with"])}, opened
        except DeviceError as error:  # nothing is plugged in there
            return {"fault": [errno.ENODEV, str(error)]}, opened
        except OSError as error:
            return {"fault": [error.errno or errno.EIO, error.strerror or ""]}, opened
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            return {"wrong": str(error)}, opened


class SeamClient:
    """The other end. Raises OSError for what the device, or the way to it, refuses; ValueError for a wrong wish."""

    def __init__(self, url: str, *wishes: object) -> None:
        """Open the device at `url`."""
        try:
            where = urlsplit(url)
            address = (where.hostname or "", where.port or 0)
        except ValueError as error:
            raise OSError(errno.EINVAL, str(error)) from error
        self._socket = socket.create_connection(address, timeout=_PATIENCE_S)
        self._lines = self._socket.makefile("rb")
        try:
            self.ask("open", *wishes)
        except BaseException:
            self.close()
            raise

    def ask(self, call: str, *wishes: object) -> Any:
        """What the device answers to one call."""
        try:
            self._socket.sendall(json.dumps({"call": call, "with": wishes}).encode() + b"\n")
            line = self._lines.readline(_LONGEST_LINE)
        except TimeoutError as error:
            raise OSError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT)) from error
        if not line:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        answer = json.loads(line)
        if "fault" in answer:
            raise OSError(*answer["fault"])
        if "wrong" in answer:
            raise ValueError(answer["wrong"])
        return answer["value"]

    def close(self) -> None:
        """Hang up; the other side lets go of the device. May be called twice."""
        self._lines.close()
        self._socket.close()
