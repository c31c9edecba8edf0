"""What hangs on USB at installation is let in, all else is turned away: the rules are read as udev reads them."""

import re
import subprocess
from fnmatch import fnmatch
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "deploy/usb-allow.sh"
_MATCH = re.compile(r'(\w+)(?:\{(\w+)\})?(==|!=)"([^"]*)"')

READER = {
    "KERNEL": "1-2",
    "idVendor": "0400",
    "idProduct": "c35a",
    "bDeviceClass": "00",
    "product": "ID reader\n$(x)",
}
HUB = {"KERNEL": "usb1", "idVendor": "1d6b", "idProduct": "0002", "bDeviceClass": "09", "product": "xHCI"}


def _rules(folder: Path, *devices: dict[str, str], socket: str = "") -> str:
    for device in devices:
        where = folder / device["KERNEL"]
        where.mkdir()
        for name, value in device.items():
            if name != "KERNEL":
                (where / name).write_text(value + "\n", encoding="utf-8")
    (folder / "1-2:1.0").mkdir()  # an interface, which has no vendor
    return subprocess.run(["sh", SCRIPT, folder, socket], capture_output=True, text=True, check=True).stdout


def _authorized(rules: str, device: dict[str, str]) -> str:
    """What udev would write to the device: GOTO jumps, the last ATTR{authorized}= counts."""
    lines = [line for line in rules.splitlines() if line and not line.startswith("#")]
    about = {"ACTION": "add", "SUBSYSTEM": "usb", "DEVTYPE": "usb_device"} | device
    at, written = 0, "left alone"
    while at < len(lines):
        line = lines[at]
        at += 1
        matches = _MATCH.findall(line)
        if not all(
            fnmatch(about.get(sub or key, ""), value) == (how == "==") for key, sub, how, value in matches
        ):
            continue
        if told := re.search(r'ATTR\{authorized\}="(\d)"', line):
            written = told[1]
        if jump := re.search(r'GOTO="(\w+)"', line):
            at = next(n for n, later in enumerate(lines) if later == f'LABEL="{jump[1]}"')
    return written


@pytest.fixture
def rules(tmp_path: Path) -> str:
    return _rules(tmp_path, HUB, READER)


def test_what_was_there_is_let_in(rules: str) -> None:
    assert _authorized(rules, READER) == "1"
    assert _authorized(rules, HUB) == "1"


@pytest.mark.parametrize(
    "changed",
    [{"KERNEL": "1-3"}, {"idVendor": "046d"}, {"idProduct": "c31c"}, {"KERNEL": "1-2.1"}],
    ids=["another socket", "another maker", "another model", "behind a hub"],
)
def test_anything_else_stays_outside(rules: str, changed: dict[str, str]) -> None:
    assert _authorized(rules, READER | changed) == "0"


def test_a_name_that_a_device_gives_itself_does_nothing(rules: str) -> None:
    assert "# ID readerx\n" in rules


def test_nothing_connected_lets_nothing_in(tmp_path: Path) -> None:
    assert _authorized(_rules(tmp_path), READER) == "0"


def test_in_the_citizens_socket_a_device_may_store_and_nothing_else(tmp_path: Path) -> None:
    rules = _rules(tmp_path, READER, socket="1-4")
    stick = {"KERNEL": "1-4", "idVendor": "0781", "idProduct": "5567", "bDeviceClass": "00"}
    assert _authorized(rules, stick) == "1"
    part = {"KERNEL": "1-4:1.0", "DEVTYPE": "usb_interface"}
    assert _authorized(rules, part | {"bInterfaceClass": "08"}) == "left alone"
    assert _authorized(rules, part | {"bInterfaceClass": "03"}) == "0"
    assert _authorized(rules, part | {"bInterfaceClass": "03", "KERNEL": "1-2:1.0"}) == "left alone"
