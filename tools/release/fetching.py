"""Where releases come from: a server, with what was fetched before a cut kept; or a folder, such as a stick.

Trust is no matter of this file: python-tuf asks for a file, says how long it may be, and judges what came.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote, urlsplit

import requests
from tuf.api.exceptions import DownloadError, DownloadHTTPError, DownloadLengthMismatchError
from tuf.ngclient import FetcherInterface
from urllib3.exceptions import HTTPError

from ground.clock import Clock

_PIECE_BYTES = 64 * 1024
_CONNECT_S = 10.0
_SILENCE_S = 30.0  # between two pieces
#: Slower than this over a whole `_WINDOW_S` is no link but somebody who keeps us waiting (TUF: slow retrieval).
_SLOWEST_BYTES_S = 512
_WINDOW_S = 60.0
_MISSING = 404


class HttpFetcher(FetcherInterface):
    """Over HTTP, through the environment's proxies. A package that was cut off goes on where it was."""

    def __init__(self, work: Path, clock: Clock, verify: str | None) -> None:
        """`work`: where a package grows; `verify`: PEM of the only authorities that count, None: the system's."""
        self._work = work
        self._clock = clock
        self._session = requests.Session()
        if verify is not None:
            self._session.verify = verify

    def close(self) -> None:
        self._session.close()

    @contextlib.contextmanager
    def download_file(self, url: str, max_length: int) -> Iterator[IO[bytes]]:
        """See python-tuf. Metadata is small and comes whole; a package grows in `work`."""
        name = urlsplit(url).path.rpartition("/")[2]
        if name.endswith(".json"):
            with super().download_file(url, max_length) as file:
                yield file
            return
        self._work.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = self._work / f"{name[-150:]}.part"
        for other in self._work.glob("*.part"):
            if other != part:
                other.unlink()
        with part.open("a+b") as file:
            self._grow(url, file, max_length, part)
            file.seek(0)
            try:
                yield file
            finally:  # taken, or judged to be wrong: then going on from it would never end
                part.unlink(missing_ok=True)

    def _grow(self, url: str, file: IO[bytes], most: int, part: Path) -> None:
        if file.tell() >= most:
            return
        for piece in self._pieces(url, file):
            file.write(piece)
            if file.tell() > most:
                part.unlink(missing_ok=True)
                raise DownloadLengthMismatchError(f"more than {most} bytes")
        file.flush()

    def _pieces(self, url: str, file: IO[bytes]) -> Iterator[bytes]:
        have = file.tell()
        response = self._get(url, {"Range": f"bytes={have}-"} if have else {})
        with response:
            if have and response.status_code != requests.codes.partial_content:
                file.truncate(0)  # a server that sends all of it
            yield from self._read(response)

    def _fetch(self, url: str) -> Iterator[bytes]:
        response = self._get(url, {})
        with response:
            yield from self._read(response)

    def _get(self, url: str, headers: dict[str, str]) -> requests.Response:
        headers = headers | {"Accept-Encoding": "identity"}  # lengths are those of the files
        try:
            response = self._session.get(url, headers=headers, timeout=(_CONNECT_S, _SILENCE_S), stream=True)
        except (requests.RequestException, OSError) as error:
            raise DownloadError(type(error).__name__) from error
        if response.status_code not in (requests.codes.ok, requests.codes.partial_content):
            response.close()
            raise DownloadHTTPError("refused", response.status_code)
        return response

    def _read(self, response: requests.Response) -> Iterator[bytes]:
        window, came = self._clock.after(_WINDOW_S), 0
        raw: Any = response.raw
        try:
            while piece := raw.read1(_PIECE_BYTES):
                yield piece
                came += len(piece)
                if self._clock.due(window):
                    if came < _SLOWEST_BYTES_S * _WINDOW_S:
                        raise DownloadError("too slow")
                    window, came = self._clock.after(_WINDOW_S), 0
        except (requests.RequestException, OSError, HTTPError) as error:
            raise DownloadError(type(error).__name__) from error


class FolderFetcher(FetcherInterface):
    """Out of a folder: a stick, or what `release fetch` brought. Only plain files inside it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def close(self) -> None:
        """Nothing is held."""

    def _fetch(self, url: str) -> Iterator[bytes]:
        path = (self._folder / unquote(urlsplit(url).path).lstrip("/")).resolve()
        if not path.is_relative_to(self._folder) or not path.is_file():
            raise DownloadHTTPError("not there", _MISSING)
        try:
            with path.open("rb") as file:
                while piece := file.read(_PIECE_BYTES):
                    yield piece
        except OSError as error:
            raise DownloadError(type(error).__name__) from error
