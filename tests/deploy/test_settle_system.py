"""What the wizard prepared, put into a test root: dry, for real, again, changed, taken back; and what is refused."""

import subprocess
from pathlib import Path

import pytest

from kiosk.setup import system

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
