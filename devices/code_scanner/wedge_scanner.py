"""Code scanner that pretends to be a keyboard ("wedge"), grabbed so that nobody else gets its keys.

A keyboard can only type ASCII: Chinese arrives mangled or not at all, which is noticed where the scanner types by Alt
and digits, and not where it just leaves characters out. Prefer a scanner's virtual COM mode (`serial_scanner`).

Source: shared protocol notes, others.md §2.
Proven on: emulator only.
"""

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from devices.code_scanner import Code
from devices.code_scanner.catch import Catch
from devices.code_scanner.content import LONGEST
from devices.code_scanner.framing import CodeReader, Ending
from devices.errors import Unreachable
from devices.status import Capabilities, State, Status
from devices.wire import Wire, open_wire
from devices.wire.key_text import SPOILT, KeyReader
from ground.clock import Clock

_LOOK_S = 0.03  # how long one look waits for keys; `scan` must return within 50 ms
_CHUNK = 4096  # bytes taken from the wire at once
_MOST_CHUNKS = 64  # a keyboard that never falls silent must not hold the driver
_NO_TEXT: Final = b"\xff"  # stands for a key without text, and is in no encoding that is read here

_ENDINGS: Final[dict[str, Ending]] = {"auto": "auto", "enter": "cr", "tab": "tab", "none": "none"}


class WedgeScannerSettings(BaseModel):
    """Which keyboard the scanner is and how it ends a code."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    driver: Literal["wedge_scanner"] = "wedge_scanner"
    url: str  #: `input:///dev/input/by-id/…-event-kbd`
    ends_with: Literal["auto", "enter", "tab", "none"] = "auto"  #: "auto": Enter or Tab; "none": a pause does
    gap_s: float = Field(default=0.1, ge=0.05, le=0.5)  #: the pause that ends a code where no key does
    max_bytes: int = Field(default=LONGEST, ge=16, le=LONGEST)
    aim_prefix: bool = False  #: the scanner types an AIM identifier (`]Q1`) before each code
    continuous: bool = False  #: goes on after a code until it is disarmed
    repeat_s: float = Field(default=1.0, ge=0, le=60)  #: the same code within this time is the same scan


class WedgeScanner:
    """A scanner that types what it sees."""

    def __init__(self, settings: WedgeScannerSettings, clock: Clock) -> None:
        self._settings = settings
        self._wire: Wire | None = None
        self._keys = KeyReader()
        self._catch = Catch(
            CodeReader(_ENDINGS[settings.ends_with], settings.gap_s, settings.max_bytes),
            clock,
            encoding="utf-8",
            max_bytes=settings.max_bytes,
            names_symbology=settings.aim_prefix,
            continuous=settings.continuous,
            repeat_s=settings.repeat_s,
        )

    def open(self) -> None:
        if self._wire is None:
            self._wire = open_wire(self._settings.url)
            self._keys.reset()
            self._catch.reset()

    def close(self) -> None:
        if self._wire is not None:
            self._wire.close()
        self._wire = None
        self._catch.reset()

    def identity(self) -> str:
        return self._settings.url

    def status(self) -> Status:
        self._listen(0.0)
        return Status(State.ONLINE, readings=self._catch.readings())

    def capabilities(self) -> Capabilities:
        return {
            "trigger": False,
            "continuous": self._settings.continuous,
            "symbology": self._settings.aim_prefix,
            "encoding": "ascii",
            "max_bytes": self._settings.max_bytes,
        }

    def arm(self) -> None:
        self._catch.disarm()
        self._listen(0.0)  # what was scanned before goes by
        self._keys.reset()
        self._catch.arm()

    def scan(self) -> Code | None:
        self._listen(_LOOK_S if self._catch.armed else 0.0)
        return self._catch.next()

    def disarm(self) -> None:
        self._catch.disarm()

    def _listen(self, timeout_s: float) -> None:
        wire = self._opened()
        for _ in range(_MOST_CHUNKS):
            data = wire.read(1, timeout_s)
            if not data:
                self._catch.hear(b"")
                return
            typed = self._keys.feed(data + wire.read(_CHUNK, 0.0))
            self._catch.hear(b"".join(_NO_TEXT if key == SPOILT else key.encode("ascii") for key in typed))
            timeout_s = 0.0

    def _opened(self) -> Wire:
        if self._wire is None:
            raise Unreachable(url=self._settings.url, reason="not open")
        return self._wire
