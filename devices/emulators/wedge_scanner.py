"""A code scanner that types: key events of the US layout, as the kernel gives them.

Source: shared protocol notes, others.md §2 (keyboard mode mangles what is not ASCII).
"""

from typing import ClassVar

from devices.emulators.serial_scanner import SerialScannerEmulator
from devices.wire.key_text import format_held, format_loss, format_typing
from ground.clock import Clock


class WedgeScannerEmulator(SerialScannerEmulator):
    """The same physics; it has no ears, so `mode` "triggered" means a trigger on its handle that nobody pulls."""

    knobs: ClassVar[tuple[str, ...]] = (
        "code",
        "mode",
        "ending",
        "aim",
        "char_delay_s",
        "again_s",
        "stuck",
        "doubled",
        "half",
        "noise",
        "mute",
    )

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.stuck = False  #: the last key of each code is not let go, and repeats

    def receive(self, data: bytes) -> None:
        """A keyboard has no ears."""

    def _parts(self) -> list[bytes]:
        typed = self.aim + "".join(key for key in self._code if " " <= key <= "~") + self.ending
        strokes = format_typing(typed)
        return [*strokes[:-1], format_held(typed[-1], 30)] if self.stuck and typed else strokes

    def _spoilt(self, parts: list[bytes]) -> list[bytes]:
        """A code that breaks off, or `noise` times lost events in its middle: the kernel's buffer overflowed."""
        middle = len(parts) // 2
        lost = [format_loss()] * self.noise
        parts = parts[:middle] + lost + ([] if self.half else parts[middle:])
        self.half, self.noise = False, 0
        return parts
