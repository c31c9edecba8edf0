"""One board on a Modbus RTU line: a question, its answer, and never an older one.

Source: shared protocol notes, others.md §8; frames in `modbus_frames`. RTU numbers nothing: a late answer looks like
the answer to the same question asked again. So after every doubt (silence, noise, a fresh port) the board is first
asked how its coils stand, which is asked for nothing else, and everything before that answer is let go by; compare
docs/adr/0002.
"""

from collections.abc import Mapping, Sequence

from devices.errors import Condition, Garbled, Refused, TimedOut
from devices.signals.modbus_frames import (
    Answer,
    ExceptionCode,
    Function,
    Request,
    find_answer,
    format_request,
    missing_bytes,
    read_bits,
    silent_interval_s,
    unpack_bits,
    write_bit,
    write_bits,
)
from devices.wire import Wire
from ground.clock import Clock

_BITS_PER_BYTE = 11  # start, eight data bits, parity or a second stop bit, stop
_LONGEST_HEARD = 512  # bytes of noise, after which a line is not listened to any longer; two frames of RTU
_CONDITIONS: Mapping[int, Condition] = {
    ExceptionCode.ILLEGAL_FUNCTION: Condition.BAD_COMMAND,
    ExceptionCode.ILLEGAL_ADDRESS: Condition.BAD_COMMAND,
    ExceptionCode.ILLEGAL_VALUE: Condition.BAD_COMMAND,
    ExceptionCode.DEVICE_FAILURE: Condition.OUT_OF_SERVICE,
    ExceptionCode.ACKNOWLEDGE: Condition.BUSY,
    ExceptionCode.BUSY: Condition.BUSY,
}


class ModbusBoard:
    """Implements `devices.signals.modbus_signals.Board` over an open wire."""

    def __init__(self, wire: Wire, clock: Clock, address: int, baud: int, timeout_s: float) -> None:
        """`timeout_s` is the board's time to think; the wire's is added."""
        self._wire = wire
        self._clock = clock
        self._address = address
        self._baud = baud
        self._timeout_s = timeout_s
        self._quiet_until = clock.instant()
        self._in_step = False  #: whether nothing can be under way but the answer to the next question

    def greet(self) -> None:
        """Make sure that it answers, and that nothing older is under way.

        A board without outputs refuses this question: that is an answer too.
        """
        self._in_step = False
        self._exchange(read_bits(self._address, Function.READ_COILS, 0, 1))
        self._in_step = True

    def contacts(self, first: int, count: int) -> tuple[bool, ...]:
        """How `count` contacts stand, from line `first`."""
        answer = self._asked(read_bits(self._address, Function.READ_INPUTS, first, count))
        return unpack_bits(answer.data, count)

    def switch(self, line: int, on: bool) -> None:
        """Switch one output."""
        self._asked(write_bit(self._address, line, on))

    def switch_row(self, first: int, levels: Sequence[bool]) -> None:
        """Switch outputs that lie side by side at once."""
        self._asked(write_bits(self._address, first, levels))

    def _asked(self, request: Request) -> Answer:
        """The answer to `request`. Raises `Refused`, `TimedOut`, `Garbled`, `Unreachable`."""
        if not self._in_step:
            self.greet()
        self._in_step = False
        answer = self._exchange(request)
        self._in_step = True
        if answer.exception is None:
            return answer
        condition = _CONDITIONS.get(answer.exception)
        if condition is None:
            raise Garbled(asked=request.function.name.lower(), exception=answer.exception)
        raise Refused(condition, asked=request.function.name.lower(), exception=answer.exception)

    def _exchange(self, request: Request) -> Answer:
        self._clock.wait(self._clock.left(self._quiet_until))
        self._wire.discard()
        frame = format_request(request)
        self._wire.write(frame)
        wire_s = (len(frame) + request.answer_bytes) * _BITS_PER_BYTE / self._baud
        deadline = self._clock.after(self._timeout_s + wire_s)
        heard = b""
        try:
            while len(heard) <= _LONGEST_HEARD:
                arrived = self._wire.read(missing_bytes(heard, request), self._clock.left(deadline))
                heard += arrived
                answer = find_answer(heard, request) if arrived else None
                if answer is not None:
                    return answer
                if self._clock.due(deadline):
                    break
        finally:
            self._quiet_until = self._clock.after(silent_interval_s(self._baud))
        failure = Garbled if heard else TimedOut
        raise failure(asked=request.function.name.lower(), bytes=len(heard))
