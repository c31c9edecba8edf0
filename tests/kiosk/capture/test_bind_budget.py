"""A budget is met by quality: as much of it is used as can be, and every page gets what its content needs."""

import math

import cv2
import numpy as np
import pytest

from kiosk.capture.bind import Binding, bind, bound
from kiosk.capture.budget import DEFAULT_BUDGET, OVER_BUDGET, Budget
from kiosk.capture.page import Page
from tests.kiosk.capture.bound_pages import FONTS, MARK, page_of, printed, stored

SIZE = (1240, 1754)  # A5 at 300 dpi would be 1748 wide; half of A4 is enough to be weighed


@pytest.fixture(scope="module")
def pages() -> tuple[Page, ...]:
    """A full page, an empty one and a page with some lines."""
    return tuple(page_of(printed(*SIZE, lines, seed=lines)) for lines in (36, 0, 12))


def difference(page: Page, kept: bytes) -> float:
    """Peak signal to noise, dB, of what is stored against what she saw."""
    seen = cv2.imdecode(np.frombuffer(page.jpeg, np.uint8), cv2.IMREAD_COLOR)
    left = cv2.imdecode(np.frombuffer(kept, np.uint8), cv2.IMREAD_COLOR)
    assert seen is not None and left is not None
    return float(cv2.PSNR(seen, left))


def untouched(pages: tuple[Page, ...]) -> int:
    return len(bind(pages, budget=Budget(most_bytes=10**9, least_dpi=300)))


def test_what_fits_is_not_touched(pages: tuple[Page, ...]) -> None:
    exact = Budget(most_bytes=untouched(pages) + 16_384, least_dpi=300)
    assert [jpeg for jpeg, _, _ in stored(bind(pages, budget=exact))] == [page.jpeg for page in pages]


@pytest.mark.parametrize("share", [0.95, 0.8, 0.65])
def test_quality_goes_down_first_and_no_more_than_needed(pages: tuple[Page, ...], share: float) -> None:
    budget = Budget(most_bytes=round(untouched(pages) * share), least_dpi=200)
    made = bound(Binding(slot="01", pages=pages, budget=budget))
    assert made.code == ""
    assert len(made.pdf) <= budget.most_bytes
    assert len(made.pdf) >= 0.85 * budget.most_bytes
    assert [told.dpi for told in made.pages_made] == [300, 300, 300]


def test_a_page_gets_by_its_content(pages: tuple[Page, ...]) -> None:
    budget = Budget(most_bytes=round(untouched(pages) * 0.7), least_dpi=200)
    weights = [len(jpeg) for jpeg, _, _ in stored(bind(pages, budget=budget))]
    full, empty, some = weights
    assert full > 1.5 * some > 1.5 * empty
    whole = [
        difference(page, jpeg)
        for page, (jpeg, _, _) in zip(pages, stored(bind(pages, budget=budget)), strict=True)
    ]
    assert min(whole) > 31.0  # nobody's page is the one that pays for the others
    assert max(whole) - min(whole) < 16.0


def test_then_resolution_and_the_size_on_paper_stays(pages: tuple[Page, ...]) -> None:
    budget = Budget(most_bytes=round(untouched(pages) * 0.3), least_dpi=150)
    made = bound(Binding(slot="01", pages=pages, budget=budget))
    assert made.code == ""
    assert len(made.pdf) <= budget.most_bytes
    dpi = {told.dpi for told in made.pages_made}
    assert dpi <= set(range(150, 300))
    for _, size, pixels in stored(made.pdf):
        assert size == pytest.approx((SIZE[0] / 300 * 25.4, SIZE[1] / 300 * 25.4), abs=0.1)
        assert pixels.shape[1] == pytest.approx(SIZE[0] * min(dpi) / 300, abs=1)


def test_what_cannot_be_met_is_said_and_no_page_is_lost(pages: tuple[Page, ...]) -> None:
    made = bound(Binding(slot="01", pages=pages, budget=Budget(most_bytes=30_000, least_dpi=250)))
    assert made.code == OVER_BUDGET
    assert made.sheets == len(pages)
    assert {told.dpi for told in made.pages_made} == {250}


def test_coarse_pages_are_never_blown_up() -> None:
    pages = (page_of(printed(620, 877, 18), dpi=150), page_of(printed(*SIZE, 36)))
    made = bound(Binding(slot="01", pages=pages, budget=Budget(most_bytes=150_000, least_dpi=200)))
    assert made.pages_made[0].dpi == 150
    assert stored(made.pdf)[0][2].shape == (877, 620, 3)


def test_marked_pages_are_weighed_with_their_mark(pages: tuple[Page, ...]) -> None:
    free = bind(pages, watermark=MARK, fonts=FONTS)
    budget = Budget(most_bytes=round(len(free) * 0.6), least_dpi=200)
    made = bind(pages, watermark=MARK, fonts=FONTS, budget=budget)
    assert 0.8 * budget.most_bytes <= len(made) <= budget.most_bytes
    assert made == bind(pages, watermark=MARK, fonts=FONTS, budget=budget)


def test_ten_full_pages_fit_the_default_untouched() -> None:
    full = page_of(printed(2480, 3508, 52))  # lines; crowded: a page of a contract has 40
    assert 10 * len(full.jpeg) < DEFAULT_BUDGET.most_bytes
    assert math.isclose(DEFAULT_BUDGET.least_dpi / 25.4 * 10 * 0.353, 28, abs_tol=1)  # a 10-point character
