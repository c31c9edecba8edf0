"""Android tablet as evaluator, "S-command" protocol: over the network by UDP, by USB through `adb forward`.

The tablet shows its own page and speaks with its own voice; we ask, look every two seconds whether somebody has
answered, and send it nothing about the citizen.

Source: shared protocol notes, evaluator.md §3, one public C# client [V1]; levels by §2. So reading is tolerant, and
nothing is required of a tablet but that it answers the heartbeat.
Proven on: emulator only.
"""

import re
from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from devices.errors import Condition, DeviceError, Garbled, Refused, TimedOut, Unreachable
from devices.evaluator import Level, Press
from devices.evaluator.s_command_lines import Line, NetworkLine, UsbLine
from devices.evaluator.s_commands import (
    POLL,
    Closing,
    Form,
    Info,
    Message,
    MessageReader,
    Rated,
    format_alive,
    format_ask,
    format_info,
    format_pause,
    format_welcome,
    proves_alive,
)
from devices.status import Capabilities, State, Status
from ground.clock import Clock

_LONGEST_WINDOW_S = 255  # chosen: the same as of the neutral protocol, so that a journey may swap them
_LOOK_S = 0.03  # how long one look waits for a datagram; `pressed` must return within 50 ms
_MOST_AT_ONCE = 64  # datagrams taken in one look: a tablet that never falls silent must not hold the driver

_KEY = re.compile("[0-9]{1,2}")

RawKey = Annotated[int, Field(ge=0, le=99)]


def _as_numbered() -> dict[int, Level]:
    return {int(level): level for level in Level}


