"""Evaluation devices (评价器): five keys, one press, after the case."""

import enum
from dataclasses import dataclass
from typing import Protocol

from devices.status import Capabilities, Status


class Level(enum.IntEnum):
    """The five national levels of 好差评, as stars."""

    VERY_DISSATISFIED = 1
    DISSATISFIED = 2
    FAIR = 3
    SATISFIED = 4
    VERY_SATISFIED = 5


@dataclass(frozen=True, slots=True)
class Press:
    """A key that was pressed inside the window."""

    level: Level
    after_s: int  #: whole seconds from the question to the press, as the device counted them


class Evaluator(Protocol):
    """A keypad that can be asked for one rating."""

    def open(self) -> None:
        """Take the port and make sure that a keypad answers. Raises `DeviceError`."""
        ...

    def close(self) -> None:
        """Let go of the port. May be called twice."""
        ...

    def identity(self) -> str:
        """What the keypad says of itself."""
        ...

    def status(self) -> Status:
        """How it fares, asked now; its keys stay dark. Raises `DeviceError` only when it says nothing of use."""
        ...

    def capabilities(self) -> Capabilities:
        """What it can do, as far as is known; asks nothing."""
        ...

    def ask(self, window_s: int) -> None:
        """Light the keys and start waiting for at most `window_s` (1 to 255) seconds. Returns at once."""
        ...

    def pressed(self) -> Press | None:
        """The key pressed since `ask`, once; None while nothing was pressed. Polled, returns within 50 ms."""
        ...

    def cancel(self) -> None:
        """Stop waiting; the citizen rated on the screen or left."""
        ...
