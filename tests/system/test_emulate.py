"""`devices emulate` serves what is no serial line, too: the driver in one process, the device in another."""

import json
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from devices.emulators.linux_watchdog import WatchdogEmulator
from devices.errors import Condition, Refused, TimedOut, Unreachable
from devices.evaluator import Level
from devices.evaluator.s_command_evaluator import SCommandEvaluator, SCommandEvaluatorSettings
from devices.rig.control import ControlClient
from devices.rig.seams import RemoteWatchdog, register_seams, serve_watchdog
from devices.signals.gpio_signals import GpioContact, GpioSignals, GpioSignalsSettings
from devices.watchdog.linux_watchdog import LinuxWatchdog, LinuxWatchdogSettings
from ground.clock import RealClock
from tests.system.commands import end, kiosk, start

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


def test_a_chip_with_sensor_door_and_lamps_in_another_process() -> None:
    register_seams()
    with emulated("gpio_signals") as chip:
        signals = GpioSignals(GpioSignalsSettings(url=chip.url), RealClock())
        signals.open()
        try:
            assert signals.inputs() == {"presence": False, "door_open": False}
            chip.control.set("gpio_signals", presence=True)
            assert signals.inputs() == {"presence": True, "door_open": False}
            signals.light("id_card", True)
            assert chip.control.get("gpio_signals", "levels")["levels"][2] is True
            chip.control.set("gpio_signals", mute=True)
            with pytest.raises(TimedOut):
                signals.inputs()
            chip.control.set("gpio_signals", mute=False)
            chip.control.unplug("gpio_signals")
            with pytest.raises(Unreachable):
                signals.inputs()
            with pytest.raises(Unreachable):
                signals.open()
            chip.control.replug("gpio_signals")
            chip.control.set("gpio_signals", taken=True)
            with pytest.raises(Refused) as refused:
                signals.open()
            assert refused.value.condition is Condition.BUSY
        finally:
            signals.close()


def test_a_line_that_the_chip_has_not_is_refused_there_too() -> None:
    register_seams()
    with emulated("gpio_signals") as chip:
        settings = GpioSignalsSettings(url=chip.url, inputs={"presence": GpioContact(line=99)}, lamps={})
        with pytest.raises(Refused) as refused:
            GpioSignals(settings, RealClock()).open()
        assert refused.value.condition is Condition.BAD_COMMAND


def test_a_watchdog_in_another_process_is_fed_bites_and_tells() -> None:
    register_seams()
    with emulated("linux_watchdog") as dog:
        watchdog = LinuxWatchdog(LinuxWatchdogSettings(url=dog.url, armed=True, timeout_s=900), RealClock())
        watchdog.open()
        try:
            watchdog.feed()
            assert watchdog.identity() == "Emulated watchdog"
            assert watchdog.status().readings["timeout_s"] == 600, "the most that it takes"
            dog.control.set("linux_watchdog", bitten=True)
            with pytest.raises(Unreachable):
                watchdog.feed()
            watchdog.open()
            assert watchdog.boot_was_watchdog() is True
            dog.control.set("linux_watchdog", mute=True)
            with pytest.raises(TimedOut):
                watchdog.feed()
            dog.control.set("linux_watchdog", mute=False, nowayout=True)
            with pytest.raises(Refused):
                watchdog.disarm()
            watchdog.close()
            dog.control.set("linux_watchdog", in_use=True)
            with pytest.raises(Refused) as refused:
                watchdog.open()
            assert refused.value.condition is Condition.BUSY
        finally:
            watchdog.close()


def test_a_watchdog_whose_owner_died_runs_on() -> None:
    """The kernel closes a dead program's file without the magic byte; so does the end of the connection."""
    register_seams()
    with emulated("linux_watchdog") as dog:
        dog.control.set("linux_watchdog", timeout_s=1)
        RemoteWatchdog(dog.url).close()
        until(lambda: dog.control.get("linux_watchdog", "bitten"), {"bitten": True})


def test_the_verbs_reach_them_by_the_terminals_configuration(tmp_path: Path) -> None:
    with emulated("gpio_signals") as chip, emulated("linux_watchdog") as dog:
        config = tmp_path / "terminal.toml"
        config.write_text(
            '[site]\nname = "示例"\ntownship = "示例镇"\nhours = "全天"\n'
            '[terminal]\nid = "t"\nname = "示例"\n[platform]\nurl = "http://127.0.0.1:1"\n'
            f'[storage]\ndata_folder = "{tmp_path}"\n'
            f'[devices.signals]\ndriver = "gpio_signals"\nurl = "{chip.url}"\n'
            f'[devices.watchdog]\ndriver = "linux_watchdog"\nurl = "{dog.url}"\narmed = true\n',
            encoding="utf-8",
        )
        for name in ("signals", "watchdog"):
            told = kiosk("devices", "probe", name, "--config", config, "--json").json()
            assert (told["status"], told["error"]) == ("online", None)


def test_nobody_serves_there() -> None:
    register_seams()
    settings = LinuxWatchdogSettings(url="emulated-watchdog://127.0.0.1:1", armed=True)
    with pytest.raises(Unreachable):
        LinuxWatchdog(settings, RealClock()).open()


@pytest.mark.parametrize("line", [b"\xff\n", b"[]\n", b"{}\n", b'{"call": "eat", "with": []}\n', b"null\n"])
def test_whatever_is_said_to_a_seam_it_answers(line: bytes) -> None:
    dog = WatchdogEmulator(RealClock())
    dog.start()
    seam = serve_watchdog(dog.url)
    try:
        port = int(seam.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE_S) as client:
            client.sendall(line)
            with client.makefile("rb") as said:
                assert "wrong" in json.loads(said.readline())
        assert dog.armed is False
    finally:
        seam.close()
        dog.close()
