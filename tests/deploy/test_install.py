"""install.sh into an empty root: what it leaves there, that a second run changes nothing, and what stays at the end."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

from tools.version import VERSION

ROOT = Path(__file__).resolve().parents[2]
FSTAB = "UUID=1234 / ext4 errors=remount-ro 0 1\nUUID=5678 none swap sw 0 0\n"
DATA = "var/lib/tiantianshun"


def _install(root: Path, *options: str, source: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", source / "deploy/install.sh", "--root", root, "--no-venv", *options],
        capture_output=True,
        text=True,
        check=False,
    )


def _tree(root: Path) -> dict[str, str]:
    held = {}
    for path in root.rglob("*"):
        name = str(path.relative_to(root))
        if path.is_symlink():
            held[name] = f"-> {path.readlink()}"
        elif path.is_file():
            held[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        else:
            held[name] = "folder"
    return held


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("installed")
    done = _install(root)
    assert done.returncode == 0, done.stderr
    return root


def test_a_dry_run_says_everything_and_does_nothing(tmp_path: Path) -> None:
    done = _install(tmp_path, "--dry-run", "--data-disk", "/dev/sdb1", "--read-only-root")
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []
    for expected in (
        "useradd",
        "apt-get install",
        "tiantianshun-face.service",
        "sysctl.d",
        "/etc/fstab",
        "mask",
    ):
        assert expected in done.stdout


def test_what_lies_there_afterwards(installed: Path) -> None:
    current = installed / "opt/tiantianshun/current"
    assert str(current.readlink()) == f"releases/{VERSION}"
    assert (current / "run_kiosk.py").read_bytes() == (ROOT / "run_kiosk.py").read_bytes()
    wants = installed / "etc/systemd/system"
    assert (wants / "graphical.target.wants/tiantianshun-face.service").is_symlink()
    assert (wants / "multi-user.target.wants/tiantianshun-uploader.service").is_symlink()
    for console in ("getty@tty1.service", "autovt@.service", "ctrl-alt-del.target", "swap.target"):
        assert str((wants / console).readlink()) == "/dev/null"
    assert (installed / DATA).stat().st_mode & 0o777 == 0o700
    assert (installed / "usr/local/bin/kiosk").stat().st_mode & 0o111
    assert (
        "kernel.core_pattern = |/bin/false" in (installed / "etc/sysctl.d/60-tiantianshun.conf").read_text()
    )


def test_a_second_run_changes_nothing(installed: Path) -> None:
    before = _tree(installed)
    done = _install(installed)
    assert done.returncode == 0, done.stderr
    assert _tree(installed) == before
    assert [
        line for line in done.stdout.splitlines() if line.startswith("+") and "systemctl" not in line
    ] == [f"+ mkdir -p {installed}/opt/tiantianshun/releases/{VERSION}"]


def test_a_newer_version_lies_beside_the_old_one(installed: Path, tmp_path: Path) -> None:
    root, newer = tmp_path / "root", tmp_path / "newer"
    shutil.copytree(installed, root, symlinks=True)
    shutil.copytree(installed / f"opt/tiantianshun/releases/{VERSION}", newer)
    (newer / "tools/version.py").write_text('VERSION = "99.1.0"\n', encoding="utf-8")
    mine = root / "etc/tiantianshun/terminal.toml"
    mine.write_text("# 师傅改过\n", encoding="utf-8")
    assert _install(root, source=newer).returncode == 0
    assert str((root / "opt/tiantianshun/current").readlink()) == "releases/99.1.0"
    assert str((root / "opt/tiantianshun/previous").readlink()) == f"releases/{VERSION}"
    assert (root / f"opt/tiantianshun/releases/{VERSION}/run_kiosk.py").is_file()
    assert mine.read_text("utf-8") == "# 师傅改过\n"


def test_beside_touches_nothing_that_runs_and_settle_brings_the_units(
    installed: Path, tmp_path: Path
) -> None:
    root, units = tmp_path / "root", "etc/systemd/system"
    shutil.copytree(installed, root, symlinks=True)
    before = _tree(root)
    done = _install(root, "--beside", source=ROOT)
    assert done.returncode == 0, done.stderr
    assert _tree(root) == before
    (root / units / "tiantianshun-face.service").write_text("of another release", encoding="utf-8")
    (root / units / "tiantianshun-update.timer").unlink()
    done = _install(root, "--settle")
    assert done.returncode == 0, done.stderr
    assert _tree(root) == before
    assert (root / units / "timers.target.wants/tiantianshun-update.timer").is_symlink()


def test_a_package_by_hand_needs_no_trial(installed: Path, tmp_path: Path) -> None:
    root, newer = tmp_path / "root", tmp_path / "newer"
    shutil.copytree(installed, root, symlinks=True)
    (root / "opt/tiantianshun/good").symlink_to(f"releases/{VERSION}")
    shutil.copytree(installed / f"opt/tiantianshun/releases/{VERSION}", newer)
    (newer / "tools/version.py").write_text('VERSION = "99.1.0"\n', encoding="utf-8")
    assert _install(root, source=newer).returncode == 0
    assert not (root / "opt/tiantianshun/good").is_symlink()


def test_a_data_disk_and_a_system_that_is_only_read(installed: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    shutil.copytree(installed, root, symlinks=True)
    (root / "etc/fstab").write_text(FSTAB, encoding="utf-8")
    for _ in range(2):
        assert _install(root, "--data-disk", "/dev/sdb1", "--read-only-root").returncode == 0
    lines = (root / "etc/fstab").read_text("utf-8").splitlines()
    assert lines[0] == "UUID=1234 / ext4 ro,errors=remount-ro 0 1"
    assert lines[1] == FSTAB.splitlines()[1]
    assert [line.split()[1] for line in lines[2:]] == [f"/{DATA}", "/tmp", "/var/log", "/var/tmp"]
    assert lines[2].endswith(" 0 2"), "it is checked at each start"


def test_taken_away_what_was_not_delivered_stays(installed: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    shutil.copytree(installed, root, symlinks=True)
    spool = root / DATA / "spool"
    spool.mkdir(parents=True)
    (spool / "case").write_bytes(b"sealed")
    done = _install(root, "--uninstall")
    assert done.returncode == 0, done.stderr
    left = _tree(root)
    assert f"{DATA}/spool/case" in left
    assert "etc/tiantianshun/terminal.toml" in left
    assert [name for name, what in left.items() if "tiantianshun-" in name or what == "-> /dev/null"] == []
    assert not (root / "opt/tiantianshun").exists()


@pytest.mark.parametrize("options", [["--read-only-root"], ["--uninstal"]])
def test_what_makes_no_sense_is_refused(options: list[str], tmp_path: Path) -> None:
    assert _install(tmp_path, *options).returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_the_shell_scripts_are_clean() -> None:
    scripts = sorted((ROOT / "deploy").rglob("*.sh"), key=str)
    done = subprocess.run(
        ["shellcheck", "-x", *scripts], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout == ""
    assert done.returncode == 0
