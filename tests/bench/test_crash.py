"""The crash test itself, for some seconds: that it kills, that it compares, and that it would notice."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import bench
from bench.crash.reckoning import Promised, reckon

_ROOT = Path(bench.__file__).parents[1]
_LAST = re.compile(
    r"(\d+) acknowledged, (\d+) delivered, 0 lost, 0 doubled, 0 corrupt, (\d+) kills, \d+ cuts"
)


def test_a_short_storm_loses_nothing_and_a_loss_is_seen(tmp_path: Path) -> None:
    kept = tmp_path / "run"
    command = ["-m", "bench.crash", "--minutes", "0.1", "--seed", "5", "--keep", str(kept)]
    done = subprocess.run(
        [sys.executable, *command], cwd=_ROOT, capture_output=True, text=True, timeout=110, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    found = _LAST.fullmatch(done.stdout.splitlines()[-1])
    assert found is not None, done.stdout
    acknowledged, delivered, kills = map(int, found.groups())
    assert acknowledged == delivered > 0
    assert kills >= 3
    _assert_that_faults_are_seen(kept, acknowledged)


def test_a_hand_in_whose_sync_fails_is_never_thanked_for() -> None:
    """Every sync of a hand-in, failed twice and killed once; `python -m bench.crash faults` does it to every call."""
    command = ["-m", "bench.crash", "faults", "hand in", "--only", "fdatasync"]
    done = subprocess.run(
        [sys.executable, *command], cwd=_ROOT, capture_output=True, text=True, timeout=110, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    places = re.fullmatch(r"(\d+) places failed or killed, 0 wrong", done.stdout.splitlines()[-1])
    assert places is not None and int(places[1]) >= 9, done.stdout


def _assert_that_faults_are_seen(kept: Path, acknowledged: int) -> None:
    promised, platform = Promised.read(kept / "pockets"), kept / "platform" / "data"
    assert reckon(promised, platform).clean
    promised.kept[1] = "T-000099-0"  # a receipt of a visit that never arrived
    assert reckon(promised, platform).lost == 1
    del promised.kept[1]
    visit = next(iter(promised.kept))
    promised.kept[visit] = "T-000099-0"
    assert reckon(promised, platform).corrupt == 1
    shutil.rmtree(kept)
