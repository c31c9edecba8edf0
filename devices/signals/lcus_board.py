"""LCUS relay boards on a CH340: four bytes switch a relay, and the board never says anything.

Source: shared protocol notes, others.md §8, from memory and for one relay; boards with more count them on.
"""

from collections.abc import Sequence

from devices.wire import Wire

_HEAD = 0xA0
_RELAYS = 16  # the largest of the family


class LcusBoard:
    """Implements `devices.signals.modbus_signals.Board` over an open wire. It has no contacts."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def greet(self) -> None:
        """Nobody answers; that the port is still there is all there is to know."""
        self._wire.discard()

    def contacts(self, first: int, count: int) -> tuple[bool, ...]:
        """None are closed: there are none."""
        return (False,) * count

    def switch(self, line: int, on: bool) -> None:
        """Switch one relay, counted from 0."""
        self._wire.write(format_relay(line, on))

    def switch_row(self, first: int, levels: Sequence[bool]) -> None:
        """Switch relays that lie side by side, one after another."""
        for line, on in enumerate(levels, first):
            self.switch(line, on)


def format_relay(line: int, on: bool) -> bytes:
    """The frame for relay `line` (0 is the board's first). Raises ValueError."""
    if not 0 <= line < _RELAYS:
        raise ValueError(f"such a board has at most {_RELAYS} relays")
    body = bytes((_HEAD, line + 1, on))
    return body + bytes((sum(body) & 0xFF,))


def parse_relay(frame: bytes) -> tuple[int, bool] | None:
    """Relay and position of a frame; None when it is none: the inverse of `format_relay`."""
    if len(frame) != 4 or not 1 <= frame[1] <= _RELAYS or frame[2] > 1:
        return None
    line, on = frame[1] - 1, bool(frame[2])
    return (line, on) if format_relay(line, on) == frame else None
