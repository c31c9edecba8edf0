"""A terminal with releases side by side: real packages, real processes, and a small systemd that starts them again."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import tools
from ground.clock import RealClock
from ground.logbook import Event, Fact
from tools.release.guard import Guard, Rules
from tools.release.health import Health
from tools.release.installing import architecture, install
from tools.release.tree import Tree
from tools.release.trusted import Offer
from tools.release.units import FACE, UPLOADER, Units

REPOSITORY = Path(tools.__file__).resolve().parents[1]
DEADLINE_S = 60.0

#: What a release of these tests consists of: it leaves the marks of the real ones, and behaves as its file says.
_PROGRAM = """\
import json, os, sys, time
sys.path.insert(0, {repository!r})
behaves = open("behaves").read()
verb = sys.argv[1]
if verb == "doctor":
    bad = ["catalogue"] if behaves == "worse" else []
    print(json.dumps({{"checks": [{{"name": n, "ok": n not in bad}} for n in ("outbox", "catalogue")]}}))
elif verb == "release":
    assert sys.argv[2:4] == ["readable", "--json"] and sys.argv[5].endswith("terminal.toml")
    print(json.dumps({{"done": "rebuilt" if os.path.exists({data!r} + "/newer") else "readable"}}))
else:
    from pathlib import Path
    from ground.clock import RealClock
    from tools.release.mark import Marker, moved
    folder, data, clock = Path({folder!r}), Path({data!r}), RealClock()
    mark = Marker(data, "face" if verb == "run" else "uploader", clock, Path.cwd())
    if behaves == "crashes" and verb == "run":
        sys.exit(70)
    if behaves != "mute" or verb != "run":
        mark.at_work()
    away = moved(clock, folder, Path.cwd(), 0.2)
    while not (verb == "run" and not (data / "visit").exists() and away()):
        clock.wait(0.05)
    mark.ended()
"""
_INSTALL = """\
#!/bin/sh
set -eu
cd "$(dirname "$0")/.."
case $1 in --beside) mkdir -p .venv/bin; ln -sfn "{python}" .venv/bin/python; touch .venv/.ready ;; esac
"""
_SYSTEMCTL = """\
#!/bin/sh
for unit in "$@"; do :; done
case $1 in
    is-failed) [ "$(cat "{run}/$unit.state")" = failed ] ;;
    is-active) [ "$(cat "{run}/$unit.state")" = active ] ;;
    restart | stop)
        echo "$1" > "{run}/$unit.new"
        mv "{run}/$unit.new" "{run}/$unit.ask"
        while [ -e "{run}/$unit.ask" ]; do sleep 0.02; done
        ;;
