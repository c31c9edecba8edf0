"""What a keyboard on the US layout types, from its key events: characters, Enter and Tab.

For devices that pretend to be keyboards (code scanners, keypads): they send the US layout unless set otherwise.
Source: linux/input-event-codes.h (KEY_…); the layout is ANSI INCITS 154 as every such device assumes it.
"""

from collections.abc import Iterable
from typing import Final

from devices.wire.input_events import (
    DOWN,
    EV_KEY,
    EV_SYN,
    REPEAT,
    SYN_DROPPED,
    SYN_REPORT,
    UP,
    InputEvent,
    format_event,
    parse_events,
)

#: stands in the text for a key that makes no character but was meant: Ctrl or Alt with another key, or lost keys
SPOILT: Final = "\ufffd"

_ROWS = (  # first key code, without shift, with shift
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (57, " ", " "),
)
_PLAIN = {first + at: key for first, plain, _ in _ROWS for at, key in enumerate(plain)}
_SHIFTED = {first + at: key for first, _, shifted in _ROWS for at, key in enumerate(shifted)}
#: KEY_KP… : the same with and without shift; num lock is taken to be on, as scanners take it
_KEYPAD = {
    71: "7", 72: "8", 73: "9", 74: "-", 75: "4", 76: "5", 77: "6", 78: "+",
    79: "1", 80: "2", 81: "3", 82: "0", 83: ".", 55: "*", 98: "/", 117: "=",
}  # fmt: skip
_ENDS = {28: "\r", 96: "\r", 15: "\t"}  # KEY_ENTER, KEY_KPENTER, KEY_TAB
_SHIFTS = frozenset((42, 54))  # KEY_LEFTSHIFT, KEY_RIGHTSHIFT
_CHORDS = frozenset((29, 97, 56, 100, 125, 126))  # KEY_…CTRL, KEY_…ALT, KEY_…META
_CAPS_LOCK = 58

_TYPED = (
    {key: (code, False) for code, key in _PLAIN.items()}
    | {key: (code, True) for code, key in _SHIFTED.items() if key != " "}
    | {"\r": (28, False), "\t": (15, False)}
)
_LEFT_SHIFT = 42


class KeyReader:
    """Turns the bytes of input events into what was typed; keeps shift and half-read events between calls."""

    def __init__(self) -> None:
        self._half = b""
        self._down: set[int] = set()
        self._caps = False
        self._dropping = False

    def reset(self) -> None:
        """Forget half an event and keys that are held. Caps lock stays as it is: the device knows no better."""
        self._half = b""
        self._down.clear()
        self._dropping = False

    def feed(self, data: bytes) -> str:
        """What `data` types: ASCII, with "\\r" for Enter, "\\t" for Tab and `SPOILT`; other keys type nothing."""
        events, self._half = parse_events(self._half + data)
        return "".join(self._typed(events))

    def _typed(self, events: Iterable[InputEvent]) -> Iterable[str]:
        for event in events:
            if event.type == EV_SYN:
                yield self._after_loss(event.code)
            elif event.type == EV_KEY and not self._dropping:
                yield self._key(event.code, event.value)

    def _after_loss(self, code: int) -> str:
        """After SYN_DROPPED everything up to the next report is to be passed over; what was held is unknown."""
        if code == SYN_DROPPED:
            self._dropping = True
            self._down.clear()
            return SPOILT
        if code == SYN_REPORT:
            self._dropping = False
        return ""

    def _key(self, code: int, value: int) -> str:
        if value == UP:
            self._down.discard(code)
            return ""
        if value != DOWN:  # a key that is held was pressed once, however often the kernel repeats it
            return ""
        self._down.add(code)
        if code in _SHIFTS or code in _CHORDS:
            return ""
        if code == _CAPS_LOCK:
            self._caps = not self._caps
            return ""
        return self._text(code)

    def _text(self, code: int) -> str:
        if self._down & _CHORDS:
            return SPOILT
        if code in _ENDS:
            return _ENDS[code]
        if code in _KEYPAD:
            return _KEYPAD[code]
        shifted = bool(self._down & _SHIFTS)
        key = (_SHIFTED if shifted else _PLAIN).get(code, "")
        return key.swapcase() if self._caps and key.isalpha() else key


def format_typing(text: str) -> list[bytes]:
    """The events of a keyboard that types `text` (ASCII, "\\r", "\\t"), one item a key. Raises KeyError for others."""
    return [_stroke(*_TYPED[key]) for key in text]


def format_held(key: str, repeats: int) -> bytes:
    """The events of a key that is pressed, repeats itself and is not let go."""
    code, _ = _TYPED[key]
    return _change(code, DOWN) + _change(code, REPEAT) * repeats


def format_loss() -> bytes:
    """What the kernel says when its buffer overflowed and events are missing."""
    return format_event(InputEvent(EV_SYN, SYN_DROPPED, 0)) + format_event(InputEvent(EV_SYN, SYN_REPORT, 0))


def _stroke(code: int, shifted: bool) -> bytes:
    stroke = _change(code, DOWN) + _change(code, UP)
    return _change(_LEFT_SHIFT, DOWN) + stroke + _change(_LEFT_SHIFT, UP) if shifted else stroke


def _change(code: int, value: int) -> bytes:
    return format_event(InputEvent(EV_KEY, code, value)) + format_event(InputEvent(EV_SYN, SYN_REPORT, 0))
