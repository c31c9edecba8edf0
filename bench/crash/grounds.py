"""Where it happens: a terminal's and a platform's folder, each on a small disk of its own, and the way between."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyrage
import requests

from bench.crash.roles import Place
from bench.crash.weather import Weather
from ground.clock import RealClock

DISK_MB = 192  # each; above the spool's reserve of 64 MB, so that a visit may begin
_ROOT = Path(__file__).resolve().parents[2]
_START_S = 180.0  # for the first process of all on a busy machine
_CONFIGURATION = """\
[site]
name = "示例服务点"
[terminal]
id = "crash"
name = "示例终端"
[platform]
url = "http://127.0.0.1:{port}"
[storage]
data_folder = "{folder}"
"""


@dataclass(frozen=True)
class Disk:
    """A small disk that can be filled."""

    folder: Path
    small: bool  #: a tmpfs of its own; else a plain folder, which is never filled

    @property
    def _ballast(self) -> Path:
        return self.folder / "ballast"

    def fill(self, leave_bytes: int) -> None:
        """Leave so much room."""
        disk = os.statvfs(self.folder)
        size = disk.f_bavail * disk.f_frsize - leave_bytes
        if size > 0:
            with contextlib.suppress(OSError), self._ballast.open("ab") as file:
                os.posix_fallocate(file.fileno(), file.tell(), size)

    def clear(self) -> None:
        """Room again."""
        self._ballast.unlink(missing_ok=True)


@dataclass(frozen=True)
class Grounds:
    """Everything that one run stands on."""

    place: Place
    terminal: Path  #: the terminal's data folder
    disks: tuple[Disk, ...]
    weather: Weather
    own_key: str  #: opens drafts


@contextlib.contextmanager
def grounds(folder: Path, seed: int) -> Iterator[Grounds]:
    """Folders and disks; the disks go at the end, what lay on them stays in `folder`."""
    folder.mkdir(parents=True)
    terminal, platform = folder / "terminal", folder / "platform"
    with contextlib.ExitStack() as stack:
        disks = tuple(stack.enter_context(_disk(each)) for each in (terminal, platform))
        place = Place(
            folder / "terminal.toml", platform / "data", _free_port(), folder / "pockets", folder / "logs"
        )
        for each in (place.pockets, place.logs):
            each.mkdir()
        weather = Weather(place.port, seed)
        stack.callback(weather.close)
        place.config.write_text(
            _CONFIGURATION.format(port=weather.port, folder=terminal / "data"), encoding="utf-8"
        )
        (terminal / "data").mkdir(mode=0o700)
        own_key = str(pyrage.x25519.Identity.generate())
        (terminal / "data" / "own.key").write_text(own_key + "\n", encoding="ascii")
        yield Grounds(place, terminal / "data", disks, weather, own_key)


def enrol(ground: Grounds) -> None:
    """An operator makes a code, and the terminal's own verb trades it for its credentials; the backend must run."""
    url = f"http://127.0.0.1:{ground.place.port}"
    until_healthy(url)
    token = (ground.place.platform / "keys" / "operator.token").read_text(encoding="utf-8").strip()
    made = requests.post(f"{url}/v1/operator/codes", headers={"Authorization": f"Bearer {token}"}, timeout=30)
    made.raise_for_status()
    verb = ["enrol", "--config", str(ground.place.config), "--code", made.json()["code"]]
    subprocess.run([sys.executable, "run_kiosk.py", *verb], cwd=_ROOT, check=True, stdout=subprocess.DEVNULL)


def until_healthy(url: str) -> None:
    """Wait until the backend answers."""
    clock = RealClock()
    give_up = clock.after(_START_S)
    while True:
        try:
            if requests.get(f"{url}/health", timeout=10).ok:
                return
        except requests.RequestException:
            if clock.due(give_up):
                raise
        clock.wait(0.1)


@contextlib.contextmanager
def _disk(folder: Path) -> Iterator[Disk]:
    folder.mkdir()
    mount = shutil.which("mount")
    command = [mount or "", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=0700", "crash", str(folder)]
    small = mount is not None and os.geteuid() == 0 and _succeeds(command)
    try:
        yield Disk(folder, small)
    finally:
        if small:
            kept = folder.with_name(f"{folder.name}.kept")
            shutil.copytree(folder, kept)
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
            folder.rmdir()
            kept.rename(folder)


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode == 0


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
