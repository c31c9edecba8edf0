"""A notice that was set leaves nothing of its typeface: 30 MB each would be left for Python to find some day."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from kiosk.capture.watermark import FONTS
from kiosk.notice_pdf import sheet_pdf
from kiosk.stage import Sheet


@pytest.fixture
def undisturbed() -> Iterator[None]:
    """Python looks for no rubbish by itself meanwhile."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("undisturbed")
def test_nothing_of_the_typeface_is_left() -> None:
    fonts = (Path("build/fonts/NotoSansSC-Regular.otf"), *FONTS)
    before = _typefaces()
    assert sheet_pdf(Sheet("居住证办理", ("带齐材料",)), fonts).startswith(b"%PDF-")
    assert _typefaces() == before


def _typefaces() -> int:
    return sum(type(one) is TTFont for one in gc.get_objects())
