"""The panel's own light: less of it while the idle screen is dim, all of it as soon as anybody is there.

By the system's backlight (/sys/class/backlight) where the panel has one, else by a command (ddcutil, xset). Where there
is neither, the picture alone is dark, which an LCD shows as grey.
"""

import contextlib
import subprocess
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

_BACKLIGHTS: Final = Path("/sys/class/backlight")
_DIM_SHARE: Final = 0.15  # of the full light; chosen: it is seen that the machine is on, from the door
_COMMAND_S: Final = 10.0  # ddcutil speaks I2C: a second, several when the panel is busy


class Dimmer:
    """Sets the light at each change, on a thread of its own. A panel that refuses stays as it is."""

    def __init__(self, set_light: Callable[[bool], None] | None) -> None:
        """`set_light(dark)` may block; None: there is nothing to set."""
        self._set = set_light
        self._dark = self._shown = False
        self._news = threading.Condition()
        self._thread: threading.Thread | None = None

    @classmethod
    def of(
        cls, backlight: str, dim: Sequence[str], wake: Sequence[str], folder: Path = _BACKLIGHTS
    ) -> "Dimmer":
        """As configured: the backlight of this name, else the two commands, else nothing."""
        if backlight:
            return cls(_Backlight(folder / backlight))
        if dim and wake:
            return cls(lambda dark: _run(dim if dark else wake))
        return cls(None)

    def show(self, *, dark: bool) -> None:
        """This is how it shall be. Called at each pump; does nothing unless that is news."""
        if self._set is None or dark == self._dark:
            return
        with self._news:
            self._dark = dark
            if self._thread is None:
                self._thread = threading.Thread(target=self._live, name="dimmer", daemon=True)
                self._thread.start()
            self._news.notify()

    def _live(self) -> None:
        while self._set is not None:
            with self._news:
                self._news.wait_for(lambda: self._dark != self._shown)
                self._shown = self._dark
            self._set(self._shown)


class _Backlight:
    """Makes it as bright again as it was."""

    def __init__(self, panel: Path) -> None:
        self._panel = panel
        self._bright: int | None = None  #: the panel's own number before it was dimmed

    def __call__(self, dark: bool) -> None:
        with contextlib.suppress(OSError, ValueError):
            level = self._panel / "brightness"
            if dark:
                self._bright = int(level.read_text("ascii"))
                level.write_text(str(max(1, round(self._bright * _DIM_SHARE))), "ascii")
            elif self._bright is not None:
                level.write_text(str(self._bright), "ascii")


def _run(command: Sequence[str]) -> None:
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        subprocess.run(command, timeout=_COMMAND_S, check=False, capture_output=True)
