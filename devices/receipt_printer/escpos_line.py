"""The conversation with an ESC/POS printer: questions, answers, and what it says unasked."""

from collections import deque

from devices.receipt_printer.escpos_codec import (
    FULL_STATUS_REQUEST,
    Answer,
    Block,
    Buffered,
    Demultiplexer,
    Flow,
    FullStatus,
    Question,
    RealTime,
)
from devices.wire import Wire
from ground.clock import Clock

_CHUNK = 256  # bytes taken from the wire at once


class PrinterLine:
    """An open wire to a printer, with its answers told apart. Raises `Unreachable` when the wire is gone."""

    def __init__(self, wire: Wire, clock: Clock, *, full_status: bool = False) -> None:
        self._wire = wire
        self._clock = clock
        self._answers: deque[Answer] = deque(maxlen=_CHUNK)
        self._demultiplexer = Demultiplexer(full_status=full_status)
        self._marked = False
        self.stopped = False  #: the printer said XOFF
        self.heard_at = clock.instant()  #: when the last byte came

    @property
    def noise(self) -> int:
        """Bytes that came and fit nothing."""
        return self._demultiplexer.noise

    def close(self) -> None:
        """Let go of the port."""
        self._wire.close()

    def send(self, data: bytes) -> None:
        """Send whole commands."""
        self._wire.write(data)

    def send_marker(self, command: bytes) -> None:
        """Send `command`, whose buffered answer will count as the end of all that was sent before."""
        self._receive(0)
        self._marked = False
        self._wire.write(command)

    def settle(self) -> None:
        """Take in what has come, and forget the answers that nobody waits for any more."""
        self._receive(0)
        self._answers.clear()

    def ask(self, question: Question, timeout_s: float) -> int | None:
        """The answer to DLE EOT `question`, or None when none came in time."""
        self.send(bytes((0x10, 0x04, question)))
        answer = self._await(RealTime, timeout_s)
        return answer.byte if isinstance(answer, RealTime) else None

    def full_status(self, timeout_s: float) -> bytes | None:
        """The four bytes of KPM150-H's answer to 10 04 14, or None when none came in time."""
        self.send(FULL_STATUS_REQUEST)
        answer = self._await(FullStatus, timeout_s)
        return answer.block if isinstance(answer, FullStatus) else None

    def name(self, which: int, timeout_s: float) -> str:
        """The answer to GS I `which`, or "" when none came in time."""
        self.settle()
        self.send(bytes((0x1D, 0x49, which)))
        answer = self._await(Block, timeout_s)
        return answer.content.decode("ascii", "replace").strip() if isinstance(answer, Block) else ""

    def marker(self, timeout_s: float) -> bool:
        """Whether the end marker's answer came."""
        deadline = self._clock.after(timeout_s)
        while not self._marked and not self._clock.due(deadline):
            self._receive(self._clock.left(deadline))
        marked, self._marked = self._marked, False
        return marked

    def wait_for_go(self, timeout_s: float) -> bool:
        """Whether the printer takes data again after XOFF."""
        deadline = self._clock.after(timeout_s)
        while self.stopped and not self._clock.due(deadline):
            self._receive(self._clock.left(deadline))
        return not self.stopped

    def _await(self, kind: type[Answer], timeout_s: float) -> Answer | None:
        deadline = self._clock.after(timeout_s)
        while True:
            while self._answers:
                answer = self._answers.popleft()
                if isinstance(answer, kind):
                    return answer
            if self._clock.due(deadline):
                return None
            self._receive(self._clock.left(deadline))

    def _receive(self, timeout_s: float) -> None:
        data = self._wire.read(1, timeout_s)
        if not data:
            return
        data += self._wire.read(_CHUNK, 0.0)
        self.heard_at = self._clock.instant()
        for answer in self._demultiplexer.feed(data):
            match answer:
                case Flow(stop):
                    self.stopped = stop
                case Buffered():
                    self._marked = True
                case _:
                    self._answers.append(answer)
