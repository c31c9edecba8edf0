"""The services of a terminal, and commands that are run as its user."""

import os
import pwd
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

FACE = "tiantianshun-face.service"
UPLOADER = "tiantianshun-uploader.service"
_LONGEST_S = 120.0


class Units:
    """systemd, asked by `systemctl`."""

    def restart(self, unit: str) -> None:
        """Also one that has failed too often."""
        self._ask("reset-failed", unit)
        self._ask("restart", unit)

    def stop(self, unit: str) -> None:
        """And wait for its end."""
        self._ask("stop", unit)

    def failed(self, unit: str) -> bool:
        """Whether systemd has given it up for now."""
        return self._ask("is-failed", "--quiet", unit)

    def running(self, unit: str) -> bool:
        """Whether it runs, or is starting."""
        return self._ask("is-active", "--quiet", unit)

    def reload(self) -> None:
        """Read the units' files anew."""
        self._ask("daemon-reload")

    def _ask(self, *words: str) -> bool:
        try:
            return subprocess.run(["systemctl", *words], capture_output=True, check=False).returncode == 0
        except OSError:
            return False  # no systemd here: what runs is somebody else's to start


def owner_of(folder: Path) -> dict[str, Any]:
    """Arguments of `subprocess.run` that make a command the terminal's user's, where root asks; else none."""
    if os.geteuid() != 0:
        return {}
    found = folder.stat()
    if found.st_uid == 0:
        return {}
    name = pwd.getpwuid(found.st_uid).pw_name
    return {"user": found.st_uid, "group": found.st_gid, "extra_groups": os.getgrouplist(name, found.st_gid)}


def kiosk(
    release: Path, words: Sequence[str], data_folder: Path, longest_s: float = _LONGEST_S
) -> subprocess.CompletedProcess[str]:
    """`run_kiosk.py WORDS…` of a release, as the terminal's user. Raises OSError, `subprocess.SubprocessError`."""
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [str(release / ".venv/bin/python"), "run_kiosk.py", *words],
        cwd=release,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=longest_s,
        check=False,
        **owner_of(data_folder),
    )
