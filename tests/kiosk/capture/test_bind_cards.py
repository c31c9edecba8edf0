"""Both sides of a card on one A4, as a copier lays them out: true size, front above, back below, in the middle."""

import numpy as np
import pytest

from kiosk.capture.bind import Binding, Layout, bind, bound
from kiosk.capture.leaf import Drawn
from kiosk.capture.page import Page
from tests.kiosk.capture.bound_pages import FONTS, MARK, card, page_of, printed, stored

FRONT, BACK = 180, 215  # of blue: which side is which
PX_PER_MM = 300 / 25.4


def sides(pixels: Drawn) -> list[tuple[float, float, float, float, int]]:
    """Of each card from above: its middle and size in millimetres, and its blue."""
    held = pixels.mean(axis=2) < 242  # not by colour, which JPEG spreads over four pixels
    rows = np.flatnonzero(held.any(axis=1))
    found = []
    for band in np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1):
        columns = np.flatnonzero(held[band].any(axis=0))
        top, low, left, right = band[0], band[-1] + 1, columns[0], columns[-1] + 1
        blue = int(np.median(pixels[top:low, left:right, 0]))
        found.append(
            (
                (left + right) / 2 / PX_PER_MM,
                (top + low) / 2 / PX_PER_MM,
                (right - left) / PX_PER_MM,
                (low - top) / PX_PER_MM,
                blue,
            )
        )
    return found


@pytest.mark.parametrize("standing", [False, True])
def test_front_above_back_below_at_true_size(standing: bool) -> None:
    pdf = bind([card(FRONT, standing=standing), card(BACK, standing=standing)], layout=Layout.BOTH_SIDES)
    ((_, size, pixels),) = stored(pdf)
    assert size == pytest.approx((210.0, 297.0), abs=0.1)
    front, back = sides(pixels)
    assert front[:4] == pytest.approx((105.0, 297 / 4, 85.6, 54.0), abs=0.2)
    assert back[:4] == pytest.approx((105.0, 297 * 3 / 4, 85.6, 54.0), abs=0.2)
    assert (front[4], back[4]) == pytest.approx((FRONT, BACK), abs=3)


def test_what_is_told_of_two_sides_on_one_sheet() -> None:
    pages = (card(FRONT), card(BACK))
    made = bound(Binding(slot="00", pages=pages, layout=Layout.BOTH_SIDES))
    assert made.sheets == 1
    assert [told.number for told in made.pages_made] == [1, 1]
    assert [told.shown_sha256 for told in made.pages_made] == [page.sha256 for page in pages]
    assert {told.size_tenth_mm for told in made.pages_made} == {(856, 540)}
    assert len({told.sha256 for told in made.pages_made}) == 1


def test_an_odd_side_and_a_sheet_among_cards_have_a_page_of_their_own() -> None:
    sheet = page_of(printed(400, 560, 3))
    pages: list[Page] = [card(FRONT), card(BACK), card(FRONT), sheet, card(BACK)]
    made = bound(Binding(slot="00", pages=tuple(pages), layout=Layout.BOTH_SIDES))
    assert made.sheets == 4
    assert [told.number for told in made.pages_made] == [1, 1, 2, 3, 4]
    assert [len(sides(pixels)) for jpeg, _, pixels in stored(made.pdf) if jpeg != sheet.jpeg] == [2, 1, 1]


def test_without_the_layout_a_card_is_a_small_page() -> None:
    ((jpeg, size, _),) = stored(bind([card(FRONT)]))
    assert size == pytest.approx((85.6, 54.0), abs=0.1)
    assert jpeg == card(FRONT).jpeg


def test_the_mark_crosses_both_sides_and_not_their_print() -> None:
    pair = [card(FRONT), card(BACK)]
    plain = stored(bind(pair, layout=Layout.BOTH_SIDES))[0][2]
    marked = stored(bind(pair, layout=Layout.BOTH_SIDES, watermark=MARK, fonts=FONTS))[0][2]
    darker = plain.astype(int)[..., 1] - marked[..., 1]
    for middle in (297 / 4, 297 * 3 / 4):
        top, left = round((middle - 27) * PX_PER_MM), round((105 - 42.8) * PX_PER_MM)
        side = darker[top : top + 638, left : left + 1011]
        assert (side > 15).mean() > 0.015
        assert np.abs(side[62:88, 65:945]).max() <= 6  # its bar of ink; what is left is JPEG
