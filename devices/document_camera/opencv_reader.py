"""The thread that reads a camera: it alone touches the source, and keeps the newest frame in one slot."""

import threading
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from devices.document_camera import Frame
from devices.document_camera.opencv_picture import Mode, Picture
from devices.document_camera.opencv_settling import Exposure, Focus
from devices.document_camera.opencv_sources import Source
from devices.errors import DeviceError, TimedOut, Unreachable
from ground.clock import Clock

_MISSES = 3  # reads in a row without a picture; one alone may be a broken JPEG
_FOCUS_FRAMES = 12  # at most; a lens that hunts longer has nothing to hold on to
_LOOK_S = 0.1  # how often a waiting caller checks that the camera is still plugged in


@runtime_checkable
class Lens(Protocol):
    """A source that can be told to focus."""

    def focus(self, on: bool) -> bool:
        """Begin to focus, or hold the focus from now on; False when that is not to be done, or cannot be."""
        ...


@dataclass(frozen=True, slots=True)
class Order:
    """What the reader shall deliver. Each still is an order of its own: no older frame can answer it."""

    mode: Mode
    number: int


@dataclass(frozen=True, slots=True)
class _Slot:
    order: Order
    number: int
    frame: Frame


class Reader:
    """Reads `source` on its own thread from `start` until `stop`."""

    def __init__(self, source: Source, clock: Clock, name: str, warm_up_frames: int) -> None:
        self._source = source
        self._clock = clock
        self._name = name
        self._warm_up_frames = warm_up_frames
        self._changed = threading.Condition()
        self._order: Order | None = None
        self._slot: _Slot | None = None
        self._frames = 0
        self._failure: DeviceError | None = None
        self._stopping = False
        # A daemon: a read that hangs in the kernel must not keep the terminal from ending.
        self._thread = threading.Thread(target=self._run, name=f"camera {name}", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self, patience_s: float) -> None:
        """End the thread, waiting at most `patience_s`."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._thread.join(patience_s)

    def want(self, mode: Mode, anew: bool = False) -> Order:
        """Ask for frames of `mode`; with `anew` only such as are taken from now on."""
        with self._changed:
            if self._order is None or anew or self._order.mode != mode:
                self._order = Order(mode, 1 if self._order is None else self._order.number + 1)
                self._changed.notify_all()
            return self._order

    def frame(self, order: Order, newer_than: int, deadline: float) -> tuple[int, Frame]:
        """The newest frame of `order` with its number. Raises Unreachable, TimedOut, Garbled."""
        with self._changed:
            while True:
                slot = self._slot
                if slot is not None and slot.order == order and slot.number > newer_than:
                    return slot.number, slot.frame
                if self._failure is not None:
                    raise self._failure
                if self._stopping or not self._source.present():
                    raise Unreachable(device=self._name, reason="closed" if self._stopping else "gone")
                if self._clock.due(deadline):
                    raise TimedOut(device=self._name, mode=order.mode.name)
                self._changed.wait(min(_LOOK_S, max(0.001, self._clock.left(deadline))))

    def _run(self) -> None:
        try:
            self._read_until_stopped()
        except DeviceError as error:
            with self._changed:
                self._failure = error
                self._changed.notify_all()
        finally:
            self._source.close()

    def _read_until_stopped(self) -> None:
        current: Order | None = None
        while (order := self._next_order(current)) is not None:
            if order != current:
                self._source.open(order.mode)
                current = order
                picture = self._settled(order)
            else:
                picture = self._read(order)
            if picture is not None:
                self._publish(order, picture)

    def _next_order(self, current: Order | None) -> Order | None:
        """The order to work on; None when the thread shall end. Leaves slow sources their pause."""
        with self._changed:
            if self._order == current and self._source.pause_s > 0:
                self._changed.wait_for(lambda: not self._is_current(current), timeout=self._source.pause_s)
            return None if self._stopping else self._order

    def _is_current(self, order: Order | None) -> bool:
        return self._order == order and not self._stopping

    def _read(self, order: Order) -> Picture | None:
        """One frame; None when something else is wanted by now. Raises Unreachable after several misses."""
        for _ in range(_MISSES):
            picture = self._source.read()
            if picture is not None:
                return picture
            if not self._is_current(order):
                return None
        raise Unreachable(device=self._name, reason="no picture")

    def _settled(self, order: Order) -> Picture | None:
        """The first frame after the exposure has come to rest, or the last of the allowed warm-up frames.

        The first still of a visit waits for the focus, too, and then holds it: a hand that moves through the
        picture must not send the lens hunting.
        """
        picture = self._read(order)
        if not self._source.live or picture is None:
            return picture
        picture = self._resting(order, Exposure(), picture, self._warm_up_frames)
        lens = self._source
        if (
            order.mode.name != "still"
            or picture is None
            or not isinstance(lens, Lens)
            or not lens.focus(True)
        ):
            return picture
        picture = self._resting(order, Focus(), picture, _FOCUS_FRAMES)
        lens.focus(False)
        return picture

    def _resting(
        self, order: Order, judge: Exposure | Focus, picture: Picture, frames: int
    ) -> Picture | None:
        """The frame with which `judge` rests, or the last of `frames`; None when something else is wanted."""
        judge.rests(picture.pixels)
        for _ in range(frames):
            following = self._read(order)
            if following is None or not self._is_current(order):
                return None
            picture = following
            if judge.rests(picture.pixels):
                break
        return picture

    def _publish(self, order: Order, picture: Picture) -> None:
        frame = Frame(picture.pixels, self._clock.instant(), picture.jpeg)
        with self._changed:
            self._frames += 1
            self._slot = _Slot(order, self._frames, frame)
            self._changed.notify_all()
