"""One question, one answer with an SDT reader: deadlines, repeats, and never somebody else's answer.

Source: shared protocol notes, id_card_reader.md §2, §4. The protocol numbers nothing: a reply that comes
after its deadline looks like the reply to the next question. So after every doubt (silence, a broken frame, a
fresh port) the line asks for the security module's id, whose answer looks like no other, and lets everything
before it go by; see docs/adr/0002.
"""

from devices.errors import Garbled, TimedOut
from devices.id_card.sdt_frames import SAM_ID, Answer, Request, Scanner, format_request, parse_answer
from devices.id_card.sdt_verdict import DEAD, MISHEARD
from devices.wire import Wire
from ground.clock import Clock

_RESENDS = 2  # §4: for 10 and 11 only
_REQUEST_BYTES = 11  # the longest request that is sent
_BITS_PER_BYTE = 10  # 8N1


class SdtLine:
    """The conversation over one open wire."""

    def __init__(self, wire: Wire, clock: Clock, baud: int, patience_s: float) -> None:
        """`patience_s` is how long the module may think about its own id."""
        self._wire = wire
        self._clock = clock
        self._baud = baud
        self._patience_s = patience_s
        self._scanner = Scanner()
        self._in_step = False  #: whether nothing can be under way but the answer to the next question

    def greet(self, request: Request, timeout_s: float) -> Answer:
        """The answer to a question asked of a line that may still carry older answers; they are let go by.

        Raises `TimedOut`, `Garbled`, `Unreachable`.
        """
        deadline = self._send(request, timeout_s)
        resends = _RESENDS
        other: Answer | None = None
        broken: Garbled | None = None
        while True:
            try:
                answer = self._heard(request, deadline)
            except (Garbled, TimedOut) as error:
                broken = error if isinstance(error, Garbled) else broken
                if not self._clock.due(deadline):
                    continue  # a broken piece of something older
                if other is not None:
                    return other  # nothing better came, so the refusal was meant
                raise broken or error from error
            if answer.sw3 in DEAD or (answer.sw3 == request.success and request.fits(answer)):
                return answer
            if answer.sw3 in MISHEARD and resends:
                resends -= 1
                deadline = self._send(request, timeout_s)
            elif request.fits(answer):
                other = answer
            else:
                broken = Garbled(request=request.name, sw3=f"{answer.sw3:02X}", bytes=len(answer.body))

    def ask(self, request: Request, timeout_s: float) -> Answer:
        """The answer to `request`; its status may be any but "I misheard you".

        `timeout_s` is the reader's time to think; the wire's time is added. Raises `TimedOut` when nothing
        came, `Garbled` when what came is no answer to this, `Unreachable`.
        """
        if not self._in_step:
            greeting = self.greet(SAM_ID, self._patience_s)
            if greeting.sw3 in DEAD:
                return greeting
        self._in_step = False
        for _ in range(1 + _RESENDS):
            answer = self._heard(request, self._send(request, timeout_s))
            if answer.sw3 not in MISHEARD:
                break
        if answer.sw3 in MISHEARD or not request.fits(answer):
            raise Garbled(request=request.name, sw3=f"{answer.sw3:02X}", bytes=len(answer.body))
        self._in_step = True
        return answer

    def _send(self, request: Request, timeout_s: float) -> float:
        """Ask, and return the instant by which the whole answer must be there."""
        self._wire.discard()
        self._scanner.clear()
        self._wire.write(format_request(request))
        wire_s = (_REQUEST_BYTES + request.answer_bytes) * _BITS_PER_BYTE / self._baud
        return self._clock.after(timeout_s + wire_s)

    def _heard(self, request: Request, deadline: float) -> Answer:
        """The next whole frame."""
        heard = 0
        while (frame := self._scanner.take()) is None:
            wanted = self._scanner.wanted
            arrived = self._wire.read(wanted, self._clock.left(deadline))
            self._scanner.feed(arrived)
            heard += len(arrived)
            if len(arrived) < wanted:
                self._scanner.clear()  # it may hold half a card
                if heard:
                    raise Garbled(request=request.name, reason="no whole frame", bytes=heard)
                raise TimedOut(request=request.name)
        return parse_answer(frame)
