"""The demo's face, with eyes and a finger, for benchmarks that need a real visit."""

import os
from pathlib import Path

from tools.cli import ROOT
from tools.demo.demo import Demo
from tools.demo.probe import Sight
from tools.demo.walk import Walker
from tools.demo.xserver import Pointer, VirtualScreen


class DemoFace:
    """Started when it is made; shows the idle screen then."""

    def __init__(
        self, demo: Demo, screen: VirtualScreen, name: str, launcher: str = "tools.demo.face", **settings: str
    ) -> None:
        """`settings`: more of the environment, e.g. KIOSK__FACE__RENEW_AFTER_S."""
        self.clock = demo.clock
        probe = demo.terminal / f"{name}.probe"
        told = os.path.relpath(probe, ROOT)
        began = demo.clock.instant()
        self.process = demo.processes.start(
            name,
            *("-m", launcher, "--config", str(demo.config), "--probe", told),
            DISPLAY=screen.name,
            LIBGL_ALWAYS_SOFTWARE="1",
            KIOSK_FAILSAFE="raise",
            **settings,
        )
        demo.processes.until_there(probe, name)
        self.sight = Sight(Path(told))
        self.pointer = Pointer(screen.name, demo.clock)
        self.walk = Walker(self.sight, self.pointer, demo.clock, demo.out / "screens")
        self.walk.until(lambda look: look["view"] == "idle", "idle")
        self.start_s = demo.clock.instant() - began
