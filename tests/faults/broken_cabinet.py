"""A terminal of real workers, drivers and threads on emulated devices, and ways to break each of them.

What the devices do not do, the world in memory does (`tests.journeys.walked_world`), so that a visit stands where a
fault is to be met within milliseconds.
"""

import shutil
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pyrage
from PIL import Image

from config.schema import TerminalConfig
from devices.emulators.escpos import EscposEmulator
from devices.emulators.neutral_evaluator import NeutralEvaluatorEmulator
from devices.emulators.nut import NutEmulator
from devices.emulators.opencv import CameraEmulator
from devices.emulators.sane import ScannerEmulator
from devices.emulators.sdt import SdtEmulator
from devices.rig import register_emulators
from ground.clock import RealClock
from ground.logbook import MemoryLogbook
from kiosk.catalogue.load import Catalogue
from kiosk.device_stage import DeviceStage
from kiosk.health import Health
from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.journey.delays import DEFAULTS
from kiosk.journey.views import Scene
from kiosk.preview import PreviewSlot
from kiosk.words import Spoken
from offline_cache.items import LinkState
from tests.journeys.walked_world import PERSON, STROKES, MemoryStage, World
from tools.assemble import build_workers, open_outbox, surroundings_of
from tools.unattended import power_watch

CLOCK = RealClock()
LONG_S = 30.0  # for a slow, busy machine
_LOOK_S = 0.02
_QUEUE = 4  #: calls that fill the queue of a listener that takes none
_ANSWERS = {
    "500": (500, "application/json", b"{}"),
    "401": (401, "application/json", b'{"detail": {"code": "B401"}}'),
    "html": (200, "text/html", b"<html>log in</html>"),
    "half": (200, "application/json", b'{"cases": ['),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A line of table.toml."""

    name: str
    stand: str
    device: str
    shows: str
    sentence: str
    tree: str
    plug: bool = True
    before: bool = False  #: it was so when the terminal started
    knobs: Mapping[str, Any] = field(default_factory=dict)


class HalfRealStage(MemoryStage):
    """What is named in `live` is done by the devices; all else is noted, for the test to answer."""

    def __init__(self) -> None:
        super().__init__()
        self.live: set[str] = set()
        self.real: DeviceStage | None = None


def _both(verb: str) -> Callable[..., None]:
    noted = getattr(MemoryStage, verb)

    def both(stage: HalfRealStage, *arguments: Any, **named: Any) -> None:
        noted(stage, *arguments, **named)
        if verb in stage.live:
            getattr(stage.real, verb)(*arguments, **named)

    return both


for _verb in (
    *("watch_card", "stop_card", "watch_sheet", "take_page", "stop_camera"),
    *("scan_pages", "print_slip", "ask_rating", "cancel_rating", "ask_cases", "seal"),
):
    setattr(HalfRealStage, _verb, _both(_verb))


class Asked(BaseHTTPRequestHandler):
    """A platform that is out of order in one way."""

    answers = "500"
    over: threading.Event

    def do_GET(self) -> None:
        if self.answers == "silence":
            self.over.wait(LONG_S)
            return
        status, kind, body = _ANSWERS[self.answers]
        self.send_response(status)
        self.send_header("Content-Type", kind)
        cut = self.answers == "half"
        self.send_header("Content-Length", str(len(body) + cut))
        self.end_headers()
        self.wfile.write(body)
        if cut:
            self.over.wait(LONG_S)

    do_POST = do_GET

    def log_message(self, *_: object) -> None:
        """Nothing to be printed."""


class BrokenCabinet:
    """One terminal, one fault, one stand."""

    def __init__(self, fault: Fault, folder: Path, catalogue: Catalogue, words: Spoken) -> None:
        self.fault = fault
        self.broken_at = 0.0  #: instant
        self.reader, self.printer = SdtEmulator(CLOCK), EscposEmulator(CLOCK)
        self.keypad, self.supply = NeutralEvaluatorEmulator(CLOCK), NutEmulator(CLOCK)
        self.camera, self.scanner = CameraEmulator(CLOCK), ScannerEmulator(CLOCK)
        self.reader.read_s, self.printer.speed_mm_s = 0.02, 0.0
        self.rigs = register_emulators(
            {"reader": self.reader, "printer": self.printer, "keypad": self.keypad, "supply": self.supply}
        )
        self._over: list[Callable[[], Any]] = []
        self.config = self._configuration(folder)
        self.health = Health(CLOCK)
        self.power = power_watch(self.config, CLOCK, MemoryLogbook())
        self.workers = build_workers(
            self.config, words.ours, CLOCK, self.health, MemoryLogbook(), None, self.power
        )
        self.stage = HalfRealStage()
        self.world = World(catalogue, words, self.stage)
        post = self.world.conductor.post
        self.stage.real = DeviceStage(self.workers, post, PreviewSlot(), countdown_s=0.5)
        self._around = surroundings_of(self.config, self.health, power=self.power)

    # --- what it is made of ---

    def _configuration(self, folder: Path) -> TerminalConfig:
        device, knobs = self.fault.device, self.fault.knobs
        if device == "disk" and knobs.get("spoilt"):
            folder.joinpath("spool").write_text("where a folder should be")
        identity = str(pyrage.x25519.Identity.generate().to_public())
        devices: dict[str, Any] = {
            "id_card": {"driver": "sdt", "url": self.rigs["reader"].url, "answer_timeout_s": 0.5},
            "receipt_printer": {"driver": "escpos", "url": self.rigs["printer"].url, "timeout_s": 0.5},
            "evaluator": {"driver": "neutral_evaluator", "url": self.rigs["keypad"].url},
            "ups": {"driver": "nut", "url": self.rigs["supply"].url},
        }
        if device == "document_camera":
            self.camera.sheet = "lease-1"
            self.camera.start()
            self._over.append(self.camera.close)
        camera_s = 1.0 if knobs.get("mute") else 10.0  # a still of a busy machine takes more than a second
        url = self.camera.url if device == "document_camera" else f"folder:{_sheets(folder)}"
        devices["document_camera"] = {"driver": "opencv", "url": url, "timeout_s": camera_s, **_SIZES}
        if device == "document_scanner":
            self.scanner.start()
            self._over.append(self.scanner.close)
            devices["document_scanner"] = {
                "driver": "sane",
                "url": self.scanner.url,
                "sane_config_dir": self.scanner.sane_config_dir,
            }
        patience_s = 30.0 if knobs.get("answers") in ("silence", "half", "hole") else 0.5
        config = TerminalConfig.model_validate(
            {
                "site": {"name": "示例"},
                "terminal": {"id": "faults", "name": "faults"},
                "platform": {
                    "url": self._platform(),
                    "recipients": [identity] if knobs.get("recipients", True) else [],
                    "token": "a-token",
                    "reply_timeout_s": patience_s,
                    "read_timeout_s": patience_s,
                    "connect_timeout_s": max(5.0, patience_s),
                },
                "storage": {"data_folder": folder, "biggest_case_mb": 1},
                "devices": devices,
                "power": {"down_command": []},
            }
        )
        if "biggest_case_mb" not in knobs:
            return config
        # more than any disk has room for, and than a technician may ask for
        storage = config.storage.model_copy(update={"biggest_case_mb": knobs["biggest_case_mb"]})
        return config.model_copy(update={"storage": storage})

    def _platform(self) -> str:
        answers = self.fault.knobs.get("answers", "nobody")
        if answers == "nobody":
            return "http://127.0.0.1:9"
        if answers == "hole":
            return self._hole()
        over = threading.Event()
        kind = type("Handler", (Asked,), {"answers": answers, "over": over})
        server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        self._over += [over.set, server.shutdown, serving.join, server.server_close]
        return f"http://127.0.0.1:{server.server_port}"

    def _hole(self) -> str:
        """An address where nothing answers, as behind a cut line: not even a refusal comes back."""
        door = socket.create_server(("127.0.0.1", 0), backlog=0)
        waiting = [socket.socket() for _ in range(_QUEUE)]
        for guest in waiting:
            guest.setblocking(False)
            guest.connect_ex(door.getsockname())
        self._over += [door.close, *(guest.close for guest in waiting)]
        return f"http://127.0.0.1:{door.getsockname()[1]}"

    def begin(self) -> None:
        """Start what the fault concerns, and wait until it works as it should."""
        wanted = {*_STARTED[self.fault.stand], self.fault.device} & {w.name for w in self.workers.all()}
        for worker in self.workers.all():
            if worker.name in wanted:
                worker.begin()
        if self.fault.device not in ("disk", "platform") and not self.fault.before:
            self.until(lambda _: all(self.health.ok(name) for name in wanted - {"pages", "platform"}))

    def end(self) -> None:
        """Let go of everything."""
        for worker in self.workers.all():
            worker.ending()
        for over in self._over:
            over()
        for worker in self.workers.all():
            worker.end()

    # --- what happens ---

    def breaks(self) -> None:
        """The fault."""
        self.broken_at = CLOCK.instant()
        fault, knobs = self.fault, dict(self.fault.knobs)
        if fault.device == "link":
            outbox = open_outbox(self.config, CLOCK)
            outbox.note_link(LinkState.DOWN, knobs["code"])
            outbox.close()
            return
        if "spoilt_later" in knobs:
            spool = self.config.storage.data_folder / "spool"
            shutil.rmtree(spool)
            spool.write_text("where a folder was")
            return
        emulator = _EMULATORS.get(fault.device)
        if emulator is None:
            return
        again = knobs.pop("plug_again", False)
        thing: Any = getattr(self, emulator[0])
        for knob, value in knobs.items():
            assert knob in thing.knobs
            setattr(thing, knob, value)
        if not fault.plug or again:
            plug = self.rigs[emulator[1]] if emulator[1] else thing
            plug.unplug()
            if again:
                plug.replug()

    def mends(self) -> None:
        """What was pulled out is put back."""
        name, rig = _EMULATORS[self.fault.device]
        thing: Any = self.rigs[rig] if rig else getattr(self, name)
        thing.replug()

    def until(self, there: Callable[[Scene], bool]) -> Scene:
        """Pump until the scene is as wanted. Raises `AssertionError` with what it shows instead."""
        limit, seen_at = CLOCK.after(LONG_S), CLOCK.instant()
        while True:
            if self.fault.stand == "progress":  # where it is the journey that loses patience
                seen_at, passed_s = CLOCK.instant(), CLOCK.instant() - seen_at
                self.world.clock.turn(passed_s)
            around = self._around()
            if self.fault.stand not in (
                "idle",
                "home",
                "notice",
            ):  # the visit met the fault, not the idle screen
                online = around.online or self.fault.stand == "progress"  # as the uploader found it before
                around = replace(around, faults={}, out_of_service="", online=online)
            self.world.around = around
            self.power.see(self.world.journey.state)
            scene = self.world.scene
            if there(scene):
                return scene
            assert not CLOCK.due(limit), (told_by(scene), self.health.all())
            CLOCK.wait(_LOOK_S)

    def met(self) -> Scene:
        """Go to the stand, let it break, and see it said."""
        if self.fault.before:
            self.breaks()
        self.begin()
        broken_before = self.fault.stand in ("done", "evaluate", "notice")
        if broken_before:
            self.breaks()
        if self.fault.stand == "notice":
            self.until(lambda _: bool(self._around().faults.keys() & {"document_camera", "storage"}))
        _STANDS[self.fault.stand](self)
        if self.fault.stand == "progress":
            self.world.answer(ev.CardRead(self.stage.ticket, PERSON))
        if not broken_before:
            self.breaks()
        if self.fault.stand in _TOUCHED:
            self.world.do(*_TOUCHED[self.fault.stand])
        if self.fault.knobs.get("answers") == "silence":
            self.world.turn(DEFAULTS.ask_wait_s)
        return self.until(lambda scene: self.fault.shows in told_by(scene))


def told_by(scene: Scene) -> set[str]:
    """All that the scene says of what is wrong."""
    view, found = scene.view, set[str]()
    for name in ("trouble", "receipt_trouble", "reason", "blocked", "code"):
        found.add(getattr(view, name, ""))
    found |= set(getattr(view, "limits", ()))
    found |= {name for name in ("offline", "on_battery") if getattr(scene.chrome, name)}
    if isinstance(view, views.Evaluate) and not view.keypad:
        found.add("no_keypad")
    return found - {""}


def _sheets(folder: Path) -> Path:
    """A folder with one small picture, which is all the camera there is."""
    sheets = folder / "sheets"
    sheets.mkdir()
    Image.new("RGB", (640, 480), "white").save(sheets / "1.png")
    return sheets


_SIZES = {"preview_size": (640, 480), "still_size": (1600, 1200), "warm_up_frames": 3}
#: slot → (attribute of the cabinet, its rig)
_EMULATORS = {
    "id_card": ("reader", "reader"),
    "receipt_printer": ("printer", "printer"),
    "evaluator": ("keypad", "keypad"),
    "ups": ("supply", "supply"),
    "document_camera": ("camera", ""),
    "document_scanner": ("scanner", ""),
}
_STARTED: dict[str, tuple[str, ...]] = {
    "idle": ("outbox",),
    "home": ("outbox",),
    "notice": ("outbox", "id_card"),
    "card": (),
    "capture": ("pages",),
    "picture": ("pages",),
    "scan": ("pages",),
    "done": (),
    "evaluate": (),
    "progress": ("platform",),
    "hand_in": ("outbox",),
}


def _live(*verbs: str) -> Callable[[BrokenCabinet], None]:
    def go(cabinet: BrokenCabinet) -> None:
        cabinet.stage.live = set(verbs)

    return go


def _to(way: Callable[[World], Any], *verbs: str) -> Callable[[BrokenCabinet], None]:
    def go(cabinet: BrokenCabinet) -> None:
        cabinet.stage.live = set(verbs)
        way(cabinet.world)

    return go


_STANDS: dict[str, Callable[[BrokenCabinet], None]] = {
    "idle": _live(),
    "home": _to(lambda world: world.do(ev.Start())),
    "notice": _to(lambda world: world.do(ev.Start(), ev.ChooseMatter("N02"))),
    "card": _to(World.to_card, "watch_card", "stop_card"),
    "capture": _to(World.to_capture, "watch_sheet", "stop_camera"),
    "picture": _to(World.to_capture, "watch_sheet", "stop_camera", "take_page"),
    "scan": _to(World.to_capture, "scan_pages"),
    "done": _to(World.to_done, "print_slip"),
    "evaluate": _to(lambda world: world.at("evaluate"), "ask_rating"),
    "progress": _to(lambda world: world.at("own_card"), "ask_cases"),
    "hand_in": _to(World.to_review, "seal"),
}
_TOUCHED: dict[str, tuple[ev.CitizenEvent, ...]] = {
    "picture": (ev.TakePicture(),),
    "scan": (ev.Scan(),),
    "hand_in": (ev.Continue(), ev.Sign(STROKES)),
}
