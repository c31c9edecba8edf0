"""The processes of a soak: backend, cabinet, uploader and desk of one terminal; each may be killed and comes back."""

import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path

from devices.rig.control import ControlClient
from ground.clock import Clock
from tools.demo.demo import Demo
from tools.soak.clock import TurnedClock
from tools.soak.glass import Glass
from tools.soak.orphans import note

_DISK_MB = 400  # the terminal's own; above the reserve that a visit needs, and soon filled
_FILLINGS = 50  # tries
_START_S = 120.0  # a process that does not begin within this never will
_PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024
#: what is fitted → how it may be made; one of each is drawn at every start of the cabinet
FITS: dict[str, tuple[str, ...]] = {
    "id_card": ("sdt", "meiding_http", "inspur_http", "zhiwei_http"),
    "document_camera": ("opencv", "eloam_http", "joyusing_ws"),
    "receipt_printer": ("escpos",),
    "evaluator": ("neutral_evaluator", "raw_key_evaluator", "s_command_evaluator"),
    "code_scanner": ("serial_scanner", "wedge_scanner"),
    "page_printer": ("ipp",),
    "signals": ("modbus_signals", "gpio_signals"),
    "keypad": ("input_keypad",),
    "switch": ("input_switch",),
    "headphones": ("input_headphones",),
    "chip_card": ("sse_card",),
    "ups": ("nut",),
}
_MORE: dict[str, str] = {
    "opencv": "preview_size = [640, 480]\nstill_size = [1920, 1440]\n",
    "input_keypad": "debounce_s = 0\n",
}


