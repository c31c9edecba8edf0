"""What `bench.lockdown` looks at after each burst. What it finds is a way out, in words."""

import os
from pathlib import Path
from typing import Any

from Xlib import X, Xatom, display

from tools.demo.demo import Demo

_BROWSERS = ("xdg-open", "x-www-browser", "sensible-browser", "firefox", "chromium", "google-chrome", "gio",
             "xterm", "x-terminal-emulator", "import", "scrot", "gnome-screenshot", "zenity", "lp", "lpr")  # fmt: skip
_PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".svg", ".webm", ".pdf")
_HELPERS = ("kiosk.reading.child", "multiprocessing", "espeak", "aplay")  #: what the face itself may start


_FORK_S = 0.5  # a helper that was forked just now still bears the face's name


class Watch:
    """Of one face."""

    def __init__(self, folder: Path, demo: Demo) -> None:
        self._clock = demo.clock
        self._started = folder / "started"
        self._home = folder / "home"
        self._programs = folder / "bin"
        self._temporary = folder / "tmp"
        for each in (self._home, self._programs, self._temporary):
            each.mkdir()
        self._places = (self._home, self._temporary, demo.terminal, Path(__file__).parents[1])
        for name in _BROWSERS:
            program = self._programs / name
            program.write_text(f'#!/bin/sh\necho "$0 $*" >> {self._started}\n', encoding="utf-8")
            program.chmod(0o755)

    @property
    def environment(self) -> dict[str, str]:
        """For the face: every program that leads out only says that it was called."""
        return {
            "PATH": f"{self._programs}:{os.environ['PATH']}",
            "BROWSER": str(self._programs / "xdg-open"),
            "HOME": str(self._home),
            "TMPDIR": str(self._temporary),
        }

    def begin(self, screen: display.Display, pid: int, seen: dict[str, Any]) -> None:
        """The face stands; so it is to stay. From now on the clipboard is another program's."""
        self._screen, self._pid = screen, pid
        root = screen.screen().root
        self._owner = root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
        for name in (Xatom.PRIMARY, screen.intern_atom("CLIPBOARD")):
            self._owner.set_selection_owner(name, X.CurrentTime)
        screen.sync()
        (self._window,) = self._shown()
        self._classes, self._modules = seen["on_window"], seen["modules"]
        self._files = self._pictures()

    def look(self, seen: dict[str, Any]) -> list[str]:
        """What is wrong now."""
        return [*self._of_screen(), *self._of_machine(), *self._of_tree(seen)]

    def _of_screen(self) -> list[str]:
        found = []
        shown = self._shown()
        if shown != [self._window]:
            found.append(f"{len(shown)} windows are shown")
        else:
            place, whole = shown[0].get_geometry(), self._screen.screen()
            size = (place.x, place.y, place.width, place.height)
            if size != (0, 0, whole.width_in_pixels, whole.height_in_pixels):
                found.append(f"the window is {size}")
        focus = self._screen.get_input_focus().focus
        if focus not in (X.PointerRoot, X.NONE) and getattr(focus, "id", focus) not in (
            self._window.id,
            self._screen.screen().root.id,
        ):
            found.append("somebody else hears the keys")
        for name in ("PRIMARY", "CLIPBOARD"):
            owner = self._screen.get_selection_owner(self._screen.intern_atom(name))
            if getattr(owner, "id", 0) != self._owner.id:
                found.append(f"{name} was taken")
        while self._screen.pending_events():
            if self._screen.next_event().type == X.SelectionRequest:
                found.append("the clipboard was asked for")
        return found

    def _shown(self) -> list[Any]:
        windows = self._screen.screen().root.query_tree().children
        return [one for one in windows if one.get_attributes().map_state == X.IsViewable]

    def _of_machine(self) -> list[str]:
        found = []
        if self._started.exists():
            found.append(f"started: {self._started.read_text(encoding='utf-8').strip()[:200]}")
        if self._strange():
            self._clock.wait(_FORK_S)
            found += [f"a process beneath it: {child[:80]}" for child in self._strange()]
        new = self._pictures() - self._files
        if new:
            found.append(f"new files: {sorted(new)[:3]}")
        return found

    def _strange(self) -> list[str]:
        return [child for child in _below(self._pid) if not any(helper in child for helper in _HELPERS)]

    def _pictures(self) -> set[str]:
        places = [each.iterdir() if each == self._places[-1] else each.rglob("*") for each in self._places]
        return {str(path) for place in places for path in place if path.suffix in _PICTURES}

    def _of_tree(self, seen: dict[str, Any]) -> list[str]:
        found = []
        if seen["on_window"] != self._classes:
            found.append(f"on the window: {seen['on_window']}")
        if seen["modules"] != self._modules:
            found.append(f"modules of Kivy: {seen['modules']}")
        return found


def _below(pid: int) -> list[str]:
    """The command lines of all processes beneath this one."""
    found: list[str] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text(encoding="ascii").split():
            try:
                line = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode()
                if line:  # else it has ended and waits to be noticed, or is about to become what it shall be
                    found += [line, *_below(int(child))]
            except OSError:  # it has ended meanwhile
                continue
    return found
