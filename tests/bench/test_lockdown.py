"""Two hundred keys, swipes and wrong buttons on the real face find no way out; and who looks would see one."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from Xlib import X, Xatom, display

from bench.lockdown import sound
from bench.lockdown_watch import Watch
from ground.clock import RealClock
from tests.bench.running import run_module
from tools.demo.demo import Demo
from tools.demo.xserver import VirtualScreen

_DEADLINE_S = 300  # a quiet machine needs 20 s
_SEEN: dict[str, Any] = {"on_window": ["one"], "modules": []}
_SIZE = (64, 48)


def test_no_key_and_no_touch_leads_out() -> None:
    done = run_module(_DEADLINE_S, "bench.lockdown", "--events", "200", "--seed", "2", "--alone")
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    told = json.loads(done.stdout)
    assert told["events"] == 200
    assert told["keys"] > 100
    assert sum(told["touches"].values()) > 20


_WELL: dict[str, Any] = {
    "alive": True,
    "serves": True,
    "strangers_turned_away": True,
    "found": [],
    "raised": "",
}


@pytest.mark.parametrize(
    "flaw",
    [
        {"alive": False},
        {"serves": False},
        {"strangers_turned_away": False},
        {"found": ["2 windows are shown"]},
        {"raised": "Traceback"},
    ],
)
def test_each_flaw_is_one(flaw: dict[str, Any]) -> None:
    assert sound(_WELL)
    assert not sound(_WELL | flaw)


@pytest.fixture
def screen() -> Iterator[display.Display]:
    """A screen of its own with one window that covers it."""
    with VirtualScreen(*_SIZE) as made:
        shown = display.Display(made.name)
        _window(shown, *_SIZE)
        yield shown
        shown.close()


def _window(screen: display.Display, width: int, height: int) -> Any:
    window = screen.screen().root.create_window(0, 0, width, height, 0, X.CopyFromParent)
    window.map()
    screen.sync()
    return window


@pytest.fixture
def watched(screen: display.Display, tmp_path: Path) -> Iterator[tuple[Watch, subprocess.Popen[bytes]]]:
    """Somebody who looks at that screen and at a process."""
    watch = Watch(tmp_path, Demo(tmp_path / "out", RealClock()))
    (tmp_path / "out" / "terminal").mkdir(parents=True)
    process = subprocess.Popen([sys.executable, "-c", "import subprocess; input(); subprocess.run(['sleep', '60'])"],
                               stdin=subprocess.PIPE)  # fmt: skip
    watch.begin(screen, process.pid, _SEEN)
    yield watch, process
    process.kill()
    process.communicate()


def test_what_is_as_it_was_is_no_way_out(watched: tuple[Watch, object]) -> None:
    assert watched[0].look(_SEEN) == []


def test_another_window_is_seen(watched: tuple[Watch, object], screen: display.Display) -> None:
    _window(screen, 10, 10)
    assert watched[0].look(_SEEN) == ["2 windows are shown"]


def test_a_clipboard_that_was_taken_is_seen(watched: tuple[Watch, object], screen: display.Display) -> None:
    thief = _window(screen, *_SIZE)
    thief.unmap()
    thief.set_selection_owner(Xatom.PRIMARY, X.CurrentTime)
    screen.sync()
    assert watched[0].look(_SEEN) == ["PRIMARY was taken"]


def test_a_clipboard_that_is_read_is_seen(watched: tuple[Watch, object], screen: display.Display) -> None:
    reader = display.Display(screen.get_display_name())
    window = _window(reader, 5, 5)
    window.unmap()
    window.convert_selection(reader.intern_atom("CLIPBOARD"), Xatom.STRING, Xatom.STRING, X.CurrentTime)
    reader.sync()
    assert watched[0].look(_SEEN) == ["the clipboard was asked for"]
    reader.close()


def test_a_browser_is_seen(watched: tuple[Watch, object]) -> None:
    program = watched[0].environment["BROWSER"]
    subprocess.run([program, "http://example.invalid/"], check=True)
    (found,) = watched[0].look(_SEEN)
    assert "example.invalid" in found


def test_a_screenshot_is_seen(watched: tuple[Watch, object]) -> None:
    Path(watched[0].environment["HOME"], "screenshot0001.png").touch()
    (found,) = watched[0].look(_SEEN)
    assert "screenshot0001.png" in found


@pytest.mark.parametrize("grown", [{"on_window": ["one", "Inspector"]}, {"modules": ["inspector"]}])
def test_a_panel_of_kivy_is_seen(watched: tuple[Watch, object], grown: dict[str, Any]) -> None:
    assert len(watched[0].look(_SEEN | grown)) == 1


def test_a_process_beneath_is_seen(watched: tuple[Watch, subprocess.Popen[bytes]]) -> None:
    watch, process = watched
    assert process.stdin is not None
    process.stdin.write(b"\n")
    process.stdin.flush()
    clock, found = RealClock(), list[str]()
    limit = clock.after(30)
    while not found and not clock.due(limit):
        found = watch.look(_SEEN)
        clock.wait(0.05)
    assert found == ["a process beneath it: sleep 60 "]
    for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split():
        subprocess.run(["kill", child], check=True)
