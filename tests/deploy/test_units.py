"""systemd itself reads the units: no mistake in them, and each exposed no further than 2.5 of 10."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from config.unattended_settings import PowerUse
from tools.setup.settled import ANSWER, WISH

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy/systemd"
UNITS = sorted(FOLDER.glob("tiantianshun-*.service"), key=lambda path: path.name)
#: these do one thing and end; a timer starts them
TIMED = ("tiantianshun-fetch", "tiantianshun-update")
WISHED = ("tiantianshun-power-off", "tiantianshun-settle")
ONCE = (*TIMED, *WISHED)
SERVING = [unit for unit in UNITS if unit.stem not in ONCE]
MOST_EXPOSED = 2.5  # issue 8, point 1
_OURS = re.compile(r"/opt/tiantianshun/current/(\S+)")


def _read(unit: Path) -> configparser.ConfigParser:
    read = configparser.ConfigParser(interpolation=None, strict=False)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read([FOLDER / "tiantianshun-.service.d/10-hardening.conf", unit], encoding="utf-8")
    return read


def _analyze(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", "--no-pager", *map(str, arguments)], capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of a terminal as far as systemd looks: Debian's own units, ours, and the programs that they start."""
    root = tmp_path_factory.mktemp("terminal")
    units = root / "etc/systemd/system"
    units.mkdir(parents=True)
    (root / "lib/systemd").mkdir(parents=True)
    shutil.copytree("/lib/systemd/system", root / "lib/systemd/system", symlinks=True)
    shutil.copytree(FOLDER, units, dirs_exist_ok=True)
    for program in ("usr/lib/xorg/Xorg", "bin/sh", "bin/rm", "usr/sbin/upsmon"):
        (root / program).parent.mkdir(parents=True, exist_ok=True)
        (root / program).write_text("#!/bin/sh\n", encoding="utf-8")
        (root / program).chmod(0o755)
    return root


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_systemd_finds_no_mistake(unit: Path, terminal: Path) -> None:
    told = _analyze("verify", f"--root={terminal}", "--recursive-errors=no", "--man=no", unit.name)
    assert (told.returncode, told.stderr) == (0, "")


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_each_is_exposed_little(unit: Path) -> None:
    told = _analyze("security", "--offline=true", f"--threshold={MOST_EXPOSED * 10:.0f}", unit)
    assert told.returncode == 0, told.stdout
    assert "Overall exposure level" in told.stdout


@pytest.mark.parametrize("unit", SERVING, ids=lambda path: path.stem)
def test_each_comes_back_has_limits_and_leaves_no_core(unit: Path) -> None:
    read = _read(unit)
    service = read["Service"]
    assert {"MemoryMax", "TasksMax", "LimitCORE", "MemorySwapMax"} <= service.keys()
    assert service["LimitCORE"] == service["MemorySwapMax"] == "0"
    assert service["User"] == "kiosk"
    assert service.get("Restart") == "always" or "OnFailure" in read["Unit"]
    assert "StartLimitIntervalSec" in read["Unit"]


@pytest.mark.parametrize(
    "unit", [u for u in SERVING if not u.stem.endswith("-x")], ids=lambda path: path.stem
)
def test_our_own_programs_feed_the_watchdog(unit: Path) -> None:
    service = _read(unit)["Service"]
    assert service["Type"] == "notify"
    assert int(service["WatchdogSec"]) >= 20


def test_what_the_units_start_is_there() -> None:
    for unit in UNITS:
        for named in _OURS.findall(unit.read_text("utf-8")):
            if not named.startswith("build/"):
                assert (ROOT / named).is_file(), f"{unit.name}: {named}"


def test_a_face_that_keeps_failing_gives_way_to_the_plain_page_and_is_tried_again() -> None:
    face, page = (_read(FOLDER / f"tiantianshun-{name}.service") for name in ("face", "out-of-service"))
    assert face["Unit"]["OnFailure"].split() == [
        "tiantianshun-out-of-service.service",
        "tiantianshun-update.service",  # where a release is on trial, back to the good one at once
    ]
    assert page["Unit"]["OnFailure"] == page["Unit"]["Conflicts"] == "tiantianshun-face.service"
    assert int(page["Service"]["RuntimeMaxSec"]) > int(face["Unit"]["StartLimitIntervalSec"])


@pytest.mark.parametrize("name", TIMED)
def test_what_ends_by_itself_has_limits_and_a_timer(name: str) -> None:
    read = _read(FOLDER / f"{name}.service")
    service = read["Service"]
    assert service["Type"] == "oneshot"
    assert {"MemoryMax", "TasksMax", "TimeoutStartSec", "LimitCORE"} <= service.keys()
    timer = _read(FOLDER / f"{name}.timer")
    assert timer["Install"]["WantedBy"] == "timers.target"
    assert {"OnUnitInactiveSec", "OnCalendar"} & timer["Timer"].keys()


def test_a_wish_to_go_down_is_systemds_to_grant_and_lies_in_memory() -> None:
    wish, unit = (_read(FOLDER / f"tiantianshun-power-off.{kind}") for kind in ("path", "service"))
    place = wish["Path"]["PathExists"]
    assert place.startswith("/run/"), "one that a power cut left behind must not switch the next start off"
    assert (unit["Service"]["User"], unit["Unit"]["SuccessAction"]) == ("kiosk", "poweroff")
    assert unit["Service"]["ExecStart"].endswith(place)
    assert PowerUse().down_command[-1] == place


def test_what_the_wizard_wishes_of_root_lies_in_memory_and_the_answer_is_roots() -> None:
    wish, unit = (_read(FOLDER / f"tiantianshun-settle.{kind}") for kind in ("path", "service"))
    service = unit["Service"]
    assert wish["Path"]["PathExists"] == f"/{WISH}"
    said = service["ExecStart"].split()
    assert said[said.index("--wish") + 1] == f"/{WISH}"
    assert said[said.index("--answer") + 1] == f"/{ANSWER}"
    assert (service["RuntimeDirectory"], service["RuntimeDirectoryMode"]) == (ANSWER.parent.name, "0755")
    assert (service["PrivateNetwork"], service["IPAddressDeny"]) == ("yes", "any")
    steps = (ROOT / "deploy/install.d/steps.sh").read_text(encoding="utf-8")
    assert all(f"{name}.path" in steps for name in WISHED)


def test_who_may_change_releases_hears_nothing_from_the_network() -> None:
    fetch, update = (_read(FOLDER / f"{name}.service")["Service"] for name in TIMED)
    assert fetch["User"] == "kiosk"
    assert "ReadWritePaths" not in fetch
    assert (update["PrivateNetwork"], update["IPAddressDeny"]) == ("yes", "any")


def test_no_key_leads_out() -> None:
    x = (FOLDER / "tiantianshun-x.service").read_text("utf-8")
    conf = (ROOT / "deploy/x11/10-kiosk.conf").read_text("utf-8")
    assert "-novtswitch" in x
    assert "-nolisten tcp" in x
    assert all(f'Option "{name}" "true"' in conf for name in ("DontVTSwitch", "DontZap", "DontZoom"))
    assert re.search(r'MatchIsKeyboard "on"\s+Option "Ignore" "true"', conf)
