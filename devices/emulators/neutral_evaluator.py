"""A five-key evaluator with a voice: asks, waits, thanks, and repeats its result until the host has heard it.

Source: shared protocol notes, evaluator.md §7 (behaviour) and §8 (frames).
"""

import threading
from typing import ClassVar

from devices.emulators.base import SerialEmulator
from devices.evaluator.neutral_frames import (
    CANCELLED_KEY,
    TIMEOUT_KEY,
    AckCode,
    Command,
    Frame,
    FrameReader,
    Happening,
    format_ack,
    format_frame,
)
from ground.clock import Clock

_REPEAT_S = 0.5  # §8 leaves it open; chosen like the host's own retries
_IDENTITY = "TIANMEN NEUTRAL-5 1.00"
_KEYS = range(1, 6)
_KNOWN = frozenset(int(command) for command in Command)


class NeutralEvaluatorEmulator(SerialEmulator):
    """A keypad with keys 1 to 5 at address 1. Set `press` to a key to press it; outside a window nothing happens."""

    knobs: ClassVar[tuple[str, ...]] = ("press", "mute")

    def __init__(self, clock: Clock, *, address: int = 1) -> None:
        super().__init__(clock)
        self.address = address
        self.lit = False  #: the keys are lit: a window is open
        self.welcome = False  #: said 您好,欢迎光临
        self.thanked = False  #: said 谢谢, after a press
        self.paused = False
        self.text = ""  #: on its display
        self._reader = FrameReader()
        self._press = 0
        self._asked_at = clock.instant()
        self._window_s = 0
        self._result: bytes | None = None
        self._repeat_at = 0.0
        self._turn = threading.RLock()

    @property
    def press(self) -> int:
        """The key that was accepted in the last window, 0 for none. Setting it presses a key."""
        return self._press

    @press.setter
    def press(self, key: int) -> None:
        with self._turn:
            self._expire()
            if self.lit and not self.mute and key in _KEYS:
                self._press = key
                self.thanked = True
                self._close_window(key)

    def restart(self) -> None:
        """The power failed and came back: it forgets everything and says so."""
        with self._turn:
            self.lit, self._result, self._press = False, None, 0
            self._reader.reset()
            self._send(Command.EVENT, bytes((Happening.POWER_UP,)))

    def connected(self) -> None:
        super().connected()
        with self._turn:
            self._reader.reset()

    def receive(self, data: bytes) -> None:
        if self.mute:
            return
        with self._turn:
            self._expire()
            for frame in self._reader.feed(data):
                if frame.address == self.address:
                    self._obey(frame)

    def take(self) -> bytes:
        with self._turn:
            self._expire()
            if self._result is not None and self.clock.due(self._repeat_at):
                self._repeat_at = self.clock.after(_REPEAT_S)
                self.say(self._result)
        return super().take()

    def next_due(self) -> float | None:
        with self._turn:
            times = [super().next_due()]
            if self._result is not None:
                times.append(self._repeat_at)
            if self.lit:
                times.append(self._asked_at + self._window_s)
        return min((time for time in times if time is not None), default=None)

    def _obey(self, frame: Frame) -> None:
        match frame.command, frame.data:
            case Command.ACK, acknowledged:
                if acknowledged[:1] == bytes((Command.RESULT,)):
                    self._result = None
            case Command.GET_INFO, b"":
                self._send(Command.INFO, _IDENTITY.encode("gb18030"))
            case command, data:
                self.say(format_ack(self.address, command, self._done(command, data)))

    def _done(self, command: int, data: bytes) -> AckCode:
        match command, len(data):
            case Command.PING, 0:
                pass
            case Command.WELCOME, 0:
                self.welcome = True
            case Command.REQUEST, 2:
                return self._open_window(*data)
            case Command.CANCEL, 0:
                if self.lit:
                    self._close_window(CANCELLED_KEY)
            case Command.THANKS, 0:
                self.thanked = True
            case ((Command.LED | Command.VOICE), 2):
                pass
            case Command.TEXT, _:
                self.text = data.decode("gb18030", "replace")
            case Command.PAUSE, 1:
                self.paused = bool(data[0])
            case _:
                return AckCode.BAD_ARGUMENT if command in _KNOWN else AckCode.UNKNOWN
        return AckCode.OK

    def _open_window(self, window_s: int, levels: int) -> AckCode:
        if self.paused:
            return AckCode.BUSY
        if not window_s or levels not in range(2, 6):
            return AckCode.BAD_ARGUMENT
        self.lit, self.thanked, self._press = True, False, 0
        self._asked_at, self._window_s = self.clock.instant(), window_s
        self._result = None  # what nobody acknowledged belongs to the citizen before
        return AckCode.OK

    def _expire(self) -> None:
        if self.lit and self.clock.due(self._asked_at + self._window_s):
            self._close_window(TIMEOUT_KEY)

    def _close_window(self, key: int) -> None:
        self.lit = False
        elapsed = min(int(self.clock.instant() - self._asked_at), self._window_s)
        self._result = format_frame(Frame(self.address, Command.RESULT, bytes((key, elapsed))))
        self._repeat_at = self.clock.instant()

    def _send(self, command: Command, data: bytes) -> None:
        self.say(format_frame(Frame(self.address, command, data)))
