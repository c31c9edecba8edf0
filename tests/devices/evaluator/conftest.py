"""A keypad on a manual clock: driver and emulator, joined by a wire on which nothing ever waits."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from devices.emulators.neutral_evaluator import NeutralEvaluatorEmulator
from devices.evaluator.neutral_evaluator import NeutralEvaluator, NeutralEvaluatorSettings
from devices.wire import register_scheme
from ground.clock import ManualClock

_STEP_S = 0.01


class Counter:
    """An office counter with one keypad on it, and a line that may be disturbed."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.emulator = NeutralEvaluatorEmulator(self.clock)
        self.sent: list[bytes] = []  #: what the driver sent, write by write
        self.to_keypad: Callable[[bytes], bytes] = lambda data: data
        self.to_host: Callable[[bytes], bytes] = lambda data: data
        self.open_wires = 0

    def keypad(self, **settings: Any) -> NeutralEvaluator:
        return NeutralEvaluator(NeutralEvaluatorSettings(url="counter://1", **settings), self.clock)


class _CounterWire:
    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._held = b""
        counter.emulator.connected()
        counter.open_wires += 1
        self._open = True

    def write(self, data: bytes) -> None:
        self._counter.sent.append(data)
        self._counter.emulator.receive(self._counter.to_keypad(data))

    def read(self, size: int, timeout_s: float) -> bytes:
        clock = self._counter.clock
        deadline = clock.after(timeout_s)
        while True:
            self._held += self._counter.to_host(self._counter.emulator.take())
            if len(self._held) >= size or clock.due(deadline):
                break
            clock.turn(min(_STEP_S, max(clock.left(deadline), 1e-9)))
        data, self._held = self._held[:size], self._held[size:]
        return data

    def discard(self) -> None:
        self._counter.emulator.take()
        self._held = b""

    def close(self) -> None:
        self._counter.open_wires -= self._open
        self._open = False


@pytest.fixture
def counter() -> Counter:
    counter = Counter()
    register_scheme("counter", lambda url, baud: _CounterWire(counter))
    return counter


@pytest.fixture
def keypad(counter: Counter) -> Iterator[NeutralEvaluator]:
    """An open keypad."""
    keypad = counter.keypad()
    keypad.open()
    yield keypad
    keypad.close()
    assert counter.open_wires == 0
