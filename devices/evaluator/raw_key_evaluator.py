"""Keypads that only tell which key was pressed: one ASCII character and CR on a serial line, or a USB keyboard.

Such a keypad cannot be asked, lit or silenced. The window is the driver's: what is pressed before or after it does
not count, and neither does the chatter of a key, nor a key that somebody has wedged down.

Source: shared protocol notes, evaluator.md; section numbers below refer to it (§2 key tables, §7 behaviour, §8 the
raw-key adapter, from memory).
Proven on: emulator only.
"""

import re
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from devices.errors import Unreachable
from devices.evaluator import Level, Press
from devices.status import Capabilities, State, Status
from devices.wire import Wire, open_wire
from devices.wire.key_text import KeyReader
from ground.clock import Clock

_LONGEST_WINDOW_S = 255  # chosen: the same as of the neutral protocol, so that a journey may swap them
_LOOK_S = 0.03  # how long one look waits for a key; `pressed` must return within 50 ms
_CHUNK = 512  # bytes taken from the wire at once
_MOST_CHUNKS = 16  # a line that never falls silent must not hold the driver
_LONGEST_LINE = 16  # bytes; what goes on longer without an end is noise
_STUCK_AFTER = 20  # the same key so often without a pause of `debounce_s` is not a person
_LINE_END = re.compile(rb"[\r\n]")

#: Tables of makers' keys (§2, each seen in one public program): what the old PJQ.ocx keypad sends …
PJQ_OCX: Final = {"4": 5, "1": 4, "2": 3, "3": 2}
#: … and the newer XJPJQ of the same program, which has five keys
XJPJQ: Final = {"1": 5, "2": 4, "3": 3, "4": 2, "5": 1}

Key = Annotated[str, Field(pattern=r"^[!-~]$")]


def _as_numbered() -> dict[str, Level]:
    return {str(int(level)): level for level in Level}


class RawKeyEvaluatorSettings(BaseModel):
    """Where the keypad is and what its keys mean."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    driver: Literal["raw_key_evaluator"] = "raw_key_evaluator"
    url: str
    baud: int = Field(default=9600, ge=300, le=921600)
    #: what arrives: characters with a line end, single characters, or a keyboard's events; "auto": `input://` is a
    #: keyboard, everything else sends lines
    form: Literal["auto", "lines", "characters", "keyboard"] = "auto"
    #: key -> stars; three or four keys are as good as five (§2)
    key_levels: dict[Key, Level] = Field(default_factory=_as_numbered, min_length=2)
    #: the same key within this time is the same press
    debounce_s: float = Field(default=0.2, ge=0, le=2)


class LineKeys:
    """Finds keys in a serial keypad's bytes: a line with one character is a key, any other line is noise."""

    def __init__(self, *, lines: bool) -> None:
        self._lines = lines  #: whether a key is only believed with its line end
        self._held = b""
        self.noise = 0  #: bytes that were no key

    def feed(self, data: bytes) -> str:
        """The keys that `data` completes, in order."""
        if not self._lines:
            return "".join(chr(byte) for byte in data if 0x20 < byte < 0x7F)
        *lines, self._held = _LINE_END.split(self._held + data)
        if len(self._held) > _LONGEST_LINE:
            self.noise += len(self._held) - _LONGEST_LINE
            self._held = self._held[-_LONGEST_LINE:]
        keys = [line for line in lines if len(line) == 1 and 0x20 < line[0] < 0x7F]
        self.noise += sum(len(line) for line in lines) - len(keys)
        return b"".join(keys).decode("ascii")

    def reset(self) -> None:
        """Forget half a line."""
        self._held = b""


def format_key(key: str) -> bytes:
    """`key` as a serial keypad sends it."""
    return key.encode("ascii") + b"\r"


class RawKeyEvaluator:
    """A keypad that speaks when it is pressed and never else."""

    def __init__(self, settings: RawKeyEvaluatorSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._wire: Wire | None = None
        form = settings.form
        if form == "auto":
            form = "keyboard" if settings.url.startswith("input:") else "lines"
        self._keys: LineKeys | KeyReader = (
            KeyReader() if form == "keyboard" else LineKeys(lines=form == "lines")
        )
        self._asked_at: float | None = None
        self._window_ends = 0.0
        self._press: Press | None = None
        self._last_key = ""
        self._last_at = float("-inf")
        self._times = 0  #: that `_last_key` came without a pause
        self._heard_at: float | None = None
        self._unknown = 0

    def open(self) -> None:
        """Take the port. Whether somebody is there shows with the first key: such a keypad cannot be asked."""
        if self._wire is None:
            self._wire = open_wire(self._settings.url, self._settings.baud)
            self._keys.reset()

    def close(self) -> None:
        if self._wire is not None:
            self._wire.close()
        self._wire = None
        self._asked_at = self._press = self._heard_at = None
        self._last_key, self._last_at, self._times = "", float("-inf"), 0

    def identity(self) -> str:
        return self._settings.url

    def status(self) -> Status:
        """On line while the port is there; a key that never comes up needs a technician."""
        self._listen(0.0)
        readings = {
            "silent_s": None if self._heard_at is None else round(self._clock.instant() - self._heard_at, 1),
            "unknown_keys": self._unknown,
        }
        return Status(State.HARDWARE_ERROR if self._stuck() else State.ONLINE, readings=readings)

    def capabilities(self) -> Capabilities:
        return {
            "levels": sorted(level.value for level in set(self._settings.key_levels.values())),
            "longest_window_s": _LONGEST_WINDOW_S,
            "lights": False,
        }

    def ask(self, window_s: int) -> None:
        if not 1 <= window_s <= _LONGEST_WINDOW_S:
            raise ValueError(f"a window has 1 to {_LONGEST_WINDOW_S} seconds")
        self._asked_at = self._press = None
        self._listen(0.0)  # what was pressed before belongs to nobody; its chatter must not count either
        self._asked_at = self._clock.instant()
        self._window_ends = self._clock.after(window_s)

    def pressed(self) -> Press | None:
        if self._press is None:
            self._listen(_LOOK_S if self._asked_at is not None else 0.0)
        press, self._press = self._press, None
        return press

    def cancel(self) -> None:
        self._asked_at = self._press = None

    def _listen(self, timeout_s: float) -> None:
        """Take in what has arrived; a key inside the window becomes the press. Raises `Unreachable`."""
        wire = self._opened()
        for _ in range(_MOST_CHUNKS):
            data = wire.read(1, timeout_s)
            if not data:
                return
            data += wire.read(_CHUNK, 0.0)
            timeout_s = 0.0
            self._heard_at = self._clock.instant()
            for key in self._keys.feed(data):
                self._take(key)

    def _take(self, key: str) -> None:
        level = self._settings.key_levels.get(key)
        if level is None:
            self._unknown += not key.isspace()
            return
        now = self._clock.instant()
        again = key == self._last_key and now - self._last_at < self._settings.debounce_s
        self._times = self._times + 1 if again else 1
        self._last_key, self._last_at = key, now
        if again or self._asked_at is None:
            return
        asked_at, self._asked_at = self._asked_at, None
        if now <= self._window_ends:
            self._press = Press(level, int(now - asked_at))

    def _stuck(self) -> bool:
        lately = self._clock.instant() - self._last_at < max(self._settings.debounce_s, 1.0)
        return lately and self._times >= _STUCK_AFTER

    def _opened(self) -> Wire:
        if self._wire is None:
            raise Unreachable(url=self._settings.url, reason="not open")
        return self._wire
