"""What a terminal that nobody looks after is told of its place and its current, from its configuration."""

import subprocess
import threading
from collections.abc import Callable, Sequence
from datetime import time

from config.schema import TerminalConfig
from ground.clock import Clock
from ground.logbook import Logbook
from kiosk.hours import Holidays, Hours, Spell, read_holidays
from kiosk.power import PowerRules, PowerWatch
from tools.out import complain

_COMMAND_S = 60.0  # chosen: a system that is asked answers at once


def window_hours(config: TerminalConfig) -> Hours | None:
    """When somebody is behind the window; None where that is not told. A list of holidays that is bad is left out."""
    asked = config.hours
    if not asked.open:
        return None
    spells = tuple(
        Spell(frozenset(one.days), time.fromisoformat(one.begins), time.fromisoformat(one.ends))
        for one in asked.open
    )
    try:
        holidays = Holidays() if asked.holidays is None else read_holidays(asked.holidays)
    except (OSError, ValueError) as error:
        complain(f"hours.holidays is left out: {error}")
        holidays = Holidays()
    return Hours(spells, holidays)


def power_watch(config: TerminalConfig, clock: Clock, logbook: Logbook) -> PowerWatch:
    """What follows when the mains fail; without a supply it is never told that they do."""
    asked = config.power
    rules = PowerRules(asked.finish_s, asked.down_charge_percent, started(asked.down_command))
    return PowerWatch(rules, clock, logbook)


def started(command: Sequence[str]) -> Callable[[], None]:
    """Runs it on a thread and does not wait. One that fails is told of; the watch asks again."""

    def run() -> None:
        try:
            subprocess.run(
                command, stdin=subprocess.DEVNULL, timeout=_COMMAND_S, check=True, capture_output=True
            )
        except (OSError, subprocess.SubprocessError) as error:
            complain(f"power.down_command: {type(error).__name__}")

    def start() -> None:
        if command:
            threading.Thread(target=run, name="power-down", daemon=True).start()

    return start
