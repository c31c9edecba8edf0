"""One writer a file, and the newest wins.

A terminal whose link broke comes back long before the server notices that the old connection is dead. A plain lock
would shut it out until then; so a newcomer asks the holder to stop, and waits for it to flush what it has.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

BATCH_BYTES = 1024 * 1024  # chosen: what may wait in memory while the disk takes what came before


class Stopped(Exception):
    """The writer's turn is over: a newer one came, or nothing arrived for too long."""


class Turn:
    """The right to write one file, until somebody newer wants it."""

    def __init__(self) -> None:
        self.over = asyncio.Event()
        self.asked_to_stop = False
        self._came: list[bytes] = []
        self._size = 0
        self._news = asyncio.Event()
        self._room = asyncio.Event()

    def stop(self) -> None:
        """Ask whoever holds this turn to flush what it has and to end."""
        self.asked_to_stop = True
        self._news.set()

    async def batches(self, stream: AsyncIterator[bytes], idle_s: float) -> AsyncIterator[list[bytes]]:
        """What `stream` brings, as many pieces at once as came while the last ones were written.

        Nothing that came is dropped, however the stream ends. Raises `Stopped` when asked to stop, or after
        `idle_s` without a piece, and whatever ends the stream itself.
        """
        pull = asyncio.ensure_future(self._pull(stream))
        pull.add_done_callback(lambda _: self._news.set())
        try:
            while True:
                try:
                    async with asyncio.timeout(idle_s):
                        await self._news.wait()
                except TimeoutError:
                    raise Stopped from None
                self._news.clear()
                over = pull.done()
                batch, self._came, self._size = self._came, [], 0
                self._room.set()
                if batch:
                    yield batch
                if self.asked_to_stop:
                    raise Stopped
                if over:
                    pull.result()
                    return
        finally:
            pull.cancel()
            await asyncio.wait({pull})
            if not pull.cancelled():
                pull.exception()  # looked at, or the loop complains that nobody did

    async def _pull(self, stream: AsyncIterator[bytes]) -> None:
        async for piece in stream:
            if not piece:
                continue
            self._came.append(piece)
            self._size += len(piece)
            self._news.set()
            if self._size >= BATCH_BYTES:
                self._room.clear()
                await self._room.wait()


class Apart:
    """What threads do with the same name, they do one after the other."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[
            str, tuple[threading.Lock, int]
        ] = {}  #: name → its lock, and how many hold or want it

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Nobody else is inside with this name."""
        with self._lock:
            lock, many = self._held.get(name, (threading.Lock(), 0))
            self._held[name] = (lock, many + 1)
        try:
            with lock:
                yield
        finally:
            with self._lock:
                many = self._held[name][1] - 1
                if many:
                    self._held[name] = (lock, many)
                else:
                    del self._held[name]


class Turns:
    """Who writes which file, and who listens how far it got. Belongs to one event loop."""

    def __init__(self) -> None:
        self._holders: dict[str, Turn] = {}
        self._listeners: dict[str, set[Listener]] = {}
        self.settling = Apart()  #: for threads

    @asynccontextmanager
    async def take(self, name: str) -> AsyncIterator[Turn]:
        """The turn to write `name`, once whoever holds it has stopped. Raises `Stopped` if a newer one came."""
        turn = Turn()
        before = self._holders.get(name)
        self._holders[name] = turn
        try:
            if before is not None:
                before.stop()
                await before.over.wait()
            if turn.asked_to_stop:
                raise Stopped
            yield turn
        finally:
            turn.over.set()
            if self._holders.get(name) is turn:
                del self._holders[name]

    def tell(self, name: str, size: int) -> None:
        """Let everybody who listens know that `size` bytes of `name` are kept; -1: there is no more to come."""
        for listener in self._listeners.get(name, ()):
            listener.hear(size)

    @contextmanager
    def listening(self, name: str) -> Iterator["Listener"]:
        """Somebody who hears all that is told of `name` from now on."""
        listener = Listener()
        self._listeners.setdefault(name, set()).add(listener)
        try:
            yield listener
        finally:
            self._listeners[name].discard(listener)
            if not self._listeners[name]:
                del self._listeners[name]


class Listener:
    """Hears how far one file got; the latest alone, when the news come too fast."""

    def __init__(self) -> None:
        self._news = asyncio.Event()
        self._size = 0

    def hear(self, size: int) -> None:
        """There are `size` bytes; -1: and no more to come."""
        self._size = size
        self._news.set()

    async def sizes(self, idle_s: float) -> AsyncIterator[int]:
        """Each size, until the end or until nothing was heard for `idle_s`."""
        with suppress(TimeoutError):
            while True:
                async with asyncio.timeout(idle_s):
                    await self._news.wait()
                self._news.clear()
                if self._size < 0:
                    return
                yield self._size
