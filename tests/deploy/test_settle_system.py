"""What the wizard prepared, put into a test root: dry, for real, again, changed, taken back; and what is refused."""

import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ground.clock import RealClock
from kiosk.setup import system
from kiosk.setup.workshop import SetupFailed
from tools.setup.settled import ANSWER, WISH, settled

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "deploy" / "settle-system.sh"
ANSWERS = {
    "network.way": "static", "network.address": "192.168.1.20/24", "network.gateway": "192.168.1.1",
    "network.dns": "192.168.1.1", "network.ipv6": "auto", "network.proxy": "http://10.0.0.8:3128",
    "time.zone": "Asia/Urumqi", "time.servers": "ntp.example.cn",
}  # fmt: skip


def run(root: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(SCRIPT), "--root", str(root), *map(str, arguments)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def prepared(folder: Path) -> dict[str, str]:
    """Everything that the wizard ever writes."""
    files = {
        **system.network_files(ANSWERS, "networkmanager"),
        **system.network_files(ANSWERS, "networkd"),
        **system.time_files(ANSWERS),
        **system.touch_files((1.0, 0.0, -0.01, 0.0, 1.0, 0.02)),
    }
    assert set(files) == set(system.ALL)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "prepared"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "root").mkdir()
    return tmp_path / "root"


def test_dry_then_for_real_then_nothing_then_back(folder: Path, root: Path) -> None:
    files = prepared(folder)
    assert run(root, "--dry-run", folder).returncode == 0
    assert list(root.iterdir()) == []
    done = run(root, folder)
    assert done.returncode == 0, done.stderr
    for name, text in files.items():
        assert (root / name).read_text(encoding="utf-8") == text
    assert (root / system.NM_FILE).stat().st_mode & 0o777 == 0o600
    assert str((root / "etc/localtime").readlink()) == "/usr/share/zoneinfo/Asia/Urumqi"
    assert "Nothing to change." in run(root, folder).stdout
    assert run(root, "--undo").returncode == 0
    assert not any((root / name).exists() for name in files)


def test_a_file_that_the_wizard_took_back_goes_and_one_by_hand_stays(folder: Path, root: Path) -> None:
    prepared(folder)
    run(root, folder)
    (folder / system.PROXY_FILE).unlink()
    (folder / system.TIME_FILE).unlink()
    (root / system.TIME_FILE).write_text("[Time]\nNTP=mine\n", encoding="utf-8")
    assert run(root, folder).returncode == 0
    assert not (root / system.PROXY_FILE).exists()
    assert (root / system.TIME_FILE).read_text(encoding="utf-8") == "[Time]\nNTP=mine\n"


@pytest.mark.parametrize(
    ("name", "line"),
    [
        (system.PROXY_FILE, "ExecStartPre=+/bin/sh -c id"),
        (system.PROXY_FILE, 'Environment="LD_PRELOAD=/var/lib/tiantianshun/x.so"'),
        (system.NM_FILE, "[802-1x]"),
        (system.NETWORKD_FILE, "[Tunnel]"),
        (system.TOUCH_FILE, '    ModulePath "/var/lib/tiantianshun"'),
        (system.ZONE_FILE, "../../../etc/shadow"),
    ],
)
def test_lines_that_the_wizard_never_writes_are_refused(
    folder: Path, root: Path, name: str, line: str
) -> None:
    prepared(folder)
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    done = run(root, folder)
    assert done.returncode == 3 and line in done.stderr
    assert not (root / name).exists()


def test_a_link_to_elsewhere_is_not_followed(folder: Path, root: Path, tmp_path: Path) -> None:
    prepared(folder)
    (tmp_path / "zone").write_text("Asia/Shanghai\n", encoding="utf-8")
    (folder / system.ZONE_FILE).unlink()
    (folder / system.ZONE_FILE).symlink_to(tmp_path / "zone")
    assert run(root, folder).returncode == 0
    assert not (root / system.ZONE_FILE).exists()


def test_a_folder_that_is_a_link_is_not_followed(folder: Path, root: Path, tmp_path: Path) -> None:
    prepared(folder)
    (folder / "etc/NetworkManager").rename(tmp_path / "elsewhere")
    (folder / "etc/NetworkManager").symlink_to(tmp_path / "elsewhere")
    assert run(root, folder).returncode == 0
    assert not (root / system.NM_FILE).exists()


@pytest.fixture
def listening(folder: Path, root: Path) -> Iterator[None]:
    """What tiantianshun-settle.path and its service do, without systemd."""
    (root / WISH).parent.mkdir(parents=True)
    (root / ANSWER).parent.mkdir(parents=True)
    over, clock = threading.Event(), RealClock()

    def listen() -> None:
        while not over.is_set():
            if (root / WISH).exists():
                run(root, "--wish", root / WISH, "--answer", root / ANSWER, folder)
            clock.wait(0.02)

    thread = threading.Thread(target=listen)
    thread.start()
    yield
    over.set()
    thread.join()


@pytest.mark.usefixtures("listening")
def test_the_wizard_asks_root_by_a_wish_and_is_answered(folder: Path, root: Path) -> None:
    files = prepared(folder)
    assert settled(root, RealClock())
    assert all((root / name).read_text(encoding="utf-8") == text for name, text in files.items())
    assert not (root / WISH).exists()
    with (folder / system.PROXY_FILE).open("a", encoding="utf-8") as file:
        file.write("ExecStartPre=+/bin/sh -c id\n")
    with pytest.raises(SetupFailed) as refused:
        settled(root, RealClock())
    assert (refused.value.code, refused.value.facts) == ("W210", {"why": "3"})


def test_where_nobody_listens_root_is_told_by_hand(root: Path) -> None:
    assert not settled(root, RealClock())
    (root / WISH).parent.mkdir(parents=True)
    assert not settled(root, RealClock())
    assert not (root / WISH).exists()
