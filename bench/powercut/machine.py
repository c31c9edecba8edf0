"""A small machine in software emulation: booted once, and started again and again from that moment."""

import json
import queue
import shutil
import socket
import subprocess
import threading
from pathlib import Path
from typing import Any, TextIO

from ground.clock import RealClock

_MEMORY_MB = 320
_BOOT_S = 600.0  # seconds; a quiet machine needs 20 for kernel and Python in software emulation
_QEMU = "qemu-system-x86_64"


class Trouble(Exception):
    """The machine does not do what it should."""


def available() -> bool:
    """Whether Debian's qemu is here."""
    return shutil.which(_QEMU) is not None


class Machine:
    """One run of the emulator."""

    def __init__(self, folder: Path, kernel: Path, disk: Path, *, state: Path | None = None) -> None:
        """Boot, or go on from `state`."""
        self.clock = RealClock()
        self._folder, self._control = folder, folder / "qmp"
        self._control.unlink(missing_ok=True)
        command = [_QEMU, "-machine", "pc", "-accel", "tcg", "-cpu", "max", "-m", str(_MEMORY_MB)]
        command += ["-nodefaults", "-display", "none", "-no-reboot", "-serial", f"file:{folder}/console.log"]
        command += ["-kernel", str(kernel), "-initrd", str(folder / "initramfs")]
        command += ["-append", "console=ttyS0 quiet panic=1"]
        command += ["-chardev", "stdio,id=talk,signal=off", "-serial", "chardev:talk"]
        command += ["-drive", f"file=nbd:unix:{disk},format=raw,if=none,id=disk,cache=none"]
        command += ["-device", "virtio-blk-pci,drive=disk"]
        command += ["-qmp", f"unix:{self._control},server=on,wait=off"]
        if state is not None:
            command += ["-incoming", f"exec:cat {state}"]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(folder / "qemu.log").open("ab"),
        )
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def say(self, line: str) -> None:
        """To the guest."""
        assert self._process.stdin is not None
        self._process.stdin.write(line.encode("ascii") + b"\n")
        self._process.stdin.flush()

    def hear(self, wait_s: float) -> str | None:
        """The guest's next whole line; None when it is gone. Raises `queue.Empty`."""
        return self._lines.get(timeout=max(0.001, wait_s))

    def hear_until(self, word: str) -> None:
        """Wait for a line. Raises `Trouble`."""
        end = self.clock.after(_BOOT_S)
        while (line := self.hear(self.clock.left(end))) != word:
            if line is None or line.startswith("trouble"):
                raise Trouble(line or (self._folder / "console.log").read_text(errors="replace")[-2000:])

    def keep_state(self, state: Path) -> None:
        """Write this very moment to a file; the machine ends."""
        with socket.socket(socket.AF_UNIX) as control:
            control.connect(str(self._control))
            talk = control.makefile("rw", encoding="utf-8")
            talk.readline()
            _ordered(talk, "qmp_capabilities")
            _ordered(talk, "migrate-set-parameters", {"max-bandwidth": 1 << 33})
            _ordered(talk, "migrate", {"uri": f"exec:cat > {state}"})
            while _ordered(talk, "query-migrate")["status"] != "completed":
                self.clock.wait(0.2)
        self.cut()

    def cut(self) -> list[str]:
        """The power is gone. What it had said by then."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        rest = []
        while (line := self._lines.get()) is not None:
            rest.append(line)
        return rest

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.endswith(b"\n"):  # what the power cut off was not shown
                self._lines.put(line.decode("ascii", "replace").strip())
        self._lines.put(None)


def _ordered(talk: TextIO, order: str, arguments: dict[str, Any] | None = None) -> dict[str, Any]:
    talk.write(json.dumps({"execute": order, "arguments": arguments or {}}) + "\n")
    talk.flush()
    while True:
        told = json.loads(talk.readline())
        if "error" in told:
            raise Trouble(str(told["error"]))
        if "return" in told:
            return dict(told["return"])
