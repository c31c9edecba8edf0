"""What the rigs with real descriptors share: one thread that carries bytes between host and emulator.

Every descriptor belongs to that thread alone: `unplug`, `replug` and `close` hand it a wish and wait until it is
done, so that no descriptor is closed under a read.
"""

import os
import queue
import select
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from types import TracebackType
from typing import Protocol, Self

from devices.emulators.base import SerialEmulator
from devices.rig.pace import PacedLine

_TICK_S = 0.005  # how often an emulator is asked whether it has something to say; below any device's latency
_WISH_S = 30.0  # longer than the busiest machine needs for one turn of the pump
_CHUNK = 4096


class Rig(Protocol):
    """Something that makes one emulator reachable."""

    emulator: SerialEmulator

    @property
    def url(self) -> str:
        """What the driver's settings must say."""
        ...

    def unplug(self) -> None:
        """Pull the plug. Does nothing when it is out."""
        ...

    def replug(self) -> None:
        """Put the plug in (again), as a new device under the same stable name."""
        ...

    def close(self) -> None:
        """Take everything away. May be called twice."""
        ...


class PumpedRig(ABC):
    """A rig with a thread. Subclasses own the descriptors; all methods with _ run on the pump's thread."""

    def __init__(self, emulator: SerialEmulator, paced_baud: int | None) -> None:
        """Plugged in and pumping on return. `paced_baud`: bytes take their time on the line, both ways."""
        self.emulator = emulator
        self._clock = emulator.clock
        self._to_emulator = PacedLine(self._clock, paced_baud)
        self._to_host = PacedLine(self._clock, paced_baud)
        self._host_is_there = False
        self._wishes: queue.SimpleQueue[tuple[Callable[[], None], Future[None]]] = queue.SimpleQueue()
        self._wake_out, self._wake_in = os.pipe()
        self._ended = False
        self._thread = threading.Thread(target=self._run, name=f"rig {type(emulator).__name__}", daemon=True)
        self._thread.start()
        try:
            self.replug()
        except OSError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def unplug(self) -> None:
        """Pull the plug. Does nothing when it is out."""
        self._wish(self._pull_out)

    def replug(self) -> None:
        """Put the plug in (again). Does nothing when it is in. Raises OSError."""
        self._wish(self._put_in)

    def close(self) -> None:
        """End the thread and let go of every descriptor. May be called twice."""
        if self._ended:
            return
        self._wish(self._end)
        self._thread.join()
        os.close(self._wake_in)
        os.close(self._wake_out)

    def _wish(self, wish: Callable[[], None]) -> None:
        if self._ended:
            raise RuntimeError("the rig is closed")
        if not self._thread.is_alive():  # it died of a bug in the emulator, which has been reported
            wish()
            return
        done: Future[None] = Future()
        self._wishes.put((wish, done))
        os.write(self._wake_in, b"!")
        done.result(_WISH_S)

    def _end(self) -> None:
        self._pull_out()
        self._ended = True

    def _run(self) -> None:
        while not self._ended:
            self._turn()

    def _turn(self) -> None:
        with suppress(OSError):  # a descriptor that died is found dead by the read below
            awake, _, _ = select.select([self._wake_out, *self._watched()], [], [], self._idle_s())
            if self._wake_out in awake:
                os.read(self._wake_out, _CHUNK)
        with suppress(queue.Empty):
            while True:
                wish, done = self._wishes.get_nowait()
                try:
                    wish()
                    done.set_result(None)
                except OSError as error:
                    done.set_exception(error)
        if not self._ended:
            self._carry()

    def _carry(self) -> None:
        heard = self._hear()
        if (heard is not None) != self._host_is_there:
            self._host_is_there = heard is not None
            self._forget_under_way()
        if heard is None:
            self.emulator.take()  # what a device says to nobody is lost
            return
        if heard:
            self._to_emulator.push(heard)
        arrived = self._to_emulator.pull()
        if arrived:
            self.emulator.receive(arrived)
        said = self.emulator.take()
        if said:
            self._to_host.push(said)
        through = self._to_host.pull()
        if through:
            self._say(through)

    def _forget_under_way(self) -> None:
        self._to_emulator.clear()
        self._to_host.clear()
        if self._host_is_there:
            self.emulator.connected()

    def _idle_s(self) -> float:
        dues: Sequence[float | None] = (
            self._to_emulator.next_due(),
            self._to_host.next_due(),
            self.emulator.next_due(),
        )
        return min([_TICK_S, *(self._clock.left(due) for due in dues if due is not None)])

    @abstractmethod
    def _watched(self) -> list[int]:
        """The descriptors whose reading is worth waking up for."""

    @abstractmethod
    def _put_in(self) -> None:
        """Make the device appear. Raises OSError."""

    @abstractmethod
    def _pull_out(self) -> None:
        """Make the device disappear."""

    @abstractmethod
    def _hear(self) -> bytes | None:
        """What the host sent since the last turn; None while no host has the line open."""

    @abstractmethod
    def _say(self, data: bytes) -> None:
        """Send to the host; what does not fit because nobody reads is lost, as on a line without flow control."""
