"""Puts the uploader together from its configuration: its pace, its clock check, its heartbeat, what may go when."""

from collections.abc import Callable
from datetime import datetime, time

from config.schema import TerminalConfig
from ground.clock import Clock
from ground.logbook import Logbook
from offline_cache.clockcheck import ClockCheck
from offline_cache.heartbeat import Heart
from offline_cache.outbox import Outbox
from offline_cache.pace import Cap, Pace
from offline_cache.pace_metered import Metered
from offline_cache.platform import Platform
from offline_cache.uploader import Uploader
from tools.logs import log_end
from tools.version import VERSION

_KILO = 1000


def pace_of(config: TerminalConfig, clock: Clock, check: ClockCheck) -> Pace:
    """How fast this terminal may send, by the best time of day that is known."""
    caps = tuple(
        Cap(
            begins=time.fromisoformat(cap.begins), ends=time.fromisoformat(cap.ends), bytes_s=cap.kb_s * _KILO
        )
        for cap in config.upload.caps
    )
    return Pace(caps, clock, check.right_now)


def metered_of(config: TerminalConfig) -> Metered:
    """What may go over a line that costs."""
    asked = config.link
    return Metered(asked.metered_interfaces, asked.metered_sends, asked.metered_small_kb * _KILO)


def uploader_of(
    config: TerminalConfig,
    outbox: Outbox,
    platform: Platform,
    clock: Clock,
    logbook: Logbook,
    check: ClockCheck,
    alive: Callable[[], None] = lambda: None,
) -> Uploader:
    """The uploader of this terminal, with its heartbeat; `alive` is called as it gets on."""

    def certificate_until() -> datetime | None:
        return platform.certificate_until

    def bytes_s() -> float | None:
        return platform.uploads.chunks.bytes_s

    heart = Heart(outbox, clock, VERSION, bytes_s, certificate_until, lambda: log_end(config))
    return Uploader(
        outbox,
        platform,
        clock,
        logbook,
        version=VERSION,
        check=check,
        heart=heart,
        metered=metered_of(config),
        alive=alive,
    )
