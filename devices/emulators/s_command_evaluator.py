"""An Android tablet that rates: asks by page and voice, keeps the answer until it is polled.

Source: shared protocol notes, evaluator.md §3 [V1] and §7. What a tablet answers to commands other than the
heartbeat over the network is not known; this one acknowledges them in the same way, or not (`acknowledges`).
"""

import re
import threading
from typing import ClassVar

from devices.emulators.base import SerialEmulator
from devices.evaluator.s_commands import Form, Rated, format_about, format_done, format_rated
from ground.clock import Clock

_COMMAND = re.compile(rb"S(?P<number>\d\d)?(?P<arguments>[^S]*?)E")
_VERSION = "TIANMEN-TABLET-1.00"
_KEYS = range(1, 6)
_LONGEST = 4096  # bytes of what is no command


class SCommandEvaluatorEmulator(SerialEmulator):
    """Set `press` to a key to touch it; outside its window nothing happens."""

    knobs: ClassVar[tuple[str, ...]] = (
        "press",
        "form",
        "own_window_s",
        "acknowledges",
        "pushes",
        "late_s",
        "doubled",
        "lose_said",
        "lose_heard",
        "closing",
        "restarted",
        "mute",
    )

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.form: str = "network"  #: or "usb"
        self.own_window_s = 30.0  #: how long its page waits
        self.acknowledges = True  #: says SnnOK to what is not the heartbeat
        self.pushes = False  #: sends a result at once, instead of waiting to be polled
        self.late_s = 0.0  #: how long a result is under way
        self.doubled = False  #: sends each result twice
        self.lose_said = 0  #: how many of its next messages are lost
        self.lose_heard = 0  #: how many of the next commands are lost
        self.page = "welcome"  #: or "rating", "thanks", "paused"
        self.welcomes = 0  #: how often it greeted
        self._closing = False
        self._press = 0
        self._asked_at = clock.instant()
        self._result: bytes | None = None
        self._held = b""
        self._turn = threading.RLock()

    @property
    def press(self) -> int:
        """The key that was accepted in the last window, 0 for none. Setting it touches a key."""
        return self._press

    @press.setter
    def press(self, key: int) -> None:
        with self._turn:
            self._expire()
            if self.page != "rating" or self.mute or key not in _KEYS:
                return
            self._press, self.page = key, "thanks"
            at = f"{self.clock.now():%Y-%m-%d %H:%M:%S}"
            self._result = format_rated(Rated(str(key), at, at), card="0001")
            if self.pushes:
                self._tell_result()

    @property
    def closing(self) -> bool:
        """Setting it to True: the tablet's program ends and says so."""
        return self._closing

    @closing.setter
    def closing(self, wish: bool) -> None:
        self._closing = wish
        if wish:
            self.restarted = True
            self.say(b"DisConnect")

    @property
    def restarted(self) -> bool:
        """Setting it to True: the tablet has restarted; question and result are forgotten, and it says nothing."""
        return False

    @restarted.setter
    def restarted(self, wish: bool) -> None:
        if wish:
            with self._turn:
                self.page, self._press, self._result, self._held = "welcome", 0, None, b""

    def connected(self) -> None:
        super().connected()
        with self._turn:
            self._held = b""

    def receive(self, data: bytes) -> None:
        if self.mute:
            return
        with self._turn:
            self._expire()
            self._held += data
            end = 0
            for found in _COMMAND.finditer(self._held):
                end = found.end()
                if self.lose_heard:
                    self.lose_heard -= 1
                else:
                    self._obey(found["number"])
            self._held = self._held[end:][-_LONGEST:]

    def say(self, data: bytes, after_s: float = 0.0) -> None:
        """Send one message, unless it is lost on the way."""
        if self.lose_said:
            self.lose_said -= 1
        else:
            super().say(data, after_s)

    def take(self) -> bytes:
        """One message at a time, so that each is a datagram of its own."""
        with self._lock:
            now = self.clock.instant()
            for place, (at, data) in enumerate(self._outbox):
                if at <= now:
                    del self._outbox[place]
                    return data
        return b""

    def _obey(self, number: bytes | None) -> None:
        match number:
            case None:
                self._tell_result()
            case b"95":
                self.say(format_done(95, self._form))
            case b"99":
                self.say(format_about(_VERSION))
            case _:
                self._turn_page(int(number))
                if self.acknowledges:
                    self.say(format_done(int(number), self._form))

    def _turn_page(self, number: int) -> None:
        match number:
            case 1:
                self.page, self._result = "welcome", None
                self.welcomes += 1
            case 2 if self.page != "paused":
                self.page, self._press, self._result = "rating", 0, None
                self._asked_at = self.clock.instant()
            case 3:
                self.page = "paused"
            case 6 | 25 if self.page == "paused":
                self.page = "welcome"

    def _tell_result(self) -> None:
        if self._result is not None:
            for _ in range(2 if self.doubled else 1):
                self.say(self._result, self.late_s)
            self._result = None

    def _expire(self) -> None:
        if self.page == "rating" and self.clock.due(self._asked_at + self.own_window_s):
            self.page = "welcome"

    @property
    def _form(self) -> Form:
        return "usb" if self.form == "usb" else "network"
