"""The kiosk: assembles a terminal and shows its face. Whatever nobody foresaw ends the visit safely."""

import argparse
import gc
import os
from collections.abc import Callable
from typing import Any

from config.schema import TerminalConfig
from ground import frugal
from ground.clock import Clock, RealClock
from ground.logbook import Event, Fact, Logbook
from kiosk.care.supplies import UseBook
from kiosk.health import Health
from kiosk.tending.bench import Bench
from kiosk.words import Words
from tools.assemble import Terminal, assemble
from tools.failsafe import Failsafe, safe_config, start_again
from tools.fonts import placed
from tools.logs import open_logbook
from tools.out import complain
from tools.release.mark import Marker, moved
from tools.settings import BAD_INPUT, settings
from tools.setup.wanted import is_wanted
from tools.tended import MARK, sweep
from tools.version import VERSION
from tools.watchdog import Watchdog


def run(asked: argparse.Namespace) -> int:
    """The verb `run`."""
    return run_face(asked)


def run_face(asked: argparse.Namespace, on_started: Callable[[Any], None] | None = None) -> int:
    """Show the face until its window closes."""
    frugal.begin()
    if is_wanted(asked):
        from tools.setup.glass import run_on_glass

        return run_on_glass(asked, on_started)
    config = settings(asked)
    if config is None:
        return BAD_INPUT
    clock = RealClock()
    try:
        logbook = open_logbook(config, clock, "face")
    except OSError as error:
        complain(f"{config.storage.data_folder}: {error.strerror}; see storage.data_folder")
        return 1
    logbook.write(Event.TERMINAL_STARTED, version=VERSION)
    mark = Marker(config.storage.data_folder, "face", clock)
    if sweep(config):
        complain(f"{config.storage.data_folder}: what a training left cannot be deleted")
    failsafe = Failsafe(config, clock, logbook)
    failsafe.begin()
    if failsafe.mode == "safe":
        config = safe_config(config)
    watchdog = Watchdog.from_environment(clock)
    training = MARK in os.environ
    bench = None if training else _bench(asked, config, clock, logbook)
    terminal: Terminal | None = None
    try:
        terminal = assemble(
            config,
            clock,
            logbook,
            watchdog.feed,
            failsafe.unforeseen,
            failsafe.mode,
            bench=bench,
            training=training,
        )
        terminal.begin()
        _show(config, terminal, on_started, failsafe, mark)
    except Exception as error:  # noqa: BLE001  the entry point: whatever it is, it takes the one way down
        return failsafe.fell(error, terminal)
    except KeyboardInterrupt:
        failsafe.finished()
        mark.ended()
        raise
    terminal.end()
    reason = terminal.renewal.reason
    renewed = failsafe.finished() or reason is not None
    told: dict[str, Fact] = {"reason": reason.value} if reason is not None else {}
    told |= {"visits": terminal.renewal.visits}
    logbook.write(Event.TERMINAL_FINISHED, outcome="renewed" if renewed else "closed", **told)
    logbook.close()
    mark.ended()
    if terminal.training.for_it and not training:
        from tools.training import become_training

        become_training(asked)
    if renewed and not moved(clock, config.release.folder)():  # else systemd starts the other release
        start_again()
    watchdog.stopping()
    return 0


def _bench(
    asked: argparse.Namespace, config: TerminalConfig, clock: Clock, logbook: Logbook
) -> Callable[[Words, Health, UseBook], Bench]:
    """What a technician's screens work with; read in when it is built, on a thread of its own."""

    def build(words: Words, health: Health, book: UseBook) -> Bench:
        from tools.tending_bench import TendingBench

        return TendingBench(config, asked.config, words, clock, health, logbook, book)

    return build


def _after_the_start(mark: Marker, well: bool) -> None:
    """What a start need not wait for, once the first picture is there. `well`: it is all there, nothing left out."""
    if well:
        mark.at_work()
    gc.freeze()  # what a face consists of stays as long as it: looked through never again
    gc.enable()


def _show(
    config: TerminalConfig,
    terminal: Terminal,
    on_started: Callable[[Any], None] | None,
    failsafe: Failsafe,
    mark: Marker,
) -> None:
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

    if failsafe.reference:
        terminal.journey.apologise(failsafe.reference)
    shown = app.FaceSettings(
        fonts=placed(face.fonts_folder),
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
        lambda: failsafe.over(terminal) or terminal.training.for_it,
        languages=terminal.words.of,
        shown_first=lambda: _after_the_start(mark, failsafe.mode == "usual"),
        keys=terminal.keys,
        told=terminal.speech.told,
    )
