"""`outbox status`."""

import argparse
import dataclasses
import enum
from datetime import datetime
from typing import Any

from ground.clock import RealClock
from kiosk.words import Words
from offline_cache.errors import CacheError
from offline_cache.items import OutboxStatus
from tools.assemble import WORDS, open_outbox
from tools.out import complain, say, say_json
from tools.settings import BAD_INPUT, settings


def run(asked: argparse.Namespace) -> int:
    """Print the counts."""
    config = settings(asked)
    if config is None:
        return BAD_INPUT
    try:
        outbox = open_outbox(config, RealClock())
        try:
            status = outbox.status()
        finally:
            outbox.close()
    except CacheError as error:
        complain(f"{error.code} {error}")
        return 1
    told = as_json(status, Words.load(WORDS, config.language.first))
    if asked.json:
        say_json(told)
    else:
        for name, value in told.items():
            say(f"{name:22}{'-' if value is None else value}")
    return 0


def as_json(status: OutboxStatus, words: Words) -> dict[str, Any]:
    """The contract's fields; the last error with its hint in words."""
    told: dict[str, Any] = {}
    for field in dataclasses.fields(status):
        value = getattr(status, field.name)
        told[field.name] = value.value if isinstance(value, enum.Enum) else value
    error = status.last_error
    if error is not None:
        told["last_error"] = {
            "code": error.code,
            "hint": words(f"errors.{error.code}.hint"),
            "since": error.since.isoformat() if isinstance(error.since, datetime) else error.since,
        }
    return told
