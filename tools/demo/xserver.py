"""A virtual screen, a pointer that X believes, and pictures of what is on it."""

import os
import shutil
import subprocess
from pathlib import Path
from types import TracebackType

from PIL import Image
from Xlib import X, display, error
from Xlib.ext import xtest

from ground.clock import Clock


class NoScreen(RuntimeError):
    """There is no virtual screen; the message says what to do."""


def xvfb() -> str:
    """Where the server is. Raises `NoScreen`."""
    program = shutil.which("Xvfb")
    if program is None:
        raise NoScreen("there is no Xvfb: apt-get install xvfb")
    return program


class VirtualScreen:
    """Xvfb on a display number that it chooses itself."""

    def __init__(self, width: int = 1080, height: int = 1920, options: tuple[str, ...] = ()) -> None:
        """`options`: more of the server's, such as `-auth FILE`."""
        self._size = (width, height)
        self._options = options or ("-nolisten", "tcp", "-noreset")
        self._process: subprocess.Popen[bytes] | None = None
        self.name = ""  #: for DISPLAY, e.g. ":7"

    def __enter__(self) -> "VirtualScreen":
        geometry = f"{self._size[0]}x{self._size[1]}x24"
        program = xvfb()
        reading, writing = os.pipe()
        self._process = subprocess.Popen(
            [program, "-displayfd", str(writing), "-screen", "0", geometry, *self._options],
            pass_fds=(writing,),
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        if not number:
            self._process.wait(10)
            raise NoScreen("Xvfb did not start")
        self.name = f":{number}"
        return self

    @property
    def pid(self) -> int:
        """Of the server, once it runs."""
        assert self._process is not None
        return self._process.pid

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)


def screen_height(display_name: str) -> int:
    """Pixels of the X screen; 0 when it cannot be asked."""
    try:
        shown = display.Display(display_name)
    except (error.DisplayError, OSError):
        return 0
    height: int = shown.screen().height_in_pixels
    shown.close()
    return height


class Pointer:
    """A finger on the screen, through the X server's own test extension: programs see a real pointer."""

    def __init__(self, display_name: str, clock: Clock) -> None:
        self._display = display.Display(display_name)
        self._clock = clock

    def close(self) -> None:
        """Let go of the screen."""
        self._display.close()

    def tap(self, x: float, y: float) -> None:
        """Touch and let go, as long as a finger takes."""
        self.draw([(x, y)])

    def draw(self, points: list[tuple[float, float]], hold_s: float = 0.06) -> None:
        """Touch at the first point, move through the others, let go after `hold_s` seconds."""
        self._move(*points[0])
        xtest.fake_input(self._display, X.ButtonPress, 1)
        self._display.sync()
        for x, y in points[1:]:
            self._clock.wait(0.02)
            self._move(x, y)
        self._clock.wait(hold_s)
        xtest.fake_input(self._display, X.ButtonRelease, 1)
        self._display.sync()

    def _move(self, x: float, y: float) -> None:
        xtest.fake_input(self._display, X.MotionNotify, x=int(x), y=int(y))
        self._display.sync()

    def picture(self) -> Image.Image:
        """What is on the screen now."""
        screen = self._display.screen()
        width, height = screen.width_in_pixels, screen.height_in_pixels
        raw = screen.root.get_image(0, 0, width, height, X.ZPixmap, 0xFFFFFFFF)
        return Image.frombytes("RGB", (width, height), raw.data, "raw", "BGRX")

    def dark(self) -> bool:
        """Whether the whole screen is of one colour: no window has drawn on it yet."""
        return self.picture().getcolors(maxcolors=1) is not None

    def save_picture(self, path: Path) -> None:
        """Write `picture` as PNG."""
        self.picture().save(path, optimize=False)
