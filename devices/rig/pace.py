"""Bytes on a line take time: one direction of a serial line at a given speed."""

from ground.clock import Clock

_BITS_PER_BYTE = 10  # 8N1
_GRAIN = 14  # bytes handed over at once: the receive trigger level of a 16550A


class PacedLine:
    """What is pushed in comes out at `baud` bits per second; at once when `baud` is None."""

    def __init__(self, clock: Clock, baud: int | None) -> None:
        self._clock = clock
        self._byte_s = _BITS_PER_BYTE / baud if baud else 0.0
        self._under_way = bytearray()
        self._through_at = clock.instant()  #: when the last byte that came out was through

    def push(self, data: bytes) -> None:
        """Put bytes on the line; they queue behind those under way."""
        if not self._under_way:
            self._through_at = max(self._through_at, self._clock.instant())
        self._under_way += data

    def pull(self) -> bytes:
        """The bytes that have come through by now."""
        through = len(self._under_way)
        if self._byte_s:
            passed_s = self._clock.instant() - self._through_at
            through = min(through, int(passed_s / self._byte_s + 1e-9))
        out = bytes(self._under_way[:through])
        del self._under_way[:through]
        self._through_at += through * self._byte_s
        return out

    def next_due(self) -> float | None:
        """When it pays to pull again; None while the line is empty."""
        if not self._under_way:
            return None
        return self._through_at + min(_GRAIN, len(self._under_way)) * self._byte_s

    def clear(self) -> None:
        """Lose what is under way."""
        self._under_way.clear()
