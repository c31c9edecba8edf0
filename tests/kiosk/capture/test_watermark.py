"""The mark darkens paper and nothing else: it is seen where the page is empty, and print stays as it was."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from devices.receipt_printer.glyphs import MissingFont
from kiosk.capture.leaf import Drawn
from kiosk.capture.watermark import free_paper, watermarked
from tests.kiosk.capture.bound_pages import FONTS, INK, MARK, PAPER, bind_marked, page_of, printed, stored

LEAST_SEEN = (
    0.10  # Weber contrast of the mark on empty paper: what an ageing eye sees without looking for it is 0.05
)
INK_CHANGES = 0  # levels, before JPEG
INK_CHANGES_STORED = 6  # levels, mean over the print, in the stored JPEG against the JPEG that she saw


@pytest.fixture(scope="module")
def print_page() -> Drawn:
    return printed(2480, 1754, 24)


@pytest.fixture(scope="module")
def marked(print_page: Drawn) -> Drawn:
    return watermarked(print_page, MARK, 300, FONTS)


def test_print_is_not_changed_by_a_bit(print_page: Drawn, marked: Drawn) -> None:
    near = cv2.dilate((print_page[..., 1] < 190).astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    assert near.sum() > 100_000
    change = cv2.absdiff(print_page, marked)[near]
    assert int(change.max()) == INK_CHANGES


def test_it_is_seen_where_the_page_is_empty(print_page: Drawn, marked: Drawn) -> None:
    empty = slice(1200, 1700)
    darker = print_page[empty].astype(int) - marked[empty]
    drawn = darker[..., 1] >= 30
    assert drawn.mean() > 0.015
    contrast = darker[..., 1][drawn].mean() / PAPER
    assert contrast >= LEAST_SEEN
    assert contrast < 0.2  # and nobody takes it for print: a threshold at half of the paper's white loses it
    assert int(marked[empty].min()) > (PAPER + INK) / 2


def test_it_only_darkens(print_page: Drawn, marked: Drawn) -> None:
    assert not (marked > print_page).any()


def test_it_reads_as_written_in_an_empty_place() -> None:
    """A line that is whole: turned level again, it matches the line that was to be drawn."""
    from kiosk.capture import watermark

    blank = np.full((1754, 2480, 3), PAPER, np.uint8)
    darker = PAPER - watermarked(blank, MARK, 300, FONTS)[..., 1]
    turn = cv2.getRotationMatrix2D((1240.0, 877.0), -30.0, 1.0)
    level = cv2.warpAffine(darker, turn, (2480, 1754))
    line = vars(watermark)["_line"](MARK, FONTS)
    found = cv2.matchTemplate(level, line // 8, cv2.TM_CCOEFF_NORMED)
    assert found.max() > 0.85
    assert (found > 0.8).sum() >= 2  # more than one repetition on half of a sheet


def test_pictures_and_dark_pages_are_left_alone() -> None:
    sheet = np.full((1200, 1200, 3), 245, np.uint8)
    sheet[100:700, 100:700] = (90, 120, 150)  # a photograph's tone
    marked = watermarked(sheet, MARK, 300, FONTS)
    assert (marked[100:700, 100:700] == sheet[100:700, 100:700]).all()
    assert (marked != sheet).any()
    dark = np.full((600, 600, 3), 80, np.uint8)
    assert (watermarked(dark, MARK, 300, FONTS) == dark).all()


@pytest.mark.parametrize("paper", [(246, 246, 246), (200, 225, 240), (170, 190, 180), (150, 160, 200)])
def test_coloured_and_grey_paper_is_paper(paper: tuple[int, int, int]) -> None:
    sheet = np.full((1000, 1000, 3), paper, np.uint8)
    assert free_paper(sheet, 300).min() == 255
    marked = watermarked(sheet, MARK, 300, FONTS)
    assert (marked != sheet).any(axis=2).mean() > 0.01


def test_uneven_light_is_not_ink() -> None:
    across = np.linspace(0.75, 1.0, 1400)
    sheet = np.repeat((PAPER * across)[None, :, None], 1000, axis=0)
    sheet = np.repeat(sheet, 3, axis=2).astype(np.uint8)
    free = free_paper(sheet, 300)
    assert (free > 0).mean() > 0.95


def test_faint_print_and_red_seals_are_ink() -> None:
    sheet = np.full((800, 800, 3), PAPER, np.uint8)
    cv2.putText(sheet, "PENCIL", (50, 200), cv2.FONT_HERSHEY_SIMPLEX, 4.0, (180, 180, 180), 4)
    cv2.circle(sheet, (400, 500), 200, (90, 90, 220), 8)  # a seal, BGR
    free = free_paper(sheet, 300)
    drawn = (sheet[..., 1] < 185).astype(bool)
    assert drawn.sum() > 5_000
    assert not free[drawn].any()


def test_grey_pages_stay_grey() -> None:
    sheet = printed(800, 800, 6, planes=1)
    marked = watermarked(sheet, MARK, 300, FONTS)
    assert marked.shape == sheet.shape
    assert (marked < sheet).any()


def test_what_is_stored_reads_as_what_she_saw(print_page: Drawn) -> None:
    page = page_of(print_page)
    ((jpeg, _, kept),) = stored(bind_marked([page]))
    assert jpeg != page.jpeg
    seen = cv2.imdecode(np.frombuffer(page.jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert seen is not None
    ink = seen[..., 1] < 120
    assert np.abs(seen.astype(int) - kept)[ink].mean() < INK_CHANGES_STORED
    assert abs(float(seen[ink].mean()) - float(kept[ink].mean())) < 1.0


def test_no_typeface_is_said(tmp_path: Path) -> None:
    with pytest.raises(MissingFont):
        watermarked(np.full((100, 100, 3), 255, np.uint8), "仅供", 300, (tmp_path / "none.otf",))
