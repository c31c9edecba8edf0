"""Heat, memory, watchdog and screen as the kernel tells them: well, wrong, missing, and in no form at all."""

from pathlib import Path

import pytest

from kiosk.care import machine
from kiosk.care.check import Found
from kiosk.care.codes import HOT, NO_DISPLAY, NO_WATCHDOG, SHORT_OF_MEMORY
from kiosk.care.tree import Tree
from tests.kiosk.care import laid_out
from tests.kiosk.care.laid_out import MEMINFO, PRESSURE, put

ZONE, SENSOR = "sys/class/thermal/thermal_zone0/temp", "sys/class/hwmon/hwmon1/temp1_input"


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return laid_out.healthy(tmp_path / "machine", tmp_path)


@pytest.fixture
def bare(tmp_path: Path) -> Tree:
    """A machine that tells nothing of itself, as a container does."""
    return Tree(tmp_path / "bare")


def heat(tree: Tree) -> Found:
    return machine.temperature(tree, 75, 88)


def test_the_hottest_sensor_counts(tree: Tree) -> None:
    assert heat(tree) == Found(
        "temperature.hottest", {"degrees": "47", "sensor": "x86_pkg_temp", "sensors": 2}
    )
    put(tree.root, SENSOR, "61850\n")
    assert heat(tree).facts == {"degrees": "62", "sensor": "nvme Composite", "sensors": 2}


@pytest.mark.parametrize(
    ("milli", "code", "soon"), [("74000", "", ""), ("75000", "", HOT), ("87900", "", HOT), ("88000", HOT, "")]
)
def test_warm_is_warned_of_and_hot_is_a_fault(tree: Tree, milli: str, code: str, soon: str) -> None:
    put(tree.root, ZONE, f"{milli}\n")
    found = heat(tree)
    assert (found.code, found.soon) == (code, soon)


@pytest.mark.parametrize("told", ["", "warm", "-273000", "255000", "4 7"])
def test_a_sensor_that_tells_nonsense_is_left_out(tree: Tree, told: str) -> None:
    put(tree.root, ZONE, told)
    assert heat(tree).facts["sensors"] == 1
    put(tree.root, SENSOR, told)
    assert heat(tree) == Found("temperature.unknown")


def test_a_sensor_without_a_name_is_named_after_its_place(tree: Tree) -> None:
    tree.path("sys/class/thermal/thermal_zone0/type").unlink()
    assert heat(tree).facts["sensor"] == "thermal_zone0"


def test_a_machine_without_sensors_is_not_said_to_be_cool(bare: Tree) -> None:
    assert heat(bare) == Found("temperature.unknown")


@pytest.mark.parametrize(
    ("left_kb", "full", "code", "soon"),
    [
        (4_024_634, 0.0, "", ""),
        (700_000, 0.0, "", SHORT_OF_MEMORY),
        (300_000, 0.0, SHORT_OF_MEMORY, ""),
        (4_024_634, 6.0, "", SHORT_OF_MEMORY),
        (4_024_634, 25.5, SHORT_OF_MEMORY, ""),
    ],
)
def test_memory_is_short_when_little_is_left_or_programs_wait(
    tree: Tree, left_kb: int, full: float, code: str, soon: str
) -> None:
    put(tree.root, "proc/meminfo", MEMINFO.format(left=left_kb))
    put(tree.root, "proc/pressure/memory", PRESSURE.format(full=full))
    found = machine.memory(tree)
    assert (found.code, found.soon) == (code, soon)
    assert found.facts["waiting"] == f"{full:.1f}"


def test_a_kernel_without_psi_tells_what_is_left(tree: Tree) -> None:
    tree.path("proc/pressure/memory").unlink()
    assert machine.memory(tree).facts == {"left_mb": 3930, "percent": 50, "waiting": "?"}


@pytest.mark.parametrize("told", ["", "MemTotal: lots\n", "MemTotal: 0 kB\nMemAvailable: 5 kB\n"])
def test_memory_that_is_told_in_no_known_form(tree: Tree, told: str) -> None:
    put(tree.root, "proc/meminfo", told)
    assert machine.memory(tree).facts["left_mb"] == "?"
    put(tree.root, "proc/pressure/memory", "some avg10=?\n")
    assert machine.memory(tree) == Found("memory.unknown")


def test_memory_that_nobody_tells(bare: Tree) -> None:
    assert machine.memory(bare) == Found("memory.unknown")


def test_a_watchdog_that_runs(tree: Tree) -> None:
    assert machine.watchdog(tree) == Found("watchdog.active", {"name": "iTCO_wdt", "seconds": "60"})


@pytest.mark.parametrize("state", ["inactive\n", ""])
def test_a_watchdog_that_does_not_run_is_warned_of(tree: Tree, state: str) -> None:
    put(tree.root, "sys/class/watchdog/watchdog0/state", state)
    assert (machine.watchdog(tree).said, machine.watchdog(tree).soon) == ("watchdog.idle", NO_WATCHDOG)


def test_a_machine_without_one(bare: Tree) -> None:
    assert machine.watchdog(bare) == Found("watchdog.none", soon=NO_WATCHDOG)


def test_the_screen_and_its_size(tree: Tree) -> None:
    told = {"socket": "HDMI-A-1", "mode": "1080x1920", "screens": 1}
    assert machine.display(tree) == Found("display.connected", told)
    put(tree.root, "sys/class/drm/card0-HDMI-A-1/modes", "")
    assert machine.display(tree).facts["mode"] == "?"


def test_no_screen_at_any_socket(tree: Tree) -> None:
    put(tree.root, "sys/class/drm/card0-HDMI-A-1/status", "disconnected\n")
    assert machine.display(tree) == Found("display.none", {"sockets": 2}, code=NO_DISPLAY)


def test_sockets_that_do_not_tell(tree: Tree, bare: Tree) -> None:
    for socket in ("HDMI-A-1", "DP-1"):
        put(tree.root, f"sys/class/drm/card0-{socket}/status", "unknown\n")
    assert machine.display(tree) == machine.display(bare) == Found("display.unknown")


def test_this_very_machine_can_be_looked_at() -> None:
    for found in (heat(Tree()), machine.memory(Tree()), machine.watchdog(Tree()), machine.display(Tree())):
        assert found.said
    assert machine.memory(Tree()).said == "memory.left"
