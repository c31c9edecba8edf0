"""One writer a file, and the newest wins.

A terminal whose link broke comes back long before the server notices that the old connection is dead. A plain lock
would shut it out until then; so a newcomer asks the holder to stop, and waits for it to flush what it has.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Stopped(Exception):
    """The writer's turn is over: a newer one came, or nothing arrived for too long."""


class Turn:
    """The right to write one file, until somebody newer wants it."""

    def __init__(self) -> None:
        self.asked_to_stop = asyncio.Event()
        self.over = asyncio.Event()

    async def chunks(self, stream: AsyncIterator[bytes], idle_s: float) -> AsyncIterator[bytes]:
        """What `stream` brings. Raises `Stopped` when asked to stop, or after `idle_s` without a chunk."""
        stop = asyncio.ensure_future(self.asked_to_stop.wait())
        try:
            while True:
                pull = asyncio.ensure_future(anext(stream, None))
                await asyncio.wait({pull, stop}, timeout=idle_s, return_when=asyncio.FIRST_COMPLETED)
                if stop.done() or not pull.done():
                    pull.cancel()
                    await asyncio.wait({pull})
                    raise Stopped
                chunk = pull.result()
                if chunk is None:
                    return
                yield chunk
        finally:
            stop.cancel()


class Turns:
    """Who writes which file. Belongs to one event loop."""

    def __init__(self) -> None:
        self._holders: dict[str, Turn] = {}

    @asynccontextmanager
    async def take(self, name: str) -> AsyncIterator[Turn]:
        """The turn to write `name`, once whoever holds it has stopped. Raises `Stopped` if a newer one came."""
        turn = Turn()
        before = self._holders.get(name)
        self._holders[name] = turn
        try:
            if before is not None:
                before.asked_to_stop.set()
                await before.over.wait()
            if turn.asked_to_stop.is_set():
                raise Stopped
            yield turn
        finally:
            turn.over.set()
            if self._holders.get(name) is turn:
                del self._holders[name]
