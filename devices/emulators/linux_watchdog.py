"""A watchdog in memory, and the machine that it restarts.

It is reached through `devices.watchdog.watchdog_file`, in this process, and by `devices.rig.seams` in others: one of
the kernel's (`softdog`) needs root, and would restart the machine that tests it.

Source: kernel documentation, watchdog/watchdog-api; shared protocol notes, others.md §8.
"""

import errno
import itertools
import os
import threading
from typing import ClassVar

from devices.watchdog.watchdog_file import (
    CAN_MAGICCLOSE,
    CAN_SETTIMEOUT,
    CARDRESET,
    MAGIC,
    Support,
    WatchdogFile,
    register_watchdog,
)
from ground.clock import Clock

_TIMEOUT_S = 60  # the usual default (§8)
_numbers = itertools.count()


class WatchdogEmulator:
    """Runs while it is armed; when its food does not come in time it bites, and the machine starts again."""

    knobs: ClassVar[tuple[str, ...]] = (
        "bitten", "timeout_s", "longest_timeout_s", "nowayout", "knows_questions", "in_use", "mute",
    )  # fmt: skip

    def __init__(self, clock: Clock, port: int = 0) -> None:
        """`port` means nothing to a watchdog in memory."""
        self.clock = clock
        self.mute = False  #: its registers answer no more
        self.in_use = False  #: systemd feeds it
        self.nowayout = False  #: the kernel was told never to let it be stopped
        self.knows_questions = True  #: false: it can only be fed, every question is ENOTTY
        self.timeout_s = _TIMEOUT_S
        self.longest_timeout_s = 600  #: what is longer is cut to this
        self.meals = 0  #: how often it was fed
        self._armed = False
        self._bitten = False
        self._fed_at = 0.0
        self._url = f"memory-watchdog://{next(_numbers)}"
        self._holder: _OpenFile | None = None
        self._turn = threading.RLock()

    @property
    def url(self) -> str:
        """What the driver's settings must say."""
        return self._url

    @property
    def armed(self) -> bool:
        """Whether it runs."""
        self._look()
        return self._armed

    @property
    def bitten(self) -> bool:
        """Whether it has restarted the machine. Setting it makes it bite, or forgets that it did."""
        self._look()
        return self._bitten

    @bitten.setter
    def bitten(self, so: bool) -> None:
        with self._turn:
            if so:
                self._bite()
            self._bitten = so

    def start(self) -> None:
        """The watchdog appears."""
        register_watchdog(self._url, self._open)

    def unplug(self) -> None:
        """The watchdog disappears, and with it its timer."""
        register_watchdog(self._url, None)
        self._holder, self._armed = None, False

    def replug(self) -> None:
        """The same as `start`."""
        self.start()

    def close(self) -> None:
        """The same as `unplug`: there is nothing else to let go of."""
        self.unplug()

    def time_left_s(self) -> int:
        """Whole seconds until it bites."""
        return int(self.clock.left(self._fed_at + self.timeout_s))

    def ask(self, holder: "_OpenFile") -> bool:
        """Whether it knows questions. Raises OSError when `holder` holds it no longer, or it is silent."""
        self._look()
        if self._holder is not holder:
            raise _fault(errno.ENODEV)
        if self.mute:
            raise _fault(errno.ETIMEDOUT)
        return self.knows_questions

    def take_timeout(self, seconds: int) -> int:
        """A time-out was asked for; the one that is taken. Asking feeds, as in the kernel."""
        self.timeout_s = min(seconds, self.longest_timeout_s)
        self._fed_at = self.clock.instant()
        return self.timeout_s

    def eat(self) -> None:
        """It was fed."""
        self.meals += 1
        self._fed_at = self.clock.instant()

    def let_go(self, holder: "_OpenFile", magic: bool) -> None:
        """The file was closed, after the magic byte or without."""
        self._look()
        if self._holder is holder:
            self._holder = None
            self._armed = self._armed and (self.nowayout or not magic)

    def boot_status(self) -> int:
        """Why the machine was started last."""
        return CARDRESET if self._bitten else 0

    def _open(self) -> WatchdogFile:
        with self._turn:
            self._look()
            if self.in_use or self._holder is not None:
                raise _fault(errno.EBUSY)
            self._armed, self._fed_at = True, self.clock.instant()
            self._holder = _OpenFile(self)
            return self._holder

    def _look(self) -> None:
        """Bite if it is time: nothing else turns this timer."""
        with self._turn:
            if self._armed and self.clock.due(self._fed_at + self.timeout_s):
                self._bite()

    def _bite(self) -> None:
        """The machine starts again: nobody holds the file any more."""
        self._bitten, self._armed, self._holder = True, False, None


class _OpenFile:
    """Implements `devices.watchdog.watchdog_file.WatchdogFile`."""

    def __init__(self, dog: WatchdogEmulator) -> None:
        self._dog = dog
        self._magic = False

    def write(self, data: bytes) -> None:
        self._dog.ask(self)
        self._dog.eat()
        self._magic = MAGIC in data

    def support(self) -> Support | None:
        options = CAN_SETTIMEOUT | CAN_MAGICCLOSE
        return Support("Emulated watchdog", options) if self._dog.ask(self) else None

    def boot_status(self) -> int | None:
        return self._dog.boot_status() if self._dog.ask(self) else None

    def set_timeout(self, seconds: int) -> int | None:
        return self._dog.take_timeout(seconds) if self._dog.ask(self) else None

    def timeout(self) -> int | None:
        return self._dog.timeout_s if self._dog.ask(self) else None

    def time_left(self) -> int | None:
        return self._dog.time_left_s() if self._dog.ask(self) else None

    def nowayout(self) -> bool | None:
        return self._dog.nowayout

    def close(self) -> None:
        self._dog.let_go(self, self._magic)


def _fault(number: int) -> OSError:
    return OSError(number, os.strerror(number))