class Hall(Demo):
    """One terminal and its platform in one folder, which outlives whoever soaks it."""

    def __init__(self, out: Path, clock: Clock, letters: str = "T") -> None:
        """`letters`: of the local numbers; no two terminals of one platform have the same here."""
        super().__init__(out, clock)
        self._letters = letters
        self.fit: dict[str, str] = {}
        self.kills: Counter[str] = Counter()
        self.ended: Counter[str] = Counter()  #: processes that nobody killed
        self.running: dict[str, subprocess.Popen[str]] = {}
        self.glass: Glass | None = None
        self.more_of_the_face = ""  #: lines for that table of terminal.toml
        self.limited = False  #: the desk may write no further: where no small disk can be had

    @property
    def time(self) -> Path:
        """The file of the turned clock; created by the first that asks."""
        path = self.out / "time"
        TurnedClock(path)
        return path

    @property
    def small_disk(self) -> bool:
        """Whether the terminal's folder is a disk of its own."""
        return os.path.ismount(self.terminal)

    def mount(self) -> None:
        """A small disk below the terminal's folder, where this user may have one."""
        mount = shutil.which("mount")
        if mount and os.geteuid() == 0 and not self.small_disk:
            command = [mount, "-t", "tmpfs", "-o", f"size={_DISK_MB}m,mode=0700", "soak", str(self.terminal)]
            subprocess.run(command, stderr=subprocess.DEVNULL, check=False)

    def unmount(self) -> None:
        """Give it back; what lay on it goes."""
        if self.small_disk:
            subprocess.run(["umount", "--lazy", str(self.terminal)], check=True)

    def fill(self, leave_bytes: int) -> None:
        """The disk is full but for so many bytes."""
        if not self.small_disk:
            self._limit(0)
            return
        for more in range(_FILLINGS):  # the others write meanwhile, and what does not fit whole takes nothing
            disk = os.statvfs(self.terminal)
            size = disk.f_bavail * disk.f_frsize - leave_bytes - more * disk.f_frsize
            with suppress(OSError), (self.terminal / "ballast").open("ab") as file:
                if size > 0:
                    os.posix_fallocate(file.fileno(), file.tell(), size)
                return

    def clear(self) -> None:
        """Room again."""
        if self.small_disk:
            (self.terminal / "ballast").unlink(missing_ok=True)
        else:
            self._limit(resource.RLIM_INFINITY)

    def _limit(self, most_bytes: int) -> None:
        self.limited = most_bytes == 0
        desk = self.running.get("desk")
        if desk is not None and desk.poll() is None:
            resource.prlimit(desk.pid, resource.RLIMIT_FSIZE, (most_bytes, resource.RLIM_INFINITY))

    # --- processes ---

    def begin(self, name: str) -> None:
        """Start a member."""
        commands = {
            "backend": ("run_kiosk.py", "backend", "serve", "--port", str(self.backend_port), "--data",
                        str(self.backend)),
            "uploader": ("-m", "tools.soak.uploader", "--config", str(self.config), "--time", str(self.time)),
            "desk": ("-m", "tools.soak.desk", "--config", str(self.config), "--time", str(self.time), "--glass",
                     self._glass_path),
        }  # fmt: skip
        if name == "desk":
            self.glass = Glass(Path(self._glass_path))
        self.put(name, self.processes.start(name, *commands[name]))

    def put(self, name: str, process: subprocess.Popen[str]) -> None:
        """This process is that member."""
        self.running[name] = process
        note(self.members, process.pid)

    @property
    def members(self) -> Path:
        """The notes of who runs."""
        return self.out / "members"

    @property
    def _glass_path(self) -> str:
        return os.path.relpath(self.out / "glass")  # the name of a socket is short

    def until_lit(self) -> None:
        """Wait for the desk's first scene. Raises RuntimeError."""
        assert self.glass is not None
        give_up = self.clock.after(_START_S)
        while not self.glass.until_lit(0.2):
            if self.running["desk"].poll() is not None or self.clock.due(give_up):
                raise RuntimeError(f"the desk did not start: see {self.out / 'desk.stderr'}")

    def kill(self, name: str) -> None:
        """`kill -9`, and gone when this returns."""
        process = self.running[name]
        process.send_signal(signal.SIGKILL)
        process.wait()
        _shut(process)
        self.kills[name] += 1
        if name == "desk":
            self._look_away()

    def end(self) -> None:
        """However a soak ends, no process of it outlives it."""
        self.processes.__exit__(None, None, None)
        self._look_away()

    def _look_away(self) -> None:
        if self.glass is not None:
            self.glass.close()
            self.glass = None

    def leave(self) -> None:
        """The desk ends in order."""
        if "desk" in self.running and self.glass is not None:
            self.glass.end()
            self.processes.end("desk")
            self._look_away()

    def revive(self) -> list[str]:
        """Start again whatever ended by itself, as its unit does; their names."""
        gone = [name for name, process in self.running.items() if process.poll() is not None]
        for name in gone:
            self.ended[name] += 1
            _shut(self.running[name])
            if name == "desk":
                self._look_away()
            self.begin(name)
        return gone

    def fit_anew(self, fit: dict[str, str]) -> None:
        """Another cabinet. The desk must not run: its configuration is another one then."""
        if "cabinet" in self.running:
            self.processes.end("cabinet")
        self.fit = fit
        command = ("-m", "tools.soak.cabinet", "--folder", str(self.out), "--backend", str(self.backend_port))
        self.put("cabinet", self.processes.start("cabinet", *command, "--fit", json.dumps(fit)))
        self.places = self.processes.told("cabinet")
        self.config.write_text(self._configuration(), encoding="utf-8")

    def _configuration(self) -> str:
        fonts = self.fonts
        text = _CONFIGURATION.format(
            platform=self.places["platform"],
            folder=self.terminal,
            fonts=fonts,
            media=self.out / "media",
            more=self.more_of_the_face,
            letters=self._letters,
        )
        for slot, driver in self.fit.items():
            text += f'[devices.{slot}]\ndriver = "{driver}"\nurl = "{self.places["urls"][slot]}"\n'
            text += _MORE.get(driver, "")
            if driver == "escpos":
                text += f'font_file = "{fonts / "NotoSansSC-Regular.otf"}"\n'
                text += f'fallback_font_file = "{fonts / "BabelStoneHan.ttf"}"\n'
        return text

    def plug(self, slot: str, *, there: bool) -> None:
        """Pull a device's plug, or put it in."""
        with ControlClient(self.places["control"]) as control:
            (control.replug if there else control.unplug)(slot)

    def waiting(self) -> int:
        """How much is not delivered yet."""
        with closing(sqlite3.connect(f"file:{self.terminal / 'outbox.sqlite'}?mode=ro", uri=True)) as db:
            (count,) = db.execute("SELECT count(*) FROM items WHERE state IN ('later', 'waiting')").fetchone()
        return int(count)

    def failsafes(self) -> list[str]:
        """What nobody foresaw, as the log of the terminal tells it: kind and place."""
        found = []
        for path in sorted((self.terminal / "log").glob("events-*.jsonl")):
            for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
                if '"failsafe"' in line:
                    found.append(f"failsafe: {line[:300]}")
        return found

    def holds(self, name: str) -> tuple[int, int, int]:
        """What a member's process holds: resident memory in KB, descriptors, threads. Raises OSError."""
        proc = Path("/proc") / str(self.running[name].pid)
        resident = int((proc / "statm").read_text(encoding="ascii").split()[1]) * _PAGE_KB
        return resident, len(list((proc / "fd").iterdir())), len(list((proc / "task").iterdir()))


def _shut(process: subprocess.Popen[str]) -> None:
    if process.stdout is not None:
        process.stdout.close()


_CONFIGURATION = """# Made by `run_kiosk.py soak`: emulated devices, and the shortest waits that the settings take.
[site]
name = "岳口镇便民服务中心（示例）"
township = "岳口镇"
[terminal]
id = "soak"
name = "长跑终端"
letters = "{letters}"
[platform]
url = "{platform}"
[storage]
data_folder = "{folder}"
[journey]
patience_s = 45
warning_s = 10
after_hand_in_s = 30
countdown_s = 0.5
delivery_wait_s = 0.5
delivery_wait_offline_s = 0.2
ask_wait_s = 3
earlier_s = 1
to_evaluation_s = 3
goodbye_s = 3
sorry_s = 5
[face]
fonts_folder = "{fonts}"
{more}[intake]
stick_folder = "{media}"
[voice]
sound_device = "null"
"""
