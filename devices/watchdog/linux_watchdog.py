"""The machine's hardware watchdog through Linux' /dev/watchdog.

It starts when the file is opened, and restarts the machine when nobody writes to it in time. That is why nothing is
opened unless the settings say `armed = true`.

Source: kernel documentation, watchdog/watchdog-api; shared protocol notes, others.md §8. The file is in
`watchdog_file`.
Proven on: emulator only.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from devices.errors import Condition, Refused, TimedOut, Unreachable
from devices.status import Capabilities, Reading, State, Status
from devices.watchdog.watchdog_file import (
    CAN_MAGICCLOSE,
    CARDRESET,
    FOOD,
    MAGIC,
    Support,
    WatchdogFile,
    open_watchdog,
)
from ground.clock import Clock


class LinuxWatchdogSettings(BaseModel):
    """Which watchdog, and whether it may run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    driver: Literal["linux_watchdog"] = "linux_watchdog"
    url: str = "/dev/watchdog"
    #: without it the driver does not touch the file: a watchdog that was started by accident restarts the machine
    armed: bool = False
    timeout_s: int = Field(default=60, ge=5, le=3600)  #: asked for; what the watchdog took is in the status


class LinuxWatchdog:
    """Implements `devices.watchdog.Watchdog`."""

    def __init__(self, settings: LinuxWatchdogSettings, clock: Clock) -> None:
        """`clock` is not asked: the time that counts is the watchdog's own."""
        self._settings = settings
        self._file: WatchdogFile | None = None
        self._support: Support | None = None

    def open(self) -> None:
        """Set it running and feed it once.

        Raises `Unreachable` (also: not armed), `Refused` (BUSY: somebody else feeds it, systemd for one).
        """
        self.close()
        if not self._settings.armed:
            raise Unreachable(url=self._settings.url, reason="not armed: set armed = true")
        with self._faults():
            file = self._file = open_watchdog(self._settings.url)
            try:
                self._support = file.support()
                file.set_timeout(self._settings.timeout_s)
                file.write(FOOD)
            except OSError:
                self.close()
                raise

    def close(self) -> None:
        """Stop it where that can be, and let go of the file. May be called twice.

        Where the kernel does not let it be stopped it runs on, and restarts the machine unless opened again.
        """
        file, self._file = self._file, None
        if file is None:
            return
        with suppress(OSError):  # it has gone; what it does now is not ours
            file.write(MAGIC)
        with suppress(OSError):
            file.close()

    def identity(self) -> str:
        """Its own name; where it does not tell one, its file."""
        told = self._support.identity if self._support is not None else ""
        return told or self._settings.url

    def status(self) -> Status:
        """The time-out that it took, how long it would still wait, and why the machine was started last."""
        file = self._opened()
        with self._faults():
            readings: dict[str, Reading] = {
                "timeout_s": file.timeout(),
                "time_left_s": file.time_left(),
                "nowayout": file.nowayout(),
                "boot_was_watchdog": self.boot_was_watchdog(),
            }
        return Status(State.ONLINE, readings=readings)

    def capabilities(self) -> Capabilities:
        """What was asked for, and what it can do as far as it said."""
        options = None if self._support is None else self._support.options
        return {
            "timeout_s": self._settings.timeout_s,
            "magic_close": None if options is None else bool(options & CAN_MAGICCLOSE),
        }

    def feed(self) -> None:
        """All is well for another while."""
        file = self._opened()
        with self._faults():
            file.write(FOOD)

    def disarm(self) -> None:
        """Stop it and let go of it. Raises `Refused` (BAD_COMMAND) when the kernel never lets it be stopped."""
        file = self._opened()
        with self._faults():
            if file.nowayout():
                raise Refused(Condition.BAD_COMMAND, url=self._settings.url, reason="nowayout")
            file.write(MAGIC)
        self._file = None
        with self._faults():
            file.close()

    def boot_was_watchdog(self) -> bool | None:
        """Whether the machine's last start was its doing."""
        file = self._opened()
        with self._faults():
            status = file.boot_status()
        return None if status is None else bool(status & CARDRESET)

    def _opened(self) -> WatchdogFile:
        if self._file is None:
            raise Unreachable(url=self._settings.url, reason="not open")
        return self._file

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno == errno.EBUSY:
                raise Refused(Condition.BUSY, url=self._settings.url) from error
            failure = TimedOut if error.errno == errno.ETIMEDOUT else Unreachable
            raise failure(url=self._settings.url, reason=str(error)) from error
