"""A driver of the catalogue, opened on its emulator, with the test's hand on the line between them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from devices.catalog import DRIVERS, DriverEntry
from devices.emulators import EMULATORS
from devices.emulators.base import SerialEmulator
from devices.rig import InProcessRig, register_emulators
from ground.clock import Clock, ManualClock
from tests.conformance.exchanges import EXCHANGES, Exchange

SERIAL = [entry for entry in DRIVERS if entry.reach == "wire"]
WITH_EXCHANGE = [entry for entry in SERIAL if entry.name in EMULATORS and entry.name in EXCHANGES]


_BYTE_S = 10 / 115200  # of a byte that trickles


class Line(SerialEmulator):
    """An emulator seen through a line that a test can spoil. The hand is given all that the device says."""

    def __init__(self, device: SerialEmulator) -> None:
        super().__init__(device.clock)
        self.device = device
        self.hand: Callable[[bytes], bytes] = bytes
        self._held = bytearray()  #: said, and still in the hand

    def connected(self) -> None:
        self.device.connected()

    def receive(self, data: bytes) -> None:
        self.device.receive(data)

    def take(self) -> bytes:
        return self.hand(self.device.take())

    def next_due(self) -> float | None:
        return self.clock.after(_BYTE_S) if self._held else self.device.next_due()

    def cut_after(self, count: int) -> None:
        """Let `count` more bytes pass, then nothing."""
        left = count

        def cut(said: bytes) -> bytes:
            nonlocal left
            out = said[:left]
            left -= len(out)
            return out

        self.hand = cut

    def trickle(self) -> None:
        """Let one byte pass at each look."""

        def drip(said: bytes) -> bytes:
            self._held += said
            out = bytes(self._held[:1])
            del self._held[:1]
            return out

        self.hand = drip

    def hold(self) -> Callable[[], None]:
        """Let nothing pass until what is returned is called; then all of it at once."""
        held = bytearray()
        released = False

        def keep(said: bytes) -> bytes:
            held.extend(said)
            if not released:
                return b""
            out = bytes(held)
            held.clear()
            return out

        def release() -> None:
            nonlocal released
            released = True

        self.hand = keep
        return release


class Nonsense(SerialEmulator):
    """Once `replies` are set, answers whatever it is asked by the next of them, then falls silent."""

    def __init__(self, device: SerialEmulator) -> None:
        super().__init__(device.clock)
        self.device = device
        self.replies: Iterator[bytes] | None = None

    def connected(self) -> None:
        super().connected()
        self.device.connected()

    def receive(self, data: bytes) -> None:
        if self.replies is None:
            self.device.receive(data)
            return
        self.speak()

    def speak(self) -> None:
        """Say the next reply, if there is one."""
        for reply in islice(self.replies or iter(()), 1):
            self.say(reply)

    def take(self) -> bytes:
        return super().take() + self.device.take()

    def next_due(self) -> float | None:
        return min(
            (due for due in (super().next_due(), self.device.next_due()) if due is not None), default=None
        )


@dataclass
class Stage:
    """Driver and emulator, not yet open."""

    exchange: Exchange
    clock: ManualClock
    emulator: Any
    rig: InProcessRig
    device: Any

    def ask(self) -> object:
        """The exchange's question, asked now; a device that only speaks is made to."""
        speaker = self.rig.emulator
        if self.exchange.speaks_only and isinstance(speaker, Nonsense) and speaker.replies is not None:
            self.exchange.begin(self.device)
            speaker.speak()
            return self.exchange.ask(self.device)
        return self.exchange.asked(self.device, self.emulator)


def built(entry: DriverEntry, url: str, clock: Clock, **settings: object) -> Any:
    """The driver of `entry` at `url`, closed."""
    return entry.build(entry.settings.model_validate({"driver": entry.name, "url": url, **settings}), clock)


@contextmanager
def stage(
    entry: DriverEntry, between: Callable[[SerialEmulator], SerialEmulator] = lambda device: device
) -> Iterator[Stage]:
    """`entry` in-process on a manual clock, with `between` on the line; closed at the end."""
    clock = ManualClock()
    exchange = EXCHANGES[entry.name]
    emulator = EMULATORS[entry.name](clock)
    exchange.prepare(emulator)
    rig = register_emulators({entry.name: between(emulator)})[entry.name]
    device = built(entry, rig.url, clock)
    try:
        yield Stage(exchange, clock, emulator, rig, device)
    finally:
        device.close()


@contextmanager
def stage_on_line(entry: DriverEntry) -> Iterator[tuple[Stage, Line]]:
    """The same with a `Line` between, and the device open."""
    with stage(entry, Line) as scene:
        line = scene.rig.emulator
        assert isinstance(line, Line)
        scene.device.open()
        yield scene, line
