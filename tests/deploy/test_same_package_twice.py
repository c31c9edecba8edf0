"""The same commit makes the same package: other place, umask, time zone, language and age of files, same bytes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_PARTS = (
    "backend",
    "config",
    "deploy",
    "devices",
    "docs",
    "ground",
    "kiosk",
    "offline_cache",
    "screens",
    "tools",
)
_NOT_OURS = shutil.ignore_patterns("__pycache__", "*.pyc")


def test_two_builds_are_the_same_bytes(tmp_path: Path) -> None:
    source, out = tmp_path / "source", tmp_path / "out"
    for part in _PARTS:
        shutil.copytree(ROOT / part, source / part, ignore=_NOT_OURS)
    for file in ("run_kiosk.py", "requirements.lock", "CHANGELOG.md"):
        shutil.copy(ROOT / file, source / file)
    (source / "tools/__pycache__").mkdir()
    (source / "tools/__pycache__/left.pyc").write_bytes(b"of this machine")  # not committed, so in no package
    who = ("-c", "user.name=test", "-c", "user.email=test@example.invalid", "-c", "init.defaultBranch=main")
    for words in (
        ("init", "-q"),
        ("add", *_PARTS, "run_kiosk.py", "requirements.lock", "CHANGELOG.md", ":!*.pyc"),
    ):
        subprocess.run(["git", *who, *words], cwd=source, check=True)
    subprocess.run(["git", *who, "commit", "-q", "-m", "a commit"], cwd=source, check=True)
    done = subprocess.run(
        ["sh", source / "deploy/debian/twice.sh", out, "none"],
        env=os.environ | {"PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "The same bytes, twice." in done.stdout
    package = next(out.glob("*.deb"))
    listed = subprocess.run(["dpkg-deb", "-c", package], capture_output=True, text=True, check=True).stdout
    assert "./usr/lib/tiantianshun/run_kiosk.py" in listed
    assert ".pyc" not in listed
    assert {line.split()[1] for line in listed.splitlines()} == {"root/root"}
    assert len({line.split()[3] for line in listed.splitlines()}) == 1, "one time for all"
