"""`demo`: a whole terminal on emulated devices. With a display one can try it; `--headless` walks a visit by itself."""

import argparse
import json
import os
import shutil
import signal
import socket
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import requests

from ground.clock import Clock, RealClock
from kiosk.speech.playing import has_sound_card
from offline_cache.platform import Platform
from tools.cli import ROOT
from tools.demo.keys import KeySight, KeyWalker
from tools.demo.ledger import Ledger
from tools.demo.probe import Sight
from tools.demo.processes import Processes
from tools.demo.story import STORY
from tools.demo.walk import Visit, Walker
from tools.demo.xserver import NoScreen, Pointer, VirtualScreen, screen_height, xvfb
from tools.enrol import enrol_at
from tools.fonts import prepare
from tools.out import complain, say
from tools.settings import BAD_INPUT

from devices.rig.control import ControlClient  # isort: skip

_KIOSK_WIDTH, _KIOSK_HEIGHT = 1080, 1920
_KEYS_ZOOM, _KEYS_FPS = 0.4, 20  # nobody aims at anything: a sixth of the pixels to draw, a third as often
_MARK = ".made-by-demo"  # only a folder that bears it is emptied


class NotOurs(Exception):
    """The folder holds something that no demo made."""


class Demo:
    """One demo in one folder."""

    def __init__(self, out: Path, clock: Clock) -> None:
        self.out = out.resolve()
        self.clock = clock
        self.terminal = self.out / "terminal"
        self.backend = self.out / "backend"
        self.config = self.terminal / "terminal.toml"
        self.fonts = ROOT / "build" / "fonts"
        self.backend_port = _free_port()
        self.processes = Processes(self.out, clock)
        self.places: dict[str, Any] = {}
        self.zoom = 1.0
        self.max_fps = 60
        self.fullscreen = False

    def prepare(self) -> None:
        """An empty folder and fonts. Raises `NotOurs` for a folder that somebody else filled."""
        if self.out.exists() and any(self.out.iterdir()):
            if not (self.out / _MARK).exists():
                raise NotOurs(f"{self.out} is not empty and no demo made it; name another folder")
            shutil.rmtree(self.out)
        for folder in (self.terminal, self.out / "screens"):
            folder.mkdir(parents=True)
        (self.out / _MARK).touch()
        for line in prepare(self.fonts):
            complain(line)

    @property
    def backend_url(self) -> str:
        """Where the backend itself is, past the link that can be cut."""
        return f"http://127.0.0.1:{self.backend_port}"

    @property
    def operator(self) -> dict[str, str]:
        """The operator's authorisation."""
        token = (self.backend / "keys" / "operator.token").read_text(encoding="utf-8").strip()
        return {"Authorization": f"Bearer {token}"}

    def start_backend(self) -> None:
        """Start it and wait until it answers."""
        self.processes.start(
            "backend",
            "run_kiosk.py",
            *("backend", "serve", "--port", str(self.backend_port), "--data", str(self.backend)),
        )
        self.processes.until_healthy(self.backend_url)

    def enrol(self) -> None:
        """An operator makes a code; the terminal trades it for its credentials."""
        made = requests.post(f"{self.backend_url}/v1/operator/codes", headers=self.operator, timeout=30)
        platform = Platform(self.backend_url, None, self.clock)
        enrol_at(platform, self.terminal, made.json()["code"], "演示终端")
        platform.close()

    def start_cabinet(self) -> None:
        """The emulated devices, and the configuration that leads to them."""
        self.processes.start(
            "cabinet",
            *("-m", "tools.demo.cabinet", "--folder", str(self.out), "--backend", str(self.backend_port)),
        )
        self.places = self.processes.told("cabinet")
        self.config.write_text(configuration(self), encoding="utf-8")

    def start_uploader(self) -> None:
        """The process that delivers."""
        self.processes.start("uploader", "run_kiosk.py", "uploader", "--config", str(self.config))

    def device(self, name: str, **knobs: Any) -> Any:
        """Turn knobs of the emulated cabinet."""
        with ControlClient(self.places["control"]) as control:
            return control.set(name, **knobs)

    def knob(self, name: str, knob: str) -> Any:
        """What a knob is now."""
        with ControlClient(self.places["control"]) as control:
            return control.get(name, knob)[knob]


