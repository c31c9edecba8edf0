"""Where no small disk can be had, files of the desk may not grow: writes fail, and go on when there is room again."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ground.clock import RealClock
from tools.soak.hall import Hall

_WRITES = """
import sys
for line in sys.stdin:
    try:
        with open(sys.argv[1], "ab") as file:
            file.write(b"x" * 8192)
        print("written", flush=True)
    except OSError as error:
        print(error.errno, flush=True)
"""
_TOO_LARGE = "27"  # EFBIG


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    """One whose desk is somebody who writes when asked."""
    hall = Hall(tmp_path / "hall", RealClock())
    hall.terminal.mkdir(parents=True)
    desk = subprocess.Popen(
        [sys.executable, "-c", _WRITES, str(hall.terminal / "file")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    hall.running["desk"] = desk
    yield hall
    desk.kill()
    desk.communicate()


def _asked_to_write(hall: Hall) -> str:
    desk = hall.running["desk"]
    assert desk.stdin is not None
    assert desk.stdout is not None
    desk.stdin.write("\n")
    desk.stdin.flush()
    return desk.stdout.readline().strip()


def test_a_full_disk_without_a_disk(hall: Hall) -> None:
    assert not hall.small_disk
    assert _asked_to_write(hall) == "written"
    hall.fill(0)
    assert _asked_to_write(hall) == _TOO_LARGE
    hall.clear()
    assert _asked_to_write(hall) == "written"
