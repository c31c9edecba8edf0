"""How long a PATCH to a server may be that does not tell how far it got, and may lose all of one that is cut.

Each costs a round trip, in which the line rests; each that is cut may be lost. So its length follows the throughput
that was measured: as much as the line takes in `AIM_S`; on a line that broke, no more than a share of what went through
since.
"""

LEAST_BYTES = 256 * 1024  # chosen: tuspy was measured to send 2.1 % twice with it, when cut five times a file
FIRST_BYTES = 1024 * 1024  # chosen: one page, mostly
MOST_BYTES = 16 * 1024 * 1024  # chosen: tuspy reached the speed of a bare PUT with it
SHARE = 1 / 8  # chosen: half of it is lost on average, so a cut costs some 6 % of what went through
AIM_S = 2.0  # chosen: a round trip of 100 ms then costs a twentieth


class Chunks:
    """The length of the next PATCH, of one link."""

    def __init__(self, fixed: int | None = None) -> None:
        """`fixed`: always this many bytes."""
        self._fixed = fixed
        self._size = FIRST_BYTES
        self._since_cut: int | None = None  #: bytes; None: it never broke
        self.bytes_s: float | None = (
            None  #: throughput as last measured; None before the first, and without a clock
        )

    @property
    def size(self) -> int:
        """Bytes of the next PATCH, at most."""
        if self._fixed is not None or self._since_cut is None:
            return self._fixed or self._size
        return max(LEAST_BYTES, min(self._size, int(self._since_cut * SHARE)))

    def went(self, count: int, took_s: float) -> None:
        """A PATCH of `count` bytes was answered after `took_s`."""
        if self._since_cut is not None:
            self._since_cut += count
        if took_s > 0:
            self.bytes_s = count / took_s
        wanted = self._size * 2 if self.bytes_s is None else int(self.bytes_s * AIM_S)
        self._size = max(LEAST_BYTES, min(wanted, self._size * 2, MOST_BYTES))

    def cut(self) -> None:
        """The link broke in the middle of one."""
        self._since_cut = 0
