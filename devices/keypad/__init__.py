"""Keypads (实体键盘): what a person presses who does not touch the glass, and what switches say who press for her."""

import enum
from dataclasses import dataclass, field
from typing import Protocol

from devices.status import Capabilities, Status


class Key(enum.StrEnum):
    """What a key means, whatever is printed on it."""

    UP = "up"
    DOWN = "down"
    LEFT = "left"
    RIGHT = "right"
    NEXT = "next"  #: Tab; the second of two switches
    PREVIOUS = "previous"
    ENTER = "enter"  #: 确认
    BACK = "back"  #: 取消: close the keyboard, go one step back
    CORRECT = "correct"  #: 更正: take the last character away
    MAIN = "main"  #: to the one main action of the screen
    HOME = "home"  #: leave, after being asked
    HELP = "help"
    LOUDER = "louder"
    SOFTER = "softer"
    CHARACTER = "character"  #: a digit, or X; `KeyPress.text` says which
    SWITCH = "switch"  #: the only switch that somebody has: the focus moves by itself, it says when


@dataclass(frozen=True, slots=True)
class KeyPress:
    """One key, pressed once."""

    key: Key
    text: str = field(default="", repr=False)  #: of CHARACTER: may be part of a number that names a person
    elsewhere: Key | None = None  #: what a digit means where no number is written: pads without arrows


class Keypad(Protocol):
    """Something with keys or switches. It hears nothing."""

    def open(self) -> None:
        """Take the device. Raises `DeviceError`."""
        ...

    def close(self) -> None:
        """Give the keys back. May be called twice."""
        ...

    def identity(self) -> str:
        """What tells this one from another; most do not know, then its place."""
        ...

    def status(self) -> Status:
        """How it fares, asked now; loses no key. Raises `DeviceError` only when it says nothing of use."""
        ...

    def capabilities(self) -> Capabilities:
        """What it can do, as far as is known; asks nothing."""
        ...

    def pressed(self) -> tuple[KeyPress, ...]:
        """What was pressed since the last call, in order. Polled, returns within 50 ms. Raises `DeviceError`."""
        ...
