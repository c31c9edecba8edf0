"""Five-key evaluator on a serial line, neutral protocol (9600 8N1).

Source: shared protocol notes, evaluator.md; section numbers below refer to it. The protocol is our own (§8), since
no maker publishes one; a maker's keypad becomes a driver of its own beside this one.
Proven on: emulator only.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from devices.errors import Condition, DeviceError, Garbled, Refused, TimedOut, Unreachable
from devices.evaluator import Level, Press
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
from devices.status import Capabilities, State, Status, status_of
from devices.wire import Wire, open_wire
from ground.clock import Clock

_TRIES = 3  # §8: the host retries commands 3 times …
_LONGEST_WINDOW_S = 255  # §8: one byte of seconds
_CHUNK = 256  # bytes taken from the wire at once
_RESULT_BYTES = 2

RawKey = Annotated[int, Field(gt=TIMEOUT_KEY, lt=CANCELLED_KEY)]


def _as_numbered() -> dict[int, Level]:
    return {int(level): level for level in Level}


class NeutralEvaluatorSettings(BaseModel):
    """Where the keypad is and what its keys mean."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    driver: Literal["neutral_evaluator"] = "neutral_evaluator"
    url: str
    baud: int = 9600
    address: int = Field(default=1, ge=0, le=255)  #: several keypads may share a line (§6)
    #: raw key -> stars; makers number their keys as they please (§2)
    key_levels: dict[RawKey, Level] = Field(default_factory=_as_numbered, min_length=2)
    timeout_s: float = Field(default=0.5, gt=0, le=5)  #: … at 500 ms, for one try


class NeutralEvaluator:
    """A keypad that lights up, takes one press, and repeats its result until it is sure that it was heard."""

    def __init__(self, settings: NeutralEvaluatorSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._wire: Wire | None = None
        self._reader = FrameReader()
        self._identity = ""
        self._asking = False

    def open(self) -> None:
        if self._wire is not None:
            return
        self._wire = open_wire(self._settings.url, self._settings.baud)
        try:
            self._order(Command.PING)
        except DeviceError:
            self.close()
            raise

    def close(self) -> None:
        if self._wire is not None:
            self._wire.close()
        self._wire = None
        self._asking = False
        self._identity = ""

    def status(self) -> Status:
        try:
            self._order(Command.PING)
        except Refused as refused:
            return status_of(refused)
        return Status(State.ONLINE)

    def capabilities(self) -> Capabilities:
        return {
            "levels": sorted(level.value for level in set(self._settings.key_levels.values())),
            "longest_window_s": _LONGEST_WINDOW_S,
        }

    def identity(self) -> str:
        if not self._identity:
            try:
                info = self._converse(Command.GET_INFO, b"", Command.INFO)
                self._identity = info.data.decode("gb18030", "replace").strip()
            except Refused:  # a keypad need not know the question
                self._identity = self._settings.url
        return self._identity

    def ask(self, window_s: int) -> None:
        if not 1 <= window_s <= _LONGEST_WINDOW_S:
            raise ValueError(f"a window has 1 to {_LONGEST_WINDOW_S} seconds")
        self._asking = False
        self._order(Command.REQUEST, bytes((window_s, len(set(self._settings.key_levels.values())))))
        self._asking = True

    def pressed(self) -> Press | None:
        press: Press | None = None
        for frame in self._received(0.0):
            found = self._take(frame)
            press = press or found
        return press

    def cancel(self) -> None:
        if not self._asking:
            return
        self._asking = False
        self._order(Command.CANCEL)
        deadline = self._clock.after(self._settings.timeout_s)
        while not self._clock.due(
            deadline
        ):  # the keypad confirms with a result, and repeats it until acknowledged
            frames = self._received(self._clock.left(deadline))
            for frame in frames:
                self._take(frame)
            if any(frame.command == Command.RESULT for frame in frames):
                return

    def _take(self, frame: Frame) -> Press | None:
        """Acknowledge a result, and keep it when it is the first since `ask`."""
        if frame.command == Command.EVENT and frame.data == bytes((Happening.POWER_UP,)) and self._asking:
            self._asking = False
            raise Unreachable(url=self._settings.url, reason="the keypad restarted and forgot the question")
        if frame.command != Command.RESULT or len(frame.data) != _RESULT_BYTES:
            return None
        self._opened().write(format_ack(self._settings.address, Command.RESULT))
        was_asking, self._asking = self._asking, False
        key, after_s = frame.data
        if not was_asking or key in (TIMEOUT_KEY, CANCELLED_KEY):
            return None
        level = self._settings.key_levels.get(key)
        if level is None:
            raise Garbled(url=self._settings.url, key=key)
        return Press(level, after_s)

    def _order(self, command: Command, data: bytes = b"") -> None:
        self._converse(command, data, Command.ACK)

    def _converse(self, command: Command, data: bytes, answer: Command) -> Frame:
        """The keypad's `answer` to `command`; results that come meanwhile belong to an earlier question.

        They are not acknowledged: if one should be new after all, the keypad repeats it.
        Raises `TimedOut`, `Garbled` (something came, but no frame), `Refused` and `Unreachable`.
        """
        wire = self._opened()
        wire.discard()
        noise = self._reader.noise
        for _ in range(_TRIES):
            self._reader.reset()
            wire.write(format_frame(Frame(self._settings.address, command, data)))
            deadline = self._clock.after(self._settings.timeout_s)
            while not self._clock.due(deadline):
                for frame in self._received(self._clock.left(deadline)):
                    if frame.command == Command.ACK and frame.data[:1] == bytes((command,)):
                        self._accept(command, frame)
                        if answer is Command.ACK:
                            return frame
                    elif frame.command == answer:
                        return frame
        failure = Garbled if self._reader.noise > noise else TimedOut
        raise failure(url=self._settings.url, asked=command.name.lower())

    def _accept(self, command: Command, ack: Frame) -> None:
        if len(ack.data) != 2:
            raise Garbled(url=self._settings.url, asked=command.name.lower())
        status = ack.data[1]
        if status != AckCode.OK:
            condition = Condition.BUSY if status == AckCode.BUSY else Condition.BAD_COMMAND
            raise Refused(condition, asked=command.name.lower(), status=status)

    def _received(self, timeout_s: float) -> list[Frame]:
        wire = self._opened()
        data = wire.read(1, timeout_s)
        if data:
            data += wire.read(_CHUNK, 0.0)
        return [frame for frame in self._reader.feed(data) if frame.address == self._settings.address]

    def _opened(self) -> Wire:
        if self._wire is None:
            raise Unreachable(url=self._settings.url, reason="not open")
        return self._wire
