"""/dev/watchdog: the kernel's device file, and what it can be asked.

Source: kernel documentation, watchdog/watchdog-api, and include/uapi/linux/watchdog.h (request numbers, `struct
watchdog_info`, flags); shared protocol notes, others.md §8. Every question is optional: a watchdog that does not know
one says ENOTTY or EOPNOTSUPP, which is "not told" and no fault. Files that are not the kernel's (the emulator's) are
registered from outside; this module knows none of them.
"""

import errno
import fcntl
import os
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

GETSUPPORT: Final = 0x8028_5700
GETBOOTSTATUS: Final = 0x8004_5702
SETTIMEOUT: Final = 0xC004_5706
GETTIMEOUT: Final = 0x8004_5707
GETTIMELEFT: Final = 0x8004_570A

CARDRESET: Final = 0x0020  # in the boot status: the watchdog restarted the machine
CAN_SETTIMEOUT: Final = 0x0080
CAN_MAGICCLOSE: Final = 0x0100  # it stops on close only after MAGIC; without, every close stops it

FOOD: Final = b"\0"  # any byte but the magic one
MAGIC: Final = b"V"

_INFO = struct.Struct("=II32s")
_INT = struct.Struct("=i")
_NOT_TOLD = (
    errno.ENOTTY,
    errno.EOPNOTSUPP,
    errno.EINVAL,
)  # EINVAL: some drivers' word for "unknown question"
_SYSFS = Path("/sys/class/watchdog")


@dataclass(frozen=True, slots=True)
class Support:
    """What a watchdog says of itself."""

    identity: str
    options: int  #: `CAN_…` flags


class WatchdogFile(Protocol):
    """An open watchdog: it runs. Every method raises OSError; None is "not told"."""

    def write(self, data: bytes) -> None:
        """Feed it, or say the magic byte."""
        ...

    def support(self) -> Support | None:
        """What it says of itself."""
        ...

    def boot_status(self) -> int | None:
        """Why the machine was started last, as flags."""
        ...

    def set_timeout(self, seconds: int) -> int | None:
        """Ask for a time-out; the one that it took."""
        ...

    def timeout(self) -> int | None:
        """Seconds that it waits for food."""
        ...

    def time_left(self) -> int | None:
        """Seconds until it bites."""
        ...

    def nowayout(self) -> bool | None:
        """Whether the kernel was told never to let it be stopped."""
        ...

    def close(self) -> None:
        """Let go of the file. Unless the last write was the magic byte, it runs on."""
        ...


WatchdogFactory = Callable[[], WatchdogFile]

_registered: dict[str, WatchdogFactory] = {}
_schemes: dict[str, Callable[[str], WatchdogFile]] = {}


def register_watchdogs(scheme: str, open_it: Callable[[str], WatchdogFile]) -> None:
    """Make every URL of `scheme` lead to `open_it(url)` instead of to the kernel."""
    _schemes[scheme] = open_it


def register_watchdog(url: str, factory: WatchdogFactory | None) -> None:
    """Make `url` lead to `factory` instead of to the kernel; None forgets it again."""
    if factory is None:
        _registered.pop(url, None)
    else:
        _registered[url] = factory


def open_watchdog(url: str) -> WatchdogFile:
    """The watchdog at `url`; from now on it runs. Raises OSError."""
    factory = _registered.get(url)
    if factory is not None:
        return factory()
    return _schemes.get(url.partition("://")[0], KernelWatchdog)(url)


class KernelWatchdog:
    """A device file of the kernel. Implements `WatchdogFile`."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._file = os.open(path, os.O_WRONLY | os.O_CLOEXEC | os.O_NOCTTY)

    def write(self, data: bytes) -> None:
        """Feed it, or say the magic byte."""
        os.write(self._file, data)

    def support(self) -> Support | None:
        """What it says of itself."""
        told = self._asked(GETSUPPORT, bytes(_INFO.size))
        return None if told is None else parse_support(told)

    def boot_status(self) -> int | None:
        """Why the machine was started last."""
        return self._number(GETBOOTSTATUS)

    def set_timeout(self, seconds: int) -> int | None:
        """Ask for a time-out; the one that it took."""
        return self._number(SETTIMEOUT, seconds)

    def timeout(self) -> int | None:
        """Seconds that it waits for food."""
        return self._number(GETTIMEOUT)

    def time_left(self) -> int | None:
        """Seconds until it bites."""
        return self._number(GETTIMELEFT)

    def nowayout(self) -> bool | None:
        """What sysfs says; `/dev/watchdog` is the first one's older name."""
        name = Path(os.path.realpath(self._path)).name
        try:
            said = (_SYSFS / ("watchdog0" if name == "watchdog" else name) / "nowayout").read_text()
        except OSError:
            return None
        return said.strip() == "1"

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)

    def _number(self, question: int, number: int = 0) -> int | None:
        told = self._asked(question, _INT.pack(number))
        return None if told is None else int(_INT.unpack(told)[0])

    def _asked(self, question: int, said: bytes) -> bytes | None:
        try:
            return fcntl.ioctl(self._file, question, said)
        except OSError as error:
            if error.errno in _NOT_TOLD:
                return None
            raise


def parse_support(told: bytes) -> Support:
    """A `struct watchdog_info`."""
    options, _firmware, identity = _INFO.unpack(told)
    return Support(identity.partition(b"\0")[0].decode("ascii", "replace"), options)
