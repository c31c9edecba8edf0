"""Tells Kivy how to behave. Must run before anything else imports Kivy, because Kivy decides at import."""

import os
import sys
from pathlib import Path


def prepare(
    home: Path,
    *,
    width: int,
    height: int,
    fullscreen: bool = False,
    max_fps: int = 60,
    corner: tuple[int, int] | None = None,
) -> None:
    """Keep Kivy out of the command line, the log and the user's home, and say how large the window is.

    `corner`: left and top of the window on its screen; None leaves it to the window manager.
    `home`: a folder of the terminal's own, made when missing, where Kivy may write its settings.
    Raises `RuntimeError` when Kivy was imported before: its settings would be ignored silently.
    """
    if "kivy" in sys.modules and os.environ.get("KIVY_HOME") != str(home):
        raise RuntimeError("Kivy was imported before screens.env.prepare()")
    home.mkdir(parents=True, exist_ok=True)
    os.environ.update(
        KIVY_HOME=str(home),
        KIVY_NO_ARGS="1",
        KIVY_NO_FILELOG="1",
        KIVY_NO_CONSOLELOG="1",
        KIVY_LOG_MODE="PYTHON",  # else Kivy swallows stderr, tracebacks and all
        SDL_TOUCH_MOUSE_EVENTS="0",  # else a finger on a touch panel counts twice, as finger and as mouse
        KIVY_METRICS_DENSITY="1",
        KIVY_METRICS_FONTSCALE="1",
    )
    from kivy.config import Config

    settings: dict[str, dict[str, object]] = {
        "kivy": {"exit_on_escape": 0, "pause_on_minimize": 0, "keyboard_mode": "", "log_enable": 0},
        "graphics": {
            "width": width,
            "height": height,
            "fullscreen": "auto" if fullscreen else 0,
            "borderless": int(fullscreen),
            "resizable": 0,
            "show_cursor": int(not fullscreen),
            "maxfps": max_fps,
            "multisamples": 0,
        },
    }
    if corner is not None:
        settings["graphics"] |= {"position": "custom", "left": corner[0], "top": corner[1]}
    for section, values in settings.items():
        for name, value in values.items():
            Config.set(section, name, str(value))
    Config.remove_section("input")
    Config.add_section("input")
    # one pointer, and no red dots at a right click
    Config.set("input", "mouse", "mouse,disable_multitouch")
