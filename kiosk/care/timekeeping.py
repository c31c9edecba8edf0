"""Whether the time can be believed: who sets the clock, what the platform says, the clock on the board, yesterday.

Nothing here sets a clock. Sources: adjtimex(2); systemd-timesyncd.service(8), `/run/systemd/timesync/synchronized`;
Documentation/ABI/testing/sysfs-class-rtc-rtc0-device-rtc_calibration and drivers/rtc/sysfs.c (`since_epoch`, UTC).
"""

import ctypes
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from kiosk.care.check import Found
from kiosk.care.codes import CLOCK_BATTERY, CLOCK_WENT_BACK, NOT_SYNCHRONISED
from kiosk.care.tree import Tree
from offline_cache.clockcheck import RELEASED
from offline_cache.errors import WrongClock
from offline_cache.items import ClockReading, ClockState

_UNSYNCHRONISED = 0x40  # STA_UNSYNC
_ERROR = 5  # TIME_ERROR
_TIMEX_BYTES = 208  # sizeof(struct timex) on 64-bit Linux; asked with modes = 0, which changes nothing
_STATUS_AT = 40  # offset of `status`
_WRONG = (ClockState.OFF, ClockState.IMPOSSIBLE, ClockState.JUMPED)
_BOARD_OFF_S = 300  # chosen: the kernel writes it back every 11 minutes; a good quartz drifts seconds a day
_BACK_S = 120  # chosen: what was known to be right a moment ago may be set back by this much
GOOD = "clock.json"  #: in the care folder: the last moment at which the clock was known to be right


def kernel_synchronised() -> bool | None:
    """Whether the kernel holds the clock for synchronised (any NTP daemon tells it); None when it may not be asked."""
    told = ctypes.create_string_buffer(_TIMEX_BYTES)
    with suppress(OSError, AttributeError):
        answer: int = ctypes.CDLL(None).adjtimex(told)
        if answer >= 0:
            status = int.from_bytes(told.raw[_STATUS_AT : _STATUS_AT + 4], "little")
            return answer != _ERROR and not status & _UNSYNCHRONISED
    return None


def synchronised(tree: Tree, kernel: Callable[[], bool | None] = kernel_synchronised) -> bool | None:
    """Whether something sets the clock; None when that is not known."""
    if tree.path("run/systemd/timesync/synchronized").exists():
        return True
    return kernel()


def clock(
    told: ClockReading | None, set_by_network: bool | None, now: datetime, last_good: datetime | None
) -> Found:
    """The wall clock. `told`: as the uploader found it against the platform. Raises `WrongClock`."""
    if now < RELEASED:
        raise WrongClock(now=now.isoformat(timespec="seconds"))
    off = "?" if told is None or told.off_s is None else f"{told.off_s:+.0f}"
    facts = {"off": off, "state": "unknown" if told is None else told.state.value}
    if told is not None and told.state in _WRONG:
        raise WrongClock(state=told.state.value, off_s=off)
    right = told is not None and told.state is ClockState.RIGHT
    if not right and last_good is not None and (last_good - now).total_seconds() > _BACK_S:
        back = f"{(last_good - now).total_seconds() / 60:.0f}"
        return Found("clock.back", facts | {"minutes": back}, code=CLOCK_WENT_BACK)
    if set_by_network is None:
        return Found("clock.unasked", facts)
    said = "clock.synchronised" if set_by_network else "clock.alone"
    return Found(said, facts, soon="" if set_by_network or right else NOT_SYNCHRONISED)


def board_clock(tree: Tree, now: datetime, *, believed: bool) -> Found:
    """The clock on the board, which counts while there is no power. `believed`: the wall clock is known to be right."""
    since = next(
        (value for path in tree.glob("sys/class/rtc/rtc*/since_epoch") if (value := tree.number(path))), None
    )
    if since is None:
        return Found("rtc.none")
    off = since - now.timestamp()
    facts = {"off": f"{off:+.0f}"}
    wrong = since < RELEASED.timestamp() or (believed and abs(off) > _BOARD_OFF_S)
    return Found("rtc.off", facts, code=CLOCK_BATTERY if wrong else "")


def last_good(folder: Path) -> datetime | None:
    """The last moment of which it was known that the clock was right."""
    try:
        at = datetime.fromisoformat(str(json.loads((folder / GOOD).read_text(encoding="ascii"))["good"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return at if at.tzinfo is not None else None


def note_good(folder: Path, now: datetime) -> None:
    """Note that the clock is right now. What cannot be written is not known later: raises OSError."""
    fresh = folder / f"{GOOD}.new"
    fresh.write_text(json.dumps({"good": now.isoformat()}), encoding="ascii")
    fresh.replace(folder / GOOD)
