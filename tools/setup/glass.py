"""The wizard on the glass: before there is a configuration, and whenever a technician asks for it."""

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from Xlib.display import Display
from Xlib.error import DisplayError

from ground.clock import Clock, RealClock
from kiosk.preview import PreviewSlot
from kiosk.setup.draft import Premises
from kiosk.setup.helper import Helper
from kiosk.setup.on_glass import SetupDirector
from kiosk.setup.wizard import Wizard
from kiosk.words import Words
from tools.assemble import WORDS
from tools.fonts import placed
from tools.setup.shop import RealShop
from tools.setup.verb import premises_of, role
from tools.setup.wanted import ASKED


def open_setup() -> None:
    """From a running face: become a fresh process that begins with the wizard; devices are let go of. No return."""
    os.environ[ASKED] = "1"
    os.execv(sys.executable, sys.orig_argv)


def run_on_glass(asked: argparse.Namespace, on_started: Callable[[Any], None] | None = None) -> int:
    """Show the wizard until whoever sets up is done; then become the terminal. Raises `ConfigError` and OSError."""
    clock: Clock = RealClock()
    premises = premises_of(asked)
    size = glass_size()
    premises = replace(premises, glass=size)
    helper, chinese = Helper(), Words.load(WORDS, "zh-Hans")
    wizard = Wizard(premises, RealShop(chinese, clock), helper, chinese, clock.now, role())
    spoken = {"zh-Hans": chinese, "en": Words.load(WORDS, "en")}
    director = SetupDirector(wizard, helper, lambda language: spoken.get(language, chinese))
    try:
        _show(wizard, director, premises, spoken, on_started)
    finally:
        director.close()
    if director.over:
        os.environ.pop(ASKED, None)
        os.execv(sys.executable, sys.orig_argv)
    return 0


def glass_size() -> tuple[int, int] | None:
    """Width and height of the glass in pixels; None where there is none."""
    try:
        display = Display()
    except (DisplayError, OSError):
        return None
    screen = display.screen()
    size = (int(screen.width_in_pixels), int(screen.height_in_pixels))
    display.close()
    return size


def _show(
    wizard: Wizard,
    director: SetupDirector,
    premises: Premises,
    spoken: dict[str, Words],
    on_started: Callable[[Any], None] | None,
) -> None:
    from screens import env

    face = wizard.draft.before.face
    width, height = (face.width_px, face.height_px)
    if face.fullscreen and premises.glass is not None:
        width, height = premises.glass
    env.prepare(
        _scratch(premises.folder),
        width=round(width * face.zoom),
        height=round(height * face.zoom),
        fullscreen=face.fullscreen,
        max_fps=face.max_fps,
    )
    from screens import app  # Kivy decides much at import: only after `prepare`

    shown = app.FaceSettings(
        fonts=placed(face.fonts_folder),
        width=width,
        height=height,
        diagonal_inch=face.diagonal_inch,
        zoom=face.zoom,
        fullscreen=face.fullscreen,
        max_fps=face.max_fps,
    )
    words = spoken["zh-Hans"]
    app.run(
        director,
        PreviewSlot(),
        words,
        shown,
        on_started,
        lambda: director.over,
        languages=lambda tag: spoken.get(tag, words),
    )


def _scratch(folder: Path) -> Path:
    return folder.parent / "kivy"