esac
"""
_VERBS = {FACE: "run", UPLOADER: "uploader"}


class Hall:
    """One terminal."""

    def __init__(self, place: Path) -> None:
        self.place, self.tree, self.data = place, Tree(place / "opt"), place / "data"
        for folder in (self.tree.folder, self.data, place / "run", place / "packages"):
            folder.mkdir(parents=True)
        self.clock, self.noted = RealClock(), list[tuple[Event, dict[str, Fact]]]()

    def package(self, version: str, behaves: str = "well") -> Path:
        """A package as `make deb` makes it, only smaller."""
        stage = self.place / "packages" / version
        inside = stage / "usr/lib/tiantianshun"
        (inside / "deploy").mkdir(parents=True)
        (inside / "wheels").mkdir()
        facts = {"repository": str(REPOSITORY), "folder": str(self.tree.folder), "data": str(self.data)}
        (inside / "run_kiosk.py").write_text(_PROGRAM.format(**facts), encoding="utf-8")
        (inside / "behaves").write_text(behaves, encoding="utf-8")
        (inside / "deploy/install.sh").write_text(_INSTALL.format(python=sys.executable), encoding="utf-8")
        (stage / "DEBIAN").mkdir()
        control = f"Package: tiantianshun\nVersion: {version}\nArchitecture: {architecture()}\n"
        control += "Maintainer: nobody <nobody@example.invalid>\nDescription: a release of a test\n"
        (stage / "DEBIAN/control").write_text(control, encoding="utf-8")
        made = stage.with_suffix(".deb")
        build = ["dpkg-deb", "--root-owner-group", "-Znone", "--build", str(stage), str(made)]
        subprocess.run(build, check=True, capture_output=True)
        return made

    def install(self, version: str, behaves: str = "well") -> None:
        """Put it beside the others."""
        install(self.tree, self.package(version, behaves), self.offer(version))

    def offer(self, version: str) -> Offer:
        """As a publisher would sign it."""
        told = {"schema": 1, "version": version, "channel": "stable", "architecture": architecture()}
        told |= {"database": 3, "file": f"releases/{version}.deb", "at": self.clock.now()}
        return Offer.model_validate(told)

    def guard(self, rules: Rules | None = None) -> Guard:
        """Who watches; each call is another process as far as its memory goes."""
        units = Units()
        health = Health(self.data, self.place / "terminal.toml", units, self.clock)
        return Guard(self.tree, units, health, self.clock, self.note, rules or Rules(), self.data)

    def note(self, event: Event, **facts: Fact) -> None:
        self.noted.append((event, facts))

    def until(self, met: Callable[[], object], what: str) -> None:
        """Wait. Raises AssertionError."""
        give_up = self.clock.after(DEADLINE_S)
        while not met():
            assert not self.clock.due(give_up), what
            self.clock.wait(0.1)


@contextlib.contextmanager
def systemd(hall: Hall) -> Iterator[None]:
    """Starts face and uploader of `current`, and starts them again, five times at most (ADR 0071)."""
    over = threading.Event()
    run = hall.place / "run"
    command = run / "systemctl"
    command.write_text(_SYSTEMCTL.format(run=run), encoding="utf-8")
    command.chmod(0o755)
    threads = [threading.Thread(target=_keep_up, args=(hall, unit, run, over)) for unit in _VERBS]
    for thread in threads:
        thread.start()
    before = os.environ["PATH"]
    os.environ["PATH"] = f"{run}:{before}"
    try:
        yield
    finally:
        os.environ["PATH"] = before
        over.set()
        for thread in threads:
            thread.join()


def _keep_up(hall: Hall, unit: str, run: Path, over: threading.Event) -> None:
    process: subprocess.Popen[bytes] | None = None
    failures, wanted = 0, True
    while not over.wait(0.03):
        ask = run / f"{unit}.ask"
        asked = ask.read_text("utf-8").strip() if ask.exists() else ""
        if asked:
            process, failures, wanted = _ended(process), 0, asked == "restart"
        if process is not None and process.poll() is not None:
            failures = failures + 1 if process.returncode else 0
            process = None
        if wanted and process is None and failures < 5:
            process = _started(hall, unit)
        state = "failed" if failures >= 5 else "active" if process else "inactive"
        (run / f"{unit}.state").write_text(state, encoding="utf-8")
        if asked:
            ask.unlink()
    _ended(process)


def _started(hall: Hall, unit: str) -> subprocess.Popen[bytes] | None:
    release = (hall.tree.folder / "current").resolve()  # as start.sh does
    if not (release / "run_kiosk.py").exists():
        return None
    words = [release / ".venv/bin/python", "run_kiosk.py", _VERBS[unit]]
    return subprocess.Popen(words, cwd=release, stdin=subprocess.DEVNULL)


def _ended(process: subprocess.Popen[bytes] | None) -> None:
    if process is not None:
        process.kill()
        process.wait()


def killed_at(step: int, do: Callable[[], object]) -> bool:
    """`do` in a process of its own, killed (SIGKILL) as it is about to change the disk for the `step`th time.

    Whether it was; else it came to its end.
    """
    child = os.fork()
    if child == 0:
        left = step

        def count(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal left
            changes = event in (
                "os.rename",
                "os.remove",
                "os.symlink",
                "os.mkdir",
                "subprocess.Popen",
                "os.rmdir",
            )
            if changes or (
                event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
            ):
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        code = 1
        with contextlib.suppress(BaseException):
            do()
            code = 0
        os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.waitstatus_to_exitcode(status) == 0
    return False
