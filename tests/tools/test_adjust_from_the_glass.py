"""Single acts of setting up from the technician's glass: the wizard's own engine, on emulated camera and printer."""

import json
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from config.history import History
from devices.emulators.ipp import IppEmulator
from devices.emulators.opencv import CameraEmulator
from ground.clock import RealClock
from ground.logbook import Event
from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.renewal import Reason
from kiosk.setup.events import Pointed, Saw
from kiosk.setup.system import TOUCH_FILE, touch_files, touch_matrix
from kiosk.setup.touch import TARGETS
from kiosk.setup.views import SetupTouch, SetupWork
from kiosk.tending import events as te
from tests.tools.tending_hall import Hall
from tools.cli import ROOT

#: width of desk in the emulated picture: `devices/emulators/desk.py`
DESK_MM = 467.0
FONTS = ROOT / "build" / "fonts"


class Room:
    """A hall with a document camera and an A4 printer."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        clock = RealClock()
        self.camera, self.printer = CameraEmulator(clock), IppEmulator(clock)
        for device in (self.camera, self.printer):
            device.start()
            stack.callback(device.close)
        more = f"""[voice]
engine = "espeak"
speaks = false
[face]
fonts_folder = "{FONTS}"
[devices.document_camera]
driver = "opencv"
url = "{self.camera.url}"
still_size = [2104, 1560]
[devices.page_printer]
driver = "ipp"
url = "{self.printer.url}"
"""
        self.hall = Hall(folder, more)
        stack.callback(self.hall.terminal.end)

    def begin(self, act: str) -> Any:
        self.hall.come_in("07")
        self.hall.page("adjust")
        self.hall.do(te.Choose(act))
        return self.hall.until(lambda view: not isinstance(view, views.TendingList))

    def work(self, step: str, state: str) -> Any:
        return self.hall.until(
            lambda view: isinstance(view, SetupWork) and (view.step, view.state) == (step, state)
        )

    def settled(self) -> Any:
        """What changes is shown, agreed to, and written."""
        self.work("settle", "ready")
        self.hall.do(ev.Continue())
        asking = self.work("settle", "asking")
        self.hall.do(Saw(True))
        done = self.work("settle", "done")
        assert set(asking.told) < set(done.told)
        self.hall.do(ev.Continue())
        self.hall.until(lambda view: isinstance(view, views.TendingList) and not view.loading)
        return asking

    def written(self) -> dict[str, Any]:
        return tomllib.loads(self.hall.file.read_text(encoding="utf-8"))


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with ExitStack() as stack:
        yield Room(tmp_path, stack)


def test_print_margins_from_the_ruled_page_to_a_new_version_and_back(room: Room) -> None:
    hall, before = room.hall, room.hall.file.read_text(encoding="utf-8")
    assert room.begin("margins").step == "page"
    hall.do(ev.Continue())
    room.work("page", "asking")
    (job,) = room.printer.jobs
    assert job.sheets == 1, "the ruled page came out of the printer"
    hall.do(Saw(True))
    form = hall.until(lambda view: isinstance(view, views.SetupForm))
    assert {one.field.name: one.value for one in form.asked} == dict.fromkeys(
        (f"margins.{side}" for side in ("left", "top", "right", "bottom")), "20"
    )
    hall.do(ev.Fill("margins.left", "15"), ev.Continue())
    shrunk = hall.until(lambda view: view.show_problems)
    assert [one.problem for one in shrunk.asked if one.problem] == ["setup.problem.W119"]
    hall.do(ev.Fill("margins.left", "19.5"), ev.Fill("margins.right", "20.5"), ev.Continue())
    asking = room.settled()
    assert "+ shift_right_mm = 0.5" in asking.told
    assert room.written()["paper"] == {"shift_right_mm": 0.5, "shift_down_mm": 0.0}
    versions = History(hall.file).versions()
    assert [(one.who, one.why) for one in versions] == [
        ("by_hand", "by_hand"),
        ("technician 07", "setup"),
    ]
    (changed,) = hall.logged(Event.SETTINGS_CHANGED)
    assert changed == {"of": "margins", "version": "2", "person": "07", "role": "technician"}
    _rolled_back(room, before)


def _rolled_back(room: Room, before: str) -> None:
    hall = room.hall
    hall.do(te.Choose("rollback"))
    room.work("rollback", "ready")
    hall.do(ev.Continue())
    room.work("rollback", "asking")
    hall.do(Saw(False))
    assert room.work("rollback", "failed").told[-1].startswith("W125")
    assert room.written()["paper"]["shift_right_mm"] == 0.5
    hall.do(ev.TryAgain())
    room.work("rollback", "asking")
    hall.do(Saw(True))
    room.work("rollback", "done")
    assert hall.file.read_text(encoding="utf-8") == before
    hall.do(ev.Continue(), te.Quit())
    assert hall.terminal.renewal._seen.wanted == [Reason.SETTINGS, Reason.SETTINGS]


def test_the_camera_is_measured_with_an_a4_sheet(room: Room) -> None:
    hall = room.hall
    room.camera.sheet = "lease-1"
    room.begin("camera")
    hall.do(ev.Continue())
    done = room.work("camera", "done")
    assert "dpi" in done.told[-1]
    (kept,) = json.loads((hall.data / "calibration.json").read_text(encoding="utf-8"))
    assert kept["px_per_mm"] == pytest.approx(kept["resolution"][0] / DESK_MM, rel=0.02)
    hall.do(ev.Continue())
    assert hall.until(lambda view: getattr(view, "page", "") == "adjust")
    assert hall.logged(Event.SETTINGS_CHANGED) == [], "terminal.toml has nothing to do with it"


def test_the_sound_level_is_what_it_was_until_it_is_written(room: Room) -> None:
    hall = room.hall
    form = room.begin("sound")
    assert [one.value for one in form.asked] == [str(hall.config.voice.volume)]
    hall.do(ev.Fill("sound.volume", "0"), ev.Continue())
    assert "+ volume = 0" in room.settled().told
    assert room.written()["voice"]["volume"] == 0
    page = hall.until(lambda view: isinstance(view, views.TendingList) and not view.loading)
    assert "0" in {line.key: line.note for line in page.lines}["sound"]


def test_five_crosses_make_the_matrix_and_say_what_root_has_to_do(room: Room) -> None:
    hall = room.hall
    view = room.begin("touch")
    assert isinstance(view, SetupTouch) and not view.may_skip
    hall.do(*(Pointed(x + 0.01, y) for x, y in TARGETS))
    done = room.work("touch", "done")
    assert any("settle-system.sh" in line for line in done.told)
    matrix = touch_matrix((hall.data / "setup" / "system" / TOUCH_FILE).read_text(encoding="utf-8"))
    assert matrix == pytest.approx((1.0, 0.0, -0.01, 0.0, 1.0, 0.0), abs=1e-4)
    assert touch_matrix(touch_files(matrix)[TOUCH_FILE]) == matrix
    assert touch_matrix("# by hand") == (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


def test_whoever_leaves_while_the_printer_works_leaves_nothing_behind(room: Room) -> None:
    hall = room.hall
    room.printer.paper = 0
    before = hall.file.read_text(encoding="utf-8")
    room.begin("margins")
    hall.do(ev.Continue())
    room.work("page", "working")
    hall.do(te.Quit())
    hall.until(lambda view: isinstance(view, views.Idle))
    hall.until(lambda _: hall.terminal.workers.page_printer._life.thing is not None)  # type: ignore[union-attr]
    assert hall.file.read_text(encoding="utf-8") == before


def test_back_from_the_first_step_is_the_list_again(room: Room) -> None:
    room.begin("sound")
    room.hall.do(ev.Back())
    assert room.hall.until(lambda view: getattr(view, "page", "") == "adjust")
