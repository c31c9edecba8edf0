"""Pages are read on a thread of their own: the reader blocks for seconds, and nobody waits for it."""

from collections.abc import Callable

import cv2
import numpy as np

from kiosk.capture.codes import find_codes
from kiosk.journey import events as ev
from kiosk.reading import Kind, Reader
from kiosk.reading.reader import READ_DEADLINE_S, START_DEADLINE_S
from kiosk.workers import Worker

#: the reader keeps to its own deadlines; only beyond both is its thread given up as lost
_DEADLINE_S = START_DEADLINE_S + READ_DEADLINE_S + 10.0


class ReadingDesk:
    """What a stage does about reading. `post` may be called from any thread."""

    def __init__(self, reader: Worker[Reader] | None, post: Callable[[ev.WorldEvent], None]) -> None:
        self._reader = reader
        self._post = post

    def read(self, ticket: int, sha256: str, jpeg: bytes, kind: Kind | None, *, codes: bool) -> None:
        """See `Stage.read_page`."""

        def failed(code: str) -> None:
            self._post(ev.ReadFailed(ticket, sha256, code))

        def do(reader: Reader) -> None:
            seen = _codes(jpeg) if codes else ()
            reading = reader.read(jpeg, kind) if kind is not None else None
            self._post(ev.PageRead(ticket, sha256, reading, seen))

        if self._reader is None:
            failed("R101")
        else:
            self._reader.ask(do, failed, _DEADLINE_S)

    def forget(self) -> None:
        """Drop the pages that wait, and the process: its memory was full of what stood on her papers."""
        if self._reader is not None:
            self._reader.drop_jobs()
            self._reader.ask(lambda reader: reader.close(), lambda code: None, _DEADLINE_S)


def _codes(jpeg: bytes) -> tuple[str, ...]:
    pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    return () if pixels is None else tuple(code.text for code in find_codes(np.asarray(pixels, np.uint8)))
