"""The kiosk: assembles a terminal and shows its face. Whatever nobody foresaw ends the visit safely."""

import argparse
import gc
import os
import sys
import traceback
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from config.schema import TerminalConfig
from ground import frugal
from ground.clock import RealClock
from ground.logbook import Event, Logbook
from tools.assemble import Terminal, assemble
from tools.logs import open_logbook
from tools.out import complain
from tools.settings import BAD_INPUT, settings
from tools.version import VERSION
from tools.watchdog import Watchdog

_SORRY = "KIOSK_SORRY"  # the reference number of the fault that ended the process before this one
_FAILSAFE = "KIOSK_FAILSAFE"  # "raise" shows the error itself: for the demo and for tests
_YOUNG_S = (
    5.0  # a face that fails so soon would fail again at once: then the supervisor decides (exit code 70)
)
_SOFTWARE = 70  # EX_SOFTWARE of sysexits.h


def run(asked: argparse.Namespace) -> int:
    """The verb `run`."""
    return run_face(asked)


def run_face(asked: argparse.Namespace, on_started: Callable[[Any], None] | None = None) -> int:
    """Show the face until its window closes."""
    frugal.begin()
    config = settings(asked)
    if config is None:
        return BAD_INPUT
    clock = RealClock()
    grown_up = clock.after(_YOUNG_S)
    try:
        logbook = open_logbook(config, clock, "face")
    except OSError as error:
        complain(f"{config.storage.data_folder}: {error.strerror}; see storage.data_folder")
        return 1
    logbook.write(Event.TERMINAL_STARTED, version=VERSION)
    watchdog = Watchdog.from_environment(clock)
    terminal = assemble(config, clock, logbook, watchdog.feed)
    terminal.begin()
    try:
        _show(config, terminal, on_started)
    except Exception as error:
        _note(error, reference := uuid.uuid4().hex[:6].upper(), logbook)
        logbook.flush()  # its thread does not survive what follows
        if os.environ.get(_FAILSAFE) == "raise":
            raise
        if not clock.due(grown_up):
            complain(f"the face failed at its start ({type(error).__name__}); see {reference} in log/")
            return _SOFTWARE
        os.environ[_SORRY] = reference
        _start_again()
    finally:
        terminal.end()
    renewed = terminal.renewal.due
    logbook.write(Event.TERMINAL_FINISHED, outcome="renewed" if renewed else "closed")
    logbook.close()
    if renewed:
        _start_again()
    watchdog.stopping()
    return 0


def _after_the_start() -> None:
    """What a start need not wait for, once the first picture is there."""
    gc.freeze()  # what a face consists of stays as long as it: looked through never again
    gc.enable()


def _show(config: TerminalConfig, terminal: Terminal, on_started: Callable[[Any], None] | None) -> None:
    from screens import env

    face = config.face
    env.prepare(
        config.storage.data_folder / "kivy",
        width=round(face.width_px * face.zoom),
        height=round(face.height_px * face.zoom),
        fullscreen=face.fullscreen,
        max_fps=face.max_fps,
    )
    from screens import app  # Kivy decides much at import: only after `prepare`

    reference = os.environ.pop(_SORRY, "")
    if reference:
        terminal.journey.apologise(reference)
    shown = app.FaceSettings(
        fonts=face.fonts_folder,
        width=face.width_px,
        height=face.height_px,
        diagonal_inch=face.diagonal_inch,
        zoom=face.zoom,
        fullscreen=face.fullscreen,
        max_fps=face.max_fps,
        scan_s=face.scan_s,
    )
    app.run(
        terminal,
        terminal.preview,
        terminal.words.ours,
        shown,
        on_started,
        lambda: terminal.renewal.due,
        languages=terminal.words.of,
        shown_first=_after_the_start,
        keys=terminal.keys,
        told=terminal.speech.told,
    )


def _note(error: Exception, reference: str, logbook: Logbook) -> None:
    """The place, never the content."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(where.filename).name}:{where.lineno}"
    logbook.write(Event.FAILSAFE, error=type(error).__name__, place=place, reference=reference)


def _start_again() -> None:
    """Become a fresh process: the kernel wipes what this one held. Does not return."""
    from screens.input.pinyin import ENGINE

    ENGINE.forget()  # what the keyboard learned lies in shared memory, which outlives the process
    os.execv(sys.executable, sys.orig_argv)
