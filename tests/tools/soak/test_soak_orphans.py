"""A soak that was killed leaves processes behind; the next one ends those, and nobody else's."""

import json
import subprocess
import sys
from pathlib import Path

from tools.soak.orphans import end_all, note


def test_what_was_noted_is_ended_and_who_only_has_its_number_is_not(tmp_path: Path) -> None:
    path = tmp_path / "members"
    ours, other = (
        subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) for _ in range(2)
    )
    note(path, ours.pid)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps([other.pid, "1"]) + "\n")  # its number was another process's once
    assert end_all(path) == 1
    assert ours.wait(10) == -9
    assert other.poll() is None
    assert end_all(path) == 0
    for process in (ours, other):
        process.kill()
        process.communicate()
