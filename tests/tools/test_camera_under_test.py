"""The camera's self-test on the glass: figures of light and sharpness, and only a self-test sheet is shown."""

import io
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pypdfium2
import pytest
from PIL import Image

from devices.emulators.opencv import CameraEmulator
from ground.clock import RealClock
from kiosk.capture.codes import glanced
from kiosk.journey import views
from kiosk.journey.events import Back
from kiosk.tending import events as te
from tests.tools.tending_hall import SILENT, Hall
from tools.technician.chores import SHEET_CODE
from tools.technician.chores import test_page as page_of_a_test


class Lamp:
    """A hall whose camera is tested by a technician."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.camera = CameraEmulator(RealClock())
        self.camera.start()
        stack.callback(self.camera.close)
        more = f'driver = "opencv"\nurl = "{self.camera.url}"\nstill_size = [2104, 1560]\n'
        self.hall = Hall(folder, f"{SILENT}[devices.document_camera]\n{more}")
        stack.callback(self.hall.terminal.end)
        self.hall.come_in("07")
        self.hall.page("tests")

    def test(self, sheet: str) -> Any:
        self.camera.sheet = sheet
        self.hall.do(te.Choose("document_camera"))
        asked = self.hall.until(lambda view: getattr(view, "state", "") in ("asking", "error"))
        assert asked.state == "asking", asked
        self.hall.do(te.Judge(True))
        self.hall.until(lambda view: view.state == "pass")
        return asked


@pytest.fixture
def lamp(tmp_path: Path) -> Iterator[Lamp]:
    with ExitStack() as stack:
        yield Lamp(tmp_path, stack)


def test_the_self_test_sheet_is_shown_and_anything_else_is_not(lamp: Lamp) -> None:
    asked = lamp.test("test-page")
    told = "\n".join(asked.told)
    assert "纸面亮度" in told and "像素" in told and "自检页" in told
    with Image.open(io.BytesIO(asked.picture)) as picture:
        assert 300 <= max(picture.size) <= 480, "a thumbnail"
    assert "JFIF" not in repr(asked)
    lamp.hall.do(Back())
    lamp.hall.until(lambda view: getattr(view, "page", "") == "tests" and not view.loading)
    other = lamp.test("lease-1")
    assert other.picture == b"" and "纸面亮度" in "\n".join(other.told)
    files = [path.read_bytes() for path in lamp.hall.data.rglob("*") if path.is_file()]
    assert not any(b"\xff\xd8\xff" in content for content in files), "no picture stays"


def test_the_printed_self_test_page_bears_the_code() -> None:
    document = pypdfium2.PdfDocument(page_of_a_test())
    try:
        pixels = np.asarray(document[0].render(scale=2).to_pil().convert("RGB"))
    finally:
        document.close()
    assert [code.text for code in glanced(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))] == [SHEET_CODE]


def test_a_view_of_a_test_never_prints_its_picture() -> None:
    view = views.DeviceTest("document_camera", (), "", "running", picture=b"\xff\xd8\xffsecret")
    assert "secret" not in repr(view)
