"""`kill -9` of a face while a citizen fills in her form: the next one finds it idle, and nothing of her anywhere."""

import os
import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from config.load import load_config
from devices.emulators.sample_cards import WANG_XIAOMING
from ground.clock import RealClock
from kiosk.case_desk import CaseDesk
from kiosk.health import Health
from offline_cache.outbox import Outbox
from tests.system.cases import invented_case
from tests.system.commands import end
from tests.system.personal import bare_pages, files_below, traces
from tools.assemble import open_outbox
from tools.demo.demo import Demo
from tools.demo.probe import Sight
from tools.demo.story import STORY
from tools.demo.walk import Visit, Walker
from tools.demo.xserver import Pointer, VirtualScreen
from tools.release.mark import read_mark
from tools.settings import with_credentials

_SAME = (
    0.03  # part of the points that may differ: the idle screen wanders a little, and its network sign changes
)

_PAGES = (0.33, 0.65)  #: where the idle screen's pages lie, as shares of its height from above


class Face:
    """A real face on a virtual screen, with eyes and a finger."""

    def __init__(self, demo: Demo, screen: VirtualScreen, pictures: Path) -> None:
        pictures.mkdir()
        self._probe = demo.terminal / "probe"
        self._probe.unlink(missing_ok=True)  # a killed face leaves its socket
        self.process = demo.processes.start(
            "face",
            *("-m", "tools.demo.face", "--config", str(demo.config), "--probe", os.path.relpath(self._probe)),
            DISPLAY=screen.name,
            LIBGL_ALWAYS_SOFTWARE="1",
            KIOSK_FAILSAFE="raise",
        )
        demo.processes.until_there(self._probe, "face")
        self.sight = Sight(Path(os.path.relpath(self._probe)))
        self.pointer = Pointer(screen.name, demo.clock)
        self.walk = Walker(self.sight, self.pointer, demo.clock, pictures)

    def close(self) -> None:
        """Look away, let go."""
        self.sight.close()
        self.pointer.close()


@contextmanager
def face_of(demo: Demo, screen: VirtualScreen, pictures: Path) -> Iterator[Face]:
    """A face that was started; how it ends is the test's affair."""
    face = Face(demo, screen, pictures)
    try:
        yield face
    finally:
        face.close()


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """Backend and cabinet up, the link cut, no face yet."""
    demo = Demo(tmp_path / "out", RealClock())
    demo.prepare()
    with demo.processes:
        demo.start_backend()
        demo.enrol()
        demo.start_cabinet()
        demo.device("link", up=False)
        yield demo


def test_the_next_face_is_idle_and_the_outbox_is_unharmed(demo: Demo, tmp_path: Path) -> None:
    outbox = open_outbox(with_credentials(load_config(demo.config, None, {})), demo.clock)
    waiting = invented_case(random.Random(1))
    local_number = CaseDesk(outbox, Health(demo.clock), "sample").hand_in(waiting)
    try:
        with VirtualScreen() as screen:
            with face_of(demo, screen, tmp_path / "before") as face:
                _walk_to_the_form(demo, face.walk)
                assert end(face.process, signal.SIGKILL) == -signal.SIGKILL
                demo.processes.end("face")
            with face_of(demo, screen, tmp_path / "after") as face:
                face.walk.see("idle")
                mark = read_mark(demo.terminal / "face.mark")  # what the guard of releases goes by
                assert mark is not None and (mark.alive, mark.at_work, len(mark.unplanned)) == (True, True, 1)
                _assert_nothing_of_her_is_shown(face, tmp_path)
                _assert_she_can_go_on(demo, face.walk)
                demo.processes.end("face")
        _assert_unharmed(outbox, waiting.case_id, local_number)
    finally:
        outbox.close()
    _assert_nothing_of_her_is_left(demo)


def _walk_to_the_form(demo: Demo, walk: Walker) -> None:
    Visit(walk, demo.device, demo.clock, situations=STORY.situations, typed=STORY.typed).until_form()
    walk.see("form")
    walk.tap("field.phone")
    for key in STORY.typed["phone"]:
        walk.tap(key)


def _assert_she_can_go_on(demo: Demo, walk: Walker) -> None:
    """With the same card, and with it alone, she is where she was: her answers are there, what follows comes next."""
    visit = Visit(walk, demo.device, demo.clock, situations={}, typed={})
    visit.until_identified()
    walk.see("unfinished")
    walk.tap_until("action.continue", "unfinished")
    walk.see("overview")
    walk.tap_until("action.continue", "overview")
    walk.see("form")


def _assert_nothing_of_her_is_shown(face: Face, tmp_path: Path) -> None:
    told = str(face.walk.look())
    for secret in (WANG_XIAOMING.name, "王*", WANG_XIAOMING.number, WANG_XIAOMING.number[-4:]):
        assert secret not in told
    before, after = (_points(tmp_path / when / "01-idle.png") for when in ("before", "after"))
    assert np.mean(np.abs(before - after) > 48) < _SAME, (
        "the idle screen is not the one from before her visit"
    )
    form = _points(sorted((tmp_path / "before").glob("*-form.png"))[0])
    assert np.mean(np.abs(form - after) > 48) > _SAME, "a comparison that cannot fail says nothing"


def _points(path: Path) -> np.ndarray:
    """All but the part in which the idle screen turns its pages."""
    with Image.open(path) as picture:
        shades = np.asarray(picture.convert("L"), dtype=np.int16)
    upper, lower = (round(share * len(shades)) for share in _PAGES)
    return np.concatenate([shades[:upper], shades[lower:]])


def _assert_unharmed(outbox: Outbox, case_id: str, local_number: str) -> None:
    (record,) = outbox.list_cases()
    assert (record.case_id, record.local_number) == (case_id, local_number)
    assert outbox.status().waiting == 1
    assert outbox.verify() == []


def _assert_nothing_of_her_is_left(demo: Demo) -> None:
    secrets = (WANG_XIAOMING.name, WANG_XIAOMING.number, WANG_XIAOMING.address, "19900000001")
    files = [*files_below(demo.terminal), *sorted(demo.out.glob("*.stderr"))]
    assert traces(secrets, files) == []
    assert bare_pages(files) == []
