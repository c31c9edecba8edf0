"""Commands to a card over a wire, framed as vpcd does: the emulated card, or one behind a network.

Source: vsmartcard's documentation ("Creating a virtual smart card"): a length of two bytes, high byte first, then
either one control byte or a command; the card answers commands and the question for its ATR, nothing else. In real
vpcd the reader listens and the card connects; here the reader opens the wire, so that every rig can carry it.

Answers bear no number. Only an ATR begins with 3B or 3F, so each reading starts with the question for it, and
everything before its answer is let go by; an ATR that comes late is passed over. Compare docs/adr/0002.
"""

import enum

from devices.errors import Condition, Garbled, Refused, TimedOut
from devices.wire import Wire
from ground.clock import Clock

_LENGTH_BYTES = 2
_LONGEST = 258  # bytes of an answer: 256 and the status word
_LONGEST_ATR = 33  # ISO 7816-3
_ATR_STARTS = (0x3B, 0x3F)


class Control(enum.IntEnum):
    """What is said about the card instead of to it."""

    POWER_OFF = 0x00
    POWER_ON = 0x01
    RESET = 0x02
    GET_ATR = 0x04


class ApduLine:
    """Implements `devices.chip_card.channel.Channel` over an open wire."""

    def __init__(self, wire: Wire, clock: Clock, name: str, timeout_s: float) -> None:
        """`timeout_s` is the card's time for one answer."""
        self._wire = wire
        self._clock = clock
        self._name = name
        self._timeout_s = timeout_s

    @property
    def name(self) -> str:
        """Where it is: the framing knows no names."""
        return self._name

    def present(self) -> bool:
        """Whether a card is in it: it tells its ATR; an empty one means none."""
        return self._says_atr()

    def connect(self) -> bool:
        """Power up and reset; neither is answered."""
        return self._says_atr(Control.POWER_ON, Control.RESET)

    def transmit(self, command: bytes) -> bytes | None:
        """The card's answer; an empty one comes from a card that is gone, or mute."""
        self._wire.write(format_frame(command))
        answer = self._answer(to_atr=False)
        if answer:
            return answer
        if self.present():
            raise Refused(Condition.CARD_MUTE, url=self._name)
        return None

    def disconnect(self) -> None:
        """Power down."""
        self._wire.write(format_frame(bytes((Control.POWER_OFF,))))

    def close(self) -> None:
        """Let go of the wire."""
        self._wire.close()

    def _says_atr(self, *first: Control) -> bool:
        self._wire.discard()
        self._wire.write(b"".join(format_frame(bytes((control,))) for control in (*first, Control.GET_ATR)))
        return self._answer(to_atr=True) != b""

    def _answer(self, to_atr: bool) -> bytes:
        """The next answer of the wanted kind; an empty one is of either kind."""
        deadline = self._clock.after(self._timeout_s)
        heard = False
        while True:
            try:
                frame = self._frame(deadline)
            except TimedOut:
                if heard:
                    raise Garbled(url=self._name, reason="no answer to this") from None
                raise
            if not frame or is_atr(frame) == to_atr:
                return frame
            heard = True

    def _frame(self, deadline: float) -> bytes:
        head = self._wire.read(_LENGTH_BYTES, self._clock.left(deadline))
        if not head:
            raise TimedOut(url=self._name)
        size = int.from_bytes(head)
        if len(head) < _LENGTH_BYTES or size > _LONGEST:
            raise Garbled(url=self._name, reason="no frame", bytes=len(head))
        body = self._wire.read(size, self._clock.left(deadline)) if size else b""
        if len(body) < size:
            raise Garbled(url=self._name, reason="half a frame", bytes=len(body))
        return body


def format_frame(content: bytes) -> bytes:
    """`content` with its length."""
    return len(content).to_bytes(_LENGTH_BYTES) + content


def is_atr(answer: bytes) -> bool:
    """Whether `answer` is a card's answer to reset and no answer to a command of this application."""
    return 2 <= len(answer) <= _LONGEST_ATR and answer[0] in _ATR_STARTS