class SCommandEvaluatorSettings(BaseModel):
    """Where the tablet is, which form it speaks, and what its keys mean."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    driver: Literal["s_command_evaluator"] = "s_command_evaluator"
    url: str  #: network: `udp://tablet:port?listen=7791`; USB: `socket://127.0.0.1:port` of `adb forward`
    form: Form = "network"
    encoding: Literal["utf-8", "gb18030"] = (
        "utf-8"  #: of what the tablet sends (§3: a constant of each project)
    )
    #: raw key -> stars; makers number their keys as they please (§2)
    key_levels: dict[RawKey, Level] = Field(default_factory=_as_numbered, min_length=2)
    timeout_s: float = Field(default=3.0, gt=0, le=10)  #: for one answer (§3: 3 s to send, 10 s to receive)
    poll_s: float = Field(default=2.0, ge=0.2, le=30)  #: between two looks for a result (§3: 2 s)
    #: whether the page of welcome is shown when nobody rates any more; it may speak, hence a choice
    welcome_after: bool = True


class SCommandEvaluator:
    """A tablet that is asked for one rating."""

    def __init__(self, settings: SCommandEvaluatorSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._line: Line = UsbLine(settings.url) if settings.form == "usb" else NetworkLine(settings.url)
        self._reader = MessageReader(settings.encoding)
        self._open = False
        self._paused = False
        self._identity = ""
        self._asked_at: float | None = None
        self._window_ends = 0.0
        self._poll_at = 0.0
        self._press: Press | None = None
        self._last: Rated | None = None  #: so that a datagram that came twice is one rating

    def open(self) -> None:
        if self._open:
            return
        self._line.open()
        try:
            self._make_sure()
        except DeviceError:
            self.close()
            raise
        self._open = True

    def close(self) -> None:
        self._line.close()
        self._reader.reset()
        self._open = self._paused = False
        self._asked_at = self._press = None
        self._identity = ""

    def status(self) -> Status:
        self._make_sure()
        if self._paused:
            return Status(State.OFFLINE, Condition.OFFLINE)
        return Status(State.ONLINE)

    def identity(self) -> str:
        if not self._identity:
            self._identity = self._settings.url
            self._line.say(format_info(self._settings.form))
            for message in self._heard_until(lambda message: isinstance(message, Info)):
                if isinstance(message, Info):
                    self._identity = f"{message.version} {self._settings.url}"
        return self._identity

    def capabilities(self) -> Capabilities:
        return {
            "levels": sorted(level.value for level in set(self._settings.key_levels.values())),
            "longest_window_s": _LONGEST_WINDOW_S,
            "form": self._settings.form,
        }

    def ask(self, window_s: int) -> None:
        if not 1 <= window_s <= _LONGEST_WINDOW_S:
            raise ValueError(f"a window has 1 to {_LONGEST_WINDOW_S} seconds")
        if self._paused:
            raise Refused(Condition.BUSY, asked="rating")
        self._asked_at = self._press = None
        self._make_sure()  # what belongs to the citizen before has come before this answer
        self._line.say(format_ask(self._settings.form))
        self._press = None
        self._asked_at = self._clock.instant()
        self._window_ends = self._clock.after(window_s)
        self._poll_at = self._clock.after(self._settings.poll_s)

    def pressed(self) -> Press | None:
        self._listen(0.0)
        if self._press is None and self._asked_at is not None:
            if self._clock.due(self._window_ends):
                self.cancel()
            else:
                self._poll()
                self._listen(_LOOK_S)
        press, self._press = self._press, None
        return press

    def cancel(self) -> None:
        was_asking, self._asked_at = self._asked_at is not None, None
        self._press = None
        if was_asking and self._settings.welcome_after:
            self.welcome()

    def welcome(self) -> None:
        """Show the page of welcome, which greets by voice. Raises `Unreachable`."""
        self._line.say(format_welcome(self._settings.form))

    def pause(self) -> None:
        """Show that nobody serves here; no question until `resume`. Raises `Unreachable`."""
        self._line.say(format_pause(self._settings.form, paused=True))
        self._paused, self._asked_at = True, None

    def resume(self) -> None:
        """Serve again. Raises `Unreachable`."""
        self._line.say(format_pause(self._settings.form, paused=False))
        self._paused = False

    def _poll(self) -> None:
        if self._clock.due(self._poll_at):
            self._poll_at = self._clock.after(self._settings.poll_s)
            self._line.say(POLL)

    def _make_sure(self) -> None:
        """Have the tablet answer. Raises `TimedOut`, `Garbled` (something came, but no message), `Unreachable`."""
        form = self._settings.form
        if self._asked_at is None:
            self._line.discard()
            self._reader.reset()
        self._line.say(format_alive(form))
        heard = self._heard_until(lambda message: proves_alive(message, form))
        if not any(proves_alive(message, form) for message in heard):
            if self._line.ended:
                raise Unreachable(url=self._settings.url, reason="hung up without an answer")
            failure = Garbled if self._reader.heard_noise else TimedOut
            raise failure(url=self._settings.url)

    def _heard_until(self, enough: Callable[[Message], bool]) -> list[Message]:
        """What is heard up to the message that is `enough`, or for `timeout_s`."""
        deadline = self._clock.after(self._settings.timeout_s)
        heard: list[Message] = []
        while not (self._clock.due(deadline) or self._line.ended or any(map(enough, heard))):
            heard += self._received(self._clock.left(deadline))
        return heard

    def _listen(self, timeout_s: float) -> None:
        for _ in range(_MOST_AT_ONCE):
            if not self._received(timeout_s):
                return
            timeout_s = 0.0

    def _received(self, timeout_s: float) -> list[Message]:
        messages = self._reader.feed(self._line.hear(timeout_s))
        for message in messages:
            self._take(message)
        return messages

    def _take(self, message: Message) -> None:
        if isinstance(message, Closing):
            self._asked_at = None
            raise Unreachable(url=self._settings.url, reason="the tablet closes")
        if not isinstance(message, Rated) or self._asked_at is None:
            return
        if message == self._last and message.rated:
            return
        asked_at, self._asked_at, self._last = self._asked_at, None, message
        level = self._settings.key_levels.get(int(message.key)) if _KEY.fullmatch(message.key) else None
        if level is None:
            raise Garbled(url=self._settings.url, key=message.key[:8])
        self._press = Press(level, int(self._clock.instant() - asked_at))
