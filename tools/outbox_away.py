"""`outbox export` and `outbox drain`: ways for what waits to leave this machine."""

import argparse
import dataclasses
import os

from config.schema import TerminalConfig
from ground.clock import RealClock
from kiosk.words import Words
from offline_cache.clockcheck import ClockCheck
from offline_cache.errors import CacheError
from offline_cache.export import export
from offline_cache.outbox import Outbox
from tools.assemble import open_platform
from tools.credentials import signing_key
from tools.delivery import pace_of, uploader_of
from tools.logs import open_logbook
from tools.out import complain, say, say_json
from tools.settings import BAD_INPUT

_REST_S = 0.2  # between two looks while nothing is due


def to_stick(asked: argparse.Namespace, config: TerminalConfig, outbox: Outbox, words: Words) -> int:
    """Copy everything undelivered to a folder, such as a USB stick. Nothing is removed here."""
    if not asked.folder.is_dir() or not os.access(asked.folder, os.W_OK):
        complain(words("outbox.no_folder", folder=str(asked.folder)))
        return BAD_INPUT
    try:
        done = export(outbox, asked.folder, config.terminal.id, RealClock(), signing_key(config))
    except CacheError as error:
        complain(f"{error.code} {error}")
        complain(words("outbox.stick_failed"))
        return 1
    told = dataclasses.asdict(done) | {"folder": str(done.folder), "left_out": list(done.left_out)}
    if asked.json:
        say_json(told)
    else:
        facts = {name: str(told[name]) for name in ("cases", "evaluations", "messages", "folder")}
        say(words("outbox.exported", **facts))
        if not done.signed:
            complain(words("outbox.unsigned"))
    for case_id in done.left_out:
        complain(words("outbox.left_out", id=case_id))
    return 1 if done.left_out else 0


def drain(asked: argparse.Namespace, config: TerminalConfig, outbox: Outbox, words: Words) -> int:
    """Deliver from here until nothing waits or the time is up; the uploader may run beside it."""
    if config.platform.token is None:
        complain("this terminal is not enrolled yet: run_kiosk.py enrol --code CODE")
        return BAD_INPUT
    clock = RealClock()
    end = clock.after(asked.timeout_s)
    check = ClockCheck(clock)
    platform = open_platform(config, clock, pace=pace_of(config, clock, check))
    logbook = open_logbook(config, clock, "drain")
    try:
        uploader = uploader_of(config, outbox, platform, clock, logbook, check)
        while not (empty := _empty(outbox)) and not clock.due(end):
            if not uploader.step():
                clock.wait(min(_REST_S, clock.left(end)))
    finally:
        platform.close()
        logbook.close()
    status = outbox.status()
    complain(words("outbox.drained" if empty else "outbox.not_drained", waiting=str(status.waiting)))
    if status.stuck:
        complain(words("outbox.stuck", count=str(status.stuck)))
    return 0 if empty and not status.stuck else 1


def _empty(outbox: Outbox) -> bool:
    status = outbox.status()
    return not (status.waiting or status.evaluations_waiting or status.messages_waiting)
