"""The panel's window under a real pointer: a tab is opened, a switch is turned, and the emulator obeys."""

import os
import subprocess
import sys
from pathlib import Path

from devices.emulators.escpos import EscposEmulator
from devices.emulators.sdt import SdtEmulator
from devices.rig.control import ControlServer
from ground.clock import RealClock
from tests.system.commands import ROOT
from tools.demo.xserver import Pointer, VirtualScreen
from tools.fonts import prepare

_PATIENCE_S = 90.0
_SECOND_TAB = (405, 30)  # of two; devices of these names have no page of usual buttons before them
_COVER_OPEN = (400, 142)  # the switch in the second row


def test_a_switch_is_turned_by_touch(tmp_path: Path) -> None:
    fonts, clock = ROOT / "build" / "fonts", RealClock()
    prepare(fonts)
    printer = EscposEmulator(clock)
    devices = {"id_reader": SdtEmulator(clock), "receipt": printer}
    give_up = clock.after(_PATIENCE_S)
    with VirtualScreen(600, 950) as screen, ControlServer(devices) as control:
        command = [
            sys.executable,
            "-m",
            "tools.demo.panel",
            "--control",
            str(control.port),
            "--fonts",
            str(fonts),
        ]
        window = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | {"DISPLAY": screen.name, "LIBGL_ALWAYS_SOFTWARE": "1"}
        )
        pointer = Pointer(screen.name, clock)
        try:
            while not printer.cover_open:
                assert window.poll() is None and not clock.due(give_up)
                if not pointer.dark():
                    pointer.tap(*_SECOND_TAB)
                    clock.wait(1.0)
                    pointer.tap(*_COVER_OPEN)
                clock.wait(0.5)
        finally:
            pointer.save_picture(tmp_path / "panel.png")
            pointer.close()
            window.terminate()
            window.wait(30)
