"""`devices emulate` serves what is no serial line, too: the driver in one process, the device in another."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from devices.evaluator import Level
from devices.evaluator.s_command_evaluator import SCommandEvaluator, SCommandEvaluatorSettings
from devices.rig.control import ControlClient
from ground.clock import RealClock
from tests.system.commands import end, start

_PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Emulated:
    """A device in another process, by what the command printed."""

    url: str
    control: ControlClient


@contextmanager
def emulated(driver: str, *more: object) -> Iterator[Emulated]:
    """`devices emulate DRIVER --control 0`, ended in order."""
    process = start("run_kiosk.py", "devices", "emulate", driver, "--control", 0, *more)
    assert process.stdout is not None
    try:
        url, where = (process.stdout.readline().strip() for _ in range(2))
        with ControlClient(int(where.rpartition(":")[2])) as control:
            yield Emulated(url, control)
    finally:
        code = end(process)
    assert code == 0


def until(told: Any, wanted: object) -> None:
    """Ask `told` until it answers `wanted`."""
    clock = RealClock()
    give_up = clock.after(_PATIENCE_S)
    while (said := told()) != wanted:
        assert not clock.due(give_up), said
        clock.wait(0.05)


def test_a_tablet_on_the_network_is_asked_by_datagrams() -> None:
    with emulated("s_command_evaluator") as tablet:
        assert re.fullmatch(r"udp://127\.0\.0\.1:[0-9]+", tablet.url)
        settings = SCommandEvaluatorSettings(url=tablet.url, timeout_s=10, poll_s=0.2)
        evaluator = SCommandEvaluator(settings, RealClock())
        evaluator.open()
        try:
            evaluator.ask(60)
            # the question may still be under way, and a key that is touched before it came does nothing
            until(lambda: tablet.control.set("s_command_evaluator", press=4), {"press": 4})
            until(lambda: press.level if (press := evaluator.pressed()) else None, Level(4))
        finally:
            evaluator.close()
