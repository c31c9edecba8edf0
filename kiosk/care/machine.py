"""The machine itself: heat, memory, watchdog, screen. All from what the kernel lays out; nothing is set here.

Sources: Documentation/driver-api/thermal/sysfs-api, hwmon/sysfs-interface, accounting/psi, watchdog/watchdog-api,
Documentation/ABI/testing/sysfs-class-drm of the Linux kernel.
"""

import re

from kiosk.care.check import Found
from kiosk.care.codes import HOT, NO_DISPLAY, NO_WATCHDOG, SHORT_OF_MEMORY
from kiosk.care.tree import Tree

_COLDEST, _HOTTEST = -40, 150  # °C; what lies beyond is a sensor that is not fitted
_MILLI = 1000
_WAITING_SOON, _WAITING = (
    5.0,
    20.0,
)  # chosen: per cent of five minutes in which every program waited for memory
_LEFT_SOON, _LEFT = 10, 4  # chosen: per cent of the memory that can still be had
_FULL = re.compile(r"^full avg10=([0-9.]+) avg60=([0-9.]+) avg300=([0-9.]+) total=\d+$", re.MULTILINE)


def temperature(tree: Tree, warm_c: int, hot_c: int) -> Found:
    """The hottest sensor."""
    readings = [*_zones(tree), *_sensors(tree)]
    if not readings:
        return Found("temperature.unknown")
    hottest, name = max(readings)
    facts = {"degrees": f"{hottest:.0f}", "sensor": name, "sensors": len(readings)}
    code = HOT if hottest >= hot_c else ""
    return Found("temperature.hottest", facts, code=code, soon=HOT if not code and hottest >= warm_c else "")


def _zones(tree: Tree) -> list[tuple[float, str]]:
    found = []
    for zone in tree.glob("sys/class/thermal/thermal_zone*"):
        degrees = tree.number(f"{zone}/temp")
        if degrees is not None and _COLDEST < degrees / _MILLI < _HOTTEST:
            found.append((degrees / _MILLI, tree.text(f"{zone}/type") or zone.rpartition("/")[2]))
    return found


def _sensors(tree: Tree) -> list[tuple[float, str]]:
    found = []
    for path in tree.glob("sys/class/hwmon/hwmon*/temp*_input"):
        degrees = tree.number(path)
        if degrees is None or not _COLDEST < degrees / _MILLI < _HOTTEST:
            continue
        label = tree.text(f"{path.removesuffix('_input')}_label")
        chip = tree.text(f"{path.rpartition('/')[0]}/name") or "hwmon"
        found.append((degrees / _MILLI, f"{chip} {label}" if label else chip))
    return found


def memory(tree: Tree) -> Found:
    """Whether programs wait for memory (PSI), and how much can still be had."""
    left = _memory_left(tree)
    pressure = _FULL.search(tree.text("proc/pressure/memory") or "")
    waiting = float(pressure[3]) if pressure else None
    if left is None and waiting is None:
        return Found("memory.unknown")
    facts = {
        "left_mb": "?" if left is None else left[0],
        "percent": "?" if left is None else left[1],
        "waiting": "?" if waiting is None else f"{waiting:.1f}",
    }
    short = (left is not None and left[1] < _LEFT) or (waiting is not None and waiting >= _WAITING)
    soon = (left is not None and left[1] < _LEFT_SOON) or (waiting is not None and waiting >= _WAITING_SOON)
    return Found(
        "memory.left",
        facts,
        code=SHORT_OF_MEMORY if short else "",
        soon=SHORT_OF_MEMORY if soon and not short else "",
    )


def _memory_left(tree: Tree) -> tuple[int, int] | None:
    """Megabytes and per cent."""
    told = dict(re.findall(r"^(\w+):\s+(\d+) kB$", tree.text("proc/meminfo") or "", re.MULTILINE))
    total, left = int(told.get("MemTotal", 0)), told.get("MemAvailable")
    return None if not total or left is None else (int(left) // 1024, 100 * int(left) // total)


def watchdog(tree: Tree) -> Found:
    """Whether a hardware watchdog runs, whoever feeds it (systemd, as a rule)."""
    for folder in tree.glob("sys/class/watchdog/watchdog*"):
        facts = {
            "name": tree.text(f"{folder}/identity") or "?",
            "seconds": tree.text(f"{folder}/timeout") or "?",
        }
        if tree.text(f"{folder}/state") == "active":
            return Found("watchdog.active", facts)
        return Found("watchdog.idle", facts, soon=NO_WATCHDOG)
    return Found("watchdog.none", soon=NO_WATCHDOG)


def display(tree: Tree) -> Found:
    """Which screen hangs on the machine."""
    states = {path: tree.text(path) for path in tree.glob("sys/class/drm/card*-*/status")}
    if not any(state in ("connected", "disconnected") for state in states.values()):
        return Found("display.unknown")
    shown = [path for path, state in states.items() if state == "connected"]
    if not shown:
        return Found("display.none", {"sockets": len(states)}, code=NO_DISPLAY)
    folder = shown[0].rpartition("/")[0]
    mode = (tree.text(f"{folder}/modes") or "?").splitlines()[0]
    socket = folder.rpartition("/")[2].partition("-")[2]
    return Found("display.connected", {"socket": socket, "mode": mode, "screens": len(shown)})
