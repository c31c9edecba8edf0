"""A file from phone or stick becomes the page that the camera would have made, or a reason; never a bomb."""

import resource

import numpy as np
import pytest

from kiosk.capture.flatten import SheetSize
from kiosk.capture.judge import Verdict
from kiosk.capture.origin import Way
from kiosk.capture.page import Page
from kiosk.capture.still import Still, opened
from kiosk.capture.unreadable import Reason, Unreadable
from kiosk.intake.pages import flat_dpi, pages_of, thumbnail_of
from tests.kiosk.intake.brought_files import PAGE_OF_THE_WEB, PROGRAM, bomb, jpeg, pdf, photographed, printed


def made(data: bytes, size: SheetSize = SheetSize.A4, most: int = 10) -> list[Page]:
    return list(pages_of(data, size, Way.PHONE, most_pages=most))


def test_a_photograph_goes_the_way_of_the_camera() -> None:
    (page,) = made(jpeg(photographed()))
    assert page.corners is not None and Verdict.NO_SHEET not in page.verdicts
    assert page.size_mm == pytest.approx((210, 297), abs=1)
    assert page.origin is not None and page.origin.way is Way.PHONE


def test_a_flat_scan_goes_the_way_of_the_scanner() -> None:
    (page,) = made(jpeg(printed()))
    assert Verdict.NO_SHEET not in page.verdicts and Verdict.CUT_OFF not in page.verdicts
    assert page.size_mm == pytest.approx((210, 297), abs=3)


def test_pages_of_a_pdf_go_the_way_of_the_scanner() -> None:
    pages = made(pdf(2))
    assert len(pages) == 2
    assert all(Verdict.NO_SHEET not in page.verdicts for page in pages)
    assert pages[0].size_mm == pytest.approx((210, 297), abs=3)


def test_no_sheet_at_all_is_a_page_that_she_may_insist_on() -> None:
    blank = photographed()
    blank[:] = blank[:1, :1]
    (page,) = made(jpeg(blank))
    assert page.verdicts[0] is Verdict.NO_SHEET


def test_as_many_pages_as_there_is_room() -> None:
    with pytest.raises(Unreadable) as refused:
        made(pdf(3), most=2)
    assert refused.value.reason is Reason.TOO_MANY_PAGES


@pytest.mark.parametrize(
    ("shape", "size", "dpi"),
    [
        ((1754, 1240), SheetSize.A4, 150),
        ((1240, 1754), SheetSize.A4, 150),  # scanned lying
        ((3000, 4000), SheetSize.A4, None),  # a camera's 4:3
        ((2000, 3000), SheetSize.A4, None),  # 3:2
        ((1080, 1920), SheetSize.A4, None),  # 16:9
        ((297, 210), SheetSize.A4, None),  # a thumbnail of 25 dpi is no scan
        ((640, 1011), SheetSize.CARD, 300),
        ((1754, 1240), SheetSize.FREE, None),
    ],
)
def test_what_is_a_flat_scan(shape: tuple[int, int], size: SheetSize, dpi: int | None) -> None:
    found = flat_dpi(Still(np.zeros((*shape, 3), np.uint8)), size)
    assert found == dpi if dpi is None else found == pytest.approx(dpi, abs=2)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (bomb(), Reason.TOO_LARGE),
        (PROGRAM, Reason.NOT_A_PICTURE),
        (PAGE_OF_THE_WEB, Reason.NOT_A_PICTURE),
        (pdf(1, script="app.alert(1)"), Reason.ACTIVE),
        (jpeg(printed())[:4000], Reason.TRUNCATED),
        (b"", Reason.EMPTY),
    ],
    ids=["60,000 × 60,000", "program", "html", "pdf with a script", "cut", "empty"],
)
def test_what_means_harm_is_refused(data: bytes, reason: Reason) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for look in (lambda: made(data), lambda: [thumbnail_of(data)]):
        with pytest.raises(Unreadable) as refused:
            look()
        assert refused.value.reason is reason
    assert (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000
    )  # kilobytes; the bomb asks for 10 GB


def test_a_thumbnail_is_small() -> None:
    small = opened(thumbnail_of(jpeg(photographed())))
    assert max(small.pixels.shape[:2]) == 320
    assert max(opened(thumbnail_of(pdf(3))).pixels.shape[:2]) == 320