def configuration(demo: Demo) -> str:
    """The demo's terminal.toml: the shipped one's defaults, with the emulated devices."""
    places, text = demo.places, json.dumps
    return f"""# Made by `run_kiosk.py demo`: emulated devices on this machine.
[site]
name = "岳口镇便民服务中心（示例）"
township = "岳口镇"
hours = "以门口公示为准"
[terminal]
id = "demo"
name = "演示终端"
[platform]
url = {text(places["platform"])}
[storage]
data_folder = {text(str(demo.terminal))}
[face]
fullscreen = {str(demo.fullscreen).lower()}
zoom = {demo.zoom}
max_fps = {demo.max_fps}
fonts_folder = {text(str(demo.fonts))}
[voice]
sound_device = "{"default" if has_sound_card() else "null"}"
[devices.id_card]
driver = "sdt"
url = {text(places["id_card"])}
[devices.document_camera]
driver = "opencv"
url = {text(places["document_camera"])}
[devices.receipt_printer]
driver = "escpos"
url = {text(places["receipt_printer"])}
font_file = {text(str(demo.fonts / "NotoSansSC-Regular.otf"))}
fallback_font_file = {text(str(demo.fonts / "BabelStoneHan.ttf"))}
[devices.evaluator]
driver = "neutral_evaluator"
url = {text(places["evaluator"])}
[devices.keypad]
driver = "input_keypad"
url = {text(places["keypad"])}
debounce_s = 0
"""


def run(asked: argparse.Namespace) -> int:
    """The verb."""
    demo = Demo(asked.out, RealClock())
    try:
        if asked.headless:
            xvfb()  # before anything is made or started
        demo.prepare()
    except (NotOurs, NoScreen) as error:
        complain(str(error))
        return BAD_INPUT
    if not asked.headless and not os.environ.get("DISPLAY"):
        complain("there is no display: use --headless")
        return BAD_INPUT
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the processes are ended
    if asked.keys:
        demo.zoom, demo.max_fps = _KEYS_ZOOM, _KEYS_FPS
    if not asked.headless:
        demo.zoom = zoom_for(screen_height(os.environ.get("DISPLAY", "")))
    with demo.processes:
        demo.start_backend()
        demo.enrol()
        demo.start_cabinet()
        if asked.offline:
            demo.processes.end("backend")
        demo.start_uploader()
        return (
            _headless(demo, asked.offline, asked.keys) if asked.headless else _on_display(demo, asked.offline)
        )


def _headless(demo: Demo, offline: bool, keys: bool = False) -> int:
    begun = demo.clock.instant()
    with ExitStack() as stack:
        screen = stack.enter_context(
            VirtualScreen(round(_KIOSK_WIDTH * demo.zoom), round(_KIOSK_HEIGHT * demo.zoom))
        )
        probe = demo.terminal / "probe"
        demo.processes.start(
            "face",
            *("-m", "tools.demo.face", "--config", str(demo.config), "--probe", os.path.relpath(probe, ROOT)),
            DISPLAY=screen.name,
            LIBGL_ALWAYS_SOFTWARE="1",
            KIOSK_FAILSAFE="raise",
        )
        demo.processes.until_there(probe, "face")
        sight = (KeySight if keys else Sight)(Path(os.path.relpath(probe)))
        stack.callback(sight.close)
        pointer = Pointer(screen.name, demo.clock)
        stack.callback(pointer.close)
        pictures = demo.out / "screens"
        walker = (
            KeyWalker(sight, pointer, demo.clock, pictures, lambda names: demo.device("keypad", press=names))
            if keys
            else Walker(sight, pointer, demo.clock, pictures)
        )
        visit = Visit(walker, demo.device, demo.clock, situations=STORY.situations, typed=STORY.typed)
        ledger = Ledger(demo)
        visit.until_receipt()
        ledger.receipt_is_out()
        if offline:
            demo.start_backend()
        visit.after_receipt()
        demo.processes.end("face")
    ledger.until_delivered()
    summary = ledger.summary(walker.screens, demo.clock.instant() - begun)
    (demo.out / "summary.json").write_text(
        json.dumps(summary, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    say(json.dumps(summary, ensure_ascii=False))
    return 0


def _on_display(demo: Demo, offline: bool) -> int:
    """The kiosk and its control panel; ends when the kiosk's window closes."""
    demo.processes.start("face", "run_kiosk.py", "run", "--config", str(demo.config))
    demo.processes.start(
        "panel",
        *("-m", "tools.demo.panel", "--control", str(demo.places["control"]), "--fonts", str(demo.fonts)),
    )
    if offline:
        say("the backend is down; it comes up when the kiosk's window closes")
    else:
        token = demo.backend / "keys" / "operator.token"
        say(f"to play the departments: {demo.backend_url}/cases, any name, the password is in {token}")
    code = demo.processes.wait("face")
    if offline:
        demo.start_backend()
        Ledger(demo).until_delivered()
    return code


def zoom_for(height: int) -> float:
    """How large the kiosk is drawn on a screen of so many pixels: whole where it fits, else with a little room."""
    return (
        1.0 if height == 0 or height >= _KIOSK_HEIGHT else max(0.25, round(0.92 * height / _KIOSK_HEIGHT, 2))
    )


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
