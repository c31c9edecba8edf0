"""Code scanner on a serial line or as a USB virtual COM port: text and a terminator.

Scanners have no common protocol beyond that. Some look by themselves when something moves, some all the time, some
only when a command tells them to (`trigger`).

Source: shared protocol notes, others.md §2. Trigger bytes and default speeds are from memory [M].
Proven on: emulator only.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from devices.code_scanner import Code
from devices.code_scanner.catch import Catch
from devices.code_scanner.content import LONGEST, Encoding
from devices.code_scanner.framing import CodeReader, Ending
from devices.errors import Garbled, Unreachable
from devices.status import Capabilities, State, Status
from devices.wire import Wire, open_wire
from ground.clock import Clock

_LOOK_S = 0.03  # how long one look waits for bytes; `scan` must return within 50 ms
_CHUNK = 4096  # bytes taken from the wire at once
_MOST_CHUNKS = 16  # a line that never falls silent must not hold the driver
_LIGHT_S = 4.0  # chosen: a triggered scanner puts its light out by itself, mostly after 5 s; before that we ask again

_HEX = re.compile(r"([0-9A-Fa-f]{2} ?)*")


def _is_hex(text: str) -> str:
    if not _HEX.fullmatch(text):
        raise PydanticCustomError("hex_bytes", 'bytes are written as "1B 31"')
    return text


HexBytes = Annotated[str, AfterValidator(_is_hex), Field(max_length=96)]


class Trigger(BaseModel):
    """What starts and what stops a scanner's look."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: HexBytes
    stop: HexBytes = ""


#: others.md §2 [M]
TRIGGERS: Final[Mapping[str, Trigger]] = {
    "newland": Trigger(start="1B 31", stop="1B 30"),
    "honeywell": Trigger(start="16 54 0D", stop="16 55 0D"),
}


class SerialScannerSettings(BaseModel):
    """Where the scanner is and how it talks."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    driver: Literal["serial_scanner"] = "serial_scanner"
    url: str
    baud: int = Field(default=9600, ge=300, le=921600)
    ends_with: Ending = "auto"  #: "auto": CR, LF or TAB, whichever comes; "none": a pause ends a code
    gap_s: float = Field(default=0.1, ge=0.05, le=0.5)  #: the pause that ends a code where no terminator does
    encoding: Encoding = "utf-8"
    max_bytes: int = Field(default=LONGEST, ge=16, le=LONGEST)
    aim_prefix: bool = False  #: the scanner puts an AIM identifier (`]Q1`) before each code
    trigger: Literal["none", "newland", "honeywell"] | Trigger = "none"
    continuous: bool = False  #: goes on after a code until it is disarmed
    repeat_s: float = Field(default=1.0, ge=0, le=60)  #: the same code within this time is the same scan


class SerialScanner:
    """A scanner that sends what it sees."""

    def __init__(self, settings: SerialScannerSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._wire: Wire | None = None
        trigger = settings.trigger
        self._trigger = TRIGGERS.get(trigger) if isinstance(trigger, str) else trigger
        self._light_out = 0.0  #: when to trigger again
        self._catch = Catch(
            CodeReader(settings.ends_with, settings.gap_s, settings.max_bytes),
            clock,
            encoding=settings.encoding,
            max_bytes=settings.max_bytes,
            names_symbology=settings.aim_prefix,
            continuous=settings.continuous,
            repeat_s=settings.repeat_s,
        )

    def open(self) -> None:
        if self._wire is None:
            self._wire = open_wire(self._settings.url, self._settings.baud)
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
            "trigger": self._trigger is not None,
            "continuous": self._settings.continuous,
            "symbology": self._settings.aim_prefix,
            "encoding": self._settings.encoding,
            "max_bytes": self._settings.max_bytes,
        }

    def arm(self) -> None:
        self._catch.disarm()
        self._listen(0.0)  # what was scanned before goes by
        self._catch.arm()
        self._look()

    def scan(self) -> Code | None:
        self._listen(_LOOK_S if self._catch.armed else 0.0)
        if self._catch.armed and self._clock.due(self._light_out):
            self._look()
        try:
            code = self._catch.next()
        except Garbled:
            self._look()
            raise
        if code is not None and self._catch.armed:
            self._look()
        return code

    def disarm(self) -> None:
        was_armed = self._catch.armed
        self._catch.disarm()
        if was_armed and self._trigger is not None and self._trigger.stop:
            self._opened().write(bytes.fromhex(self._trigger.stop))

    def _look(self) -> None:
        """Have a triggered scanner look; the others do anyhow."""
        self._light_out = self._clock.after(_LIGHT_S)
        if self._trigger is not None:
            self._opened().write(bytes.fromhex(self._trigger.start))

    def _listen(self, timeout_s: float) -> None:
        wire = self._opened()
        for _ in range(_MOST_CHUNKS):
            data = wire.read(1, timeout_s)
            self._catch.hear(data + wire.read(_CHUNK, 0.0) if data else b"")
            if not data:
                return
            timeout_s = 0.0

    def _opened(self) -> Wire:
        if self._wire is None:
            raise Unreachable(url=self._settings.url, reason="not open")
        return self._wire
