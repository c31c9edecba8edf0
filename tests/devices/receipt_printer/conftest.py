"""A printer on a manual clock: the driver and the emulator, joined by a wire on which nothing ever waits."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from devices.emulators.escpos import EscposEmulator
from devices.receipt_printer.escpos import EscposPrinter, EscposSettings
from devices.wire import register_scheme
from ground.clock import ManualClock

_STEP_S = 0.005


class Bench:
    """An emulated printer, its clock, and a line to it that may be listened to and disturbed."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.emulator = EscposEmulator(self.clock)
        self.sent = bytearray()  #: everything that the driver sent
        self.disturb: Callable[[bytes], bytes] = lambda data: (
            data
        )  #: what the line makes of the printer's bytes
        self.when: list[tuple[Callable[[], bool], Callable[[], None]]] = []  #: (as soon as, do) once
        self.probes: list[Callable[[], None]] = []  #: called between two bytes on the line
        self.open_wires = 0

    def printer(self, **settings: Any) -> EscposPrinter:
        return EscposPrinter(EscposSettings(url="bench://printer", **settings), self.clock)

    def once(self, as_soon_as: Callable[[], bool], do: Callable[[], None]) -> None:
        """Call `do` when `as_soon_as` holds for the first time, between two bytes on the line."""
        self.when.append((as_soon_as, do))

    def happen(self) -> None:
        for probe in self.probes:
            probe()
        due = [pair for pair in self.when if pair[0]()]
        self.when = [pair for pair in self.when if pair not in due]
        for _, do in due:
            do()


class _BenchWire:
    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._held = b""
        bench.emulator.connected()
        bench.open_wires += 1
        self._open = True

    def write(self, data: bytes) -> None:
        self._bench.happen()
        self._bench.sent += data
        self._bench.emulator.receive(data)

    def read(self, size: int, timeout_s: float) -> bytes:
        clock = self._bench.clock
        deadline = clock.after(timeout_s)
        while True:
            self._bench.happen()
            self._held += self._bench.disturb(self._bench.emulator.take())
            if len(self._held) >= size or clock.due(deadline):
                break
            clock.turn(min(_STEP_S, max(clock.left(deadline), 1e-9)))
        data, self._held = self._held[:size], self._held[size:]
        return data

    def discard(self) -> None:
        self._bench.emulator.take()
        self._held = b""

    def close(self) -> None:
        self._bench.open_wires -= self._open
        self._open = False


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    register_scheme("bench", lambda url, baud: _BenchWire(bench))
    yield bench
    assert bench.open_wires <= 1


@pytest.fixture
def printer(bench: Bench) -> Iterator[EscposPrinter]:
    """An open printer with 80 mm paper."""
    printer = bench.printer()
    printer.open()
    yield printer
    printer.close()
