"""From a keyboard's events to keys that were meant: chatter, trembling and leaning on a key do not count."""

from collections.abc import Iterator

from devices.errors import Unreachable
from devices.wire import Wire, open_wire
from devices.wire.input_events import (
    DOWN,
    EV_KEY,
    EV_SYN,
    SYN_DROPPED,
    SYN_REPORT,
    UP,
    InputEvent,
    parse_events,
)
from ground.clock import Clock

#: added to the code of a key that went down while Shift was held
SHIFTED = 0x10000
SHIFTS = (42, 54)  # KEY_LEFTSHIFT, KEY_RIGHTSHIFT
_CHUNK = 4096  # bytes taken from the wire at once
_MOST_CHUNKS = 16  # a keyboard that never falls silent must not hold the driver
_STUCK_S = 60.0  # chosen: nobody holds a key so long; a bag lies on it, or it is broken


class Taps:
    """Keeps what is held and half an event between calls. Instants are seconds of whatever clock."""

    def __init__(self, debounce_s: float, hold_s: float) -> None:
        """The same key again within `debounce_s` after it came up is the same press (a hand that trembles); a key
        counts once it was held for `hold_s` (a hand that brushes other keys on its way); 0: at once."""
        self._debounce_s, self._hold_s = debounce_s, hold_s
        self._half = b""
        self._dropping = False
        self._down: dict[int, float] = {}
        self._waiting: dict[int, float] = {}  #: held, and not yet long enough
        self._up_at: dict[int, float] = {}

    def reset(self) -> None:
        """Forget everything: the device was opened anew."""
        self._half, self._dropping = b"", False
        for held in (self._down, self._waiting, self._up_at):
            held.clear()

    def forget_half(self) -> None:
        """The rest of an event that did not come whole will not come."""
        self._half = b""

    def feed(self, data: bytes, now: float) -> list[int]:
        """The codes that count, in order, of what came at `now`; with `SHIFTED` where Shift was down."""
        events, self._half = parse_events(self._half + data)
        return [code for event in events for code in self._taps(event, now)]

    def due(self, now: float) -> list[int]:
        """The codes that have been held long enough by now."""
        held = [code for code, since in self._waiting.items() if now - since >= self._hold_s]
        for code in held:
            del self._waiting[code]
        return held

    def longest_s(self, now: float) -> float:
        """For how long some key has been down: something lies on it, or it is broken."""
        return max((now - since for since in self._down.values()), default=0.0)

    def _taps(self, event: InputEvent, now: float) -> Iterator[int]:
        if event.type == EV_SYN:
            self._after_loss(event.code)
        elif event.type == EV_KEY and not self._dropping:
            if event.value == UP:
                self._release(event.code, now)
            elif event.value == DOWN and self._press(event.code, now):
                yield event.code + SHIFTED * any(shift in self._down for shift in SHIFTS)

    def _press(self, code: int, now: float) -> bool:
        again = now - self._up_at.get(code, float("-inf")) < self._debounce_s
        self._down[code] = now
        if again:
            return False
        if self._hold_s > 0:
            self._waiting[code] = now
            return False
        return True

    def _release(self, code: int, now: float) -> None:
        self._down.pop(code, None)
        self._waiting.pop(code, None)
        self._up_at[code] = now

    def _after_loss(self, code: int) -> None:
        """The kernel's buffer overflowed: what is down now is unknown, and nothing counts up to the next report."""
        if code == SYN_DROPPED:
            self._dropping = True
            self._down.clear()
            self._waiting.clear()
        elif code == SYN_REPORT:
            self._dropping = False


class KeyLine:
    """A keyboard's wire, read as taps. Raises `Unreachable` where the keyboard is gone."""

    def __init__(self, url: str, taps: Taps, clock: Clock) -> None:
        self._url, self._clock = url, clock
        self._wire: Wire | None = None
        self.taps = taps

    def open(self) -> None:
        """Take it. Whether somebody presses shows with the first key: a keyboard cannot be asked."""
        if self._wire is None:
            self._wire = open_wire(self._url)
            self.taps.reset()

    def close(self) -> None:
        """Let go of it. May be called twice."""
        if self._wire is not None:
            self._wire.close()
        self._wire = None

    def codes(self, timeout_s: float) -> list[int]:
        """The codes that count since the last call; waits up to `timeout_s` for the first."""
        if self._wire is None:
            raise Unreachable(url=self._url, reason="not open")
        found: list[int] = []
        for _ in range(_MOST_CHUNKS):
            data = self._wire.read(1, timeout_s)
            if not data:
                if timeout_s > 0:
                    self.taps.forget_half()  # the kernel gives whole events; a line that was cut begins anew
                break
            data += self._wire.read(_CHUNK, 0.0)
            timeout_s = 0.0
            found += self.taps.feed(data, self._clock.instant())
        return found + self.taps.due(self._clock.instant())

    def stuck(self) -> bool:
        """Whether a key has not come up for longer than anybody holds one."""
        return self.taps.longest_s(self._clock.instant()) > _STUCK_S
