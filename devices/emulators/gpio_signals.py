"""A GPIO chip in memory, with a sensor, a door and lamps wired to it.

It is reached through `devices.signals.gpio_lines`, in this process, and by `devices.rig.seams` in others: a chip of the
kernel cannot be made without root (the kernel's own gpio-sim).
Everything above libgpiod is therefore exercised, libgpiod itself is not.

Source: shared protocol notes, others.md §6, §8.
"""

import errno
import itertools
import os
import threading
from collections.abc import Mapping, Sequence
from typing import ClassVar

from devices.signals.gpio_lines import LineWish, register_chip
from devices.signals.gpio_signals import USUAL_GPIO_INPUTS
from ground.clock import Clock

_LINES = 8
_numbers = itertools.count()


class GpioChipEmulator:
    """Eight lines. A closed contact pulls its line to ground; an open one is high where a pull-up makes it so."""

    knobs: ClassVar[tuple[str, ...]] = (
        "presence", "door_open", "contacts", "levels", "bounces", "taken", "mute",
    )  # fmt: skip

    def __init__(self, clock: Clock, port: int = 0) -> None:
        """`port` means nothing to a chip in memory."""
        self.clock = clock
        self.mute = False  #: the chip (behind I2C, say) answers no more
        self.taken = False  #: another program holds the lines
        self.bounces = 0  #: so many readings to come tell the opposite of every other one
        self._contacts = (False, True) + (False,) * (_LINES - 2)
        self._driven = [False] * _LINES
        self._url = f"memory-gpio://{next(_numbers)}"
        self._holder: _HeldLines | None = None
        self._turn = threading.RLock()

    @property
    def url(self) -> str:
        """What the driver's settings must say."""
        return self._url

    @property
    def contacts(self) -> tuple[bool, ...]:
        """The contact at each line, true where closed."""
        return self._contacts

    @contacts.setter
    def contacts(self, closed: Sequence[bool]) -> None:
        self._contacts = tuple(bool(contact) for contact in closed)

    @property
    def levels(self) -> tuple[bool, ...]:
        """What the driver puts on its outputs, true where high. Setting them is what a loose wire does."""
        return tuple(self._driven)

    @levels.setter
    def levels(self, high: Sequence[bool]) -> None:
        self._driven = [bool(level) for level in high]

    @property
    def presence(self) -> bool:
        """Somebody stands before the terminal: its contact is closed."""
        return self._contacts[USUAL_GPIO_INPUTS["presence"].line]

    @presence.setter
    def presence(self, there: bool) -> None:
        self._close(USUAL_GPIO_INPUTS["presence"].line, there)

    @property
    def door_open(self) -> bool:
        """The cabinet's door is open, and so is the loop through it."""
        return not self._contacts[USUAL_GPIO_INPUTS["door_open"].line]

    @door_open.setter
    def door_open(self, is_open: bool) -> None:
        self._close(USUAL_GPIO_INPUTS["door_open"].line, not is_open)

    def start(self) -> None:
        """The chip appears."""
        register_chip(self._url, self._take)

    def unplug(self) -> None:
        """The chip disappears; whoever holds its lines notices at the next call."""
        register_chip(self._url, None)
        self._holder = None

    def replug(self) -> None:
        """The same as `start`."""
        self.start()

    def close(self) -> None:
        """The same as `unplug`: there is nothing else to let go of."""
        self.unplug()

    def _take(self, wishes: Sequence[LineWish]) -> "_HeldLines":
        with self._turn:
            self._answer()
            if self.taken or self._holder is not None:
                raise _fault(errno.EBUSY)
            if any(wish.line >= _LINES for wish in wishes):
                raise ValueError("the chip has no such line")
            for wish in wishes:
                if wish.output:
                    self._driven[wish.line] = wish.active_low
            self._holder = _HeldLines(self, wishes)
            return self._holder

    def _answer(self) -> None:
        if self.mute:
            raise _fault(errno.ETIMEDOUT)

    def _close(self, line: int, closed: bool) -> None:
        contacts = list(self._contacts)
        contacts[line] = closed
        self._contacts = tuple(contacts)

    def held_by(self, holder: "_HeldLines") -> None:
        """Raises OSError when `holder` holds its lines no longer, or the chip is silent."""
        if self._holder is not holder:
            raise _fault(errno.ENODEV)
        self._answer()

    def read(self, wishes: Sequence[LineWish]) -> Mapping[int, bool]:
        """The logical levels of some lines."""
        with self._turn:
            bouncing = bool(self.bounces and self.bounces % 2 == 0)
            self.bounces = max(0, self.bounces - 1)
            levels = {}
            for wish in wishes:
                closed = self._contacts[wish.line] != bouncing
                high = self._driven[wish.line] if wish.output else wish.bias == "pull_up" and not closed
                levels[wish.line] = high != wish.active_low
            return levels

    def drive(self, wish: LineWish, active: bool) -> None:
        """Put an output so."""
        with self._turn:
            self._driven[wish.line] = active != wish.active_low

    def give_back(self, holder: "_HeldLines") -> None:
        """`holder` wants its lines no longer."""
        if self._holder is holder:
            self._holder = None


class _HeldLines:
    """Implements `devices.signals.gpio_lines.Lines`."""

    def __init__(self, chip: GpioChipEmulator, wishes: Sequence[LineWish]) -> None:
        self._chip = chip
        self._wishes = {wish.line: wish for wish in wishes}

    def read(self, lines: Sequence[int]) -> Mapping[int, bool]:
        self._chip.held_by(self)
        return self._chip.read([self._wishes[line] for line in lines])

    def write(self, line: int, active: bool) -> None:
        self._chip.held_by(self)
        wish = self._wishes[line]
        if not wish.output:
            raise _fault(errno.EPERM)
        self._chip.drive(wish, active)

    def release(self) -> None:
        self._chip.give_back(self)


def _fault(number: int) -> OSError:
    return OSError(number, os.strerror(number))
