"""The emulated GPIO chip and watchdog for other processes.

The kernel cannot be given such a device without root (gpio-sim, CUSE, softdog), so the driver's own seam, everything
above libgpiod or the device file, is carried over TCP: `emulated-gpio://127.0.0.1:PORT` and
`emulated-watchdog://127.0.0.1:PORT`. A program that shall reach them calls `register_seams` once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from devices.rig.seam_line import Opened, SeamClient, SeamServer
from devices.signals.gpio_lines import LineWish, register_chips, take_lines
from devices.watchdog.watchdog_file import Support, open_watchdog, register_watchdogs

GPIO: Final = "emulated-gpio"
WATCHDOG: Final = "emulated-watchdog"


def register_seams() -> None:
    """Make the URLs of emulated chips and watchdogs known to their drivers, in this process."""
    register_chips(GPIO, RemoteLines)
    register_watchdogs(WATCHDOG, RemoteWatchdog)


def serve_chip(url: str, port: int = 0) -> SeamServer:
    """The chip at `url` of this process, for others. Raises OSError."""

    def take(wishes: list[dict[str, Any]]) -> Opened:
        lines = take_lines(url, [LineWish(**wish) for wish in wishes])

        def read(wanted: list[int]) -> list[bool]:
            levels = lines.read(wanted)
            return [levels[line] for line in wanted]

        return Opened({"read": read, "write": lines.write}, lines.release)

    return SeamServer(GPIO, take, port)


def serve_watchdog(url: str, port: int = 0) -> SeamServer:
    """The watchdog at `url` of this process, for others. Raises OSError."""

    def open_it() -> Opened:
        file = open_watchdog(url)

        def support() -> list[Any] | None:
            told = file.support()
            return None if told is None else [told.identity, told.options]

        calls: dict[str, Callable[..., Any]] = {
            "write": lambda data: file.write(bytes.fromhex(data)),
            "support": support,
            "boot_status": file.boot_status,
            "set_timeout": file.set_timeout,
            "timeout": file.timeout,
            "time_left": file.time_left,
            "nowayout": file.nowayout,
        }
        return Opened(calls, file.close)

    return SeamServer(WATCHDOG, open_it, port)


#: driver -> serves its emulator's in-process URL to others
SEAMS: Mapping[str, Callable[[str, int], SeamServer]] = {
    "gpio_signals": serve_chip,
    "linux_watchdog": serve_watchdog,
}


class RemoteLines:
    """Lines of a chip in another process. Implements `devices.signals.gpio_lines.Lines`."""

    def __init__(self, url: str, wishes: Sequence[LineWish]) -> None:
        self._chip = SeamClient(url, [asdict(wish) for wish in wishes])

    def read(self, lines: Sequence[int]) -> Mapping[int, bool]:
        """The levels of `lines`."""
        return dict(zip(lines, self._chip.ask("read", list(lines)), strict=True))

    def write(self, line: int, active: bool) -> None:
        """Put an output so."""
        self._chip.ask("write", line, active)

    def release(self) -> None:
        """Give them back."""
        self._chip.close()


class RemoteWatchdog:
    """A watchdog in another process. Implements `devices.watchdog.watchdog_file.WatchdogFile`."""

    def __init__(self, url: str) -> None:
        self._dog = SeamClient(url)

    def write(self, data: bytes) -> None:
        """Feed it, or say the magic byte."""
        self._dog.ask("write", data.hex())

    def support(self) -> Support | None:
        """What it says of itself."""
        told = self._dog.ask("support")
        return None if told is None else Support(*told)

    def boot_status(self) -> int | None:
        """Why the machine was started last."""
        return self._number("boot_status")

    def set_timeout(self, seconds: int) -> int | None:
        """Ask for a time-out; the one that it took."""
        return self._number("set_timeout", seconds)

    def timeout(self) -> int | None:
        """Seconds that it waits for food."""
        return self._number("timeout")

    def time_left(self) -> int | None:
        """Seconds until it bites."""
        return self._number("time_left")

    def nowayout(self) -> bool | None:
        """Whether it can never be stopped."""
        told: bool | None = self._dog.ask("nowayout")
        return told

    def close(self) -> None:
        """Let go of it; unless the last write was the magic byte, it runs on."""
        self._dog.close()

    def _number(self, question: str, *wishes: int) -> int | None:
        told: int | None = self._dog.ask(question, *wishes)
        return told
